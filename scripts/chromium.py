"""Find a Chromium that starts, or install one; print its path.

The browser tests take the system's Chromium or Chrome, else the one that Playwright
downloads, else the distribution's package. Where none can be had, the command fails:
no browser test is left out in silence.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The first has no window to draw: tests take two thirds of the time in it.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"~\AppData\Local\Google\Chrome\Application\chrome.exe",
    r"~\AppData\Local\Chromium\Application\chrome.exe",
)
# --no-sandbox: containers and root have no sandbox; the tests open only our own pages.
# The rest keeps the browser from asking the network for anything.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PACKAGE_MANAGERS = {
    "apt-get": (("update", "-q"), ("install", "-q", "-y", "chromium")),
    "dnf": (("install", "-q", "-y", "chromium"),),
    "pacman": (("-Sy", "--noconfirm", "chromium"),),
    "zypper": (("--non-interactive", "install", "chromium"),),
    "apk": (("add", "--no-cache", "chromium"),),
}


class ChromiumError(Exception):
    """There is no Chromium that starts; the message says what was tried."""


def find(*, whole: bool = False) -> str:
    """Return the path of a Chromium that starts; of one with its settings, if whole."""
    for path in _candidates():
        if not (whole and "headless" in Path(path).name) and starts(path):
            return path
    message = (
        "no Chromium that starts was found: `python scripts/chromium.py` installs one"
    )
    raise ChromiumError(message)


def starts(path: str) -> bool:
    """Whether this program is a Chromium that renders a page."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        try:
            run = subprocess.run(
                [
                    path,
                    "--headless",
                    *ARGUMENTS,
                    f"--user-data-dir={profile}",
                    "--dump-dom",
                    "data:text/html,<p>started",
                ],
                capture_output=True,
                timeout=60,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return b"<p>started</p>" in run.stdout


def install() -> str:
    """Install a Chromium, trying one way after the other; return its path."""
    tried = []
    for way, commands in _ways():
        tried.append(way)
        print(f"set-up: Chromium, {way}", file=sys.stderr)
        for command in commands:
            # Whether it worked is for `find` to say; standard output is for the path.
            subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL)
        try:
            return find(whole=True)
        except ChromiumError:
            continue
    message = (
        "no Chromium that starts was found, nor could one be installed "
        f"(tried: {'; '.join(tried)}).\n"
        "The browser tests need one: install Chromium or Google Chrome, then try again."
    )
    raise ChromiumError(message)


def _candidates() -> Iterator[str]:
    for name in NAMES:
        if path := shutil.which(name):
            yield path
    for place in PLACES:
        there = Path(place)
        # Another system's folder, `~\AppData`, is the home of an unknown user here.
        with contextlib.suppress(RuntimeError):
            there = there.expanduser()
        if there.exists():
            yield str(there)
    if path := _playwrights():
        yield from (str(shell) for shell in _shells(Path(path)))
        yield path


def _shells(path: Path) -> Iterator[Path]:
    """Yield the headless Chromium that Playwright installs beside its whole one."""
    for folder in path.parents:
        name, _, revision = folder.name.partition("-")
        if name == "chromium":
            shell = folder.with_name(f"chromium_headless_shell-{revision}")
            yield from shell.glob("*/*headless?shell*")


def _playwrights() -> str | None:
    """Return where Playwright keeps, or would keep, its own Chromium."""
    # In a process of its own: Playwright refuses to start a second time in this one.
    asked = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    run = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, encoding="utf-8"
    )
    path = run.stdout.strip()
    return path if path and Path(path).exists() else None


def _ways() -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the ways to install a Chromium, each with its commands."""
    playwright = [sys.executable, "-m", "playwright"]
    yield "Playwright's download", [[*playwright, "install", "chromium"]]
    root = _as_root()
    if root is None:
        return
    if _playwrights():
        # Downloaded, yet it does not start: system libraries are missing.
        yield (
            "the libraries it needs",
            [[*root, *playwright, "install-deps", "chromium"]],
        )
    for manager, calls in PACKAGE_MANAGERS.items():
        if path := shutil.which(manager):
            yield f"{manager}'s package", [[*root, path, *call] for call in calls]


def _as_root() -> list[str] | None:
    """Return what to put before a command to run it as root, or None."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if (
        sudo
        and not subprocess.run([sudo, "-n", "true"], capture_output=True).returncode
    ):
        return [sudo, "-n"]
    return None


def main() -> int:
    """Print the path of a Chromium that starts, installing one if need be."""
    try:
        try:
            path = find(whole=True)
        except ChromiumError:
            path = install()
    except ChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
