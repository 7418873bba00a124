// The only place that talks to the server; a lost server is waited for and everything is read again afterwards.

const WAIT_SECONDS = 25;
const FIRST_DELAY = 400;
const LONGEST_DELAY = 8000;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function request(path, options = {}, seconds = 30) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const response = await fetch(path, { cache: "no-store", ...options, signal: stop.signal });
    const body = await response.text();
    let value = null;
    try {
      value = body ? JSON.parse(body) : null;
    } catch {
      value = null;
    }
    if (!response.ok) {
      const failure = new Error(value?.error ?? value?.description ?? `Máy chủ trả về mã ${response.status}`);
      failure.status = response.status;
      throw failure;
    }
    return value;
  } finally {
    clearTimeout(timer);
  }
}

const get = (path, seconds) => request(path, {}, seconds);
const post = (path, value = {}, seconds = 30) =>
  request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) }, seconds);
const chat = (id) => `/phones/${encodeURIComponent(id)}`;

export const api = {
  phones: () => get("/phones"),
  addPhone: (phone) => post("/phones", phone),
  commands: (id) => get(`${chat(id)}/commands`),
  messages: (id) => get(`${chat(id)}/messages`),
  text: (id, text) => post(`${chat(id)}/text`, { text }),
  tap: (id, messageId, data) => post(`${chat(id)}/tap`, { message_id: messageId, data }),
  edit: (id, messageId, text) => post(`${chat(id)}/edit`, { message_id: messageId, text }),
  location: (id, place) => post(`${chat(id)}/location`, place),
  voice: (id, caption) => post(`${chat(id)}/voice`, { caption }),
  block: (id, blocked) => post(`${chat(id)}/${blocked ? "block" : "unblock"}`),
  samples: () => get("/samples"),
  clock: () => get("/clock"),
  moveClock: (change) => post("/clock", change, 180),
  samplePhotos: (id, samples, caption, asFile) => post(`${chat(id)}/photos`, { samples, caption, as_file: asFile }),
  photos(id, files, caption, asFile) {
    const form = new FormData();
    form.append("caption", caption);
    if (asFile) form.append("as_file", "1");
    for (const file of files) form.append("photo", file, file.name || "anh.jpg");
    return request(`${chat(id)}/photos`, { method: "POST", body: form }, 180);
  },
};

// -1 asks for the newest sequence number alone: what happened before is read as history.
const newest = async () => (await get("/events?after=-1&wait=0")).seq;

/**
 * Follows the server for ever. `reload()` reads everything afresh, at the start and after every break; `receive(events)`
 * gets what follows; `connected(true|false)` tells the state. The number is taken before the reading, so what falls in
 * between arrives twice (and is keyed by its id) rather than never.
 */
export async function follow({ reload, receive, connected }) {
  let after = null;
  let delay = FIRST_DELAY;
  for (;;) {
    try {
      if (after === null) {
        const start = await newest();
        await reload();
        after = start;
        connected(true);
      }
      const asked = performance.now();
      const { seq, events } = await get(`/events?after=${after}&wait=${WAIT_SECONDS}`, WAIT_SECONDS + 15);
      delay = FIRST_DELAY;
      if (seq < after) {
        after = null; // another server with a younger count answered
        continue;
      }
      receive(events);
      after = seq;
      if (!events.length && performance.now() - asked < 100) await pause(500);
    } catch {
      connected(false);
      after = null;
      await pause(delay * (0.75 + Math.random() / 2));
      delay = Math.min(delay * 2, LONGEST_DELAY);
    }
  }
}
