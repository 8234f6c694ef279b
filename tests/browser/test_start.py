"""How a page starts: in its reader's scheme, with its sheets and fonts at hand."""

import re
from pathlib import Path

import pytest
from browser.watched import SHIFTS
from playwright.sync_api import BrowserContext, Page, Route, expect

QUESTION = "training/sigmoid-derivatives/"
SCHEMES = {"light": "default", "dark": "slate"}
# A sheet whose address is set is loaded anew, and the page styled anew with it.
LATE = """self.late = [];
new MutationObserver((changes) => late.push(...changes
  .filter(({target}) => document.body && target.rel === 'stylesheet')
  .map(({target}) => target.href)
)).observe(document, {subtree: true, attributeFilter: ['href']});"""
# Whose class decides how all else looks.
ROOT_CHANGES = """self.changes = [];
new MutationObserver((found) => changes.push(...found
  .filter(({target, attributeName, oldValue}) => document.body
    && target.matches('html') && target.getAttribute(attributeName) !== oldValue)
  .map(({attributeName}) => attributeName)
)).observe(document, {subtree: true, attributes: true, attributeOldValue: true});"""


def shown(page: Page) -> tuple[str, str]:
    """The page's scheme, and that of what the browser draws."""
    expect(page.locator("body[data-md-color-scheme]")).to_be_visible()
    script = """() => [document.body.dataset.mdColorScheme,
      getComputedStyle(document.documentElement).colorScheme]"""
    return tuple(page.evaluate(script))


def kept(page: Page) -> list[str]:
    keys = page.evaluate("Object.keys(localStorage)")
    return [key for key in keys if key.endswith("__palette")]


@pytest.mark.parametrize("system", SCHEMES)
def test_a_page_is_in_the_systems_scheme_before_any_script_file(
    page: Page, system: str
):
    page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
    page.route("**/*.js", lambda route: route.abort())
    page.goto(QUESTION)
    assert shown(page) == (SCHEMES[system], "dark" if system == "dark" else "normal")
    assert kept(page) == []


@pytest.mark.parametrize("system", SCHEMES)
def test_a_choice_is_kept_and_can_be_taken_back(page: Page, quiet: None, system: str):
    page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
    other = "light" if system == "dark" else "dark"
    page.goto(QUESTION)
    bar = page.locator("meta[name=theme-color]")
    expect(bar).to_have_attribute("content", re.compile(r"rgb"))
    before = bar.get_attribute("content")
    button = page.get_by_role("button", name=f"Switch to {other} mode")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_be_hidden()
    back = page.get_by_role("button", name=f"Switch to {system} mode")
    expect(back).to_be_focused()
    assert bar.get_attribute("content") != before
    for _ in range(2):
        assert shown(page)[0] == SCHEMES[other]
        page.reload()
    page.keyboard.press("Tab")
    back.focus()
    page.keyboard.press("Space")
    assert shown(page)[0] == SCHEMES[system]
    assert bar.get_attribute("content") == before
    page.reload()
    assert shown(page)[0] == SCHEMES[system]


def test_what_is_kept_and_is_no_scheme_counts_for_nothing(page: Page, quiet: None):
    page.emulate_media(color_scheme="dark")
    page.goto(QUESTION)
    page.get_by_title("Switch to light mode").click()
    [key] = kept(page)
    for value in ("null", "7", '"slate"', '{"color": null}', '{"color": {}}'):
        page.evaluate("([key, value]) => localStorage[key] = value", [key, value])
        page.reload()
        assert shown(page)[0] == "slate", value


def test_no_style_sheet_is_loaded_anew_once_the_page_is_there(page: Page, quiet: None):
    page.add_init_script(LATE)
    page.goto(QUESTION, wait_until="networkidle")
    assert page.evaluate("late") == []
    page.evaluate("document.querySelector('[rel=stylesheet]').href += ''")
    assert len(page.evaluate("late")) == 1  # it would have been seen


def test_the_theme_does_not_style_the_whole_page_anew(page: Page, quiet: None):
    page.add_init_script(ROOT_CHANGES)
    page.goto(QUESTION, wait_until="networkidle")
    assert page.evaluate("changes") == []
    page.evaluate("document.documentElement.classList.add('other')")
    assert page.evaluate("changes") == ["class"]  # it would have been seen


def test_code_in_sight_can_be_copied(page: Page, quiet: None, context: BrowserContext):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(QUESTION, wait_until="networkidle")
    copy = page.get_by_role("button", name="Copy to clipboard")
    expect(copy).to_have_count(0)  # nor has any cost time
    block = page.locator("article .highlight").last
    block.scroll_into_view_if_needed()
    block.get_by_role("button", name="Copy to clipboard").click()
    expect(page.locator(".md-dialog")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == block.locator("code").inner_text().strip() != ""


def test_no_formula_is_painted_before_its_font_is_there(page: Page, quiet: None):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 412, "height": 823})  # one is too wide without
    page.add_init_script(SHIFTS)
    page.goto(QUESTION, wait_until="networkidle")
    shifts = page.evaluate("shifts")
    assert sum(shift["by"] for shift in shifts) < 0.02, shifts
    # They came with the style sheet: over the network they would be too late.
    assert [url for url in asked if url.endswith(".woff2")] == []
    script = """async () => { await document.fonts.ready; return [...document.fonts]
      .filter(({status}) => status === 'loaded').map(({family}) => family); }"""
    assert {"KaTeX_Main", "KaTeX_Math"} <= {*page.evaluate(script)}


@pytest.mark.parametrize("arrives", [True, False])
def test_what_a_font_would_move_is_not_shown_before_it(
    page: Page, built: Path, arrives: bool
):
    # A font that comes with its sheet is read aside, and may be late as one from far.
    far = (built / "assets/built/katex.css").read_text()
    page.route(
        "**/first-fonts.css",
        lambda route: route.fulfill(body=far, content_type="text/css"),
    )
    held: list[Route] = []
    page.route("**/*.woff2", lambda route: held.append(route))
    page.set_viewport_size({"width": 412, "height": 823})
    page.add_init_script(SHIFTS)
    page.goto(QUESTION, wait_until="commit")
    answer = page.locator(".answer").first
    expect(page.locator(".md-header")).to_be_visible()
    expect(answer).to_contain_text("the derivative is")
    expect(answer).to_be_hidden()
    page.unroute("**/*.woff2")
    assert held
    for route in held:
        route.continue_() if arrives else route.abort()
    expect(answer).to_be_visible()
    if arrives:
        shifts = page.evaluate("shifts")
        assert sum(shift["by"] for shift in shifts) < 0.02, shifts
