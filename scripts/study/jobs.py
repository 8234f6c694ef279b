"""The drawing that one process does: a snippet's figures, kept when whole."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from study import drawing, knobs
from study.drawing import Artist
from study.errors import StudyError
from study.knobs import Value
from study.packing import pack
from study.store import Store

Moved = tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Job:
    """Draw a figure at every combination of its leading knobs; without a figure,
    draw all of the snippet's at their defaults and compute the pinned facts."""

    path: Path
    cache: Path
    key: str
    figure: str | None = None
    pins: tuple[tuple[str, Moved], ...] = ()  # fact, knobs moved
    time_limit: float = 20.0  # seconds for one drawing

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.path.stem}.{self.figure}" if self.figure else self.path.stem


class Told(Protocol):
    """Called after each drawing or, with False, after what else took as long."""

    def __call__(self, is_drawing: bool = True) -> None: ...


def do(job: Job, drawn: Told) -> None:
    """Do the job, and tell how it gets on. StudyError if it fails."""
    store = Store(job.cache, job.path.stem, job.key)
    artists = {
        name: Artist(job.path, function)
        for name, function in drawing.figures(drawing.load(job.path)).items()
    }
    defaults = store.defaults()
    if job.figure:
        if defaults is None:
            raise StudyError(job.path, None, "changed while it was drawn; run again")
        _combinations(artists[job.figure], job.figure, defaults, store, drawn)
        return
    defaults = defaults or _defaults(artists, job.path, drawn)
    # Pins first: once the defaults are there, the job counts as done.
    store.keep_pins(_pins(artists, defaults, job.pins, drawn))
    store.keep_defaults(defaults)
    for name, artist in artists.items():
        if not knobs.drawn(artist.knobs):  # the default is all there is
            _combinations(artist, name, defaults, store, drawn)


def _defaults(artists: dict[str, Artist], path: Path, drawn: Told) -> dict[str, Any]:
    found: dict[str, Any] = {}
    owners: dict[str, str] = {}
    for name, artist in artists.items():
        svg, facts = artist.draw()
        for fact in facts:
            if owners.setdefault(fact, name) != name:
                raise StudyError(
                    path, None, f"{owners[fact]} and {name} both report fact {fact}"
                )
        found[name] = {
            "knobs": knobs.to_json(artist.knobs),
            "svg": svg,
            "facts": facts,
        }
        drawn()
    return found


def _pins(
    artists: dict[str, Artist],
    defaults: dict[str, Any],
    pins: tuple[Any, ...],
    drawn: Told,
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fact, moved in pins:
        for name, artist in artists.items():
            if fact not in defaults[name]["facts"]:
                continue
            try:
                call = knobs.call(name, knobs.settings(artist.knobs, dict(moved)))
            except ValueError:
                continue  # the page's build tells it, with page and line
            if call not in found:  # a page quotes many facts at one place
                found[call] = artist.facts(dict(moved))
                drawn(is_drawing=False)
    return found


def _combinations(
    artist: Artist,
    figure: str,
    defaults: dict[str, Any],
    store: Store,
    drawn: Told,
) -> None:
    names = list(defaults[figure]["facts"])
    drawings, facts = [], []
    leading = knobs.drawn(artist.knobs)
    for stops in knobs.positions(leading):
        moved = {k.name: k.values[i] for k, i in zip(leading, stops, strict=True)}
        if all(k.default == i for k, i in zip(leading, stops, strict=True)):
            svg, numbers = defaults[figure]["svg"], defaults[figure]["facts"]
        else:
            svg, numbers = artist.draw(moved)
            drawn()
        if list(numbers) != names:
            odd = sorted(set(numbers) ^ set(names)) or list(numbers)
            raise StudyError(
                artist.path,
                None,
                f"{figure} reports other facts at {moved} than at its"
                f" defaults: {', '.join(odd)}",
            )
        drawings.append(svg)
        facts.append(list(numbers.values()))
    store.keep_combinations(figure, {**pack(drawings), "facts": facts})
