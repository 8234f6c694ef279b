"""A site served once is there without a network, whole and of one build."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browser.conftest import PATH, Handler
from browser.live import LONG, Code
from browser.shown import LABS, PAGES, Shown, default, until
from browser.studying import grade, grades
from browser.watched import watch
from playwright.sync_api import Browser, BrowserContext, Page, expect

from study import offline
from study.files import write_whole

FIGURE = ("training/sigmoid-derivatives/", "sigmoid_derivatives.figure")
KEPT = """async () => {
  const {controller} = navigator.serviceWorker;
  if (controller?.state !== 'activated') return false;
  const {waiting, installing} = await navigator.serviceWorker.getRegistration();
  return !waiting && !installing;
}"""
REGISTERED = "navigator.serviceWorker.getRegistration()"
# Every file that the browser keeps, by cache: addresses below the site's.
CACHES = """async () => {
  const found = {};
  for (const name of await caches.keys())
    found[name] = (await (await caches.open(name)).keys()).map(({url}) => url);
  return found;
}"""

# Puts another text in the place of the file that is kept of Python, once it is there.
REPLACE = """async () => {
  const name = (await caches.keys()).find(name => name.includes('python'));
  const cache = await caches.open(name);
  const [kept] = await cache.keys();
  if (kept) await cache.put(kept, new Response('the kept copy'));
  return !!kept;
}"""

# Presses Run at once; `told` is what the run has come to when the keeping begins.
HURRY = """addEventListener('load', () => {
  const code = document.querySelector('live-code');
  const workers = navigator.serviceWorker;
  const register = workers.register.bind(workers);
  self.told = new Promise(resolve => workers.register = (...all) => {
    setTimeout(() => resolve(code.querySelector(':scope > [role=status]').textContent));
    return register(...all);
  });
  code.querySelector('button').click();
});"""


class Host:
    """A host that can lose its network, and whose site can be replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.spoilt = ""  # a part of addresses that do not bring what they should
        self.how = "other"  # another file's content; or "missing", or "cut" off
        self._server: ThreadingHTTPServer | None = None
        self.start()
        assert self._server
        self.address = f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def start(self) -> None:
        host = self

        class Here(Handler):
            protocol_version = "HTTP/1.0"  # nothing stays open when it stops

            def do_GET(self) -> None:  # noqa: N802 - the base class has it so
                host.asked.append(self.path.removeprefix(PATH))
                if host.spoilt and host.spoilt in self.path:
                    if host.how == "cut":
                        self.send_response(200)
                        self.send_header("Content-Length", "1000000")
                        self.end_headers()
                        self.wfile.write(b"{")
                        return
                    self.path = PATH + {"other": "404.html"}.get(host.how, "no")
                super().do_GET()

        port = self._server.server_port if self._server else 0
        handler = partial(Here, directory=str(self.folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        assert self._server
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def lost(self, context: BrowserContext) -> Iterator[None]:
        """The time without a network."""
        self.stop()
        context.set_offline(True)
        yield
        context.set_offline(False)
        self.start()


@pytest.fixture
def host(built: Path, site: str, tmp_path: Path) -> Iterator[Host]:
    """The built site, at an address of its own."""
    folder = tmp_path / "site"
    shutil.copytree(built, folder, copy_function=os.link)
    host = Host(folder)
    change(folder, ".html .xml", lambda _, text: text.replace(site, host.address))
    yield host
    host.stop()


def change(folder: Path, kinds: str, changed: Callable[[str, str], str]) -> None:
    """Change files of these kinds, but Python's, and have the worker written anew."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.suffix in kinds.split() and not name.startswith("assets/live/0"):
            text = changed(name, path.read_text("utf-8"))
            write_whole(path, text.encode())  # it is linked to the other site's
    offline.write(folder)


@pytest.fixture
def context(browser: Browser, host: Host) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=host.address)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The home page, read once."""
    page = context.new_page()
    page.goto("")
    kept(page)
    return page


def kept(page: Page) -> None:
    """Wait until all of the site is kept."""
    until(page, KEPT)


def follow(page: Page, page_of: str) -> None:
    """Follow the sidebar's link to a page, in the same document."""
    links = page.locator(".md-nav--primary a.md-nav__link[href]")
    links.evaluate_all(
        "(all, to) => all.find(link => link.href.endsWith(`/${to}`)).click()", page_of
    )


def below(page: Page, host: Host) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(CACHES)
    return {
        name.split("-http")[0]: [url.removeprefix(host.address) for url in urls]
        for name, urls in found.items()
    }


def test_a_run_goes_before_the_keeping(context: BrowserContext):
    page = context.new_page()
    page.add_init_script(HURRY)
    page.goto(FIGURE[0])
    assert page.evaluate("told") == "Done."
    kept(page)


def test_every_page_opens_whole(page: Page, host: Host, context: BrowserContext):
    watched = watch(context)
    with host.lost(context):
        for page_of in [*PAGES, *LABS]:
            response = page.goto(page_of)
            assert response and response.status == 200 and response.from_service_worker
            assert response.text() == (host.folder / page_of / "index.html").read_text()
            for figure in page.locator("study-figure").all():
                expect(figure.locator(".reset")).to_have_count(1)  # its script runs
            assert page.evaluate("document.fonts.ready.then(fonts => fonts.size)")
        assert watched.wrong(host.address) == []


def test_the_page_that_was_open_goes_on(
    page: Page, host: Host, context: BrowserContext
):
    page_of, name = FIGURE
    with host.lost(context):
        page.evaluate("window.sameDocument = true")
        follow(page, page_of)
        figure = Shown(page, name)
        figure.element.locator("input[type=range]").first.press("End")
        last = len(figure.knobs[0].values) - 1
        figure.expect((last, *default(name)[1:]))
        assert page.evaluate("window.sameDocument")


def test_search_finds_and_leads_there(page: Page, host: Host, context: BrowserContext):
    with host.lost(context):
        page.keyboard.press("/")
        page.keyboard.type("sigmoid largest value")
        results = page.get_by_role("dialog", name="Search").get_by_role("link")
        question = "What is the derivative of the sigmoid"
        results.filter(has_text=question).first.click()
        expect(page).to_have_url(re.compile("sigmoid-derivatives/.*#largest-slope$"))
        expect(page.locator("#largest-slope")).to_be_in_viewport()


def test_cards_are_asked_and_graded(page: Page, host: Host, context: BrowserContext):
    with host.lost(context):
        page.goto("review/")
        card = page.locator("study-review .stage study-card")
        expect(card).to_be_visible()
        name = str(card.get_attribute("id")).removeprefix("card-")
        page.locator(".stage study-card summary").first.click()
        page.locator(".stage").get_by_role("button", name="Good").click()
        expect(page.locator("study-review .counts")).to_contain_text("1 answered")
        assert grades(page) == [(name, 3)]
        page.goto(FIGURE[0])
        grade(page.locator("article study-card").first, "Easy")
        assert len(grades(page)) == 2


def test_python_is_kept_once_it_was_used(
    page: Page, host: Host, context: BrowserContext
):
    assert not [a for a in host.asked if "live/" in a and a != "assets/live/study.json"]
    follow(page, FIGURE[0])
    Code(page.locator("live-code").first).run()
    until(
        page,
        "async () => (await (await caches.open((await caches.keys())"
        ".find(name => name.includes('python')))).keys()).length > 5",
    )
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    with host.lost(context):
        page.goto("data/k-means/")
        code = Code(page.locator("live-code").first)
        code.write("6 * 7")  # the editor is there too
        code.run()
        expect(code.output.locator(".value")).to_have_text("42")


def test_python_comes_with_what_the_browser_has_compiled_of_it(
    page: Page, host: Host, context: BrowserContext
):
    """That goes with the browser's own cache; the kept copy is for when it is gone."""
    python = json.loads((host.folder / "assets/live/study.json").read_text())["folder"]
    ask = f"fetch('assets/live/{python}/packages.json').then(r => r.text())"
    published = page.evaluate(ask)
    until(page, REPLACE)
    with host.lost(context):
        assert page.evaluate(ask) == published
        context.new_cdp_session(page).send("Network.clearBrowserCache")
        assert page.evaluate(ask) == "the kept copy"


def test_python_that_was_not_used_is_missed_in_words(
    page: Page, host: Host, context: BrowserContext
):
    with host.lost(context):
        page.goto(FIGURE[0])
        code = Code(page.locator("live-code").first)
        code.button("Run").click()
        expect(code.status).to_contain_text("Python could not be loaded", timeout=LONG)
        expect(page.locator("study-figure .drawing svg").first).to_be_visible()


@pytest.mark.parametrize(
    "address", ["training/index.html", "training/?a=b&c#x", "training"]
)
def test_a_page_has_its_other_addresses_too(
    page: Page, host: Host, context: BrowserContext, address: str
):
    with host.lost(context):
        page.goto(address)
        expect(page.locator("h1")).to_contain_text("Training")
        style = page.evaluate(
            "getComputedStyle(document.querySelector('.md-main')).flexGrow"
        )
        assert style == "1"  # its style sheet was found


def test_a_page_that_is_not_there_is_told(
    page: Page, host: Host, context: BrowserContext
):
    with host.lost(context):
        response = page.goto("training/nothing/")
        assert response and response.status == 404
        expect(page.locator("h1")).to_contain_text("404")
        page.locator(".md-nav--primary a.md-nav__link[href]").first.click()
        expect(page.locator("study-progress")).to_contain_text("pages read")


def test_a_reader_who_saves_data_is_not_given_some_megabytes(
    host: Host, context: BrowserContext
):
    context.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    )
    page = context.new_page()
    page.goto("", wait_until="networkidle")
    page.wait_for_timeout(500)
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then(a => a.length)")
        == 0
    )
    assert offline.FILE not in host.asked


