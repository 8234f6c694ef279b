"""The HTML of knobs, as docs/assets/study-figure.js reads it."""

import json
from html import escape

from study import knobs
from study.knobs import Knob
from study.numerals import plain


def knob(knob: Knob, figure: str) -> str:
    """A knob of a figure, at its default."""
    shown = [plain(knobs.show(value)) for value in knob.values]
    label, start = escape(knob.label), knob.default
    name = f'name="{figure}.{knob.name}"'
    if knob.values == (False, True):
        on = " checked" if start else ""
        return (
            f'<label class="knob"><input type="checkbox" {name}{on}>'
            f"<span>{label}</span></label>"
        )
    if isinstance(knob.values[0], str):
        choices = "".join(
            f'<label><input type="radio" {name} value="{i}"'
            f"{' checked' if i == start else ''}>{escape(text)}</label>"
            for i, text in enumerate(shown)
        )
        return f'<fieldset class="knob"><legend>{label}</legend>{choices}</fieldset>'
    values = escape(json.dumps(shown, ensure_ascii=False, separators=(",", ":")))
    return (
        f'<label class="knob"><span>{label}</span>'
        f'<input type="range" {name} min="0" max="{len(shown) - 1}" value="{start}"'
        f' data-values="{values}" aria-valuetext="{escape(shown[start])}">'
        f'<span class="value">{escape(shown[start])}</span></label>'
    )
