"""Numbers as a page prints them, in prose and in formulas."""

import re
from html import escape

SUPERSCRIPT = str.maketrans("0123456789+−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
FORMATTED = re.compile(r"([+-]?)(inf|\d[\d,_]*(?:\.\d+)?)(?:e([+-]?\d+))?(%?)", re.I)
SIMPLE = re.compile(r"([+−]?)([\d,._]+%?|∞%?)")
POWER = re.compile(r"([+−]?(?:[\d.]+×)?10)([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")


def plain(formatted: str) -> str:
    """A number as Python formats it, as a book prints it: "3.2e-05" is 3.2×10⁻⁵."""
    if not (match := FORMATTED.fullmatch(formatted.strip())):
        return formatted
    sign, digits, exponent, percent = match.groups("")
    if digits.lower() == "inf":
        digits = "∞"
    if not re.search("[1-9∞]", digits):
        sign = ""  # "-0.00" is a rounded number, not a negative one
    if power := int(exponent or 0):
        raised = "10" + f"{power}".replace("-", "−").translate(SUPERSCRIPT)
        digits = raised if digits == "1" else f"{digits}×{raised}"
    return sign.replace("-", "−") + digits + percent


def fragments(text: str) -> tuple[str, str]:
    """HTML and MathML of a text from plain() inside a formula. A power of ten comes
    out as a line of text: to typeset it takes KaTeX."""
    if match := SIMPLE.fullmatch(text):
        sign = f"<mo>{match[1]}</mo>" if match[1] else ""
        mathml = f"<mrow>{sign}<mn>{match[2]}</mn></mrow>"
        return f'<span class="mord">{text}</span>', mathml
    words = escape(text).replace(" ", "\u00a0")
    return f'<span class="mord text">{words}</span>', f"<mtext>{words}</mtext>"
