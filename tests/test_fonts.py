"""Fonts keep what pages, cards and drawings show, and little else."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from small_project import ROOT

from study import fonts

WHOLE = ROOT / "node_modules" / "katex" / "dist" / "fonts"
NAMES = ("KaTeX_Main-Regular.woff2", "KaTeX_AMS-Regular.woff2")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for name in NAMES:
        path = folder / "assets/built/fonts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((WHOLE / name).read_bytes())
    page = folder / "part/page/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>\u2211 \u03c3</p>", "utf-8")
    (folder / "assets/cards.js").write_text('"\u2265"', "utf-8")
    (folder / "assets/figures").mkdir()
    (folder / "assets/figures/a.json").write_text('"\u221a"', "utf-8")
    return folder


def characters(path: Path) -> set[str]:
    return {chr(code) for code in TTFont(path).getBestCmap()}


def cut(site: Path, project: Path) -> dict[str, bytes]:
    fonts.cut(site, project)
    folder = site / "assets/built/fonts"
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


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
    for letter in "A0√":
        old, new = before.getBestCmap()[ord(letter)], after.getBestCmap()[ord(letter)]
        assert before["hmtx"][old] == after["hmtx"][new]
        coordinates = [
            font["glyf"][name].getCoordinates(font["glyf"])[0]
            for font, name in ((before, old), (after, new))
        ]
        assert [*coordinates[0]] == [*coordinates[1]]


def test_a_second_build_gives_the_same_bytes(site: Path, tmp_path: Path):
    first = cut(site, tmp_path)
    for name in NAMES:
        (site / "assets/built/fonts" / name).write_bytes((WHOLE / name).read_bytes())
    assert cut(site, tmp_path / "elsewhere") == first  # cut anew
    for name in NAMES:
        (site / "assets/built/fonts" / name).write_bytes((WHOLE / name).read_bytes())
    assert cut(site, tmp_path) == first  # kept
