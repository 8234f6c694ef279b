"""The signature of a figure function, read as knobs."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from study.errors import nearest

MOST_DRAWINGS = 121
Value = bool | int | float | str


@dataclass(frozen=True)
class Knob:
    """A parameter of a figure, the values it may take and where it starts."""

    name: str
    label: str
    values: tuple[Value, ...]
    default: int  # index into values

    def index(self, value: Value) -> int:
        """The stop that holds this value; ValueError if none does."""
        for i, known in enumerate(self.values):
            if _same(known, value):
                return i
        stops = (show(v) for v in self.values)
        raise ValueError(
            f"{self.name}={value!r} is not a value of the knob"
            + nearest(show(value), stops)
        )


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, (str, bool)) or isinstance(b, (str, bool)):
        return type(a) is type(b) and a == b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def show(value: Value) -> str:
    """The value as a reader sees it, rounded."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def read(function: Callable[..., Any]) -> list[Knob]:
    """The knobs of a figure function, in order; ValueError says what is wrong."""
    import inspect  # slow, and not needed to find that nothing has changed

    hints = get_type_hints(function, include_extras=True)
    knobs = []
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        label, values = _choices(name, hints.get(name))
        if not values:
            continue
        if parameter.default is parameter.empty:
            raise ValueError(f"knob {name} has no default")
        start = Knob(name, label, values, 0).index(parameter.default)
        knobs.append(Knob(name, label, values, start))
    if knobs and len(knobs[0].values) > MOST_DRAWINGS:
        raise ValueError(
            f"first knob {knobs[0].name} has {len(knobs[0].values)} values,"
            f" at most {MOST_DRAWINGS} can be drawn; take coarser steps"
        )
    return knobs


def _choices(name: str, hint: Any) -> tuple[str, tuple[Value, ...]]:
    label, values = name, tuple[Value, ...]()
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        for note in notes:
            if isinstance(note, str):
                label = note
            else:
                values = tuple(v.item() if hasattr(v, "item") else v for v in note)
    if get_origin(hint) is Literal:
        values = get_args(hint)
    elif hint is bool:
        values = (False, True)
    return label, values


def drawn(knobs: list[Knob]) -> list[Knob]:
    """The leading knobs whose every combination is drawn at build."""
    product, count = 1, 0
    for knob in knobs:
        product *= len(knob.values)
        if product > MOST_DRAWINGS:
            break
        count += 1
    return knobs[:count]


def positions(knobs: list[Knob]) -> Iterator[tuple[int, ...]]:
    """Every combination of stops; the last knob counts fastest."""
    return itertools.product(*(range(len(knob.values)) for knob in knobs))


def settings(
    knobs: list[Knob], moved: Mapping[str, Value] | None = None
) -> dict[str, Value]:
    """The keyword arguments with all knobs at their default but the moved ones."""
    moved = dict(moved or {})
    chosen = {
        knob.name: knob.values[
            knob.index(moved.pop(knob.name)) if knob.name in moved else knob.default
        ]
        for knob in knobs
    }
    for name in moved:
        raise ValueError(f"no knob {name}" + nearest(name, (k.name for k in knobs)))
    return chosen


def to_json(knobs: list[Knob]) -> list[dict[str, Any]]:
    """Knobs as plain data."""
    return [asdict(knob) for knob in knobs]


def from_json(data: list[dict[str, Any]]) -> list[Knob]:
    """The inverse of to_json."""
    return [Knob(**{**item, "values": tuple(item["values"])}) for item in data]


def call(figure: str, chosen: Mapping[str, Value]) -> str:
    """A figure at chosen knob values, spelled as Python would."""
    return f"{figure}({', '.join(f'{k}={v!r}' for k, v in chosen.items())})"
