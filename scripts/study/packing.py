"""The drawings of one figure in little space: each line of text is kept once.

Two drawings of a figure have most lines in common. A drawing is the runs of lines
that it takes; docs/assets/study-figure.js puts it together again.
"""

from collections.abc import Iterable
from typing import TypedDict


class Packed(TypedDict):
    """All lines that occur, and by drawing: first line, how many, first line, …"""

    lines: str
    drawings: list[list[int]]


def pack(drawings: Iterable[str]) -> Packed:
    """Drawings as runs of the lines that they share."""
    places: dict[str, int] = {}
    packed = []
    for drawing in drawings:
        runs: list[int] = []
        for line in drawing.split("\n"):
            place = places.setdefault(line, len(places))
            if runs and place == runs[-2] + runs[-1]:
                runs[-1] += 1
            else:
                runs += [place, 1]
        packed.append(runs)
    return {"lines": "\n".join(places), "drawings": packed}


def unpack(packed: Packed, index: int) -> str:
    """One drawing again."""
    lines, runs = packed["lines"].split("\n"), packed["drawings"][index]
    firsts, counts = runs[::2], runs[1::2]
    return "\n".join(
        line
        for first, count in zip(firsts, counts, strict=True)
        for line in lines[first : first + count]
    )
