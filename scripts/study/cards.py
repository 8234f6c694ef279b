"""Cards in pages: a question that is asked again, later, and its answer.

    /// recall | id             try, reveal, grade yourself
    /// numeric | id            type a number; options: answer, within, vary
    /// predict | id            what do the last lines of its ```pycon block print?
    /// choice | id             a list of - [x] right and - [ ] wrong answers

    The question.

    ---

    The answer.
    ///

An id stays with its card for good, whatever its words and wherever it moves:
readers' progress hangs on it.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any, ClassVar
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString
from pymdownx.blocks.block import Block, type_string

from study import quotes
from study.markup import SLOT, Number

KINDS = ("recall", "numeric", "predict", "choice")
START = re.compile(
    rf" {{0,3}}(?P<fence>/{{3,}})\s*(?P<kind>{'|'.join(KINDS)})\s*\|\s*(?P<id>.*?)\s*$"
)
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
WITHIN = re.compile(r"\d+(\.\d+)?%|\d*\.?\d+(e-?\d+)?")
CHOICE = re.compile(r"\[([ x])\]\s+")
WANTED = "a card is its question, a line of `---` between empty lines, and its answer"


def within(lines: list[str]) -> list[str | None]:
    """For each line the id of the card that it stands in; code hides no card's end."""
    inside: list[str | None] = []
    fence = name = None
    for _, line, code in quotes.prose(lines):
        match = None if code or fence else START.match(line)
        if match:
            fence, name = match["fence"], match["id"]
        inside.append(name)
        if fence and not match and not code and line.strip() == fence:
            fence = name = None
    return inside


def without_output(code: list[str]) -> tuple[list[str], str]:
    """A pycon block's lines without what its last statement prints, and that."""
    printed: list[str] = []
    kept = list(code)
    while kept and not kept[-1].strip():
        kept.pop()
    while kept and not kept[-1].startswith((">>>", "...")):
        printed.insert(0, kept.pop())
    return kept, "\n".join(printed)


class _Card(Block):
    """What the four kinds share."""

    ARGUMENT = True

    def on_markdown(self) -> str:
        """Its content is read as Markdown's blocks, whatever its tag."""
        return "block"

    def on_create(self, parent: Element) -> Element:
        """An element that reads as a question with a fold-out answer."""
        card = SubElement(parent, "study-card", {"id": f"card-{self.argument}"})
        card.set("kind", self.NAME)
        # A search is for the pages' own words; these repeat them.
        card.set("data-search-exclude", "")
        return card

    def on_end(self, block: Element) -> None:
        """Part question and answer at the first rule."""
        self.page = self.config["extension"].page
        self.line = self.page.cards[self.argument]
        parts = list(block)
        rules = [i for i, part in enumerate(parts) if part.tag == "hr"]
        at = rules[0] if rules else 0
        if not 0 < at < len(parts) - 1:
            raise self.page.error(self.line, f"{self.argument}: {WANTED}")
        for part in parts:
            block.remove(part)
        question = SubElement(block, "div", {"class": "question"})
        question.extend(parts[:at])
        fold = SubElement(block, "details")
        SubElement(fold, "summary").text = "Answer"
        answer = SubElement(fold, "div")
        answer.extend(parts[at + 1 :])
        inside, numbers = self.page.inside, self.page.numbers
        mine = [n for n in numbers if inside[n.line - 1] == self.argument]
        self.moving = [n for n in mine if n.varies]
        self.complete(block, question, answer)
        if self.moving and not block.get("vary"):
            source = self.moving[0].source
            raise self.error(
                f"pin {source}, or name knobs of a numeric card in `vary:`"
            )
        self.page.shown.add(f"card {self.argument}")

    def complete(self, card: Element, question: Element, answer: Element) -> None:
        """What a kind has beyond question and answer."""

    def error(self, message: str) -> Exception:
        """An error in the card's first line."""
        return self.page.error(self.line, f"{self.argument}: {message}")


class Recall(_Card):
    """Try first, then reveal, then grade."""

    NAME = "recall"


