"""The HTML of figures, knobs and numbers, as docs/assets/study-figure.js reads it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from study import knobs, mathematics
from study.drawn import Figure
from study.knobs import Knob

SLOT = re.compile("\ue000(?:(html|mathml|text) )?(\\d+)\ue001")


@dataclass(frozen=True)
class Number:
    """A quoted number on a page."""

    source: str  # as the page writes it
    text: str  # as the page shows it first
    line: int
    follows: str | None  # the figure whose knobs move it
    key: str  # fact:spec, as the drawings' file names its texts

    @property
    def attributes(self) -> str:
        """What ties an element to the figure that moves it."""
        return (
            f' class="quote" data-figure="{self.follows}"'
            f' data-quote="{escape(self.key)}"'
        )


def number(item: Number) -> str:
    """A number in prose."""
    if item.follows is None:
        return escape(item.text)
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
        if item.follows is None:
            return f"<{tag}>{inner}</{tag}>"
        return f'<{tag}{item.attributes} data-math="{form}">{inner}</{tag}>'

    return SLOT.sub(fill, template)


def figure(item: Figure, alt: str, numbers: Sequence[Number]) -> str:
    """A drawing with its knobs; alt may hold numbers' slots."""
    shown = SLOT.sub(lambda m: numbers[int(m[2])].text, alt)
    template = SLOT.sub(lambda m: _template(numbers[int(m[2])], item), alt)
    moving = f' data-alt="{escape(template)}"' if template != shown else ""
    stops = "".join(_knob(knob, item.name) for knob in item.knobs)
    return (
        f'<study-figure name="{item.name}" drawings="{item.file}">'
        f'<div class="drawing" role="img" aria-label="{escape(shown)}"{moving}'
        f" data-search-exclude>{item.drawing}</div>"
        f'<div class="knobs" data-search-exclude>{stops}</div></study-figure>'
    )


def _template(item: Number, figure: Figure) -> str:
    return f"{{{{{item.key}}}}}" if item.follows == figure.name else item.text


def _knob(knob: Knob, figure: str) -> str:
    shown = [mathematics.plain(knobs.show(value)) for value in knob.values]
    label, start = escape(knob.label), knob.default
    if knob.values == (False, True):
        on = " checked" if start else ""
        return (
            f'<label class="knob"><input type="checkbox"{on}>'
            f"<span>{label}</span></label>"
        )
    if isinstance(knob.values[0], str):
        choices = "".join(
            f'<label><input type="radio" name="{figure}.{knob.name}" value="{i}"'
            f"{' checked' if i == start else ''}>{escape(text)}</label>"
            for i, text in enumerate(shown)
        )
        return f'<fieldset class="knob"><legend>{label}</legend>{choices}</fieldset>'
    values = escape(json.dumps(shown, ensure_ascii=False, separators=(",", ":")))
    return (
        f'<label class="knob"><span>{label}</span>'
        f'<input type="range" min="0" max="{len(shown) - 1}" value="{start}"'
        f' data-values="{values}" aria-valuetext="{escape(shown[start])}">'
        f"<output>{escape(shown[start])}</output></label>"
    )
