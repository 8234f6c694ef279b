"""Puts what runs in the page beside a built site: Python, its part of the machinery,
and the snippets, which readers can also take along."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

from study import runtime, takeaway
from study.drawn import Drawn
from study.files import keep, kept, write_whole
from study.paths import ROOT, STYLE
from study.sources import Sources, digest

HERE = Path(__file__).parent
# What study.live needs in the reader's browser.
LIVE = (
    "__init__",
    "controls",
    "drawing",
    "errors",
    "examples",
    "knobs",
    "live",
    "numerals",
    "paths",
    "quotes",
)
# What the page waits for, by which it shows how loading gets on.
AWAITED = ("pyodide.asm.wasm", "packages.bin", "packages.json")


def publish_live(site: Path, project: Path = ROOT) -> None:
    """Write it all into the site's assets; StudyError if Python is not whole."""
    packed, folder = runtime.files(), runtime.bundle().name
    sources = Sources(project / "snippets", project / ".cache")
    style = (sources.folder / STYLE).read_text(encoding="utf-8")
    files = {f"/study/study/{name}.py": _code(name) for name in LIVE}
    study = {
        "folder": folder,
        "sizes": {name: len(packed[name]) for name in AWAITED},
        "files": {**files, f"/home/reader/{STYLE}": style},
    }
    live = site / "assets" / "live"
    for name, data in packed.items():
        _update(live / folder / name, data)
    _update(live / "study.json", json.dumps(study).encode())
    drawn, cache = Drawn(project), project / ".cache" / "takeaway"
    for name in sources.names():
        figures: list[str] = []
        with suppress(ValueError):  # it is broken, or not drawn yet
            figures = [*drawn.figures(name)]
        for file, data in _taken(sources, name, figures, cache).items():
            _update(site / "assets" / "snippets" / file, data)


def _taken(
    sources: Sources, name: str, figures: list[str], cache: Path
) -> dict[str, bytes]:
    """A snippet's downloads by file name."""
    return {
        f"{name}.py": takeaway.published(sources, name)[0].encode(),
        f"{name}.zip": takeaway.zipped(sources, name),
        f"{name}.ipynb": _notebook(sources, name, figures, cache / name),
    }


def _notebook(sources: Sources, name: str, figures: list[str], cache: Path) -> bytes:
    """The notebook, kept while nothing in it changes: jupytext is slow to import."""
    texts = [sources.path(each).read_bytes() for each in sources.imports(name)]
    style = (sources.folder / STYLE).read_bytes()
    made_by = _code("takeaway").encode()
    key = digest(made_by, style, " ".join(figures).encode(), *texts)
    data = kept(cache / key)
    if data is None:
        data = takeaway.notebook(sources, name, figures)
        shutil.rmtree(cache, ignore_errors=True)
        keep(cache / key, data)
    return data


def _code(name: str) -> str:
    return (HERE / f"{name}.py").read_text(encoding="utf-8")


def _update(path: Path, data: bytes) -> None:
    """Write what is not there yet: it is large, and most builds change none of it."""
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)
