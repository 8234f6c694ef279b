"""Projects for tests of the machinery."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from javascript import Node
from small_project import ROOT, Checkout, Project


@pytest.fixture(scope="session")
def _drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = Project(tmp_path_factory.mktemp("drawn"))
    project.start()
    done = project.figures()
    assert done.returncode == 0, done.stderr
    return project.folder


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with one snippet, `line`, not drawn yet."""
    project = Project(tmp_path)
    project.start()
    return project


@pytest.fixture
def drawn(tmp_path: Path, _drawn: Path) -> Project:
    """The same, drawn: a copy with its cache, as carried to another machine."""
    shutil.copytree(_drawn, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory, _drawn: Path) -> Project:
    """The same for a whole module, with what its pages pin computed."""
    folder = tmp_path_factory.mktemp("paged") / "project"
    shutil.copytree(_drawn, folder)
    project = Project(folder)
    project.page("pins", "{{ line.end(slope=1, shift=3) }} {{ line.end(slope=-1) }}")
    assert project.figures("--defaults").returncode == 0
    return project


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A copy of this checkout with all figures drawn."""
    subprocess.run([sys.executable, ROOT / "scripts" / "figures.py"], check=True)
    return Checkout(tmp_path / "checkout")


@pytest.fixture(scope="session")
def js() -> Iterator[Node]:
    """Calls the pure parts of docs/assets: js(module, expression, name=value)."""
    node = Node()
    yield node
    node.close()
