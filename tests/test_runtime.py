"""The packed Python: what is refused, what is in it, and that it can be made again."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from small_project import ROOT

from study import runtime
from study.errors import StudyError

LOCK = json.loads((runtime.PYODIDE / "pyodide-lock.json").read_bytes())["packages"]
NUMPY = LOCK["numpy"]["file_name"]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The bundle that the site is built with."""
    return runtime.files()


@pytest.fixture(scope="module")
def names(files: dict[str, bytes]) -> list[str]:
    """Every file in it, as a path that starts with a slash."""
    with zipfile.ZipFile(io.BytesIO(files["python_stdlib.zip"])) as archive:
        stdlib = [f"/{name}" for name in archive.namelist()]
    return [*json.loads(files["packages.json"]), *stdlib]


@pytest.fixture(scope="session")
def _wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for name, data in runtime.wheels().items():
        (folder / LOCK[name]["file_name"]).write_bytes(data)
    return folder


@pytest.fixture
def wheels(tmp_path: Path, _wheels: Path) -> Path:
    """A folder with the wheels, as a reader of the set-up may name one."""
    return Path(shutil.copytree(_wheels, tmp_path / "wheels"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, without anything in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def copied(files: dict[str, bytes], home: Path) -> Path:
    """A copy of the bundle that a test may damage."""
    folder = runtime.bundle()
    assert folder.is_relative_to(home)
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    (folder / "digests.json").write_text(json.dumps(digests))
    assert runtime.files() == files
    return folder


def pack(origin: object, home: Path) -> subprocess.CompletedProcess[str]:
    """Make the bundle with the wheels from there."""
    where = {"PYODIDE_DISTRIBUTION": str(origin), "XDG_CACHE_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "study.runtime"],
        env={**os.environ, **where},
        cwd=home.parent,
        capture_output=True,
        text=True,
    )


def refused(done: subprocess.CompletedProcess[str], home: Path) -> str:
    """The one line told by a set-up that has failed and left nothing behind."""
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: Python for the page: ")
    assert done.stderr.count("\n") == 1
    assert not [path for path in home.rglob("*") if path.is_file()]
    return done.stderr


def test_packed_anew_over_a_damaged_one_it_is_the_same_bytes(
    files: dict[str, bytes], wheels: Path, copied: Path, home: Path
):
    for name in files:
        (copied / name).write_bytes(b"damaged")
    old = shutil.copytree(copied, copied.with_name("old"))
    os.utime(old, (0, 0))
    done = pack(wheels, home)
    assert (done.returncode, done.stderr) == (0, "")
    assert runtime.files() == files
    assert not old.exists()  # what nobody has taken for long goes


def test_one_that_is_whole_is_not_made_again(copied: Path, home: Path):
    done = pack(home / "nowhere", home)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_wheel_with_another_byte_is_refused(wheels: Path, home: Path):
    path = wheels / NUMPY
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    told = refused(pack(wheels, home), home)
    assert f"{NUMPY} from {wheels} is not the one of release" in told
    assert f"its sha256 is {hashlib.sha256(data).hexdigest()}" in told
    assert f"expected {LOCK['numpy']['sha256']}" in told


def test_a_missing_wheel_is_named(wheels: Path, home: Path):
    (wheels / NUMPY).unlink()
    assert f"no {NUMPY}: " in refused(pack(wheels, home), home)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path, home: Path):
    nowhere = tmp_path / "nowhere"
    assert str(nowhere) in refused(pack(nowhere, home), home)


@pytest.mark.parametrize("origin", ["http://127.0.0.1:9/", "gopher://x", "http://["])
def test_an_address_without_the_wheels_is_told(origin: str, home: Path):
    home.mkdir()
    assert "no contourpy-" in refused(pack(origin, home), home)


def test_wheels_are_fetched_once(
    wheels: Path, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYODIDE_DISTRIBUTION", str(wheels))
    found = runtime.wheels()
    (wheels / NUMPY).unlink()
    assert runtime.wheels() == found


def test_a_kept_wheel_with_another_byte_is_fetched_again(
    wheels: Path, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYODIDE_DISTRIBUTION", str(wheels))
    found = runtime.wheels()
    [kept] = home.rglob(NUMPY)
    kept.write_bytes(found["numpy"][:-1])
    assert runtime.wheels() == found
    assert kept.read_bytes() == found["numpy"]


def test_the_bundle_is_not_taken_with_another_byte(copied: Path):
    path = copied / "packages.bin"
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    with pytest.raises(StudyError) as told:
        runtime.files()
    assert f"{path} is not what was packed; {runtime.REMEDY}" in told.value.message


@pytest.mark.parametrize("name", ["packages.bin", "digests.json"])
def test_the_bundle_is_not_taken_with_a_file_missing(copied: Path, name: str):
    (copied / name).unlink()
    with pytest.raises(StudyError) as told:
        runtime.files()
    assert str(copied) in told.value.message
    assert runtime.REMEDY in told.value.message


def test_a_truncated_list_of_digests_is_told(copied: Path):
    path = copied / "digests.json"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(StudyError, match="is not complete: "):
        runtime.files()


def test_a_bundle_that_nobody_takes_for_long_goes(copied: Path):
    now, sixty_days = time.time(), 60 * 24 * 3600
    others = [copied.with_name(name) for name in ("old", "taken")]
    for other in others:
        shutil.copytree(copied, other)
    for folder in (copied, *others):
        os.utime(folder, (0, now - sixty_days - 100))
    os.utime(others[1], (0, now - sixty_days + 100))
    runtime.files()  # whoever takes one says so
    runtime.prune(copied.parent, now)
    left = {path.name for path in copied.parent.iterdir()}
    assert left == {copied.name, "taken"}


def test_every_licence_is_in_it(files: dict[str, bytes], _wheels: Path):
    text = files["licences.txt"].decode()
    for package in runtime.PACKAGES:
        assert f"\n{package}, " in text, package
    shipped = [
        (package, name)
        for package in runtime.PACKAGES
        for name in zipfile.ZipFile(_wheels / LOCK[package]["file_name"]).namelist()
        if re.search(r"/(LICEN[CS]E|COPYING)[^/]*$", name)
    ]
    assert len(shipped) > len(runtime.PACKAGES)
    for package, name in shipped:
        assert name.endswith(".py") or f"\n{package}, {name}:\n" in text, name
    assert "Bitstream Vera" in text  # of the fonts
    assert text.startswith(f"Pyodide {runtime.version()}, ")
    pyodide, python, *_ = text.split("-" * 72)
    assert "Mozilla Public License, version 2.0" in pyodide
    assert "\nCPython " in python
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in python


def test_what_no_page_can_use_is_left_out(names: list[str]):
    dropped = [part.replace(".py", ".pyc") for part in runtime.DROPPED]
    assert not [name for name in names for part in dropped if part in name]
    for needed in ("numpy/__init__", "matplotlib/pyplot", "doctest", "pydoc", "pdb"):
        assert [name for name in names if name.endswith(f"/{needed}.pyc")], needed


def test_everything_is_compiled_for_the_python_that_runs_it(
    files: dict[str, bytes], names: list[str]
):
    assert not [name for name in names if name.endswith(".py")]
    with zipfile.ZipFile(io.BytesIO(files["python_stdlib.zip"])) as archive:
        heads = {
            archive.read(name)[:8]
            for name in archive.namelist()
            if name.endswith(".pyc")
        }
    # Python 3.12, never compared with a source.
    assert heads == {(3531).to_bytes(2, "little") + b"\r\n" + b"\1\0\0\0"}


def test_the_builds_libraries_are_of_the_versions_in_the_page():
    text = (ROOT / "requirements-browser.txt").read_text()
    for name in ("numpy", "matplotlib"):
        assert f"{name}=={LOCK[name]['version']} " in text


def test_the_carrier_is_pinned_to_its_bytes():
    lines = runtime.CARRIER.read_text().replace("\\\n", "").splitlines()
    for line in lines:
        assert line.startswith("#") or re.search(r"==\S+ +--hash=sha256:\w{64}$", line)


def test_the_release_is_named_in_one_place():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    release = runtime.version().encode()
    naming = {
        name
        for name in listed.stdout.split("\n")
        if (ROOT / name).is_file() and release in (ROOT / name).read_bytes()
    }
    assert naming == {"package.json", "package-lock.json"}