DIGESTS = """async files => {
  const of = async address => {
    const bytes = await (await fetch(new URL(address, document.baseURI))).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return 'sha256-' + btoa(String.fromCharCode(...digest));
  };
  return Promise.all(files.map(async file => [file, await of(file)]));
}"""


def listed(host: Host) -> dict[str, str]:
    """What the build's worker keeps: digests by address."""
    text = (host.folder / offline.FILE).read_text("utf-8")
    data, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
    found: dict[str, str] = data["files"]
    return found


def seen(page: Page, host: Host, files: dict[str, str]) -> dict[str, str]:
    """The digests of what a page of the site gets at these addresses."""
    whole = [host.address + file.removeprefix("./") for file in files]
    found: list[list[str]] = page.evaluate(DIGESTS, whole)
    return dict(zip(files, (digest for _, digest in found), strict=True))


def rebuild(host: Host) -> None:
    """Put the next build there: every file is another, a page is new, and so is
    Python."""
    live = host.folder / "assets" / "live"
    name = json.loads((live / "study.json").read_text("utf-8"))["folder"]
    (live / name).rename(live / f"{name}-2")
    page_of = host.folder / "training"
    shutil.copytree(page_of / "momentum-methods", page_of / "new-page")

    def changed(file: str, text: str) -> str:
        if file.endswith(".html"):
            return text.replace("<html ", '<html data-build="2" ', 1)
        if file.endswith("study.js"):
            text += "document.documentElement.dataset.script = '2';"
        if file.endswith("cards.js"):
            text += "document.documentElement.dataset.deck = '2';"
        if file.endswith("study.json"):
            text = text.replace(name, f"{name}-2")
        return f"{text}\n"

    change(host.folder, ".css .html .js .json .py .txt .xml", changed)


