"""The licences of all that a site ships, in one file: assets/licences.txt.

Each text comes out of the package that it speaks for; a package without one stops the
build.
"""

import re
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

from study.errors import StudyError
from study.files import write_whole
from study.paths import ROOT

FILE = "licences.txt"
LICENCE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)(?!.*\.svg).*", re.IGNORECASE)
# What a minifier keeps of the libraries that went into a script.
BANNER = re.compile(r"/\*!.*?\*/", re.DOTALL)
# What went into a script, as its source map names it.
PART = re.compile(r'"[^"]*node_modules/((?:@[^/"]+/)?[^/"]+)')
THEME = "mkdocs-material"
ICONS = "material/templates/.icons"


def write(site: Path) -> None:
    """Write the notices of a built site, whose assets are all there."""
    assets = site / "assets"
    made = [assets / "built" / FILE, *sorted(assets.glob(f"live/*/{FILE}"))]
    parts = [
        *of("These notes", ROOT),
        *theme(assets),
        *(path.read_text("utf-8").strip() for path in made),
    ]
    write_whole(assets / FILE, joined(parts).encode())


def joined(parts: Iterable[str]) -> str:
    """Notices, one below the other."""
    return f"\n\n{'-' * 72}\n\n".join(parts) + "\n"


def of(name: str, folder: Path) -> list[str]:
    """The notices of what is shipped under that name from a folder."""
    files = [path for path in sorted(folder.glob("*")) if LICENCE.fullmatch(path.name)]
    if not files:
        raise StudyError(
            None,
            None,
            f"{name} is shipped with the site, but {folder} has no licence file: ship"
            " it no more, or ask its authors for one",
        )
    return [notice(f"{name}, {path.name}", path) for path in files]


def notice(name: str, path: Path) -> str:
    """A licence file under its name."""
    return f"{name}:\n\n{path.read_text('utf-8').strip()}"


def home(package: str) -> Path:
    """Where the licence files of an installed Python package are."""
    about = distribution(package)
    for file in about.files or ():
        if LICENCE.fullmatch(file.name) and ".dist-info" in file.parts[0]:
            return Path(str(about.locate_file(file))).parent
    return Path(package)


def theme(assets: Path) -> list[str]:
    """The notices of the theme, of its icons and of the libraries in its scripts."""
    icons = Path(str(distribution(THEME).locate_file(ICONS)))
    parts = of(THEME, home(THEME))
    for folder in sorted(path for path in icons.iterdir() if path.is_dir()):
        parts += of(f"Icons of {folder.name}", folder)
    banners: dict[str, str] = {}
    for script in sorted((assets / "javascripts").rglob("*.js")):
        found = BANNER.findall(script.read_text("utf-8"))
        banners |= dict.fromkeys(found, f"In {script.name}")
    for sources in sorted((assets / "javascripts").rglob("*.js.map")):
        if names := sorted({*PART.findall(sources.read_text("utf-8"))}):
            parts.append(f"{sources.stem} is made with {', '.join(names)}.")
    return [*parts, *(f"{place}:\n\n{text}" for text, place in banners.items())]
