// <study-figure name="…" drawings="….json">: knobs that page through drawings by Python.
//
// The build writes the markup: a .drawing with the published SVG and a .knob per knob, each
// around native inputs. The inputs are the only state. No formula lives here: a move picks
// the drawing and the texts that the build made for these positions or, once the snippet
// has run in the page, asks its Python for them.

import { session } from "./live-session.js";
import { runPublished } from "./live-code.js";
import { make, script } from "./elements.js";
import { fileName, standalone } from "./figure-file.js";
import { queryWith, stopIn } from "./knob-address.js";

/** Index of the drawing for these knob positions; the last knob counts fastest. */
export function indexOf(positions, counts) {
  return positions.reduce((index, position, i) => index * counts[i] + position, 0);
}

/** The drawing that takes these runs of the lines: first line, how many, first line, … */
export function assembled(lines, runs) {
  const parts = [];
  for (let i = 0; i < runs.length; i += 2)
    parts.push(...lines.slice(runs[i], runs[i] + runs[i + 1]));
  const svg = parts.join("\n");
  if (!/^<svg[^]*<\/svg>$/.test(svg)) throw new Error("the lines do not make a drawing");
  return svg;
}

/** The text under this key for this drawing; the build wrote one for each. */
export function textFor(texts, key, index) {
  const text = texts[key]?.[index];
  if (typeof text !== "string") throw new Error(`no text "${key}" for drawing ${index}`);
  return text;
}

/** The drawings as fetched, or an error that says what is wrong with them. */
export function checked(data, knobs) {
  const { counts, lines, drawings } = data ?? {};
  const total = counts?.reduce?.((product, count) => product * count, 1);
  if (counts?.length !== knobs) throw new Error(`drawings are not for ${knobs} knobs`);
  if (drawings?.length !== total) throw new Error(`not one drawing for each of ${total} positions`);
  return { texts: {}, math: {}, ...data, lines: lines.split("\n") };
}

/** The stop a knob stands at, or stood at when published. */
function stopOf(knob, published = false) {
  const inputs = [...knob.querySelectorAll("input")];
  const isOn = (input) => (published ? input.defaultChecked : input.checked);
  const [first] = inputs;
  if (first.type === "range") return Number(published ? first.defaultValue : first.value);
  return first.type === "radio" ? inputs.findIndex(isOn) : Number(isOn(first));
}

/** The texts of a knob's stops. */
function valuesOf(knob) {
  const inputs = [...knob.querySelectorAll("input")];
  if (inputs[0].type === "range") return JSON.parse(inputs[0].dataset.values);
  return inputs[0].type === "radio" ? inputs.map((input) => input.parentElement.textContent) : ["off", "on"];
}

const nameOf = (knob) => knob.querySelector("input").name;

/** A knob's name, and the text of the stop at which it stands. */
const shown = (knob) => [nameOf(knob), valuesOf(knob)[stopOf(knob)]];
const PAUSE = 400; // ms without a move; browsers refuse an address that changes all the time
const QUICK = 2000; // ms: what Python draws slower is not drawn ahead, it would hold up the rest
const KEPT = 50; // drawings by Python

// Beside the folder of the bundled script, wherever the page is.
const FIGURES = globalThis.document && new URL("../figures/", document.currentScript.src);
const Base = globalThis.HTMLElement ?? class {}; // lets Node import the functions above

export class StudyFigure extends Base {
  #drawings; // promise, asked for at the first touch, forgotten when it fails
  #live; // once the snippet has run here: its texts at the defaults, and what in it is edited
  #published; // the knobs' markup as built
  #built = new WeakMap(); // a number's element → its content as built
  #following = false; // a live drawing is under way
  #again = false; // a knob has moved meanwhile
  #path; // of the page that it is on
  #noting; // timer: the address follows the knobs
  #reset = globalThis.document?.createElement("button");
  #status = globalThis.document?.createElement("p");

