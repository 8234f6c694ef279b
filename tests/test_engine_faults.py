"""The figure engine under real faults: the drawings stay whole, the rest is drawn."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mounts import mounted
from small_project import LINE, ROOT, Project, written

from study.files import kept, write_whole
from study.fresh import STAMP

LINUX = sys.platform.startswith("linux")
pytestmark = pytest.mark.skipif(not LINUX, reason="confines processes only on Linux")

# Two positions are enough here.
SHORT = LINE.replace("-1, 1, 5", "-0.5, 0.5, 2").replace('"thin", "thick"', '"thin"')
COMMAND = [sys.executable, str(ROOT / "scripts" / "figures.py")]
TWO_CORES = 2


def doing(statement: str) -> str:
    """A snippet that does this in line 25, when it draws."""
    return SHORT.replace("    ax = fig", f"    {statement}\n    ax = fig")


@pytest.fixture(autouse=True)
def mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Marks every process that a test starts, by where its scratch files go."""
    folder = tmp_path.parent / f"{tmp_path.name}-scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def alive(mark: Path, patience: float = 0.0) -> list[str]:
    """What runs of a test's processes, when they had time to end."""
    until = time.monotonic() + patience
    while True:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if f"TMPDIR={mark}\0".encode() in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue  # it ended, or is another user's
        if not found or time.monotonic() >= until:
            return found
        time.sleep(0.02)


