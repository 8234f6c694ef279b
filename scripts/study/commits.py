"""When the files of a project were last changed, as its commits say."""

import subprocess
from pathlib import Path


class HistoryError(Exception):
    """There is no history to read, and why."""


def times(project: Path, *folders: str) -> dict[str, int]:
    """By path in the project: the seconds since 1970 of the last commit that touches
    it. HistoryError where there is no git, no commit, or not every commit."""
    if _git(project, "rev-parse", "--is-shallow-repository").strip() == "true":
        raise HistoryError("a shallow clone; complete it by `git fetch --unshallow`")
    # A merge counts as what it brings to this branch, and when: what was committed
    # elsewhere before the last build has come in since then.
    log = _git(
        project,
        *("-c", "core.quotePath=false", "-c", "log.showSignature=false"),
        *("log", "--first-parent", "-m", "--format=%x00%ct", "--name-only"),
        *("--relative", "--", *folders),
    )
    found: dict[str, int] = {}
    for commit in log.split("\0")[1:]:
        time, *paths = commit.split("\n")
        for path in filter(None, paths):
            found[path] = max(int(time), found.get(path, 0))
    if not found:
        raise HistoryError("no commit touches the pages")
    return found


def _git(project: Path, *arguments: str) -> str:
    try:
        run = subprocess.run(
            ["git", "-C", str(project), *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError:
        raise HistoryError("git is not installed") from None
    if run.returncode:
        raise HistoryError(run.stderr.strip().split("\n")[0])
    return run.stdout
