"""The built site, served as it will be, and the Chromium that opens it."""

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

import pytest
from browser.watched import watch
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page

import chromium

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
# As on a project page: an address that forgets the path must not go unnoticed.
PATH = "/study-notes/"
# The same files below a path that the build was not told of.
ELSEWHERE = "/moved/to/here/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": chromium.find(),
        "args": list(chromium.ARGUMENTS),
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Without the worker that answers for the network: tests watch what is asked.
    test_offline.py is about it."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture(scope="session")
def base_url(site: str) -> str:
    """What relative addresses in `page.goto` are relative to."""
    return site


@pytest.fixture
def quiet(context: BrowserContext, site: str) -> Iterator[None]:
    """Fails what logs an error or asks another origin for something."""
    watched = watch(context)
    yield
    assert watched.wrong(site) == []


@contextmanager
def with_settings(
    browser_type: BrowserType,
    profile: Path,
    settings: dict[str, Any],
    base_url: str,
    **options: Any,
) -> Iterator[BrowserContext]:
    """A browser whose reader has set this; a whole one, as others have no settings."""
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(json.dumps(settings))
    context = browser_type.launch_persistent_context(
        profile,
        executable_path=chromium.find(whole=True),
        args=list(chromium.ARGUMENTS),
        base_url=base_url,
        service_workers="block",
        **options,
    )
    yield context
    context.close()


@pytest.fixture
def plain(browser: Browser, site: str) -> Iterator[Page]:
    """A page with script off."""
    context = browser.new_context(base_url=site, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, built with the commands of `make build`."""
    folder = tmp_path_factory.mktemp("site")
    handler = partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        # The port is needed first: instant navigation works at `site_url` only.
        address = f"http://127.0.0.1:{server.server_port}{PATH}"
        build(folder, address)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield address
        server.shutdown()
        thread.join()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def built(site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `site` serves."""
    [folder] = tmp_path_factory.getbasetemp().glob("site[0-9]*")
    return folder


def build(folder: Path, address: str) -> None:
    """Run the commands of `make build`, and show what they said if one fails."""
    environment = {**os.environ, "SITE_URL": address, "NO_MKDOCS_2_WARNING": "1"}
    for command in (
        ["scripts/figures.py"],
        ["-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
    ):
        run = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        if run.returncode:
            pytest.fail(f"{' '.join(command)} failed:\n{run.stdout}", pytrace=False)


class Handler(SimpleHTTPRequestHandler):
    """Serves the site below PATH, compressed as static hosts do."""

    protocol_version = "HTTP/1.1"
    compressed = (
        "text/",
        "application/javascript",
        "application/json",
        "application/xml",
        "image/svg+xml",
    )
    extensions_map = {  # noqa: RUF012 - the base class has it so
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
    }

    def translate_path(self, path: str) -> str:
        # Outside these there is nothing.
        for place in (PATH, ELSEWHERE):
            if path.startswith(place):
                return super().translate_path("/" + path.removeprefix(place))
        return super().translate_path("/\ufffd")

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        kind = self.guess_type(path)
        if (
            not path.is_file()
            or "gzip" not in self.headers.get("Accept-Encoding", "")
            or not kind.startswith(self.compressed)
        ):
            return super().send_head()
        body = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, format: str, *args: object) -> None:
        pass
