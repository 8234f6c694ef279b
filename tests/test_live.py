"""study.live, which answers in the page, here in the build's own Python."""

import builtins
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_project import LINE, ROOT

from study import controls, drawing, knobs, numerals, quotes, takeaway
from study.drawing import Artist
from study.live import LONGEST, Session
from study.paths import STYLE
from study.quotes import Quote
from study.sources import Sources

SOURCES = Sources(ROOT / "snippets", ROOT / ".cache")
PLAIN = '"""A number."""\n\n'
SWITCH = LINE.replace(
    "    shift: ", '    dots: Annotated[bool, "dots"] = False,\n    shift: '
)


class Reader:
    """Asks a session as the page does: files by name, JSON both ways."""

    def __init__(self, folder: Path) -> None:
        self.session = Session(folder)
        self.files: dict[str, str] = {}

    def ask(self, **request: Any) -> dict[str, Any]:
        asked = {"files": self.files, **request}
        answer: dict[str, Any] = json.loads(self.session.answer(json.dumps(asked)))
        return answer

    def run(self, name: str, text: str | None = None, **request: Any) -> dict[str, Any]:
        """Run a snippet, with a text of the reader's own."""
        if text is not None:
            self.files[f"{name}.py"] = text
        return self.ask(**{"do": "run", "snippet": name, "pins": [], **request})

    def check(self, *blocks: str) -> list[dict[str, Any]]:
        """The results of the last of these blocks."""
        found: list[dict[str, Any]] = self.ask(do="check", blocks=blocks)["examples"]
        return found


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader with an empty folder, which leaves this process as it was."""
    before = dict(sys.modules)
    monkeypatch.setattr(builtins, "input", builtins.input)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / STYLE).write_bytes((ROOT / "snippets" / STYLE).read_bytes())
    yield Reader(tmp_path)
    for path in tmp_path.glob("*.py"):
        sys.modules.pop(path.stem, None)
        if path.stem in before:
            sys.modules[path.stem] = before[path.stem]


@pytest.fixture
def published(reader: Reader) -> Reader:
    """The same with all snippets as the page has them."""
    for name in SOURCES.names():
        reader.files[f"{name}.py"] = takeaway.published(SOURCES, name)[0]
    return reader


def artists(name: str) -> dict[str, Artist]:
    """A snippet's figures as the build draws them."""
    path = SOURCES.path(name)
    functions = drawing.figures(drawing.load(path)).values()
    return {f"{name}.{f.__name__}": Artist(path, f) for f in functions}


def quoted(name: str) -> list[str]:
    """The keys of a snippet's numbers on all pages, whatever they are pinned to."""
    keys = set()
    for page in (ROOT / "docs").rglob("*.md"):
        for match in quotes.QUOTE.finditer(page.read_text(encoding="utf-8")):
            if match["inner"] and quotes.looks_like_quote(match["inner"]):
                quote = quotes.parse(match["inner"])
                if quote.snippet == name:
                    keys.add(f"{quote.fact}:{quote.spec}")
    return sorted(keys)


@pytest.mark.parametrize("name", SOURCES.names())
def test_a_snippet_gives_what_the_build_gives(published: Reader, name: str):
    found = published.run(name)
    assert "error" not in found and "value" not in found
    expected = artists(name)
    assert list(found["figures"]) == list(expected)
    keys, unknown = quoted(name), set(quoted(name))
    for figure, artist in expected.items():
        svg, facts = artist.draw()
        drawn = found["figures"][figure]
        assert drawn["svg"] == svg
        assert list(drawn["facts"]) == list(facts)
        for fact, value in facts.items():
            assert drawn["facts"][fact] == numerals.plain(knobs.show(value))
        shown = "".join(controls.knob(knob, figure) for knob in artist.knobs)
        assert drawn["knobs"] == shown

        # The numbers in the text are as the page prints them.
        stops = [knob.default for knob in artist.knobs]
        again = published.ask(
            do="draw", figure=figure, stops=stops, keys=keys, files={}
        )
        assert again["svg"] == svg
        values = {**knobs.settings(artist.knobs), **facts}
        for key in keys:
            fact, _, spec = key.partition(":")
            text = "–"
            if fact in values:
                text = numerals.plain(Quote("", "", spec, None).text(values[fact]))
                unknown.discard(key)
            assert again["texts"][key] == text
            assert again["math"][key] == [*numerals.fragments(text)]
    assert not unknown


