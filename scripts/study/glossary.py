"""The glossary, docs/glossary/index.md: its terms are marked where pages use them, and
their other names find the questions that treat them.

    ### Recall {#recall .local}

    The share of the positives that a model finds. [Page](../section/page.md#question)

    Also called: sensitivity, TPR.

    Related: words that search shall know too.

A .local term is marked in its own section's pages only, since elsewhere the word may
mean something else.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from study.questions import prose

SECTION = re.compile(r"## .*\{#(?P<id>[\w-]+)\}\s*$")
ENTRY = re.compile(r"### (?P<name>.*?)\s*\{#(?P<id>[\w-]+)(?P<local> \.local)?\}\s*$")
MORE = re.compile(r".*\[[^]]*\]\(\.\./(?P<page>[\w/-]+\.md)#(?P<question>[\w-]+)\)\s*$")
NAMES = re.compile(r"(?P<kind>Also called|Related): (?P<names>.*?)\.?\s*$")
# Whose text is prose; cards, figures, headings, tables and links are not entered.
ENTERED = {"div", "p", "ul", "ol", "li", "strong"}


@dataclass
class Term:
    """An entry: names are its own and what it is also called."""

    id: str
    section: str
    local: bool
    names: list[str]
    related: list[str]
    page: str = ""  # where it is treated, below docs/
    question: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Its names as prose has them: with a plural, at the start of a sentence."""
        return re.compile(
            rf"(?<![\w-])(?:{'|'.join(map(_spelled, self.names))})(?![\w-])"
        )


def _spelled(name: str) -> str:
    words = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", name))
    # An acronym's letters stand as they are.
    first_only = name[1:] == name[1:].lower() and len(name) > 2
    return (f"(?i:{words[0]}){words[1:]}" if first_only else words) + "(?:s|es)?"


def place(docs: Path) -> Path:
    """The glossary's file."""
    return docs / "glossary" / "index.md"


def terms(docs: Path) -> list[Term]:
    """All entries; none where there is no glossary."""
    path = place(docs)
    return _read(path, path.stat().st_mtime_ns) if path.exists() else []


@cache
def _read(path: Path, _changed: int) -> list[Term]:
    found: list[Term] = []
    section = ""
    for line in prose(path):
        if match := SECTION.match(line):
            section = match["id"]
        elif match := ENTRY.match(line):
            local = bool(match["local"])
            found.append(Term(match["id"], section, local, [match["name"]], []))
        elif found and (match := MORE.match(line)):
            found[-1].page, found[-1].question = match["page"], match["question"]
        elif found and (match := NAMES.match(line)):
            names = [name.strip() for name in match["names"].split(",")]
            mine = found[-1]
            (mine.names if match["kind"] == "Also called" else mine.related).extend(
                names
            )
    return found


def names(docs: Path, page: str) -> dict[str, list[str]]:
    """By question of this page, below docs/, what search shall find it by."""
    found: dict[str, list[str]] = {}
    for term in terms(docs):
        if term.page == page:
            found.setdefault(term.question, []).extend(term.names + term.related)
    return found


def mark(answer: Element, known: Collection[Term], link: str) -> None:
    """Make the first occurrence of each term in an answer a link to its entry."""
    left = {term.id: term for term in known}

    def pieces(text: str | None) -> list[str | Element]:
        if not text or isinstance(text, AtomicString):
            return [text or ""]
        hits = [(m, t) for t in left.values() if (m := t.pattern.search(text))]
        if not hits:
            return [text]
        # The first; of two that begin alike the longer.
        match, term = min(hits, key=lambda hit: (hit[0].start(), -hit[0].end()))
        del left[term.id]
        made = Element("a", {"class": "term", "href": f"{link}#{term.id}"})
        made.text = AtomicString(match[0])
        return [text[: match.start()], made, *pieces(text[match.end() :])]

    def enter(element: Element) -> None:
        if element.tag not in ENTERED or "admonition-title" in element.get("class", ""):
            return
        children = list(element)
        for child in children:
            element.remove(child)
        prose = element.tag != "div"
        _put(element, pieces(element.text) if prose else [element.text or ""])
        for child in children:
            tail, child.tail = child.tail, None
            element.append(child)
            enter(child)
            _put(element, pieces(tail) if prose else [tail or ""])

    enter(answer)


def _put(element: Element, pieces: list[str | Element]) -> None:
    """Add text and elements to what an element holds so far."""
    for piece in pieces:
        if isinstance(piece, Element):
            element.append(piece)
        elif len(element):
            element[-1].tail = piece
        else:
            element.text = piece
