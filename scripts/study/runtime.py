"""Fetch, verify, trim and pack the Python that runs in the page.

The core is npm's `pyodide`, installed and verified by npm; its pyodide-lock.json
holds the sha256 of each wheel of that release. The wheels come out of a package that
carries them (requirements-runtime.txt), or from where PYODIDE_DISTRIBUTION says: a
folder, or an https address, with the files of that release. Compiling and packing
takes half a minute; wheels and result are kept outside the project and made once.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

from study import notices
from study.errors import StudyError
from study.files import write_whole
from study.mathematics import NODE
from study.paths import ROOT

PYODIDE = ROOT / "node_modules" / "pyodide"
CARRIER = ROOT / "requirements-runtime.txt"
COMPILE = ROOT / "scripts" / "compile.mjs"
# NumPy, matplotlib, and what they cannot be imported without.
PACKAGES = (
    "contourpy",
    "cycler",
    "kiwisolver",
    "matplotlib",
    "numpy",
    "packaging",
    "pillow",
    "pyparsing",
    "python-dateutil",
    "six",
)
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm")
# What no page can use: tests, other languages' files, other output formats, fonts
# besides the default ones and those that mathtext looks for, servers, processes.
DROPPED = (
    "/tests/", "/testing/", "/f2py/", "/include/", "/distutils/", "/_pyinstaller/",
    "/sample_data/", "/afm/", "/pdfcorefonts/", "/plot_directive/", "/mpl-data/images/",
    "/DejaVuSerif", "/DejaVuSansMono-",
    "/lib/npyrandom", "/sphinxext/", "mpl_toolkits/", "pylab.py",
    "/backends/backend_gtk", "/backends/backend_qt", "/backends/backend_tk",
    "/backends/backend_wx", "/backends/backend_web", "/backends/backend_pdf",
    "/backends/backend_ps", "/backends/backend_pgf", "/backends/qt_", "/web_backend/",
    "PIL/_imagingft", "PIL/_webp", "PIL/_imagingcms", "PIL/_imagingtk",
    "multiprocessing/", "xmlrpc/", "wsgiref/", "imaplib.py", "smtplib.py", "ftplib.py",
    "nntplib.py", "mailbox.py", "poplib.py", "telnetlib.py", "socketserver.py",
)  # fmt: skip
KEPT = (".py", ".so", ".ttf", ".mplstyle", "matplotlibrc", ".json")
LICENCES = ("LICENSE", "LICENCE", "COPYING")
# npm's pyodide has neither its own licence's text nor CPython's; these packages are
# under the same two and have them.
MOZILLA, PYTHON = ROOT / "node_modules" / "axe-core", "typing-extensions"
UNUSED = 60 * 24 * 3600  # seconds after which a bundle that nobody takes goes
REMEDY = "`.venv/bin/python -m study.runtime` packs it anew"
SITE_PACKAGES = "lib/python3.12/site-packages"


def error(message: str) -> StudyError:
    """What stops the set-up or the build."""
    return StudyError(None, None, f"Python for the page: {message}")


def version() -> str:
    """The release, as package.json names it."""
    try:
        return str(json.loads((PYODIDE / "package.json").read_bytes())["version"])
    except OSError:
        raise error("npm's pyodide is missing: run `make setup`") from None


def bundle() -> Path:
    """Where the packed files are, or will be; a folder a release and recipe."""
    recipe = hashlib.sha256()
    for path in (Path(__file__), COMPILE, PYODIDE / "pyodide-lock.json"):
        recipe.update(path.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "study-notes" / f"{version()}-{recipe.hexdigest()[:8]}"


def files() -> dict[str, bytes]:
    """The packed files by name, each known to be what was packed."""
    folder = bundle()
    try:
        listed = json.loads((folder / "digests.json").read_bytes())
    except (OSError, ValueError):
        raise error(f"{folder} is not complete: {REMEDY}") from None
    found = {}
    for name, digest in listed.items():
        try:
            found[name] = (folder / name).read_bytes()
        except OSError as why:
            raise error(f"{why.filename}: {why.strerror}; {REMEDY}") from None
        if hashlib.sha256(found[name]).hexdigest() != digest:
            raise error(f"{folder / name} is not what was packed; {REMEDY}")
    with suppress(OSError):  # another user's folder does as well
        os.utime(folder)
    return found


def wheels(packages: Sequence[str] = PACKAGES) -> dict[str, bytes]:
    """Each package's wheel, verified against the lock of the release."""
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_bytes())["packages"]
    paths = {n: bundle().parent / "wheels" / lock[n]["file_name"] for n in packages}
    found = {n: path.read_bytes() for n, path in paths.items() if path.exists()}
    missing = [
        name
        for name in packages
        if hashlib.sha256(found.get(name, b"")).hexdigest() != lock[name]["sha256"]
    ]
    if missing:
        found |= _fetched({name: lock[name] for name in missing})
        for name in missing:
            write_whole(paths[name], found[name])
    return {name: found[name] for name in packages}


