"""Code reaches no other origin and nothing kept; a start that fails is told."""

import re
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browser.live import LONG, Code, Reader, reading, text
from playwright.sync_api import Browser, Page, Route, expect

PAGE, SNIPPET = "training/sigmoid-derivatives/", "sigmoid_derivatives"
ENDED = re.compile("Done|^$|Python has ended")
PACKAGES = "**/live/*/packages.bin"


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another origin, and what it is asked for."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the base class has it so

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", heard
        server.shutdown()


@pytest.fixture(scope="module")
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    with reading(browser, site, PAGE) as reader:
        reader.block(SNIPPET).run()
        yield reader


@pytest.fixture
def code(reader: Reader) -> Iterator[Code]:
    code = reader.block(SNIPPET)
    yield code
    if code.button("Reset").is_visible():
        code.button("Reset").click()


def first(page: Page) -> Code:
    return Code(page.locator("live-code").first)


# Each way to leave that Python in a page has: code, what it says.
WAYS = {
    "open_url": "from pyodide.http import open_url; open_url(URL)",
    "pyfetch": """
import asyncio
from pyodide.http import pyfetch
asyncio.run(pyfetch(URL))""",
    "urllib": "import urllib.request; urllib.request.urlopen(URL)",
    "socket": """
import socket
socket.create_connection(URL[7:-1].split(":"), 1).send(b"GET / HTTP/1.1\\n\\n")""",
    "js": "from js import fetch; fetch(URL)",
    "script": "from pyodide.code import run_js; run_js(f'fetch({URL!r})')",
    "loader": "import pyodide_js; pyodide_js.loadPackage(URL + 'a.whl')",
    "lazy file": """
import pyodide_js
pyodide_js.FS.createLazyFile('/home', 'lazy', URL, True, False)
open('/home/lazy').read()""",
    "constructor": """
import pyodide_js
pyodide_js.loadPackage.constructor(f'return fetch({URL!r})')()""",
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_the_code_arrives_at_another_origin(
    code: Code, elsewhere: tuple[str, list[str]], way: str
):
    url, heard = elsewhere
    urllib.request.urlopen(url + "control").close()
    assert heard == ["/control"]  # it would be heard
    heard.clear()
    body = "\n    ".join(WAYS[way].strip().split("\n"))
    code.write(
        f"URL = {url!r}\ntry:\n    {body}\nexcept BaseException as error:\n"
        "    print(type(error).__name__, error)\nprint('tried')\n"
    )
    code.button("Run").click()
    expect(code.status).to_have_text(ENDED, timeout=LONG)
    code.element.page.wait_for_timeout(100)
    assert heard == []


DRAWS = """
from study import drawing
drawing._themed = lambda svg: MARKUP
def figure(fig):
    fig.text(0, 0, "x")
    return {"x": 1}
"""
MARKUPS = {
    "image": "<svg></svg><img src='URL'>",
    "handler": "<svg></svg><img src='data:' onerror=\"location='URL'\">",
    "script": "<svg><script>location='URL'</script></svg>",
    "frame": "<svg></svg><iframe src='URL'></iframe>",
    "refresh": "<svg></svg><meta http-equiv='refresh' content='0;url=URL'>",
    "style": "<svg><style>* {background: url(URL)}</style></svg>",
    "use": "<svg><image href='URL'/><use href='URL#x'/></svg>",
    "link": "<svg></svg><link rel='stylesheet prefetch' href='URL'>",
}


@pytest.mark.parametrize("kind", MARKUPS)
def test_nothing_that_the_code_draws_asks_another_origin(
    code: Code, elsewhere: tuple[str, list[str]], kind: str
):
    url, heard = elsewhere
    heard.clear()
    markup = MARKUPS[kind].replace("URL", url)
    code.write(f"{text(SNIPPET)}{DRAWS}".replace("MARKUP", repr(markup)))
    code.button("Run").click()
    expect(code.status).to_have_text(ENDED, timeout=LONG)
    code.element.page.wait_for_timeout(100)
    assert heard == []


# What a worker has besides computing, for code that found a way out of Python.
REACHED = """async url => {
  const kept = ['indexedDB', 'caches', 'localStorage', 'sessionStorage', 'cookieStore',
    'BroadcastChannel', 'Worker', 'SharedWorker', 'document',
    'webkitRequestFileSystem', 'webkitRequestFileSystemSync'];
  const ofNavigator = ['storage', 'storageBuckets', 'locks', 'serviceWorker'];
  const left = await fetch(url).then(() => 'left', () => 'refused');
  return [[...kept.filter(name => name in self),
    ...ofNavigator.filter(name => name in navigator)], left];
}"""


def test_the_worker_has_the_pages_policy_and_nothing_kept(
    reader: Reader, code: Code, elsewhere: tuple[str, list[str]]
):
    url, heard = elsewhere
    heard.clear()
    [worker] = [w for w in reader.page.workers if w.url.startswith("blob:")]
    assert worker.evaluate(REACHED, url) == [[], "refused"]
    assert heard == []
    # Python sees an empty object for the worker, and the way on from it is a text that
    # would have to be run as code.
    code.write(
        "import js\ntry:\n    js.constructor.constructor('return self')()\n"
        "except Exception as error:\n    said = str(error)\n"
        "[{'fetch', 'self', 'postMessage', 'navigator'} & {*dir(js)}, said[:9]]"
    )
    code.run()
    expect(code.output.locator(".value")).to_have_text("[set(), 'EvalError']")


def test_nothing_runs_without_a_press(page: Page, quiet: None):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PAGE, wait_until="networkidle")  # nothing fails by leaving too soon
    page.evaluate(
        "name => localStorage.setItem(`study-notes:code:${name}`, 'print(1)')", SNIPPET
    )
    for ending in ("#run", "?run=1&code=print(1)#__code_0"):
        page.goto("about:blank")
        page.goto(PAGE + ending, wait_until="networkidle")
        expect(page.locator("live-code[own]")).to_have_count(2)
    assert not [url for url in asked if "/live" in url]


