"""What search finds is what a reader reads: each formula once, as a line of text."""

import html
import re

import pytest
from browser.shown import DOCS, LABS, PAGES
from playwright.sync_api import Page, expect

from study import glossary

TEX = re.compile(r"[\\$\ue000-\uf8ff]")
# The page's words without what is drawn, set twice, or a control.
READ = """() => {
  const article = document.querySelector('article').cloneNode(true);
  article.querySelectorAll(`.katex-html, semantics semantics, .drawing, .knobs,
    [role=status], .headerlink, .md-code__nav, .related,
    .tools, .md-tags, study-card, aside`)
    .forEach(part => part.remove());
  return article.textContent;
}"""


@pytest.fixture
def index(plain: Page) -> dict[str, str]:
    """By page, what the index holds of it, markup and terms' other names aside."""
    found: dict[str, str] = {}
    for entry in plain.request.get("search/search_index.json").json()["docs"]:
        page_of = entry["location"].partition("#")[0]
        source, question = PAGES.get(page_of), entry["location"].partition("#")[2]
        place = source.relative_to(DOCS).as_posix() if source else ""
        if names := glossary.names(DOCS, place).get(question):
            line = f"<p>{html.escape(', '.join(names), quote=False)}</p>"
            assert entry["text"].count(line) == 1, entry
            entry["text"] = entry["text"].replace(line, "")
        words = html.unescape(re.sub("<[^>]*>", "", entry["title"] + entry["text"]))
        found[page_of] = found.get(page_of, "") + words
    return found


@pytest.mark.parametrize("page_of", [*PAGES, *LABS])
def test_the_index_holds_what_a_reader_reads_and_no_more(
    plain: Page, index: dict[str, str], page_of: str
):
    plain.goto(page_of)
    read = plain.evaluate(READ)
    assert "".join(index[page_of].split()) == "".join(read.split())
    lines = plain.locator("article annotation").all_text_contents()
    assert len(lines) == plain.locator("article .katex").count()
    has_figure = plain.locator("study-figure").count() > 0
    assert len(lines) > 5 or not (page_of and has_figure)
    for line in lines:
        assert line.strip() and not TEX.search(line), line


@pytest.mark.parametrize(
    "words", ["sigmoid largest value", "sigmoid curvature chain rule"]
)
def test_a_question_is_found_by_its_words_and_its_answers(
    page: Page, quiet: None, words: str
):
    page.goto("")
    page.keyboard.press("/")
    page.keyboard.type(words)
    results = page.get_by_role("dialog", name="Search").get_by_role("link")
    question = "What is the derivative of the sigmoid, and what is its largest value?"
    expect(results.filter(has_text=question).first).to_be_visible()
    results.filter(has_text=question).first.click()
    expect(page).to_have_url(
        re.compile("training/sigmoid-derivatives/.*#largest-slope$")
    )
    expect(page.get_by_role("heading", name=question)).to_be_in_viewport()


def test_the_index_is_fetched_once_a_reader_searches(page: Page, quiet: None):
    fetched: list[str] = []
    page.on("requestfinished", lambda request: fetched.append(request.url))
    page.goto("training/", wait_until="networkidle")
    heading = page.locator("article h1")
    before = heading.inner_text()
    page.locator("a.md-footer__link--next").click()
    expect(heading).not_to_have_text(before)  # its arrival would end a search
    page.wait_for_timeout(500)
    assert [url for url in fetched if "search_index" in url] == []
    for words in ("sigmoid", " largest value"):
        page.get_by_role("textbox", name="Search").focus()
        page.keyboard.press("End")
        page.keyboard.type(words)
        page.get_by_role("dialog").get_by_role("link").first.wait_for()
        page.keyboard.press("Escape")
        page.wait_for_timeout(50)  # focus that is back at once opens no search
    assert len([url for url in fetched if "search_index" in url]) == 1


def test_a_link_from_a_search_marks_the_words(page: Page, quiet: None):
    page.goto("training/sigmoid-derivatives/?h=sigmoid")
    marked = page.locator("article mark[data-md-highlight]")
    expect(marked.first).to_have_text(re.compile("sigmoid", re.IGNORECASE))


def test_a_link_can_ask(page: Page, quiet: None):
    page.goto("?q=sigmoid+largest")
    results = page.get_by_role("dialog", name="Search").get_by_role("link")
    expect(results.first).to_be_visible()
