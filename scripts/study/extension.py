"""What pages may say beyond Markdown: figures, quoted numbers, checked code names.

    /// figure | snippet            a figure with its knobs; options: alt
    {{ snippet.fact:.2f }}          a number that follows its figure's knobs
    {{ snippet.fact(knob=2):.2f }}  a number at stated knob values
    --8<-- "snippet.py:section"     pymdownx.snippets' code; names checked here
    /// recall | id                 a card, of the kinds in study.cards
    [[questions]]                   an index of all questions; also [[sections]] and
                                    [[mistakes]], by study.questions, study.mistakes
    $…$, $$…$$                      pymdownx.arithmatex's formulas, set by KaTeX

A Python-Markdown extension and not a MkDocs hook, so that every tool that builds
from Markdown understands the pages.
"""

import json
import re
from collections.abc import Callable
from functools import cached_property
from html import escape, unescape
from pathlib import Path
from typing import Any, ClassVar
from xml.etree.ElementTree import Element, SubElement

from click import ClickException
from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString, Processor
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block, type_string

from study import (
    cards,
    glossary,
    markup,
    mathematics,
    mistakes,
    numerals,
    questions,
    quotes,
    related,
    takeaway,
)
from study.drawn import Drawn
from study.errors import located, nearest
from study.markup import Number
from study.mathematics import Mathematics, MathError
from study.paths import ROOT

INCLUDE = re.compile(r'\s*-+8<-+\s+"([^":]+\.py)(?::([^"]*))?"')
FIGURE = re.compile(r" {0,3}/{3,}\s*figure\s*\|\s*(.*?)\s*$")
STILL = re.compile(r" {0,3}/{3,}\s*still\s*\|\s*(.*?)\s*$")
HEADING = re.compile(r" {0,3}#{1,6}\s")
# What stands alone on a line, and what takes its place.
LISTS = {
    "[[mistakes]]": mistakes.index,
    "[[questions]]": questions.index,
    "[[sections]]": questions.sections,
}
LIST = re.compile(r"\[\[\w+\]\]\s*")
# A number on its way through Markdown: a private character, its slot, another.
SLOT = re.compile("\ue000(\\d+)\ue001")
FENCE = re.compile(r"( {0,3}(?:`{3,}|~{3,})) *(python|pycon) *$")
BLOCK = re.compile(
    r'<div class="highlight" data-(?P<kind>snippet|examples)="(?P<value>[^"]*)">'
    r"(?P<code>.*?</pre></div>)",
    re.DOTALL,
)
IMPORT = re.compile(r"^>>> (?:from|import) (\w+)", re.MULTILINE)
HTML_TAG = re.compile("<[^>]*\ue000[^>]*>")


class PageError(ClickException):
    """A mistake in a page; MkDocs prints it, without a traceback, and exits with 1."""


class Page:
    """What one page asks for, while it is converted."""

    def __init__(self, lines: list[str], drawn: Drawn, docs: Path) -> None:
        self.lines = lines
        self.drawn = drawn
        self.numbers: list[Number] = []
        self.figures: dict[str, int] = {}  # name → line where it is declared
        self.cards: dict[str, int] = {}  # id → line
        self.stills: dict[str, int] = {}  # name → line of the last
        self.mistakes: set[str] = set()  # ids
        self.printed: dict[str, str] = {}  # id → what its code prints
        self.inside = cards.within(lines)
        self.shown: set[str] = set()  # names that became HTML
        self.docs = docs

    def error(self, line: int, message: str) -> "PageError":
        """An error in this line, with the place in the page's own file."""
        path, before = self._place
        return PageError(located(path, line + before, message))

    @property
    def path(self) -> Path:
        """The page's own file; that of the home page if it has none."""
        path, _ = self._place
        return path if path.is_file() else self.docs / "index.md"

    def line_of(self, text: str) -> int:
        """The first line that holds the first line of this text."""
        first = text.strip().split("\n")[0]
        return next((n for n, line in enumerate(self.lines, 1) if first in line), 1)

    @cached_property
    def _place(self) -> tuple[Path, int]:
        """The page's file, and how many lines of front matter precede the text.

        Python-Markdown is handed text alone, so the file is found by its text.
        """
        text = "\n".join(self.lines).strip()
        for path in sorted(self.docs.rglob("*.md")):
            whole = path.read_text(encoding="utf-8")
            if whole.strip().endswith(text):
                return path, whole[: whole.rindex(text)].count("\n") - (
                    "\n".join(self.lines)[: "\n".join(self.lines).index(text)]
                ).count("\n")
        return self.docs, 0


