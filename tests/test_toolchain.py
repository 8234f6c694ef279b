"""The set-up is pinned, says what is wrong, and does nothing twice."""

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import chromium

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-browser.txt", "requirements-bench.txt")
RUNTIME = ("scripts/compile.mjs", "scripts/study/runtime.py")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]

# -- Locks -----------------------------------------------------------------------------


def pins(name: str) -> dict[str, list[str]]:
    """The pinned versions by package: one, or one for each range of Pythons."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if match := re.match(r"([\w.-]+)==(\S+)", line):
            found.setdefault(canonicalize_name(match[1]), []).append(match[2])
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_pinned_package_has_a_hash(name: str) -> None:
    entries = re.split(r"^(?=\S)", (ROOT / name).read_text(), flags=re.M)[1:]
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_python_lock_names_no_place(name: str) -> None:
    assert not re.search(r"://|--\w*index|--find-links", (ROOT / name).read_text())


def test_the_lock_satisfies_what_the_project_asks_for() -> None:
    locked = pins("requirements.txt")
    asked = map(Requirement, PROJECT["project"]["dependencies"] + GROUPS["dev"])
    unmet = [
        str(each)
        for each in asked
        if not all(
            each.specifier.contains(version)
            for version in locked.get(canonicalize_name(each.name), ["0"])
        )
    ]
    assert unmet == []


def test_the_browser_lock_pins_the_versions_that_run_there() -> None:
    locked = pins("requirements-browser.txt")
    assert [f"{name}=={locked[name][0]}" for name in ("numpy", "matplotlib")] == GROUPS[
        "browser"
    ]


def libraries() -> dict[str, dict[str, str]]:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {name: about for name, about in packages.items() if name}


def test_every_library_has_a_hash() -> None:
    found = libraries()
    assert found
    assert [
        n for n in found if not found[n].get("integrity", "").startswith("sha")
    ] == []


def test_the_library_lock_names_no_place_to_fetch_from() -> None:
    assert [name for name, about in libraries().items() if "resolved" in about] == []


def test_the_library_lock_answers_the_present_wishes() -> None:
    wishes = json.loads((ROOT / "package.json").read_text())
    answered = json.loads((ROOT / "package-lock.json").read_text())["packages"][""]
    for kind in ("dependencies", "devDependencies"):
        assert answered[kind] == wishes[kind]


# -- Make ------------------------------------------------------------------------------

# A Python that does nothing but note what it was asked for.
STAND_IN = """#!/bin/sh
case "$*" in
  *sys.version_info*2*) echo "$IDENTITY" ;;
  *sys.version_info*) exit "${TOO_OLD:-0}" ;;
  *ensurepip*) exit "${NO_VENV:-0}" ;;
  "-c import pip"|"-c import numpy") [ ! -e "${0%/python}/broken" ] || exit 1 ;;
  "-m pip config list") echo "$PIP_CONFIG" ;;
  *) echo "${0##*/} $*" >> "$LOG" ;;
esac
case "$*" in
  *"uv venv"*) mkdir -p .venv-browser/bin; cp "$0" .venv-browser/bin/python ;;
  *"venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python; cp "$0" .venv/bin/npm ;;
esac
case "$0" in */npm) mkdir -p node_modules ;; esac
[ -z "$FAIL" ] || case "$*" in *"$FAIL"*) exit 1 ;; esac
"""

Make = Callable[..., tuple[subprocess.CompletedProcess[str], list[str]]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Run make in a copy of the project's set-up; return also what was started."""
    for name in ("Makefile", "package.json", "package-lock.json", ".npmrc", *LOCKS):
        (tmp_path / name).write_text((ROOT / name).read_text())
    for name in ("pyproject.toml", "requirements-runtime.txt", *RUNTIME):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    python = tmp_path / "python"
    python.write_text(STAND_IN)
    python.chmod(0o755)
    log = tmp_path / "log"

    def run(
        *arguments: str, **environment: str
    ) -> tuple[subprocess.CompletedProcess[str], list[str]]:
        log.write_text("")
        # Not the outer make's settings, should one be running these tests.
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFL"))
        }
        kept |= {"LOG": str(log), "IDENTITY": "here", "PYTHON": str(python)}
        done = subprocess.run(
            ["make", *arguments],
            cwd=tmp_path,
            env=kept | environment,
            capture_output=True,
            encoding="utf-8",
        )
        return done, log.read_text().splitlines()

    return run