def builds(page: Page) -> dict[str, str]:
    """Of which build are page, script and deck; nothing if of the first."""
    found: dict[str, str] = page.evaluate("({...document.documentElement.dataset})")
    return {name: found[name] for name in ("build", "script", "deck") if name in found}


def offered(page: Page) -> None:
    """Have the browser look for a newer build, and wait until it is offered."""
    page.reload()
    expect(page.locator("body > .update")).to_be_visible(timeout=LONG)


def reviewed(page: Page) -> None:
    """Go to the review page in the same document."""
    follow(page, "review/")
    expect(page.locator("study-review .counts")).to_contain_text("new")


def test_a_new_build_waits_and_then_takes_over_whole(
    page: Page, host: Host, context: BrowserContext
):
    before = listed(host)
    python = json.loads((host.folder / "assets/live/study.json").read_text())["folder"]
    page.evaluate(f"fetch('assets/live/{python}/packages.json').then(r => r.text())")
    other = context.new_page()
    other.goto("review/")
    rebuild(host)
    now = listed(host)
    same = {file for file in before if before[file] == now.get(file)}
    assert same and all(file.endswith((".woff2", ".png")) for file in same)
    offered(page)
    assert seen(page, host, before) == before
    page.goto(FIGURE[0])
    reviewed(page)
    assert builds(page) == {}
    expect(page.locator("body > .update")).to_be_visible()
    page.get_by_role("button", name="Reload").click()
    for each in (page, other):
        expect(each.locator("html")).to_have_attribute("data-script", "2", timeout=LONG)
        expect(each.locator("study-review .counts")).to_contain_text("new")
        assert builds(each) == {"build": "2", "script": "2", "deck": "2"}
        expect(each.locator("body > .update")).to_have_count(0)
    with host.lost(context):
        assert seen(page, host, now) == now
        page.goto("training/new-page/")
        assert builds(page) == {"build": "2", "script": "2"}
        left = below(page, host)
    assert left.pop("study-notes-python") == []  # the earlier one's
    [files] = left.values()
    assert len(files) == len(now)


