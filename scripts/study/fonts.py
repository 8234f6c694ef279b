"""Cuts the formulas' fonts of a built site down to the characters that it has: whole,
they weigh more than anything else that a page loads. Those that nearly every formula
needs come with a style sheet of pages that have formulas, to be there when the text is
first painted."""

import shutil
from base64 import b64encode
from io import BytesIO
from pathlib import Path

from study.errors import StudyError
from study.files import keep, kept, write_whole
from study.paths import ROOT
from study.sources import digest

# What a reader's own code can bring into a formula: its numbers.
ALWAYS = {*map(chr, range(0x20, 0x7F)), *"−×⋅…∞"}
SHEET = "first-fonts.css"
FIRST = ("Main-Regular", "Math-Italic", "Size1-Regular", "Size2-Regular")
MADE_OF = ("*.html", "assets/cards.js", "assets/figures/*.json")


def cut(site: Path, project: Path = ROOT) -> None:
    """Write each font with the characters of the site's pages, cards and drawings."""
    texts = [path.read_text("utf-8") for name in MADE_OF for path in site.rglob(name)]
    characters = "".join(sorted(ALWAYS.union(*texts)))
    cache = project / ".cache" / "fonts"
    found = {}
    for path in sorted((site / "assets/built/fonts").glob("*.woff2")):
        data, code = path.read_bytes(), Path(__file__).read_bytes()
        key = digest(code, data, characters.encode())
        found[key] = kept(cache / key) or _cut(data, characters)
        write_whole(path, found[key])
    shutil.rmtree(cache, ignore_errors=True)
    for key, data in found.items():
        keep(cache / key, data)
    _put_into(site / "assets/built" / SHEET)


def _put_into(sheet: Path) -> None:
    css = sheet.read_text("utf-8")
    for name in FIRST:
        font = sheet.parent / f"fonts/KaTeX_{name}.woff2"
        before, address, after = css.partition(f"fonts/{font.name}")
        if not address:
            raise StudyError(sheet, None, f"does not name {font.name}, its font")
        data = b64encode(font.read_bytes()).decode()
        css = f"{before}data:font/woff2;base64,{data}{after}"
    write_whole(sheet, css.encode())


def _cut(data: bytes, characters: str) -> bytes:
    from fontTools import subset  # slow, and rarely needed

    # The last change's time would be that of this build.
    options = subset.Options(
        flavor="woff2", notdef_outline=True, recalc_timestamp=False
    )
    font = subset.load_font(BytesIO(data), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    out = BytesIO()
    subset.save_font(font, out, options)
    return out.getvalue()