def _fetched(asked: dict[str, Any]) -> dict[str, bytes]:
    origin = os.environ.get("PYODIDE_DISTRIBUTION")
    with tempfile.TemporaryDirectory() as scratch:
        read = _reader(origin) if origin else _carried(Path(scratch))
        found = {}
        for name, entry in asked.items():
            try:
                found[name] = read(entry["file_name"])
            except (OSError, HTTPException, KeyError, ValueError) as why:
                raise error(f"no {entry['file_name']}: {why}") from None
            digest = hashlib.sha256(found[name]).hexdigest()
            if digest != entry["sha256"]:
                raise error(
                    f"{entry['file_name']} from {origin or CARRIER.name} is not the"
                    f" one of release {version()}: its sha256 is {digest}, expected"
                    f" {entry['sha256']}"
                )
    return found


def _reader(origin: str) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        if "://" not in origin:
            return Path(origin, name).read_bytes()
        address = f"{origin.rstrip('/')}/{name}"
        with urllib.request.urlopen(address, timeout=60) as answer:
            data: bytes = answer.read()
            return data

    return read


def _carried(scratch: Path) -> Callable[[str], bytes]:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "-q", "--no-deps"),
            *("-d", str(scratch), "--require-hashes", "-r", str(CARRIER)),
        ],
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise error(
            f"its packages could not be fetched:\n{run.stderr.strip()}\n"
            "PYODIDE_DISTRIBUTION may name a folder or an https address with the files"
            f" of release {version()}"
        )
    carrier = zipfile.ZipFile(next(scratch.iterdir()))
    places = {Path(name).name: name for name in carrier.namelist()}
    return lambda name: carrier.read(places[name])


def pack() -> Path:
    """Make the bundle, if it is not there; returns its folder."""
    folder = bundle()
    try:
        files()
        return folder
    except StudyError:
        pass
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree")
        licences = _unpack(tree, wheels())
        _compile(tree)
        packed = {
            **{name: (PYODIDE / name).read_bytes() for name in CORE},
            "python_stdlib.zip": _zipped(tree / "stdlib"),
            **_blob(tree / "packages"),
            "pyodide-lock.json": _lock(),
            "licences.txt": licences.encode(),
        }
    for name, data in packed.items():
        write_whole(folder / name, data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in packed.items()}
    write_whole(folder / "digests.json", json.dumps(digests, indent=1).encode())
    prune(folder.parent, time.time())
    return folder


def prune(home: Path, now: float) -> None:
    """Drop the bundles of other releases and recipes that no checkout has taken for
    long: whatever takes one touches its folder."""
    for digests in home.glob("*/digests.json"):
        if now - digests.parent.stat().st_mtime > UNUSED:
            shutil.rmtree(digests.parent, ignore_errors=True)


def _unpack(tree: Path, found: dict[str, bytes]) -> str:
    """Put what is needed of the standard library and the packages below the tree;
    returns their licences."""
    licences = [
        notices.notice(
            f"Pyodide {version()}, from https://github.com/pyodide/pyodide",
            MOZILLA / "LICENSE",
        ),
        notices.notice("CPython 3.12", notices.home(PYTHON) / "LICENSE"),
    ]
    stdlib = (PYODIDE / "python_stdlib.zip").read_bytes()
    parts = [("stdlib", "", stdlib)]
    parts += [(f"packages/{SITE_PACKAGES}", name, found[name]) for name in found]
    for home, package, data in parts:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                name = info.filename
                last = Path(name).name
                if last.startswith(LICENCES) and not name.endswith(KEPT):
                    text = archive.read(info).decode(errors="replace")
                    if text.strip():
                        licences.append(f"{package}, {name}:\n\n{text.strip()}")
                elif name.endswith(KEPT) and not any(d in f"/{name}" for d in DROPPED):
                    path = tree / home / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(archive.read(info))
        if package and not any(text.startswith(f"{package}, ") for text in licences):
            raise error(f"{package} has no licence file in its wheel")
    return notices.joined(licences)


def _compile(tree: Path) -> None:
    """Compile every module with the Python that will run it; list its fonts."""
    run = subprocess.run(
        [NODE, COMPILE, PYODIDE, tree], capture_output=True, encoding="utf-8"
    )
    if run.returncode:
        raise error(f"it could not be compiled:\n{run.stdout}{run.stderr}")


def _zipped(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in _below(folder):
            name = path.relative_to(folder).as_posix()
            entry = zipfile.ZipInfo(name)
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _blob(folder: Path) -> dict[str, bytes]:
    """All files end to end, as the browser itself unzips fastest, and where each is."""
    index, data = {}, bytearray()
    for path in _below(folder):
        content = path.read_bytes()
        index[f"/{path.relative_to(folder).as_posix()}"] = [len(data), len(content)]
        data += content
    return {
        "packages.json": json.dumps(index, separators=(",", ":")).encode(),
        "packages.bin": gzip.compress(bytes(data), 9, mtime=0),
    }


def _below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _lock() -> bytes:
    """The lock without packages: nothing is fetched one by one."""
    info = json.loads((PYODIDE / "pyodide-lock.json").read_bytes())["info"]
    return json.dumps({"info": info, "packages": {}}).encode()


def main() -> int:
    """Make the bundle, and tell a failure to the terminal."""
    try:
        pack()
    except (StudyError, OSError) as why:
        print(f"Error: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
