"""On paper: figures with what their knobs say, answers unfolded, nothing to press."""

import pytest
from browser.shown import Shown, default, stop
from playwright.sync_api import Locator, Page, expect

PAGE, FIGURE = "evaluation/roc-and-auc/", "roc_auc.figure"
CHOICES = "gradients/vanishing-and-exploding/", "gradient_norms.figure"


@pytest.fixture
def paper(page: Page, quiet: None) -> Page:
    page.emulate_media(color_scheme="dark")
    page.goto(PAGE)
    page.get_by_role("switch", name="Quiz me").click()
    page.emulate_media(media="print", color_scheme="dark")
    return page


def shown(locator: Locator) -> int:
    """How many of these take room on paper."""
    return sum(each.is_visible() for each in locator.all())


def test_answers_are_there_to_read(paper: Page):
    for answers in (
        paper.locator(".answer"),
        paper.locator("study-card details > div"),
    ):
        assert answers.count() >= 5
        assert shown(answers) == answers.count()


def test_there_is_nothing_to_press(paper: Page):
    parts = "article :is(button, input, summary, select), .md-header, .md-sidebar"
    assert paper.locator(parts).count() > 20
    assert shown(paper.locator(parts)) == 0


def test_figures_are_light_whatever_the_screen_was(paper: Page):
    ground, ink = paper.evaluate(
        """() => {
          const bar = document.querySelector('.drawing [style*="--fig-c0"]');
          const style = getComputedStyle(bar);
          return [getComputedStyle(document.body).backgroundColor,
                  style.fill === 'none' ? style.stroke : style.fill];
        }"""
    )
    assert ink == "rgb(2, 90, 200)"
    assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


def test_a_slider_says_its_value(paper: Page):
    figure = Shown(paper, FIGURE)
    knobs = zip(figure.knobs, default(FIGURE), strict=True)
    for knob, at in knobs:
        row = figure.controls.locator(".knob").filter(has_text=knob.label)
        expect(row.locator(".value")).to_be_visible()
        expect(row.locator(".value")).to_have_text(stop(knob, at))


def test_a_choice_says_its_value(page: Page, quiet: None):
    page.goto(CHOICES[0])
    page.emulate_media(media="print")
    figure = Shown(page, CHOICES[1])
    labels = figure.controls.locator("fieldset label")
    assert labels.count() > 2 and shown(labels) == 1


def test_a_link_to_elsewhere_says_where_it_leads(paper: Page):
    said = "link => getComputedStyle(link, '::after').content"
    out = paper.locator("article a[href^='https://doi.org']").first
    assert "https://doi.org/" in out.evaluate(said)
    own = paper.locator("article a[href*='class-imbalance']").first
    assert own.evaluate(said) == "none"


def test_it_goes_on_a_few_sheets(paper: Page):
    pdf = paper.pdf(format="A4")
    assert pdf.startswith(b"%PDF") and 5 <= pdf.count(b"/Type /Page\n") <= 25
