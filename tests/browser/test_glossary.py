"""A term of the glossary opens its entry where it stands, for every hand."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

PAGE = "evaluation/class-imbalance/"


def term(page: Page, name: str) -> Locator:
    return page.locator(f"a.term[href$='#{name}']").first


def note(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Glossary")


def test_a_click_shows_the_entry_and_leads_on(page: Page, quiet: None, site: str):
    page.goto(PAGE)
    term(page, "auc").click()
    expect(note(page)).to_contain_text("The area under the ROC curve")
    expect(note(page)).to_contain_text("Also called: AUROC")
    assert page.url == site + PAGE
    box, width = note(page).bounding_box(), page.viewport_size
    assert box and width and 0 <= box["x"] <= width["width"] - box["width"]
    note(page).get_by_role("link").click()
    expect(page).to_have_url(re.compile("evaluation/roc-and-auc/.*#pairs-and-ties$"))
    expect(note(page)).to_have_count(0)


def test_keys_open_and_close_it_and_focus_comes_back(page: Page, quiet: None):
    page.goto(PAGE)
    link = term(page, "auc")
    link.press("Enter")
    expect(note(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(note(page).get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(note(page)).to_have_count(0)
    expect(link).to_be_focused()


def test_a_touch_opens_it_and_a_touch_elsewhere_closes_it(browser: Browser, site: str):
    context = browser.new_context(
        base_url=site, viewport={"width": 360, "height": 740}, has_touch=True
    )
    page = context.new_page()
    page.goto(PAGE)
    term(page, "auc").tap()
    expect(note(page)).to_be_visible()
    box = note(page).bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
    page.touchscreen.tap(180, 5 if box["y"] > 100 else 735)
    expect(note(page)).to_have_count(0)
    context.close()


def test_without_script_it_leads_to_the_entry(plain: Page):
    plain.goto(PAGE)
    term(plain, "auc").click()
    expect(plain).to_have_url(re.compile("glossary/#auc$"))


def test_where_the_glossary_cannot_be_read_it_leads_there(page: Page):
    page.goto(PAGE)
    page.route("**/glossary/", lambda route: route.abort(), times=1)
    term(page, "auc").click()
    expect(page).to_have_url(re.compile("glossary/#auc$"))


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("AUROC", "evaluation/roc-and-auc/.*#pairs-and-ties"),
        ("weight decay", "generalization/l1-and-l2/.*#exact-zeros"),
        ("sensitivity", "evaluation/class-imbalance/.*#accuracy"),
        ("Kaiming", "gradients/initialization/.*#xavier-and-he"),
        ("Glorot", "gradients/initialization/.*#xavier-and-he"),
        ("logloss", "training/classification-losses/.*#cross-entropies"),
        ("overfit", "generalization/underfitting-and-overfitting/.*#two-errors"),
        ("data leakage", "evaluation/cross-validation/.*#leakage"),
        ("SMOTE", "evaluation/class-imbalance/.*#after-the-split"),
        ("LOOCV", "evaluation/cross-validation/.*#leave-one-out"),
        ("inertia", "data/k-means/.*#what-it-minimizes"),
        ("autograd", "training/backpropagation/.*#what-it-computes"),
    ],
)
def test_search_finds_a_question_by_another_name(
    page: Page, quiet: None, words: str, question: str
):
    page.goto("review/")
    page.keyboard.press("/")
    page.keyboard.type(words)
    # Some are folded away, as "more on this page".
    results = page.get_by_role("dialog", name="Search").locator("a[href*='?h=']")
    expect(results.first).to_be_visible()
    found = results.evaluate_all("all => all.map(link => link.href)")
    assert any(re.search(f"{question}$", link) for link in found), found


def test_what_search_alone_knows_is_not_in_the_page(plain: Page):
    plain.goto("evaluation/class-imbalance/")
    expect(plain.locator("article")).not_to_contain_text("hit rate")
    expect(plain.locator("article .names")).to_have_count(0)
