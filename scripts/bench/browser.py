"""Python in the page against Pyodide as it comes, loaded the plain way, and against
markdown-exec's fence with the same Pyodide beside it, in Chromium: to the first figure,
with the cache of the browser empty and full."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Page, sync_playwright

import chromium
from bench.measure import Found, Measured, Row, Steps, ratio, run
from bench.projects import MATERIAL, PEERS
from study import runtime
from study.paths import ROOT

PAGE, SNIPPET = "evaluation/roc-and-auc/", "roc_auc"
LIMIT = 120_000  # ms
WARM = 2  # the slowest of the warm starts; the browser compiles more after each

DRAW = """
import io, matplotlib
matplotlib.use("svg")
from matplotlib.figure import Figure
from matplotlib.backends.backend_svg import FigureCanvasSVG
fig, out = Figure(), io.StringIO()
figure(fig)
FigureCanvasSVG(fig).print_svg(out)
"""
PLAIN = f"""<!doctype html><title>Pyodide as it comes</title>
<script src="pyodide.js"></script><script>
async function go() {{
  const python = await loadPyodide();
  await python.loadPackage(["numpy", "matplotlib"]);
  const text = await (await fetch("{SNIPPET}.py")).text();
  python.FS.writeFile("{SNIPPET}.py", text);
  document.body.innerHTML = python.runPython(`from {SNIPPET} import figure
{DRAW}
out.getvalue()`);
}}
</script><body></body>"""
# markdown-exec's fence takes its editor and its highlighter from elsewhere. It does
# without, which only spares it time.
FENCE = """
<div id="drawn"></div>
<link title="light"><link title="dark"><script src="../pyodide.js"></script>
<script>
const [ace, hljs] = [{{edit: (id) => {{
  const text = document.getElementById(id).textContent;
  return {{getValue: () => text, session: {{setMode() {{}}}}, setTheme() {{}},
    setOption() {{}}, resize() {{}}}};
}}}}, {{highlightElement() {{}}}}];
</script>

```pyodide install="numpy,matplotlib" assets="no"
{code}
import js
js.document.getElementById("drawn").innerHTML = out.getvalue()
```
"""

UNTIL = """(start) => new Promise((resolve, reject) => {
  const begun = performance.now();
  %s;
  setTimeout(() => reject(new Error(`no figure: ${document.body.innerText}`)), 90000);
  const look = setInterval(() => {
    if (!document.querySelector("%s")) return;
    clearInterval(look);
    resolve(performance.now() - begun);
  }, 4);
})"""
OURS = UNTIL % ("document.querySelector('live-code[snippet] .bar button').click()",
                "live-code .output svg")  # fmt: skip
THEIRS = UNTIL % ("go()", "body svg")
# From the opening of the page, pressing Run as soon as it does something.
OPENED = """self.took = new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error('no figure')), 90000);
  let pressed = false;
  const look = setInterval(() => {
    const run = document.querySelector('%s');
    if (run?.onclick && !pressed) pressed = !run.click();
    if (!document.querySelector('%s')) return;
    clearInterval(look);
    resolve(performance.now());
  }, 4);
});"""
OURS_OPENED = OPENED % ("live-code[snippet] .bar button", "live-code .output svg")
FENCE_OPENED = OPENED % (".pyodide-clickable", "#drawn svg")
# Goes through all stops of the first slider, at a stop of the second one that has not
# been drawn yet. A drawing is there once another than before is.
MOVE = """async ([pause, first]) => {
  const figure = document.querySelector('study-figure[live]');
  const drawing = figure.querySelector('.drawing');
  const sliders = figure.querySelectorAll('input[type=range]');
  const rest = ms => new Promise(resolve => setTimeout(resolve, ms));
  const moved = async (slider, to) => {
    const begun = performance.now();
    await new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error('nothing was drawn')), 10000);
      new MutationObserver((_, seen) => { seen.disconnect(); resolve(); })
        .observe(drawing, {childList: true});
      slider.value = to;
      slider.dispatchEvent(new Event('input', {bubbles: true}));
    });
    return performance.now() - begun;
  };
  await moved(sliders[1], first);
  if (sliders[0].value !== '0') await moved(sliders[0], 0);
  const took = [];
  for (let stop = 1; stop <= sliders[0].max; stop++) {
    await rest(pause);
    took.push(await moved(sliders[0], stop));
  }
  return took;
}"""
# As for a reader who comes back: the site is kept for the time without a network.
KEPT = "navigator.serviceWorker.ready.then(() => true)"
PACES = {"at once": 0, "half a second after the last": 500}


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing."""

    def log_message(self, *_: Any) -> None:
        """No log."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder."""
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def opened(profile: Path, address: str, script: str = "") -> Iterator[Page]:
    """A page in a browser of this profile, with this script before its own."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium.find(),
            args=list(chromium.ARGUMENTS),
        )
        page = context.new_page()
        page.set_default_timeout(LIMIT)
        page.add_init_script(script)
        page.goto(address, wait_until="networkidle")
        yield page
        context.close()


def stock(folder: Path) -> None:
    """The official files of the release, side by side."""
    folder.mkdir(parents=True)
    for path in runtime.PYODIDE.iterdir():
        shutil.copy(path, folder)
    lock = json.loads((runtime.PYODIDE / "pyodide-lock.json").read_bytes())["packages"]
    wanted, names = ["numpy", "matplotlib", "micropip"], set[str]()
    while wanted:
        names.add(name := wanted.pop())
        wanted += [each for each in lock[name]["depends"] if each not in names]
    for name, data in runtime.wheels(tuple(sorted(names))).items():
        (folder / lock[name]["file_name"]).write_bytes(data)
    shutil.copy(ROOT / "snippets" / f"{SNIPPET}.py", folder)
    (folder / "index.html").write_text(PLAIN, "utf-8")


def fence(folder: Path) -> Path:
    """The site of one page with markdown-exec's fence; the release lies beside it."""
    stock(folder / "docs")
    (folder / "docs" / "index.html").unlink()
    code = (ROOT / "snippets" / f"{SNIPPET}.py").read_text("utf-8") + DRAW
    (folder / "docs" / "fence.md").write_text(FENCE.format(code=code), "utf-8")
    plugins = "plugins: [markdown-exec]\nmarkdown_extensions: [pymdownx.superfences]\n"
    (folder / "mkdocs.yml").write_text(MATERIAL + plugins, "utf-8")
    run((str(PEERS), "-m", "mkdocs", "build", "-q"), folder)
    return folder / "site"


