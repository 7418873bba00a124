// Photos of one talk are looked through in their order, and the focus returns to where it was.

import { dayText, instant, timeText } from "./format.js";

const find = (id) => document.getElementById(id);

export class Viewer {
  #dialog = find("viewer");
  #photos = [];
  #at = 0;
  #return = null;

  constructor() {
    find("viewer-close").addEventListener("click", () => this.#dialog.close());
    find("viewer-back").addEventListener("click", () => this.#show(this.#at - 1));
    find("viewer-next").addEventListener("click", () => this.#show(this.#at + 1));
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    this.#dialog.addEventListener("close", () => this.#return?.isConnected && this.#return.focus({ preventScroll: true }));
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") this.#show(this.#at - 1);
      if (event.key === "ArrowRight") this.#show(this.#at + 1);
    });
  }

  /** `photos` are messages with a photo, oldest first. */
  open(photos, message) {
    this.#photos = photos;
    this.#return = document.activeElement;
    this.#dialog.showModal();
    this.#show(photos.findIndex((photo) => photo.message_id === message.message_id));
  }

  #show(at) {
    const message = this.#photos[at];
    if (!message) return;
    this.#at = at;
    const date = instant(message.date);
    find("viewer-image").src = message.photo.url;
    find("viewer-image").alt = message.text || "Ảnh trong cuộc trò chuyện";
    find("viewer-caption").textContent = message.text ?? "";
    find("viewer-place").textContent = [`Ảnh ${at + 1}/${this.#photos.length}`, date && `${timeText(date)} ${dayText(date)}`].filter(Boolean).join(" · ");
    find("viewer-download").href = message.photo.url;
    find("viewer-back").disabled = at === 0;
    find("viewer-next").disabled = at === this.#photos.length - 1;
  }
}
