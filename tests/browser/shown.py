"""What Python made for a figure's knob positions, and what the browser shows."""

import re
import time
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from study import knobs, numerals, packing
from study.drawn import Drawn
from study.extension import FIGURE
from study.knobs import Knob
from study.mathematics import Mathematics
from study.quotes import Quote, prose

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DRAWN = Drawn(ROOT)
MATH = Mathematics(ROOT / ".cache" / "math")
Stops = tuple[int, ...]


def address(path: Path) -> str:
    """The address of a page's file below the site's, as MkDocs chooses it."""
    name = path.relative_to(DOCS).with_suffix("").as_posix()
    return "" if name == "index" else f"{name.removesuffix('/index')}/"


PAGES = {address(path): path for path in sorted(DOCS.rglob("*.md"))}
LABS = {address(path): path for path in sorted(DOCS.glob("labs/[0-9]*.py"))}


def declared() -> list[tuple[str, str]]:
    """Every figure of the site with the address of its page, before any is drawn."""
    return [
        (page, match[1] if "." in match[1] else f"{match[1]}.figure")
        for page, path in PAGES.items()
        for _, line, code in prose(path.read_text("utf-8").split("\n"))
        if not code and (match := FIGURE.match(line))
    ]


def with_figures() -> list[tuple[str, list[str]]]:
    """Every page that has figures, with their names."""
    found: dict[str, list[str]] = {}
    for page, name in declared():
        found.setdefault(page, []).append(name)
    return [*found.items()]


def default(name: str) -> Stops:
    return tuple(knob.default for knob in DRAWN.figure(name).knobs)


def corners(name: str) -> list[Stops]:
    """The default, then every way to put each knob first or last."""
    ends = [sorted({0, len(k.values) - 1}) for k in DRAWN.figure(name).knobs]
    return list(dict.fromkeys([default(name), *product(*ends)]))


def fact(name: str, key: str, stops: Stops) -> str:
    """A quoted number at these stops, as the page must print it."""
    figure = DRAWN.figure(name)
    wanted, _, spec = key.partition(":")
    places = dict(zip((k.name for k in figure.knobs), stops, strict=True))
    if wanted in places:
        knob = next(k for k in figure.knobs if k.name == wanted)
        value = knob.values[places[wanted]]
    else:
        row = _kept(name)["facts"][_index(name, stops)]
        value = row[list(figure.facts).index(wanted)]
    return numerals.plain(Quote("", wanted, spec, None).text(value))


def drawing(name: str, stops: Stops) -> str:
    """The drawing at these stops, from the store."""
    kept = _kept(name)
    packed = packing.Packed(lines=kept["lines"], drawings=kept["drawings"])
    return packing.unpack(packed, _index(name, stops))


def stop(knob: Knob, place: int) -> str:
    """What a knob says of itself at a stop."""
    return numerals.plain(knobs.show(knob.values[place]))


@cache
def _kept(name: str) -> dict[str, Any]:
    kept = DRAWN.figure(name).store.combinations(name.partition(".")[2])
    assert kept
    return kept


def _index(name: str, stops: Stops) -> int:
    return list(knobs.positions(DRAWN.figure(name).knobs)).index(stops)


def until(page: Page, true: str, given: object = None) -> None:
    """Wait for what is not seen by itself. The pages' policy lets no string be code,
    as Playwright's own way has it when it asks a second time."""
    end = time.monotonic() + 60
    while not page.evaluate(true, given):
        assert time.monotonic() < end, f"in vain: {true}"
        page.wait_for_timeout(20)


# But for the permalinks that show on hover.
UNCUT = ".md-main {overflow: visible !important} .headerlink {display: none !important}"


def widths(page: Page) -> list[int]:
    """How wide a page is, and then with nothing of it cut off."""
    found = [page.evaluate("document.documentElement.scrollWidth")]
    page.add_style_tag(content=UNCUT)
    return [*found, page.evaluate("document.documentElement.scrollWidth")]


# Markup as this browser writes it back, so that only content is compared.
MARKUP = """(drawing, svg) => {
  const fresh = document.createElement('div');
  fresh.innerHTML = svg;
  return [drawing?.innerHTML.trim(), fresh.innerHTML.trim()];
}"""
DRAWS = f"""(drawing, svg) => {{
  const [shown, wanted] = ({MARKUP})(drawing, svg);
  return shown === wanted;
}}"""
QUOTES = """name => [...document.querySelectorAll(`.quote[data-figure="${name}"]`)].map(
  quote => ({
    key: quote.dataset.quote, math: quote.dataset.math, text: quote.textContent,
    html: quote.innerHTML, moved: quote.classList.contains('moved'),
    space: quote.firstElementChild?.namespaceURI.split('/').at(-1),
  }))"""