class Live:
    """The group's steps and rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        site, theirs = folder / "site", folder / "stock"
        command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(site)]
        subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        stock(theirs)
        self._homes = {"ours": (site, PAGE, OURS), "stock": (theirs, "", THEIRS)}
        self._pages = {
            "ours": (site, PAGE, OURS_OPENED),
            "fence": (fence(folder / "fence"), "fence/", FENCE_OPENED),
        }
        self.moves: dict[str, list[float]] = {pace: [] for pace in PACES}

    def _first_figure(self, tool: str, *, warm: bool) -> Measured:
        home, path, script = self._homes[tool]
        with tempfile.TemporaryDirectory() as profile, served(home) as address:
            for _ in range(WARM if warm else 1):
                with opened(Path(profile), address + path) as page:
                    took = page.evaluate(script)
                    if tool == "ours" and warm:
                        page.wait_for_selector("study-figure[live]")
                        page.evaluate(KEPT)
                        page.wait_for_timeout(500)  # it has drawn itself anew
                        page.evaluate(MOVE, [0, 0])  # V8 compiles what is used often
                        for stop, (pace, pause) in enumerate(PACES.items(), 1):
                            self.moves[pace] += page.evaluate(MOVE, [pause, stop])
        return Measured(took / 1000, 0, 0, "")

    def _opened(self, tool: str) -> Measured:
        home, path, script = self._pages[tool]
        with tempfile.TemporaryDirectory() as profile, served(home) as address:
            with opened(Path(profile), address + path, script) as page:
                took = page.evaluate("took")
        return Measured(took / 1000, 0, 0, "")

    def steps(self) -> Steps:
        """Each tool with an empty and a full cache; those that are pages, opened."""
        opened: Steps = {
            f"{tool} opened": partial(self._opened, tool) for tool in self._pages
        }
        return opened | {
            f"{tool} {state}": partial(self._first_figure, tool, warm=state == "warm")
            for state in ("cold", "warm")
            for tool in self._homes
        }

    def rows(self, found: Found) -> list[Row]:
        """What the table shows."""
        return [
            ratio(
                f"to the first figure, {state} / Pyodide as it comes",
                found, f"ours {state}", f"stock {state}", limit=limit,
            )
            for state, limit in (("cold", 0.55), ("warm", 0.45))
        ] + [
            ratio(
                "from opening the page, cold / markdown-exec's fence",
                found, "ours opened", "fence opened", limit=0.5,
            )
        ] + [
            Row(f"a knob moved to the drawing shown, {pace}", moves, 150, unit=" ms")
            for pace, moves in self.moves.items()
        ]  # fmt: skip
