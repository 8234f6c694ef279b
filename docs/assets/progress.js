// The reader's log in this browser: IndexedDB, shared by all tabs, never sent anywhere.
// Where storage is refused the log lives as long as the page, and `trouble` says so.

import { openDB } from "idb";
import { exported, imported, isEvent, made, merged, told } from "./progress-log.js";

const DATABASE = "study-notes";
const STORE = "events";
const HINT = "Export it on the review page before you leave.";

class Progress extends EventTarget {
  trouble = ""; // what the reader must know about storage
  #log; // promise of the events
  #opened;
  #pending = []; // events that storage has refused so far
  #channel = globalThis.BroadcastChannel && new BroadcastChannel("study-notes");

  constructor() {
    super();
    this.#channel?.addEventListener("message", () => this.#again());
    // A page that comes back from the browser's memory may have missed what others did.
    globalThis.addEventListener?.("pageshow", ({ persisted }) => persisted && this.#again());
  }

  /** All events, in order. */
  events() {
    return (this.#log ??= this.#read());
  }

  /** What they say. */
  async told() {
    return told(await this.events());
  }

  /** Add what has just happened; resolves when it is on disk, or when trouble is told. */
  async add(content) {
    const bytes = crypto.getRandomValues(new Uint8Array(8));
    const id = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const event = made(Date.now(), id, content);
    await this.#keep([event]);
    navigator.storage?.persist?.().catch(() => {});
    return event;
  }

  /** Take in an exported file; returns how many events were new, and how many unreadable. */
  async import(text) {
    const { events, unreadable } = imported(text);
    const known = new Set((await this.events()).map(({ id }) => id));
    const fresh = events.filter(({ id }) => !known.has(id));
    await this.#keep(fresh);
    return { fresh: fresh.length, unreadable };
  }

  async export() {
    return exported(await this.events());
  }

  #database() {
    this.#opened ??= openDB(DATABASE, 1, {
      upgrade: (database) => database.createObjectStore(STORE, { keyPath: "id" }),
      terminated: () => (this.#opened = undefined),
    });
    this.#opened.catch(() => (this.#opened = undefined)); // the next call tries again
    return this.#opened;
  }

  async #read() {
    try {
      const found = await (await this.#database()).getAll(STORE);
      const events = found.filter(isEvent);
      const broken = found.length - events.length;
      if (broken) this.#tell(`${broken} stored record${broken > 1 ? "s" : ""} cannot be read; the others are in use.`);
      return merged(events, this.#pending);
    } catch (error) {
      this.#refuse(error);
      return merged(this.#pending, []);
    }
  }

  async #keep(events) {
    this.#pending.push(...events);
    this.#log = this.events().then((before) => merged(before, events));
    try {
      const store = (await this.#database()).transaction(STORE, "readwrite", { durability: "strict" });
      const writing = [...this.#pending];
      // An event that another tab has written already is the same event.
      await Promise.all([...writing.map((event) => store.store.put(event)), store.done]);
      this.#pending = this.#pending.filter((event) => !writing.includes(event));
      if (this.#refused) this.#tell("");
      this.#refused = false;
      this.#channel?.postMessage("changed");
    } catch (error) {
      this.#refuse(error);
    }
    this.dispatchEvent(new Event("changed"));
  }

  #refused = false;

  #refuse(error) {
    this.#refused = true;
    console.warn("study-notes: storage refused:", error);
    const why = error?.name === "QuotaExceededError" ? "its storage is full" : "it refuses storage";
    this.#tell(`This browser keeps no progress now (${why}): what you do lasts until you leave this page. ${HINT}`);
  }

  #tell(trouble) {
    this.trouble = trouble;
    this.dispatchEvent(new Event("trouble"));
  }

  #again() {
    this.#log = undefined;
    this.dispatchEvent(new Event("changed"));
  }
}

export const progress = new Progress();