def test_pages_quote_numbers():
    assert sum(len(quoted(name)) for name in SOURCES.names()) > 50


def test_every_kind_of_knob_moves(reader: Reader):
    drawn = reader.run("line", SWITCH)["figures"]["line.figure"]
    assert [drawn["knobs"].count(f'type="{t}"') for t in ("range", "radio")] == [2, 2]
    assert drawn["knobs"].count('type="checkbox"') == 1
    path = reader.session.folder / "line.py"
    artist = Artist(path, sys.modules["line"].figure)
    start = [knob.default for knob in artist.knobs]
    for place, knob in enumerate(artist.knobs):
        stops = [*start]
        stops[place] = (knob.default + 1) % len(knob.values)
        moved = {knob.name: knob.values[stops[place]]}
        svg, facts = artist.draw(moved)
        keys = ["end:.2f", f"{knob.name}:"]
        found = reader.ask(do="draw", figure="line.figure", stops=stops, keys=keys)
        assert found["svg"] == svg
        assert found["texts"]["end:.2f"] == numerals.plain(f"{facts['end']:.2f}")
        assert found["texts"][f"{knob.name}:"] == str(moved[knob.name])


def test_a_last_expression_is_shown(reader: Reader):
    assert reader.run("a", PLAIN + "x = 20\nx + 1\n")["value"] == "21"
    assert reader.run("a", PLAIN + "'x' * 3\n")["value"] == "'xxx'"
    assert reader.run("a", PLAIN + "41\n")["value"] == "41"


@pytest.mark.parametrize("text", ["", PLAIN, PLAIN + "x = 1\n", PLAIN + "[].sort()\n"])
def test_without_a_last_expression_nothing_is_shown(reader: Reader, text: str):
    assert reader.run("a", text) == {"figures": {}, "pins": []}


def test_a_long_value_is_shortened(reader: Reader):
    value = reader.run("a", "list(range(100_000))\n")["value"]
    assert value.startswith("[0, 1, ") and value.endswith("… (shortened)")
    assert len(value) < LONGEST + 20


def test_what_is_printed_is_printed(reader: Reader, capsys: pytest.CaptureFixture[str]):
    reader.run("a", "import sys\nprint('one')\nprint('two', file=sys.stderr)\n")
    assert capsys.readouterr() == ("one\n", "two\n")


def drawing_first(code: str) -> str:
    """The line, with this in its figure, in line 25."""
    return LINE.replace("    ax = fig", f"    {code}\n    ax = fig")


