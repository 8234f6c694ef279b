"""At twice the size, in the browser's own settings, all is there and works."""

import math
import re
from collections.abc import Iterator

import pytest
from browser.conftest import with_settings
from browser.shown import LABS, PAGES, Shown, corners, widths
from browser.studying import grade
from browser.watched import watch
from playwright.sync_api import BrowserType, Page, expect

WIDTH = 1280
# Levels of zoom are powers of 1.2.
SETTINGS = {
    "zoom": {"partition": {"default_zoom_level": {"x": math.log(2, 1.2)}}},
    "letters": {"webkit": {"webprefs": {"default_font_size": 32}}},
}
QUESTION, FIGURE = "training/sigmoid-derivatives/", "sigmoid_derivatives.figure"
LETTERS = "text => parseFloat(getComputedStyle(text).fontSize) * devicePixelRatio"
# Words that a box cuts off. A formula's box is lower than its parts, but not than their
# ink. What sticks out of the main part is measured.
CUT = """() => [...document.querySelectorAll('body *')].filter(box => {
  const {overflowX, overflowY} = getComputedStyle(box);
  const hides = kind => ['hidden', 'clip'].includes(kind);
  return box.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && box.clientWidth > 2 && box.innerText?.trim()
    && !box.matches('.katex-display, .md-sidebar__scrollwrap, .md-main')
    && (hides(overflowX) && box.scrollWidth > box.clientWidth + 1
      || hides(overflowY) && box.scrollHeight > box.clientHeight + 1);
}).map(box => box.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module", params=SETTINGS)
def large(
    browser_type: BrowserType,
    site: str,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    profile = tmp_path_factory.mktemp("profile")
    window = {"width": WIDTH, "height": 1024}
    with with_settings(
        browser_type, profile, SETTINGS[request.param], site, viewport=window
    ) as context:
        watched = watch(context)
        yield context.pages[0]
    assert watched.wrong(site) == []


@pytest.mark.parametrize("page_of", [*PAGES, *LABS])
def test_a_page_is_as_wide_as_its_window_and_cuts_no_words(large: Page, page_of: str):
    large.goto(page_of)
    letters = large.locator("article").evaluate(LETTERS)
    assert letters == 32  # as the reader's screen has them; 16 where nothing is set
    assert large.evaluate(CUT) == []
    assert widths(large) == [large.evaluate("innerWidth")] * 2


def test_all_is_in_reach(large: Page):
    large.goto("training/")
    large.locator("label.md-header__button[for=__drawer]").click()
    drawer = large.locator(".md-sidebar--primary")
    drawer.get_by_role("link", name="The sigmoid and its derivatives").click()
    expect(large).to_have_url(re.compile(f"{QUESTION}$"))
    figure = Shown(large, FIGURE)
    for stops in corners(FIGURE):
        figure.turn(stops)
        figure.expect(stops)
    grade(large.locator("article study-card").first, "Good")
    expect(large.locator("article study-card .verdict").first).to_contain_text("Noted")
    large.locator(".scheme:visible").click()
    expect(large.locator("body[data-md-color-scheme=slate]")).to_be_visible()
    large.locator("label.md-header__button[for=__search]").click()
    large.keyboard.type("gradient clipping")
    results = large.get_by_role("dialog", name="Search").get_by_role("link")
    results.first.click()
    expect(large).to_have_url(re.compile("gradient-clipping/"))
