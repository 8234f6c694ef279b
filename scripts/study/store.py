"""The drawings and facts kept between builds.

    figures/<snippet>/latest                the newest key with default drawings
    figures/<snippet>/<key>/defaults.json   every figure at its default positions
    figures/<snippet>/<key>/pins.json       facts at positions that pages name
    figures/<snippet>/<key>/<figure>.json   every combination of the leading knobs

A file is written whole or not at all. A key names everything that a drawing
depends on, so a file that is there is right; one that cannot be read is not there.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from study.paths import write_whole

Json = dict[str, Any]


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
            key = (cache / "figures" / snippet / "latest").read_text().strip()
        except OSError:
            return None
        return cls(cache, snippet, key)

    def defaults(self) -> Json | None:
        """By figure: its knobs, drawing and facts at the default positions."""
        return _read(self._folder / "defaults.json")

    def keep_defaults(self, defaults: Json) -> None:
        """Publish the default drawings; earlier ones stay until all are drawn."""
        _write(self._folder / "defaults.json", defaults)
        write_whole(self._home / "latest", self.key.encode())

    def pins(self) -> dict[str, Json]:
        """Facts by call, as `call` spells it."""
        return _read(self._folder / "pins.json") or {}

    def keep_pins(self, pins: dict[str, Json]) -> None:
        """Add facts to those already kept."""
        _write(self._folder / "pins.json", {**self.pins(), **pins})

    def combinations(self, figure: str) -> Json | None:
        """Facts and packed drawings of every combination of the leading knobs."""
        return _read(self._folder / f"{figure}.json")

    def has_combinations(self, figure: str) -> bool:
        """Whether every combination is drawn, without reading them."""
        return (self._folder / f"{figure}.json").exists()

    def keep_combinations(self, figure: str, combinations: Json) -> None:
        """Publish the drawings of every combination of a figure."""
        _write(self._folder / f"{figure}.json", combinations)

    def prune(self) -> None:
        """Drop what other keys hold: nothing shows it any more."""
        for folder in self._home.iterdir():
            if folder.is_dir() and folder != self._folder:
                shutil.rmtree(folder, ignore_errors=True)

    def forget(self) -> None:
        """Drop this key's drawings, to draw them again."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _read(path: Path) -> Json | None:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def _write(path: Path, data: Json) -> None:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    write_whole(path, text.encode())
