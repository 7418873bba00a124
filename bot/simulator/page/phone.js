// One phone is one person's talk with the bot; its messages are keyed by id, so a repeated event changes nothing.

import { api } from "./api.js";
import { Composer, isPicture } from "./composer.js";
import { el, icon } from "./dom.js";
import { countText, initials, roleText } from "./format.js";
import { reconcile, rowsOf, spoken } from "./thread.js";

const NEAR_END = 90; // pixels: nearer than this the talk follows new messages
const TYPING_SECONDS = 6;
const ANSWER_SECONDS = 12;
const TOAST_SECONDS = 5;

export class Phone {
  #messages = new Map();
  #pending = [];
  #drawn = new Map();
  #following = true;
  #keys = 0;
  #typingTimer = 0;
  #toastTimer = 0;
  #dateTimer = 0;
  #waitingKeys = new Set();
  #loaded = false;

  /** `host` gives samples(), say(text), viewer, changed(phone), activate(phone), isActive(phone), readUpTo(phone), hide(phone). */
  constructor(info, host) {
    this.info = info;
    this.host = host;
    this.unread = 0;
    this.composer = new Composer(this);
    this.actions = {
      message: (id) => this.#messages.get(Number(id)),
      tap: (message, button, key) => this.#tap(message, button, key),
      open: (message) => this.#view(message),
      say: (text) => this.sendText(text),
      more: (message, place) => this.#messageMenu(message, place),
      retry: (item) => this.#retry(item),
      discard: (item) => this.#drop(item),
      plain: this.isZalo, // text is only text: no commands to press
    };
    this.#build();
    this.update(info);
  }

  get id() {
    return String(this.info.chat_id);
  }

  get isZalo() {
    return this.info.network === "zalo";
  }

