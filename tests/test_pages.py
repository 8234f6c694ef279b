"""What every page keeps, over the folder: a new page is tested by being there."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_project import ROOT

from study import cards, quotes

PAGES = sorted((ROOT / "docs").rglob("*.md"))
QUESTION_PAGES = [path for path in PAGES if path.name != "index.md"]

each_page = pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
each_question_page = pytest.mark.parametrize(
    "path", QUESTION_PAGES, ids=lambda p: p.stem
)


def parts(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Front matter, and the lines outside of code."""
    _, front, text = path.read_text("utf-8").split("---\n", 2)
    lines = [line for _, line, code in quotes.prose(text.split("\n")) if not code]
    return yaml.safe_load(front), lines


@each_page
def test_it_describes_itself_in_a_sentence(path: Path):
    front, _ = parts(path)
    assert re.fullmatch(r"[A-Z].{30,150}[.?]", str(front["description"]))


@each_page
def test_it_has_its_place_in_the_order(path: Path):
    if path != ROOT / "docs" / "index.md":
        assert isinstance(parts(path)[0]["weight"], int)


@each_question_page
def test_it_shares_a_tag_with_another_page(path: Path):
    tags = [
        {*parts(page)[0].get("tags", ())} for page in QUESTION_PAGES if page != path
    ]
    assert {*parts(path)[0]["tags"]} & set().union(*tags)


@each_page
def test_it_has_one_title(path: Path):
    assert sum(line.startswith("# ") for line in parts(path)[1]) == 1


@each_question_page
def test_every_heading_has_an_id_of_its_own(path: Path):
    headings = [line for line in parts(path)[1] if line.startswith("## ")]
    found = [re.search(r" \{#([a-z][a-z0-9-]+)\}$", line) for line in headings]
    ids = [match[1] for match in found if match]
    assert len(ids) == len(set(ids)) == len(headings) >= 4


@each_question_page
def test_a_short_answer_follows_each_question(path: Path):
    text = "\n".join(parts(path)[1])
    for section in text.split("\n## ")[1:]:
        heading, _, rest = section.partition("\n")
        if "?" in heading:
            answer = rest.strip().split("\n\n")[0]
            assert re.match(r"[\w$*`“\"]", answer), heading
            # A number's point is no end of a sentence.
            assert 1 <= len(re.findall(r"[.!?](?=\s|$)", answer)) <= 3, heading


@each_question_page
def test_a_reader_can_check_something(path: Path):
    text = path.read_text("utf-8")
    assert "/// figure | " in text
    assert "```pycon\n>>> " in text
    assert "/// mistake | " in text


@each_question_page
def test_every_question_is_asked_again_by_a_card(path: Path):
    lines = path.read_text("utf-8").split("\n")
    of: dict[str, set[str]] = {}
    heading = ""
    for line, card in zip(lines, cards.within(lines), strict=True):
        if line.startswith("## "):
            heading = line
            of[heading] = set()
        elif card:
            of[heading].add(card)
    assert [name for name, found in of.items() if "?" in name and not found] == []
    assert sum(map(len, of.values())) >= 5
