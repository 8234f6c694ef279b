"""What comes from outside a page is text: addresses, search, and what is kept.

Import files and records of the log: test_review.py and test_cards.py. What a reader's
code may do: test_live_safety.py. The policy's wording: tests/test_policy.py.
"""

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from browser.live import Code
from browser.studying import PUT
from playwright.sync_api import Browser, Page, expect

HIT = "document.documentElement.dataset.hit = 1"
# Each runs, or leaves an element, where it is taken for markup or for code.
MARKUP = (
    f"<img src=x onerror='{HIT}'>",
    f"\"><svg onload='{HIT}'>",
    f"</script><script>{HIT}</script>",
    f'<iframe srcdoc="<script>parent.{HIT}</script>"></iframe>',
)
PAYLOADS = ("".join(MARKUP), f"javascript:{HIT}", f"${{{HIT}}}'-({HIT})-'")
LEFT = "img[src=x], svg[onload], iframe[srcdoc], [onerror], [onload]"
QUESTION, SNIPPET = "training/sigmoid-derivatives/", "sigmoid_derivatives"
KINDS = ("", "review/", QUESTION, "404.html")
each_payload = pytest.mark.parametrize("payload", PAYLOADS)


class Reader(HTMLParser):
    """What of a page runs, or is asked of another origin."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.policies = 0
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        kind = found.get("http-equiv", "")
        self.policies += kind == "Content-Security-Policy"
        for name, value in found.items():
            runs = name.startswith("on") or (value or "").strip().startswith("javascr")
            loads = name in {"src", "srcset", "data", "poster", "action", "ping"} or (
                (tag, name) == ("link", "href") and found.get("rel") != "canonical"
            )
            parts = urlsplit(value or "")
            away = parts.netloc or parts.scheme not in {"", "data"}
            if runs or (loads and away):
                self.wrong.append(f"<{tag} {name}={value!r}>")


def test_every_built_page_has_one_policy_no_handler_and_no_other_origin(built: Path):
    pages = {path: Reader(path.read_text("utf-8")) for path in built.rglob("*.html")}
    assert len(pages) > len(KINDS)
    assert {path: page.wrong for path, page in pages.items() if page.wrong} == {}
    assert {path for path, page in pages.items() if page.policies != 1} == set()


def unhurt(page: Page) -> None:
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.dataset.hit") is None
    assert page.locator(LEFT).count() == 0


@pytest.mark.parametrize("payload", [*MARKUP, PAYLOADS[0]])
def test_the_payloads_would_be_seen(browser: Browser, site: str, payload: str):
    """Where they are markup and no policy holds."""
    context = browser.new_context(base_url=site, bypass_csp=True)
    page = context.new_page()
    page.goto("")
    page.evaluate("html => document.write(html)", f'<body><p title="{payload}')
    page.evaluate("html => document.write(html)", f'"></p>{payload}')
    with pytest.raises(AssertionError):
        unhurt(page)
    context.close()


@each_payload
@pytest.mark.parametrize("page_of", KINDS)
def test_an_address_runs_no_code(page: Page, page_of: str, payload: str):
    for ending in ("#{}", "?q={}", "?h={}", "?{0}={0}#{0}", "#__search?q={}"):
        page.goto("about:blank")
        page.goto(page_of + ending.format(quote(payload, safe="")))
        expect(page.locator("h1").first).to_be_visible()
        unhurt(page)


@pytest.mark.parametrize("payload", [*MARKUP, *PAYLOADS[1:]])
def test_what_is_searched_for_is_text(page: Page, payload: str):
    for query in (
        payload,
        f"sigmoid {payload}",
        f"+{payload}*~1^2",
        f"title:{payload}",
    ):
        page.goto(f"?q={quote(query, safe='')}")
        field = page.get_by_role("textbox", name="Search")
        expect(field).to_have_value(query)
        unhurt(page)
        field.fill("")
        field.press_sequentially(query)
        unhurt(page)


@each_payload
def test_an_address_within_the_visit_runs_no_code(page: Page, payload: str):
    page.goto("review/")
    expect(page.locator("study-review .counts")).to_contain_text("new")
    page.evaluate("text => { location.hash = text }", payload)
    unhurt(page)
    page.evaluate("text => history.pushState({}, '', '?q=' + text)", payload)
    page.go_back()
    unhurt(page)


@each_payload
def test_what_this_browser_keeps_is_text(page: Page, payload: str):
    kept = {
        f"study-notes:code:{SNIPPET}": payload,
        "study-notes:quiz": payload,
        "study-notes:exported": payload,
    }
    page.goto("")
    theme = json.dumps({"index": 0, "color": {"media": payload, "scheme": payload}})
    for name, value in {**kept, "/study-notes/.__palette": theme}.items():
        page.evaluate(
            "([name, value]) => localStorage.setItem(name, value)", [name, value]
        )
    for page_of in ("", "review/", QUESTION):
        page.goto(page_of)
        expect(page.locator("h1").first).to_be_visible()
        unhurt(page)
    code = Code(page.locator(f'live-code[snippet="{SNIPPET}"]').first)
    assert code.written() == payload
    unhurt(page)


def test_a_record_that_names_no_card_or_page_is_only_a_name(page: Page):
    page.goto("review/")
    expect(page.locator("study-review .counts")).to_contain_text("new")
    for i, payload in enumerate((*PAYLOADS, "__proto__", "constructor")):
        for j, what in enumerate(
            ({"card": payload, "grade": 1}, {"page": payload, "read": True})
        ):
            page.evaluate(PUT, {"id": f"{i:08x}{j:08x}", "at": i + 1, **what})
    for page_of in ("review/", "", QUESTION):
        page.goto(page_of)
        expect(page.locator("h1").first).to_be_visible()
        unhurt(page)
    page.goto("review/")
    expect(page.locator("study-review study-card")).to_be_visible()
