"""A small project of its own, with one snippet, to test the machinery on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]

LINE = '''"""A straight line.

Source: Euclid, Elements.
"""

from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure


# --8<-- [start:height]
def height(x, slope):
    return slope * x
# --8<-- [end:height]


def figure(
    fig: Figure,
    slope: Annotated[float, "slope", np.linspace(-1, 1, 5)] = 0.5,
    kind: Annotated[Literal["thin", "thick"], "line"] = "thin",
    shift: Annotated[int, "shift", range(100)] = 0,
) -> dict[str, float | str]:
    """Draw a line; report its height at the end."""
    ax = fig.subplots()
    x = np.linspace(0, 10, 11)
    ax.plot(x, height(x, slope) + shift, lw=1 if kind == "thin" else 4)
    ax.set(xlim=(0, 10), ylim=(-10, 10), xlabel="x (m)", ylabel="height (m)")
    return {"end": height(10.0, slope) + shift, "way": "up" if slope > 0 else "down"}
'''


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """The folder, with these texts by the names of their files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


class Project:
    """A folder with snippets/ and docs/, and the command run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self) -> None:
        """Make the folders and the snippet `line`."""
        (self.folder / "docs").mkdir()
        (self.folder / "snippets").mkdir()
        shutil.copy(ROOT / "snippets" / "study.mplstyle", self.folder / "snippets")
        self.snippet("line")

    def snippet(self, name: str, text: str = LINE) -> Path:
        """Write a snippet."""
        path = self.folder / "snippets" / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        return path

    def page(self, name: str, text: str) -> Path:
        """Write a page."""
        path = self.folder / "docs" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def figures(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run scripts/figures.py on this project, standing in it."""
        return subprocess.run(
            [
                sys.executable,
                str(ROOT / "scripts" / "figures.py"),
                f"--project={self.folder}",
                *arguments,
            ],
            cwd=self.folder,
            capture_output=True,
            text=True,
        )

    def drawings(self) -> dict[str, bytes]:
        """Every file that the cache holds of the figures."""
        home = self.folder / ".cache" / "figures"
        return {
            str(path.relative_to(home)): path.read_bytes()
            for path in sorted(home.rglob("*"))
            if path.is_file()
        }


class Checkout:
    """A copy of this checkout that a test may edit, drawings and all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        skipped = shutil.ignore_patterns(".*", "node_modules", "site", "__pycache__")
        shutil.copytree(ROOT, folder, ignore=skipped, dirs_exist_ok=True)
        for name in (".cache", ".github"):
            shutil.copytree(ROOT / name, folder / name)
        (folder / "node_modules").symlink_to(ROOT / "node_modules")

    @property
    def environment(self) -> dict[str, str]:
        """The copy's scripts come before the checkout's installed ones."""
        scripts = str(self.folder / "scripts")
        return {**os.environ, "PYTHONPATH": scripts, "NO_MKDOCS_2_WARNING": "1"}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a module of the environment's, standing in the copy."""
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
