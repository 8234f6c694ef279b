"""`make serve` on a copy of this project: from saving a file to what it brings in the
page that is open, for a snippet and, to compare, for a word of the page's text."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import chromium
from bench.measure import Found, Measured, Row, Steps
from study.paths import ROOT

PAGE, SNIPPET = "data/k-means", "kmeans_elbow"
WORDS, LABEL = "a few lines of code", "number of clusters K"
LIMIT = 120_000  # ms
SHOWN = """text => document.querySelector('article')?.textContent.includes(text)"""


class Serve:
    """The group's steps and rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        skipped = shutil.ignore_patterns(".venv*", ".git", "node_modules", "site")
        shutil.copytree(ROOT, folder, ignore=skipped, symlinks=True)
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
        self._edits = 0

    @contextmanager
    def _open(self) -> Iterator[Page]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = "127.0.0.1:{1}".format(*free.getsockname())
        scripts = {"PYTHONPATH": str(self.folder / "scripts")}
        with (
            subprocess.Popen(
                [sys.executable, "-m", "mkdocs", "serve", "--no-strict", "-a", address],
                cwd=self.folder,
                env={**os.environ, **scripts, "SITE_URL": f"http://{address}/"},
                stderr=subprocess.PIPE,
                text=True,
            ) as server,
            sync_playwright() as playwright,
        ):
            assert server.stderr
            next(line for line in server.stderr if "Serving on" in line)
            browser = playwright.chromium.launch(
                executable_path=chromium.find(), args=list(chromium.ARGUMENTS)
            )
            page = browser.new_page(service_workers="block")
            page.goto(f"http://{address}/{PAGE}/", wait_until="networkidle")
            # What is drawn behind must not count as the next step's.
            page.wait_for_timeout(3000)
            yield page
            browser.close()
            server.terminate()

    def _saved(self, name: str, old: str, new: str) -> Measured:
        """Save this change of a file; until its text is in the open page."""
        self._edits += 1
        text = f"{new} {self._edits}"
        path = self.folder / name
        with self._open() as page:
            # The first rebuild after a start is slower than the others.
            for edit in (f"{text}a", f"{text}b"):
                changed = path.read_text("utf-8")
                begun = time.perf_counter()
                path.write_text(changed.replace(old, edit, 1), "utf-8")
                page.wait_for_function(SHOWN, arg=edit, timeout=LIMIT, polling=20)
                took = time.perf_counter() - begun
                path.write_text(changed, "utf-8")
                page.wait_for_function(
                    f"text => !({SHOWN})(text)", arg=edit, timeout=LIMIT
                )
                page.wait_for_timeout(3000)
        return Measured(took, 0, 0, "")

    def steps(self) -> Steps:
        """A page with another word saved, and a snippet with another label."""
        return {
            "word": partial(self._saved, f"docs/{PAGE}.md", WORDS, "a few lines, edit"),
            "snippet": partial(
                self._saved, f"snippets/{SNIPPET}.py", LABEL, "clusters, edit"
            ),
        }

    def rows(self, found: Found) -> list[Row]:
        """What the table shows."""
        word, snippet = ([one.wall for one in found[each]] for each in found)
        more = [s - w for s, w in zip(snippet, word, strict=True)]
        return [
            Row("a word saved to the word in the open page", word, unit=" s"),
            Row("a snippet saved to its drawing there", snippet, unit=" s"),
            Row("the snippet, less the word of its round", more, 0.5, unit=" s"),
        ]