class StudyExtension(BlocksExtension):
    """Registers the parts below; `project` is the folder with docs and snippets."""

    def __init__(self, **options: Any) -> None:
        self.config = {"project": [str(ROOT), "folder of docs/ and snippets/"]}
        super().__init__(**options)
        self.page: Page | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Put each part where the stage that it needs has just passed."""
        super().extendMarkdown(md)
        md.preprocessors.register(_Names(md, self), "study-names", 40)
        md.treeprocessors.register(_Related(md, self), "study-related", 25)
        md.treeprocessors.register(_Formulas(md, self), "study-formulas", 10)
        md.treeprocessors.register(_Answers(md), "study-answers", 4)
        md.treeprocessors.register(_Outward(md), "study-outward", 4)
        md.treeprocessors.register(_Terms(md, self), "study-terms", 3)
        md.postprocessors.register(_Live(md, self), "study-live", 1)
        md.postprocessors.register(_Numbers(md, self), "study-numbers", 0)

    def extendMarkdownBlocks(  # noqa: N802 - the Blocks API's name
        self, md: Markdown, block_mgr: BlocksProcessor
    ) -> None:
        """Add the figure block, and cards."""
        for block in (FigureBlock, *cards.BLOCKS):
            block_mgr.register(block, {"extension": self})

    def open(self, lines: list[str]) -> Page:
        """Start a page."""
        project = Path(self.getConfig("project"))
        self.page = Page(lines, Drawn(project), project / "docs")
        return self.page


class _Stage(Processor):
    """A stage of the conversion, with what the others have found in the page."""

    def __init__(self, md: Markdown, study: StudyExtension) -> None:
        super().__init__(md)
        self.study = study

    @property
    def page(self) -> Page:
        """The page that is converted."""
        assert self.study.page is not None
        return self.study.page


class _Names(_Stage, Preprocessor):
    """Looks up every name before anything else reads the page, so that a wrong one
    is told with its line; numbers become slots that Markdown leaves alone."""

    def run(self, lines: list[str]) -> list[str]:
        page = self.study.open(lines)
        found: list[str] = []
        fence: int | None = None
        for number, line, code in quotes.prose(lines):
            card = page.inside[number - 1]
            if not code:
                if LIST.fullmatch(line):
                    found += self._list(page, number, line.strip())
                else:
                    found.append(self._in_prose(page, number, line))
                    found += self._place(page, number, line)
                continue
            if match := FENCE.match(line):
                fence = len(found)
                if match[2] == "pycon" and not card:
                    line = f'{match[1]}{{.pycon data-examples="all"}}'
            elif card and line.strip(" `~") == "" and fence is not None:
                self._hide_output(page, card, found, fence)
            elif (name := self._included(page, number, line)) and fence is not None:
                opening = FENCE.match(found[fence])
                if opening and opening[2] == "python" and not card:
                    found[fence] = f'{opening[1]}{{.python data-snippet="{name}"}}'
            found.append(line)
        return found

    def _list(self, page: Page, number: int, name: str) -> list[str]:
        """What is made from all pages, in the place of its name."""
        if name not in LISTS:
            raise page.error(number, f"no list {name}{nearest(name, LISTS)}")
        return LISTS[name](page.docs, page.path)

    def _place(self, page: Page, number: int, line: str) -> list[str]:
        """The id of a mistake, as the option of its block."""
        match = mistakes.START.match(line)
        if not match:
            return []
        name = mistakes.name(match["claim"])
        if name in page.mistakes:
            raise page.error(number, f"{name} is on this page; begin with other words")
        page.mistakes.add(name)
        return [f"    attrs: {{id: {name}}}", ""]

    def _hide_output(self, page: Page, card: str, found: list[str], fence: int) -> None:
        """What the first examples of a predict card print is for its reader to say."""
        opening = FENCE.match(found[fence])
        if not opening or opening[2] != "pycon" or card in page.printed:
            return
        start = cards.START.match(page.lines[page.cards[card] - 1])
        if start and start["kind"] == "predict":
            code, page.printed[card] = cards.without_output(found[fence + 1 :])
            found[fence + 1 :] = code

    def _included(self, page: Page, number: int, line: str) -> str:
        """The snippet and section that a line of code asks for: snippet.section."""
        if match := INCLUDE.match(line):
            path, section = match.groups()
            name = path.removesuffix(".py")
            sources = page.drawn.sources
            if name not in sources.names():
                hint = nearest(name, sources.names())
                raise page.error(number, f"no snippet {path}{hint}")
            if section is not None and section not in sources.sections(name):
                hint = nearest(section, sources.sections(name))
                raise page.error(number, f"no section {section} in {path}{hint}")
            return f"{name}.{section or ''}"
        return ""

    def _in_prose(self, page: Page, number: int, line: str) -> str:
        if match := FIGURE.match(line):
            try:
                name = page.drawn.figure(match[1]).name
            except ValueError as error:
                raise page.error(number, str(error)) from None
            if name in page.figures:
                raise page.error(number, f"{name} is already on this page")
            page.figures[name] = number
        if match := STILL.match(line):
            try:
                page.drawn.figure(match[1])
            except ValueError as error:
                raise page.error(number, str(error)) from None
            page.stills[match[1]] = number
        if match := cards.START.match(line):
            name = match["id"]
            if not cards.ID.fullmatch(name):
                raise page.error(
                    number, f"{name!r} is no card's id, such as topic-idea"
                )
            if name in page.cards:
                raise page.error(number, f"card {name} is already on this page")
            page.cards[name] = number

        def slot(match: re.Match[str]) -> str:
            inner = match["inner"]
            if inner is None or not quotes.looks_like_quote(inner):
                return match[0]
            if HEADING.match(line):
                raise page.error(number, f"{match[0]} cannot stand in a heading")
            try:
                page.numbers.append(self._number(page, match[0], inner, number))
            except ValueError as error:
                raise page.error(number, str(error)) from None
            return f"\ue000{len(page.numbers) - 1}\ue001"

        return quotes.QUOTE.sub(slot, line)

    def _number(self, page: Page, source: str, inner: str, line: int) -> Number:
        quote = quotes.parse(inner)
        figure, value = page.drawn.fact(quote)
        text = numerals.plain(quote.text(value))
        varies = bool(page.inside[line - 1]) and quote.moved is None
        follows = None if varies or quote.moved is not None else figure.name
        key = f"{quote.fact}:{quote.spec}"
        at = json.dumps(dict(quote.moved or ()))
        return Number(source, text, line, follows, key, figure.name, at, varies, value)


class FigureBlock(Block):
    """`/// figure | name` with the option alt; what it holds is the caption."""

    NAME = "figure"
    ARGUMENT = True
    OPTIONS: ClassVar = {"alt": ("", type_string)}

    def on_create(self, parent: Element) -> Element:
        """A figure element that the caption is parsed into."""
        figure = SubElement(parent, "figure", {"class": "study"})
        SubElement(figure, "div")
        SubElement(figure, "figcaption")
        return figure

    def on_add(self, block: Element) -> Element:
        """The caption takes the content."""
        return block[1]

    def on_end(self, block: Element) -> None:
        """Put the drawing and its knobs in."""
        page = self.config["extension"].page
        figure = page.drawn.figure(self.argument)
        line = page.figures[figure.name]
        alt = " ".join(self.options["alt"].split())
        if not alt:
            raise page.error(line, f"{figure.name} has no alt: text")
        html = markup.figure(figure, alt, page.numbers)
        # A whole <div> is swapped for what is stashed.
        block[0].text = AtomicString(self.md.htmlStash.store(html))
        page.shown.add(figure.name)


class _Related(_Stage, Treeprocessor):
    """Ends a page with questions of others, as Markdown that is still to be read."""

    def run(self, root: Element) -> None:
        page = self.page
        found = related.related(page.path, page.docs)
        if not found:
            return
        nav = SubElement(root, "nav", {"class": "related"})
        nav.set("aria-label", "Related questions")
        nav.set("data-search-exclude", "")
        SubElement(nav, "p").text = "Related questions"
        links = SubElement(nav, "ul")
        for other, name, text in found:
            reach = f"{questions.reach(other, page.path)}#{name}"
            SubElement(links, "li").text = f"[{text}]({reach})"


class _Formulas(_Stage, Treeprocessor):
    """Sets the formulas that arithmatex has found, before headings are listed."""

    def run(self, root: Element) -> None:
        page = self.page
        found = [el for el in root.iter() if el.get("class") == "arithmatex"]
        if not found:
            return
        for slot in SLOT.finditer("".join(el.text or "" for el in found)):
            number = page.numbers[int(slot[1])]
            if number.varies:
                message = f"{number.source} varies, so it cannot stand in a formula"
                raise page.error(number.line, message)
        math = Mathematics(Path(self.study.getConfig("project")) / ".cache" / "math")
        formulas = {id(el): (_tex(el), el.tag == "div") for el in found}
        try:
            templates = math.render(dict.fromkeys(formulas.values()))
        except MathError as error:
            slots = re.sub(r"\\quoted\{(\d+)\}", "\ue000\\1\ue001", error.tex)
            source = SLOT.sub(lambda m: page.numbers[int(m[1])].source, slots)
            line = page.line_of(source)
            raise page.error(line, f"formula ${source}$: {error}") from None
        texts = math.numbers({number.text for number in page.numbers})
        for el in found:
            html = markup.formula(templates[formulas[id(el)]], page.numbers, texts)
            el.text = AtomicString(self.md.htmlStash.store(html))
        for heading in (el for el in root if re.fullmatch("h[1-6]", el.tag)):
            if any(el.get("class") == "arithmatex" for el in heading.iter()):
                label = _words(heading, lambda el: templates[formulas[id(el)]])
                heading.set("data-toc-label", label)


def _tex(element: Element) -> str:
    """The TeX between arithmatex's brackets, numbers as the macro KaTeX knows."""
    tex = unescape((element.text or "").strip())[2:-2].strip()
    return SLOT.sub(r"\\quoted{\1}", tex)


