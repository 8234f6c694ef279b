"""CONTRIBUTING.md, followed to the letter in a copy of the checkout."""

import re
import subprocess
from pathlib import Path

import pytest
from small_project import ROOT, Checkout

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
FILE = re.compile(r"^`(\S+)`:\n\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Left to those who follow it: the browser, and drawing every snippet in two versions.
FEWER = "-m 'not browser' --ignore=tests/test_browser_versions.py"
# All of it is installed here already.
MAKE = 'make() { command make -o setup -o browser-python "$@"; }'


@pytest.fixture
def followed(checkout: Checkout) -> Checkout:
    """The copy, as git sees it, with the example's files written into it."""
    (checkout.folder / ".gitignore").symlink_to(ROOT / ".gitignore")
    subprocess.run(["git", "init", "-q"], cwd=checkout.folder, check=True)
    for name in (".venv", ".venv-browser"):
        (checkout.folder / name).symlink_to(ROOT / name)
    for name, _, text in FILE.findall(TEXT):
        path = checkout.folder / name
        assert not path.exists(), f"{name} is there already: take another example"
        path.write_text(text, "utf-8")
    return checkout


def test_the_example_is_a_snippet_a_page_and_a_test():
    assert [Path(name).parent.as_posix() for name, _, _ in FILE.findall(TEXT)] == [
        "snippets",
        "docs/evaluation",
        "tests/snippets",
    ]


def test_followed_to_the_letter_everything_passes(followed: Checkout):
    commands = COMMANDS.findall(TEXT)
    assert len(commands) == 2
    script = "\n".join(["set -e", MAKE, *commands])
    # Not the settings of an outer make.
    outer = followed.environment.items()
    kept = {key: value for key, value in outer if not key.startswith(("MAKE", "MFL"))}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=followed.folder,
        env=kept | {"PYTEST_ADDOPTS": FEWER},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^=+ \d{2,} passed", done.stdout, re.MULTILINE), done.stdout
    page = followed.folder / "site" / "evaluation" / "accuracy-error" / "index.html"
    assert 'id="card-accuracy-standard-error"' in page.read_text("utf-8")


def test_every_file_that_it_names_is_there():
    path = r"`((?:[\w.*-]+/)+[\w.*-]+|[\w-]+\.(?:md|toml|txt|json|yml))`"
    named = set(re.findall(path, TEXT)) - {name for name, _, _ in FILE.findall(TEXT)}
    assert len(named) > 10
    assert [name for name in named if not any(ROOT.glob(name))] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "README.md"])
def test_every_command_that_it_names_is_one_of_makes(name: str):
    text = (ROOT / name).read_text("utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert named
    assert named <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
