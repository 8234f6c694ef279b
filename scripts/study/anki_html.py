"""What a card's HTML becomes in Anki: markup alone, that reads without the site."""

import re
from html import escape, unescape
from html.parser import HTMLParser

# A list of what may pass and not of what may not: a card must never run script.
ALLOWED = {*re.findall(r"\w+", """
    a abbr b blockquote br caption code col colgroup dd del div dl dt em h3 h4 h5 h6 hr
    i ins kbd li mark ol p pre q s samp small span strong sub sup table tbody td tfoot
    th thead tr u ul var

    math mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms
    mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover

    circle clippath defs ellipse g image line lineargradient path pattern polygon
    polyline rect stop svg text tspan use
""")}  # fmt: skip
# KaTeX says a formula twice; its MathML is what Anki's web views set by themselves.
DROPPED = {"annotation", "iframe", "math-html", "noscript", "object", "script", "style"}
VOID = {"br", "col", "hr", "img", "input", "link", "meta"}
OURS = re.compile(r"(arithmatex|katex|pinned|varied)\b")
WEB = re.compile("https?://|mailto:")
# Within a drawing; a picture of points is what matplotlib draws of a matrix.
INSIDE = re.compile("#|data:image/png;")
FOLD = re.compile(r"<details>\s*<summary>Answer</summary>")


def split(html: str, root: str | None) -> tuple[str, str]:
    """A card's question and its answer. Links of the site begin with root; without
    one they are words."""
    asked, answered = FOLD.split(html, maxsplit=1)
    question = _Markup(root, asked)
    answer = _Markup(root, answered.rpartition("</details>")[0]).html
    if question.right:
        answer = f'<div class="value">{question.right}</div>{answer}'
    return question.html, answer


def clean(html: str) -> str:
    """A heading's HTML, without links."""
    return _Markup(None, html).html


def words(html: str) -> str:
    """A heading as plain text."""
    return unescape(re.sub("<[^>]*>", "", clean(html)))


class _Markup(HTMLParser):
    """HTML with the elements of a card that Anki shows as the site does."""

    def __init__(self, root: str | None, html: str) -> None:
        super().__init__()
        self.root = root
        self.right = ""  # the choice that is the answer
        self._out: list[str] = []
        self._open: list[tuple[str, str]] = []  # tag, and what ends it
        self._dropping = 0  # elements that are open
        self._right: tuple[int, int] | None = None  # how deep, and where it begins
        self.feed(html)
        self.close()
        while self._open:
            self._end()
        self.html = "".join(self._out).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Let it pass, or only what it holds."""
        if tag == "img":
            # The deck has no pictures but drawings; in words it is still a card.
            self.handle_data(dict(attrs).get("alt") or "")
        if tag in VOID - ALLOWED:
            return
        kept = self._attributes(tag, attrs)
        shown = tag in ALLOWED and (kept or tag not in ("a", "span"))
        if shown and not self._dropping:
            self._out.append(f"<{tag}{kept}>")
        if tag in VOID:
            return
        self._open.append((tag, f"</{tag}>" if shown else ""))
        self._dropping += tag in DROPPED
        if tag == "li" and "data-right" in dict(attrs):
            self._right = len(self._open), len(self._out)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The same, with its end: only a drawing's elements may end themselves."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        """End what is open down to this; nothing where it is not open."""
        if tag in (each for each, _ in self._open):
            while self._end() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Text; Anki reads [latex], [sound:…] and [[type:…]] even in code."""
        if not self._dropping:
            text = escape(data, quote=False).replace("[", "&#91;")
            self._out.append(text)

    def _end(self) -> str:
        if self._right and self._right[0] == len(self._open):
            self.right, self._right = "".join(self._out[self._right[1] :]), None
        tag, end = self._open.pop()
        if not self._dropping:
            self._out.append(end)
        self._dropping -= tag in DROPPED
        return tag

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> str:
        kept = ""
        for name, value in attrs:
            text = " ".join((value or "").split())
            if name in ("href", "xlink:href"):
                text = self._link(tag, text)
                passes = bool(text)
            elif name == "class":
                passes = not OURS.match(text)
            else:
                passes = name != "src" and not name.startswith(("on", "data-"))
            if passes:
                kept += f' {name}="{escape(text)}"'
        return kept

    def _link(self, tag: str, link: str) -> str:
        """Where it leads from anywhere; nothing if that is nowhere."""
        if tag != "a":
            return link if INSIDE.match(link) else ""
        link = link.replace("{root}", self.root or "", 1)
        return link if WEB.match(link) else ""
