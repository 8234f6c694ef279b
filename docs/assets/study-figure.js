// <study-figure name="…" drawings="….json">: knobs that page through drawings by Python.
//
// The build writes the markup: a .drawing with the published SVG and a .knob per knob, each
// around native inputs. The inputs are the only state. No formula lives here: a move picks
// the drawing and the texts that the build made for these positions.

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

// Beside the folder of the bundled script, wherever the page is.
const FIGURES = globalThis.document && new URL("../figures/", document.currentScript.src);
const Base = globalThis.HTMLElement ?? class {}; // lets Node import the functions above

export class StudyFigure extends Base {
  #drawings; // promise, asked for at the first touch, forgotten when it fails
  #reset = globalThis.document?.createElement("button");
  #status = globalThis.document?.createElement("p");

  connectedCallback() {
    ["pointerdown", "focusin", "input", "click"].forEach((type) => this.addEventListener(type, this));
    if (this.#status.isConnected || !this.#knobs.length) return; // set up before, or nothing to do
    const values = this.#sliders.flatMap((slider) => JSON.parse(slider.dataset.values));
    this.style.setProperty("--widest", `${Math.max(...values.map((text) => text.length))}ch`);
    // The slider itself says its value.
    for (const output of this.querySelectorAll("output")) output.ariaHidden = "true";
    Object.assign(this.#reset, { type: "button", className: "reset", title: "Reset the knobs" });
    this.#status.role = "status";
    this.querySelector(".knobs").append(this.#reset);
    this.append(this.#status);
    this.#restore(); // a reload may have kept positions that the fresh drawing does not have
  }

  async handleEvent({ type, target }) {
    if (type === "click") {
      if (target !== this.#reset) return;
      this.querySelector("input").focus(); // the button is about to vanish
      this.#restore();
    }
    if (type === "input") this.#label();
    const drawings = await (this.#drawings ??= this.#load().catch((error) => this.#fail(error)));
    if (!drawings || !this.isConnected) return;
    try { this.#show(drawings); } catch (error) { this.#fail(error); }
  }

  get #knobs() { return [...this.querySelectorAll(".knob")]; }
  get #sliders() { return [...this.querySelectorAll("input[type=range]")]; }

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
      slider.ariaValueText = slider.parentElement.querySelector("output").value = text;
      slider.style.setProperty("--at", slider.value / Math.max(slider.max, 1));
      slider.style.setProperty("--from", slider.defaultValue / Math.max(slider.max, 1));
    }
    this.#reset.disabled = this.#knobs.every((knob) => stopOf(knob) === stopOf(knob, true));
  }

  #show({ counts, lines, drawings, texts, math }) {
    // Positions are read here, after the wait: the reader may have moved on meanwhile.
    const at = (published) => indexOf(this.#knobs.map((knob) => stopOf(knob, published)), counts);
    const [index, first] = [at(false), at(true)];
    const drawing = this.querySelector(".drawing");
    const svg = assembled(lines, drawings[index]); // nothing is shown before all of it is there
    const fill = (_, key) => textFor(texts, key, index);
    const alt = drawing.dataset.alt?.replace(/\{\{(.*?)\}\}/g, fill) ?? drawing.ariaLabel;
    const quotes = document.querySelectorAll(`.quote[data-figure="${this.getAttribute("name")}"]`);
    const changes = Array.from(quotes, (quote) => {
      const { quote: key, math: form } = quote.dataset;
      const text = textFor(texts, key, index);
      const markup = form && math[key][text][["html", "mathml"].indexOf(form)];
      return [quote, form ? { innerHTML: markup } : { textContent: text }, key];
    });
    Object.assign(drawing, { innerHTML: svg, ariaLabel: alt });
    for (const [quote, content, key] of changes) {
      Object.assign(quote, content);
      quote.classList.toggle("moved", texts[key][index] !== texts[key][first]);
    }
    this.#status.textContent = "";
  }

  async #load() {
    for (let pause = 1; ; pause *= 2) {
      const response = await fetch(new URL(this.getAttribute("drawings"), FIGURES));
      if (response.ok) return checked(await response.json(), this.#knobs.length);
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
