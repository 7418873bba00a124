// A month is drawn with Monday first and days before the clock cannot be chosen; dates are "2026-08-04" texts throughout.

import { el, icon } from "./dom.js";

const HEADS = [["T2", "Thứ Hai"], ["T3", "Thứ Ba"], ["T4", "Thứ Tư"], ["T5", "Thứ Năm"], ["T6", "Thứ Sáu"], ["T7", "Thứ Bảy"], ["CN", "Chủ nhật"]];
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const DAY = 86_400_000;

const noon = (day) => new Date(`${day}T12:00:00Z`);
const text = (date) => date.toISOString().slice(0, 10);
const moved = (day, days) => text(new Date(noon(day).getTime() + days * DAY));

export class Calendar {
  #first = "";
  #month = "";

  /** `changed(day)` is called for every choice; `name(day)` gives a day's full name for screen readers. */
  constructor(box, { changed, name }) {
    this.box = box;
    this.changed = changed;
    this.name = name;
    this.day = "";
    box.addEventListener("keydown", (event) => {
      if (!STEPS[event.key] || !event.target.matches("[data-day]")) return;
      event.preventDefault();
      const next = moved(event.target.dataset.day, STEPS[event.key]);
      if (next >= this.#first) this.choose(next, true);
    });
  }

  /** Shows the month of `day`; days before `first` are closed. */
  open(first, day) {
    this.#first = first;
    this.choose(day);
  }

  choose(day, focus = false) {
    this.day = day;
    this.#month = day.slice(0, 7);
    this.#draw();
    if (focus) this.box.querySelector(`[data-day="${day}"]`).focus();
    this.changed(day);
  }

  #turn(months) {
    const [year, month] = this.#month.split("-").map(Number);
    this.#month = text(new Date(Date.UTC(year, month - 1 + months, 1, 12))).slice(0, 7);
    this.#draw();
    this.box.querySelector(months < 0 ? ".before" : ".after").focus();
  }

  #draw() {
    const [year, month] = this.#month.split("-");
    const start = `${this.#month}-01`;
    const blanks = (noon(start).getUTCDay() + 6) % 7;
    const length = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
    const days = Array.from({ length }, (_, at) => moved(start, at));
    const reachable = days.includes(this.day) ? this.day : days.find((day) => day >= this.#first);
    this.box.replaceChildren(
      el("div", { class: "month" },
        el("button", { type: "button", class: "round before", "aria-label": "Tháng trước", disabled: this.#month <= this.#first.slice(0, 7), onclick: () => this.#turn(-1) }, icon("chevron")),
        el("b", { "aria-live": "polite" }, `Tháng ${Number(month)} năm ${year}`),
        el("button", { type: "button", class: "round after", "aria-label": "Tháng sau", onclick: () => this.#turn(1) }, icon("chevron"))),
      el("div", { class: "days", role: "group", "aria-label": "Chọn ngày" },
        ...HEADS.map(([short, long]) => el("abbr", { title: long }, short)),
        ...Array.from({ length: blanks }, () => el("span")),
        ...days.map((day) => el("button", {
          type: "button", "data-day": day, "aria-label": this.name(day), "aria-pressed": String(day === this.day), disabled: day < this.#first,
          tabindex: day === reachable ? "0" : "-1", onclick: () => this.choose(day, true),
        }, String(Number(day.slice(8)))))));
  }
}
