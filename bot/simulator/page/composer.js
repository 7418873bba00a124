// What a person writes or attaches is one message: the field holds the text, and with attachments it is their caption.

import { api } from "./api.js";
import { el, icon } from "./dom.js";

const MOST_PHOTOS = 10; // an album of the network
// A page of an invented decision, to try with: the least that is a PDF.
const SAMPLE_PAPER = ["%PDF-1.4", "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj", "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj", "trailer<</Root 1 0 R>>", "startxref", "0", "%%EOF", ""].join("\n");
const PLACES = [
  { name: "UBND xã Tân Đoàn", latitude: 21.7903, longitude: 106.6362 },
  { name: "UBND xã Điềm He", latitude: 21.8467, longitude: 106.6131 },
  { name: "Sở Nội vụ", latitude: 21.8524, longitude: 106.7615 },
  { name: "Ngoài địa bàn", latitude: 21.0278, longitude: 105.8342 },
];

export class Composer {
  #phone;
  #attached = []; // {file, name} or {sample, name, url}; a picture or any other file
  #asFile = false;
  #editing = null;
  #commands = null; // as last read: shown at once, then read again
  #opened = null; // the panel that is open: "attach", "samples", "place", "commands"

  constructor(phone) {
    this.#phone = phone;
    const name = phone.info.name;
    this.field = el("textarea", {
      rows: 1, "data-testid": "composer", "aria-label": `Tin nhắn của ${name}`, placeholder: "Tin nhắn", autocomplete: "off", spellcheck: "false",
      oninput: () => this.#written(), onkeydown: (event) => this.#key(event), onpaste: (event) => this.#pasted(event),
    });
    this.file = el("input", {
      type: "file", multiple: true, accept: "image/*", class: "visually-hidden", tabindex: "-1", "aria-label": "Chọn ảnh", "data-testid": "file-input",
      onchange: () => { this.attach([...this.file.files]); this.file.value = ""; },
    });
    this.anyFile = el("input", {
      type: "file", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-label": "Chọn tệp", "data-testid": "any-file-input",
      onchange: () => { this.#asFile = true; this.attach([...this.anyFile.files]); this.anyFile.value = ""; },
    });
    this.clip = el("button", { type: "button", class: "round", "aria-label": "Đính kèm", "aria-expanded": "false", onclick: () => this.#toggle("attach") }, icon("clip"));
    this.slash = el("button", { type: "button", class: "round", "aria-label": "Danh sách lệnh", "aria-expanded": "false", onclick: () => this.#toggle("commands") }, icon("slash"));
    this.button = el("button", { type: "submit", class: "round send", "aria-label": "Gửi", "data-testid": "send" }, icon("send"));
    this.panel = el("div", { class: "panel", hidden: true });
    this.tray = el("div", { class: "tray", hidden: true });
    this.note = el("div", { class: "editing", hidden: true });
    this.form = el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      this.clip, this.field, phone.isZalo ? "" : this.slash, this.button, this.file, this.anyFile);
    this.element = el("div", { class: "composer-area" }, this.panel, this.note, this.tray, this.form);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#escape()) event.stopPropagation();
    });
    document.addEventListener("pointerdown", (event) => {
      if (this.#opened && !event.composedPath().includes(this.element)) this.#close();
    });
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** Adds files; what is not a picture can only travel as a file. */
  attach(files) {
    this.#close();
    if (files.some((file) => !file.type.startsWith("image/"))) this.#asFile = true;
    this.#add(files.map((file) => ({ file, name: file.name || (file.type.startsWith("image/") ? "anh.png" : "tep") })));
    this.focus();
  }

  /** Puts a sent message of this person back into the field. */
  edit(message) {
    this.#editing = message;
    this.field.value = message.text;
    this.note.hidden = false;
    this.note.replaceChildren(icon("pencil"),
      el("div", {}, el("b", {}, "Sửa tin nhắn"), el("span", {}, message.text)),
      el("button", { type: "button", class: "round", "aria-label": "Thôi sửa", onclick: () => this.#stopEditing() }, icon("close")));
    this.#fit();
    this.focus();
  }

  #written() {
    this.#fit();
    if (/^\/\w*$/.test(this.field.value) && !this.#phone.isZalo) this.#open("commands");
    else if (this.#opened === "commands") this.#close();
  }

  #fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 168)}px`;
    this.element.classList.toggle("ready", this.field.value.trim() !== "" || this.#attached.length > 0);
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // a Vietnamese keyboard is still composing
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "ArrowUp" && this.field.value === "" && !this.#attached.length && !this.#phone.isZalo) {
      const last = this.#phone.lastOwnText();
      if (last) {
        event.preventDefault();
        this.edit(last);
      }
    } else if (event.key === "ArrowDown" && this.#opened) {
      event.preventDefault();
      this.panel.querySelector("button, input")?.focus();
    }
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  }

  #send() {
    const text = this.field.value.trim();
    const attached = this.#attached;
    if (!text && !attached.length) return this.focus();
    const editing = this.#editing;
    const asFile = this.#asFile;
    this.#clear();
    if (editing) {
      if (text !== editing.text) this.#phone.editOwn(editing, text);
    } else if (attached.length) {
      this.#phone.sendPhotos(attached, text, asFile);
    } else {
      this.#phone.sendText(text);
    }
    this.focus();
  }

  #clear() {
    this.#attached = [];
    this.#asFile = false;
    this.#editing = null;
    this.note.hidden = true;
    this.field.value = "";
    this.#close();
    this.#drawTray();
  }

  #stopEditing() {
    this.#clear();
    this.focus();
  }

  #escape() {
    if (this.#opened) {
      this.#close();
      this.focus();
    } else if (this.#editing || this.#attached.length) {
      this.#stopEditing();
    } else {
      return false;
    }
    return true;
  }

  // --- attachments -------------------------------------------------------------------------------------------------

  #add(items) {
    const room = MOST_PHOTOS - this.#attached.length;
    if (items.length > room) this.#phone.toast(`Mỗi lần gửi nhiều nhất ${MOST_PHOTOS} ảnh, tệp`);
    this.#attached.push(...items.slice(0, Math.max(room, 0)));
    this.#drawTray();
  }

  #drawTray() {
    const count = this.#attached.length;
    this.tray.hidden = count === 0;
    this.field.placeholder = count ? "Chú thích" : "Tin nhắn";
    this.#fit();
    if (!count) return this.tray.replaceChildren();
    const toggle = el("input", { type: "checkbox", onchange: () => { this.#asFile = toggle.checked; } });
    toggle.checked = this.#asFile;
    this.tray.replaceChildren(
      el("div", { class: "tray-head" },
        el("b", {}, this.#counted()),
        this.#phone.isZalo ? "" : el("label", { class: "switch" }, toggle, el("span", {}, "Gửi dạng tệp")),
        el("button", { type: "button", class: "round", "aria-label": "Bỏ tất cả", onclick: () => this.#stopEditing() }, icon("close"))),
      el("ul", { class: "thumbs" }, ...this.#attached.map((item, at) => this.#thumb(item, at))));
  }

  #counted() {
    const count = this.#attached.length;
    if (!this.#attached.every(isPicture)) return `${String(count).padStart(2, "0")} tệp`;
    return count === 1 ? "01 ảnh" : `${this.#phone.isZalo ? "" : "Album "}${String(count).padStart(2, "0")} ảnh`;
  }

  #thumb(item, at) {
    const picture = item.url ? el("img", { src: item.url, alt: "" }) : el("canvas", { width: 144, height: 144 });
    if (item.file) drawThumb(picture, item.file);
    return el("li", {}, picture, el("span", { class: "order", "aria-hidden": "true" }, String(at + 1)),
      el("button", { type: "button", "aria-label": `Bỏ ${item.name}, thứ ${at + 1}`, onclick: () => {
        this.#attached = this.#attached.filter((other) => other !== item);
        this.#drawTray();
        if (this.#opened === "samples") this.#open("samples");
        this.focus();
      } }, icon("close")));
  }

  // --- panels ------------------------------------------------------------------------------------------------------

  #toggle(name) {
    if (this.#opened === name) return this.#close();
    this.#open(name);
    if (name !== "attach") return undefined;
    return this.panel.querySelector("button")?.focus({ preventScroll: true });
  }

  #close() {
    this.#opened = null;
    this.panel.hidden = true;
    this.#marks();
  }

  #open(name) {
    this.#opened = name;
    const draw = { attach: () => this.#attachMenu(), samples: () => this.#samplePanel(), place: () => this.#placePanel(), commands: () => this.#commandPanel() };
    this.panel.className = `panel ${name}`;
    this.panel.replaceChildren(...draw[name]());
    this.panel.hidden = false;
    this.#marks();
  }

  #marks() {
    this.clip.setAttribute("aria-expanded", String(["attach", "samples", "place"].includes(this.#opened)));
    this.slash.setAttribute("aria-expanded", String(this.#opened === "commands"));
  }

  #attachMenu() {
    const entry = (name, label, note, act) =>
      el("button", { type: "button", class: "entry", onclick: act }, el("span", { class: `dot ${name}` }, icon(name)), el("span", {}, el("b", {}, label), el("small", {}, note)));
    const toggle = el("input", { type: "checkbox", onchange: () => { this.#asFile = toggle.checked; this.#drawTray(); } });
    toggle.checked = this.#asFile;
    const zalo = this.#phone.isZalo;
    const shared = [
      entry("image", "Chọn ảnh", zalo ? "Từ máy này; mỗi ảnh là một tin" : "Từ máy này; nhiều ảnh thành album", () => { this.#close(); this.file.click(); }),
      entry("samples", "Ảnh mẫu", "Ảnh có sẵn để thử", () => { this.#open("samples"); }),
    ];
    const voice = entry("mic", "Tin thoại", "Một tin thoại mẫu; chữ đang gõ thành chú thích", () => {
      const caption = this.field.value.trim();
      this.#clear();
      this.#phone.sendVoice(caption);
    });
    if (zalo) return [...shared, voice]; // neither place nor file reaches a bot there
    return [
      ...shared,
      entry("file", "Chọn tệp", "Sổ tính, PDF, Word, ghi âm, video; gửi nguyên bản", () => { this.#close(); this.anyFile.click(); }),
      entry("file", "Văn bản mẫu", "Một tệp PDF có sẵn để thử", () => this.attach([new File([SAMPLE_PAPER], "quyet-dinh-mau.pdf", { type: "application/pdf" })])),
      entry("pin", "Vị trí", "Vị trí mẫu hoặc tọa độ", () => { this.#open("place"); }),
      voice,
      el("label", { class: "entry switch" }, el("span", { class: "dot file" }, icon("file")), el("span", {}, el("b", {}, "Gửi dạng tệp"), el("small", {}, "Giữ nguyên ảnh gốc")), toggle),
    ];
  }

  #heading(text) {
    return el("div", { class: "panel-head" }, el("b", {}, text),
      el("button", { type: "button", class: "round", "aria-label": "Đóng", onclick: () => { this.#close(); this.focus(); } }, icon("close")));
  }

  #samplePanel() {
    const grid = el("div", { class: "sample-grid" }, el("p", { class: "note" }, "Đang tải ảnh mẫu…"));
    this.#phone.host.samples().then((samples) => {
      if (!samples.length) return grid.replaceChildren(el("p", { class: "note" }, "Chưa có ảnh mẫu."));
      return grid.replaceChildren(...samples.map((sample) => this.#sample(sample)));
    }, (failure) => grid.replaceChildren(el("p", { class: "note" }, `Chưa tải được ảnh mẫu: ${failure.message}`)));
    return [this.#heading("Ảnh mẫu: chọn theo thứ tự gửi, gõ chú thích, bấm gửi"), grid];
  }

  #sample(sample) {
    const at = this.#attached.findIndex((item) => item.sample === sample.name);
    const label = sample.name.replace(/\.[a-z]+$/i, "");
    return el("button", {
      type: "button", class: "sample", "aria-pressed": String(at >= 0), title: sample.name, "data-sample": sample.name,
      onclick: (event) => {
        if (at >= 0) {
          this.#attached.splice(at, 1);
          this.#drawTray();
        } else {
          this.#add([{ sample: sample.name, name: sample.name, url: sample.url }]);
        }
        const scroll = event.currentTarget.parentElement.scrollTop;
        this.#phone.host.samples().then((samples) => {
          const grid = this.panel.querySelector(".sample-grid");
          grid?.replaceChildren(...samples.map((other) => this.#sample(other)));
          if (grid) grid.scrollTop = scroll;
          grid?.querySelector(`[data-sample="${CSS.escape(sample.name)}"]`)?.focus({ preventScroll: true });
        });
      },
    }, el("img", { src: sample.url, alt: "", loading: "lazy" }), el("span", { class: "sample-name" }, label),
    at >= 0 ? el("span", { class: "order" }, String(at + 1)) : null);
  }

  #placePanel() {
    const number = (label, value) => el("input", { type: "text", inputmode: "decimal", "aria-label": label, placeholder: label, value, required: true });
    const latitude = number("Vĩ độ", "");
    const longitude = number("Kinh độ", "");
    const send = (place) => {
      this.#close();
      this.#phone.sendLocation({ latitude: place.latitude, longitude: place.longitude });
      this.focus();
    };
    const read = (field) => Number(field.value.trim().replace(",", "."));
    const own = el("form", { class: "own-place", onsubmit: (event) => {
      event.preventDefault();
      const place = { latitude: read(latitude), longitude: read(longitude) };
      if (Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180) send(place);
      else this.#phone.toast("Tọa độ chưa đúng dạng. Ví dụ: 21,8467 và 106,6131");
    } }, latitude, longitude, el("button", { type: "submit" }, "Gửi tọa độ"));
    return [this.#heading("Gửi vị trí"),
      ...PLACES.map((place) => el("button", { type: "button", class: "entry", onclick: () => send(place) },
        el("span", { class: "dot pin" }, icon("pin")),
        el("span", {}, el("b", {}, place.name), el("small", {}, `${place.latitude}; ${place.longitude} (mẫu)`.replaceAll(".", ","))))),
      own];
  }

  #commandPanel() {
    const list = el("div", { class: "command-list" });
    const say = (text) => list.replaceChildren(el("p", { class: "note" }, text));
    const show = (commands) => {
      this.#commands = commands;
      const typed = this.field.value.startsWith("/") ? this.field.value.slice(1).toLowerCase() : "";
      const named = commands.map((item) => ({ ...item, command: item.command.replace(/^\//, "") }));
      const fitting = named.filter((item) => item.command.startsWith(typed));
      if (!named.length) say("Hệ thống chưa cấp lệnh nào cho điện thoại này. Vẫn có thể gõ, ví dụ: /start");
      else if (!fitting.length) say("Không có lệnh nào bắt đầu như vậy; vẫn gửi được.");
      else list.replaceChildren(...fitting.map((item) => this.#command(item)));
    };
    if (this.#commands) show(this.#commands);
    else say("Đang tải danh sách lệnh…");
    this.#phone.commands().then(show, (failure) => say(`Chưa tải được danh sách lệnh: ${failure.message}`));
    return [list];
  }

  #command({ command, description }) {
    return el("button", { type: "button", class: "entry command-entry", onkeydown: arrows, onclick: () => {
      this.#clear();
      this.#phone.sendText(`/${command}`);
      this.focus();
    } }, el("b", {}, `/${command}`), el("small", {}, description));
  }
}

export function isPicture(item) {
  return !item.file || item.file.type.startsWith("image/");
}

function arrows(event) {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (!step) return;
  event.preventDefault();
  event.currentTarget[step]?.focus();
}

// Drawn on a canvas, because a policy that allows only this server's pictures would refuse blob addresses.
async function drawThumb(canvas, file) {
  const brush = canvas.getContext("2d");
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    brush.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
    picture.close();
  } catch {
    brush.fillStyle = "#dfe6ec";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.fillStyle = "#33475b";
    brush.font = "600 26px system-ui, sans-serif";
    brush.textAlign = "center";
    brush.fillText((file.name.split(".").at(-1) ?? "tệp").slice(0, 5).toUpperCase(), canvas.width / 2, canvas.height / 2 + 9);
  }
}
