"""Running a command and taking its time; rounds, and what they say."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One run: seconds, processor seconds of it and of all that it started, the MiB
    that the largest of these processes held at most, and what it printed."""

    wall: float
    cpu: float
    memory: float
    output: str


def run(command: Sequence[str], folder: Path) -> Measured:
    """Run a command in this folder; SystemExit with what it said if it fails."""
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        # The same for all: with small matrices, threads only wait for each other.
        **{f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "MKL", "OMP")},
        "PYTHONPATH": str(folder),
    }
    # Set in some containers: every run of what was never compiled would compile it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=out, stderr=told
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told.seek(0)
        output = out.read().decode()
        if process.returncode:
            said = told.read().decode()[-2000:]
            sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{output}{said}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Measured(
        wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, output
    )


Found = dict[str, list[Measured]]
Steps = dict[str, Callable[[], Measured]]


def rounds(steps: Steps, runs: int, doing: Callable[[str], None]) -> Found:
    """Take the steps one after the other, then all again: what slows the machine
    for a while slows all of them."""
    found: Found = {name: [] for name in steps}
    for _ in range(runs):
        for name, step in steps.items():
            doing(name)
            found[name].append(step())
    return found


@dataclass(frozen=True)
class Row:
    """A line of the table: one value a round."""

    what: str
    values: list[float]
    limit: float | None = None
    note: str = ""
    unit: str = ""

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        return (
            self.what,
            f"{self.median:.3f}{self.unit}",
            f"{min(self.values):.3f} – {max(self.values):.3f}",
            "" if self.limit is None else f"{self.limit:.2f}{self.unit}",
            "" if self.limit is None else "no" if self.median > self.limit else "yes",
            self.note,
        )


def ratio(
    what: str,
    found: Found,
    ours: str,
    theirs: str,
    of: str = "wall",
    limit: float | None = None,
) -> Row:
    """How many times what theirs takes ours takes, round by round."""
    a = [getattr(one, of) for one in found[ours]]
    b = [getattr(one, of) for one in found[theirs]]
    unit = "MiB" if of == "memory" else "s"
    note = f"{statistics.median(a):.2f} / {statistics.median(b):.2f} {unit}"
    values = [x / y for x, y in zip(a, b, strict=True)]
    return Row(what, values, limit, note)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table that reads as plain text too."""
    head = ("", "median", "least – most", "at most", "reached", "medians of both")
    lines = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        f"| {' | '.join(c.ljust(w) for c, w in zip(line, widths, strict=True))} |"
        for line in lines
    )