def start(project: Project, *arguments: str) -> "subprocess.Popen[str]":
    """The command, going on while the test does."""
    return subprocess.Popen(
        [*COMMAND, f"--project={project.folder}", *arguments],
        cwd=project.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def whole(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files that are published, without those being written."""
    return {name: data for name, data in files.items() if "/." not in name}


# -- What a snippet can do -----------------------------------------------------

ENDLESS = "while True: pass"
FAULTS = {
    # name: what it does, what is told of it
    "loops": (ENDLESS, "loops.py:25: loops took more than 1 s for a drawing"),
    "loops_in_c": (
        "import itertools; sum(itertools.repeat(1))",
        "loops_in_c.py:25: loops_in_c took more than 1 s",
    ),
    "computes_long": (
        "np.linalg.svd(np.ones((6000, 6000)))",
        "computes_long.py:25: computes_long took more than 1 s",
    ),
    "ignores_signals": (
        "import signal; [signal.signal(s, signal.SIG_IGN) for s in (1, 2, 14, 15)];"
        f" exec({ENDLESS!r})",
        "ignores_signals.py:25: ignores_signals took more than 1 s",
    ),
    "warns_without_end": (
        "import warnings; warnings.simplefilter('always');"
        " exec('while True: warnings.warn(\"again\")')",
        "warns_without_end.py:25: warns_without_end took more than 1 s",
    ),
    "prints_without_end": (
        "exec('while True: print(\"again\" * 999)')",
        "prints_without_end.py:25: OSError: [Errno 27] File too large",
    ),
    "closes_files": (
        "import os, time; os.closerange(0, 9999); time.sleep(600)",
        "closes_files.py: closes_files closed the pipe that it reports through",
    ),
    "writes_to_files": (
        'import os; exec(\'for n in range(3, 99):\\n try: os.write(n, b"!" * 4000)'
        "\\n except OSError: pass')",
        "writes_to_files.py: writes_to_files wrote into the pipe",
    ),
    "exits": (
        "import os; os._exit(3)",
        "exits.py:25: exits ended its process: exit status 3",
    ),
    "exits_well": (
        "import os; os._exit(0)",
        "exits_well.py:25: exits_well ended its process: exit status 0",
    ),
    "crashes": (
        "import ctypes; ctypes.string_at(0)",
        "crashes.py:25: crashes ended its process: SIGSEGV",
    ),
    "aborts": (
        "import os; os.abort()",
        "aborts.py:25: aborts ended its process: SIGABRT",
    ),
    "kills_itself": (
        "import os; os.kill(os.getpid(), 9)",
        "kills_itself.py: kills_itself ended its process: SIGKILL",
    ),
    "eats_memory": (
        "[bytearray(1 << 27) for _ in range(10**6)]",
        "eats_memory.py:25: MemoryError",
    ),
    "raises_exit": ("raise SystemExit(0)", "raises_exit.py:25: SystemExit: 0"),
    "interrupts": (
        "raise KeyboardInterrupt",
        "interrupts.py:25: KeyboardInterrupt",
    ),
    "recurses": (
        "again = lambda: again(); again()",
        "recurses.py:25: RecursionError: maximum recursion depth",
    ),
    "raises_lines": (
        'raise ValueError("one\\ntwo" + "!" * 9999)',
        "raises_lines.py:25: ValueError: one two!",
    ),
    "edits_itself": (
        'open(__file__, "a").write("more = 1\\n")',
        "edits_itself.py: changed while it was drawn; run again",
    ),
    "keeps_nothing": (
        "import os; os.replace = os.rename = lambda *_, **__: None",
        "keeps_nothing.py: kept no drawings; run again",
    ),
}
LIMITS = {name: 1 for name, (_, told) in FAULTS.items() if "took more" in told}
LIMITS["eats_memory"] = 120  # a busy machine fills gigabytes slowly


class Ran(NamedTuple):
    """One run of the command, and the drawings before and after it."""

    status: int
    told: list[str]
    before: dict[str, bytes]
    after: dict[str, bytes]
    largest: int  # bytes that one of its processes took
    left: list[str]  # processes


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """All faults at once, among snippets that have none, over good drawings."""
    project = Project(tmp_path_factory.mktemp("faults"))
    project.start()
    for name in FAULTS:
        project.snippet(name, SHORT)
    assert project.figures().returncode == 0
    before = project.drawings()
    for name, (statement, _) in FAULTS.items():
        limit = f"\n\nTIME_LIMIT = {LIMITS[name]}\n" if name in LIMITS else ""
        project.snippet(name, doing(statement) + limit)
    project.snippet("zz", SHORT)  # is the last in line
    scratch = project.folder / "scratch"
    scratch.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(scratch))
        run = start(project)
        assert run.stderr
        told = run.stderr.read()
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = status
        run.communicate()
    return Ran(
        os.waitstatus_to_exitcode(status),
        told.splitlines(),
        before,
        project.drawings(),
        usage.ru_maxrss << 10,
        alive(scratch),
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_line_with_the_line_where_it_was(ran: Ran, name: str):
    told = [line for line in ran.told if f"/{name}.py:" in line]
    assert len(told) == 1
    assert told[0].startswith(f"Error: snippets/{FAULTS[name][1]}")
    assert len(told[0]) < 1100


def test_faults_are_told_and_nothing_else_is(ran: Ran):
    assert ran.status == 1
    progress = re.compile(r"\d+ of \d+ drawings")  # every ten seconds
    told = [line for line in ran.told if not progress.fullmatch(line)]
    assert len([line for line in told if line.startswith("Error: ")]) == len(FAULTS)
    assert len(told) == len(FAULTS), told


def test_a_fault_leaves_the_earlier_drawings_as_they_were(ran: Ran):
    assert ran.before.items() <= ran.after.items()


def test_a_fault_does_not_keep_others_from_being_drawn(ran: Ran):
    assert [name for name in ran.after if re.match(r"zz/\w+/complete", name)]


def test_a_fault_leaves_no_process(ran: Ran):
    assert not ran.left


def test_memory_is_refused_long_before_the_machine_has_none(ran: Ran):
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert ran.largest < min(machine * 0.6, 5 << 30)


LEAKS = {
    "chance": "np.random.seed(1)",
    "style": "import matplotlib; matplotlib.rcParams.update({'font.size': 30});"
    " matplotlib.rcParamsDefault['font.size'] = 30",
    "globals": "np.pi = 3",
    "modules": "import sys, types; sys.modules['leak'] = types.ModuleType('leak')",
    "standing": "import os; os.chdir('/')",
    "environment": "import os; os.environ['LEAK'] = 'leaked'",
    "builtins": "import builtins; builtins.oct = lambda _: 'leaked'",
    "files": "open('left', 'w').write('here')",
    "folder": "import os, shutil; shutil.rmtree(os.getcwd())",
    "outputs": "import sys; sys.stdout = sys.stderr = None",
    "thread": "import threading, time;"
    " threading.Thread(target=lambda: time.sleep(600)).start()",
    "busy": "import threading; threading.Thread(target=exec, args=('while 1: 1',),"
    " daemon=True).start()",
    "child": "import subprocess; subprocess.Popen(['sleep', '600'])",
    "session": "import subprocess; subprocess.Popen(['sh', '-c', 'sleep 600 & wait'],"
    " start_new_session=True)",
    "fork": "import os, time; os.fork() or time.sleep(600)",
}
PROBE = (
    SHORT.replace("return {", "return {**found(), ")
    + """

def found():
    import os, sys, threading, matplotlib
    return {
        "chance": float(np.random.random() == np.random.RandomState(1).random()),
        "size": matplotlib.rcParamsDefault["font.size"],
        "pi": np.pi,
        "modules": float("leak" in sys.modules),
        "files": len(os.listdir()),
        "standing": os.path.basename(os.getcwd()),
        "environment": os.environ.get("LEAK", "as it was"),
        "builtins": oct(8),
        "output": float(sys.stdout is not None),
        "threads": threading.active_count(),
    }
"""
)


def test_nothing_that_a_snippet_does_reaches_the_next(project: Project, mark: Path):
    project.snippet("probe", PROBE)
    alone = project.figures("probe")
    assert (alone.returncode, alone.stderr) == (0, "")
    before = project.drawings()
    for name, statement in LEAKS.items():
        project.snippet(f"leak_{name}", doing(statement))
    (project.folder / "snippets" / "line.py").unlink()
    leaks = project.figures("--workers=1", "--force")
    assert (leaks.returncode, leaks.stderr) == (0, "")
    after = project.drawings()
    assert {k: v for k, v in after.items() if k.startswith("probe/")} == before
    assert not alive(mark)
    assert not list(mark.iterdir())
    assert not (project.folder / "left").exists()


def test_what_a_snippet_prints_and_warns_of_is_told_in_a_few_lines(project: Project):
    project.snippet("line", doing("for i in range(999): print(i * 'long ')"))
    done = project.figures("--defaults")
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert lines[0] == "Note: line.py: line printed:"
    assert len(lines) == 7 and lines[-1].endswith("more lines")
    project.snippet("line", doing("import warnings; warnings.warn('x' * 9999)"))
    done = project.figures("--defaults")
    assert "line.py:25: UserWarning: xxx" in done.stderr
    assert len(done.stderr) < 1000


# -- What can befall the command -----------------------------------------------


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A drawn project whose three snippets take their time."""
    project = Project(tmp_path_factory.mktemp("slow"))
    project.start()
    for name in ("line", "other", "third"):
        project.snippet(name, doing("import time; time.sleep(0.15)"))
    assert project.figures().returncode == 0
    return project


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_at_any_instant_it_leaves_whole_files_and_no_process(
    slow: Project, mark: Path, number: signal.Signals
):
    project, finished = slow, slow.drawings()
    shutil.rmtree(project.folder / ".cache")
    there: dict[str, bytes] = {}
    for more in (0, 1, 4):  # files published since it started
        run = start(project)
        while len(whole(project.drawings())) < len(there) + more or not more:
            assert run.poll() is None
            if not more and len(alive(mark)) > TWO_CORES:
                break  # snippets are being drawn
            time.sleep(0.01)
        run.send_signal(number)
        _, told = run.communicate(timeout=20)
        if number == signal.SIGINT:
            assert run.returncode == 130
            assert told == "stopped; what is drawn is kept\n"
        else:
            assert (run.returncode, told) == (-number, "")
        assert not alive(mark, patience=5)
        if number != signal.SIGKILL:
            assert not list(mark.iterdir())
        before, there = there, whole(project.drawings())
        assert before.items() <= there.items() <= finished.items()
    assert project.figures().returncode == 0
    assert project.drawings() == finished


def inside(enter: list[str], project: Project) -> "subprocess.CompletedProcess[str]":
    """The command, where the mount is seen."""
    command = [*enter, *COMMAND, f"--project={project.folder}"]
    return subprocess.run(command, capture_output=True, text=True)


def files(folder: Path) -> dict[str, bytes]:
    """All files in a folder but the stamp, which tells files' numbers and times."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    read = {str(path.relative_to(folder)): path.read_bytes() for path in found}
    return {name: data for name, data in read.items() if Path(name).name != STAMP}


@pytest.mark.parametrize("room", [0, 24 << 10])
def test_on_a_full_disk_it_says_so_and_the_drawings_stay(drawn: Project, room: int):
    cache = drawn.folder / ".cache"
    with mounted(cache, 'mount -t tmpfs -o size=2m none "$FOLDER"') as (enter, seen):
        shutil.copytree(cache, seen, dirs_exist_ok=True)
        before = files(seen)
        drawn.snippet("line", LINE.replace("slope * x", "slope * x / 2"))
        filler = seen / "filler"
        with filler.open("wb", buffering=0) as file:
            with pytest.raises(OSError, match="No space left"):
                while True:
                    file.write(bytes(4096))
            file.truncate(file.tell() - room)
        done = inside(enter, drawn)
        assert done.returncode == 1
        assert done.stderr.startswith("Error: line")
        assert f"cannot be kept in {cache}: No space left on device" in done.stderr
        assert done.stderr.count("\n") == 1
        after = files(seen)
        changing = {"figures/line/latest", "sources.json"}
        assert {k: v for k, v in before.items() if k not in changing}.items() <= (
            after.items()
        )
        assert kept(seen / "sources.json") is not None
        assert after["figures/line/latest"].decode() in {
            name.split("/")[2] for name in after if name.endswith("defaults.json")
        }
        filler.unlink()
        assert inside(enter, drawn).returncode == 0
        healed = files(seen)
    assert drawn.figures().returncode == 0
    assert healed == files(cache)


def test_a_file_that_does_not_fit_leaves_the_earlier_one(tmp_path: Path):
    with mounted(tmp_path, 'mount -t tmpfs -o size=1m none "$FOLDER"') as (_, seen):
        (seen / "file").write_bytes(b"earlier" * 99_999)
        with pytest.raises(OSError, match="No space left"):
            write_whole(seen / "file", b"later" * 999_999)
        assert files(seen) == {"file": b"earlier" * 99_999}


def test_a_cache_that_cannot_be_written_is_read_and_told_of(drawn: Project):
    cache = drawn.folder / ".cache"
    before = files(cache)
    bind = 'mount --bind "$FOLDER" "$FOLDER" && mount -o remount,bind,ro "$FOLDER"'
    with mounted(cache, bind) as (enter, _):
        done = inside(enter, drawn)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        drawn.snippet("line", LINE.replace("slope * x", "slope * x / 2"))
        done = inside(enter, drawn)
    assert done.returncode == 1
    why = f"line: its drawings cannot be kept in {cache}: Read-only file system"
    assert done.stderr == f"Error: {why}\n"
    assert files(cache) == before


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _to_folder(path: Path) -> None:
    path.unlink()
    (path / "in").mkdir(parents=True)
    (path / "in" / "it").write_text("something")


DAMAGES = {
    "not": lambda _: None,
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "emptied": lambda path: os.truncate(path, 0),
    "flipped": _flip,
    "removed": Path.unlink,
    "overwritten": lambda path: path.write_bytes(b"\xff\0{garbage" * 9),
    "a folder": _to_folder,
}


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A drawn project with three snippets."""
    project = Project(tmp_path_factory.mktemp("three"))
    project.start()
    for name in ("line", "other", "third"):
        project.snippet(name, SHORT.replace('"way"', f'"{name}"'))
    assert project.figures().returncode == 0
    return project


@given(st.data())
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_damaged_cache_heals_to_the_same_bytes(three: Project, data: st.DataObject):
    cache = three.folder / ".cache"
    before = files(cache)
    for name in before:
        damage = data.draw(st.sampled_from(sorted(DAMAGES)), label=name)
        DAMAGES[damage](cache / name)
    done = three.figures()
    assert (done.returncode, done.stderr) == (0, "")
    assert files(cache) == before


def test_one_wrong_bit_of_a_drawing_is_found(three: Project):
    cache = three.folder / ".cache"
    before = files(cache)
    kinds = ("line/*/defaults.json", "other/*/pins.json", "third/*/all-figure.json")
    for kind in kinds:
        [path] = cache.glob(f"figures/{kind}")
        _flip(path)
    done = three.figures()
    assert (done.returncode, done.stderr) == (0, "")
    assert files(cache) == before


@pytest.mark.parametrize("depth", ["", "figures/line/*"])
def test_a_file_where_a_folder_of_the_cache_belongs_makes_way(
    three: Project, depth: str
):
    cache = three.folder / ".cache"
    before = files(cache)
    [folder] = [p for p in cache.glob(depth) if p.is_dir()] if depth else [cache]
    shutil.rmtree(folder)
    folder.write_text("a file")
    done = three.figures()
    assert (done.returncode, done.stderr) == (0, "")
    assert files(cache) == before


@pytest.mark.parametrize("published", [0, 4])
def test_two_runs_at_once_give_what_one_gives(three: Project, published: int):
    cache = three.folder / ".cache"
    before = files(cache)
    shutil.rmtree(cache)
    first = start(three)
    while published and len(whole(three.drawings())) < published:
        time.sleep(0.005)
    second = start(three)
    for run in (first, second):
        assert run.communicate()[1] == ""
        assert run.returncode == 0
    assert files(cache) == before


@pytest.mark.parametrize("instant", [0, 4_000_000_000])
def test_a_clock_that_jumps_changes_nothing(three: Project, instant: int):
    before = files(three.folder / ".cache")
    paths = sorted(three.folder.rglob("*"), key=lambda path: path.name != "complete")
    for path in paths:
        os.utime(path, (instant, instant))
        if path.name == "complete":
            time.sleep(0.01)  # what follows looks as if written since
    assert three.figures("--check").returncode == 0
    done = three.figures()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert files(three.folder / ".cache") == before


def test_drawings_that_nothing_shows_any_more_go(project: Project):
    project.snippet("other", SHORT)
    project.figures()
    for divisor in (2, 3):
        project.snippet("line", SHORT.replace("slope * x", f"slope * x / {divisor}"))
        project.figures()
    (project.folder / "snippets" / "other.py").unlink()
    project.figures()
    home = project.folder / ".cache" / "figures"
    assert [path.name for path in home.iterdir()] == ["line"]
    key = (home / "line" / "latest").read_text()
    assert {path.name for path in (home / "line").iterdir()} == {"latest", key}


def test_where_forking_is_not_safe_new_processes_draw_the_same(
    drawn: Project, mark: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    forked = drawn.drawings()
    shutil.rmtree(drawn.folder / ".cache")
    there = "import study.worker\nstudy.worker.LINUX = False\n"
    system = written(tmp_path / "system", {"sitecustomize.py": there})
    monkeypatch.setenv("PYTHONPATH", str(system))  # every process begins with it
    assert drawn.figures().returncode == 0
    assert drawn.drawings() == forked
    drawn.snippet("exits", doing(FAULTS["exits"][0]))
    drawn.snippet("loops", f"{doing(ENDLESS)}\n\nTIME_LIMIT = 1\n")
    drawn.snippet("zz", SHORT)
    done = drawn.figures()
    assert done.returncode == 1
    assert "exits.py:25: exits ended its process: exit status 3" in done.stderr
    assert "loops.py: loops took more than 1 s" in done.stderr  # none asks for a line
    assert done.stderr.count("Error: ") == 2
    after = drawn.drawings()
    assert forked.items() <= after.items() and "zz/latest" in after
    assert not alive(mark)
