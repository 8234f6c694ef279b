"""Labs: run with and without their solutions, no oftener than needed, and whole."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from small_project import ROOT, Checkout, Project

from study import labs

LABS = {lab.name: lab for lab in labs.labs(ROOT)}
each_lab = pytest.mark.parametrize("name", LABS)
SOLUTION = re.compile(r"<details markdown=\"1\">.*?```python\n(.*?)```", re.DOTALL)
CHECK = re.compile(r"^\s*check\(", re.MULTILINE)
UNSOLVED = "not solved yet"


def solution(lab: labs.Lab, exercise: labs.Cell) -> str:
    """The code that is folded away after an exercise."""
    after = lab.cells[lab.cells.index(exercise) + 1 :]
    texts = [cell.source for cell in after if cell.kind == "markdown"]
    return next(match[1] for text in texts if (match := SOLUTION.search(text)))


def exercises(lab: labs.Lab) -> list[labs.Cell]:
    return [cell for cell in lab.code if "exercise" in cell.tags]


def printed(outputs: list[list[dict[str, Any]]]) -> str:
    return "".join(o.get("text", "") for cell in outputs for o in cell)


@pytest.fixture(scope="module", autouse=True)
def _ran() -> None:
    """The labs' notebooks, as a build leaves them."""
    done = subprocess.run([sys.executable, ROOT / "scripts" / "labs.py"])
    assert done.returncode == 0


# -- The labs of this site ------------------------------------------------------


def test_there_are_three():
    assert len(LABS) == 3


@each_lab
def test_its_cells_are_those_that_other_tools_read(name: str):
    text = LABS[name].path.read_text("utf-8")
    book = jupytext.reads(text, fmt="py:percent")
    read = [cell for cell in book.cells if cell.cell_type != "raw"]  # the header
    assert [(cell.cell_type, cell.source) for cell in read] == [
        (cell.kind, cell.source) for cell in LABS[name].cells
    ]


@each_lab
def test_it_fits_the_page(name: str):
    lab = LABS[name]
    assert re.fullmatch(r"[A-Z].{30,150}[.?]", lab.description)
    codes = [cell.source for cell in lab.code]
    assert max(len(line) for code in codes for line in code.split("\n")) <= 79
    text = "\n".join(cell.source for cell in lab.cells if cell.kind == "markdown")
    assert len(re.findall("^# ", text, re.MULTILINE)) == 1
    # A heading that asks becomes a question to be quizzed on.
    assert not [line for line in text.split("\n") if line[:1] == "#" and "?" in line]


@each_lab
def test_as_built_nothing_failed_and_no_exercise_is_solved(name: str):
    book = json.loads(LABS[name].path.with_suffix(".ipynb").read_bytes())
    nbformat.validate(book)
    outputs = [cell["outputs"] for cell in book["cells"] if "outputs" in cell]
    assert not [o for cell in outputs for o in cell if o["output_type"] == "error"]
    assert len(exercises(LABS[name])) >= 4
    assert printed(outputs).count(UNSOLVED) >= len(exercises(LABS[name]))
    assert ": right." not in printed(outputs)
    drawings = [
        o for cell in outputs for o in cell if "image/svg+xml" in o.get("data", {})
    ]
    assert drawings
    for output in drawings:
        assert len(output["metadata"]["alt"]) > 60
        assert "#025ac8" not in output["data"]["image/svg+xml"]  # the page's colours


# The lab's check, which then tries the same answer made wrong.
STRICT = """
import numpy as np
import lab_kit
once = lab_kit.check

def check(exercise, answer, *more, **options):
    once(exercise, answer, *more, **options)
    try:
        once(exercise, np.asarray(answer) * 1.1 + 0.1, *more, **options)
    except AssertionError as error:
        assert "not right yet" in str(error) and "Hint: " in str(error)
        print("refused")

lab_kit.check = check
"""


@each_lab
def test_the_solutions_pass_every_check_and_wrong_answers_none(name: str):
    lab = LABS[name]
    codes = [
        solution(lab, cell) if "exercise" in cell.tags else cell.source
        for cell in lab.code
    ]
    codes[0] = STRICT + codes[0]
    text = printed(labs.run(lab, codes))
    assert UNSOLVED not in text
    assert text.count(": right.") == text.count("refused") >= len(exercises(lab))


