"""Spares the search plugin the drawings: it would parse each of their elements, which
takes longer than the rest of a build, to leave them out in the end."""

import re
from typing import Any

from mkdocs.plugins import CombinedEvent, event_priority

SVG = re.compile(r"(?<= data-search-exclude>)<svg.*?</svg>", re.DOTALL)
HELD = "<!-- drawing -->"
_drawings: list[str] = []


@event_priority(100)
def _hold(context: Any, /, *, page: Any, **_: Any) -> Any:
    _drawings[:] = SVG.findall(page.content)
    page.content = SVG.sub(HELD, page.content)
    return context


@event_priority(-100)
def _put_back(context: Any, /, *, page: Any, **_: Any) -> Any:
    drawings = iter(_drawings)
    page.content = re.sub(HELD, lambda _: next(drawings), page.content)
    return context


# Around the plugin, which indexes a page in this event.
on_page_context = CombinedEvent(_hold, _put_back)
