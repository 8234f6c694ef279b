"""Drawing again and again in one warm process, as snippets are saved."""

import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

from study.build import Build
from study.paths import STYLE
from study.publish import publish

PAUSE = 0.1  # seconds between two looks at the files
Stop = Callable[[], bool]


def draw(project: Path, *, rest: bool, stop: Stop, workers: int | None = None) -> bool:
    """Draw what is stale unless stopped; whether nothing was wrong."""
    build = Build(project)
    build.draw(build.sources.names(), rest=rest, workers=workers, stop=stop)
    build.tell()
    return not build.errors


def watch(project: Path, workers: int | None) -> None:
    """Draw whatever is saved, until interrupted; a newer save goes first."""
    engine = _state(_engine())
    while True:
        seen = _state(_watched(project))
        draw(
            project,
            rest=True,
            workers=workers,
            stop=lambda: _state(_watched(project)) != seen,  # noqa: B023
        )
        print("watching snippets/ and docs/", file=sys.stderr)
        while _state(_watched(project)) == seen:
            time.sleep(PAUSE)
        if _state(_engine()) != engine:  # this process still runs the code of before
            os.execv(sys.executable, [sys.executable, *sys.argv])


def answer(project: Path) -> None:
    """Serve scripts/hooks.py, a line a request, until its end of the pipe closes.

    `defaults` draws those that are stale and answers 0 or 1; `rest SITE` draws the
    others and puts them into the site, unless another request comes first.
    """
    from study import engine

    engine.warm_up(project / "snippets" / STYLE)
    with open(0, "rb", buffering=0) as requests:  # so that select sees every line
        while line := requests.readline():
            request, _, site = line.decode().rstrip("\n").partition(" ")
            if request == "defaults":
                good = draw(project, rest=False, stop=lambda: False)
                print(int(not good), flush=True)
            elif draw(project, rest=True, stop=_asked) and Path(site).is_dir():
                publish(Path(site), project)


def _asked() -> bool:
    return bool(select.select([0], [], [], 0)[0])


def _watched(project: Path) -> list[Path]:
    snippets = [*(project / "snippets").iterdir()]
    return [*snippets, *(project / "docs").rglob("*.md"), *_engine()]


def _engine() -> list[Path]:
    return [*Path(__file__).parent.glob("*.py")]


def _state(paths: list[Path]) -> dict[Path, tuple[int, int]]:
    state = {}
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue  # gone since it was listed
        state[path] = (stat.st_mtime_ns, stat.st_size)
    return state
