"""figures.py --watch: what is saved is drawn, in one warm process, until stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from small_project import LINE, ROOT, Project

from study.store import Store


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def watching(drawn: Project) -> Iterator[tuple[Project, subprocess.Popen[str]]]:
    command = [sys.executable, str(ROOT / "scripts" / "figures.py"), "--watch"]
    process = subprocess.Popen(
        [*command, f"--project={drawn.folder}"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    assert "watching" in process.stderr.readline()
    yield drawn, process
    process.kill()
    process.communicate()


def latest(project: Project) -> bytes:
    return project.drawings().get("line/latest", b"")


def test_a_saved_snippet_is_drawn_and_a_mistake_does_not_end_it(watching):
    project, process = watching
    before = latest(project)
    project.snippet("line", LINE + "(")
    assert "line.py:30: SyntaxError" in process.stderr.readline()
    assert latest(project) == before
    project.snippet("line", LINE.replace("slope * x", "slope * x / 2"))
    until(lambda: latest(project) != before)
    until(lambda: project.figures("--check").returncode == 0)
    assert process.poll() is None


def test_a_newer_save_goes_before_what_is_left_of_an_older_one(watching):
    project, _ = watching
    slow = LINE.replace("    ax = fig", "    import time; time.sleep(2)\n    ax = fig")
    before = latest(project)
    project.snippet("line", slow)  # ten drawings, one after another, of two seconds
    until(lambda: latest(project) != before)
    left = latest(project)
    project.snippet("line", LINE.replace("lw=1", "lw=2"))
    until(lambda: latest(project) != left)
    assert f"line/{left.decode()}/all-figure.json" not in project.drawings()


def test_an_interrupt_ends_it_with_nothing_half_written(watching):
    project, process = watching
    project.snippet("line", LINE.replace("lw=1", "lw=2"))
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGINT)
    process.wait(10)
    assert process.returncode == 130
    assert project.figures().returncode == 0


@pytest.mark.parametrize("warm", [False, True])
def test_a_drawing_has_one_thread_however_it_was_asked_for(
    project: Project, warm: bool
):
    # Threads of a matrix library, forked with their parent, wait for each other.
    counting = LINE.replace(
        "    return {",
        "    import os\n    np.ones((400, 400)) @ np.ones((400, 400))\n"
        "    return {'threads': len(os.listdir('/proc/self/task')), ",
    )
    project.snippet("line", counting)
    command = [sys.executable, str(ROOT / "scripts" / "figures.py")]
    command += [f"--project={project.folder}", "--answer" if warm else "--defaults"]
    free = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    done = subprocess.run(
        command, input="defaults\n", capture_output=True, text=True, env=free
    )
    assert done.returncode == 0, done.stderr
    store = Store.latest(project.folder / ".cache", "line")
    defaults = store and store.defaults()
    assert defaults and defaults["figure"]["facts"]["threads"] == 1
