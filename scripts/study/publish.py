"""Puts the drawings that a built site refers to, and its cards, beside its pages."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

from study import deck, knobs, numerals
from study.drawn import Drawn, Figure
from study.files import write_whole
from study.mathematics import Mathematics
from study.paths import ROOT
from study.quotes import Quote

DRAWINGS = re.compile(r'<study-figure name="([^"]*)" drawings="([^"]*)"')
FOLLOWS = re.compile(
    r'class="quote" data-figure="([^"]*)" data-quote="([^"]*)"( data-math)?'
)
ALT = re.compile(r'data-alt="([^"]*)"')


def publish(site: Path, project: Path = ROOT) -> list[str]:
    """Write each figure's drawings, with its numbers in the formats that pages use;
    returns the figures whose drawings are not all there yet."""
    files: dict[str, str] = {}
    texts: dict[str, set[str]] = {}
    typeset: dict[str, set[str]] = {}
    for page in sorted(site.rglob("*.html")):
        html = page.read_text(encoding="utf-8")
        found = dict(DRAWINGS.findall(html))
        files |= found
        for figure, key, math in FOLLOWS.findall(html):
            texts.setdefault(figure, set()).add(unescape(key))
            if math:
                typeset.setdefault(figure, set()).add(unescape(key))
        for figure, part in zip(found, html.split("<study-figure ")[1:], strict=True):
            for alt in ALT.findall(part.split("</study-figure>")[0]):
                keys = re.findall(r"\{\{(.*?)\}\}", unescape(alt))
                texts.setdefault(figure, set()).update(keys)
    drawn = Drawn(project)
    math_cache = Mathematics(project / ".cache" / "math")
    missing = []
    for name, file in sorted(files.items()):
        figure = drawn.figure(name)
        drawings = _drawings(figure, sorted(texts.get(name, ())))
        if drawings is None or figure.file != file:
            missing.append(name)
            continue
        drawings["math"] = {
            key: math_cache.numbers(dict.fromkeys(drawings["texts"][key]))
            for key in sorted(typeset.get(name, ()))
        }
        text = json.dumps(drawings, ensure_ascii=False, separators=(",", ":"))
        write_whole(site / "assets" / "figures" / file, text.encode())
    deck.write(site, drawn)
    return missing


def _drawings(figure: Figure, keys: list[str]) -> dict[str, Any] | None:
    kept = figure.store.combinations(figure.name.partition(".")[2])
    if kept is None:
        return None
    facts = list(figure.facts)
    texts = {}
    for key in keys:
        fact, _, spec = key.partition(":")
        quote = Quote("", fact, spec, None)
        if fact in facts:
            column = facts.index(fact)
            values = [row[column] for row in kept["facts"]]
        else:
            place = [knob.name for knob in figure.knobs].index(fact)
            values = [
                figure.knobs[place].values[stops[place]]
                for stops in knobs.positions(figure.knobs)
            ]
        texts[key] = [numerals.plain(quote.text(value)) for value in values]
    return {
        "counts": [len(knob.values) for knob in figure.knobs],
        "lines": kept["lines"],
        "drawings": kept["drawings"],
        "texts": texts,
    }
