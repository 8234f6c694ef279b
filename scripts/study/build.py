"""Which figures are stale, and drawing those."""

import math
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

from study import knobs, quotes
from study.errors import StudyError, nearest
from study.sources import Sources, digest
from study.store import Store

# Libraries are imported where something is drawn: finding that nothing has
# changed must not cost their import. They read this when they are: a process a
# core, and the parent forks, so that threads of theirs would wait for each other.
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")


NO_PINS = digest()


class Build:
    """The figures of a project's snippets, against what its cache holds."""

    def __init__(self, project: Path) -> None:
        self.cache = project / ".cache"
        self.sources = Sources(project / "snippets", self.cache)
        self.pins = quotes.pinned(project / "docs")
        self.errors: list[str] = []
        self._failed: set[str] = set()
        self.stopped = False
        self.notes: list[str] = []

    def chosen(self, wanted: list[str]) -> list[str]:
        """The snippets that these names and globs mean; all if there are none."""
        known = self.sources.names()
        for pattern in wanted:
            if not any(fnmatch(name, pattern) for name in known):
                hint = nearest(pattern, known)
                raise StudyError(None, None, f"no snippet named {pattern}{hint}")
        return [n for n in known if not wanted or any(fnmatch(n, w) for w in wanted)]

    @cache  # noqa: B019 - a build lives no longer than the command
    def store(self, name: str) -> Store | None:
        """Where a snippet's drawings are; None, and an error noted, if it is broken."""
        try:
            return Store(self.cache, name, self.sources.key(name))
        except StudyError as error:
            self.errors.append(error.message)
            return None

    def stale(self, name: str) -> list[str | None]:
        """The figures that lack drawings; [None] means the defaults of all of them."""
        store = self.store(name)
        if store is None or store.is_complete(self._pins_digest(name)):
            return []
        defaults = store.defaults()
        if defaults is None or not self._pins_kept(name, store, defaults):
            return [None]
        return [figure for figure in defaults if store.combinations(figure) is None]

    def _pins_digest(self, name: str) -> str:
        if name not in self.pins:
            return NO_PINS
        pins = sorted(map(repr, self.pins.get(name, ())))
        return digest(*(pin.encode() for pin in pins))

    def _pins_kept(self, name: str, store: Store, defaults: dict[str, Any]) -> bool:
        if not store.has_pins():
            return False
        kept = store.pins() if name in self.pins else {}
        for quote in self.pins.get(name, ()):
            for figure, drawn in defaults.items():
                if quote.fact not in drawn["facts"]:
                    continue
                known = knobs.from_json(drawn["knobs"])
                try:
                    chosen = knobs.settings(known, dict(quote.moved or ()))
                except ValueError:
                    continue  # the page's build tells it, with page and line
                if knobs.call(figure, chosen) not in kept:
                    return False
        return True

    def forget(self, names: list[str]) -> None:
        """Drop the drawings of these snippets."""
        for name in names:
            if store := self.store(name):
                store.forget()

    def draw(
        self,
        names: list[str],
        *,
        rest: bool,
        workers: int | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> int:
        """Draw what is stale, the defaults first; returns how many drawings."""
        self._workers, self._stop = workers, stop
        names = [name for name in names if not self._is_done(name)]
        count = self._run([(n, None) for n in names if self.stale(n) == [None]])
        if rest:
            count += self._run(
                [(n, f) for n in names for f in self.stale(n) if f is not None]
            )
            for name in names:
                self._finish(name)
            self._drop_strangers()
        try:
            self.sources.remember()
        except OSError as error:
            self._not_kept(error)
        return count

    def _is_done(self, name: str) -> bool:
        """Whether all of it is drawn, or nothing of it can be."""
        store = self.store(name)
        return store is None or store.is_complete(self._pins_digest(name))

    def _finish(self, name: str) -> None:
        """Say in the cache that all of a snippet is drawn, if it is."""
        pins, store = self._pins_digest(name), self.store(name)
        if store is None or name in self._failed or store.is_complete(pins):
            return
        if self.stale(name):
            if not self.stopped:
                self._fail(name, "kept no drawings")
            return
        try:
            store.complete(pins)
        except OSError as error:
            self._not_kept(error)

    def _not_kept(self, error: OSError) -> None:
        if not self._failed:  # else it was told with the snippet's name
            why = error.strerror or error
            self.errors.append(f"{self.cache} cannot be written: {why}")

    def tell(self) -> None:
        """Print what snippets printed and what was wrong."""
        for note in self.notes:
            print(f"Note: {note}", file=sys.stderr)
        for message in dict.fromkeys(self.errors):
            print(f"Error: {message}", file=sys.stderr)

    def _drop_strangers(self) -> None:
        """Drop the drawings of snippets that are no longer there."""
        known = self.sources.names()
        for folder in (self.cache / "figures").glob("*"):
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)

    def _run(self, stale: list[tuple[str, Any]]) -> int:
        if not stale:
            return 0
        from study import engine
        from study.jobs import Job
        from study.progress import Progress

        jobs, total = [], 0
        for name, figure in stale:
            store = self.store(name)
            assert store is not None
            pins = tuple(
                (quote.fact, quote.moved or ()) for quote in self.pins.get(name, ())
            )
            path, limit = self.sources.path(name), self.sources.time_limit(name)
            jobs.append(Job(path, self.cache, store.key, figure, pins, limit))
            total += combinations(store, figure) - 1 if figure else 1
        with Progress(total) as progress:
            report = engine.run(
                jobs, lambda job: progress.drawn(job.name), self._workers, self._stop
            )
        self.errors += report.errors.values()
        self.notes += report.notes.values()
        self._failed.update(job.path.stem for job in report.errors)
        self.stopped |= report.stopped
        self._check({name for name, _ in stale} - self._failed)
        return progress.count

    def _check(self, names: set[str]) -> None:
        """Drop drawings of other code than their key names."""
        now = self.sources.again()
        for name in sorted(names):
            store = self.store(name)
            assert store is not None
            with suppress(StudyError, OSError):
                if now.key(name) == store.key:
                    continue
            store.withdraw()
            self._fail(name, "changed while it was drawn")

    def _fail(self, name: str, why: str) -> None:
        path = self.sources.path(name)
        self.errors.append(StudyError(path, None, f"{why}; run again").message)
        self._failed.add(name)


def combinations(store: Store, figure: str) -> int:
    """How many drawings a figure has."""
    defaults = store.defaults() or {}
    leading = knobs.drawn(knobs.from_json(defaults[figure]["knobs"]))
    return math.prod(len(knob.values) for knob in leading)
