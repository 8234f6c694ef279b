"""Runs drawing jobs side by side, each in a process of its own.

A single-threaded parent that has imported the libraries and drawn once forks a
process for each job: nothing a snippet does reaches another, and a job costs a
few milliseconds more than its drawings. Where forking is not safe (macOS) or not
there (Windows), a new Python does the job.
"""

import ctypes
import faulthandler
import gc
import io
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from study.errors import StudyError
from study.jobs import Job, do

STOP_ASKED = 0.1  # seconds
LINUX = sys.platform.startswith("linux")
MEMORY = 4 << 30  # bytes that a job may take on top of the libraries
PRINTS = 64 << 20  # bytes that a job may write to one file
READ, SHOWN = 1 << 16, 5  # characters read and lines shown of what it prints


@dataclass
class Report:
    """What went wrong, by job, and what snippets printed or warned of."""

    errors: dict[Job, str] = field(default_factory=dict)
    notes: dict[Job, str] = field(default_factory=dict)


@dataclass
class _Running:
    job: Job
    process: BaseProcess
    folder: Path  # where it stands, and where what it prints goes
    deadline: float = 0.0
    error: str = ""

    def heard(self) -> None:
        self.deadline = time.monotonic() + self.job.time_limit


def run(
    jobs: Iterable[Job],
    drawn: Callable[[Job], None],
    workers: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> Report:
    """Do the jobs in order; `drawn` hears of each drawing. What one job drew is kept
    whatever happens to the others. `stop` is asked now and then whether to end."""
    waiting = list(jobs)
    context: Any = get_context("fork" if LINUX else "spawn")
    running: dict[Connection, _Running] = {}
    report = Report()
    if LINUX and waiting:
        warm_up()
    with tempfile.TemporaryDirectory(prefix="figures-") as scratch:
        try:
            while waiting or running:
                while waiting and len(running) < (workers or os.cpu_count() or 1):
                    ours, theirs = context.Pipe(duplex=False)
                    job = waiting.pop(0)
                    folder = Path(tempfile.mkdtemp(dir=scratch))
                    process = context.Process(target=_work, args=(job, theirs, folder))
                    with _uninterrupted():
                        process.start()
                        running[ours] = _Running(job, process, folder)
                    theirs.close()  # so that its end is seen when the process ends
                    running[ours].heard()
                now = time.monotonic()
                until = min(one.deadline for one in running.values()) - now
                if stop is not None:
                    until = min(until, STOP_ASKED)
                    if stop():
                        break
                for pipe in wait(list(running), max(until, 0)):
                    assert isinstance(pipe, Connection)
                    if not _hear(pipe, running[pipe], drawn):
                        _end(running.pop(pipe), report)
                for pipe, one in list(running.items()):
                    if time.monotonic() >= one.deadline:
                        one.error = (
                            f"{one.job.path.name}: {one.job.name} took more than"
                            f" {one.job.time_limit:g} s for a drawing and was stopped;"
                            " make it faster, or set TIME_LIMIT in the snippet"
                        )
                        _end(running.pop(pipe), report)
        finally:
            for one in running.values():
                _kill(one.process)
    return report


@cache
def warm_up() -> None:
    """Load in the parent what every drawing needs, once, and keep it shared."""
    fig = Figure()
    fig.subplots().set_title("σ")
    FigureCanvasSVG(fig).print_svg(io.StringIO())
    gc.collect()
    gc.freeze()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back: Python would drop it in the middle of a fork."""
    if LINUX:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if LINUX:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _work(job: Job, pipe: Connection, folder: Path) -> None:
    """The child: do the job where it can disturb nothing, and end at once."""
    _confine(folder)
    try:
        do(job, lambda: pipe.send(None))
    except StudyError as error:
        pipe.send(error.message)
    except OSError as error:
        pipe.send(f"{job.name}: its drawings cannot be kept: {error}")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # no waiting for threads that the snippet may have started


def _confine(folder: Path) -> None:
    os.chdir(folder)
    nothing = os.open(os.devnull, os.O_RDONLY)
    printed = os.open("printed", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream, target in enumerate((nothing, printed, printed)):
        os.dup2(target, stream)
    faulthandler.enable(file=2)  # a crash names the line where it happened
    if not LINUX:
        return
    import resource

    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.setsid()  # so that whatever the snippet starts ends with it
    die_with_parent = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(die_with_parent, signal.SIGKILL)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_FSIZE, (PRINTS, PRINTS))


def _hear(pipe: Connection, one: _Running, drawn: Callable[[Job], None]) -> bool:
    """Take one message from a process; False when there will be no more."""
    try:
        message = pipe.recv()
    except (EOFError, OSError):
        pipe.close()
        return False
    one.heard()
    if message is None:
        drawn(one.job)
    else:
        one.error = message
    return True


def _end(one: _Running, report: Report) -> None:
    _kill(one.process)  # it has ended or must; what it started ends with it
    with (one.folder / "printed").open(errors="replace") as file:
        printed = file.read(READ).strip().split("\n")
    code = one.process.exitcode
    if code and not one.error:
        how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        one.error = f"{one.job.path.name}: {one.job.name} ended its process: {how}"
        place = [line.strip() for line in printed if one.job.path.name in line]
        one.error += f", {place[0]}" if place else ""
    if one.error:
        report.errors[one.job] = one.error
    elif printed != [""]:
        more = [f"… {len(printed) - SHOWN} more lines"] if printed[SHOWN:] else []
        report.notes[one.job] = "\n  ".join(
            [f"{one.job.path.name}: {one.job.name} printed:", *printed[:SHOWN], *more]
        )


def _kill(process: BaseProcess) -> None:
    with suppress(OSError, AttributeError):
        assert process.pid
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
