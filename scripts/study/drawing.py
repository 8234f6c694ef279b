"""One figure of one snippet, drawn: a themable SVG and its facts."""

import inspect
import io
import math
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from study import knobs
from study.errors import StudyError
from study.knobs import Knob, Value
from study.paths import STYLE

Fact = int | float | str
LONGEST_TEXT = 40
# Digits after two decimals, and zeros that end there.
FINE = re.compile(r"\.00\d+|(?<=\.[1-9])0\d+|(?<=\.\d[1-9])\d+")
WORDS = re.compile(r"(>[^<\n]+</t(?:ext|span)>)")


def load(path: Path) -> ModuleType:
    """Run a snippet as a module of its own; snippets beside it can be imported."""
    module = begin(path)
    with told(path):
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    return module


def begin(path: Path) -> ModuleType:
    """The module of a snippet, before any of it has run."""
    sys.dont_write_bytecode = True  # a watched folder must not change by reading it
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    sys.modules[path.stem] = module  # dataclasses and type hints look it up
    return module


def figures(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """The figure functions a snippet defines: public, first parameter `fig`."""
    found: dict[str, Callable[..., Any]] = {}
    for name, item in vars(module).items():
        if name.startswith("_") or not inspect.isfunction(item):
            continue
        if item.__module__ == module.__name__ and _takes_figure(item):
            found[name] = item
    return found


def _takes_figure(function: Callable[..., Any]) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and first.name == "fig"


class Artist:
    """Draws one figure function at any knob positions."""

    def __init__(self, path: Path, function: Callable[..., Any]) -> None:
        self.path = path
        self.function = function
        self.name = f"{path.stem}.{function.__name__}"
        with told(path, f"in the signature of {function.__name__}"):
            self.knobs: list[Knob] = knobs.read(function)
        self._rc: Any = {"svg.hashsalt": self.name}

    def draw(
        self, moved: Mapping[str, Value] | None = None
    ) -> tuple[str, dict[str, Fact]]:
        """The drawing and its facts, with the moved knobs off their default."""
        with self._drawn(moved) as (fig, facts):
            return _themed(_svg(fig)), facts

    def facts(self, moved: Mapping[str, Value]) -> dict[str, Fact]:
        """The facts alone, in half the time."""
        with self._drawn(moved) as (_, facts):
            return facts

    @contextmanager
    def _drawn(
        self, moved: Mapping[str, Value] | None
    ) -> Iterator[tuple[Figure, dict[str, Fact]]]:
        chosen = knobs.settings(self.knobs, moved)
        call = knobs.call(self.function.__name__, chosen)
        with told(self.path, f"while drawing {call}"):
            with styled(self.path.parent / STYLE), rc_context(self._rc):
                fig = Figure()
                facts = _checked(self.function(fig, **chosen), self.knobs)
                if not _drew(fig):
                    raise ValueError("draws nothing on the figure it was given")
                yield fig, facts


@contextmanager
def styled(path: Path) -> Iterator[None]:
    """Draw with matplotlib's defaults and this style file, whatever was set before."""
    with rc_context():
        # update() would check each value again.
        dict[Any, Any].update(matplotlib.rcParams, _style(path, path.read_bytes()))
        yield


@cache
def _style(path: Path, _data: bytes) -> dict[str, Any]:
    style: dict[Any, Any] = matplotlib.rc_params_from_file(path)
    return style


@contextmanager
def told(path: Path, doing: str = "") -> Iterator[None]:
    """Turn what goes wrong in a snippet into one message with file and line."""
    try:
        yield
    except StudyError:
        raise
    except Exception as error:
        line = getattr(error, "lineno", None)  # a syntax error knows its own
        for frame in traceback.extract_tb(error.__traceback__):
            if Path(frame.filename).parent == path.parent:
                path, line = Path(frame.filename), frame.lineno
        message = f"{type(error).__name__}: {error}"
        raise StudyError(path, line, f"{message} {doing}".rstrip()) from None


def _checked(facts: Any, known: list[Knob]) -> dict[str, Fact]:
    if not isinstance(facts, dict) or not facts:
        raise ValueError("returns no facts; return a dict of the numbers to quote")
    checked = {}
    for name, value in facts.items():
        value = value.item() if hasattr(value, "item") else value
        if not str(name).isidentifier() or any(k.name == name for k in known):
            raise ValueError(f"fact {name!r} needs a name of its own")
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise ValueError(f"fact {name} is {value!r}, not a number or short text")
        if isinstance(value, float) and math.isnan(value):
            raise ValueError(f"fact {name} is NaN")
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise ValueError(f"fact {name} is longer than {LONGEST_TEXT} characters")
        checked[name] = value
    return checked


def _drew(fig: Figure) -> bool:
    return bool(fig.texts or fig.lines or fig.patches) or any(
        ax.has_data() or ax.texts or ax.tables for ax in fig.axes
    )


def _svg(fig: Figure) -> str:
    out = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    FigureCanvasSVG(fig).print_svg(out, metadata=nothing)
    svg = out.getvalue()
    return svg[svg.index("<svg") :].rstrip()


def _themed(svg: str) -> str:
    """The drawing without what is one machine's or one scheme's: it takes the
    page's colours and font, and no id that another drawing could have."""
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    # The style sheet inside would reach the page; study.css has its one rule.
    svg = re.sub(r"<style[^>]*>.*?</style>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    box = re.search(r'viewBox="([^"]*)"', svg)
    assert box
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box[1]}"'
    # Matplotlib leaves out a black fill: the root says what black is.
    svg = f'{head} fill="currentColor" aria-hidden="true">' + svg[svg.index(">") + 1 :]
    svg = re.sub(r"font-family: [^;\"]*;?\s*", "", svg)
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", svg)
    themes = _themes()
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda hex: themes.get(hex[0], hex[0]), svg)
    # A hundredth of a point is less than a screen shows; texts keep their digits.
    parts = WORDS.split("\n".join(map(str.rstrip, svg.split("\n"))))
    parts[::2] = [FINE.sub("", part) for part in parts[::2]]
    return "".join(parts)


def _themes() -> dict[str, str]:
    cycle = matplotlib.rcParams["axes.prop_cycle"].by_key()["color"]
    names = {to_hex(colour): f"var(--fig-c{i})" for i, colour in enumerate(cycle)}
    return {**names, "#000000": "currentColor", "#ffffff": "var(--fig-paper)"}
