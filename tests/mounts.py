"""Mounts that only a test's own processes see: a disk that fills up."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, mount: str) -> Iterator[tuple[list[str], Path]]:
    """Mount over the folder where only the test's processes see it: what to start a
    command with, and the folder as it sees it."""
    spaces = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    holder = subprocess.Popen(
        ["unshare", *spaces, "--mount", "sh", "-c", f"{mount} && echo && exec cat"],
        env={**os.environ, "FOLDER": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert holder.stdin and holder.stdout and holder.stderr
    try:
        if not holder.stdout.readline():
            pytest.fail(f"may not mount here: {holder.stderr.read().decode()}")
        enter = ["nsenter", f"--target={holder.pid}", "--mount"]
        if spaces:
            enter += ["--user", "--preserve-credentials"]
        yield enter, Path(f"/proc/{holder.pid}/root{folder}")
    finally:
        holder.communicate()
