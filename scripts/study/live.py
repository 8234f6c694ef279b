"""Snippets run where they are read: docs/assets/live-worker.js calls answer().

A request and its answer are JSON. `files` holds snippets as the reader has them; what
goes wrong in one is part of the answer, told by the reader's own lines.
"""

import ast
import builtins
import gc
import json
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from study import controls, drawing, knobs, numerals
from study.drawing import Artist
from study.errors import StudyError
from study.knobs import Value
from study.quotes import Quote

LONGEST = 10_000  # characters of a value
Json = dict[str, Any]


class Session:
    """The snippets of one reader in a folder, and what they have drawn."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._artists: dict[str, Artist] = {}
        self._tell: Callable[[str], Any] = lambda _: None
        builtins.input = _no_input
        # Bytecode is kept by the second, in which a reader may edit and run again.
        sys.dont_write_bytecode = True
        gc.freeze()  # matplotlib, which no collection needs to look through again
        gc.enable()

    def answer(self, request: str, tell: Callable[[str], Any] = lambda _: None) -> str:
        """Do what is asked: run, draw or check. `tell` hears of each figure that a run
        has drawn; the answer has them all."""
        asked: Json = json.loads(request)
        self._tell = tell
        self._write(asked.get("files", {}))
        deeds: dict[str, Callable[[Json], Json]] = {
            "run": self._run,
            "draw": self._draw,
            "check": self._check,
        }
        try:
            found = deeds[asked["do"]](asked)
        except BaseException as error:
            found = {"error": self._told(error)}
        return json.dumps(found)

    def _write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
        if files:  # what was imported may be what has changed
            for name in [*sys.modules]:
                if (self.folder / f"{name}.py").exists():
                    del sys.modules[name]
            # By the folder's date alone, a file of this moment may not be found.
            sys.path_importer_cache.pop(str(self.folder), None)

    def _run(self, asked: Json) -> Json:
        """Run a snippet: its last expression's value and its figures at defaults."""
        name = asked["snippet"]
        path = self.folder / f"{name}.py"
        for figure in [f for f in self._artists if f.startswith(f"{name}.")]:
            del self._artists[figure]
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        last = tree.body[-1] if tree.body else None
        wanted = None
        described = len(tree.body) == 1 and ast.get_docstring(tree) is not None
        if isinstance(last, ast.Expr) and not described:
            wanted = ast.Expression(last.value)
            tree.body.pop()
        module = drawing.begin(path)
        exec(compile(tree, str(path), "exec"), module.__dict__)
        found: Json = {"figures": {}}
        if wanted is not None:
            value = eval(compile(wanted, str(path), "eval"), module.__dict__)
            if value is not None:
                found["value"] = _shown(value)
        for each, function in drawing.figures(module).items():
            figure = f"{name}.{each}"
            artist = self._artists[figure] = Artist(path, function)
            found["figures"][figure] = {
                **self._drawn(artist, {}, ()),
                "knobs": "".join(controls.knob(k, figure) for k in artist.knobs),
            }
            self._tell(json.dumps({figure: found["figures"][figure]}))
        drawn: dict[str, dict[str, Any]] = {}
        found["pins"] = [self._pin(pin, drawn) for pin in asked["pins"]]
        return found

    def _pin(self, pin: Json, drawn: dict[str, dict[str, Any]]) -> Json:
        """A number at stated knob values; a dash where the edited code has none. What
        is drawn for one is kept for the others there."""
        artist, call = self._artists.get(pin["figure"]), f"{pin['figure']} {pin['at']}"
        try:
            if artist is None:
                raise ValueError("the figure is gone")
            if call not in drawn:
                settings = knobs.settings(artist.knobs, pin["at"])
                drawn[call] = {**settings, **artist.draw(pin["at"])[1]}
            text = _text(pin["key"], drawn[call])
        except (StudyError, ValueError):
            text = "–"
        return {"text": text, "math": numerals.fragments(text)}

    def _draw(self, asked: Json) -> Json:
        """Draw a figure of a snippet that ran, its knobs at these stops."""
        artist = self._artists[asked["figure"]]
        moved = {
            knob.name: knob.values[stop]
            for knob, stop in zip(artist.knobs, asked["stops"], strict=True)
        }
        # A collection midway would look through the drawing that is being made.
        gc.disable()
        try:
            return self._drawn(artist, moved, asked["keys"])
        finally:
            gc.enable()
            gc.collect()

    def _drawn(self, artist: Artist, moved: Mapping[str, Value], keys: Any) -> Json:
        svg, facts = artist.draw(moved)
        settings = knobs.settings(artist.knobs, moved)
        texts = {key: _text(key, {**settings, **facts}) for key in keys}
        return {
            "svg": svg,
            "facts": {n: numerals.plain(knobs.show(facts[n])) for n in facts},
            "texts": texts,
            "math": {key: numerals.fragments(text) for key, text in texts.items()},
        }

    def _check(self, asked: Json) -> Json:
        """Run the examples of these blocks, which share their names; tell of those
        in the last block."""
        # Imported here: a tenth of what Python starts with would be for this alone.
        from study.examples import check

        return {"examples": check(asked["blocks"])}

    def _told(self, error: BaseException) -> Json:
        """An error by the reader's own lines."""
        if isinstance(error, StudyError) and error.__context__ is not None:
            error = error.__context__  # what happened in the snippet
        if isinstance(error, StudyError):
            return {"text": error.message, "places": []}
        told = traceback.TracebackException.from_exception(error)
        own = [f for f in told.stack if Path(f.filename).parent == self.folder]
        places = [[Path(f.filename).name, f.lineno] for f in own]
        if isinstance(error, SyntaxError) and error.filename:
            places.append([Path(error.filename).name, error.lineno])
        for frame in own:
            frame.filename = Path(frame.filename).name
        if isinstance(error, SyntaxError) and told.filename:
            told.filename = Path(told.filename).name
        told.stack = traceback.StackSummary.from_list(own)
        told.__cause__ = told.__context__ = None
        if not own and not isinstance(error, SyntaxError):
            return {"text": "".join(told.format_exception_only()), "places": places}
        return {"text": "".join(told.format()), "places": places}


def _text(key: str, values: Mapping[str, Value]) -> str:
    """A number in the format of a key, fact:spec; a dash where it is gone, or is of
    another kind."""
    name, _, spec = key.partition(":")
    try:
        return numerals.plain(Quote("", name, spec, None).text(values[name]))
    except (KeyError, ValueError):
        return "–"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… (shortened)"


def _no_input(prompt: object = "", /) -> str:
    raise EOFError("input() has no keyboard here; write the value into the code")
