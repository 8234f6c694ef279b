"""A formula's MathML as one line of text, for search and tables of contents."""

import re
import unicodedata
from xml.etree.ElementTree import Element

from study.numerals import SUPERSCRIPT

APPLY = "\u2061"  # KaTeX's mark between a function's name and its argument
LARGE = list("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂")
CHARACTERS = str.maketrans("∣∥⋅∗\u00a0", "|‖·* ", "\u2063")
BLACKBOARD = str.maketrans("CNQRZ", "ℂℕℚℝℤ")
ACCENTS = str.maketrans("^ˉ‾~˙¨⃗→", "\u0302\u0304\u0305\u0303\u0307\u0308\u20d7\u20d7")
LETTER = r"[^\W\d_²³¹⁰-ₜ]"
WORD = rf"[{''.join(LARGE)}]|{LETTER}{{2}}"
APART = f"[ /]|{APPLY}."
STARTS = rf"[\w([√∂∇\ue000]|{WORD}"
ENDS = rf"[\w)\]}}′*\u0300-\u036f\ue001{APPLY}]$"
SCRIPTS = {"msub": "_", "munder": "_", "msup": "^", "mover": "^"}
SCRIPTS |= {"msubsup": "_^", "munderover": "_^"}
BRACKETS = re.compile(r"\([^()]*\)|\[[^][]*\]|\{[^{}]*\}|\|[^|]*\||‖[^‖]*‖")
SINGLE = re.compile(
    rf"[d∂∇Δ√]?(\ue000?[\d.,]+\ue001?|{LETTER})?([\u0300-\u036f′*²³¹⁰-⁻]|[_^]\w?)*"
)


def one_line(root: Element) -> str:
    """The formula as one line of text."""
    line = re.sub(APPLY + r"(?=[([{|‖)\]}]|$)", "", _linear(root, False))
    line = line.replace(APPLY, " ").replace(":  =", " :=")
    return re.sub("\ue000(?=\\d)", "\ue000text ", " ".join(line.split()))


def _linear(node: Element, tight: bool) -> str:
    """What an element says; tight as in a script: no spaces around operators."""
    match node.tag:
        case "mi" | "mn" | "mo" | "mtext" if not len(node):
            text = (node.text or "").translate(CHARACTERS)
            double = node.get("mathvariant") == "double-struck"
            return text.translate(BLACKBOARD) if double else text.replace("mathml ", "")
        case "mspace" | "mphantom":
            return "" if node.get("width", "-").startswith("-") else " "
        case "mfrac":
            above, below = (_linear(part, tight) for part in node)
            if node.get("linethickness") == "0px":
                return f"{above} choose {below}"
            return f"{_operand(above, APART)}/{_operand(below)}"
        case "mroot":
            body, index = (_linear(part, tight) for part in node)
            return f"{index.translate(SUPERSCRIPT)}√{_operand(body)}"
        case "mtable":
            aligned = node.get("columnalign", "right left").startswith("right left")
            rows = [[_linear(cell, tight).strip() for cell in row] for row in node]
            return "; ".join((" " if aligned else ", ").join(row) for row in rows)
        case tag if tag in SCRIPTS:
            return _scripted(node, tight)
    line, before = "", ""
    for part in node:
        line += _beside(line, before, part, tight)
        before = part.tag
    return f"√{_operand(line)}" if node.tag == "msqrt" else line


def _beside(line: str, before: str, part: Element, tight: bool) -> str:
    """What part adds to the line so far, set apart as its kind asks for."""
    text, core = _linear(part, tight), part
    while core.tag in SCRIPTS or (core.tag == "mo" and len(core)):
        core = core[0]
    symbol = (core.text or "") if core.tag == "mo" else ""
    if symbol in LARGE:
        text += " "
    apart = "mfrac" in (before, part.tag) or re.match(WORD, text)
    if apart and re.search(ENDS, line) and re.match(STARTS, text):
        return f" {text}"
    if core.get("separator") or symbol == ":":
        return text if tight else f"{text} "
    if symbol and unicodedata.category(symbol[0]) == "Sm" and not tight:
        fence = core.get("stretchy") == "false" or core.get("fence")
        opened = line[-1:] in ("|", "‖") and line.count(line[-1]) % 2
        first = not line or line[-1] in f" ([{{{APPLY}" or opened
        sign = symbol in "−+±∓¬" and first
        return text if fence or sign or symbol in LARGE else f" {text} "
    return text


def _scripted(node: Element, tight: bool) -> str:
    # KaTeX leaves its mark beside a function's name, as in a script of max.
    parts = [part for part in node if part.text != APPLY]
    base, *scripts = [_linear(part, i > 0 or tight) for i, part in enumerate(parts)]
    if scripts[0] in ("⏟", "⏞"):
        return base
    if node.get("accent"):
        accent = scripts[0].translate(ACCENTS)
        return unicodedata.normalize("NFC", re.sub(f"({LETTER})", rf"\1{accent}", base))
    line = base.strip().removesuffix(APPLY)
    line = line if line.endswith("|") else _operand(line, APART)
    for mark, script in zip(SCRIPTS[node.tag], scripts, strict=True):
        if mark == "^" and base not in LARGE and re.fullmatch("[0-9+−]+|′+", script):
            line += script.translate(SUPERSCRIPT)
        else:
            line += mark + (script if len(script) == 1 else f"{{{script}}}")
    return line + APPLY if base.endswith(APPLY) else line


def _operand(text: str, apart: str = "") -> str:
    """In parentheses, unless one thing; or, if apart is given, unless that occurs."""
    outside = text
    while (shorter := BRACKETS.sub("", outside)) != outside:
        outside = shorter
    single = not re.search(apart, outside) if apart else SINGLE.fullmatch(outside)
    return text if single else f"({text})"
