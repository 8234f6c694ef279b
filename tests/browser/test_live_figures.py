"""Figures drawn in the page are what the build drew, and move by every knob."""

import base64
import json
import os
import re
import subprocess
import zlib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from browser.live import LONG, Reader, reading, text
from browser.shown import (
    DRAWN,
    MARKUP,
    PAGES,
    ROOT,
    Shown,
    Stops,
    declared,
    default,
    drawing,
)
from playwright.sync_api import Browser, expect

from study import knobs
from study.knobs import Knob

PYTHON = ROOT / ".venv-browser" / "bin" / "python"
# Prints what figures draw and report at positions, wherever it runs.
DRAW = """
import base64, json, sys, zlib
from pathlib import Path
from study.drawing import Artist, load

def drawn(folder, calls):
    for name, moved in calls:
        snippet, _, function = name.partition(".")
        path = Path(folder, snippet + ".py")
        module = sys.modules.get(snippet) or load(path)
        svg, facts = Artist(path, getattr(module, function)).draw(moved)
        # Packed, for the page caps what is printed.
        packed = base64.b64encode(zlib.compress(svg.encode())).decode()
        print(json.dumps([packed, facts]))
"""
Answer = tuple[str, dict[str, Any]]


# A figure of rounding errors, fits that are all but singular, and steps that blow
# errors up until nothing else is left: the page's C library and linear algebra round
# otherwise. Of their drawings only the elements are compared, and these facts of theirs
# are not.
ROUNDING: dict[str, set[str]] = {
    "backpropagation.figure": {"error_here", "best_error"},
    "double_descent.figure": set(),
    "learning_curves.figure": set(),
    "momentum.figure": set(),
    "optimizer_race.figure": {"loss_rmsprop"},
    "optimizer_rates.figure": {"tuned_rmsprop"},
}


def positions(name: str) -> list[Stops]:
    """The default and two others: all knobs first, last, or in the middle."""
    ends = [len(knob.values) - 1 for knob in DRAWN.figure(name).knobs]
    others = (tuple(int(part * end) for end in ends) for part in (0, 1, 0.5))
    return list(dict.fromkeys([default(name), *others]))[:3]


def moved(name: str, stops: Stops) -> dict[str, Any]:
    placed = zip(DRAWN.figure(name).knobs, stops, strict=True)
    return {knob.name: knob.values[at] for knob, at in placed}


# Where a figure's code stands beside it: home shows one without.
FIGURE_PAGES = {
    name: page_of
    for page_of, name in declared()
    if f'--8<-- "{name.partition(".")[0]}.py:' in PAGES[page_of].read_text("utf-8")
}
FIGURES = [*FIGURE_PAGES]
MORE = [
    (page_of, name)
    for name, page_of in FIGURE_PAGES.items()
    if len(DRAWN.figure(name).all_knobs) > len(DRAWN.figure(name).knobs)
]
CALLS = [(name, moved(name, stops)) for name in FIGURES for stops in positions(name)]
EXTRA = [
    (name, {knob.name: knob.values[-1 if knob.default == 0 else 0]})
    for _, name in MORE
    for knob in DRAWN.figure(name).all_knobs[len(DRAWN.figure(name).knobs) :]
]


@cache
def in_the_browsers_versions() -> dict[str, Answer]:
    """Every call with the NumPy and matplotlib of the browser, outside of it."""
    assert PYTHON.exists(), "`make test` installs the browser's NumPy and matplotlib"
    calls = [*CALLS, *EXTRA]
    folder = ROOT / "snippets"
    code = f"{DRAW}\ndrawn({str(folder)!r}, {calls!r})"
    done = subprocess.run(
        [PYTHON, "-c", code],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'scripts'}:{folder}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(map(repr, calls), answers(done.stdout), strict=True))


def answers(printed: str) -> list[Answer]:
    lines = map(json.loads, printed.splitlines())
    return [(unpacked(svg), facts) for svg, facts in lines]


def unpacked(svg: str) -> str:
    return zlib.decompress(base64.b64decode(svg)).decode()


@pytest.fixture(scope="module")
def shared(browser: Browser, site: str) -> Iterator[Reader]:
    with reading(browser, site, next(iter(FIGURE_PAGES.values()))) as reader:
        yield reader


@pytest.fixture
def reader(shared: Reader) -> Iterator[Reader]:
    with shared.quiet():
        yield shared


def kept(name: str, stops: Stops) -> dict[str, Any]:
    """The facts that the build has."""
    figure = DRAWN.figure(name)
    everything = figure.store.combinations(name.partition(".")[2])
    assert everything
    index = list(knobs.positions(figure.knobs)).index(stops)
    return dict(zip(figure.facts, everything["facts"][index], strict=True))


