"""With script off a page reads as published, and shows no control that is dead."""

import pytest
from browser.shown import QUOTES, Shown, default, fact, with_figures
from playwright.sync_api import Page, expect


@pytest.mark.parametrize(("page_of", "names"), with_figures())
def test_the_default_drawings_and_their_numbers_stand(
    plain: Page, page_of: str, names: list[str]
):
    plain.goto(page_of)
    for name in names:
        figure = Shown(plain, name)
        expect(figure.drawing.locator("svg")).to_be_visible()
        expect(figure.drawing).not_to_have_accessible_name("")
        for quote in plain.evaluate(QUOTES, name):
            if quote["math"] is None:
                assert quote["text"] == fact(name, quote["key"], default(name))
            assert not quote["moved"]
        for number in plain.locator(f'span.quote[data-figure="{name}"]').all():
            expect(number).to_be_visible()
        for control in figure.element.locator("input, button, .value, label").all():
            expect(control).to_be_hidden()


@pytest.mark.parametrize("page_of", [page for page, _ in with_figures() if page])
def test_formulas_stand(plain: Page, page_of: str):
    plain.goto(page_of)
    formulas = plain.locator("article .katex:not(study-card details *)")
    assert formulas.count() > 5
    for formula in formulas.all():
        expect(formula.locator(".katex-html")).to_be_visible()
        expect(formula.locator("math")).to_have_count(1)
