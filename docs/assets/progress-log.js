// What a reader has done, as a log that is only ever added to. Everything else, such as the
// schedule, is computed from it. No clock, no chance, no storage here.
//
// An event is {id, at, …}: id 16 hex digits, at in ms since 1970, and one of
//   card, grade        a card graded 1 (again) to 4 (easy)
//   undo               the id of an event that does not count
//   page, read         a page marked as read, or not
//   set, value         a setting: a number, or null
// What a later version may add is kept as it is, and not read.

export const VERSION = 1;
const HEX = /^[0-9a-f]{16}$/;
const LONGEST = 2000; // characters of one event
const FILE = "study-notes-progress";

const isText = (value) => typeof value === "string" && value.length <= 200;
const isRight = {
  grade: ({ card, grade }) => isText(card) && [1, 2, 3, 4].includes(grade),
  undo: ({ undo }) => HEX.test(undo),
  read: ({ page, read }) => isText(page) && typeof read === "boolean",
  set: ({ set, value }) => isText(set) && (value === null || Number.isFinite(value)),
};

/** Keys in order, so that equal events are equal texts. */
function canonical(event) {
  return JSON.stringify(event, Object.keys(event).sort());
}

/** Whether this can be an event; what has the mark of a kind must be right for it. */
export function isEvent(event) {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return false;
  if (!HEX.test(event.id) || !Number.isSafeInteger(event.at) || event.at < 0) return false;
  // Flat: what is nested has no place in the canonical text, and would be lost.
  if (Object.values(event).some((value) => typeof value === "object" && value !== null)) return false;
  if (JSON.stringify(event).length > LONGEST) return false;
  return Object.entries(isRight).every(([mark, right]) => !(mark in event) || right(event));
}

const inOrder = (a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** All events of both logs, each once, in the order of time. */
export function merged(one, other) {
  const found = new Map();
  for (const event of [...one, ...other]) {
    const known = found.get(event.id);
    // Of two that claim one id the lesser text stays, whichever log came first.
    if (!known || canonical(event) < canonical(known)) found.set(event.id, event);
  }
  return [...found.values()].sort(inOrder);
}

/** The log as a file, one event a line. */
export function exported(events) {
  const lines = merged(events, []).map(canonical).join(",\n");
  return `{"${FILE}": ${VERSION}, "events": [\n${lines}\n]}\n`;
}

/** The events of such a file, and how many of them could not be read. */
export function imported(text) {
  let data;
  try { data = JSON.parse(text); } catch (error) {
    throw new Error(`this is not a file that was exported here: ${error.message}`);
  }
  if (!Array.isArray(data?.events) || !(FILE in data))
    throw new Error(`this is not a file that was exported here: expected "${FILE}" and "events"`);
  const events = data.events.filter(isEvent);
  return { events: merged(events, []), unreadable: data.events.length - events.length };
}

/** What the log says: reviews by card in order, pages read, settings. */
export function told(events) {
  const undone = new Set(events.flatMap(({ undo }) => undo ?? []));
  const reviews = new Map();
  const pages = new Map();
  const settings = new Map();
  for (const event of [...events].sort(inOrder)) {
    if (undone.has(event.id)) continue;
    if ("grade" in event) {
      if (!reviews.has(event.card)) reviews.set(event.card, []);
      reviews.get(event.card).push({ at: event.at, grade: event.grade });
    } else if ("read" in event) pages.set(event.page, event.read ? event.at : null);
    else if ("set" in event) settings.set(event.set, event.value);
  }
  return { reviews, pages, settings };
}

/** A new event, from the time and 16 hex digits of chance. */
export function made(at, id, content) {
  const event = { id, at, ...content };
  if (!isEvent(event)) throw new Error(`not an event: ${JSON.stringify(event)}`);
  return event;
}