  connectedCallback() {
    ["pointerdown", "focusin", "input", "click"].forEach((type) => this.addEventListener(type, this));
    ["snippet-ran", "snippet-reset"].forEach((type) => document.addEventListener(type, this));
    ["ready", "ended"].forEach((type) => session.addEventListener(type, this));
    ["popstate", "jump", "click"].forEach((type) => addEventListener(type, this.#readdressed, true));
    if (this.#published !== undefined) return; // set up before
    this.#path = location.pathname;
    this.#published = this.querySelector(".knobs").innerHTML;
    for (const quote of this.#quotes) this.#built.set(quote, quote.innerHTML);
    this.#status.role = "status";
    this.append(this.#tools(), this.#status);
    this.#setUp();
    this.#fromAddress();
    if (session.ready) this.#more();
  }

  disconnectedCallback() {
    ["snippet-ran", "snippet-reset"].forEach((type) => document.removeEventListener(type, this));
    ["ready", "ended"].forEach((type) => session.removeEventListener(type, this));
    ["popstate", "jump", "click"].forEach((type) => removeEventListener(type, this.#readdressed, true));
  }

  /** What a reader can take along. */
  #tools() {
    const button = (text, title, onclick) => make("button", { type: "button", title, onclick }, text);
    return make("div", { className: "tools" },
      button("Copy link", "Copy a link to this figure as it stands", () => this.#copyLink()),
      button("Download SVG", "Download the drawing as it stands", () => this.#download()));
  }

  async #copyLink() {
    const question = [...document.querySelectorAll("article h2[id]")]
      .findLast((heading) => heading.compareDocumentPosition(this) & Node.DOCUMENT_POSITION_FOLLOWING);
    const query = queryWith("", this.#moved.map(shown));
    const link = location.href.split(/[?#]/)[0] + query + (question ? `#${question.id}` : "");
    try {
      await navigator.clipboard.writeText(link);
      this.#status.textContent = "Link copied.";
    } catch { // refused, or the page came over plain http
      this.#status.textContent = `The link is ${link}`;
    }
  }

  #download() {
    const palette = getComputedStyle(document.documentElement); // the light one, whatever the page shows
    const drawing = this.querySelector(".drawing");
    const text = standalone(drawing.querySelector("svg"), drawing.ariaLabel, (name) => palette.getPropertyValue(name).trim());
    const href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    make("a", { href, download: fileName(this.#name, this.#moved.map(shown)) }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }

  #setUp() {
    if (!this.#knobs.length) return;
    const values = this.#sliders.flatMap((slider) => JSON.parse(slider.dataset.values));
    if (values.length) this.style.setProperty("--widest", `${Math.max(...values.map((text) => text.length))}ch`);
    // The slider itself says its value.
    for (const value of this.querySelectorAll(".value")) value.ariaHidden = "true";
    Object.assign(this.#reset, { type: "button", className: "reset", title: "Reset the knobs" });
    this.querySelector(".knobs").append(this.#reset);
    this.#restore(); // a reload may have kept positions that the fresh drawing does not have
  }

  async handleEvent({ type, target, detail }) {
    if (type === "ready") return this.#more();
    if (type === "ended") return this.#revert();
    if (type === "snippet-ran") return this.#enliven(detail);
    if (type === "snippet-reset") {
      if (!this.#live?.own.includes(detail.snippet)) return;
      this.#revert();
      return session.ready && this.#more();
    }
    if (target?.closest(".tools")) return; // they take the drawing that is there
    if (type === "click") {
      if (target !== this.#reset) return;
      this.querySelector("input").focus(); // the button is about to vanish
      this.#restore();
    }
    if (type === "input") this.#label();
    const moved = type === "input" || type === "click";
    if (moved) this.#note();
    return this.#update(moved);
  }

  /** Show where the knobs stand; a mere touch fetches what that takes. */
  async #update(moved = true) {
    if (this.#live) {
      if (moved) this.#follow();
      return;
    }
    const drawings = await (this.#drawings ??= this.#load().catch((error) => this.#fail(error)));
    if (!drawings || !this.isConnected || this.#live) return;
    try { this.#show(this.#drawn(drawings)); } catch (error) { this.#fail(error); }
  }

  get #name() { return this.getAttribute("name"); }
  get #snippet() { return this.#name.split(".")[0]; }
  get #isOwn() { return !!this.#live?.own.length; }
  get #knobs() { return [...this.querySelectorAll(".knob")]; }
  get #stops() { return this.#knobs.map((knob) => stopOf(knob)); }
  get #sliders() { return [...this.querySelectorAll("input[type=range]")]; }
  get #quotes() { return [...document.querySelectorAll(`.quote[data-figure="${this.#name}"]`)]; }

  #restore() {
    for (const input of this.querySelectorAll("input")) {
      input.autocomplete = "off";
      input.value = input.defaultValue;
      input.checked = input.defaultChecked;
    }
    this.#label();
  }

  #label() {
    for (const slider of this.#sliders) {
      const text = JSON.parse(slider.dataset.values)[slider.value];
      slider.ariaValueText = slider.parentElement.querySelector(".value").textContent = text;
      slider.style.setProperty("--at", slider.value / Math.max(slider.max, 1));
      slider.style.setProperty("--from", slider.defaultValue / Math.max(slider.max, 1));
    }
    this.#reset.disabled = !this.#moved.length;
  }

  get #moved() { return this.#knobs.filter((knob) => stopOf(knob) !== stopOf(knob, true)); }

  /** Where the address has the knobs; at their published stops if it does not know them. */
  get #addressed() {
    return this.#knobs.map((knob) => stopIn(location.search, nameOf(knob), valuesOf(knob)) ?? stopOf(knob, true));
  }

  #fromAddress() {
    const stops = this.#addressed;
    if (this.#knobs.every((knob, i) => stopOf(knob) === stops[i])) return;
    this.#put(stops);
    this.#update();
  }

  /** The reader goes to another place of this page, or back. */
  #readdressed = ({ type, target }) => {
    if (location.pathname !== this.#path) return;
    if (type !== "click") return this.#fromAddress();
    const link = target.closest?.('a[href*="#"]');
    if (link?.pathname !== location.pathname) return;
    this.#write();
    link.search = location.search; // it has the knobs of when the page was loaded
  };

  /** Bring the address to the knobs, once they rest. */
  #note() {
    clearTimeout(this.#noting);
    this.#noting = setTimeout(() => this.#write(), PAUSE);
  }

  #write() {
    clearTimeout(this.#noting);
    if (!this.isConnected || location.pathname !== this.#path) return;
    const at = (knob) => (this.#moved.includes(knob) ? valuesOf(knob)[stopOf(knob)] : undefined);
    const query = queryWith(location.search, this.#knobs.map((knob) => [nameOf(knob), at(knob)]));
    if (query === location.search) return;
    // Refused where pages are opened as files, or when there are too many.
    try { history.replaceState(history.state, "", location.pathname + query + location.hash); } catch { /* it stays */ }
  }

  /** What the build drew for the positions at which the knobs stand now. */
  #drawn({ counts, lines, drawings, texts, math }) {
    // Positions are read here, after the wait: the reader may have moved on meanwhile.
    const at = (published) => indexOf(this.#knobs.map((knob) => stopOf(knob, published)), counts);
    const [index, first] = [at(false), at(true)];
    return {
      svg: assembled(lines, drawings[index]), // nothing is shown before all of it is there
      text: (key) => textFor(texts, key, index),
      math: (key) => math[key][textFor(texts, key, index)],
      moved: (key) => texts[key][index] !== texts[key][first],
    };
  }

  #show({ svg, text, math, moved }) {
    const drawing = this.querySelector(".drawing");
    const alt = drawing.dataset.alt?.replace(/\{\{(.*?)\}\}/g, (_, key) => text(key)) ?? drawing.ariaLabel;
    const changes = this.#quotes.map((quote) => {
      const { quote: key, math: form } = quote.dataset;
      const isMoved = moved(key);
      const content = !isMoved ? { innerHTML: this.#built.get(quote) } : form ? { innerHTML: math(key)[["html", "mathml"].indexOf(form)] } : { textContent: text(key) };
      return [quote, content, isMoved];
    });
    Object.assign(drawing, { innerHTML: svg, ariaLabel: alt });
    for (const [quote, content, isMoved] of changes) {
      Object.assign(quote, content);
      quote.classList.toggle("moved", isMoved);
      quote.classList.toggle("own", this.#isOwn);
    }
    this.#status.textContent = this.#isOwn ? "Drawn by your edited code; its Reset goes back." : "";
  }

  /** The knobs that the build did not draw appear when Python is there. */
  #more() {
    if (!this.hasAttribute("more") || this.#live) return;
    // It can be stopped, or fail: then there are the knobs that the build drew.
    runPublished(this.#snippet, this.getAttribute("more")).catch(() => {});
  }

  /** The snippet has run in the page: from now on its Python draws. */
  async #enliven({ figures, own }) {
    const figure = figures[this.#name];
    if (!figure) return;
    const before = this.#stops;
    const holder = this.querySelector(".knobs");
    holder.innerHTML = figure.knobs;
    this.#setUp();
    if (!own.length) {
      this.#put(this.#addressed);
      this.#put(before);
    }
    const live = (this.#live = { own, first: {}, drawn: new Map(), last: this.#stops });
    this.toggleAttribute("own", this.#isOwn);
    this.toggleAttribute("live", true);
    try {
      const answer = await this.#asked(this.#knobs.map((knob) => stopOf(knob, true)));
      live.first = answer.texts;
      if (this.#live === live && this.#reset.disabled) return this.#present(answer);
    } catch { /* told by what follows */ }
    if (this.#live === live) this.#follow();
  }

  /** Put the first knobs to these stops. */
  #put(stops) {
    stops.forEach((stop, i) => this.#knobs[i] && this.#place(this.#knobs[i], stop));
    this.#label();
  }

  #place(knob, stop) {
    const inputs = [...knob.querySelectorAll("input")];
    if (inputs[0].type === "range") inputs[0].value = stop;
    else if (inputs[0].type === "radio") (inputs[stop] ?? inputs[0]).checked = true;
    else inputs[0].checked = !!stop;
  }

  /** Go back to what the build drew: where the knobs stand or, after an edit, at the defaults. */
  #revert() {
    if (!this.#live) return;
    const stops = this.#isOwn ? [] : this.#stops;
    this.#live = undefined;
    this.removeAttribute("own");
    this.removeAttribute("live");
    this.querySelector(".knobs").innerHTML = this.#published;
    this.#setUp();
    this.#put(stops);
    this.handleEvent({ type: "input" });
  }

  #ask(stops) {
    const keys = new Set(this.#quotes.map((quote) => quote.dataset.quote));
    for (const [, key] of (this.querySelector(".drawing").dataset.alt ?? "").matchAll(/\{\{(.*?)\}\}/g)) keys.add(key);
    return session.ask({ do: "draw", figure: this.#name, stops, keys: [...keys] }).then((answer) => {
      if (answer.error) throw new Error(answer.error.text);
      return answer;
    });
  }

  /** What Python draws at these stops; what it has drawn is kept for as long as its code. */
  #asked(stops) {
    const { drawn } = this.#live;
    const key = stops.join();
    if (!drawn.has(key)) {
      const begun = performance.now();
      const answer = this.#ask(stops).then((made) => ({ ...made, took: performance.now() - begun }));
      answer.catch(() => drawn.delete(key));
      drawn.set(key, answer);
      if (drawn.size > KEPT) drawn.delete(drawn.keys().next().value);
    }
    return drawn.get(key);
  }

  /** A knob that was moved one way is likely to go on: have that drawn meanwhile. */
  #ahead(stops) {
    const { last } = this.#live;
    this.#live.last = stops;
    const by = stops.map((stop, i) => Math.sign(stop - last[i]));
    const next = stops.map((stop, i) => stop + by[i]);
    const counts = this.#knobs.map((knob) => valuesOf(knob).length);
    if (by.some(Boolean) && next.every((stop, i) => stop >= 0 && stop < counts[i]))
      this.#asked(next).catch(() => {}); // told if a knob comes there
  }

  /** Draw live where the knobs stand, and again if they have moved meanwhile. */
  async #follow() {
    this.#again = true;
    if (this.#following) return;
    this.#following = true;
    try {
      while (this.#again && this.#live) {
        this.#again = false;
        const stops = this.#stops;
        const answer = await this.#asked(stops);
        if (!this.#live) break;
        if (answer.took < QUICK && !this.#again) this.#ahead(stops);
        this.#present(answer);
      }
    } catch (error) {
      if (this.#live) this.#status.textContent = `This position was not drawn: ${error.message}`;
    } finally {
      this.#following = false;
    }
  }

  #present({ svg, texts, math }) {
    this.#show({
      svg,
      text: (key) => texts[key],
      math: (key) => math[key],
      moved: (key) => this.#isOwn || texts[key] !== this.#live.first[key],
    });
  }

  async #load() {
    const knobs = this.#knobs.length; // Python may bring more of them meanwhile
    const name = this.getAttribute("drawings");
    if (location.protocol === "file:") { // where scripts can be loaded, and nothing else
      await script(new URL(name.replace(/json$/, "js"), FIGURES).href);
      return checked(globalThis.studyDrawings[name], knobs);
    }
    for (let pause = 1; ; pause *= 2) {
      const response = await fetch(new URL(name, FIGURES));
      if (response.ok) return checked(await response.json(), knobs);
      if (response.status !== 404 || pause > 16)
        throw new Error(`${response.status} for ${response.url}`);
      this.#status.textContent = "The other drawings are still being made; they will appear here.";
      await new Promise((resolve) => setTimeout(resolve, 1000 * pause));
      if (!this.isConnected) return (this.#drawings = undefined);
    }
  }

  #fail(error) {
    this.#drawings = undefined;
    const where = location.protocol === "file:" ? " from a page opened as a file" : "";
    this.#status.textContent = `The other drawings could not be loaded${where}; a touch retries.`;
    console.error(`study-figure ${this.getAttribute("name")}:`, error);
  }
}

globalThis.customElements?.define("study-figure", StudyFigure);
