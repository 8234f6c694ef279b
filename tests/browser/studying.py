"""The site's cards, and what a reader's browser has kept of the studying."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

Card = dict[str, Any]
START = "globalThis.studyDeck = "
LOG = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('study-notes');
  opening.onupgradeneeded = () => opening.transaction.abort();  // there is none yet
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const database = opening.result;
    const asking = database.transaction('events').objectStore('events').getAll();
    asking.onsuccess = () => {
      database.close();
      resolve(asking.result.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)));
    };
  };
})"""
PUT = """record => new Promise((resolve, reject) => {
  const opening = indexedDB.open('study-notes');
  opening.onsuccess = () => {
    const writing = opening.result.transaction('events', 'readwrite');
    writing.objectStore('events').put(record);
    writing.oncomplete = () => { opening.result.close(); resolve(); };
    writing.onerror = () => reject(writing.error);
  };
})"""


@cache
def _deck(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text.removeprefix(START).rstrip(";\n"))
    return found


def deck(page: Page) -> dict[str, Any]:
    """The deck that the site publishes."""
    return _deck(page.request.get("assets/cards.js").text())


def first(page: Page, wanted: Callable[[Card], bool]) -> Card:
    """The first card of the deck that is so."""
    return next(card for card in deck(page)["cards"] if wanted(card))


def of_kind(page: Page, kind: str) -> Card:
    """The first card of this kind that does not vary."""
    return first(
        page, lambda card: f'kind="{kind}"' in card["html"] and "instances" not in card
    )


def opened(page: Page, card: Card) -> Locator:
    """The card on its page."""
    page.goto(card["page"])
    found = page.locator(f"#card-{card['id']}")
    expect(found.locator(".grades")).to_have_count(1)  # it is set up
    return found


def log(page: Page) -> list[dict[str, Any]]:
    """What is on disk."""
    found: list[dict[str, Any]] = page.evaluate(LOG)
    return found


def grades(page: Page) -> list[tuple[str, int]]:
    """The grades on disk, in the order in which they were given."""
    return [(each["card"], each["grade"]) for each in log(page) if "grade" in each]


def grade(card: Locator, name: str) -> None:
    """Reveal the answer and grade it."""
    if not card.locator("details").evaluate("it => it.open"):
        card.locator("summary").click()
    card.get_by_role("button", name=name).click()
    expect(card.locator(".verdict")).to_contain_text("Noted")


def two_tabs(context: BrowserContext, card: Card) -> tuple[Page, Page]:
    """The card's page in two tabs of one browser."""
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        opened(page, card)
    return one, other