WRONG = {
    "its syntax": (
        "x = 1\nif x\n    y = 2\n",
        ['  File "a.py", line 2', "SyntaxError: expected ':'"],
        [["a.py", 2]],
    ),
    "as it runs": (
        "def f(x):\n    return 1 / x\n\nf(0)\n",
        [
            'File "a.py", line 4, in <module>\n    f(0)',
            'File "a.py", line 2, in f\n    return 1 / x',
            "ZeroDivisionError: division by zero",
        ],
        [["a.py", 4], ["a.py", 2]],
    ),
    "in a library": (
        "import numpy as np\nnp.linalg.inv(np.zeros((2, 3)))\n",
        ['File "a.py", line 2, in <module>', "LinAlgError: Last 2 dimensions"],
        [["a.py", 2]],
    ),
    "in what it imports": (
        "from b import f\n\nf()\n",
        ['File "a.py", line 3', 'File "b.py", line 2, in f', "KeyError: 'k'"],
        [["a.py", 3], ["b.py", 2]],
    ),
    "the syntax of what it imports": (
        "x = 1\nimport c\n",
        ['File "a.py", line 2', 'File "c.py", line 1', "SyntaxError: "],
        [["a.py", 2], ["c.py", 1]],
    ),
    "a name that is not there": (
        "import no_such_library\n",
        ['File "a.py", line 1', "ModuleNotFoundError: No module named"],
        [["a.py", 1]],
    ),
    "in a figure": (
        drawing_first("raise ValueError('no line')"),
        ['File "a.py", line 25, in figure\n', "ValueError: no line"],
        [["a.py", 25]],
    ),
    "a figure that draws nothing": (
        "def figure(fig):\n    return {'a': 1}\n",
        ["ValueError: draws nothing on the figure it was given"],
        [],
    ),
    "a knob without a default": (
        "from typing import Literal\ndef figure(fig, k: Literal[1, 2]): ...\n",
        ["ValueError: knob k has no default"],
        [],
    ),
    "it leaves": (
        "import sys\nsys.exit(3)\n",
        ['File "a.py", line 2', "SystemExit: 3"],
        [["a.py", 2]],
    ),
    "a figure leaves": (
        drawing_first("raise SystemExit(4)"),
        ['File "a.py", line 25, in figure', "SystemExit: 4"],
        [["a.py", 25]],
    ),
    "an interrupt": (
        "raise KeyboardInterrupt\n",
        ['File "a.py", line 1', "KeyboardInterrupt"],
        [["a.py", 1]],
    ),
    "an exception of the rarest kind": (
        "raise BaseException('all')\n",
        ['File "a.py", line 1', "BaseException: all"],
        [["a.py", 1]],
    ),
    "one raised while another was told": (
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise KeyError(1)\n",
        ['File "a.py", line 4', "KeyError: 1"],
        [["a.py", 4]],
    ),
    "a value that cannot be shown": (
        "class A:\n    def __repr__(self):\n        return 1\n\nA()\n",
        ["TypeError: __repr__ returned non-string"],
        [],
    ),
    "input": (
        "name = input('Who? ')\n",
        ['File "a.py", line 1', "EOFError: input() has no keyboard here; write the"],
        [["a.py", 1]],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_error_is_told_by_the_readers_own_lines(reader: Reader, case: str):
    text, parts, places = WRONG[case]
    reader.files["b.py"] = "def f():\n    return {}['k']\n"
    reader.files["c.py"] = "def (\n"
    found = reader.run("a", text)
    assert list(found) == ["error"]
    told, at = found["error"]["text"], 0
    for part in parts:
        at = told.index(part, at)  # in this order
    assert told.count('File "') == told.count('File "a.py"') + sum(
        told.count(f'File "{other}.py"') for other in "bc"
    )
    assert str(reader.session.folder) not in told and "study" not in told
    assert found["error"]["places"] == places


def test_a_stack_too_deep_is_told_in_few_lines(reader: Reader):
    found = reader.run("a", "def f(x):\n    return f(x + 1)\n\nf(0)\n")["error"]
    assert "RecursionError: maximum recursion depth" in found["text"]
    assert "[Previous line repeated " in found["text"]
    assert found["text"].count("\n") < 20
    assert found["places"][0] == ["a.py", 4] and found["places"][-1] == ["a.py", 2]


def test_after_an_error_the_next_run_is_whole(reader: Reader):
    assert "error" in reader.run("line", LINE + "1 / 0\n")
    assert "line.figure" in reader.run("line", LINE)["figures"]


def test_a_figure_that_did_not_run_cannot_be_drawn(reader: Reader):
    reader.run("line", LINE)
    reader.run("line", LINE + "1 / 0\n")
    found = reader.ask(do="draw", figure="line.figure", stops=[0, 0, 0], keys=[])
    assert list(found) == ["error"]


def test_an_edit_is_seen_by_what_imports_it(published: Reader):
    figure = "kmeans_elbow.figure"
    before = published.run("kmeans_elbow")["figures"][figure]
    text = published.files["kmeans.py"]
    edited = text.replace(
        "return centers, labels, history[-1]", "return centers, labels, 7.0"
    )
    assert edited != text
    published.files["kmeans.py"] = edited
    after = published.run("kmeans_elbow")["figures"][figure]
    assert after["facts"]["distortion"] == "7" != before["facts"]["distortion"]
    published.files["kmeans.py"] = text
    assert published.run("kmeans_elbow")["figures"][figure] == before


def test_an_edit_of_the_same_length_a_moment_later_is_seen(reader: Reader):
    for value in "1234":
        reader.files["b.py"] = f"VALUE = {value}\n"
        assert reader.run("a", "import b\nb.VALUE\n")["value"] == value
        assert reader.check(f">>> import b\n>>> b.VALUE\n{value}\n")[-1]["same"]
    assert not list(reader.session.folder.glob("__pycache__"))


def test_a_file_that_comes_in_the_same_moment_can_be_imported(reader: Reader):
    assert "error" in reader.run("a", "import one\none.X\n")
    folder = reader.session.folder
    date = folder.stat().st_mtime_ns
    reader.files["one.py"] = "X = 1\n"
    reader.ask(do="check", blocks=[])
    os.utime(folder, ns=(date, date))
    assert reader.run("a")["value"] == "1"


def test_an_error_shows_the_line_as_it_is_now(reader: Reader):
    for line in ("1 / 0", "2 / 0"):
        assert f"    {line}\n" in reader.run("a", f"{line}\n")["error"]["text"]


def test_pinned_numbers_are_those_of_the_edited_code(reader: Reader):
    def pins(text: str) -> list[str]:
        asked = [
            {"figure": "line.figure", "key": "end:.1f", "at": {"slope": 1, "shift": 3}},
            {"figure": "line.figure", "key": "end:.1f", "at": {}},
            {"figure": "line.figure", "key": "way:", "at": {"slope": -1}},
            {"figure": "line.figure", "key": "slope:.1f", "at": {"slope": -1}},
        ]
        found = reader.run("line", text, pins=asked)["pins"]
        for pin in found:
            assert pin["math"] == [*numerals.fragments(pin["text"])]
        return [pin["text"] for pin in found]

    assert pins(LINE) == ["13.0", "5.0", "down", "−1.0"]
    assert pins(LINE.replace("return slope * x", "return 2 * x"))[:2] == [
        "23.0",
        "20.0",
    ]
    # The fact, the knob and its value, the figure: gone.
    assert pins(LINE.replace('"end":', '"last":'))[:2] == ["–", "–"]
    assert pins(LINE.replace("shift", "offset"))[:2] == ["–", "5.0"]
    assert pins(LINE.replace("(-1, 1, 5)", "(0, 1, 3)")) == ["13.0", "5.0", "–", "–"]
    assert pins(LINE.replace("def figure", "def drawing")) == ["–"] * 4
    # A text where a number was, a whole number where there was a fraction.
    assert pins(LINE.replace('"way": ', '"way": 1 if slope < 0 else '))[2] == "1"
    assert pins(LINE.replace('"end": h', '"end": "far" or h'))[:2] == ["far", "far"]


def test_a_number_that_no_longer_fits_its_format_is_a_dash(reader: Reader):
    reader.run("line", LINE)
    asked = {"do": "draw", "figure": "line.figure", "stops": [0, 0, 0]}
    found = reader.ask(**asked, keys=["end:d", "end:.1f", "gone:.1f"])
    assert found["texts"] == {"end:d": "–", "end:.1f": "−10.0", "gone:.1f": "–"}
    assert "<svg" in found["svg"]


def test_examples_share_names_and_the_last_block_is_told(reader: Reader):
    blocks = ">>> x = 2\n>>> x\n5\n", ">>> x + 1\n3\n>>> x + 2\n5\n"
    assert reader.check(*blocks) == [
        {"source": "x + 1", "want": "3", "got": "3", "same": True},
        {"source": "x + 2", "want": "5", "got": "4", "same": False},
    ]
    # Nothing is left of them.
    [other] = reader.check(">>> x\n2\n")
    assert (other["same"], other["got"]) == (
        False,
        "NameError: name 'x' is not defined",
    )


def test_an_exception_in_an_example_is_told(reader: Reader):
    text = (
        ">>> 1 / 0\n1\n"
        ">>> [][1]\nTraceback (most recent call last):\n"
        "IndexError: list index out of range\n"
        ">>> raise SystemExit(2)\n"
    )
    zero, index, leave = reader.check(text)
    assert zero["got"] == "ZeroDivisionError: division by zero"
    assert (zero["want"], zero["same"]) == ("1", False)
    assert index["same"]
    assert (leave["got"], leave["same"]) == ("SystemExit: 2", False)


def test_examples_use_the_snippets_as_the_reader_has_them(published: Reader):
    block = ">>> from kmeans import PLANTED\n>>> PLANTED['square']\n4\n"
    assert published.check(block)[-1]["same"]
    text = published.files["kmeans.py"]
    published.files["kmeans.py"] = text.replace('"square": 4', '"square": 5')
    last = published.check(block)[-1]
    assert (last["got"], last["same"]) == ("5", False)


def test_examples_that_cannot_be_read_are_told(reader: Reader):
    found = reader.ask(do="check", blocks=[">>>x\n"])
    assert "ValueError" in found["error"]["text"]
    [wrong] = reader.check(">>> 1 +\n2\n")
    assert wrong["got"].startswith("SyntaxError: ") and not wrong["same"]