def test_a_new_build_is_there_when_all_pages_were_closed(
    page: Page, host: Host, context: BrowserContext
):
    rebuild(host)
    offered(page)
    page.get_by_role("button", name="Later").click()
    expect(page.locator("body > .update")).to_have_count(0)
    page.close()
    with host.lost(context):
        page = context.new_page()
        page.goto(FIGURE[0])
        reviewed(page)
        assert builds(page) == {"build": "2", "script": "2", "deck": "2"}
        assert seen(page, host, listed(host)) == listed(host)


def test_a_page_that_came_with_the_next_build_has_its_files(page: Page, host: Host):
    rebuild(host)
    page.goto("training/new-page/")
    assert builds(page) == {"build": "2", "script": "2"}
    reviewed(page)
    assert builds(page) == {"build": "2", "script": "2", "deck": "2"}


@pytest.mark.parametrize("how", ["other", "missing", "cut"])
def test_what_fails_to_be_kept_leaves_the_site_as_it_was(
    host: Host, context: BrowserContext, how: str
):
    host.spoilt, host.how = sorted(listed(host))[-2], how
    assert host.spoilt.startswith("training/")  # much is kept by then
    page = context.new_page()
    page.goto("")
    until(page, f"{REGISTERED}.then(found => !!found)")
    until(page, f"{REGISTERED}.then(found => !found)")
    page.goto("review/")
    expect(page.locator("study-review study-card")).to_be_visible()
    first = host.asked.count("404.html")
    host.spoilt = ""
    page.reload()
    kept(page)
    assert host.asked.count("404.html") == first  # what it has is not asked for again
    with host.lost(context):
        assert seen(page, host, listed(host)) == listed(host)


def test_an_update_that_fails_leaves_the_earlier_build_whole(
    page: Page, host: Host, context: BrowserContext
):
    before = listed(host)
    rebuild(host)
    host.spoilt = sorted(listed(host))[-2]
    page.reload()
    until(page, f"{REGISTERED}.then(found => !!found.installing)")
    kept(page)
    assert page.locator("body > .update").count() == 0
    assert seen(page, host, before) == before
    with host.lost(context):
        page.goto(FIGURE[0])
        assert seen(page, host, before) == before
        assert builds(page) == {}


def test_another_site_of_the_same_host_keeps_what_is_its_own(page: Page, host: Host):
    page.evaluate(
        "caches.open('another').then(cache => cache.put('/x', new Response()))"
    )
    rebuild(host)
    offered(page)
    page.get_by_role("button", name="Reload").click()
    expect(page.locator("html")).to_have_attribute("data-script", "2", timeout=LONG)
    assert "another" in page.evaluate(CACHES)


def test_where_pages_are_written_an_earlier_worker_gives_way(page: Page, host: Host):
    assert below(page, host)
    offline.write_gone(host.folder)
    page.add_init_script("globalThis.livereload = () => {}")  # as `make serve` has it
    loads: list[Page] = []
    page.on("load", lambda loaded: loads.append(loaded))
    page.goto("training/")
    for _ in range(LONG // 100):  # it comes from the worker, then from the server
        if len(loads) == 2:
            break
        page.wait_for_timeout(100)
    until(page, f"{REGISTERED}.then(found => !found)")
    assert below(page, host) == {}
