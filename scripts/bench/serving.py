"""`make serve` on a copy of this project: from saving a file to what it brings in the
page that is open, for a snippet and, to compare, for a word of the page's text."""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import time
from functools import partial
from itertools import count
from pathlib import Path

from playwright.sync_api import sync_playwright

import chromium
from bench.measure import Found, Measured, Row, Steps
from study.paths import ROOT

PAGE = "data/k-means"
# What is changed in each file: a word of the text, and a figure's label.
EDITED = {
    "word": (f"docs/{PAGE}.md", "a few lines of code"),
    "snippet": ("snippets/kmeans_elbow.py", "number of clusters K"),
}
START = 120  # seconds that the first build may take
SHOWN = 60_000  # ms that a change may take
# Seconds until the figure's other drawings are made as well, behind the page.
SETTLED = 20
IN_SIGHT = """text => document.querySelector('article')?.textContent.includes(text)"""


class Serve:
    """The group's steps and rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        skipped = shutil.ignore_patterns(
            ".venv*", ".git", "node_modules", "site", "folder", "*_cache", "__pycache__"
        )
        shutil.copytree(ROOT, folder, ignore=skipped, symlinks=True)
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
        self._texts = {what: old for what, (_, old) in EDITED.items()}
        self._edits = count(1)
        self._address = ""

    def _served(self) -> str:
        """The server's address; it is started once, for all rounds."""
        if self._address:
            return self._address
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            place = "127.0.0.1:{1}".format(*free.getsockname())
        log = self.folder / "serve.log"
        with log.open("w") as told:
            server = subprocess.Popen(
                [sys.executable, "-m", "mkdocs", "serve", "--no-strict", "-a", place],
                cwd=self.folder,
                env={**os.environ, "SITE_URL": f"http://{place}/"},
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
            )
        atexit.register(server.terminate)
        until = time.monotonic() + START
        while "Serving on" not in log.read_text("utf-8"):
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"make serve did not start:\n{log.read_text('utf-8')}")
            time.sleep(0.2)
        self._address = f"http://{place}/"
        # The first rebuild after a start is slower than the others.
        for what in EDITED:
            self._saved(what)
        return self._address

    def _saved(self, what: str) -> Measured:
        """Save a change of this file; until its text is in the open page."""
        address = self._served()
        path = self.folder / EDITED[what][0]
        text = f"{EDITED[what][1]}, edit {next(self._edits)}"
        changed = path.read_text("utf-8").replace(self._texts[what], text, 1)
        assert text in changed, f"{path} does not say {self._texts[what]}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.find(), args=list(chromium.ARGUMENTS)
            )
            page = browser.new_page(service_workers="block")
            page.goto(f"{address}{PAGE}/", wait_until="load")
            page.wait_for_timeout(1000)  # live reload listens
            begun = time.perf_counter()
            path.write_text(changed, "utf-8")
            page.wait_for_function(IN_SIGHT, arg=text, timeout=SHOWN, polling=20)
            took = time.perf_counter() - begun
            browser.close()
        self._texts[what] = text
        time.sleep(SETTLED)
        return Measured(took, 0, 0, "")

    def steps(self) -> Steps:
        """A page with another word saved, and a snippet with another label."""
        return {what: partial(self._saved, what) for what in EDITED}

    def rows(self, found: Found) -> list[Row]:
        """What the table shows."""
        word, snippet = ([one.wall for one in found[what]] for what in EDITED)
        more = [s - w for s, w in zip(snippet, word, strict=True)]
        return [
            Row("a word saved to the word in the open page", word, unit=" s"),
            Row("a snippet saved to its drawing there", snippet, unit=" s"),
            Row("the snippet less the word, in a round", more, 0.5, unit=" s"),
        ]
