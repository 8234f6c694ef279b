"""The drawings and facts kept between builds.

    figures/<snippet>/latest                    the newest key with default drawings
    figures/<snippet>/<key>/defaults.json       every figure at its default positions
    figures/<snippet>/<key>/pins.json           facts at positions that pages name
    figures/<snippet>/<key>/all-<figure>.json   every combination of its leading knobs
    figures/<snippet>/<key>/complete            with these pins all is there: a list

A key names everything that a drawing depends on, so what is there is right. A file
that is not what was written counts as missing, and the next run draws it again.
"""

import json
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from study.files import keep, kept, write_whole

Json = dict[str, Any]
KEY = re.compile("[0-9a-f]+")


class Store:
    """The drawings of one snippet under one key."""

    def __init__(self, cache: Path, snippet: str, key: str) -> None:
        self.key = key
        self._home = cache / "figures" / snippet
        self._folder = self._home / key

    @classmethod
    def latest(cls, cache: Path, snippet: str) -> "Store | None":
        """What was drawn last, though the snippet may have changed since."""
        try:
            key = (cache / "figures" / snippet / "latest").read_text()
        except (OSError, ValueError):
            return None
        return cls(cache, snippet, key) if KEY.fullmatch(key) else None

    def is_complete(self, pins: str) -> bool:
        """Whether all was drawn, with these pins: told without reading it, but for
        what was written after that was said."""
        try:
            with open(f"{self._folder}/complete", "rb") as said:
                whole, told = said.read(), os.fstat(said.fileno()).st_ctime_ns
            files = self._files()
            if whole != _listed(pins, files).encode() or not self._is_latest():
                return False
        except OSError:
            return False
        # What was written later is another disk's copy, or was damaged. The file
        # system's own time: nothing can set it, and a clock that jumps only costs.
        later = [name for name, stat in files.items() if stat.st_ctime_ns > told]
        if any(kept(self._folder / name) is None for name in later):
            return False
        if later:
            with suppress(OSError):
                write_whole(self._folder / "complete", whole)
        return True

    def complete(self, pins: str) -> None:
        """Say that all is drawn, and drop what other keys hold: nothing shows it."""
        if not self._is_latest():
            write_whole(self._home / "latest", self.key.encode())
        said = self._folder / "complete"
        write_whole(said, _listed(pins, self._files()).encode())
        for path in [*self._home.iterdir(), *self._folder.iterdir()]:
            if path.is_dir() and path != self._folder:
                shutil.rmtree(path, ignore_errors=True)
            elif path.name.startswith("."):  # left by a run that was killed
                path.unlink(missing_ok=True)

    def defaults(self) -> Json | None:
        """By figure: its knobs, drawing and facts at the default positions."""
        return self._read("defaults")

    def keep_defaults(self, defaults: Json) -> None:
        """Publish the default drawings; earlier ones stay until all are drawn."""
        self._write("defaults", defaults)
        write_whole(self._home / "latest", self.key.encode())

    def pins(self) -> dict[str, Json]:
        """Facts by call, as knobs.call spells it."""
        return self._read("pins") or {}

    def keep_pins(self, pins: dict[str, Json]) -> None:
        """Add facts to those already kept."""
        self._write("pins", {**self.pins(), **pins})

    def has_pins(self) -> bool:
        """Whether the facts at the pinned positions were kept, if only as none."""
        return self._read("pins") is not None

    def combinations(self, figure: str) -> Json | None:
        """Facts and packed drawings of every combination of the leading knobs."""
        return self._read(f"all-{figure}")

    def keep_combinations(self, figure: str, combinations: Json) -> None:
        """Publish the drawings of every combination of a figure."""
        self._write(f"all-{figure}", combinations)

    def forget(self) -> None:
        """Drop this key's drawings, to draw them again."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def withdraw(self) -> None:
        """Drop drawings that are not this key's after all; earlier ones show again."""
        self.forget()
        if not self._is_latest():
            return
        for earlier in self._home.glob("*/defaults.json"):
            write_whole(self._home / "latest", earlier.parent.name.encode())

    def _files(self) -> dict[str, os.stat_result]:
        with os.scandir(str(self._folder)) as entries:
            return {e.name: e.stat() for e in entries if e.name.endswith(".json")}

    def _is_latest(self) -> bool:
        try:
            with open(f"{self._home}/latest", "rb") as latest:
                return latest.read() == self.key.encode()
        except OSError:
            return False

    def _read(self, name: str) -> Json | None:
        path = self._folder / f"{name}.json"
        data = kept(path)
        if data is None:
            with suppress(OSError):  # where it is damaged, it is not complete
                (self._folder / "complete").unlink()
            return None
        found: Json = json.loads(data)
        return found

    def _write(self, name: str, data: Json) -> None:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        keep(self._folder / f"{name}.json", text.encode())


def _listed(pins: str, files: dict[str, os.stat_result]) -> str:
    sizes = [f"{name} {files[name].st_size}" for name in sorted(files)]
    return "\n".join([pins, *sizes])
