// <live-code snippet="…" lines="17-30" uses="…">: a code block of a snippet that runs and
// can be edited where it is read. <live-code examples>: the page's doctests, to be checked.
//
// The build writes the element around the highlighted code. What a reader edits is kept
// in this browser and belongs to the snippet: all its blocks and figures follow.

import { Ended, session, Stopped } from "./live-session.js";

const ASSETS = globalThis.document && new URL("../", document.currentScript.src);
const Base = globalThis.HTMLElement ?? class {};
const FAILED = { edit: "The editor could not be loaded", run: "Python could not be loaded" };

/** The snippets of this visit: published texts, and the reader's own. */
export const snippets = {
  published: new Map(), // name → promise of text

  text(name) {
    if (!this.published.has(name))
      this.published.set(name, fetch(new URL(`snippets/${name}.py`, ASSETS)).then((response) => {
        if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
        return response.text();
      }).catch((error) => { this.published.delete(name); throw error; }));
    return this.published.get(name);
  },

  /** The reader's text, or null. */
  own(name) {
    if (this.unkept.has(name)) return this.unkept.get(name);
    try { return localStorage.getItem(`study-notes:code:${name}`); } catch { return null; }
  },

  unkept: new Map(), // what storage refused

  /** Keep the reader's text, or with null go back; false if it lasts only for this page. */
  keep(name, text) {
    try {
      if (text === null) localStorage.removeItem(`study-notes:code:${name}`);
      else localStorage.setItem(`study-notes:code:${name}`, text);
      this.unkept.delete(name);
      return true;
    } catch {
      this.unkept.set(name, text);
      return text === null;
    }
  },

  /** These snippets' files as the reader has them. */
  async files(names) {
    return Object.fromEntries(await Promise.all(names.map(async (name) =>
      [`${name}.py`, this.own(name) ?? (await this.text(name))])));
  },
};

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

export class LiveCode extends Base {
  #buttons = {};
  #output; // where a run shows
  #status;
  #editor; // the open CodeMirror, if any
  #running = false;

