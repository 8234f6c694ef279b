"""Build what the browser loads besides the page: docs/assets/built/.

`study.js` and `study.css` are bundled from docs/assets/, KaTeX's style sheet and fonts
come out of node_modules. Files are written only when their bytes change, so that the
live reload of `mkdocs serve` does not chase itself.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from study import fonts, notices
from study.errors import StudyError

ROOT = Path(__file__).resolve().parents[1]
ENTRIES = (
    "study.js",
    "study.css",
    "editor.js",
    "live-worker.js",
    "review.js",
    "folder.js",
    "service-worker.js",
    "service-worker-gone.js",
)
FONT = re.compile(rb"""url\(["']?(fonts/[^"')]+\.woff2)["']?\) *format\("woff2"\)""")
FACE = re.compile(rb"@font-face\{[^}]*\}")
OTHER_FORMATS = re.compile(
    rb""", *url\([^)]*\.(?:woff|ttf)["']?\) *format\("(?:woff|truetype)"\)"""
)


PACKAGE = re.compile(r".*node_modules/((?:@[^/]+/)?[^/]+)/")


class AssetsError(Exception):
    """The assets cannot be built; the message says where and why."""


def build(root: Path = ROOT) -> bool:
    """Bring docs/assets/built/ up to date; say whether anything was written.

    When the bundle fails, the earlier files stay as they were.
    """
    built = root / "docs/assets/built"
    note = root / ".cache/assets.json"
    inputs = _inputs(root)
    if _read_note(note) == {"inputs": inputs, "outputs": _hashes(built)}:
        return False
    outputs, packages = _bundle(root)
    outputs |= _katex(root / "node_modules/katex")
    outputs[notices.FILE] = _notices(root / "node_modules", {*packages, "katex"})
    changed = _write(built, outputs)
    note.parent.mkdir(parents=True, exist_ok=True)
    _replace(note, json.dumps({"inputs": inputs, "outputs": _hashes(built)}).encode())
    return changed


def _inputs(root: Path) -> str:
    """Return one hash over everything that the outputs are made of."""
    assets = root / "docs/assets"
    files = [
        path
        for path in sorted(assets.rglob("*"))
        if path.is_file() and (assets / "built") not in path.parents
    ]
    # npm's own record of what it installed stands for all of node_modules.
    files += [Path(__file__), Path(notices.__file__), Path(fonts.__file__)]
    files += [root / "node_modules/.package-lock.json"]
    digest = hashlib.sha256()
    for path in files:
        if path.exists():
            digest.update(f"{path.name}\0{_sha256(path.read_bytes())}\n".encode())
    return digest.hexdigest()


def _bundle(root: Path) -> tuple[dict[str, bytes], set[str]]:
    """Return the bundled scripts and style sheet by file name, and the packages that
    went into them."""
    esbuild = root / "node_modules/esbuild/bin/esbuild"
    assets = root / "docs/assets"
    for needed, remedy in (
        (esbuild, "run `make setup`"),
        *((assets / entry, "restore it") for entry in ENTRIES),
    ):
        if not needed.exists():
            message = f"{needed.relative_to(root)} is missing: {remedy}"
            raise AssetsError(message)
    with tempfile.TemporaryDirectory() as scratch:
        run = subprocess.run(
            [
                node(),
                str(esbuild),
                *(f"docs/assets/{entry}" for entry in ENTRIES),
                f"--outdir={scratch}",
                f"--metafile={scratch}/made-of.json",
                "--bundle",
                "--minify",
                # A classic script: browsers refuse modules on file:// pages.
                "--format=iife",
                "--target=es2022",
                "--charset=utf8",
                "--loader:.svg=dataurl",
                '--define:process.env.NODE_ENV="production"',  # workbox's log
                "--log-level=warning",
                "--color=false",
            ],
            cwd=root,
            capture_output=True,
            encoding="utf-8",
        )
        if run.returncode or run.stderr.strip():
            raise AssetsError(_told(run.stderr))
        made_of = json.loads((Path(scratch) / "made-of.json").read_bytes())["inputs"]
        packages = {match[1] for name in made_of if (match := PACKAGE.search(name))}
        outputs = {entry: (Path(scratch) / entry).read_bytes() for entry in ENTRIES}
        return outputs, packages


