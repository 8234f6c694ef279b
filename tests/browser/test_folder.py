"""The folder that opens without a server: it reads, searches and asks from file://."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser.live import Code
from browser.shown import LABS, PAGES, Shown, default
from browser.studying import grade, log
from browser.watched import watch
from playwright.sync_api import Browser, BrowserContext, Page, expect

from study import folder

PAGE, NAME = "training/sigmoid-derivatives/index.html", "sigmoid_derivatives.figure"


@pytest.fixture(scope="module")
def root(built: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the folder, whose name needs quoting."""
    place = tmp_path_factory.mktemp("folder") / "my notes"
    folder.write(built, place)
    return f"{place.as_uri()}/"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without a network, that fails what logs an error or reaches for it."""
    context = browser.new_context()
    context.set_offline(True)
    watched = watch(context)
    yield context
    context.close()
    assert watched.wrong("file:") == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def file_of(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))


def test_every_link_of_every_page_names_a_file(page: Page, root: str):
    links: set[str] = set()
    for page_of in [*PAGES, *LABS]:
        page.goto(f"{root}{page_of}index.html")
        expect(page.locator("h1").first).to_be_visible()
        links |= set(
            page.locator("a[href]").evaluate_all("all => all.map(a => a.href)")
        )
    inside = {link for link in links if link.startswith("file:")}
    assert len(inside) > len(PAGES)
    assert [link for link in inside if not file_of(link).is_file()] == []


def test_a_link_leads_to_the_next_page(page: Page, root: str):
    page.goto(f"{root}index.html")
    for link in ("footer__link--next", "footer__link--next", "header__button.md-logo"):
        with page.expect_navigation():
            page.locator(f"a.md-{link}").click()
    expect(page).to_have_url(f"{root}index.html")


def test_search_finds_and_leads_there(page: Page, root: str):
    page.goto(f"{root}data/index.html")
    page.keyboard.press("/")
    page.keyboard.type("sigmoid largest value")
    results = page.get_by_role("dialog", name="Search").get_by_role("link")
    question = "What is the derivative of the sigmoid"
    results.filter(has_text=question).first.click()
    expect(page).to_have_url(re.compile(f"{PAGE}.*#largest-slope$"))
    expect(page.locator("#largest-slope")).to_be_in_viewport()


def test_a_figure_moves(page: Page, root: str):
    page.goto(root + PAGE)
    figure = Shown(page, NAME)
    figure.expect(default(NAME))
    figure.element.locator("input[type=range]").first.press("End")
    figure.expect((len(figure.knobs[0].values) - 1, *default(NAME)[1:]))


def test_cards_are_graded_and_kept(page: Page, root: str):
    page.goto(root + PAGE)
    grade(page.locator("article study-card").first, "Good")
    page.get_by_role("button", name="Mark this page as read").click()
    read = page.get_by_role("button", name="Read on")
    expect(read).to_be_visible()  # once it is on disk
    page.reload()
    expect(read).to_be_visible()
    assert [event.get("grade") or event["page"] for event in log(page)] == [
        3,
        PAGE.removesuffix("index.html"),  # as the served site has it
    ]
    page.goto(f"{root}index.html")
    expect(page.locator("study-progress")).to_contain_text("1 of")
    page.locator("study-progress a").click()
    expect(page.locator("study-review .counts")).to_contain_text("1 answered today")
    page.locator(".stage .source summary").click()
    place = page.locator(".stage .source a")
    assert file_of(str(place.evaluate("a => a.href"))).is_file()


def test_progress_is_exported_and_taken_in(page: Page, root: str):
    page.goto(root + PAGE)
    grade(page.locator("article study-card").first, "Good")
    page.goto(f"{root}review/index.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    page.locator("input[type=file]").set_input_files(download.value.path())
    expect(page.locator("study-review .told")).to_contain_text("here already")


def test_what_does_not_work_is_said(page: Page, root: str):
    page.goto(root + PAGE)
    code = Code(page.locator("live-code").first)
    for name in ("Run", "Edit"):
        code.button(name).click()
        expect(code.status).to_contain_text("Python needs the site to be served")
        expect(code.button(name)).to_be_enabled()
    expect(page.locator("study-figure .drawing svg").first).to_be_visible()


@pytest.mark.parametrize(
    ("page_of", "link"),
    [
        ("review/", "a[href$='.apkg']"),
        (PAGE.removesuffix("index.html"), "live-code a[href$='.ipynb']"),
        (PAGE.removesuffix("index.html"), "live-code a[href$='.py']"),
        (next(iter(LABS)), "article a[href$='.ipynb']"),
    ],
)
def test_what_can_be_taken_along_is_there(
    page: Page, root: str, page_of: str, link: str
):
    page.goto(f"{root}{page_of}index.html")
    found = page.locator(link).first
    expect(found).to_be_attached()
    assert file_of(str(found.evaluate("a => a.href"))).stat().st_size > 100


def test_python_is_not_carried_along(root: str):
    assert not (file_of(root) / "assets" / "live").exists()
    assert not (file_of(root) / "service-worker.js").exists()
