"""The snippets on disk: what there is, what imports what, what has changed."""

import ast
import hashlib
import json
import os
import re
import sys
from functools import cached_property
from pathlib import Path
from typing import Any

from study.errors import StudyError
from study.files import keep, kept
from study.paths import STYLE

# What decides how drawings look and are kept, besides the snippet and the style.
ENGINE = ("drawing.py", "jobs.py", "knobs.py", "packing.py", "sources.py", "store.py")
LIBRARIES = ("numpy", "matplotlib")
TIME_LIMIT = 20.0
# What is remembered of a snippet is only good for the code that parsed it.
PARSER = Path(__file__).read_bytes()
SECTION = re.compile(r"--8<-- \[start:([\w-]+)\]")


def digest(*parts: bytes) -> str:
    """A short name for these bytes, in this order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:16]


class Sources:
    """A folder of snippets. Parsing is remembered by content in the cache."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self._memo_path = cache / "sources.json"
        self._memo: dict[str, Any] = {}
        self._read: dict[str, dict[str, Any]] = {}
        if memo := kept(self._memo_path):
            self._memo = json.loads(memo)

    def names(self) -> list[str]:
        """The snippets' names, sorted."""
        return sorted(n[:-3] for n in os.listdir(self.folder) if n.endswith(".py"))

    @cached_property
    def _known(self) -> set[str]:
        return {*self.names()}

    def path(self, name: str) -> Path:
        """The file of a snippet."""
        return self.folder / f"{name}.py"

    def sections(self, name: str) -> list[str]:
        """The names of a snippet's sections, in order."""
        return SECTION.findall(self.path(name).read_text(encoding="utf-8"))

    def imports(self, name: str) -> list[str]:
        """The snippets that a snippet needs, itself first, sorted after that."""
        found, waiting = {name}, [name]
        while waiting:
            for other in self._parsed(waiting.pop())["imports"]:
                if other not in found and other in self._known:
                    found.add(other)
                    waiting.append(other)
        return [name, *sorted(found - {name})]

    def time_limit(self, name: str) -> float:
        """Seconds that one drawing may take: the snippet's own TIME_LIMIT, if any."""
        return float(self._parsed(name)["time_limit"])

    def key(self, name: str) -> str:
        """Changes exactly when the snippet's drawings may change."""
        code = [self._parsed(each)["code"].encode() for each in self.imports(name)]
        return digest(self._surroundings, *code)

    @cached_property
    def _surroundings(self) -> bytes:
        style = (self.folder / STYLE).read_bytes()
        here = Path(__file__).parent
        engine = [(here / name).read_bytes() for name in ENGINE]
        libraries = [_version(name).encode() for name in LIBRARIES]
        return digest(style, *engine, *libraries).encode()

    def again(self) -> "Sources":
        """The same folder as it is now; what did not change is not parsed again."""
        now = Sources(self.folder, self._memo_path.parent)
        now._memo = {item["bytes"]: item for item in self._read.values()}
        return now

    def remember(self) -> None:
        """Keep what was parsed for the next run, and no more than that."""
        memo = {item["bytes"]: item for item in self._read.values()}
        if memo.keys() != self._memo.keys():
            keep(self._memo_path, json.dumps(memo).encode())

    def _parsed(self, name: str) -> dict[str, Any]:
        if name not in self._read:
            with open(f"{self.folder}/{name}.py", "rb") as file:
                data = file.read()
            known = self._memo.get(_memo_key(name, data))
            self._read[name] = known or _parse(self.path(name), data)
        return self._read[name]


def _memo_key(name: str, data: bytes) -> str:
    return digest(PARSER, name.encode(), data)


def _version(library: str) -> str:
    """Name and version, as the folder beside an installed library says them."""
    for folder in sys.path:
        for found in Path(folder).glob(f"{library}-*.dist-info"):
            return found.name
    from importlib.metadata import version  # slow to import, and rarely needed

    return f"{library}-{version(library)}"


def _parse(path: Path, data: bytes) -> dict[str, Any]:
    try:
        tree = ast.parse(data, filename=str(path))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise StudyError(path, line, f"{type(error).__name__}: {error}") from None
    imports: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imports.add(node.module.split(".")[0])
    # Comments and layout are not in the dump: rewording them redraws nothing.
    code = digest(path.stem.encode(), ast.dump(tree).encode())
    return {
        "bytes": _memo_key(path.stem, data),
        "imports": sorted(imports),
        "code": code,
        "time_limit": _time_limit(tree),
    }


def _time_limit(tree: ast.Module) -> float:
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name("TIME_LIMIT")], ast.Constant(int(value))):
                return float(value)
    return TIME_LIMIT
