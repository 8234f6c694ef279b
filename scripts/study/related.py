"""Questions of other pages that belong with a page's, read off the pages' own links."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from study.questions import HEADING, asked, by_section, prose

LINK = re.compile(r"\]\((?P<page>[\w./-]+\.md)(?:#(?P<id>[\w-]+))?\)")
MOST, LEAST = 4, 2
OF_ONE_PAGE = 2
Question = tuple[Path, str]  # page, id


def related(page: Path, docs: Path) -> list[tuple[Path, str, str]]:
    """Page, id and text of the questions that this page's answers lead to, or that
    lead to this page, those tied most closely first; where they are too few, the first
    questions of the pages before and after."""
    pages = [each for _, pages in by_section(docs) for each in pages]
    if page not in pages:
        return []
    texts = {(each, name): text for each in pages for text, name in asked(each)}
    ties: Counter[Question] = Counter()
    for asker, target in links(pages):
        if asker[0] == page and target[0] != page:
            ties[target] += 1
        elif target[0] == page and asker[0] != page:
            ties[asker] += 1
    order = list(texts)
    found: list[Question] = []
    for question in sorted(ties, key=lambda q: (-ties[q], order.index(q))):
        if [other for other, _ in found].count(question[0]) < OF_ONE_PAGE:
            found.append(question)
    at = pages.index(page)
    for beside in (pages[at + 1 : at + 2] + pages[at - 1 : at])[: LEAST - len(found)]:
        if beside not in [other for other, _ in found]:
            found.append(next(q for q in order if q[0] == beside))
    return [(*question, texts[question]) for question in found[:MOST]]


def links(pages: list[Path]) -> Iterator[tuple[Question, Question]]:
    """The links between questions; one to a page as a whole is to its first."""
    for page in pages:
        yield from _links(page, page.stat().st_mtime_ns, tuple(pages))


@cache
def _links(
    page: Path, _changed: int, pages: tuple[Path, ...]
) -> list[tuple[Question, Question]]:
    found = []
    asker = ""
    for line in prose(page):
        if line.startswith("## "):
            match = HEADING.match(line)
            asker = match["id"] if match else ""
        for link in LINK.finditer(line) if asker else ():
            target = (page.parent / link["page"]).resolve()
            if target not in pages:
                continue
            known = [name for _, name in asked(target)]
            name = link["id"] or known[0]
            if name in known:
                found.append(((page, asker), (target, name)))
    return found
