// Everything shown is in Vietnamese office form and in the authority's own time zone, whatever the browser's is.

const ZONE = "Asia/Ho_Chi_Minh";
const OFFSET = "+07:00";
const WEEKDAYS = { Mon: "Thứ Hai", Tue: "Thứ Ba", Wed: "Thứ Tư", Thu: "Thứ Năm", Fri: "Thứ Sáu", Sat: "Thứ Bảy", Sun: "Chủ nhật" };
const ROLES = {
  inspector: "Thành viên Đoàn kiểm tra",
  "unit-head": "Thủ trưởng đơn vị",
  head: "Thủ trưởng đơn vị",
  admin: "Quản trị",
  administrator: "Quản trị",
  "team-head": "Trưởng đoàn",
  secretary: "Thư ký Đoàn",
  leader: "Lãnh đạo",
  stranger: "Người lạ",
};
const FIELDS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE, weekday: "short", year: "numeric", month: "numeric", day: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

/** A Date from ISO text (naive means local to the authority) or seconds since 1970; null when unreadable. */
export function instant(value) {
  if (value === null || value === undefined || value === "") return null;
  const text = typeof value === "string" && !/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value + OFFSET : value;
  const date = new Date(typeof text === "number" ? text * 1000 : text);
  return Number.isNaN(date.getTime()) ? null : date;
}

function fields(date) {
  return Object.fromEntries(FIELDS.formatToParts(date).map(({ type, value }) => [type, value]));
}

/** "08:05" */
export function timeText(date) {
  const part = fields(date);
  return `${part.hour}:${part.minute}`;
}

/** "04/8/2026": a leading zero for days below 10 and for months 1 and 2 only, as in official papers. */
export function dateText(date) {
  const { day, month, year } = fields(date);
  return `${day.padStart(2, "0")}/${Number(month) <= 2 ? month.padStart(2, "0") : Number(month)}/${year}`;
}

/** "Thứ Ba, 04/8/2026" */
export function dayText(date) {
  return `${WEEKDAYS[fields(date).weekday]}, ${dateText(date)}`;
}

/** "2026-08-04", the authority's own day; `isoOf` is the way back. */
export function dayKey(date) {
  const { year, month, day } = fields(date);
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** ISO text from a day ("2026-08-04") and what was typed as an hour ("8:05", "8h05", "0805", "8"); null when unreadable. */
export function isoOf(day, hour) {
  const found = /^([01]?\d|2[0-3])(?:[:h.]?([0-5]\d))?h?$/i.exec(hour.trim());
  return found && day ? `${day}T${found[1].padStart(2, "0")}:${found[2] ?? "00"}:00${OFFSET}` : null;
}

/** "1,2 MB" from bytes, with the decimal comma. */
export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return "";
  const [value, unit] = bytes < 1e3 ? [bytes, "B"] : bytes < 1e6 ? [bytes / 1e3, "KB"] : [bytes / 1e6, "MB"];
  return `${value.toLocaleString("vi-VN", { maximumFractionDigits: unit === "MB" ? 1 : 0 })} ${unit}`;
}

export function roleText(role) {
  const key = String(role ?? "").toLowerCase().replaceAll("_", "-");
  return ROLES[key] ?? role ?? "";
}

/** The given name is the last word ("Nông Văn Thịnh" is "Thịnh"); a numbered name stays whole. */
export function shortName(name) {
  if (name === "Người lạ") return name; // no given name to call anybody by
  const last = name.trim().split(/\s+/).at(-1) ?? "";
  return /^\d+$/.test(last) ? name : last;
}

export function initials(name) {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...word][0] ?? "").join("").toLocaleUpperCase("vi");
}

/** Two digits for small counts, as in official papers: "02". */
export function countText(number) {
  return String(number).padStart(2, "0");
}
