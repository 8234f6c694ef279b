"""The site's sections and the index of all questions, read off the pages themselves."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from study import quotes

HEADING = re.compile(r"## (?P<text>.*\?)\s*\{#(?P<id>[\w-]+)\}\s*$")
TITLE = re.compile(r"# (?P<text>.*?)(?:\s*\{#[\w-]+\})?\s*$")


def index(docs: Path, here: Path) -> list[str]:
    """Markdown of all sections, pages and questions, in the site's order."""
    lines: list[str] = []
    for section, pages in by_section(docs):
        lines += ["", f"### [{title(section)}]({reach(section, here)})", ""]
        for page in pages:
            place = reach(page, here)
            lines += [f"- [{title(page)}]({place}){{ .page }}", ""]
            for text, name in asked(page):
                lines.append(f"    - [{text}]({place}#{name}){{ .question }}")
            lines.append("")
    return lines


def sections(docs: Path, here: Path) -> list[str]:
    """Markdown of all sections: what each is about, and how much is in it."""
    lines: list[str] = []
    for section, pages in by_section(docs):
        place = reach(section, here)
        count = sum(len(asked(page)) for page in pages)
        lines += [
            f"-   **[{title(section)}]({place})**",
            "",
            f"    {front(section)['description']}",
            "",
            f"    {_count(len(pages), 'page')}, {_count(count, 'question')}",
            "",
        ]
    return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def by_section(docs: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Each section's index with its pages of questions, in the site's order."""
    for section in sorted(docs.glob("*/index.md"), key=_place):
        pages = [p for p in section.parent.glob("*.md") if p != section]
        if pages:
            yield section, sorted(pages, key=_place)


def asked(page: Path) -> list[tuple[str, str]]:
    """The questions of a page, with their ids."""
    return [
        (match["text"].strip(), match["id"])
        for line in prose(page)
        if (match := HEADING.match(line))
    ]


def reach(page: Path, here: Path) -> str:
    """What a link from one page to another says."""
    return Path(os.path.relpath(page, here.parent)).as_posix()


def title(page: Path) -> str:
    """What a page is called."""
    return next(m["text"] for line in prose(page) if (m := TITLE.match(line)))


def front(page: Path) -> dict[str, Any]:
    """A page's front matter."""
    return _read(page, page.stat().st_mtime_ns)[0]


def prose(page: Path) -> list[str]:
    """A page's lines without its code."""
    return _read(page, page.stat().st_mtime_ns)[1]


def _place(page: Path) -> tuple[int, str]:
    return front(page).get("weight", 0), page.as_posix()


@cache
def _read(page: Path, _changed: int) -> tuple[dict[str, Any], list[str]]:
    """Front matter, and lines; read again when the file has changed."""
    text = page.read_text(encoding="utf-8")
    found: dict[str, Any] = {}
    if text.startswith("---\n"):
        head, _, text = text[4:].partition("\n---\n")
        found = yaml.safe_load(head) or {}
    lines = [line for _, line, code in quotes.prose(text.split("\n")) if not code]
    return found, lines
