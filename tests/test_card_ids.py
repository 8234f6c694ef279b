"""Readers' progress hangs on the ids of cards: none may change or vanish unnoticed.

cards.txt lists every id that was ever published, `retired` behind those of cards that
are gone for good.
"""

import re
from collections import Counter
from pathlib import Path

from small_project import ROOT

from study import cards, quotes

PINNED = Path(__file__).parent / "cards.txt"


def on_pages() -> list[str]:
    """The ids of all cards, in reading order."""
    return [
        match["id"]
        for page in sorted((ROOT / "docs").rglob("*.md"))
        for _, line, code in quotes.prose(page.read_text("utf-8").split("\n"))
        if not code and (match := cards.START.match(line))
    ]


def pinned() -> dict[str, bool]:
    """Every id that was published, and whether it is retired."""
    found = {}
    for line in PINNED.read_text("utf-8").splitlines():
        match = re.fullmatch(r"(\S+)( retired)?", line)
        assert match, f"{PINNED.name}: {line!r} is not `id` or `id retired`"
        assert match[1] not in found, f"{PINNED.name}: {match[1]} stands there twice"
        found[match[1]] = bool(match[2])
    return found


def test_an_id_is_one_cards_only():
    assert [name for name, count in Counter(on_pages()).items() if count > 1] == []


def test_no_card_vanishes_unless_it_is_named_as_retired():
    there = set(on_pages())
    gone = [name for name, retired in pinned().items() if not retired | (name in there)]
    assert gone == [], "give these cards back their ids, or write `retired` behind them"


def test_a_retired_id_never_comes_back():
    assert [name for name in on_pages() if pinned().get(name)] == []


def test_every_card_is_pinned():
    missing = [name for name in on_pages() if name not in pinned()]
    assert missing == [], f"add them to {PINNED.relative_to(ROOT)}"


def test_the_list_is_in_order():
    assert list(pinned()) == sorted(pinned())
