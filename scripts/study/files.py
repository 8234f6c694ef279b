"""Files that are written whole or not at all, and known to be what was written."""

import os
import shutil
from hashlib import sha256
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put data at path in one step: a reader sees the old file or the new one."""
    try:
        _write(path, data)
    except (FileExistsError, FileNotFoundError, IsADirectoryError, NotADirectoryError):
        # A folder where the file belongs, a file where its folder belongs, or
        # another run that tidied up just now.
        _make_way(path)
        _write(path, data)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _make_way(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    for folder in path.parents:
        if folder.is_file():
            folder.unlink()


def keep(path: Path, data: bytes) -> None:
    """Write data whole, with what tells later whether the disk still holds it."""
    write_whole(path, _digest(data) + b"\n" + data)


def kept(path: Path) -> bytes | None:
    """What keep() wrote; None if it is not there or not whole any more."""
    try:
        digest, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return data if digest == _digest(data) else None


def _digest(data: bytes) -> bytes:
    return sha256(data).hexdigest().encode()
