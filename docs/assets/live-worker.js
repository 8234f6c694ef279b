// The worker in which Python runs. Started by live-session.js from a blob, so that the
// page's content security policy holds for the reader's code as well.
//
// Takes {load: address}, {boot: …} and {packages: …} once, then {id, request}; posts
// {ready}, {printed}, {figures}, {id, answer}, {failed}.

const CAP = 200_000; // characters shown of what one request prints
// What leads to what the site keeps, or to a realm where these are whole.
const HIDDEN = [
  "indexedDB", "caches", "BroadcastChannel", "Worker", "SharedWorker", "importScripts",
  "webkitRequestFileSystem", "webkitRequestFileSystemSync",
  "webkitResolveLocalFileSystemURL", "webkitResolveLocalFileSystemSyncURL",
];
const HIDDEN_OF_NAVIGATOR = ["storage", "storageBuckets", "locks", "serviceWorker"];

const decoder = new TextDecoder();
let printed = 0;
let answer;
let unpack;
const packages = new Promise((resolve) => (unpack = resolve));

function print(bytes) {
  if (printed > CAP) return bytes.length;
  const text = decoder.decode(bytes, { stream: true });
  const shown = text.slice(0, CAP - printed);
  printed += text.length;
  postMessage({ printed: printed > CAP ? `${shown}\n… more was printed; only this is shown\n` : shown });
  return bytes.length;
}

async function boot({ base, module, study }) {
  // The page has fetched and compiled it already, and keeps it for the next worker.
  const { fetch } = self;
  self.fetch = async (address, ...rest) => (String(address).endsWith(".wasm") ? null : fetch(address, ...rest));
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module,
    instance: await WebAssembly.instantiate(module, imports),
  });
  const python = await loadPyodide({
    indexURL: base,
    env: { MPLBACKEND: "svg", MPLCONFIGDIR: "/home/matplotlib", HOME: "/home/reader" },
    jsglobals: {}, // `import js` shows nothing of the page's origin
  });
  self.fetch = fetch;
  const { FS } = python;
  // Python starts without them; they may come later than what it needs for that.
  const { index, bytes } = await packages;
  const put = (path, data, how) => {
    FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    FS.writeFile(path, data, how);
  };
  for (const [path, [start, length]] of Object.entries(index)) {
    put(path, bytes.subarray(start, start + length), { canOwn: true });
  }
  for (const [path, text] of Object.entries(study)) put(path, text);
  for (const stream of ["setStdout", "setStderr"]) python[stream]({ write: print });
  // What is gone cannot be found again: there is no way to another realm without Worker.
  for (const [from, names] of [[self, HIDDEN], [navigator, HIDDEN_OF_NAVIGATOR]]) {
    for (let o = from; o; o = Object.getPrototypeOf(o)) for (const name of names) delete o[name];
  }
  FS.chdir("/home/reader");
  answer = python.runPython(`
import gc, importlib, sys
gc.disable()  # until study.live is there: what is imported stays
importlib.invalidate_caches()
sys.path[:0] = ["/study", "/home/reader"]
from pathlib import Path
# Every artist's docstring would list its properties: a tenth of what follows.
from matplotlib import artist
kwdoc, artist.kwdoc = artist.kwdoc, lambda _: "A set_ method sets the property of its name."
from study.live import Session
artist.kwdoc = kwdoc
Session(Path("/home/reader")).answer
`);
}

self.onmessage = async ({ data }) => {
  if (data.packages) return unpack(data.packages);
  if (data.load || data.boot) {
    try {
      // Meanwhile the page fetches and compiles the rest.
      if (data.load) return importScripts(`${data.load}pyodide.js`, `${data.load}pyodide.asm.js`);
      await boot(data.boot);
      postMessage({ ready: true });
    } catch (error) {
      postMessage({ failed: String(error?.message || error) });
    }
    return;
  }
  printed = 0;
  try {
    const drawn = (figures) => postMessage({ figures: JSON.parse(figures) });
    postMessage({ id: data.id, answer: JSON.parse(answer(data.request, drawn)) });
  } catch (error) { // Python itself has died, of memory or a stack too deep
    postMessage({ failed: String(error).slice(0, 500) });
  }
};
