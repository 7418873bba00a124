// The page keeps nothing of its own but what is shown and what was read: every talk comes from the server.

import { api, follow } from "./api.js";
import { Calendar } from "./calendar.js";
import { el, recall, remember } from "./dom.js";
import { dateText, dayKey, dayText, instant, isoOf, roleText, shortName, timeText } from "./format.js";
import { Phone } from "./phone.js";
import { Viewer } from "./viewer.js";

const CLOCK_SECONDS = 5;
const find = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 759.98px)");

const phones = new Map(); // chat_id as text -> Phone, in the server's order
let active = null;
let shown = null; // the one phone of a small screen
let sampleList = null;
let now = null;
let hiddenIds = new Set(recall("hidden", []));
const readUpTo = recall("read", {});
const viewer = new Viewer();

const host = {
  viewer,
  samples() {
    sampleList ??= api.samples().catch((failure) => {
      sampleList = null;
      throw failure;
    });
    return sampleList;
  },
  activate(phone) {
    const other = active !== phone;
    active = phone;
    phone.markRead();
    if (other) for (const each of phones.values()) each.element.classList.toggle("active", each === phone);
  },
  isActive: (phone) => document.visibilityState === "visible" && phone === active && isVisible(phone),
  announce(text) {
    find("live").append(el("p", {}, text));
    while (find("live").children.length > 8) find("live").firstElementChild.remove();
  },
  changed(phone) {
    if (!phone.unread) {
      readUpTo[phone.id] = phone.latest;
      remember("read", readUpTo);
    }
    phone.drawBadge();
    drawTabs();
    drawHiddenUnread();
  },
  hide(phone) {
    setHidden(phone, true);
  },
};

// --- phones --------------------------------------------------------------------------------------------------------

async function readPhones() {
  const list = await api.phones();
  const keep = new Set(list.map((info) => String(info.chat_id)));
  for (const [id, phone] of phones) {
    if (keep.has(id)) continue;
    phone.element.remove();
    phones.delete(id);
  }
  const added = [];
  for (const info of list) {
    const id = String(info.chat_id);
    const known = phones.get(id);
    if (known) {
      known.update(info);
      continue;
    }
    const phone = new Phone(info, host);
    phones.set(id, phone);
    find("phones").append(phone.element);
    added.push(phone);
  }
  if (!shown || !phones.has(shown.id)) shown = visiblePhones()[0] ?? null;
  find("waiting").hidden = phones.size > 0;
  if (!phones.size) find("waiting").textContent = "Chưa có điện thoại nào. Bấm “Thêm điện thoại” để bắt đầu.";
  layout();
  return added;
}

async function readHistory(phone) {
  phone.replaceAll(await api.messages(phone.id), readUpTo[phone.id] ?? Infinity);
}

async function reload() {
  await readPhones();
  await Promise.all([...phones.values()].map(readHistory));
  await readClock();
}

let phonesTimer = 0;
// Commands and names follow what was said (a stranger becomes a member), so the list is read again after each exchange.
function readPhonesSoon() {
  clearTimeout(phonesTimer);
  phonesTimer = setTimeout(async () => {
    try {
      for (const phone of await readPhones()) await readHistory(phone);
    } catch {
      // The follower notices the same break and reads everything again.
    }
  }, 700);
}

function receive(events) {
  for (const event of events) {
    const phone = phones.get(String(event.chat_id));
    if (!phone) continue;
    if ((event.type === "message" || event.type === "edit") && event.message) phone.upsert(event.message);
    else if (event.type === "delete") phone.remove(event.message?.message_id ?? event.message_id);
    else if (event.type === "typing") phone.showTyping();
    else if (event.type === "callback_answer") phone.answered(event.text ?? "");
  }
  if (events.some((event) => event.type !== "typing")) readPhonesSoon();
}

const visiblePhones = () => [...phones.values()].filter((phone) => !hiddenIds.has(phone.id));
const isVisible = (phone) => (narrow.matches ? phone === shown : !hiddenIds.has(phone.id));

function setHidden(phone, hidden) {
  hiddenIds = new Set([...hiddenIds].filter((id) => id !== phone.id));
  if (hidden) hiddenIds.add(phone.id);
  remember("hidden", [...hiddenIds]);
  if (hidden && shown === phone) shown = visiblePhones()[0] ?? null;
  layout();
  drawPhonesMenu();
}

