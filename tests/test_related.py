"""Related questions: from the links between answers, both ways, and never none."""

from pathlib import Path

import pytest
from small_project import ROOT, Project, written
from test_extension import converter

from study.questions import by_section
from study.related import related

PAGES = {
    "index.md": "# Home\n\n[A](one/a.md#why)\n",
    "one/index.md": "---\nweight: 1\n---\n\n# One\n",
    "one/a.md": (
        "---\nweight: 1\n---\n\n# A\n\n[no question](c.md)\n\n## Why $x$? {#why}\n\n"
        "See [b](b.md#two), [b](b.md#two) and [itself](a.md#how).\n\n"
        "## How? {#how}\n\n```md\n[in code](c.md)\n```\n"
    ),
    "one/b.md": (
        "---\nweight: 2\n---\n\n# B\n\n## One? {#one}\n\nAs [here](a.md).\n\n"
        "## Two? {#two}\n\n## Three? {#three}\n\n"
        "[Again](../one/a.md#how), [no](x.md).\n"
    ),
    "one/c.md": "---\nweight: 3\n---\n\n# C\n\n## Alone? {#alone}\n",
}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return written(tmp_path, PAGES)


def found(docs: Path, name: str) -> list[tuple[str, str, str]]:
    page = docs / "one" / f"{name}.md"
    return [(other.stem, *rest) for other, *rest in related(page, docs)]


def test_links_count_both_ways_and_two_of_a_page_at_most(docs: Path):
    assert found(docs, "a") == [("b", "two", "Two?"), ("b", "one", "One?")]
    assert found(docs, "b") == [("a", "why", "Why $x$?"), ("a", "how", "How?")]


def test_a_page_without_links_has_its_neighbors(docs: Path):
    assert found(docs, "c") == [("b", "one", "One?")]


def test_pages_without_questions_have_none(docs: Path):
    assert related(docs / "index.md", docs) == []
    assert related(docs / "one" / "index.md", docs) == []


def test_every_page_of_the_site_leads_on_to_two_to_four_questions():
    for _, pages in by_section(ROOT / "docs"):
        for page in pages:
            others = related(page, ROOT / "docs")
            assert 2 <= len(others) <= 4, page
            assert page not in [other for other, *_ in others]
            assert len({(other, name) for other, name, _ in others}) == len(others)


def test_they_stand_after_the_last_answer_with_formulas_set(drawn: Project):
    for name in PAGES:
        drawn.page(name.removesuffix(".md"), PAGES[name])
    text = PAGES["one/b.md"].split("---\n", 2)[2]
    html = converter(drawn).convert(text)
    nav = html[html.rindex("<study-read>") :]
    assert '<nav aria-label="Related questions" class="related" data-search-ex' in nav
    assert '<a href="a.md#how">How?</a>' in nav
    assert '<a href="a.md#why">Why <span class="arithmatex">' in nav
