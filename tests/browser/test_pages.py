"""Every page: its own origin only, light, for every eye and for narrow screens."""

import gzip

import pytest
from browser.shown import LABS, PAGES, ROOT, until, widths
from browser.watched import SHIFTS
from playwright.sync_api import Page, Response

EVERY = pytest.mark.parametrize("page_of", [*PAGES, *LABS])
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
# By scheme: all of it, then what colours alone decide.
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RULES = {
    "default": [*LEVELS, "best-practice"],
    "slate": ["color-contrast", "link-in-text-block"],
}
NO_RULES: dict[str, list[str]] = {scheme: [] for scheme in RULES}
# What axe says and this site leaves: rule, selector.
LEFT = {
    # The theme's script wraps each copy button in a <nav>; it takes no name for it.
    ("landmark-unique", ".md-code__nav"),
    # Chromium and Firefox let Tab reach what scrolls, as the last test here shows;
    # axe asks for it in Safari too, where every formula would become a stop.
    ("scrollable-region-focusable", "div.arithmatex"),
    ("scrollable-region-focusable", ".md-typeset__scrollwrap"),
}
# Left out: what is hidden from readers' tools, thousands of parts. Formulas have the
# text's colour; the letters of drawings are measured below.
RUN = """async ([rules, left]) => {
  const found = await axe.run({exclude: ['.katex-html', '.drawing svg']},
    {runOnly: rules, resultTypes: ['violations'], elementRef: true});
  return found.violations.flatMap(({id, nodes}) => nodes
    .filter(({element}) =>
      !left.some(([rule, selector]) => rule === id && element.matches(selector)))
    .map(({html, failureSummary}) => `${id}: ${html.slice(0, 120)} ${failureSummary}`));
}"""
# A page of each type, for axe with all rules at each width and in both schemes. On the
# others, which are made of the same parts, all rules run once.
TYPES = {
    "",
    "glossary/",
    "mistakes/",
    "tags/",
    "review/",
    "training/",
    "training/sigmoid-derivatives/",
    next(iter(LABS)),
}
# Until Tab reaches the code that scrolls, which axe asks for; two seconds at most.
REACHED = """async () => {
  const wide = [...document.querySelectorAll('article pre > code')]
    .filter(({scrollWidth, clientWidth}) => scrollWidth > clientWidth);
  for (let wait = 0; wait < 100 && wide.some(code => code.tabIndex); wait++)
    await new Promise(resolve => setTimeout(resolve, 20));
}"""
# Contrast as WCAG has it, of a figure's letters against the page.
LETTERS = """() => {
  const probe = document.createElement('canvas').getContext('2d',
    {willReadFrequently: true});
  const rgba = colour => {
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = colour;
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data];
  };
  const light = parts => parts.slice(0, 3).map(part => part / 255)
    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const body = getComputedStyle(document.body);
  const ground = rgba(body.backgroundColor);
  return [...document.querySelectorAll('.drawing text')].map(text => {
    const style = getComputedStyle(text);
    const [r, g, b, alpha] = rgba(style.fill);
    const seen = alpha / 255 * style.fillOpacity * style.opacity;
    const ink = [r, g, b].map((part, i) => seen * part + (1 - seen) * ground[i]);
    const [low, high] = [light(ink), light(ground)].sort((x, y) => x - y);
    return {words: text.textContent, contrast: (high + .05) / (low + .05),
            ownFont: style.fontFamily !== body.fontFamily};
  });
}"""


def test_the_site_map_names_every_page(page: Page, site: str):
    answer = page.request.get("sitemap.xml")
    assert {f"<loc>{site}{page_of}</loc>" for page_of in [*PAGES, *LABS]} == {
        line.strip() for line in answer.text().split("\n") if "<loc>" in line
    }


@EVERY
@pytest.mark.parametrize("width", [1280, 360])
def test_a_page_comes_quietly_light_and_all_in_its_place(
    page: Page, quiet: None, page_of: str, width: int
):
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        weights[response.url] = int(response.headers["content-length"])

    page.on("response", weigh)
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto(page_of, wait_until="networkidle")
    assert len(weights) > 5
    assert sum(weights.values()) <= 220_000, weights
    # The index of the search comes when a reader searches.
    assert not [url for url in weights if "search_index" in url]
    shifts = page.evaluate("shifts")
    assert sum(shift["by"] for shift in shifts) < 0.02, shifts


def test_the_card_to_review_moves_nothing_on_a_tablet(page: Page):
    page.set_viewport_size({"width": 768, "height": 1000})
    page.add_init_script(SHIFTS)
    page.goto("review/", wait_until="networkidle")
    page.locator("study-review study-card").wait_for()
    shifts = page.evaluate("shifts")
    assert sum(shift["by"] for shift in shifts) < 0.02, shifts


def test_the_search_index_stays_small(page: Page):
    index = page.request.get("search/search_index.json").body()
    assert len(gzip.compress(index)) <= 5_000 * len([*PAGES, *LABS])


@EVERY
@pytest.mark.parametrize("width", [1280, 360])
def test_a_page_is_fit_for_every_eye_and_width(
    page: Page, quiet: None, page_of: str, width: int
):
    # High enough for the sidebar: a link scrolled half out of it is no small target.
    page.set_viewport_size({"width": width, "height": 2400})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(page_of)
    page.evaluate(REACHED)
    page.evaluate(AXE)
    wanted = {**RULES} if page_of in TYPES else {**NO_RULES}
    if width == 1280:
        wanted["default"] = RULES["default"]
    for kind in ("recall", "numeric", "choice"):  # with answer and grades in sight
        if page.locator(f"study-card[kind={kind}]").count():
            page.locator(f"study-card[kind={kind}] summary").first.click()
    for knob in page.locator("study-figure input[type=range]").all():
        knob.press("Home")  # numbers that have moved look different
    if page.locator("span.quote").count():
        page.locator("span.quote.moved").first.wait_for()
    for scheme in RULES:
        if scheme == "slate":
            page.get_by_title("Switch to dark mode").click()
        page.locator(f"body[data-md-color-scheme={scheme}]").wait_for()
        if wanted[scheme]:
            assert page.evaluate(RUN, [wanted[scheme], list(LEFT)]) == []
        for letters in page.evaluate(LETTERS):
            assert letters["contrast"] >= 4.5, (scheme, letters)
            assert not letters["ownFont"], letters
    assert widths(page) == [width, width]


def test_tab_reaches_a_formula_that_scrolls(page: Page, quiet: None):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("training/sigmoid-derivatives/")
    page.locator("#largest-slope .headerlink").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('div.arithmatex')")
    page.keyboard.press("ArrowRight")
    until(page, "document.activeElement.scrollLeft > 0")
