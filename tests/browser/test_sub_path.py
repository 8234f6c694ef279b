"""The site works below any path: it names nothing by an address of its own."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin

import pytest
from browser.conftest import ELSEWHERE, PATH
from browser.live import Code
from browser.shown import LABS, PAGES, Shown
from browser.studying import grade, grades, of_kind, opened
from playwright.sync_api import APIRequestContext, Browser, Page, expect

NAMED = re.compile(r"""\b(?:href|src|srcset|data-src)=(?:"([^"]*)"|([^\s"'>]+))""")
IN_CODE = re.compile(r"<(script|pre)\b.*?</\1>", re.DOTALL)
# What search engines and Anki read has to be whole addresses.
ABSOLUTE = re.compile(r'<link rel="canonical"[^>]*>|<meta property="og:[^>]*>')


@pytest.fixture(scope="module")
def elsewhere(browser: Browser, site: str) -> Iterator[Page]:
    """A page of the same files below another path than they were built for; in the
    end nothing was asked of any other place, and nothing failed."""
    base = site.replace(PATH, ELSEWHERE)
    context = browser.new_context(base_url=base)
    told: list[str] = []
    context.on("weberror", lambda error: told.append(str(error.error)))
    context.on("response", lambda r: told.append(r.url) if r.status >= 400 else None)
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((base, "data:", "blob:"))
            else told.append(request.url)
        ),
    )
    yield context.new_page()
    context.close()
    assert told == []


@pytest.fixture(scope="module")
def answered() -> dict[str, int]:
    """By address, how the server answers."""
    return {}


@pytest.mark.parametrize("page_of", [*PAGES, *LABS, "404.html"])
def test_all_that_a_page_names_is_there(
    page: Page, site: str, page_of: str, answered: dict[str, int]
):
    request: APIRequestContext = page.request
    html = ABSOLUTE.sub("", request.get(page_of).text())
    # 404.html is shown at any address, and so the one page that has to name the path.
    parts = [m[1] or m[2] or "" for m in NAMED.finditer(IN_CODE.sub("", html))]
    parts += re.findall(r'<script[^>]* src="([^"]*)"', html)
    local = {unescape(p) for p in parts if not re.match(r"https?:|data:|mailto:", p)}
    assert len(local) > 10
    if page_of != "404.html":
        assert [part for part in local if part.startswith("/")] == []
    for part in local:
        url = urldefrag(urljoin(site + page_of, part))[0]
        assert url.startswith(site), part
        if url not in answered:
            answered[url] = request.head(url).status
        assert answered[url] == 200, part


def test_links_and_search_lead_on(elsewhere: Page):
    elsewhere.goto("")
    elsewhere.locator("article a[href*=k-means]").first.click()
    expect(elsewhere).to_have_url(re.compile(f"{ELSEWHERE}data/k-means/"))
    elsewhere.wait_for_load_state()  # the scripts run after the text is there
    elsewhere.keyboard.press("/")
    expect(elsewhere.get_by_role("textbox", name="Search")).to_be_focused()
    elsewhere.keyboard.type("sigmoid largest value")
    results = elsewhere.get_by_role("dialog", name="Search").get_by_role("link")
    results.filter(has_text="largest value").first.click()
    expect(elsewhere).to_have_url(
        re.compile(f"{ELSEWHERE}training/sigmoid-derivatives/.*#largest-slope$")
    )
    elsewhere.get_by_role("link", name="Licences").click()
    expect(elsewhere.locator("body")).to_contain_text("Pyodide")


def test_a_knob_brings_its_drawing(elsewhere: Page):
    elsewhere.goto("evaluation/roc-and-auc/")
    figure = Shown(elsewhere, "roc_auc.figure")
    first = tuple(0 for _ in figure.knobs)
    figure.turn(first)
    figure.expect(first)


def test_code_runs(elsewhere: Page):
    elsewhere.goto("training/sigmoid-derivatives/")
    code = Code(elsewhere.locator("live-code[examples]").first)
    assert code.check()


def test_a_card_is_graded_and_asked_again(elsewhere: Page):
    card = of_kind(elsewhere, "recall")
    grade(opened(elsewhere, card), "Again")
    assert grades(elsewhere) == [(card["id"], 1)]
    elsewhere.goto("review/")
    expect(elsewhere.locator("study-review")).to_contain_text(re.compile(r"\d"))
