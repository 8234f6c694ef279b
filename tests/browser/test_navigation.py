"""The way through the site is the order of the pages' weights; anchors are stable."""

import re
from pathlib import Path

import pytest
import yaml
from browser.shown import DOCS, LABS, PAGES, address
from playwright.sync_api import Page, expect

from study.quotes import prose

ID = re.compile(r"## .*\{ *#([\w-]+) *\}\s*")


def weight(path: Path) -> float:
    front = re.match(r"---\n(.*?)\n---\n", path.read_text("utf-8"), re.DOTALL)
    assert front, path
    return float(yaml.safe_load(front[1])["weight"])


def in_order() -> list[str]:
    """Every page's address: the start, then by section its index and its pages."""
    found = [""]
    sections = DOCS.glob("*/index.md")
    for section in sorted(sections, key=weight):
        pages = [path for path in section.parent.glob("*.md") if path != section]
        found += [address(section), *map(address, sorted(pages, key=weight))]
        # Labs have no front matter: they are in the order of their files' numbers.
        found += map(address, sorted(section.parent.glob("[0-9]*.py")))
    return found


def test_every_page_has_its_place():
    assert sorted(in_order()) == sorted([*PAGES, *LABS])
    for folder in {path.parent for path in PAGES.values()} - {DOCS}:
        weights = [weight(p) for p in folder.glob("*.md") if p.name != "index.md"]
        assert len(weights) == len(set(weights)), folder
    weights = [weight(path) for path in DOCS.glob("*/index.md")]
    assert len(weights) == len(set(weights))


def test_the_sidebar_lists_sections_and_pages_in_order(plain: Page, site: str):
    plain.goto("")
    hrefs = plain.locator(".md-nav--primary a.md-nav__link[href]").evaluate_all(
        # Without the page's own headings, which stand there for phones.
        "links => links.filter(link => !link.hash).map(link => link.href)"
    )
    assert list(dict.fromkeys(hrefs)) == [site + page_of for page_of in in_order()]


def test_next_leads_through_all_pages_in_one_document_and_previous_back(
    page: Page, quiet: None, site: str
):
    page.goto("")
    page.evaluate("window.sameDocument = true")
    way = in_order()
    for link, pages in (("next", way[1:]), ("prev", way[-2::-1])):
        for page_of in pages:
            page.locator(f"a.md-footer__link--{link}").click()
            expect(page).to_have_url(site + page_of)
            expect(page.locator("link[rel=canonical]")).to_have_attribute(
                "href", site + page_of
            )
        expect(page.locator(f"a.md-footer__link--{link}")).to_have_count(0)
    assert page.evaluate("window.sameDocument")


# Whose headings are gathered from other pages.
GATHERED = {"mistakes/", "tags/"}


@pytest.mark.parametrize("page_of", sorted(PAGES.keys() - GATHERED))
def test_every_question_has_the_anchor_that_its_page_gives(plain: Page, page_of: str):
    lines = [
        line
        for _, line, code in prose(PAGES[page_of].read_text("utf-8").split("\n"))
        if not code and line.startswith("## ")
    ]
    given = [match[1] for line in lines if (match := ID.fullmatch(line))]
    assert len(given) == len(lines) == len(set(given)), lines
    plain.goto(page_of)
    headings = plain.locator("article h2")
    assert headings.evaluate_all("all => all.map(heading => heading.id)") == given
    links = headings.locator("a.headerlink").evaluate_all(
        "all => all.map(link => new URL(link.href).hash)"
    )
    assert links == [f"#{anchor}" for anchor in given]
