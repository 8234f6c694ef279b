"""The index of all questions, read off the pages themselves."""

import re
from pathlib import Path
from typing import Any

import yaml

from study import quotes

MARK = "[[questions]]"
HEADING = re.compile(r"## (?P<text>.*\?)\s*\{#(?P<id>[\w-]+)\}\s*$")
TITLE = re.compile(r"# (?P<text>.*?)(?:\s*\{#[\w-]+\})?\s*$")


def index(docs: Path) -> list[str]:
    """Markdown of all sections, pages and questions, in the site's order."""
    lines: list[str] = []
    for section in sorted(docs.glob("*/index.md"), key=_weight):
        pages = [p for p in sorted(section.parent.glob("*.md")) if p != section]
        if not pages:
            continue
        lines += ["", f"### [{_title(section)}]({section.relative_to(docs)})", ""]
        for page in sorted(pages, key=_weight):
            place = page.relative_to(docs).as_posix()
            lines += [f"- [{_title(page)}]({place}){{ .page }}", ""]
            for text, name in asked(page):
                lines.append(f"    - [{text}]({place}#{name}){{ .question }}")
            lines.append("")
    return lines


def asked(page: Path) -> list[tuple[str, str]]:
    """The questions of a page, with their ids."""
    return [
        (match["text"].strip(), match["id"])
        for line in _prose(page)
        if (match := HEADING.match(line))
    ]


def _title(page: Path) -> str:
    return next(m["text"] for line in _prose(page) if (m := TITLE.match(line)))


def _weight(page: Path) -> tuple[int, str]:
    text = page.read_text(encoding="utf-8")
    front: dict[str, Any] = {}
    if text.startswith("---\n"):
        front = yaml.safe_load(text[4:].partition("\n---")[0]) or {}
    return front.get("weight", 0), page.as_posix()


def _prose(page: Path) -> list[str]:
    lines = page.read_text(encoding="utf-8").split("\n")
    return [line for _, line, code in quotes.prose(lines) if not code]