  get messages() {
    return [...this.#messages.values()].sort((one, other) => one.message_id - other.message_id);
  }

  get latest() {
    return this.messages.at(-1)?.message_id ?? 0;
  }

  #build() {
    this.avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    this.nameLine = el("h2", { id: `name-${this.id}` });
    this.roleLine = el("p", { class: "role" });
    this.titleLine = el("p", { class: "title" });
    this.badge = el("span", { class: "badge", hidden: true });
    this.list = el("div", { class: "rows" });
    this.typing = el("div", { class: "typing", hidden: true }, el("span", { class: "visually-hidden" }, "Hệ thống đang nhập"), el("i"), el("i"), el("i"));
    this.empty = el("div", { class: "empty" }, el("img", { src: "/page/icon.svg", alt: "", width: 64, height: 64 }), el("b", {}, "Kỷ Cương"),
      el("p", {}, this.isZalo ? "Chưa có tin nhắn. Gõ mã mời, hoặc gõ trợ giúp." : "Chưa có tin nhắn. Bấm Bắt đầu, hoặc gõ /start kèm mã mời."),
      this.isZalo ? "" : el("button", { type: "button", class: "begin", onclick: () => this.sendText("/start") }, "Bắt đầu"));
    this.thread = el("div", {
      class: "thread", role: "log", "aria-live": "off", tabindex: "0", "aria-label": `Cuộc trò chuyện của ${this.info.name}`, onscroll: () => this.#scrolled(),
    }, this.list, this.typing);
    this.toEnd = el("button", { type: "button", class: "to-end", hidden: true, "aria-label": "Xuống tin mới nhất", onclick: () => this.scrollToEnd(true) },
      icon("chevron"), el("span", { class: "badge", hidden: true }));
    this.toastBox = el("div", { class: "toast", role: "status", hidden: true });
    this.menu = el("div", { class: "menu", role: "menu", hidden: true });
    this.menuButton = el("button", { type: "button", class: "round", "aria-label": "Tùy chọn của điện thoại", "aria-haspopup": "menu", onclick: () => this.#phoneMenu() }, icon("more"));
    this.unblock = el("button", { type: "button", class: "unblock", hidden: true, onclick: () => this.#block(false) }, "Bỏ chặn Hệ thống");
    this.dropHint = el("div", { class: "drop-hint", "aria-hidden": "true" }, icon("image"), "Thả ảnh để gửi");
    this.element = el("section", {
      class: "phone", "data-network": this.info.network ?? "telegram", id: `phone-${this.id}`, "data-phone": this.info.user_id, "data-chat": this.info.chat_id, "aria-labelledby": `name-${this.id}`,
    },
    el("header", { class: "phone-head" }, this.avatar, el("div", { class: "who" }, this.nameLine, this.roleLine, this.titleLine), this.badge, this.menuButton),
    el("div", { class: "screen" }, this.thread, this.empty, this.toEnd, this.toastBox, this.dropHint),
    this.unblock, this.composer.element, this.menu);
    this.#listen();
  }

  #listen() {
    for (const event of ["pointerdown", "focusin", "wheel"]) {
      this.element.addEventListener(event, () => this.host.activate(this), { passive: true });
    }
    document.addEventListener("pointerdown", (event) => {
      if (!this.menu.hidden && !event.composedPath().includes(this.menu)) this.#closeMenu(false);
    });
    this.menu.addEventListener("keydown", (event) => {
      const entries = [...this.menu.querySelectorAll("button")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") this.#closeMenu(true);
      else if (step) entries.at((entries.indexOf(document.activeElement) + step) % entries.length)?.focus();
    });
    this.list.addEventListener("contextmenu", (event) => {
      const holder = event.target.closest("[data-message]");
      const message = holder && this.#messages.get(Number(holder.dataset.message));
      if (!message?.text || window.getSelection()?.toString()) return;
      event.preventDefault();
      this.#messageMenu(message, event.target.closest(".bubble") ?? holder);
    });
    new ResizeObserver(() => this.#following && this.scrollToEnd()).observe(this.list);
    new ResizeObserver(() => this.#following && this.scrollToEnd()).observe(this.thread);
    this.#listenForDrops();
    // The date floats only while a person scrolls: at rest it would cover the text.
    for (const event of ["wheel", "touchmove", "keydown"]) this.thread.addEventListener(event, () => this.#floatDate(), { passive: true });
  }

  #floatDate() {
    this.thread.classList.add("scrolling");
    clearTimeout(this.#dateTimer);
    this.#dateTimer = setTimeout(() => this.thread.classList.remove("scrolling"), 1400);
  }

  #listenForDrops() {
    let depth = 0;
    const files = (event) => event.dataTransfer?.types.includes("Files") && !this.info.blocked;
    this.element.addEventListener("dragenter", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      depth += 1;
      this.element.classList.add("dropping");
    });
    this.element.addEventListener("dragover", (event) => files(event) && event.preventDefault());
    this.element.addEventListener("dragleave", () => {
      depth = Math.max(0, depth - 1);
      if (!depth) this.element.classList.remove("dropping");
    });
    this.element.addEventListener("drop", (event) => {
      depth = 0;
      this.element.classList.remove("dropping");
      if (!files(event)) return;
      event.preventDefault();
      this.composer.attach([...event.dataTransfer.files]);
    });
  }

  /** Takes over the server's record of this person. */
  update(info) {
    this.info = info;
    this.avatar.textContent = initials(info.name);
    this.element.dataset.tone = toneOf(info);
    this.nameLine.textContent = info.name;
    this.roleLine.textContent = [roleText(info.role), this.isZalo ? "Zalo" : ""].filter(Boolean).join(" · ");
    this.titleLine.textContent = info.title ?? "";
    this.titleLine.title = info.title ?? "";
    this.roleLine.hidden = !this.roleLine.textContent || this.roleLine.textContent === info.name;
    this.titleLine.hidden = !info.title || info.title === this.roleLine.textContent;
    this.element.classList.toggle("blocked", Boolean(info.blocked));
    this.unblock.hidden = !info.blocked;
    this.composer.element.hidden = Boolean(info.blocked);
  }

  // --- messages ----------------------------------------------------------------------------------------------------

  /** The whole history, as the server has it now. */
  replaceAll(messages, readUpTo) {
    const known = this.#messages;
    this.#messages = new Map(messages.map((message) => [Number(message.message_id), message]));
    if (this.#loaded) this.unread += messages.filter((message) => message.from === "bot" && !known.has(Number(message.message_id))).length;
    else this.unread = messages.filter((message) => message.from === "bot" && message.message_id > readUpTo).length;
    const first = !this.#loaded;
    this.#loaded = true;
    this.#draw();
    if (first) this.scrollToEnd();
    this.host.changed(this);
  }

  /** A new or changed message; true when it was not known. */
  upsert(message) {
    const id = Number(message.message_id);
    const isNew = !this.#messages.has(id);
    this.#messages.set(id, message);
    if (isNew && message.from === "person") this.#settle(message);
    if (message.from === "bot") this.#endTyping();
    if (!isNew) this.#endWaiting();
    this.#draw();
    if (isNew && message.from === "bot") this.#arrived(message);
    this.host.changed(this);
    return isNew;
  }

  remove(id) {
    this.#messages.delete(Number(id));
    this.#draw();
    this.host.changed(this);
  }

  #arrived(message) {
    this.host.announce(spoken(this.info.name, message));
    if (!this.#following || !this.host.isActive(this)) this.unread += 1;
    if (!this.#following) this.#showToEnd();
  }

  markRead() {
    if (!this.#following || !this.unread) return;
    this.unread = 0;
    this.host.changed(this);
  }

  #draw() {
    const rows = rowsOf(this.messages, this.#pending, this.actions);
    const fresh = reconcile(this.list, rows, this.#drawn);
    if (fresh.length <= 3) for (const element of fresh) element.firstElementChild?.classList.add("arrive");
    this.empty.hidden = rows.length > 0 || !this.#loaded;
    if (this.#following) this.scrollToEnd();
  }

  drawBadge() {
    this.badge.hidden = this.unread === 0;
    this.badge.textContent = String(this.unread);
    this.badge.setAttribute("aria-label", `${countText(this.unread)} tin chưa xem`);
    const mark = this.toEnd.querySelector(".badge");
    mark.hidden = this.unread === 0;
    mark.textContent = String(this.unread);
  }

  showTyping() {
    this.typing.hidden = false;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#endTyping(), TYPING_SECONDS * 1000);
    if (this.#following) this.scrollToEnd();
  }

  #endTyping() {
    clearTimeout(this.#typingTimer);
    this.typing.hidden = true;
  }

  // --- scrolling ---------------------------------------------------------------------------------------------------

  scrollToEnd(smooth = false) {
    this.#following = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.thread.scrollTo({ top: this.thread.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
    this.toEnd.hidden = true;
  }

  #scrolled() {
    if (!this.thread.clientHeight) return; // hidden phones report nothing useful
    const away = this.thread.scrollHeight - this.thread.scrollTop - this.thread.clientHeight;
    this.#following = away < NEAR_END;
    if (this.#following) {
      this.toEnd.hidden = true;
      if (this.host.isActive(this)) this.markRead();
    } else {
      this.#showToEnd();
    }
  }

  #showToEnd() {
    this.toEnd.hidden = false;
  }

  // --- what the person does ----------------------------------------------------------------------------------------

  lastOwnText() {
    return this.messages.findLast((message) => message.from === "person" && message.text && !message.photo && !message.document && !message.voice);
  }

  sendText(text) {
    this.#post({ text, run: () => api.text(this.id, text) });
  }

  sendLocation(place) {
    this.#post({ note: "Vị trí", icon: "pin", run: () => api.location(this.id, place) });
  }

  sendVoice(caption = "") {
    this.#post({ note: "Tin thoại", icon: "mic", text: caption, run: () => api.voice(this.id, caption) });
  }

  sendPhotos(items, caption, asFile) {
    const what = !items.every(isPicture) ? "tệp" : asFile ? "ảnh (dạng tệp)" : "ảnh";
    const note = `${countText(items.length)} ${what}`;
    this.#post({ note, icon: asFile ? "file" : "image", text: caption, photos: items.length, run: () => this.#upload(items, caption, asFile) });
  }

  async #upload(items, caption, asFile) {
    if (items.every((item) => item.sample)) return api.samplePhotos(this.id, items.map((item) => item.sample), caption, asFile);
    const files = await Promise.all(items.map((item) => item.file ?? sampleFile(item)));
    return api.photos(this.id, files, caption, asFile);
  }

  async editOwn(message, text) {
    try {
      this.#accept(await api.edit(this.id, message.message_id, text));
    } catch (failure) {
      this.toast(`Chưa sửa được: ${failure.message}`);
    }
  }

  #post(item) {
    this.#keys += 1;
    item.key = this.#keys;
    this.#pending.push(item);
    this.#draw();
    this.scrollToEnd();
    this.#run(item);
  }

  async #run(item) {
    try {
      const answer = await item.run();
      this.#pending = this.#pending.filter((other) => other !== item);
      if (!this.#accept(answer)) await this.#readAgain();
      this.#draw();
    } catch (failure) {
      if (!this.#pending.includes(item)) return; // it arrived all the same: its own event said so
      item.failed = failure.status ? failure.message : "Mất kết nối.";
      this.#draw();
    }
  }

  // Servers may answer a message, a list of them, or an object around them; anything else is read from the history.
  #accept(answer) {
    const found = [answer?.message, answer?.messages, answer].flat().filter((message) => message?.message_id && message.from);
    for (const message of found) this.upsert(message);
    return found.length > 0;
  }

  async #readAgain() {
    for (const message of await api.messages(this.id)) {
      if (!this.#messages.has(Number(message.message_id))) this.upsert(message);
    }
  }

  #retry(item) {
    delete item.failed;
    this.#draw();
    this.#run(item);
  }

  #drop(item) {
    this.#pending = this.#pending.filter((other) => other !== item);
    this.#draw();
  }

  // The event of a sent message may come before the answer to its request: the bubble that waits gives way at once.
  #settle(message) {
    const text = message.text ?? "";
    const at = this.#pending.findIndex((item) => {
      if (item.photos) return Boolean(message.photo || message.document);
      if (item.icon === "pin") return Boolean(message.location);
      if (item.icon === "mic") return Boolean(message.voice);
      return item.text === text;
    });
    if (at < 0) return;
    const item = this.#pending[at];
    if (item.photos > 1) item.photos -= 1;
    this.#pending.splice(at, item.photos > 1 && message.album ? 0 : 1);
  }

  async #tap(message, button, key) {
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    this.#waitingKeys.add(key);
    setTimeout(() => this.#endKey(key), ANSWER_SECONDS * 1000);
    try {
      await api.tap(this.id, message.message_id, button.data);
    } catch (failure) {
      this.#endKey(key);
      this.toast(`Chưa gửi được lựa chọn: ${failure.message}`);
    }
  }

  #endKey(key) {
    key.removeAttribute("aria-busy");
    this.#waitingKeys.delete(key);
  }

  #endWaiting() {
    for (const key of this.#waitingKeys) this.#endKey(key);
  }

  /** The bot answered a tap; `text` may be empty. */
  answered(text) {
    this.#endWaiting();
    if (text) this.toast(text);
  }

  toast(text) {
    this.toastBox.textContent = text;
    this.toastBox.hidden = false;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => { this.toastBox.hidden = true; }, TOAST_SECONDS * 1000);
  }

