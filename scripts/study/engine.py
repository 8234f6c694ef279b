"""Runs drawing jobs side by side, each in a process of its own.

A single-threaded parent that has imported the libraries and drawn once forks a
process for each job: nothing a snippet does reaches another, and a job costs a
few milliseconds more than its drawings. Where forking is not safe (macOS) or not
there (Windows), a new Python does the job.
"""

import gc
import io
import multiprocessing
import os
import re
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from study.drawing import styled
from study.errors import StudyError
from study.jobs import Job
from study.paths import STYLE
from study.worker import COMPUTED, DONE, DRAWN, LINUX, LONGEST, libc, work

MANY = 8  # jobs: to warm up costs a quarter of a second, and spares each some 0.03 s
STOP_ASKED = 0.1  # seconds
PATIENCE = 1.0  # seconds for a process to end, or to say where it is
READ, SHOWN, WIDEST = 1 << 16, 5, 300  # of what it prints: characters, lines, of one
PR_SET_CHILD_SUBREAPER = 36
FRAME = re.compile(r'File "(.+)", line (\d+)')


@dataclass
class Report:
    """What went wrong, by job, and what snippets printed or warned of."""

    errors: dict[Job, str] = field(default_factory=dict)
    notes: dict[Job, str] = field(default_factory=dict)
    stopped: bool = False


@dataclass
class _Running:
    job: Job
    process: BaseProcess
    folder: Path
    deadline: float = 0.0
    error: str = ""
    done: bool = False

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
    context: Any = multiprocessing.get_context("fork" if LINUX else "spawn")
    running: dict[Connection, _Running] = {}
    report = Report()
    if LINUX and waiting:
        if len(waiting) >= MANY:
            warm_up(waiting[0].path.parent / STYLE)
        _adopt()
    scratch = tempfile.TemporaryDirectory(prefix="figures-", ignore_cleanup_errors=True)
    with _Ending() as ending, scratch:
        try:
            while (waiting or running) and not ending.asked:
                while waiting and len(running) < (workers or os.cpu_count() or 1):
                    ours, theirs = context.Pipe(duplex=False)
                    job = waiting.pop(0)
                    folder = Path(tempfile.mkdtemp(dir=scratch.name))
                    process = context.Process(target=work, args=(job, theirs, folder))
                    process.start()
                    theirs.close()  # so that its end is seen when the process ends
                    running[ours] = _Running(job, process, folder)
                    running[ours].heard()
                now = time.monotonic()
                until = min(one.deadline for one in running.values()) - now
                if stop is not None:
                    until = min(until, STOP_ASKED)
                    if stop():
                        report.stopped = True
                        break
                heard: list[Any] = [*running, *ending.waited_for]
                for pipe in wait(heard, max(until, 0)):
                    if not isinstance(pipe, Connection):
                        break  # asked to end
                    if not _hear(pipe, running[pipe], drawn):
                        _end(running.pop(pipe), report)
                        pipe.close()
                for pipe, one in list(running.items()):
                    if time.monotonic() >= one.deadline:
                        _ask_where(one)
                        one.error = _message(
                            one,
                            f"took more than {one.job.time_limit:g} s for a drawing and"
                            " was stopped; make it faster, or set TIME_LIMIT in the"
                            " snippet",
                        )
                        _end(running.pop(pipe), report)
                        pipe.close()
        finally:
            for one in running.values():
                _kill(one.process)
    return report


@cache
def warm_up(style: Path) -> None:
    """Load in the parent what drawings need, once, and keep it shared: what the first
    drawing of a process loads and remembers, each child would anew."""
    np.random.default_rng(0)
    with styled(style):
        fig = Figure()
        left, right = fig.subplots(1, 2)
        left.plot([1, 2], label="σ")
        left.scatter([1, 2], [1, 2])
        left.fill_between([1, 2], 1)
        left.imshow([[1, 2]])
        left.legend(title="σ")
        right.loglog([1, 1e3], [1, 1e3])
        right.set(title="σ", xlabel="$x$", ylabel="y")
        FigureCanvasSVG(fig).print_svg(io.StringIO())
    gc.collect()
    gc.freeze()
    # A drawing makes some ten thousand objects and keeps them to its end: collecting
    # on its way finds nothing, and writes to pages that are shared.
    gc.set_threshold(100_000)


