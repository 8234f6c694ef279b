"""What the search plugin reads besides, or instead of, what a reader does: the other
names of the terms that a question treats; no tags, which would outweigh every word of
the pages; and neither drawings, nor how formulas are set, nor the colours of code: it
would parse each of their elements, which takes longer than the rest of a build, to
leave them out in the end."""

import re
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.plugins import CombinedEvent, event_priority

from study import glossary

SPARED = re.compile(
    r"(?<= data-search-exclude>)<svg.*?</svg>"
    r"|(?<=<math-html class=\"katex-html\" aria-hidden=\"true\" data-search-exclude>)"
    r".*?(?=</math-html>)",
    re.DOTALL,
)
CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
COLOUR = re.compile(r"</?span\b[^>]*>")
HEADING = re.compile(
    r'<h(?P<level>[1-6]) id="(?P<id>[^"]*)">.*?</h(?P=level)>', re.DOTALL
)
_whole = ""
_handed = ""
_tags: list[str] = []


@event_priority(100)
def _hold(context: Any, /, *, page: Any, config: Any, **_: Any) -> Any:
    global _whole, _handed
    _whole = page.content
    _tags[:] = page.meta.pop("tags", ())
    names = glossary.names(Path(config["docs_dir"]), page.file.src_uri)

    def named(heading: re.Match[str]) -> str:
        words = escape(", ".join(names.get(heading["id"], ())))
        return f'{heading[0]}<p class="names">{words}</p>' if words else heading[0]

    spared = CODE.sub(lambda code: COLOUR.sub("", code[0]), SPARED.sub("", _whole))
    _handed = page.content = HEADING.sub(named, spared)
    return context


@event_priority(-100)
def _put_back(context: Any, /, *, page: Any, **_: Any) -> Any:
    assert page.content == _handed, "another plugin changed what search was handed"
    if _tags:
        page.meta["tags"] = [*_tags]
    page.content = _whole
    return context


# Around the plugin, which indexes a page in this event.
on_page_context = CombinedEvent(_hold, _put_back)