def of(log: list[str], *words: str) -> list[str]:
    return [line for line in log if any(word in line for word in words)]


def test_help_names_every_command() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)", text, flags=re.M)
    assert phony
    shown = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True)
    told = re.findall(r"^  make (\w+) +\S", shown.stdout.decode(), flags=re.M)
    assert set(told) == set(phony[1].split()) - {"python", "browser-python"}


def test_setup_installs_everything_once(make: Make) -> None:
    done, log = make("setup")
    assert done.returncode == 0, done.stderr
    steps = ("venv", "uv pip", "-e .", "npm ci", "-m study.runtime")
    assert [step for step in steps if not of(log, step)] == []


def test_nothing_is_installed_without_its_hash(make: Make) -> None:
    _, log = make("browser-python")
    installs = [line for line in of(log, "install") if "-e ." not in line]
    assert len(installs) == 3
    assert [line for line in installs if "--require-hashes" not in line] == []


def test_no_library_runs_a_script_of_its_own(make: Make) -> None:
    _, log = make("setup")
    assert of(log, "npm") == ["npm ci --ignore-scripts --loglevel=error"]


def test_a_second_run_sets_nothing_up(make: Make) -> None:
    make("browser-python")
    done, log = make("browser-python")
    assert (log, done.stdout) == ([], "")


@pytest.mark.parametrize(
    ("changed", "step"),
    [
        ("requirements.txt", "-r requirements.txt"),
        ("requirements-browser.txt", "-r requirements-browser.txt"),
        ("package-lock.json", "npm ci"),
        ("pyproject.toml", "-e ."),
    ],
)
def test_a_changed_file_reruns_its_step_alone(
    make: Make, tmp_path: Path, changed: str, step: str
) -> None:
    make("browser-python")
    # Later than every mark, whatever the clock's grain.
    later = (tmp_path / ".venv-browser/packages.installed").stat().st_mtime + 10
    os.utime(tmp_path / changed, (later, later))
    _, log = make("browser-python")
    steps = ("-r requirements.txt", "-r requirements-browser.txt", "npm ci", "-e .")
    assert [each for each in steps if of(log, each)] == [step]


@pytest.mark.parametrize(
    "step", ["begun.txt", "requirements.txt", "-e .", "study.runtime"]
)
def test_a_failed_step_is_done_again(make: Make, step: str) -> None:
    failed, _ = make("setup", FAIL=step)
    assert failed.returncode
    done, log = make("setup")
    assert done.returncode == 0
    assert of(log, step)


def test_a_half_made_environment_is_made_anew(make: Make) -> None:
    make("setup", FAIL="-r requirements.txt")
    done, log = make("setup")
    assert "half made" in done.stdout
    assert of(log, "-m venv .venv")


def test_a_vanished_python_is_told_and_replaced(make: Make, tmp_path: Path) -> None:
    make("setup")
    (tmp_path / ".venv/bin/broken").touch()
    done, log = make("setup")
    assert "is gone; making it anew" in done.stdout
    assert of(log, "-m venv .venv")


def test_another_python_makes_another_environment(make: Make, tmp_path: Path) -> None:
    make("setup")
    other = tmp_path / "other"
    other.write_text((tmp_path / "python").read_text().replace("$IDENTITY", "there"))
    other.chmod(0o755)
    done, _ = make("setup", PYTHON=str(other))
    assert f".venv is not of {other}; making it anew" in done.stdout


def test_an_old_python_is_told_in_one_sentence(make: Make, tmp_path: Path) -> None:
    done, _ = make("setup", TOO_OLD="1")
    assert done.returncode
    assert "is not a Python 3.11 or later: install one" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_missing_python_is_told_in_the_same_sentence(make: Make) -> None:
    done, _ = make("setup", PYTHON="no-such-python")
    assert "no-such-python is not a Python 3.11 or later" in done.stderr


def test_a_python_without_venv_is_told_what_to_install(
    make: Make, tmp_path: Path
) -> None:
    done, _ = make("setup", NO_VENV="1")
    assert done.returncode
    assert "apt install python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_where_pip_has_an_index_of_its_own_pip_installs(make: Make) -> None:
    _, log = make("setup", PIP_CONFIG="global.index-url='a mirror'")
    assert of(log, "uv pip install") == []
    assert of(log, "install -q --require-hashes -r requirements.txt")


def test_where_uv_fails_pip_installs(make: Make) -> None:
    done, log = make("setup", FAIL="uv pip install")
    assert done.returncode == 0
    assert of(log, "-m pip --python .venv/bin/python install -q --require-hashes")


