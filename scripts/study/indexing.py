"""What the search plugin reads besides, or instead of, what a reader does: the other
names of the terms that a question treats; no tags, which would outweigh every word of
the pages; and no drawings: it would parse each of their elements, which takes longer
than the rest of a build, to leave them out in the end."""

import re
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.plugins import CombinedEvent, event_priority

from study import glossary

SVG = re.compile(r"(?<= data-search-exclude>)<svg.*?</svg>", re.DOTALL)
HELD = "<!-- drawing -->"
HEADING = re.compile(
    r'<h(?P<level>[1-6]) id="(?P<id>[^"]*)">.*?</h(?P=level)>', re.DOTALL
)
NAMES = re.compile(r'<p class="names">.*?</p>', re.DOTALL)
_drawings: list[str] = []
_tags: list[str] = []


@event_priority(100)
def _hold(context: Any, /, *, page: Any, config: Any, **_: Any) -> Any:
    _drawings[:] = SVG.findall(page.content)
    _tags[:] = page.meta.pop("tags", ())
    names = glossary.names(Path(config["docs_dir"]), page.file.src_uri)

    def named(heading: re.Match[str]) -> str:
        words = escape(", ".join(names.get(heading["id"], ())))
        return f'{heading[0]}<p class="names">{words}</p>' if words else heading[0]

    page.content = HEADING.sub(named, SVG.sub(HELD, page.content))
    return context


@event_priority(-100)
def _put_back(context: Any, /, *, page: Any, **_: Any) -> Any:
    if _tags:
        page.meta["tags"] = [*_tags]
    drawings = iter(_drawings)
    page.content = NAMES.sub("", page.content)
    page.content = re.sub(HELD, lambda _: next(drawings), page.content)
    return context


# Around the plugin, which indexes a page in this event.
on_page_context = CombinedEvent(_hold, _put_back)
