"""Fonts keep what pages, cards and drawings show, and little else."""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from small_project import ROOT

from study import fonts
from study.errors import StudyError

WHOLE = ROOT / "node_modules" / "katex" / "dist" / "fonts"
NAMES = ("KaTeX_Main-BoldItalic.woff2", "KaTeX_AMS-Regular.woff2")
FIRST = [f"KaTeX_{name}.woff2" for name in fonts.FIRST]
DATA = re.compile(r"url\(data:font/woff2;base64,([^)]+)\)")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "assets/built/fonts").mkdir(parents=True)
    whole(folder)
    page = folder / "part/page/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>\u2211 \u03c3</p>", "utf-8")
    (folder / "assets/cards.js").write_text('"\u2265"', "utf-8")
    (folder / "assets/figures").mkdir()
    (folder / "assets/figures/a.json").write_text('"\u221a"', "utf-8")
    return folder


def whole(site: Path) -> None:
    """The fonts and the style sheet as they were before."""
    for name in (*NAMES, *FIRST):
        path = site / "assets/built/fonts" / name
        path.write_bytes((WHOLE / name).read_bytes())
    css = "".join(f"@font-face{{src:url(fonts/{name})}}" for name in (*NAMES, *FIRST))
    (site / "assets/built" / fonts.SHEET).write_text(css, "utf-8")


def characters(path: Path) -> set[str]:
    return {chr(code) for code in TTFont(path).getBestCmap()}


def cut(site: Path, project: Path) -> dict[str, bytes]:
    fonts.cut(site, project)
    folder = site / "assets/built"
    return {p.name: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_what_is_shown_stays_and_the_rest_goes(site: Path, tmp_path: Path):
    cut(site, tmp_path)
    for name in NAMES:
        whole = characters(WHOLE / name)
        left = characters(site / "assets/built/fonts" / name)
        assert left >= whole & {*map(chr, range(32, 127)), *"∑σ≥√−×⋅…∞"}
        assert not left & {*"τΩ⊗⊳"}  # and ≤ is made of the parts of ≥
        assert len(left) < 0.7 * len(whole)


def test_a_letter_keeps_its_outline_and_width(site: Path, tmp_path: Path):
    cut(site, tmp_path)
    before, after = (
        TTFont(WHOLE / NAMES[0]),
        TTFont(site / "assets/built/fonts" / NAMES[0]),
    )
    for letter in "A0a":
        old, new = before.getBestCmap()[ord(letter)], after.getBestCmap()[ord(letter)]
        assert before["hmtx"][old] == after["hmtx"][new]
        coordinates = [
            font["glyf"][name].getCoordinates(font["glyf"])[0]
            for font, name in ((before, old), (after, new))
        ]
        assert [*coordinates[0]] == [*coordinates[1]]


def test_a_second_build_gives_the_same_bytes(site: Path, tmp_path: Path):
    first = cut(site, tmp_path)
    whole(site)
    assert cut(site, tmp_path / "elsewhere") == first  # cut anew
    whole(site)
    assert cut(site, tmp_path) == first  # kept


def test_the_first_fonts_are_in_their_style_sheet_and_no_others(
    site: Path, tmp_path: Path
):
    built = cut(site, tmp_path)
    assert built.keys() == {*NAMES, *FIRST, fonts.SHEET}
    css = built[fonts.SHEET].decode()
    inside = [TTFont(BytesIO(b64decode(data))) for data in DATA.findall(css)]
    assert [font["name"].getDebugName(6) for font in inside] == [
        name.removesuffix(".woff2") for name in FIRST
    ]
    assert all(f"url(fonts/{name})" in css for name in NAMES)


def test_a_sheet_that_does_not_name_a_font_stops_the_build(site: Path, tmp_path: Path):
    sheet = site / "assets/built" / fonts.SHEET
    sheet.write_text(sheet.read_text().replace("Math-Italic", "Math-Upright"))
    before = sheet.read_bytes()
    with pytest.raises(StudyError, match=r"fonts\.css: .*KaTeX_Math-Italic"):
        cut(site, tmp_path)
    assert sheet.read_bytes() == before
