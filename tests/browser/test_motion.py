"""For a reader who wants less motion nothing glides, fades or grows."""

import pytest
from browser.shown import until
from playwright.sync_api import Page

PAGE = "training/sigmoid-derivatives/"
MOVED = """self.moved = [];
for (const kind of ['transitionrun', 'animationstart'])
  addEventListener(kind, ({propertyName, animationName, target}) =>
    moved.push([propertyName ?? animationName, target.className]), true);"""
# How many places the table of contents is seen at on its way to the page's end.
GLIDE = """async () => {
  const contents = document.querySelector(
    '.md-sidebar--secondary .md-sidebar__scrollwrap');
  const seen = new Set();
  const until = performance.now() + 1500;
  scrollTo(0, document.body.scrollHeight);
  while (performance.now() < until) {
    seen.add(contents.scrollTop);
    await new Promise(requestAnimationFrame);
  }
  return [...seen];
}"""
LESS = pytest.mark.parametrize("motion", ["reduce", "no-preference"])


@LESS
@pytest.mark.parametrize("width", [1280, 360])
def test_what_changes_does_so_at_once(page: Page, quiet: None, width: int, motion):
    page.emulate_media(reduced_motion=motion)
    page.set_viewport_size({"width": width, "height": 740})
    page.add_init_script(MOVED)
    page.goto(PAGE, wait_until="networkidle")
    page.locator("study-figure input[type=range]").first.press("End")
    page.locator("span.quote.moved").first.wait_for()
    page.locator("study-card summary").first.click()
    page.get_by_role("switch", name="Quiz me").click()
    page.mouse.move(width / 2, 400)
    page.mouse.wheel(0, 3000)
    until(page, "scrollY > 1000")
    page.mouse.wheel(0, -500)
    page.locator(".md-top:not([hidden])").click()
    until(page, "scrollY === 0")
    if width < 400:
        page.locator("label.md-header__button[for=__drawer]").click()
        page.locator(".md-overlay").click(position={"x": 350, "y": 300})
    page.keyboard.press("/")
    page.keyboard.type("sigmoid")
    page.get_by_role("dialog").get_by_role("link").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".scheme:visible").click()
    page.wait_for_timeout(300)
    moved = page.evaluate("moved")
    if motion == "reduce":
        assert moved == []
    else:
        assert {"transform", "opacity"} <= {name for name, _ in moved}


@LESS
def test_the_table_of_contents_follows_at_once(page: Page, quiet: None, motion):
    page.emulate_media(reduced_motion=motion)
    page.set_viewport_size({"width": 1280, "height": 260})
    page.goto(PAGE, wait_until="networkidle")
    seen = page.evaluate(GLIDE)
    assert seen[-1] > 100
    # It is told twice where to be: at once, and when the page stands still.
    assert len(seen) <= 3 if motion == "reduce" else len(seen) > 6, seen
