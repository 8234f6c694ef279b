"""Quoted numbers, as pages write them: `{{ snippet.fact(knob=value):.2f }}`."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from study.knobs import Value

# A code span is matched too, so that what stands in one is left alone.
QUOTE = re.compile(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|\{\{(?P<inner>.*?)\}\}")
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_INNER = re.compile(
    r"\s*(?P<snippet>[^\W\d]\w*)\.(?P<fact>[^\W\d]\w*)"
    r"(?P<call>\(.*?\))?(?::(?P<spec>[^:()]*?))?\s*"
)


@dataclass(frozen=True)
class Quote:
    """A number asked for by name; moved is None when it follows its figure."""

    snippet: str
    fact: str
    spec: str
    moved: tuple[tuple[str, Value], ...] | None

    def text(self, value: int | float | str) -> str:
        """The value in Python's format codes; a text is shown as it is."""
        return value if isinstance(value, str) else format(value, self.spec)


def looks_like_quote(inner: str) -> bool:
    """Whether braces hold a quote, well-formed or not, rather than TeX."""
    return bool(re.match(r"\s|[^\W\d]\w*\.", inner))


def parse(inner: str) -> Quote:
    """What stands between the braces; ValueError if it cannot be read."""
    match = _INNER.fullmatch(inner)
    if not match:
        raise ValueError(
            f"{{{{{inner}}}}} is no quoted number; write {{{{ snippet.fact:.2f }}}} or"
            " {{ snippet.fact(knob=value):.2f }}"
        )
    moved = None if match["call"] is None else _arguments(match["call"])
    return Quote(match["snippet"], match["fact"], match["spec"] or "", moved)


def _arguments(call: str) -> tuple[tuple[str, Value], ...]:
    try:
        tree = ast.parse(f"f{call}", mode="eval").body
        assert isinstance(tree, ast.Call) and not tree.args
        return tuple(
            (str(word.arg), ast.literal_eval(word.value)) for word in tree.keywords
        )
    except (SyntaxError, ValueError, AssertionError):
        raise ValueError(
            f"{call} does not name knobs; write (knob=value, …) with plain values"
        ) from None


def prose(lines: list[str]) -> Iterator[tuple[int, str, bool]]:
    """Each line with its number from 1 and whether it stands in fenced code."""
    fence = ""
    for number, line in enumerate(lines, 1):
        match = FENCE.match(line)
        if fence:
            yield number, line, True
            if match and match[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        else:
            fence = match[1] if match else ""
            yield number, line, bool(fence)


def pinned(docs: Path) -> dict[str, set[Quote]]:
    """The quotes pinned to knob values on all pages, by snippet."""
    found: dict[str, set[Quote]] = {}
    for page in sorted(docs.rglob("*.md")):
        for _, line, code in prose(page.read_text(encoding="utf-8").split("\n")):
            for match in QUOTE.finditer("" if code else line):
                if match["inner"] is None or not looks_like_quote(match["inner"]):
                    continue
                try:
                    quote = parse(match["inner"])
                except ValueError:
                    continue  # the page's build tells it, with page and line
                if quote.moved:
                    found.setdefault(quote.snippet, set()).add(quote)
    return found
