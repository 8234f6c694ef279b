"""Mistakes in snippets and pages, told with file and line."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from click import ClickException


class StudyError(ClickException):
    """A mistake that its author can mend; click prints it and exits with 1."""

    def __init__(self, path: Path | None, line: int | None, message: str) -> None:
        place = ""
        if path is not None:
            here = Path.cwd()
            place = str(path.relative_to(here) if path.is_relative_to(here) else path)
            place += f":{line}: " if line else ": "
        super().__init__(place + message)


def nearest(name: str, known: Iterable[str]) -> str:
    """'; did you mean X?' or '; known: X, Y', to end a message about a name."""
    known = sorted(known)
    if close := get_close_matches(name, known, n=1, cutoff=0.5):
        return f"; did you mean {close[0]}?"
    return f"; known: {', '.join(known)}" if known else ""
