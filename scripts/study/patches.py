"""Drawings of one figure as differences from its default drawing.

Most lines of two drawings are the same, so a whole set of them is a few
kilobytes. docs/assets/study-figure.js applies the patches.
"""

from difflib import SequenceMatcher

Patch = list[tuple[int, int, str | None]]  # first line, how many, what instead


def difference(base: str, other: str) -> Patch:
    """What to replace in the lines of base to get other, first to last."""
    old, new = base.split("\n"), other.split("\n")
    if len(old) == len(new):  # a knob mostly moves points: no search is needed
        return _changed_lines(old, new)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        (i, j - i, "\n".join(new[k:m]) if m > k else None)
        for what, i, j, k, m in matcher.get_opcodes()
        if what != "equal"
    ]


def _changed_lines(old: list[str], new: list[str]) -> Patch:
    patch: Patch = []
    i = 0
    while i < len(old):
        j = i
        while j < len(old) and old[j] != new[j]:
            j += 1
        if j > i:
            patch.append((i, j - i, "\n".join(new[i:j])))
        i = j + 1
    return patch


def apply(base: str, patch: Patch) -> str:
    """The other drawing again."""
    lines = base.split("\n")
    for first, count, text in reversed(patch):
        lines[first : first + count] = [] if text is None else text.split("\n")
    return "\n".join(lines)
