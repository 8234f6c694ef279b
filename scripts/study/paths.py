"""Where things are in the project."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STYLE = "study.mplstyle"


def write_whole(path: Path, data: bytes) -> None:
    """Put data at path in one step: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