  connectedCallback() {
    if (this.#output?.isConnected) return;
    const button = (name, text, title) =>
      (this.#buttons[name] = element("button", { type: "button", textContent: text, title, onclick: () => this.#do(name) }));
    const bar = element("div", { className: "bar" });
    if (this.#name) {
      bar.append(button("run", "Run", "Run the whole snippet in Python, here"),
        button("edit", "Edit", "Edit the snippet"), button("reset", "Reset", "Go back to the published code"));
    } else bar.append(button("run", "Check", "Run these examples in Python, here"));
    bar.append(button("stop", "Stop", "End what runs"));
    if (this.#name) bar.append(...this.#downloads());
    this.#status = element("p", { role: "status" });
    this.#output = element("div", { className: "output", hidden: true });
    this.append(bar, this.#status, this.#output);
    this.#show();
  }

  disconnectedCallback() {
    if (this.#running && session.ready) session.stop(); // nobody could any more
    this.#editor?.destroy();
    this.#editor = undefined;
  }

  #downloads() {
    const kinds = this.#uses.length ? { zip: ".zip", ipynb: "notebook" } : { py: ".py", ipynb: "notebook" };
    return Object.entries(kinds).map(([kind, text]) => element("a", {
      href: new URL(`snippets/${this.#name}.${kind}`, ASSETS).href,
      download: `${this.#name}.${kind}`,
      textContent: text,
      title: kind === "zip" ? "Download the snippet with what it imports" : `Download as ${text}`,
    }));
  }

  get #name() { return this.getAttribute("snippet"); }
  get #uses() { return (this.getAttribute("uses") ?? "").split(" ").filter(Boolean); }
  get #edited() { return this.#name && snippets.own(this.#name) !== null; }

  #show() {
    const { run, edit, reset, stop } = this.#buttons;
    const focused = document.activeElement;
    stop.hidden = !this.#running;
    run.disabled = this.#running;
    // One of the two takes over from the other, for the keyboard as well.
    if (focused === run && run.disabled) stop.focus();
    if (focused === stop && stop.hidden) run.focus();
    this.toggleAttribute("own", !!this.#edited);
    if (!edit) return;
    edit.textContent = this.#editor ? "Close" : "Edit";
    edit.ariaExpanded = String(!!this.#editor);
    reset.hidden = !this.#edited;
  }

  async #do(name) {
    try {
      if (name === "stop") session.stop();
      if (name === "run") await this.#run();
      if (name === "edit") await (this.#editor ? this.#close() : this.#edit());
      if (name === "reset") await this.#reset();
    } catch (error) {
      this.#tell(error, name);
    }
    this.#show();
  }

  #tell(error, name) {
    if (error instanceof Stopped) {
      this.#status.textContent = "Stopped.";
      return;
    }
    const failed = error instanceof Ended ? "Python has ended" : FAILED[name] ?? "Something failed";
    this.#status.textContent = session.missing ||
      `${failed}: ${error.message}. ${this.#buttons[name].textContent} tries again.`;
    if (!session.missing) console.error("live-code:", error);
  }

  async #run() {
    if (session.missing) return this.#tell(new Error(session.missing));
    this.#running = true;
    this.#show();
    this.#output.replaceChildren();
    this.#output.hidden = false;
    this.#editor?.mark([]);
    const printed = element("pre", { className: "printed", hidden: true, tabIndex: 0 });
    this.#output.append(printed);
    try {
      const names = [...(this.#name ? [this.#name] : []), ...this.#uses];
      const own = owned(names);
      const request = this.#name ? run(this.#name, own) : this.#check();
      this.#status.textContent = "Waiting …";
      const answer = await session.ask(snippets.files(names).then((files) => ({ ...request, files })), {
        progress: (text) => { this.#status.textContent = text; },
        printed: (text) => { printed.hidden = false; printed.append(text); },
        drawn: (figures) => {
          for (const [name, figure] of Object.entries(figures)) this.#output.append(drawn(name, figure));
        },
      });
      this.#status.textContent = answer.error ? "" : "Done.";
      this.#answered(answer, own);
    } finally {
      this.#running = false;
      this.#output.hidden = !this.#output.textContent && !this.#output.querySelector("svg");
    }
  }

  #check() {
    const all = [...document.querySelectorAll("live-code[examples]")];
    const blocks = all.slice(0, all.indexOf(this) + 1).map((each) => each.querySelector("code").textContent);
    return { do: "check", blocks };
  }

  #answered({ value, figures, pins, examples, error }, own) {
    if (value !== undefined)
      this.#output.querySelector(".printed").after(element("pre", { className: "value", tabIndex: 0, textContent: value }));
    if (figures) ran(this.#name, figures, pins, own);
    if (examples) this.#output.append(checked(examples));
    if (!error) return;
    this.#output.append(element("pre", { className: "error", role: "alert", tabIndex: 0, textContent: error.text }));
    const lines = error.places.filter(([file]) => file === `${this.#name}.py`).map(([, line]) => line);
    if (lines.length && this.#editor) this.#editor.mark(lines.slice(-1));
  }

  async #edit() {
    if (session.missing) return this.#tell(new Error(session.missing));
    this.#status.textContent = "Loading the editor …";
    const { open } = await editor();
    this.#others((each) => each.close());
    const published = await snippets.text(this.#name);
    const [from, to] = this.getAttribute("lines").split("-").map(Number);
    const place = element("div", { className: "editor" });
    this.querySelector(".highlight").after(place);
    this.#editor = open(place, {
      text: snippets.own(this.#name) ?? published,
      from, to,
      label: `Code of ${this.#name}.py`,
      run: () => this.#do("run"),
      changed: (text) => this.#keep(text === published ? null : text),
    });
    this.#status.textContent = "Escape, then Tab, leaves the editor; Ctrl-Enter runs.";
    this.setAttribute("editing", "");
  }

  #keep(text) {
    if (!snippets.keep(this.#name, text))
      this.#status.textContent = "This browser does not keep it: copy what you need before you leave.";
    this.#show();
    this.#others((each) => each.refresh());
  }

  /** The page's other blocks of the snippet. */
  #others(deed) {
    for (const each of document.querySelectorAll(`live-code[snippet="${this.#name}"]`))
      if (each !== this) deed(each);
  }

  /** Close the editor, if it is open here. */
  close() { this.#close(); this.#show(); }

  /** Show again whether the code is the reader's own. */
  refresh() { this.#show(); }

  #close() {
    this.#editor?.destroy();
    this.#editor = undefined;
    this.querySelector(".editor")?.remove();
    this.removeAttribute("editing");
    this.#status.textContent = "";
  }

  async #reset() {
    this.#close();
    this.#others((each) => each.close());
    this.#keep(null);
    this.#output.replaceChildren();
    this.#output.hidden = true;
    this.#buttons.run.focus();
    for (const [snippet, own] of ranOwn) if (own.includes(this.#name)) ownNumbers(snippet, null);
    document.dispatchEvent(new CustomEvent("snippet-reset", { detail: { snippet: this.#name } }));
  }
}

const pinned = (name) => [...document.querySelectorAll(`.pinned[data-figure^="${name}."]`)];

/** Those of these snippets that the reader has edited. */
const owned = (names) => names.filter((name) => snippets.own(name) !== null);

/** The request that runs a snippet; where something in it is the reader's own, with the
 * numbers that the page pins to knob positions. */
function run(snippet, own) {
  const pins = own.length
    ? pinned(snippet).map(({ dataset: { figure, quote, at } }) => ({ figure, key: quote, at: JSON.parse(at) }))
    : [];
  return { do: "run", snippet, pins };
}

const ranOwn = new Map(); // snippet → what of its last run was the reader's own

function ran(snippet, figures, pins, own) {
  ranOwn.set(snippet, own);
  ownNumbers(snippet, own.length ? pins : null);
  document.dispatchEvent(new CustomEvent("snippet-ran", { detail: { figures, own } }));
}

session.addEventListener("ended", () => { for (const snippet of ranOwn.keys()) ownNumbers(snippet, null); });

const built = new WeakMap(); // a pinned number's element → its content as built

/** Put the reader's own numbers in place of the pinned ones, or with null go back. */
function ownNumbers(snippet, pins) {
  pinned(snippet).forEach((element, i) => {
    if (!built.has(element)) built.set(element, element.innerHTML);
    const { math } = element.dataset;
    const own = pins?.[i];
    if (!own) element.innerHTML = built.get(element);
    else if (math) element.innerHTML = own.math[["html", "mathml"].indexOf(math)];
    else element.textContent = own.text;
    element.classList.toggle("own", !!own);
  });
}

/** Run a snippet as published, for its figures; nothing where the reader has edited it. */
export async function runPublished(snippet, uses) {
  const names = [snippet, ...uses.split(" ").filter(Boolean)];
  if (owned(names).length) return;
  const { figures } = await session.ask({ ...run(snippet, []), files: await snippets.files(names) });
  if (figures) ran(snippet, figures, [], []);
}

/** A figure that the reader's run has drawn, with its facts. */
function drawn(name, { svg, facts }) {
  const drawing = element("div", { className: "drawing", role: "img", ariaLabel: `${name} at its defaults` });
  drawing.innerHTML = svg;
  const list = element("dl");
  for (const [fact, text] of Object.entries(facts))
    list.append(element("div", {}, element("dt", { textContent: fact }), element("dd", { textContent: text })));
  const numbers = element("details", {}, element("summary", { textContent: `What ${name} reports` }), list);
  return element("figure", {}, drawing, numbers);
}

/** Examples with what they gave beside what the page prints. */
function checked(examples) {
  const good = examples.filter(({ same }) => same).length;
  const list = element("ol", { className: "examples" });
  for (const { source, want, got, same } of examples) {
    const row = element("li", { className: same ? "same" : "other" },
      element("code", { textContent: source }), element("samp", { textContent: want || "(nothing)" }));
    if (!same) row.append(element("samp", { className: "got", textContent: `here: ${got || "(nothing)"}` }));
    list.append(row);
  }
  return element("div", {}, element("p", { textContent: `${good} of ${examples.length} as printed` }), list);
}

let loading;
/** The editor's script, asked for at the first Edit. */
function editor() {
  return (loading ??= new Promise((resolve, reject) => {
    const script = element("script", { src: new URL("built/editor.js", ASSETS).href });
    script.onload = () => resolve(globalThis.studyEditor);
    script.onerror = () => { loading = undefined; script.remove(); reject(new Error("the editor did not load")); };
    document.head.append(script);
  }));
}

globalThis.customElements?.define("live-code", LiveCode);
