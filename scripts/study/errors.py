"""Mistakes in snippets and pages, told with file and line."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class StudyError(Exception):
    """A mistake that its author can mend, told in one line: `message`."""

    def __init__(self, path: Path | None, line: int | None, message: str) -> None:
        self.message = located(path, line, message)
        super().__init__(self.message)


def located(path: Path | None, line: int | None, message: str) -> str:
    """The message with its place before it, as editors read it."""
    if path is None:
        return message
    here = Path.cwd()
    path = path.relative_to(here) if path.is_relative_to(here) else path
    return f"{path}:{line}: {message}" if line else f"{path}: {message}"


def nearest(name: str, known: Iterable[str]) -> str:
    """'; did you mean X?' or '; known: X, Y', to end a message about a name."""
    known = sorted(known)
    if close := get_close_matches(name, known, n=1, cutoff=0.5):
        return f"; did you mean {close[0]}?"
    return f"; known: {', '.join(known)}" if known else ""
