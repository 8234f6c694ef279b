"""Whether nothing at all has changed since a run that left all drawn: told by what the
file system says of every file, before anything is read or imported that costs more.

A stamp is the sizes, times and numbers of the files that a run depends on and of those
that it has kept. Whatever it does not recognize is looked at in full.
"""

import os
import sys
from hashlib import sha256

STAMP = "unchanged"
# A file saved again so soon after could look the same.
RACE = 50_000_000  # ns
ENGINE = os.path.dirname(__file__)
LIBRARIES = ("numpy/version.py", "matplotlib/_version.py")


def sources(project: str) -> list[str]:
    """What a run depends on: pages, snippets, the machinery, the libraries."""
    found = _below(f"{project}/docs", ".md")
    found += _below(f"{project}/snippets", "")
    found += _below(ENGINE, ".py")
    for folder in sys.path:
        for library in LIBRARIES:
            try:
                found.append(_line(library, os.stat(f"{folder}/{library}")))
            except OSError:
                pass  # not in this folder
    return found


def is_unchanged(project: str) -> bool:
    """Whether the last run left all drawn, and nothing was touched since."""
    try:
        with open(f"{project}/.cache/{STAMP}") as file:
            stamp = file.read()
        return stamp == _digest(sources(project) + _drawings(project))
    except (OSError, ValueError):
        return False


def remember(project: str, before: list[str], started: int) -> None:
    """Say that all is drawn of what was there before, at that time in ns."""
    newest = max((int(line.rsplit(" ", 1)[1]) for line in before), default=0)
    if newest > started - RACE:
        return
    stamp = f"{project}/.cache/{STAMP}"
    partial = f"{stamp}.{os.getpid()}"
    try:
        with open(partial, "w") as file:
            file.write(_digest(before + _drawings(project)))
        os.replace(partial, stamp)
    except OSError:
        pass  # the next run looks at everything again


def _drawings(project: str) -> list[str]:
    return _below(f"{project}/.cache/figures", "")


def _below(folder: str, end: str) -> list[str]:
    found, waiting = [], [folder]
    while waiting:
        try:
            entries = os.scandir(waiting.pop())
        except FileNotFoundError:
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        waiting.append(entry.path)
                elif entry.name.endswith(end):
                    found.append(_line(entry.path, entry.stat()))
    return sorted(found)


def _line(path: str, stat: os.stat_result) -> str:
    return f"{path} {stat.st_size} {stat.st_ino} {stat.st_mtime_ns} {stat.st_ctime_ns}"


def _digest(lines: list[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()
