"""Writes service-worker.js into a site: the list of what it keeps, then its code.

A worker's scope is the folder that it stands in: it has to be at the site's root.
"""

import base64
import hashlib
import json
from pathlib import Path
from urllib.parse import quote

from study.files import write_whole

FILE = "service-worker.js"
BUILT = "assets/built/"
PYTHON = "assets/live/"
# What no page asks for: the theme's other languages and source maps, what is for
# crawlers, and downloads. Python is kept when a reader has run code.
LEFT = ("assets/javascripts/lunr/", f"{BUILT}folder", f"{BUILT}service-worker", FILE)
LEFT_KINDS = (".map", ".xml.gz", ".apkg", ".ipynb", ".zip")


def write(site: Path) -> None:
    """Write the worker of a complete site."""
    study = json.loads((site / PYTHON / "study.json").read_bytes())
    python = f"{PYTHON}{study['folder']}/"
    kept = {"files": _digests(site, python), "python": python}
    code = (site / BUILT / FILE).read_text(encoding="utf-8")
    text = f"globalThis.studySite = {json.dumps(kept, indent=0)};\n{code}"
    write_whole(site / FILE, text.encode())


def write_gone(site: Path) -> None:
    """Write the worker that takes an earlier one away."""
    write_whole(site / FILE, (site / BUILT / "service-worker-gone.js").read_bytes())


def _digests(site: Path, python: str) -> dict[str, str]:
    """Of each file that is kept at once, by its address below the site's."""
    found = {}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if name.startswith((*LEFT, python)) or name.endswith(LEFT_KINDS):
            continue
        digest = hashlib.sha256(path.read_bytes()).digest()
        integrity = f"sha256-{base64.b64encode(digest).decode()}"
        found[_address(name)] = integrity
    return found


def _address(name: str) -> str:
    """A page's is its folder's, as links have it."""
    folder, _, file = name.rpartition("/")
    if file == "index.html":
        return quote(f"{folder}/") if folder else "./"
    return quote(name)
