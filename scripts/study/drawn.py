"""What has been drawn, as pages ask for it by name."""

import logging
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from study import knobs
from study.errors import StudyError, nearest
from study.knobs import Knob
from study.quotes import Quote
from study.sources import Sources
from study.store import Store

# A child of the logger whose warnings strict builds count.
log = logging.getLogger("mkdocs.study")


@dataclass(frozen=True)
class Figure:
    """A figure at its default positions, and where its other drawings are."""

    name: str  # snippet.function
    drawing: str  # an SVG
    facts: dict[str, Any]
    all_knobs: list[Knob]
    store: Store
    uses: list[str]  # the snippets that its own imports

    @cached_property
    def knobs(self) -> list[Knob]:
        """The knobs whose every combination is drawn."""
        return knobs.drawn(self.all_knobs)

    @property
    def file(self) -> str:
        """The file that holds the drawings on the site, new when they are."""
        return f"{self.name}.{self.store.key}.json"


class Drawn:
    """The figures of a project's snippets. Names that do not exist: ValueError."""

    def __init__(self, project: Path) -> None:
        self._cache = project / ".cache"
        self.sources = Sources(project / "snippets", self._cache)
        self._figures: dict[str, dict[str, Figure]] = {}

    def figure(self, name: str) -> Figure:
        """The figure that a page names: a snippet, or snippet.function."""
        snippet, _, function = name.partition(".")
        figures = self.figures(snippet)
        function = function or "figure"
        if function not in figures:
            known = [f"{snippet}.{each}" for each in figures]
            raise ValueError(f"no figure {name}" + nearest(name, known))
        return figures[function]

    def figures(self, snippet: str) -> dict[str, Figure]:
        """All figures of a snippet, by function."""
        if snippet not in self._figures:
            self._figures[snippet] = self._read(snippet)
        return self._figures[snippet]

    def fact(self, quote: Quote) -> tuple[Figure, int | float | str]:
        """The figure that reports what is quoted, and the value."""
        figures = self.figures(quote.snippet)
        owners = [f for f in figures.values() if quote.fact in f.facts] or [
            f for f in figures.values() if quote.fact in (k.name for k in f.knobs)
        ]
        if len(owners) != 1:
            facts = {fact for figure in figures.values() for fact in figure.facts}
            hint = nearest(quote.fact, facts)
            count = "several figures report" if owners else "no figure reports"
            raise ValueError(f"{count} {quote.snippet}.{quote.fact}{hint}")
        figure = owners[0]
        chosen = knobs.settings(figure.all_knobs, dict(quote.moved or ()))
        facts_there = figure.facts
        if quote.moved:
            call = knobs.call(figure.name.partition(".")[2], chosen)
            pins = figure.store.pins()
            if call not in pins:
                raise ValueError(f"{call} is not drawn yet; run `make figures`")
            facts_there = pins[call]
        return figure, {**chosen, **facts_there}[quote.fact]

    def _read(self, snippet: str) -> dict[str, Figure]:
        if not self.sources.path(snippet).exists():
            hint = nearest(snippet, self.sources.names())
            raise ValueError(f"no snippet {snippet}{hint}")
        reason, store = "is not drawn", None
        try:
            store = Store(self._cache, snippet, self.sources.key(snippet))
        except StudyError as error:
            reason = f"is broken: {error.message}"
        if store is None or store.defaults() is None:
            store = Store.latest(self._cache, snippet)
            if store and store.defaults() is not None:
                log.warning("%s %s; its earlier drawings are shown", snippet, reason)
        defaults = store.defaults() if store else None
        if store is None or defaults is None:
            raise ValueError(f"{snippet} {reason}; run `make figures`")
        try:
            uses = self.sources.imports(snippet)[1:]
        except StudyError:
            uses = []
        return {
            name: Figure(
                f"{snippet}.{name}",
                kept["svg"],
                kept["facts"],
                knobs.from_json(kept["knobs"]),
                store,
                uses,
            )
            for name, kept in defaults.items()
        }