function layout() {
  for (const phone of phones.values()) {
    phone.element.hidden = !isVisible(phone);
    if (narrow.matches) {
      phone.element.setAttribute("role", "tabpanel");
      phone.element.setAttribute("aria-labelledby", `tab-${phone.id}`);
    } else {
      phone.element.removeAttribute("role");
      phone.element.setAttribute("aria-labelledby", `name-${phone.id}`);
    }
  }
  find("phones").dataset.count = String(Math.min(visiblePhones().length, 4));
  drawTabs();
  drawHiddenUnread();
}

function show(phone) {
  shown = phone;
  host.activate(phone);
  layout();
  phone.markRead();
}

function drawTabs() {
  const tabs = find("tabs");
  const focused = document.activeElement?.id;
  tabs.replaceChildren(...visiblePhones().map((phone) => el("button", {
    type: "button", role: "tab", id: `tab-${phone.id}`, "aria-controls": `phone-${phone.id}`, "data-tone": phone.element.dataset.tone,
    "aria-selected": String(phone === shown), tabindex: phone === shown ? "0" : "-1", onclick: () => show(phone),
    onkeydown: (event) => stepTab(event, phone), "aria-label": `${phone.info.name}, ${roleText(phone.info.role)}${phone.isZalo ? ", Zalo" : ""}${phone.unread ? `, ${phone.unread} tin chưa xem` : ""}`,
  },
  el("span", { class: "avatar", "aria-hidden": "true" }, phone.avatar.textContent, phone.unread ? el("span", { class: "badge" }, String(phone.unread)) : null),
  el("span", { class: "tab-name" }, `${shortName(phone.info.name)}${phone.isZalo ? " · Zalo" : ""}`))));
  if (focused?.startsWith("tab-")) find(focused)?.focus();
}

function stepTab(event, phone) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const list = visiblePhones();
  const next = list.at((list.indexOf(phone) + step) % list.length);
  show(next);
  find(`tab-${next.id}`).focus();
}

// --- which phones are shown, and new ones --------------------------------------------------------------------------

function drawHiddenUnread() {
  const waiting = [...phones.values()].filter((phone) => hiddenIds.has(phone.id)).reduce((sum, phone) => sum + phone.unread, 0);
  find("hidden-unread").hidden = waiting === 0;
  find("hidden-unread").textContent = String(waiting);
}

function drawPhonesMenu() {
  const entries = [...phones.values()].map((phone) => {
    const box = el("input", { type: "checkbox", onchange: () => setHidden(phone, !box.checked) });
    box.checked = !hiddenIds.has(phone.id);
    return el("label", { class: "entry", "data-tone": phone.element.dataset.tone }, box, el("span", { class: "avatar", "aria-hidden": "true" }, phone.avatar.textContent),
      el("span", {}, el("b", {}, phone.info.name), el("small", {}, [roleText(phone.info.role), phone.isZalo ? "Zalo" : "", phone.info.title].filter(Boolean).join(" · "))));
  });
  const focused = [...find("phones-menu").querySelectorAll("input")].indexOf(document.activeElement);
  find("phones-menu").replaceChildren(...entries,
    el("button", { type: "button", class: "all", onclick: () => { for (const phone of phones.values()) setHidden(phone, false); } }, "Hiện tất cả"));
  if (focused >= 0) find("phones-menu").querySelectorAll("input")[focused]?.focus();
}

function expand(button, box, open) {
  button.setAttribute("aria-expanded", String(open));
  if (box.id === "clock-actions") box.classList.toggle("open", open);
  else box.hidden = !open;
}

function dropdown(button, box, draw = () => {}) {
  const isOpen = () => button.getAttribute("aria-expanded") === "true";
  button.addEventListener("click", () => {
    draw();
    expand(button, box, !isOpen());
  });
  document.addEventListener("pointerdown", (event) => {
    if (isOpen() && !event.composedPath().includes(button.parentElement)) expand(button, box, false);
  });
  button.parentElement.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    expand(button, box, false);
    button.focus();
  });
}

function preparePhoneDialog() {
  const dialog = find("phone-dialog");
  find("add-phone").addEventListener("click", () => {
    const strangers = [...phones.values()].filter((phone) => phone.info.name.startsWith("Người lạ")).length;
    find("phone-name").value = `Người lạ ${strangers + 1}`;
    find("phone-job").value = "";
    find("phone-problem").hidden = true;
    dialog.showModal();
    find("phone-name").select();
  });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const made = await api.addPhone({ name: find("phone-name").value.trim(), role: "stranger", title: find("phone-job").value.trim(), network: find("phone-network").value });
      dialog.close();
      const added = await readPhones();
      for (const phone of added) await readHistory(phone);
      const phone = phones.get(String(made?.chat_id)) ?? added.at(-1);
      if (phone) reveal(phone);
    } catch (failure) {
      find("phone-problem").textContent = `Chưa thêm được: ${failure.message}`;
      find("phone-problem").hidden = false;
    }
  });
}