def _words(heading: Element, template: Callable[[Element], str]) -> str:
    """A heading as plain text, its formulas as a line."""
    if heading.get("class") == "arithmatex":
        return mathematics.readable(template(heading))
    parts = [heading.text or ""]
    for child in heading:
        parts += [_words(child, template), child.tail or ""]
    return "".join(parts)


class _Answers(Treeprocessor):
    """Wraps what stands under a question, so that it can be hidden until tried."""

    def run(self, root: Element) -> None:
        answer: Element | None = None
        first: Element | None = None
        for element in list(root):
            if element.tag == "nav":
                break  # what follows the last answer
            if re.fullmatch("h[12]", element.tag):
                answer = None
                if element.tag == "h2" and "?" in "".join(element.itertext()):
                    answer = Element("div", {"class": "answer"})
                    root.insert(list(root).index(element) + 1, answer)
                    first = element if first is None else first
            elif answer is not None:
                root.remove(element)
                answer.append(element)
        if first is not None:
            root.insert(list(root).index(first), Element("study-quiz"))
            ends = [i for i, element in enumerate(root) if element.tag == "nav"]
            root.insert(ends[0] if ends else len(root), Element("study-read"))


class _Outward(Treeprocessor):
    """Tells links to elsewhere from our own, which the browser makes absolute."""

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            if link.get("href", "").startswith(("http://", "https://")):
                link.set("rel", "external")