class _Ending:
    """SIGINT and SIGTERM, obeyed between two steps and after tidying up: raised at
    any instant, an exception would be lost in a fork."""

    def __enter__(self) -> "_Ending":
        self.asked = 0
        self._reader, self._writer = os.pipe()
        # Where only sockets can be waited for, the signal itself ends the wait.
        self.waited_for = [self._reader] if os.name == "posix" else []
        self._before: dict[int, Any] = {}
        os.set_blocking(self._writer, False)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) != signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._hear)
        return self

    def _hear(self, number: int, _: object) -> None:
        self.asked = number
        with suppress(BlockingIOError):
            os.write(self._writer, b"!")  # ends the wait

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._reader)
        os.close(self._writer)
        if self.asked:
            signal.raise_signal(self.asked)


def _hear(pipe: Connection, one: _Running, drawn: Callable[[Job], None]) -> bool:
    """Take one message from a process; False when there will be no more."""
    try:
        message = pipe.recv_bytes(8 * LONGEST)
    except EOFError:
        return False
    except OSError:
        message = b""
    if message in (DRAWN, COMPUTED):
        one.heard()
        if message == DRAWN:
            drawn(one.job)
        return True
    if message.startswith(DONE):
        one.done = True
        error = message.removeprefix(DONE).decode(errors="replace")
        one.error = error.removeprefix(f"{Path.cwd()}{os.sep}")
    else:
        one.error = _message(one, "wrote into the pipe that it reports through")
    return False


def _end(one: _Running, report: Report) -> None:
    if not one.error and not one.done:
        one.error = _message(one, _how_it_ended(one.process))
    _kill(one.process)
    if one.error:
        report.errors[one.job] = one.error
        return
    with (one.folder / "printed").open(errors="replace") as file:
        printed = file.read(READ).strip().split("\n")
    if printed != [""]:
        shown = [line[:WIDEST] for line in printed[:SHOWN]]
        more = [f"… {len(printed) - SHOWN} more lines"] if printed[SHOWN:] else []
        report.notes[one.job] = "\n  ".join(
            [f"{one.job.path.name}: {one.job.name} printed:", *shown, *more]
        )


def _how_it_ended(process: BaseProcess) -> str:
    until = time.monotonic() + PATIENCE
    # Not join: a process that closed its files looks ended to it.
    while (code := process.exitcode) is None and time.monotonic() < until:
        time.sleep(0.005)
    if code is None:
        return "closed the pipe that it reports through"
    how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    return f"ended its process: {how}"


def _message(one: _Running, what: str) -> str:
    """What happened to a process, with the snippet's line where it was, if known."""
    path, line = one.job.path, None
    with suppress(OSError):
        for match in FRAME.finditer((one.folder / "where").read_text(errors="replace")):
            if Path(match[1]).parent == path.parent:
                path, line = Path(match[1]), int(match[2])
                break  # the most recent call comes first
    return StudyError(path, line, f"{one.job.name} {what}").message


def _ask_where(one: _Running) -> None:
    """Let a process write the line where it is."""
    if not LINUX or one.process.pid is None:
        return
    where, until, size = one.folder / "where", time.monotonic() + PATIENCE, 0
    with suppress(OSError):
        os.kill(one.process.pid, signal.SIGUSR1)
        while time.monotonic() < until and (not size or where.stat().st_size != size):
            size = where.stat().st_size
            time.sleep(0.02)


def _kill(process: BaseProcess) -> None:
    with suppress(OSError, AttributeError):
        assert process.pid
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
    _end_strays()


# What a snippet starts in a session of its own outlives its group. Once its parent
# is gone it becomes a child of this process, which can then end it.
_earlier: set[int | None] = set()  # children that no job started


def _adopt() -> None:
    libc().prctl(PR_SET_CHILD_SUBREAPER, 1)
    _earlier.update(_children())


def _end_strays() -> None:
    if not LINUX:
        return
    ours = {process.pid for process in multiprocessing.active_children()} | _earlier
    while strays := _children() - ours:
        for pid in strays:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _children() -> set[int]:
    with suppress(OSError):  # where the kernel does not list them
        path = Path(f"/proc/self/task/{os.getpid()}/children")
        return {int(pid) for pid in path.read_text().split()}
    return set()