def test_what_a_reader_takes_along_runs_in_an_empty_folder(tmp_path: Path):
    for lab in LABS.values():
        data = labs.taken(lab)
        assert data == labs.taken(lab)
        nbformat.validate(json.loads(data))
    lab = LABS["2-judge-a-classifier"]
    path = tmp_path / "lab.ipynb"
    path.write_bytes(labs.taken(lab))
    run = subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--inplace", path.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    cells = json.loads(path.read_bytes())["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert UNSOLVED in "".join(
        "".join(o.get("text", "")) for cell in code for o in cell["outputs"]
    )


def test_no_output_is_in_the_repository():
    tracked = subprocess.run(
        ["git", "ls-files", "docs/labs"], cwd=ROOT, capture_output=True, text=True
    )
    assert ".ipynb" not in tracked.stdout


# -- The machinery, on a small lab ------------------------------------------------

SMALL = """# ---
# description: A lab that is small.
# ---

# %% [markdown]
# # Small
#
# The height of a line, $y = x$.

# %%
from lab_kit import check, drawing
from line import height

print(height(2, 3))

# %% tags=["exercise"]
answer = ...

# %%
check("Exercise 1", answer, 6, "two times three")
"""


@dataclass
class Small:
    """A project with one lab, and a kernel that counts how often it starts."""

    project: Project
    place: Path

    @property
    def lab(self) -> Path:
        return self.project.folder / "docs" / "labs" / "1-small.py"

    @property
    def book(self) -> Path:
        return self.lab.with_suffix(".ipynb")

    def start(self) -> None:
        self.lab.parent.mkdir()
        self.lab.write_text(SMALL, "utf-8")
        shutil.copy(ROOT / "docs" / "labs" / "lab_kit.py", self.lab.parent)

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                sys.executable,
                ROOT / "scripts" / "labs.py",
                f"--project={self.project.folder}",
                *options,
            ],
            cwd=self.project.folder,
            env={**os.environ, **counting(self.place)},
            capture_output=True,
            text=True,
        )

    def kernels(self) -> int:
        return counted(self.place)


def counting(place: Path) -> dict[str, str]:
    """What makes every kernel that starts leave a line in a file."""
    spec = place / "kernels" / "python3"
    spec.mkdir(parents=True, exist_ok=True)
    code = (
        f"open({str(place / 'started')!r}, 'a').write('started\\n');"
        "from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
    )
    argv = [sys.executable, "-c", code, "-f", "{connection_file}"]
    said = {"argv": argv, "display_name": "Counting", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(said))
    return {"JUPYTER_PATH": str(place)}


def counted(place: Path) -> int:
    started = place / "started"
    return len(started.read_text().split()) if started.exists() else 0


