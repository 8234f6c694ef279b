"""Makes a folder out of a built site that opens without a server, from file://.

A browser loads scripts from files, but fetches nothing, starts no worker and takes no
folder for its index.html. So links name the file, and data come in scripts. Python
cannot run there; the page says so where a reader presses Run.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from study import offline
from study.deck import HREF
from study.errors import StudyError
from study.files import write_whole
from study.paths import ROOT

FOLDER = ROOT / "folder"
# What is of use with a server only. In assets/live/ is Python.
LEFT = ("404.html", "sitemap.xml*", "*.map", "live", offline.FILE)
SCRIPT = re.compile(r'<script defer src="((?:\.\./)*)assets/javascripts/bundle')
SHIM = "assets/built/folder.js"
WORKERS = "assets/javascripts/workers"
SEARCH = "search/search_index"


def write(site: Path, folder: Path) -> None:
    """Write the folder, which must not be there."""
    if not (site / "index.html").is_file():
        raise StudyError(site, None, "there is no built site: run `make build`")
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns(*LEFT))
    for path in sorted(folder.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        shim = SCRIPT.search(html)
        if shim is None:
            raise StudyError(path, None, "the theme's script is not where it was")
        tag = f'<script defer src="{shim[1]}{SHIM}"></script>'
        html = html.replace(shim[0], tag + shim[0], 1)
        write_whole(path, _linked(html, path.parent).encode())
    _search(folder)
    for path in sorted((folder / "assets" / "figures").glob("*.json")):
        place = f"(globalThis.studyDrawings ??= {{}})[{json.dumps(path.name)}]"
        _as_script(path, place)


def _linked(html: str, start: Path) -> str:
    return HREF.sub(lambda match: _named(match[0], start), html)


def _named(link: str, start: Path) -> str:
    """The link, with the name of the file if it leads to a folder's page."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return link
    if not (start / unquote(parts.path) / "index.html").is_file():
        return link
    return parts._replace(path=f"{parts.path.rstrip('/')}/index.html").geturl()


def _search(folder: Path) -> None:
    """Let the theme's search find its index and its worker in scripts."""
    path = folder / f"{SEARCH}.json"
    index = json.loads(path.read_bytes())
    for entry in index["docs"]:
        page, hash_, anchor = entry["location"].partition("#")
        entry["location"] = f"{page}index.html{hash_}{anchor}"
    path.write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
    _as_script(path, "var __index")
    workers = (folder / WORKERS).glob("*.js")
    code = {each.name: each.read_text(encoding="utf-8") for each in workers}
    shim = folder / SHIM
    text = f"globalThis.studyWorkers = {json.dumps(code)};\n{shim.read_text('utf-8')}"
    write_whole(shim, text.encode())


def _as_script(path: Path, name: str) -> None:
    """Put a script that gives the data of a JSON file this name in its place."""
    text = path.read_text(encoding="utf-8")
    write_whole(path.with_suffix(".js"), f"{name} = {text};\n".encode())
    path.unlink()


def main() -> int:
    """Write it beside the built site, in place of an earlier one."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        write(ROOT / "site", FOLDER)
    except StudyError as error:
        print(error.message, file=sys.stderr)
        return 1
    print(f"Open {FOLDER / 'index.html'} in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
