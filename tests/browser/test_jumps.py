"""A jump to another place of a page leaves the page as the reader has it."""

import re

import pytest
from browser.shown import Shown, default, until
from playwright.sync_api import Page, expect

PAGE = "training/sigmoid-derivatives/"
PLACES = {
    "a heading's own link": "#saturation .headerlink",
    "the table of contents": ".md-sidebar--secondary a[href$='#saturation']",
    "the link that skips the menus": ".md-skip",
}


@pytest.mark.parametrize("link", PLACES.values(), ids=PLACES.keys())
def test_a_jump_within_the_page_replaces_nothing_of_it(
    page: Page, quiet: None, site: str, link: str
):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.split("?")[0]))
    page.goto(PAGE)
    figure = Shown(page, "sigmoid_derivatives.figure")
    figure.slider(figure.knobs[0]).press("End")
    moved = len(figure.knobs[0].values) - 1, *default(figure.name)[1:]
    figure.expect(moved)
    expect(page).to_have_url(re.compile(r"x0=6$"))
    page.evaluate("globalThis.article = document.querySelector('article')")
    page.locator(link).press("Enter")
    expect(page).to_have_url(re.compile(r"x0=6#.+$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"x0=6$"))
    page.go_forward()
    expect(page).to_have_url(re.compile(r"x0=6#.+$"))
    assert page.evaluate("article.isConnected")
    page.locator(".md-footer__link--next").click()  # whose page the theme puts in place
    page.wait_for_url(f"{site}training/activation-functions/")
    expect(page.locator("h1")).to_contain_text("Activation")
    assert asked.count(f"{site}{PAGE}") == 1
    page.go_back()
    figure.expect(moved)
    assert asked.count(f"{site}{PAGE}") == 2
    page.locator(link).press("Enter")  # the theme knows now where it is
    page.wait_for_load_state("networkidle")
    figure.expect(moved)
    assert asked.count(f"{site}{PAGE}") == 2


def test_a_jump_shows_its_place_and_back_where_the_reader_was(page: Page, quiet: None):
    page.goto(PAGE)
    page.mouse.wheel(0, 300)
    until(page, "scrollY === 300")
    page.locator(PLACES["the table of contents"]).click()
    expect(page.locator("#saturation")).to_be_in_viewport()
    until(page, "scrollY > 600")
    page.go_back()
    until(page, "scrollY === 300")


def test_back_from_a_page_that_was_loaded_again_goes_to_the_page_before(
    page: Page, quiet: None
):
    page.goto(PAGE)
    page.locator(".md-footer__link--next").click()
    expect(page.locator("h1")).to_contain_text("Activation")
    page.reload()
    page.go_back()
    expect(page.locator("h1")).to_contain_text("sigmoid")


def test_the_drawer_closes_at_a_place_of_the_page_and_at_the_same_again(
    page: Page, quiet: None
):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(PAGE)
    drawer = page.locator("#__drawer")
    page.locator(".md-header label[for=__drawer]").click()
    page.locator(".md-nav__link--active[for=__toc]").click()
    for _ in range(2):
        expect(drawer).to_be_checked()
        page.locator(".md-nav--primary a[href$='#saturation']").click()
        expect(drawer).not_to_be_checked()
        expect(page.locator("#saturation")).to_be_in_viewport()
        page.locator(".md-header label[for=__drawer]").click()