@pytest.fixture
def small(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Small:
    small = Small(project, tmp_path_factory.mktemp("jupyter"))
    small.start()
    return small


def test_a_lab_runs_again_only_when_its_code_or_what_it_imports_changes(small: Small):
    assert small.run().returncode == 0
    assert small.kernels() == 1
    assert '"6\\n"' in small.book.read_text()
    written = small.book.stat().st_mtime_ns
    assert small.run().stdout == ""
    assert small.kernels() == 1
    assert small.book.stat().st_mtime_ns == written

    small.lab.write_text(SMALL.replace("# # Small", "# # Little"), "utf-8")
    assert small.run().returncode == 0
    assert small.kernels() == 1  # the text is another, the code is not
    assert "# Little" in small.book.read_text()
    small.book.unlink()
    assert small.run().returncode == 0
    assert small.kernels() == 1
    small.project.snippet("other", "x = 1\n")
    assert small.run().returncode == 0
    assert small.kernels() == 1

    line = small.project.snippet("line")
    text = line.read_text("utf-8")
    line.write_text(text.replace("return slope * x", "return slope * x + 1"), "utf-8")
    assert "1-small run in" in small.run().stdout
    assert small.kernels() == 2
    assert '"7\\n"' in small.book.read_text()
    small.lab.write_text(SMALL.replace("(2, 3)", "(2, 4)"), "utf-8")
    assert small.run().returncode == 0
    assert small.kernels() == 3

    small.lab.unlink()
    assert small.run().returncode == 0
    assert not small.book.exists()


def test_a_lab_whose_import_has_changed_can_wait_for_the_next_build(small: Small):
    assert small.run("--later").returncode == 0
    assert small.kernels() == 1  # there was no notebook
    line = small.project.snippet("line")
    text = line.read_text("utf-8")
    line.write_text(text.replace("return slope * x", "return slope * x + 1"), "utf-8")
    small.lab.write_text(SMALL.replace("# # Small", "# # Little"), "utf-8")
    assert small.run("--later").stdout == ""
    assert small.kernels() == 1
    assert '"6\\n"' in (waiting := small.book.read_text())
    assert "# Little" in waiting  # words need no kernel

    assert "the next save shows it" in small.run("--ahead").stdout
    assert small.kernels() == 2
    assert small.book.read_text() == waiting
    assert small.run("--ahead").stdout == ""
    assert small.run("--later").stdout == ""
    assert small.kernels() == 2
    assert '"7\\n"' in small.book.read_text()

    small.lab.write_text(SMALL.replace("(2, 3)", "(2, 4)"), "utf-8")
    assert "1-small run in" in small.run("--later").stdout  # its own code
    small.book.write_text("{}")
    line.write_text(text, "utf-8")
    assert "1-small run in" in small.run("--later").stdout  # nothing to keep
    assert '"8\\n"' in small.book.read_text()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("x = 1\n1 / 0", "15: cell 2: ZeroDivisionError: division by zero"),
        ("height(1)", "14: cell 2: TypeError: height() missing 1 required"),
        ("x = (1", "14: cell 2: SyntaxError: '(' was never closed"),
        ("x = 1\nwhile True:\n    x = 2", "cell 2: ran longer than 2 s"),
        (
            "import time\nwhile True:\n    try:\n        time.sleep(60)\n"
            "    except KeyboardInterrupt:\n        pass",
            "cell 2: ran longer than 2 s",
        ),
        ("import os\nos._exit(1)", "cell 2: ended the kernel"),
        ("check('It', 5, 6, 'more')", "cell 2: AssertionError: It: not right yet"),
    ],
)
def test_a_cell_that_fails_is_named_with_lab_cell_and_line(
    small: Small, wrong: str, message: str
):
    text = SMALL.replace("print(height(2, 3))", wrong)
    limit = "--limit=30"
    if "AssertionError" not in message and "TypeError" not in message:
        # Importing matplotlib would take most of the time.
        text = re.sub("from .* import .*", "", text)
        limit = "--limit=2"
    small.lab.write_text(text, "utf-8")
    done = small.run(limit)
    assert done.returncode == 1
    assert re.match(r"Error: docs/labs/1-small.py:1[4-9]: cell 2: ", done.stderr)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not small.book.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SMALL[6:], "1: a lab begins with"),
        (SMALL.replace("# %% [markdown]", "# %% [raw]"), "5: a cell begins with"),
        (SMALL.replace("# The height", "The height"), "8: a line of a text cell"),
    ],
)
def test_a_lab_that_cannot_be_read_is_told_with_its_line(
    small: Small, text: str, message: str
):
    small.lab.write_text(text, "utf-8")
    done = small.run()
    assert done.returncode == 1
    assert f"docs/labs/1-small.py:{message}" in done.stderr
    assert small.kernels() == 0


def test_an_unchanged_site_is_built_without_a_kernel_and_a_broken_lab_stops_it(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JUPYTER_PATH", counting(tmp_path)["JUPYTER_PATH"])
    done = checkout.run("mkdocs", "build", "--strict", "-q", "-d", "site")
    assert done.returncode == 0, done.stderr
    assert counted(tmp_path) == 0
    [lab] = (checkout.folder / "docs" / "labs").glob("2-*.py")
    text = lab.read_text("utf-8").replace("CASES, COLUMNS", "1 / 0\nCASES, COLUMNS", 1)
    lab.write_text(text, "utf-8")
    done = checkout.run("mkdocs", "build", "--strict", "-q", "-d", "site")
    assert done.returncode == 1
    line = text.split("\n").index("1 / 0") + 1
    assert f"docs/labs/{lab.name}:{line}: cell 4: ZeroDivisionError" in done.stderr
    assert "a lab could not be run" in done.stderr
    assert "Traceback" not in done.stderr
    assert counted(tmp_path) == 1
