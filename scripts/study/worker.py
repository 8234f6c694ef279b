"""The process that does one job, confined so that it can disturb nothing."""

import ctypes
import faulthandler
import multiprocessing
import os
import signal
import sys
import traceback
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from study.errors import StudyError
from study.jobs import Job, Told, do

LINUX = sys.platform.startswith("linux")
if LINUX:
    import resource
MEMORY = 4 << 30  # bytes that a job may take on top of the libraries, at most
SPARE = 64 << 20  # bytes to tell in that it took them
PRINTS = 64 << 20  # bytes that a job may write to one file
LONGEST = 1000  # characters of a message: a pipe takes that in one piece
# What it reports; an error follows DONE.
DRAWN, COMPUTED, DONE = b"drawn", b"computed", b"done"
PR_SET_PDEATHSIG = 1


@cache
def libc() -> ctypes.CDLL:
    """The C library, loaded once."""
    return ctypes.CDLL(None)


def work(job: Job, pipe: Connection, folder: Path) -> None:
    """Do the job and end at once. The folder gets `printed`, what it prints, and
    `where`, the lines where it was when it died or was asked."""
    leave = os._exit  # the snippet may replace it
    _confine(folder)

    def drawn(is_drawing: bool = True) -> None:
        pipe.send_bytes(DRAWN if is_drawing else COMPUTED)

    error = _failure(job, drawn)
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # the snippet may have put anything there
            stream.flush()
    with suppress(OSError):
        pipe.send_bytes(DONE + " ".join(error.split())[:LONGEST].encode())
    leave(0)  # no waiting for threads that the snippet may have started


def _failure(job: Job, drawn: Told) -> str:
    try:
        do(job, drawn)
    except StudyError as error:
        return error.message
    except OSError as error:
        why = error.strerror or error
        return f"{job.name}: its drawings cannot be kept in {job.cache}: {why}"
    except BaseException as error:  # it exits, or had no memory left to be told in
        _spend_spare()
        path, line = job.path, None
        for each in (error.__context__, error):
            trace = each.__traceback__ if each else None
            for frame, number in traceback.walk_tb(trace):
                if Path(frame.f_code.co_filename).parent == job.path.parent:
                    path, line = Path(frame.f_code.co_filename), number
        message = f"{type(error).__name__}: {error}".rstrip(": ")
        return StudyError(path, line, message).message
    return ""


def _confine(folder: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    printed = os.open(folder / "printed", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream, target in enumerate((nothing, printed, printed)):
        os.dup2(target, stream)
    (folder / "stand").mkdir()  # a folder of its own, for the snippet to find empty
    os.chdir(folder / "stand")
    _tell_where(os.open(folder / "where", os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    if not LINUX:
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setsid()  # so that whatever the snippet starts ends with it
    libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent and parent.pid != os.getppid():
        os._exit(1)  # the parent was killed before its end could be a signal
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + min(MEMORY, machine // 2)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit + SPARE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (PRINTS, PRINTS))


def _tell_where(file: int) -> None:
    """Write the Python line into the file at a crash, at an exit and when asked."""
    leave = os._exit

    def told_exit(status: int) -> None:
        with suppress(Exception):
            faulthandler.dump_traceback(file, all_threads=False)
        leave(status)

    os._exit = told_exit  # type: ignore[assignment]
    faulthandler.enable(file, all_threads=False)
    if LINUX:
        faulthandler.register(signal.SIGUSR1, file, all_threads=False)


def _spend_spare() -> None:
    if LINUX:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
