"""The HTML of figures and numbers, as docs/assets/study-figure.js reads it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from study import controls
from study.drawn import Figure

SLOT = re.compile("\ue000(?:(html|mathml|text) )?(\\d+)\ue001")


@dataclass(frozen=True)
class Number:
    """A quoted number on a page."""

    source: str  # as the page writes it
    text: str  # as the page shows it first
    line: int
    follows: str | None  # the figure whose knobs move it
    key: str  # fact:spec, as the drawings' file names its texts
    figure: str  # that reports it
    at: str = ""  # the knob values to which it is pinned, as JSON
    varies: bool = False  # with each asking of its card
    value: int | float | str = ""

    @property
    def attributes(self) -> str:
        """What ties an element to the figure that moves it, or that reports it."""
        tied = f' data-figure="{self.figure}" data-quote="{escape(self.key)}"'
        if self.varies:
            return f' class="varied"{tied}'
        if self.follows is None:
            return f' class="pinned"{tied} data-at="{escape(self.at)}"'
        return f' class="quote"{tied}'


def number(item: Number) -> str:
    """A number in prose."""
    return f"<span{item.attributes}>{escape(item.text)}</span>"


def formula(
    template: str,
    numbers: Sequence[Number],
    fragments: Mapping[str, tuple[str, str]],
) -> str:
    """A formula with its numbers in their three places."""

    def fill(match: re.Match[str]) -> str:
        form, item = match[1], numbers[int(match[2])]
        if form == "text":
            return escape(item.text)
        html, mathml = fragments[item.text]
        tag, inner = ("span", html) if form == "html" else ("mrow", mathml)
        return f'<{tag}{item.attributes} data-math="{form}">{inner}</{tag}>'

    return SLOT.sub(fill, template)


def figure(item: Figure, alt: str, numbers: Sequence[Number]) -> str:
    """A drawing with its knobs; alt may hold numbers' slots."""
    shown = SLOT.sub(lambda m: numbers[int(m[2])].text, alt)
    template = SLOT.sub(lambda m: _template(numbers[int(m[2])], item), alt)
    moving = f' data-alt="{escape(template)}"' if template != shown else ""
    uses = " ".join(item.uses)
    more = f' more="{uses}"' if len(item.all_knobs) > len(item.knobs) else ""
    stops = "".join(controls.knob(knob, item.name) for knob in item.knobs)
    # Keeps the place of a drawing that the browser has not looked at yet.
    box = re.search(r'viewBox="0 0 (\S+) (\S+)"', item.drawing)
    shape = f' style="--shape: {box[1]} / {box[2]}"' if box else ""
    return (
        f'<study-figure name="{item.name}" drawings="{item.file}"{more}>'
        f'<div class="drawing" role="img" aria-label="{escape(shown)}"{moving}'
        f"{shape} data-search-exclude>{item.drawing}</div>"
        f'<div class="knobs" data-search-exclude>{stops}</div></study-figure>'
    )


def _template(item: Number, figure: Figure) -> str:
    return f"{{{{{item.key}}}}}" if item.follows == figure.name else item.text


def live_code(html: str, snippet: str, lines: tuple[int, int], uses: list[str]) -> str:
    """A code block of a snippet, with what it takes to run it."""
    return (
        f'<live-code snippet="{snippet}" lines="{lines[0]}-{lines[1]}"'
        f' uses="{" ".join(uses)}">{html}</live-code>'
    )


def live_examples(html: str, uses: list[str]) -> str:
    """A block of examples, with what it takes to check them."""
    return f'<live-code examples uses="{" ".join(uses)}">{html}</live-code>'
