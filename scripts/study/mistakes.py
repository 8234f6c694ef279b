"""The claims that pages call mistakes, gathered on one page, each with a place of its
own: `/// mistake | AUC is scale-invariant.` is at #mistake-auc-is-scale-invariant."""

import re
from pathlib import Path

from study.questions import by_section, prose, reach, title

START = re.compile(r" {0,3}/{3,}\s*mistake\s*\|\s*(?P<claim>.*?)\s*$")
WORDS = 8  # of a claim in its id


def name(claim: str) -> str:
    """The id of a mistake."""
    words = re.findall(r"[a-z0-9]+", claim.lower().replace("'", ""))
    return "-".join(["mistake", *words[:WORDS]])


def claims(page: Path) -> list[str]:
    """The claims that a page puts right."""
    return [match["claim"] for line in prose(page) if (match := START.match(line))]


def index(docs: Path, here: Path) -> list[str]:
    """Markdown of all claims by section and page, each leading to its note."""
    lines: list[str] = []
    for section, pages in by_section(docs):
        found = [(page, claims(page)) for page in pages]
        if not any(wrong for _, wrong in found):
            continue
        lines += ["", f"## {title(section)} {{#{section.parent.name}}}", ""]
        for page, wrong in found:
            if not wrong:
                continue
            lines += [f"### [{title(page)}]({reach(page, here)})", ""]
            for claim in wrong:
                place = f"{reach(page, here)}#{name(claim)}"
                lines.append(f"- [{claim.rstrip('.')}]({place}){{ .claim }}")
            lines.append("")
    return lines