  #view(message) {
    this.host.viewer.open(this.messages.filter((other) => other.photo), message);
  }

  async #block(blocked) {
    try {
      await api.block(this.id, blocked);
      this.update({ ...this.info, blocked });
      if (!blocked) this.composer.focus();
    } catch (failure) {
      this.toast(`Chưa thực hiện được: ${failure.message}`);
    }
  }

  // --- menus -------------------------------------------------------------------------------------------------------

  /** What the bot offers this person: [{command, description}]; it changes with the person's role. */
  async commands() {
    return this.info.commands ?? api.commands(this.id);
  }

  #phoneMenu() {
    this.#openMenu(this.menuButton, [
      this.info.blocked ? ["Bỏ chặn Hệ thống", () => this.#block(false)] : ["Chặn Hệ thống", () => this.#block(true)],
      ["Ẩn điện thoại này", () => this.host.hide(this)],
      ["Xuống tin mới nhất", () => this.scrollToEnd(true)],
    ], `Mã người dùng: ${this.info.user_id}`);
  }

  #messageMenu(message, place) {
    const entries = [["Sao chép", () => this.#copy(message.text)]];
    if (message.from === "person" && !this.isZalo) entries.unshift(["Sửa", () => this.composer.edit(message)]);
    this.#openMenu(place, entries);
  }

  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast("Đã sao chép");
    } catch {
      this.toast("Trình duyệt không cho sao chép; đề nghị bôi đen đoạn cần chép");
    }
  }

  #openMenu(place, entries, footnote = "") {
    this.menuReturn = place;
    this.menu.replaceChildren(
      ...entries.map(([label, act]) => el("button", { type: "button", role: "menuitem", onclick: () => { this.#closeMenu(true); act(); } }, label)),
      footnote ? el("p", { class: "note" }, footnote) : "");
    this.menu.hidden = false;
    const frame = this.element.getBoundingClientRect();
    const target = place.getBoundingClientRect();
    const top = Math.min(target.bottom - frame.top + 4, frame.height - this.menu.offsetHeight - 70);
    const left = Math.min(Math.max(target.right - frame.left - this.menu.offsetWidth, 8), frame.width - this.menu.offsetWidth - 8);
    this.menu.style.setProperty("top", `${Math.max(top, 8)}px`);
    this.menu.style.setProperty("left", `${left}px`);
    this.menu.querySelector("button").focus({ preventScroll: true });
  }

  #closeMenu(giveFocusBack) {
    if (this.menu.hidden) return;
    this.menu.hidden = true;
    if (giveFocusBack && this.menuReturn?.isConnected) this.menuReturn.focus?.({ preventScroll: true });
  }
}

async function sampleFile(item) {
  const blob = await (await fetch(item.url)).blob();
  return new File([blob], item.name, { type: blob.type || "image/jpeg" });
}

function toneOf(info) {
  const role = String(info.role ?? "").toLowerCase();
  if (/inspector|thành viên|kiểm tra/.test(role)) return "green";
  if (/team|trưởng đoàn/.test(role)) return "violet";
  if (/admin|quản trị/.test(role)) return "blue";
  if (/stranger|người lạ/.test(role) || !role) return "grey";
  if (/head|thủ trưởng|chủ tịch|leader/.test(role)) return "amber";
  return "teal";
}