def test_no_old_enough_python_for_the_browsers_versions_is_told(make: Make) -> None:
    make("setup")
    done, _ = make("browser-python", FAIL="uv venv")
    assert done.returncode
    assert "need a Python 3.11 or 3.12" in done.stderr


def test_every_test_command_looks_for_chromium_before_pytest(make: Make) -> None:
    failed, log = make("test", FAIL="scripts/chromium.py")
    assert failed.returncode
    assert of(log, "-m pytest") == []


def test_ci_checks_and_tests() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert script.read_text().splitlines()[-1] == "make check test"


def test_a_snippet_line_of_80_columns_is_refused() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--stdin-filename", "snippets/x.py"],
        cwd=ROOT,
        input="x = 1  # " + "x" * 71 + "\n",
        capture_output=True,
        encoding="utf-8",
    )
    assert "E501" in checked.stdout


# -- Chromium --------------------------------------------------------------------------

STARTS = "#!/bin/sh\necho '<html><p>started</p></html>'\n"
BROKEN = "#!/bin/sh\necho 'libnss3.so: cannot open shared object file' >&2; exit 127\n"
SILENT = "#!/bin/sh\nexit 0\n"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine's PATH without any browser."""
    monkeypatch.setattr(chromium, "PLACES", ())
    monkeypatch.setattr(chromium, "_playwrights", lambda: None)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    return tmp_path


def put(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text.replace("#!/bin/sh", "#!/bin/sh\nPATH=/usr/bin:/bin"))
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("broken", [BROKEN, SILENT])
def test_a_browser_that_does_not_start_is_passed_over(
    system: Path, broken: str
) -> None:
    put(system, "chromium", broken)
    works = put(system, "google-chrome", STARTS)
    assert chromium.find() == works


def test_playwrights_chromium_serves_where_the_system_has_none(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = put(system, "chrome", STARTS)
    monkeypatch.setattr(chromium, "_playwrights", lambda: works)
    assert chromium.find() == works


def test_of_playwrights_two_the_headless_one_comes_first(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, other, shell = (
        system / "chromium-12" / "chrome-linux64",
        system / "chromium_headless_shell-7" / "chrome-headless-shell-linux64",
        system / "chromium_headless_shell-12" / "chrome-headless-shell-linux64",
    )
    for folder in (whole, other, shell):
        folder.mkdir(parents=True)
    there = put(whole, "chrome", STARTS)
    monkeypatch.setattr(chromium, "_playwrights", lambda: there)
    put(other, "chrome-headless-shell", STARTS)  # of another version
    assert chromium.find() == there
    works = put(shell, "chrome-headless-shell", STARTS)
    assert chromium.find() == works
    assert chromium.find(whole=True) == there


def test_the_places_of_every_system_can_be_looked_at(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("PATH", f"{system}")
    monkeypatch.setattr(chromium, "starts", lambda path: False)
    with pytest.raises(chromium.ChromiumError):
        chromium.find()


def test_no_browser_is_an_error_that_names_the_remedy(system: Path) -> None:
    with pytest.raises(chromium.ChromiumError, match=r"python scripts/chromium\.py"):
        chromium.find()


@pytest.fixture
def no_download(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright cannot download anything here."""
    ways = chromium._ways

    def without() -> object:
        return ((way, calls) for way, calls in ways() if "download" not in way)

    monkeypatch.setattr(chromium, "_ways", without)


@pytest.mark.usefixtures("no_download")
def test_root_gets_the_distributions_package(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "_as_root", list)
    made = system / "chromium"
    text = STARTS.replace("'", "'\\''")
    put(
        system,
        "apt-get",
        f"#!/bin/sh\n[ $1 = install ] || exit 1\nprintf '{text}' > {made}\n"
        f"chmod +x {made}\n",
    )
    assert chromium.install() == str(made)


@pytest.mark.usefixtures("system", "no_download")
def test_without_root_no_package_manager_is_asked(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "_as_root", lambda: None)
    put(system, "apt-get", f"#!/bin/sh\ntouch {system}/asked\n")
    with pytest.raises(chromium.ChromiumError, match="nor could one be installed"):
        chromium.install()
    assert not (system / "asked").exists()


@pytest.mark.usefixtures("system", "no_download")
def test_the_command_fails_where_no_browser_can_be_had(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chromium, "_as_root", lambda: None)
    assert chromium.main() == 1
    assert "The browser tests need one" in capsys.readouterr().err