class Numeric(_Card):
    """A number to type, held against what a snippet computes."""

    NAME = "numeric"
    OPTIONS: ClassVar = {
        "answer": ("", str),
        "within": ("", str),
        "vary": ("", str),
    }

    def complete(self, card: Element, question: Element, answer: Element) -> None:
        """The number, how near is near enough, and the knobs that vary."""
        slot = SLOT.fullmatch(self.options["answer"].strip())
        if not slot:
            raise self.error("`answer:` has to be one {{ snippet.fact:.2f }}")
        number: Number = self.page.numbers[int(slot[2])]
        if not isinstance(number.value, int | float):
            raise self.error(f"{number.source} is a text, not a number")
        if not WITHIN.fullmatch(self.options["within"]):
            raise self.error("`within:` says how near is right: 5% or 0.01")
        card.set("value", repr(float(number.value)))
        card.set("within", self.options["within"])
        self._vary(card, number)
        first = Element("p", {"class": "value"})
        first.text = self.options["answer"].strip()
        answer.insert(0, first)

    def _vary(self, card: Element, number: Number) -> None:
        names = re.findall(r"\w+", self.options["vary"])
        if not names:
            return
        figure = self.page.drawn.figure(number.figure)
        for name in names:
            if name not in [knob.name for knob in figure.knobs]:
                raise self.error(f"{name} is no drawn knob of {figure.name}")
            if not any(n.key.startswith(f"{name}:") for n in self.moving):
                raise self.error(f"the question does not say {{{{ … .{name} }}}}")
        if not number.varies:
            raise self.error(f"{number.source} is pinned, and so cannot vary")
        for other in self.moving:
            if other.figure != figure.name:
                raise self.error(f"{other.source} is not of {figure.name}; pin it")
        card.set("vary", " ".join(names))


class Predict(_Card):
    """What does this code print?"""

    NAME = "predict"

    def complete(self, card: Element, question: Element, answer: Element) -> None:
        """What it prints stands first in the answer."""
        printed = self.page.printed.get(self.argument)
        if not printed:
            raise self.error("its question has no ```pycon block that prints something")
        card.set("prints", printed)
        html = f'<div class="highlight"><pre><code>{escape(printed)}</code></pre></div>'
        first = Element("div")
        first.text = AtomicString(self.md.htmlStash.store(html))
        answer.insert(0, first)


class Choice(_Card):
    """One answer of a few."""

    NAME = "choice"

    def complete(self, card: Element, question: Element, answer: Element) -> None:
        """Mark the right one."""
        items = [item for part in question.iter("ul") for item in part]
        texts = [item if item.text else next(iter(item), item) for item in items]
        marks = [CHOICE.match((holder.text or "").lstrip()) for holder in texts]
        if not all(marks) or [m[1] for m in marks if m].count("x") != 1:
            raise self.error("expected a list of `- [ ] …` with one `- [x] …`")
        for item, holder, mark in zip(items, texts, marks, strict=True):
            assert mark
            holder.text = (holder.text or "").lstrip()[mark.end() :]
            if mark[1] == "x":
                item.set("data-right", "")


class Still(Block):
    """`/// still | name` with the option alt: a figure's default drawing, in a card."""

    NAME = "still"
    ARGUMENT = True
    OPTIONS: ClassVar = {"alt": ("", type_string)}

    def on_create(self, parent: Element) -> Element:
        """A place for the drawing."""
        return SubElement(parent, "div")

    def on_end(self, block: Element) -> None:
        """Put the drawing in; what its parts are called must not be said twice."""
        page = self.config["extension"].page
        line = page.stills[self.argument]
        alt = " ".join(self.options["alt"].split())
        if not alt:
            raise page.error(line, f"still {self.argument} has no alt: text")
        alt = SLOT.sub(lambda m: page.numbers[int(m[2])].text, alt)
        drawing = page.drawn.figure(self.argument).drawing
        drawing = re.sub(r'((?:\bid="|url\(#|href="#))', r"\1still-", drawing)
        block.text = AtomicString(
            self.md.htmlStash.store(
                f'<div class="drawing" role="img" aria-label="{escape(alt)}"'
                f" data-search-exclude>{drawing}</div>"
            )
        )
        page.shown.add(f"still {self.argument}")


BLOCKS: Sequence[Any] = (Recall, Numeric, Predict, Choice, Still)
