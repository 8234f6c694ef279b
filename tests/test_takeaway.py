"""What readers take along: the same bytes every time, and it runs as it is."""

import ast
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from small_project import ROOT

from study import takeaway
from study.paths import STYLE
from study.sources import Sources

SOURCES = Sources(ROOT / "snippets", ROOT / ".cache")
NAMES = SOURCES.names()
each_snippet = pytest.mark.parametrize("name", NAMES)


def figures(name: str) -> list[str]:
    """The figures that a snippet defines, by reading alone."""
    tree = ast.parse(SOURCES.path(name).read_text(encoding="utf-8"))
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and [argument.arg for argument in node.args.args][:1] == ["fig"]
    ]


def section(name: str, wanted: str) -> list[str]:
    """The lines between a section's two marks in the repository."""
    lines = SOURCES.path(name).read_text(encoding="utf-8").split("\n")
    start = lines.index(f"# --8<-- [start:{wanted}]")
    return lines[start + 1 : lines.index(f"# --8<-- [end:{wanted}]")]


@each_snippet
def test_the_published_code_has_no_marks(name: str):
    text, _ = takeaway.published(SOURCES, name)
    assert "--8<--" not in text
    assert text.endswith("\n") and not text.endswith("\n\n")
    source = SOURCES.path(name).read_text(encoding="utf-8")
    unmarked = [line for line in source.splitlines() if "--8<--" not in line]
    assert text.splitlines() == unmarked


@each_snippet
def test_a_sections_lines_are_its_code(name: str):
    text, sections = takeaway.published(SOURCES, name)
    assert list(sections) == SOURCES.sections(name)
    for each, (first, last) in sections.items():
        assert text.split("\n")[first - 1 : last] == section(name, each)


@pytest.fixture(scope="module")
def books() -> dict[str, dict[str, Any]]:
    return {
        name: json.loads(takeaway.notebook(SOURCES, name, figures(name)))
        for name in NAMES
    }


@each_snippet
def test_the_notebook_is_valid_and_its_cells_are_named_in_order(
    books: dict[str, dict[str, Any]], name: str
):
    book = books[name]
    nbformat.validate(book)
    cells = book["cells"]
    assert [cell["id"] for cell in cells] == [f"cell-{i}" for i in range(len(cells))]
    assert book["metadata"]["kernelspec"]["name"] == "python3"


@each_snippet
def test_the_notebook_holds_the_snippet_and_what_it_needs(
    books: dict[str, dict[str, Any]], name: str
):
    cells = ["".join(cell["source"]) for cell in books[name]["cells"]]
    assert all(cell["cell_type"] == "code" for cell in books[name]["cells"])
    for other in SOURCES.imports(name)[1:]:
        code = takeaway.published(SOURCES, other)[0].rstrip()
        assert f"%%writefile {other}.py\n{code}" in cells
    style = (ROOT / "snippets" / STYLE).read_text(encoding="utf-8").rstrip()
    assert f"%%writefile {STYLE}\n{style}" in cells
    for each in SOURCES.sections(name):
        assert "\n".join(section(name, each)).strip() in "\n\n\n".join(cells)
    assert not [cell for cell in cells if "--8<--" in cell]
    drawn = [f"{figure}(plt.figure())" for figure in figures(name)]
    assert cells[len(cells) - len(drawn) :] == drawn


def digests() -> list[str]:
    """Of every notebook and every zip."""
    made = [takeaway.notebook(SOURCES, name, figures(name)) for name in NAMES]
    made += [takeaway.zipped(SOURCES, name) for name in NAMES]
    return [hashlib.sha256(data).hexdigest() for data in made]


def test_everything_is_the_same_bytes_again_and_in_another_process():
    first = digests()
    assert digests() == first
    other = subprocess.run(
        [sys.executable, "-c", "from test_takeaway import *; print(*digests())"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
    )
    assert other.stdout.split() == first, other.stderr


@pytest.mark.parametrize("name", ["kmeans_elbow", "roc_auc"])
def test_the_notebook_draws_in_an_empty_folder(tmp_path: Path, name: str):
    path = tmp_path / f"{name}.ipynb"
    path.write_bytes(takeaway.notebook(SOURCES, name, figures(name)))
    run = subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--inplace", path.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    cells = json.loads(path.read_bytes())["cells"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] == "error"]
    last = [output.get("data", {}) for output in cells[-1]["outputs"]]
    assert any("image/png" in data for data in last)
    assert any("text/plain" in data for data in last)  # the facts


def test_the_zip_unpacks_to_what_runs_by_itself(tmp_path: Path):
    for name in NAMES:
        with zipfile.ZipFile(io.BytesIO(takeaway.zipped(SOURCES, name))) as archive:
            files = archive.namelist()
            archive.extractall(tmp_path)
        needed = [f"{each}.py" for each in SOURCES.imports(name)]
        assert files == [f"{name}/{file}" for file in (*needed, STYLE)]
    # All in one process: importing matplotlib takes most of the time.
    code = (
        "import importlib, os, sys\n"
        "import matplotlib.pyplot as plt\n"
        "for name in sys.argv[1:]:\n"
        "    os.chdir(name)\n"
        "    sys.path[0] = os.getcwd()\n"
        "    plt.style.use('study.mplstyle')\n"
        "    module = importlib.import_module(name)\n"
        "    assert module.__file__ == os.path.join(os.getcwd(), name + '.py')\n"
        "    if hasattr(module, 'figure'):\n"
        "        assert module.figure(plt.figure())\n"
        "    plt.close('all')\n"
        "    for other in os.listdir():\n"
        "        sys.modules.pop(other.partition('.')[0], None)\n"
        "    os.chdir('..')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *NAMES],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_the_file_of_a_snippet_that_needs_no_other_runs_by_itself(tmp_path: Path):
    (tmp_path / "roc_auc.py").write_text(takeaway.published(SOURCES, "roc_auc")[0])
    run = subprocess.run(
        [sys.executable, "roc_auc.py"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")
