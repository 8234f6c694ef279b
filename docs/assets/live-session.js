// One Python for the visit: loaded at the first request, kept across pages, and begun
// anew after a stop. Nothing of it is asked for before.

const BOOT_LIMIT = 60_000; // ms without a sign of life while it starts

/** Beside the bundled script, wherever the page is. */
const ASSETS = globalThis.document && new URL("../", document.currentScript.src);

export class Stopped extends Error {}
export class Ended extends Error {}

// What drawings, knobs and numbers are made of.
const PARTS = "svg, g, path, defs, clipPath, rect, circle, line, polygon, polyline, text, tspan, title, use, image," +
  " pattern, mask, filter, feColorMatrix, linearGradient, radialGradient, stop," +
  " label, span, input, fieldset, legend, math, mrow, mo, mn, mtext";

/** The answer, or an error if its markup, which the reader's code may have made, has other
 * parts: no policy keeps a <meta> from leading the page to another origin. */
function harmless(answer) {
  const { svg, math = {}, figures = {}, pins = [] } = answer;
  const markup = document.createElement("template");
  markup.innerHTML = [
    svg ?? "", Object.values(math), pins.map((pin) => pin.math),
    Object.values(figures).map((figure) => [figure.svg, figure.knobs]),
  ].flat(3).join("");
  const other = markup.content.querySelector(`:not(${PARTS})`);
  return other ? { error: { text: `<${other.localName}> has no place in a drawing`, places: [] } } : answer;
}

async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  return response;
}

/** The bytes, unzipped here unless the server has done it; each piece is a sign of life. */
async function unzipped(response, alive) {
  const pieces = [];
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    alive();
  }
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

class Session extends EventTarget {
  #study; // promise of the site's own part and the folder of the rest
  #parts; // promises of what every worker needs, fetched once
  #worker; // promise of a worker that is ready
  #begun; // the worker that is starting or ready
  #asked = new Map(); // id → {resolve, reject, printed, drawn}
  #busy = Promise.resolve();
  #count = 0;
  #stops = 0;
  ready = false;

  /** Why Python cannot run here, or "". */
  get missing() {
    if (location.protocol === "file:")
      return "Python needs the site to be served; from a page opened as a file it cannot be loaded. The figures and numbers built into the page stay.";
    if (!globalThis.WebAssembly || !globalThis.DecompressionStream)
      return "This browser cannot run Python: it lacks WebAssembly. The figures and numbers built into the page stay.";
    return "";
  }

  /** When all that was asked so far is answered, or stopped. */
  get idle() { return this.#busy; }

  /** The answer to a request, which may be a promise, after those before it; `printed`
   * hears what it prints, `drawn` its figures as they come, `progress` how loading gets on. */
  ask(request, { printed = () => {}, drawn = () => {}, progress = () => {} } = {}) {
    const stops = this.#stops;
    const worker = this.#busy.then(() => {
      if (stops !== this.#stops) throw new Stopped();
      return this.start(progress);
    });
    const turn = Promise.all([worker, request]).then(([worker, asked]) => {
      if (stops !== this.#stops) throw new Stopped();
      return new Promise((resolve, reject) => {
        const id = ++this.#count;
        this.#asked.set(id, { resolve, reject, printed, drawn });
        progress("Running …");
        worker.postMessage({ id, request: JSON.stringify(asked) });
      });
    });
    this.#busy = turn.catch(() => {});
    return turn;
  }

  /** End whatever runs or waits, at once; a fresh Python is begun for what comes next. */
  stop() {
    this.#stops += 1;
    if (!this.#begun) return;
    const wasReady = this.ready;
    this.#drop(new Stopped());
    if (wasReady) this.start().catch(() => {});
  }

  start(progress = () => {}) {
    if (this.missing) return Promise.reject(new Error(this.missing));
    return (this.#worker ??= this.#start(progress).catch((error) => {
      this.#drop(error);
      throw error;
    }));
  }

  async #start(tell) {
    let limit, over;
    const progress = (text) => {
      clearTimeout(limit);
      if (over) return; // what was on its way still arrives
      limit = setTimeout(() => this.#abort(new Error("nothing was heard of it for a minute")), BOOT_LIMIT);
      if (text) tell(text);
    };
    progress("Loading Python …");
    const address = URL.createObjectURL(
      new Blob([`importScripts(${JSON.stringify(new URL("built/live-worker.js", ASSETS).href)})`],
        { type: "text/javascript" }));
    const worker = (this.#begun = new Worker(address));
    try {
      await new Promise((resolve, reject) => {
        this.#abort = reject;
        worker.onerror = (event) => reject(new Error(event.message || "the worker did not load"));
        worker.onmessage = ({ data: { ready, failed } }) => {
          if (ready) resolve();
          if (failed) reject(new Error(failed));
        };
        this.#boot(worker, progress).catch(reject);
      });
    } finally {
      over = true;
      clearTimeout(limit);
      URL.revokeObjectURL(address);
    }
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => this.#drop(new Ended(event.message));
    this.ready = true;
    this.dispatchEvent(new Event("ready"));
    return worker;
  }

  async #boot(worker, progress) {
    this.#study ??= fetched(new URL("live/study.json", ASSETS)).then((r) => r.json());
    const { folder, files, sizes } = await this.#study;
    const base = new URL(`live/${folder}/`, ASSETS).href;
    worker.postMessage({ load: base });
    this.#parts ??= this.#fetch(base, sizes, progress);
    const { module, packages } = this.#parts;
    await Promise.all([
      module.then((module) => worker.postMessage({ boot: { base, study: files, module } })),
      packages.then((packages) => worker.postMessage({ packages })),
    ]);
    progress("Starting Python …");
  }

  #abort = () => {};

  #hear({ id, answer, printed, figures, failed }) {
    const [first] = this.#asked.values();
    if (printed !== undefined) return first?.printed(printed);
    if (figures) return first?.drawn(harmless({ figures }).figures ?? {}); // told with the answer
    if (failed) return this.#drop(new Ended(failed));
    this.#asked.get(id)?.resolve(harmless(answer));
    this.#asked.delete(id);
  }

  #drop(error) {
    this.#begun?.terminate();
    this.#begun = this.#worker = undefined;
    if (this.ready) this.dispatchEvent(new Event("ended")); // with all that it has drawn
    else this.#study = this.#parts = undefined; // ask again for what may have failed
    this.ready = false;
    this.#abort(error);
    this.#abort = () => {};
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }

  #fetch(base, sizes, progress) {
    const total = Object.values(sizes).reduce((sum, size) => sum + size);
    let heard = 0;
    const get = async (name, then) => {
      const made = await then(await fetched(base + name));
      heard += sizes[name];
      progress(`Loading Python … ${Math.round((100 * heard) / total)} %`);
      return made;
    };
    return {
      module: get("pyodide.asm.wasm", (response) => WebAssembly.compileStreaming(response)),
      packages: Promise.all([
        get("packages.json", (response) => response.json()),
        get("packages.bin", (response) => unzipped(response, progress)),
      ]).then(([index, bytes]) => ({ index, bytes })),
    };
  }
}

export const session = new Session();
