"""What every snippet keeps, over the folder: a new snippet is tested by being there."""

import ast
import itertools
import re
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import matplotlib
import pytest
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from small_project import ROOT

from study import drawing, knobs
from study.drawing import Artist

SNIPPETS = sorted((ROOT / "snippets").glob("*.py"))
PAGES = "\n".join(p.read_text("utf-8") for p in (ROOT / "docs").rglob("*.md"))
ARTISTS = [
    Artist(path, function)
    for path in SNIPPETS
    for function in drawing.figures(drawing.load(path)).values()
]
ALLOWED = {"matplotlib", "numpy", *(path.stem for path in SNIPPETS)}
FORBIDDEN = {"open", "os", "pathlib", "plt", "pyplot", "rcParams", "time", "warnings"}

each_snippet = pytest.mark.parametrize("path", SNIPPETS, ids=lambda p: p.stem)
each_figure = pytest.mark.parametrize("artist", ARTISTS, ids=lambda a: a.name)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@each_snippet
def test_it_opens_with_a_sentence_and_names_its_source(path: Path):
    text = ast.get_docstring(tree(path)) or ""
    assert text.split("\n")[0].endswith(".")
    assert re.search(r"^Sources?: .+", text, re.MULTILINE)


@each_snippet
def test_it_uses_numpy_matplotlib_and_the_standard_library_alone(path: Path):
    names, modules = set(), set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module)
        elif isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
    tops = {module.split(".")[0] for module in modules}
    assert tops <= ALLOWED | sys.stdlib_module_names
    assert not (names | tops | {m.split(".")[-1] for m in modules}) & FORBIDDEN


@each_snippet
def test_its_randomness_is_seeded(path: Path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in {"random", "default_rng"}:
            assert "np.random.default_rng" in path.read_text("utf-8")
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("_rng"):
            assert node.args, "default_rng() without a seed differs on every run"


@each_snippet
def test_it_fits_a_page(path: Path):
    lines = path.read_text("utf-8").split("\n")
    assert len(lines) <= 121
    assert max(map(len, lines)) <= 79


@each_snippet
def test_a_page_shows_it(path: Path):
    assert f'--8<-- "{path.name}' in PAGES


@each_figure
def test_a_page_shows_the_figure(artist: Artist):
    name = re.escape(artist.name.removesuffix(".figure"))
    assert re.search(rf"^/// figure \| {name}(\.figure)?\s*$", PAGES, re.MULTILINE)


@each_figure
def test_the_same_input_gives_the_same_drawing(artist: Artist):
    assert artist.draw() == artist.draw()


@each_figure
def test_every_colour_follows_the_scheme(artist: Artist):
    svg, _ = artist.draw()
    assert re.findall(r"(?<!href=\")#[0-9a-f]{6}\b", svg) == []


def corners(artist: Artist) -> list[dict[str, knobs.Value]]:
    """The leading knobs at their first, default and last values, all combined."""
    leading = knobs.drawn(artist.knobs)
    ends = [
        dict.fromkeys((k.values[0], k.values[k.default], k.values[-1])) for k in leading
    ]
    names = [knob.name for knob in leading]
    return [dict(zip(names, each, strict=True)) for each in itertools.product(*ends)]


def drawn(artist: Artist, moved: dict[str, knobs.Value]) -> Figure:
    with matplotlib.rc_context(fname=ROOT / "snippets" / "study.mplstyle"):
        fig = Figure()
        FigureCanvasAgg(fig)
        artist.function(fig, **moved)
        fig.draw_without_rendering()
        return fig


class Look(NamedTuple):
    """What a figure looks like with its knobs at these values."""

    moved: dict[str, knobs.Value]
    frame: list[object]  # of every axes: its place and limits
    size: tuple[float, float]
    texts: list[tuple[str, Bbox]]


@cache
def looks(artist: Artist) -> list[Look]:
    """A figure at its default and at all corners, drawn once for all tests."""
    found = []
    for moved in [{}, *corners(artist)]:
        fig = drawn(artist, moved)
        frame: list[object] = [
            (ax.get_position().bounds, ax.get_xlim(), ax.get_ylim()) for ax in fig.axes
        ]
        texts = [(text.get_text(), text.get_window_extent()) for text in shown(fig)]
        found.append(Look(moved, frame, (fig.bbox.width, fig.bbox.height), texts))
    return found


def shown(fig: Figure) -> list[Text]:
    """The texts that one sees: ticks outside the view are not drawn."""
    of_ticks, live = set(), set()
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            of_ticks |= {*axis.get_majorticklabels(), *axis.get_minorticklabels()}
            of_ticks.add(axis.offsetText)
            if ax.axison:
                live |= {
                    t
                    for tick in axis._update_ticks()
                    for t in (tick.label1, tick.label2)
                }
    return [
        text
        for text in fig.findobj(Text)
        if text.get_visible() and text.get_text().strip()
        if text not in of_ticks or text in live
    ]


@each_figure
def test_no_axis_jumps_when_a_knob_moves(artist: Artist):
    start, *others = looks(artist)
    for look in others:
        assert look.frame == start.frame, look.moved


@each_figure
def test_axes_that_count_say_what_they_count(artist: Artist):
    def counts(axis: Axis) -> bool:
        return axis.get_visible() and any(
            t.get_visible() and t.get_text() for t in axis.get_ticklabels()
        )

    for ax in drawn(artist, {}).axes:
        if ax.axison:
            assert ax.get_xlabel() or not counts(ax.xaxis), "x axis without a label"
            assert ax.get_ylabel() or not counts(ax.yaxis), "y axis without a label"


@each_figure
def test_no_text_is_clipped_or_covers_another(artist: Artist):
    for moved, _, (width, height), texts in looks(artist)[1:]:
        for words, box in texts:
            inside = box.x0 >= -1 and box.y0 >= -1
            inside &= box.x1 <= width + 1 and box.y1 <= height + 1
            assert inside, f"{words!r} leaves the drawing at {moved}"
        for (one, a), (two, b) in itertools.combinations(texts, 2):
            dx = min(a.x1, b.x1) - max(a.x0, b.x0)
            dy = min(a.y1, b.y1) - max(a.y0, b.y0)
            assert dx <= 1 or dy <= 1, f"{one!r} covers {two!r} at {moved}"