def held(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that must agree."""
    return {k: v for k, v in facts.items() if k not in ROUNDING.get(name, ())}


def close_to(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        key: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
        for key, value in facts.items()
    }


# matplotlib names a marker and a clip by what it looks like.
NAMED = re.compile(r"\b[mp][0-9a-f]{10}\b")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


PATH = re.compile(r'(?<= d=")[^"]*')
# Points, the last of whose two decimals other digits of exp and log can turn.
CLOSE = 0.0101
# Points: what matplotlib leaves out of a long line lies this near to what it keeps, and
# those digits decide what it leaves out.
SIMPLIFIED = 0.2


def numbers(text: str) -> list[float]:
    return [float(number) for number in NUMBER.findall(text)]


def shape(svg: str) -> tuple[list[str], list[float], list[list[float]]]:
    """What a drawing is but for its numbers, these, and those of each path."""
    seen: dict[str, int] = {}
    svg = NAMED.sub(lambda name: f"name{seen.setdefault(name[0], len(seen))}", svg)
    rest = PATH.sub("", svg)
    return NUMBER.split(rest), numbers(rest), [*map(numbers, PATH.findall(svg))]


def extent(path: list[float]) -> list[float]:
    x, y = path[::2], path[1::2]
    return [min(x), max(x), min(y), max(y)]


def is_same_path(one: list[float], other: list[float]) -> bool:
    if len(one) == len(other) and one == pytest.approx(other, rel=0, abs=CLOSE):
        return True
    near = pytest.approx(extent(other), rel=0, abs=SIMPLIFIED)
    return min(len(one), len(other)) > 100 and extent(one) == near


def same(name: str, one: str, other: str) -> bool:
    """Whether two drawings are the same, but for what rounding turns."""
    if one == other:
        return True
    if name in ROUNDING:
        return elements(one) == elements(other)
    (words, rest, paths), (their_words, theirs, their_paths) = shape(one), shape(other)
    return (
        words == their_words
        and rest == pytest.approx(theirs, rel=0, abs=CLOSE)
        and all(map(is_same_path, paths, their_paths))
    )


def elements(svg: str) -> list[str]:
    return re.findall(r"<(\w+)", svg)


SNIPPETS = defaultdict(list)
for figure, page_of in FIGURE_PAGES.items():
    SNIPPETS[page_of, figure.partition(".")[0]].append(figure)


@pytest.mark.parametrize(("page_of", "snippet"), SNIPPETS)
def test_facts_and_drawings_are_the_builds(reader: Reader, page_of: str, snippet: str):
    reader.visit(page_of)
    code = reader.block(snippet)
    calls = [call for call in CALLS if call[0] in SNIPPETS[page_of, snippet]]
    code.write(f"{text(snippet)}\n{DRAW}\ndrawn('/home/reader', {calls!r})\n")
    code.run()
    given = answers(code.printed.inner_text())
    for call, (svg, facts) in zip(calls, given, strict=True):
        name, at = call
        expected, theirs = in_the_browsers_versions()[repr(call)]
        assert same(name, svg, expected)
        stops = next(s for s in positions(name) if moved(name, s) == at)
        for whole in theirs, kept(name, stops):
            assert facts.keys() == whole.keys()
            assert held(name, facts) == close_to(held(name, whole))
        assert elements(svg) == elements(drawing(name, stops))


@pytest.mark.parametrize(("name", "page_of"), FIGURE_PAGES.items())
def test_knobs_draw_live_what_the_build_drew(reader: Reader, name: str, page_of: str):
    reader.visit(page_of)
    snippet = name.partition(".")[0]
    reader.block(snippet).run()
    figure = Shown(reader.page, name)
    for stops in positions(name)[::-1]:
        figure.turn(stops)
        svg, _ = in_the_browsers_versions()[repr((name, moved(name, stops)))]
        expect_drawing(figure, svg)
        expect(figure.status).to_be_empty()
    # At the default all numbers are as published.
    moved_quotes = reader.page.locator(f'.quote.moved[data-figure="{name}"]')
    expect(moved_quotes).to_have_count(0, timeout=LONG)


def expect_drawing(figure: Shown, svg: str) -> None:
    for _ in range(300):
        shown, wanted = figure.drawing.evaluate(MARKUP, svg)
        if same(figure.name, shown, wanted):
            return
        figure.page.wait_for_timeout(100)
    pytest.fail(f"{figure.name} was not drawn")


@pytest.mark.parametrize(("page_of", "name"), MORE)
def test_knobs_beyond_the_built_drawings_come_with_python_and_draw(
    shared: Reader, page_of: str, name: str
):
    shared.page.goto(page_of)  # Python is gone
    with shared.quiet():
        shared.visit(page_of)
        figure, built = Shown(shared.page, name), DRAWN.figure(name)
        shown = figure.controls.locator(".knob")
        expect(shown).to_have_count(len(built.knobs))
        shared.examples().check()  # whatever runs, brings Python
        expect(shown).to_have_count(len(built.all_knobs), timeout=LONG)
        for call in EXTRA:
            if call[0] == name:
                turn(figure, built.all_knobs, call[1])
                expect_drawing(figure, in_the_browsers_versions()[repr(call)][0])
                figure.reset.click()


def turn(figure: Shown, of: list[Knob], at: dict[str, Any]) -> None:
    """Bring one knob to its first or last stop."""
    [(name, value)] = at.items()
    knob = next(knob for knob in of if knob.name == name)
    if isinstance(value, bool):
        figure.controls.get_by_role("checkbox", name=knob.label).click(force=True)
    elif isinstance(value, str):
        choice = figure.choice(knob, knob.values.index(value))
        choice.locator("xpath=..").click()
    else:
        last = value == knob.values[-1]
        figure.slider(knob).press("End" if last else "Home")