def test_a_start_that_fails_is_told_and_run_tries_again(page: Page):
    page.goto(PAGE)
    code = first(page)
    page.route(PACKAGES, lambda route: route.abort(), times=1)
    code.button("Run").click()
    expect(code.status).to_contain_text("Python could not be loaded", timeout=LONG)
    expect(code.status).to_contain_text("Run tries again")
    code.run()
    expect(code.output.locator("figure svg")).to_have_count(2)


def test_a_start_that_hangs_is_told_and_run_tries_again(page: Page):
    page.clock.install()
    page.goto(PAGE)
    code = first(page)
    held: list[Route] = []
    page.route(PACKAGES, lambda route: held.append(route), times=1)
    code.button("Run").click()
    expect(code.status).to_have_text(re.compile(r"5\d %"), timeout=LONG)  # the rest
    page.clock.run_for(59_000)
    expect(code.status).to_contain_text("Loading Python")
    page.clock.run_for(2_000)
    expect(code.status).to_contain_text("nothing was heard of it for a minute")
    held[0].abort()
    code.run()


def test_a_start_can_be_stopped(page: Page, quiet: None):
    page.goto(PAGE)
    code = first(page)
    code.button("Run").click()
    expect(code.status).to_contain_text("Loading Python")
    code.button("Stop").click()
    expect(code.status).to_have_text("Stopped.")
    expect(code.button("Run")).to_be_enabled()
    code.run()


def test_an_editor_that_does_not_load_is_told_and_edit_tries_again(page: Page):
    page.goto(PAGE)
    page.route("**/built/editor.js", lambda route: route.abort(), times=1)
    code = first(page)
    code.button("Edit").click()
    expect(code.status).to_contain_text("The editor could not be loaded")
    expect(code.status).to_contain_text("Edit tries again")
    code.edit()


def keeps_its_figure(page: Page) -> None:
    code = first(page)
    drawing = page.locator("study-figure .drawing svg").first
    code.button("Run").click()
    expect(code.status).to_contain_text("built into the page stay")
    expect(drawing).to_be_visible()
    expect(code.button("Run")).to_be_enabled()


def test_a_browser_without_webassembly_keeps_the_figure(page: Page, quiet: None):
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(PAGE)
    keeps_its_figure(page)


def test_a_page_opened_as_a_file_keeps_the_figure(
    page: Page, site: str, tmp_path_factory: pytest.TempPathFactory
):
    # `site` serves a folder of this name.
    [folder] = tmp_path_factory.getbasetemp().glob("site[0-9]*")
    page.goto((Path(folder) / PAGE / "index.html").as_uri())
    keeps_its_figure(page)


def test_an_edit_that_is_not_kept_says_so_and_runs(page: Page, quiet: None):
    page.add_init_script("Storage.prototype.setItem = () => { throw Error('full'); }")
    page.goto(PAGE)
    code = first(page)
    code.write("6 * 7")
    expect(code.status).to_contain_text("does not keep it")
    code.run()
    expect(code.output.locator(".value")).to_have_text("42")
    code.button("Reset").click()
    assert code.written() == text(SNIPPET)