def node() -> str:
    """Return the Node that was installed beside this Python."""
    folder = Path(sys.executable).parent
    for name in ("node", "node.exe"):
        if (folder / name).exists():
            return str(folder / name)
    message = f"there is no Node in {folder}: run `make setup`"
    raise AssetsError(message)


def _told(stderr: str) -> str:
    """Return esbuild's messages as lines of `file:line:column: text`."""
    lines = []
    for message in re.finditer(
        r"\[(?:ERROR|WARNING)\] (.+)\n(?:\n +(\S.*?:\d+):(\d+):\n)?", stderr
    ):
        text, place, column = message.groups()
        # esbuild counts columns from 0, editors from 1.
        lines.append(f"{place}:{int(column) + 1}: {text}" if place else text)
    return "\n".join(lines) or stderr.strip() or "esbuild failed and did not say why"


def _katex(katex: Path) -> dict[str, bytes]:
    """Return KaTeX's style sheet, the rules of the fonts that most formulas need, and
    the fonts."""
    sheet = katex / "dist/katex.min.css"
    if not sheet.exists():
        message = "KaTeX is not installed: run `make setup`"
        raise AssetsError(message)
    # Every browser in use reads woff2; the other formats triple the size.
    css = OTHER_FORMATS.sub(b"", sheet.read_bytes())
    names = sorted({name.decode() for name in FONT.findall(css)})
    faces = {FONT.findall(rule)[0].decode(): rule for rule in FACE.findall(css)}
    first = [faces.get(f"fonts/KaTeX_{name}.woff2", b"") for name in fonts.FIRST]
    if not all(first) or css.count(b"url(") != css.count(b".woff2)"):
        message = f"{sheet.name} names its fonts in an unknown way"
        raise AssetsError(message)
    return {
        "katex.css": css,
        fonts.SHEET: b"".join(first),
        **{name: (katex / "dist" / name).read_bytes() for name in names},
    }


def _notices(modules: Path, packages: set[str]) -> bytes:
    """Return the licences of the packages, and those that KaTeX's fonts state."""
    from matplotlib.ft2font import FT2Font  # slow to import, and rarely needed

    parts = []
    for name in sorted(packages):
        about = json.loads((modules / name / "package.json").read_bytes())
        try:
            parts += notices.of(f"{name} {about['version']}", modules / name)
        except StudyError as error:
            raise AssetsError(error.message) from None
    for font in sorted((modules / "katex/dist/fonts").glob("*.ttf")):
        licence = FT2Font(str(font)).get_sfnt().get((3, 1, 0x409, 13))
        if not licence:
            message = f"{font.name} is shipped but states no licence"
            raise AssetsError(message)
        parts.append(f"{font.stem}:\n\n{licence.decode('utf-16-be').strip()}")
    return notices.joined(parts).encode()


def _write(folder: Path, outputs: dict[str, bytes]) -> bool:
    """Make the folder hold exactly these files; say whether anything changed."""
    before = _hashes(folder)
    wanted = {name: _sha256(data) for name, data in outputs.items()}
    for name in before.keys() - wanted.keys():
        (folder / name).unlink()
    for name, data in outputs.items():
        if before.get(name) != wanted[name]:
            _replace(folder / name, data)
    return before != wanted


def _replace(path: Path, data: bytes) -> None:
    """Write the file in one step, so that no reader sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=".", suffix=".part", delete=False
    ) as part:
        part.write(data)
    Path(part.name).chmod(0o644)
    Path(part.name).replace(path)


def _hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file below the folder by its relative path."""
    return {
        path.relative_to(folder).as_posix(): _sha256(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _read_note(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main() -> int:
    """Build, and tell a failure to the terminal."""
    try:
        build()
    except AssetsError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