function reveal(phone) {
  setHidden(phone, false);
  show(phone);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  phone.element.scrollIntoView({ behavior: calm ? "instant" : "smooth", inline: "end", block: "nearest" });
  phone.composer.focus();
}

// --- the clock -----------------------------------------------------------------------------------------------------

function drawClock(clock) {
  now = instant(clock?.now);
  find("clock").textContent = now ? `${dayText(now)} ${timeText(now)}` : "Chưa có đồng hồ";
  find("time").classList.toggle("fixed", !clock?.movable);
  for (const button of find("clock-actions").querySelectorAll("button")) button.disabled = !clock?.movable || find("time").classList.contains("busy");
}

async function readClock() {
  drawClock(await api.clock());
}

async function moveClock(change) {
  const time = find("time");
  if (time.classList.contains("busy")) return;
  time.classList.add("busy");
  time.setAttribute("aria-busy", "true");
  for (const button of find("clock-actions").querySelectorAll("button")) button.disabled = true;
  try {
    await api.moveClock(change);
  } catch (failure) {
    pageToast(`Chưa chuyển được đồng hồ: ${failure.message}`);
  }
  time.classList.remove("busy");
  time.removeAttribute("aria-busy");
  expand(find("clock-toggle"), find("clock-actions"), false);
  try {
    await readClock();
    if (now) find("live").append(el("p", {}, `Đồng hồ: ${dayText(now)} ${timeText(now)}`));
  } catch {
    drawClock(null);
  }
}

function prepareClock() {
  for (const button of document.querySelectorAll("[data-forward]")) {
    button.addEventListener("click", () => moveClock({ forward: button.dataset.forward }));
  }
  const dialog = find("time-dialog");
  const field = find("time-value");
  const calendar = new Calendar(find("time-days"), { changed: () => preview(), name: (day) => dayText(instant(`${day}T12:00:00`)) });
  const chosen = () => instant(isoOf(calendar.day, field.value));
  const problem = () => {
    if (!chosen()) return "Giờ chưa đúng dạng. Ví dụ: 08:00";
    return now && chosen() <= now ? `Chỉ chuyển về phía trước, sau ${timeText(now)} ngày ${dateText(now)}` : "";
  };
  const preview = () => {
    find("time-preview").textContent = problem() || `${dayText(chosen())} ${timeText(chosen())}`;
    find("time-preview").classList.toggle("problem", problem() !== "");
  };
  field.addEventListener("input", preview);
  for (const button of dialog.querySelectorAll("[data-hour]")) {
    button.addEventListener("click", () => {
      field.value = button.dataset.hour;
      preview();
    });
  }
  find("pick-time").addEventListener("click", () => {
    const base = now ?? new Date();
    field.value = "08:00";
    calendar.open(dayKey(base), dayKey(new Date(base.getTime() + 86_400_000)));
    dialog.showModal();
    dialog.querySelector("[data-day][tabindex='0']").focus();
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (problem()) return field.focus();
    dialog.close();
    return moveClock({ to: isoOf(calendar.day, field.value) });
  });
  setInterval(() => {
    if (document.visibilityState === "visible" && !find("time").classList.contains("busy")) readClock().catch(() => {});
  }, CLOCK_SECONDS * 1000);
}

let toastTimer = 0;
function pageToast(text) {
  find("page-toast").textContent = text;
  find("page-toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { find("page-toast").hidden = true; }, 6000);
}

function connected(state) {
  document.body.classList.toggle("offline", !state);
  document.body.dataset.ready = String(state); // every talk has been read and is followed
  find("connection").textContent = state ? "" : "Mất kết nối, đang nối lại…";
}

for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
for (const event of ["dragover", "drop"]) window.addEventListener(event, (dropped) => dropped.preventDefault());
document.addEventListener("visibilitychange", () => active && host.isActive(active) && active.markRead());
narrow.addEventListener("change", layout);
dropdown(find("phones-toggle"), find("phones-menu"), drawPhonesMenu);
dropdown(find("clock-toggle"), find("clock-actions"));
preparePhoneDialog();
prepareClock();
follow({ reload, receive, connected });
