"""Every snippet draws with the NumPy and matplotlib that run in the browser."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import ROOT

from study import drawing, knobs

PYTHON = ROOT / ".venv-browser" / "bin" / "python"
CALLS = [
    [
        str(path),
        name,
        [{}, *({k.name: k.values[i]} for k in knobs.read(figure) for i in (0, -1))],
    ]
    for path in sorted((ROOT / "snippets").glob("*.py"))
    for name, figure in drawing.figures(drawing.load(path)).items()
]
NAMES = [f"{Path(path).stem}.{name}" for path, name, _ in CALLS]


def run(python: Path | str) -> dict[str, list[dict[str, object]]]:
    done = subprocess.run(
        [python, str(ROOT / "tests" / "draw_plainly.py")],
        input=json.dumps(CALLS),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(NAMES, json.loads(done.stdout), strict=True))


@pytest.fixture(scope="module")
def here() -> dict[str, list[dict[str, object]]]:
    return run(sys.executable)


@pytest.fixture(scope="module")
def there() -> dict[str, list[dict[str, object]]]:
    assert PYTHON.exists(), "`make test` installs the browser's NumPy and matplotlib"
    return run(PYTHON)


def test_the_versions_are_the_browsers():
    code = "import matplotlib, numpy; print(numpy.__version__, matplotlib.__version__)"
    done = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["2.0.2", "3.8.4"]


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_are_the_same(name: str, here, there):
    # Sums in another order differ by rounding; a chaotic computation would show.
    for mine, theirs in zip(here[name], there[name], strict=True):
        assert theirs == {
            fact: value
            if isinstance(value, str)
            else pytest.approx(value, rel=1e-9, abs=1e-12)
            for fact, value in mine.items()
        }
