"""Lists that are made from the pages: sections, questions, mistakes."""

from pathlib import Path

import pytest
from small_project import written

from study import mistakes, questions

PAGES = {
    "index.md": "# Home\n",
    "one/index.md": "---\nweight: 20\ndescription: The first.\n---\n\n# One\n",
    "one/b.md": "---\nweight: 1\n---\n\n# B\n\n## Why $b$? {#why}\n\n## Not {#no}\n",
    "one/a.md": "# A\n\n```md\n## In code? {#code}\n```\n\n## What? {#what}\n",
    "two/index.md": "---\nweight: 10\ndescription: The second.\n---\n\n# Two\n",
    "two/c.md": "# C {#c}\n\n## When? {#when}\n",
    "bare/index.md": "---\nweight: 5\ndescription: No pages.\n---\n\n# Bare\n",
}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return written(tmp_path, PAGES)


def test_sections_come_by_weight_with_what_is_in_them(docs: Path):
    lines = questions.sections(docs, docs / "index.md")
    assert [line.strip() for line in lines if line] == [
        "-   **[Two](two/index.md)**",
        "The second.",
        "1 page, 1 question",
        "-   **[One](one/index.md)**",
        "The first.",
        "2 pages, 2 questions",
    ]


def test_questions_come_by_section_and_page(docs: Path):
    lines = [line for line in questions.index(docs, docs / "index.md") if line]
    assert lines == [
        "### [Two](two/index.md)",
        "- [C](two/c.md){ .page }",
        "    - [When?](two/c.md#when){ .question }",
        "### [One](one/index.md)",
        "- [A](one/a.md){ .page }",
        "    - [What?](one/a.md#what){ .question }",
        "- [B](one/b.md){ .page }",
        "    - [Why $b$?](one/b.md#why){ .question }",
    ]


def test_links_hold_from_a_page_in_a_folder(docs: Path):
    [_, first, *_] = questions.index(docs, docs / "one" / "a.md")
    assert first == "### [Two](../two/index.md)"


def test_a_page_is_read_again_when_it_has_changed(docs: Path):
    page = docs / "two" / "c.md"
    assert questions.asked(page) == [("When?", "when")]
    page.write_text("# C\n\n## Where? {#where}\n", encoding="utf-8")
    assert questions.asked(page) == [("Where?", "where")]


def test_mistakes_come_with_links_to_their_notes(docs: Path):
    page = docs / "two" / "c.md"
    page.write_text("# C\n\n/// mistake | No $a$ is b.\nNo.\n///\n", encoding="utf-8")
    found = mistakes.index(docs, docs / "one" / "index.md")
    assert [line for line in found if line] == [
        "## Two {#two}",
        "### [C](../two/c.md)",
        "- [No $a$ is b](../two/c.md#mistake-no-a-is-b){ .claim }",
    ]
