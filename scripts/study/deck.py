"""Gathers the cards of a built site's pages, for whoever asks them again.

The deck is a script and not JSON: pages opened as files may load no other.
"""

import json
import math
import re
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from study import knobs, numerals
from study.drawn import Drawn
from study.files import write_whole
from study.quotes import Quote

HEADING = re.compile(r'<h([12]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)
CARD = re.compile(
    r'<study-card [^>]*\bid="card-([^"]*)"[^>]*>.*?</study-card>', re.DOTALL
)
PART = re.compile(f"{HEADING.pattern}|{CARD.pattern}", re.DOTALL)
TAG = re.compile(r'<a [^>]*class="md-tag">(.*?)</a>')
PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
HREF = re.compile(r'(?<=\shref=")[^"]*(?=")')
VARIED = re.compile(r'class="varied" data-figure="([^"]*)" data-quote="([^"]*)"')
VARY = re.compile(r'<study-card [^>]*\bvary="([^"]*)"')
# So many askings of one card differ; more would weigh without teaching.
INSTANCES = 24
WHERE = ("id", "page", "question")
HERE = "https://site.invalid/"
START = "globalThis.studyDeck = "
PLACES = "globalThis.studyPlaces = "


def write(site: Path, drawn: Drawn) -> None:
    """Write assets/cards.js, and assets/places.js: where each card stands, which is
    all that the index of questions needs, and a twentieth of it."""
    found = gather(site, drawn)
    places = [{key: card[key] for key in WHERE} for card in found["cards"]]
    for name, start, data in ("cards", START, found), ("places", PLACES, places):
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        write_whole(site / "assets" / f"{name}.js", f"{start}{text};\n".encode())


def read(site: Path) -> dict[str, Any]:
    """The deck of a built site."""
    text = (site / "assets" / "cards.js").read_text(encoding="utf-8")
    deck: dict[str, Any] = json.loads(text.removeprefix(START).rstrip(";\n"))
    return deck


def gather(site: Path, drawn: Drawn) -> dict[str, Any]:
    """By address: titles of sections and pages; tags, questions, cards in order."""
    sections: dict[str, str] = {}
    pages: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    for path in sorted(site.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        if "<study-card " not in html:
            continue
        address = path.relative_to(site).as_posix().removesuffix("index.html")
        title, questions, question = "", {}, ""
        for part in PART.finditer(html):
            level, name, text, card = part.groups()
            if card:
                found.append(_card(card, part[0], address, question, drawn))
            elif level == "1":
                title = PERMALINK.sub("", text)
            else:
                question = name
                questions[name] = PERMALINK.sub("", text)
        section = address.partition("/")[0]
        sections[section] = _section(site, section)
        pages[address] = {
            "title": title,
            "section": section,
            "tags": [unescape(tag) for tag in TAG.findall(html)],
            "questions": questions,
        }
    return {"sections": sections, "pages": pages, "cards": found}


def _section(site: Path, name: str) -> str:
    index = next((p for p in (site / name).glob("index.html")), None)
    match = HEADING.search(index.read_text(encoding="utf-8")) if index else None
    return PERMALINK.sub("", match[3]) if match else name


def _card(
    name: str, html: str, address: str, question: str, drawn: Drawn
) -> dict[str, Any]:
    """A card with links that hold from the site's root, `{root}`, wherever it is
    shown, and what it asks at each asking."""
    card: dict[str, Any] = {"id": name, "page": address, "question": question}
    if vary := VARY.match(html):
        card["instances"] = _instances(html, vary[1].split(), drawn)

    def whole(match: re.Match[str]) -> str:
        link = urljoin(HERE + address, match[0])
        return re.sub(f"^{re.escape(HERE)}", "{root}", link)

    card["html"] = HREF.sub(whole, html)
    return card


def _instances(html: str, vary: list[str], drawn: Drawn) -> list[dict[str, Any]]:
    """The texts and the number of each asking; empty until all is drawn."""
    # The number itself stands in the answer first of all.
    asked = [(m[1], unescape(m[2])) for m in VARIED.finditer(html)]
    answer = VARIED.search(html, html.index('<p class="value">'))
    assert answer
    figure = drawn.figure(answer[1])
    kept = figure.store.combinations(figure.name.partition(".")[2])
    if kept is None:
        return []
    names, facts = [knob.name for knob in figure.knobs], list(figure.facts)
    default = [knob.default for knob in figure.knobs]
    found = []
    for row, stops in zip(kept["facts"], knobs.positions(figure.knobs), strict=True):
        fixed = [i for i, name in enumerate(names) if name not in vary]
        if any(stops[i] != default[i] for i in fixed):
            continue
        places = [knob.values[at] for knob, at in zip(figure.knobs, stops, strict=True)]
        values = {
            **dict(zip(names, places, strict=True)),
            **dict(zip(facts, row, strict=True)),
        }
        value = values[unescape(answer[2]).partition(":")[0]]
        if isinstance(value, str) or not math.isfinite(value):
            continue
        texts = {key: _text(key, values) for _, key in asked}
        found.append({"value": float(value), "texts": texts})
    # Any regular choice could fall in step with a knob and leave values out.
    chosen = sorted(range(len(found)), key=lambda i: sha256(str(i).encode()).digest())
    return [found[i] for i in sorted(chosen[:INSTANCES])]


def _text(key: str, values: dict[str, Any]) -> str:
    fact, _, spec = key.partition(":")
    return numerals.plain(Quote("", fact, spec, None).text(values[fact]))
