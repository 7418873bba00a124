// A talk is drawn from its messages alone: rows have keys, unchanged rows are left in place, so nothing doubles or jumps.

import { el, icon } from "./dom.js";
import { dayText, instant, shortName, sizeText, timeText } from "./format.js";

const CLOSE_MINUTES = 5; // messages of one side within this time stand together
const COMMAND = /(^|[\s(;,"“])(\/[a-z][a-z0-9_]*)(?![\w/])/g;
const STYLES = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "code", blockquote: "q", expandable_blockquote: "q" };

/** Rows from top to bottom: {key, content (changes when it must be redrawn), classes, build()}. */
export function rowsOf(messages, pending, actions) {
  const rows = [];
  let day = "";
  for (const group of grouped(messages)) {
    const first = group[0];
    const date = instant(first.date);
    const today = date ? dayText(date) : "";
    if (today && today !== day) {
      rows.push({ key: `day:${today}:${first.message_id}`, content: today, classes: "day", build: () => dayRow(today) });
      day = today;
    }
    rows.push({
      key: first.album ? `album:${first.album}` : `message:${first.message_id}`,
      content: JSON.stringify(group),
      from: first.from,
      date,
      classes: `row ${first.from}`,
      build: () => (first.album ? albumRow(group, actions) : messageRow(first, actions)),
    });
  }
  for (const item of pending) {
    rows.push({
      key: `pending:${item.key}`, content: item.failed ? "failed" : "sending", from: "person", date: null,
      classes: `row person pending${item.failed ? " failed" : ""}`, build: () => pendingRow(item, actions),
    });
  }
  joinNeighbours(rows);
  return rows;
}

function grouped(messages) {
  const groups = [];
  const albums = new Map();
  for (const message of messages) {
    const known = message.album ? albums.get(message.album) : undefined;
    if (known) {
      known.push(message);
      continue;
    }
    const group = [message];
    groups.push(group);
    if (message.album) albums.set(message.album, group);
  }
  return groups;
}

function joinNeighbours(rows) {
  rows.forEach((row, index) => {
    if (!row.from) return;
    const before = rows[index - 1];
    const near = before?.from === row.from && (!row.date || !before.date || row.date - before.date < CLOSE_MINUTES * 60_000);
    if (near) row.classes += " joined";
    else row.classes += " first";
  });
}

/** Brings `list` to `rows`; returns the elements that are new. */
export function reconcile(list, rows, drawn) {
  const fresh = [];
  const keep = new Set(rows.map((row) => row.key));
  for (const [key, old] of drawn) {
    if (keep.has(key)) continue;
    old.element.remove();
    drawn.delete(key);
  }
  let cursor = list.firstElementChild;
  for (const row of rows) {
    const old = drawn.get(row.key);
    let element = old?.element;
    if (!old || old.content !== row.content) {
      element = row.build();
      if (old) {
        if (cursor === old.element) cursor = element;
        element.classList.add("changed");
        const focused = old.element.contains(document.activeElement);
        old.element.replaceWith(element);
        if (focused) list.parentElement.focus({ preventScroll: true });
      } else {
        fresh.push(element);
      }
      drawn.set(row.key, { element, content: row.content });
    }
    const extra = element.classList.contains("changed") ? " changed" : "";
    if (element.className !== row.classes + extra) element.className = row.classes + extra;
    if (element === cursor) cursor = cursor.nextElementSibling;
    else list.insertBefore(element, cursor);
  }
  return fresh;
}

function dayRow(text) {
  return el("div", {}, el("span", {}, text));
}

function messageRow(message, actions) {
  const bubble = el("div", { class: `bubble${kind(message)}` });
  const quoted = message.reply_to && actions.message(message.reply_to);
  if (quoted) bubble.append(el("div", { class: "quoted" }, quoted.text || "Ảnh hoặc tệp"));
  if (message.photo) bubble.append(photoTile(message, actions, true));
  if (message.document) bubble.append(documentCard(message.document));
  if (message.location) bubble.append(locationCard(message.location));
  const words = el("div", { class: "words" });
  const unseen = !message.text && !message.photo && !message.document && !message.location;
  if (message.voice || unseen) words.append(voiceBlock(message));
  if (message.text) words.append(textBlock(message, actions));
  words.append(meta(message));
  bubble.append(words);
  if (message.from === "bot" && message.edited && !message.buttons?.length) bubble.classList.add("answered");
  const holder = el("div", { class: "message", "data-message": message.message_id, "data-from": message.from }, bubble);
  if (message.buttons?.length) holder.append(keyboard(message, actions));
  if (message.text) holder.append(moreButton(message, actions));
  return el("div", {}, holder);
}

function kind(message) {
  if (message.photo) return message.text ? " with-photo" : " with-photo bare";
  if (message.location && !message.text) return " with-photo bare";
  return message.text ? "" : " wordless";
}

function albumRow(group, actions) {
  const speaking = group.find((message) => message.text);
  const pictures = group.filter((message) => message.photo);
  const others = group.filter((message) => !message.photo);
  const bubble = el("div", { class: `bubble ${pictures.length ? "with-photo" : ""} ${speaking ? "" : pictures.length ? "bare" : "wordless"}` });
  if (pictures.length) {
    const grid = el("div", { class: `album of-${Math.min(pictures.length, 10)}${pictures.length % 2 ? " odd" : ""}` });
    for (const message of pictures) {
      const tile = photoTile(message, actions, false);
      tile.dataset.message = message.message_id;
      tile.dataset.from = message.from;
      grid.append(tile);
    }
    bubble.append(grid);
  }
  for (const message of others) {
    const card = message.document ? documentCard(message.document) : el("div");
    card.dataset.message = message.message_id;
    card.dataset.from = message.from;
    bubble.append(card);
  }
  const words = el("div", { class: "words" });
  if (speaking) words.append(textBlock(speaking, actions));
  words.append(meta(group.at(-1)));
  bubble.append(words);
  const holder = el("div", { class: "message", "data-album": group[0].album }, bubble);
  const keyed = group.find((message) => message.buttons?.length);
  if (keyed) holder.append(keyboard(keyed, actions));
  return el("div", {}, holder);
}

function pendingRow(item, actions) {
  const bubble = el("div", { class: "bubble" });
  if (item.note) bubble.append(el("div", { class: "sending-note" }, icon(item.icon ?? "image"), item.note));
  if (item.text) bubble.append(el("div", { class: "text" }, item.text));
  if (item.failed) {
    bubble.append(el("div", { class: "failure" }, `Chưa gửi được. ${item.failed}`));
    bubble.append(el("div", { class: "failure-actions" },
      el("button", { type: "button", onclick: () => actions.retry(item) }, "Gửi lại"),
      el("button", { type: "button", onclick: () => actions.discard(item) }, "Bỏ")));
  } else {
    bubble.append(el("span", { class: "meta" }, icon("wait"), el("span", { class: "visually-hidden" }, "đang gửi")));
  }
  return el("div", {}, el("div", { class: "message" }, bubble));
}

function meta(message) {
  const date = instant(message.date);
  const line = el("span", { class: "meta" });
  if (message.edited) {
    if (message.from === "bot") line.append(icon("tick"), el("span", {}, "đã cập nhật"));
    else line.append(el("span", {}, "đã sửa"));
  }
  if (date) line.append(el("time", { datetime: date.toISOString(), title: `${dayText(date)} ${timeText(date)}` }, timeText(date)));
  if (message.from === "person") line.append(icon("tick"), el("span", { class: "visually-hidden" }, "đã gửi"));
  return line;
}

// Entities count UTF-16 units, as JavaScript does. Addresses stay plain text and open nothing.
function textBlock(message, actions) {
  const block = el("div", { class: "text" });
  const styled = (message.entities ?? []).filter((entity) => STYLES[entity.type]);
  const cuts = new Set([0, message.text.length, ...styled.flatMap(({ offset, length }) => [offset, offset + length])]);
  const points = [...cuts].sort((one, other) => one - other);
  for (let index = 0; index + 1 < points.length; index += 1) {
    const [from, to] = [points[index], points[index + 1]];
    let nodes = message.from === "bot" && !actions.plain ? withCommands(message.text, from, to, actions) : [message.text.slice(from, to)];
    for (const { type, offset, length } of styled) {
      if (offset <= from && to <= offset + length) nodes = [el(STYLES[type], {}, ...nodes)];
    }
    block.append(...nodes);
  }
  return block;
}

// Commands named by the bot can be tapped, as in Telegram.
function withCommands(text, from, to, actions) {
  const nodes = [];
  let at = from;
  for (const found of text.matchAll(COMMAND)) {
    const start = found.index + found[1].length;
    const command = found[2];
    if (start < from || start + command.length > to) continue;
    nodes.push(text.slice(at, start),
      el("button", { type: "button", class: "command", title: `Gửi ${command}`, onclick: () => actions.say(command) }, command));
    at = start + command.length;
  }
  nodes.push(text.slice(at, to));
  return nodes;
}

function photoTile(message, actions, alone) {
  const { url, width, height } = message.photo;
  const image = el("img", { src: url, alt: "", loading: "lazy", decoding: "async", draggable: "false" });
  const place = el("button", {
    type: "button", class: `photo${alone ? " alone" : ""}`, onclick: () => actions.open(message),
    "aria-label": message.text ? `Xem ảnh: ${message.text.slice(0, 80)}` : "Xem ảnh",
  }, image);
  if (alone && width > 0 && height > 0) {
    // Room is kept before the picture arrives, so that the talk does not jump.
    const ratio = Math.min(Math.max(width / height, 0.62), 2.4);
    place.style.setProperty("aspect-ratio", String(ratio));
    place.style.setProperty("--photo-width", `${Math.round(Math.min(340, Math.max(ratio * 360, 180)))}px`);
  }
  image.addEventListener("error", () => place.classList.add("missing"));
  return place;
}

function documentCard({ url, name, size }) {
  const ending = (name?.split(".").at(-1) ?? "").toLowerCase();
  return el("a", { class: "document", href: url, download: name ?? "tep", "aria-label": `Tải tệp ${name}, ${sizeText(size)}` },
    el("span", { class: `sheet is-${/^[a-z0-9]{1,4}$/.test(ending) ? ending : "file"}`, "aria-hidden": "true" }, ending.slice(0, 4).toUpperCase() || "TỆP"),
    el("span", { class: "document-name" }, el("b", {}, name ?? "Tệp"), el("small", {}, sizeText(size))),
    el("span", { class: "document-get" }, icon("download")));
}

function locationCard({ latitude, longitude }) {
  const decimal = (value) => Number(value).toLocaleString("vi-VN", { minimumFractionDigits: 4, maximumFractionDigits: 5 });
  return el("div", { class: "location" },
    el("img", { src: "/page/map.svg", alt: "", width: 320, height: 150, draggable: "false" }),
    el("div", { class: "location-words" }, el("b", {}, "Vị trí"), el("span", {}, `${decimal(latitude)}; ${decimal(longitude)}`)));
}

function voiceBlock(message) {
  const what = message.voice ? `Tin thoại, ${String(message.voice.duration).padStart(2, "0")} giây` : "Tin không có nội dung hiển thị";
  const bars = el("span", { class: "bars", "aria-hidden": "true" }, ...Array.from({ length: 16 }, () => el("i")));
  return el("div", { class: "voice" }, icon("mic"), message.voice ? bars : null, el("span", {}, what));
}

function keyboard(message, actions) {
  const board = el("div", { class: "keyboard", role: "group", "aria-label": "Các lựa chọn của tin nhắn" });
  for (const row of message.buttons) {
    const short = row.every((button) => button.text.length <= 3) ? " short" : "";
    board.append(el("div", { class: `keys n-${row.length}${short}` }, ...row.map((button) =>
      el("button", { type: "button", class: "key", "data-data": button.data, onclick: (event) => actions.tap(message, button, event.currentTarget) },
        el("span", {}, button.text)))));
  }
  return board;
}

function moreButton(message, actions) {
  return el("button", {
    type: "button", class: "more", "aria-label": "Thao tác với tin nhắn", "aria-haspopup": "menu",
    tabindex: message.from === "person" ? "0" : "-1", // the bot's text can only be copied: no stop for the keyboard
    onclick: (event) => actions.more(message, event.currentTarget),
  }, icon("chevron"));
}

/** One line for a screen reader. */
export function spoken(name, message) {
  const what = message.text || (message.photo && "ảnh") || (message.document && `tệp ${message.document.name}`) || "tin nhắn";
  return `${shortName(name)} nhận từ Hệ thống: ${what}`;
}
