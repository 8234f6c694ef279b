"""Runs drawing jobs side by side, each in a process of its own.

A single-threaded parent that has imported the libraries and drawn once forks a
process for each job: nothing a snippet does reaches another, and a job costs a
few milliseconds more than its drawings. Where forking is not safe (macOS) or not
there (Windows), a new Python does the job.
"""

import gc
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from study.errors import StudyError
from study.jobs import Job, do

FORKS = sys.platform.startswith("linux")
TIME_LIMIT = 300.0  # seconds for one job; a snippet that needs more is too slow


@dataclass
class _Running:
    job: Job
    process: BaseProcess
    deadline: float
    error: str = ""


def run(
    jobs: Iterable[Job],
    drawn: Callable[[Job], None],
    workers: int | None = None,
    time_limit: float = TIME_LIMIT,
) -> dict[Job, str]:
    """Do the jobs in order; `drawn` hears of each drawing. Returns the message of
    each job that failed; what the others drew is kept."""
    waiting = list(jobs)
    context: Any = get_context("fork" if FORKS else "spawn")
    running: dict[Connection, _Running] = {}
    errors: dict[Job, str] = {}
    if FORKS and waiting:
        _warm_up()
    try:
        while waiting or running:
            while waiting and len(running) < (workers or os.cpu_count() or 1):
                ours, theirs = context.Pipe(duplex=False)
                job = waiting.pop(0)
                process = context.Process(target=_work, args=(job, theirs))
                process.start()
                theirs.close()  # so that its end is seen when the process ends
                deadline = time.monotonic() + time_limit
                running[ours] = _Running(job, process, deadline)
            until = min(one.deadline for one in running.values()) - time.monotonic()
            for pipe in wait(list(running), max(until, 0)):
                assert isinstance(pipe, Connection)
                if not _hear(pipe, running[pipe], drawn):
                    _end(running.pop(pipe), errors)
            for pipe, one in list(running.items()):
                if time.monotonic() >= one.deadline:
                    one.error = f"{one.job.path.name}: {one.job.name} took more than"
                    one.error += f" {time_limit:g} s and was stopped"
                    _kill(one.process)
                    _end(running.pop(pipe), errors)
    finally:
        for one in running.values():
            _kill(one.process)
    return errors


def _warm_up() -> None:
    """Load in the parent what every drawing needs, once, and keep it shared."""
    fig = Figure()
    fig.subplots().set_title("σ")
    FigureCanvasSVG(fig).print_svg(io.StringIO())
    gc.collect()
    gc.freeze()


def _work(job: Job, pipe: Connection) -> None:
    if hasattr(os, "setsid"):
        os.setsid()  # so that whatever the snippet starts ends with it
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # what a snippet prints must not break the progress
        os.dup2(nowhere, stream)
    try:
        do(job, lambda: pipe.send(None))
    except StudyError as error:
        pipe.send(error.message)
    except OSError as error:
        pipe.send(f"{job.name}: the drawings cannot be kept: {error}")


def _hear(pipe: Connection, one: _Running, drawn: Callable[[Job], None]) -> bool:
    """Take one message from a process; False when there will be no more."""
    try:
        message = pipe.recv()
    except (EOFError, OSError):
        pipe.close()
        return False
    if message is None:
        drawn(one.job)
    else:
        one.error = message
    return True


def _end(one: _Running, errors: dict[Job, str]) -> None:
    one.process.join()
    code = one.process.exitcode
    if code and not one.error:
        how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        one.error = f"{one.job.path.name}: {one.job.name} ended its process: {how}"
    if one.error:
        errors[one.job] = one.error


def _kill(process: BaseProcess) -> None:
    with suppress(OSError, AttributeError):
        assert process.pid
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