class _Terms(_Stage, Treeprocessor):
    """Marks the terms of the glossary in each answer."""

    def run(self, root: Element) -> None:
        page = self.page
        place = glossary.place(page.docs)
        here = page.path.relative_to(page.docs).as_posix()
        section = here.partition("/")[0]
        known = [
            term
            for term in glossary.terms(page.docs)
            if section == term.section or not term.local
        ]
        link = questions.reach(place, page.path)
        question = ""
        for element in root:
            if element.tag == "h2":
                question = element.get("id", "")
            elif element.get("class") == "answer":
                # The question that treats a term says itself what it is.
                others = [t for t in known if (t.page, t.question) != (here, question)]
                glossary.mark(element, others, link)


class _Live(_Stage, Postprocessor):
    """Lets the code of snippets and the examples run in the page."""

    def run(self, text: str) -> str:
        page = self.page
        sources = page.drawn.sources
        named = {*IMPORT.findall("\n".join(page.lines))} & {*sources.names()}
        needed = {each for name in named for each in sources.imports(name)}

        def live(match: re.Match[str]) -> str:
            html = f'<div class="highlight">{match["code"]}'
            if match["kind"] == "examples":
                return markup.live_examples(html, sorted(needed))
            name, _, section = match["value"].partition(".")
            code, sections = takeaway.published(sources, name)
            lines = sections[section] if section else (1, code.count("\n"))
            return markup.live_code(html, name, lines, sources.imports(name)[1:])

        return BLOCK.sub(live, text)


class _Numbers(_Stage, Postprocessor):
    """Puts the numbers into the slots that are left, in text and in attributes."""

    def run(self, text: str) -> str:
        page = self.page
        for name, line in page.figures.items():
            if name not in page.shown:
                raise page.error(
                    line,
                    f"the block of figure {name} cannot be read; expected"
                    " `    alt: …` below, then the caption, then `///`",
                )
        for name, line in page.cards.items():
            if f"card {name}" not in page.shown:
                message = f"the block of card {name} cannot be read; {cards.WANTED}"
                raise page.error(line, message)
        for name, line in page.stills.items():
            if f"still {name}" not in page.shown:
                message = f"the block of still {name} cannot be read; its only option"
                raise page.error(line, f"{message} is `    alt: …`")
        for number in page.numbers:
            if number.follows and number.follows not in page.shown:
                raise page.error(
                    number.line,
                    f"{number.source} follows {number.follows}, which is not on this"
                    " page; pin it: snippet.fact() or snippet.fact(knob=value)",
                )
        text = HTML_TAG.sub(
            lambda tag: SLOT.sub(
                lambda m: escape(page.numbers[int(m[1])].text), tag[0]
            ),
            text,
        )
        return SLOT.sub(lambda m: markup.number(page.numbers[int(m[1])]), text)


def makeExtension(**options: Any) -> Extension:  # noqa: N802 - Markdown's name
    """Python-Markdown's entry."""
    return StudyExtension(**options)