WRITTEN = """([form, markup]) => {
  const fresh = document.createElement('div');
  fresh.innerHTML = form === 'html' ? `<b>${markup}</b>`
    : `<math><mrow>${markup}</mrow></math>`;
  return fresh.querySelector('b, mrow').innerHTML;
}"""


@dataclass
class Shown:
    """A figure on an open page."""

    page: Page
    name: str

    @property
    def element(self) -> Locator:
        return self.page.locator(f'study-figure[name="{self.name}"]')

    @property
    def drawing(self) -> Locator:
        return self.element.locator(".drawing[role=img]")

    @property
    def controls(self) -> Locator:
        return self.element.locator(".knobs")

    @property
    def reset(self) -> Locator:
        return self.controls.get_by_role("button", name="Reset the knobs")

    @property
    def status(self) -> Locator:
        return self.element.locator("> [role=status]")

    @property
    def knobs(self) -> list[Knob]:
        return DRAWN.figure(self.name).knobs

    def slider(self, knob: Knob) -> Locator:
        return self.controls.get_by_role("slider", name=knob.label, exact=True)

    def choice(self, knob: Knob, place: int) -> Locator:
        group = self.controls.get_by_role("group", name=knob.label, exact=True)
        return group.get_by_role("radio", name=stop(knob, place), exact=True)

    def switch(self, knob: Knob) -> Locator:
        return self.controls.get_by_role("checkbox", name=knob.label, exact=True)

    def turn(self, stops: Stops) -> None:
        """Bring the knobs to these stops with the keys that a reader has."""
        for knob, place in zip(self.knobs, stops, strict=True):
            last = len(knob.values) - 1
            if isinstance(knob.values[0], str):
                for at in range(last + 1):
                    if self.choice(knob, at).is_checked():
                        break
                for _ in range(abs(place - at)):
                    self.choice(knob, at).press(
                        "ArrowRight" if place > at else "ArrowLeft"
                    )
                    at += 1 if place > at else -1
                continue
            if knob.values == (False, True):
                if self.switch(knob).is_checked() != bool(place):
                    self.switch(knob).press("Space")
                continue
            slider, down = self.slider(knob), place <= last / 2
            slider.press("Home" if down else "End")
            for _ in range(place if down else last - place):
                slider.press("ArrowRight" if down else "ArrowLeft")

    def expect(self, stops: Stops) -> None:
        """All that follows the knobs is what Python made for these stops."""
        drawn = f"({DRAWS})(document.querySelector(name), svg)"
        shown = [f'[name="{self.name}"] .drawing', drawing(self.name, stops)]
        until(self.page, f"([name, svg]) => {drawn}", shown)
        self._expect_words(stops)
        self._expect_quotes(stops)
        for knob, place in zip(self.knobs, stops, strict=True):
            if isinstance(knob.values[0], str):
                expect(self.choice(knob, place)).to_be_checked()
            elif knob.values == (False, True):
                expect(self.switch(knob)).to_be_checked(checked=bool(place))
            else:
                slider, said = self.slider(knob), stop(knob, place)
                expect(slider).to_have_attribute("aria-valuetext", said)
                expect(slider.locator("xpath=../span[@class='value']")).to_have_text(
                    said
                )

    def _expect_words(self, stops: Stops) -> None:
        template = self.drawing.get_attribute("data-alt")
        if template is None:
            return
        alt = re.sub(r"{{(.*?)}}", lambda m: fact(self.name, m[1], stops), template)
        expect(self.drawing).to_have_accessible_name(alt)

    def _expect_quotes(self, stops: Stops) -> None:
        published = default(self.name)
        for quote in self.page.evaluate(QUOTES, self.name):
            text = fact(self.name, quote["key"], stops)
            if form := quote["math"]:
                html, mathml = MATH.numbers([text])[text]
                markup = html if form == "html" else mathml
                assert quote["html"] == self.page.evaluate(WRITTEN, [form, markup])
                assert quote["space"] == {"html": "xhtml", "mathml": "MathML"}[form]
            else:
                assert quote["text"] == text
            follows = text != fact(self.name, quote["key"], published)
            assert quote["moved"] == follows, quote
