// Elements are built here and nowhere from strings: text never becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/** Builds an element; `props` are attributes, except on* (listeners) and false/null (left out). */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** One icon of the sprite; decoration only, the button around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** What was stored in this browser; a blocked or full store is the same as an empty one. */
export function recall(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(`kycuong.${key}`)) ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`kycuong.${key}`, JSON.stringify(value));
  } catch {
    // A convenience only: the talk itself lives on the server.
  }
}
