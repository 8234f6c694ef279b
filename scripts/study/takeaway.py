"""Snippets as readers take them along: a file, a notebook, a zip with what it needs."""

import io
import re
import zipfile
from collections.abc import Iterable

from study.paths import STYLE
from study.sources import Sources

MARK = re.compile(r"^# --8<-- \[(start|end):([\w-]+)\]$", re.MULTILINE)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def published(sources: Sources, name: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """A snippet's text without the marks of its sections, and by section its first
    and last line in that text."""
    lines: list[str] = []
    sections: dict[str, tuple[int, int]] = {}
    for line in sources.path(name).read_text(encoding="utf-8").splitlines():
        if not (match := MARK.fullmatch(line)):
            lines.append(line)
        elif match[1] == "start":
            sections[match[2]] = (len(lines) + 1, len(lines) + 1)
        else:
            sections[match[2]] = (sections[match[2]][0], len(lines))
    return "\n".join(lines) + "\n", sections


def notebook(sources: Sources, name: str, figures: Iterable[str]) -> bytes:
    """The snippet in cells, a section a cell, after cells that write what it imports
    and the style beside it; then its figures, drawn."""
    style = (sources.folder / STYLE).read_text(encoding="utf-8")
    files = {f"{n}.py": published(sources, n)[0] for n in sources.imports(name)[1:]}
    files[STYLE] = style
    text = sources.path(name).read_text(encoding="utf-8")
    parts = ["# %%\n" for _ in files]
    parts.append("# %%\n" + MARK.sub("# %%", text))
    parts.append(f'# %%\nimport matplotlib.pyplot as plt\n\nplt.style.use("{STYLE}")\n')
    parts += [f"# %%\n{figure}(plt.figure())\n" for figure in figures]
    import jupytext  # slow, and rarely needed

    book = jupytext.reads("\n".join(parts), fmt="py:percent")
    for cell, (file, content) in zip(book.cells, files.items(), strict=False):
        cell["source"] = f"%%writefile {file}\n{content.rstrip()}"
    book.cells = [cell for cell in book.cells if cell["source"].strip()]
    for number, cell in enumerate(book.cells):
        cell["id"] = f"cell-{number}"  # random otherwise
    book.metadata = {"kernelspec": KERNEL}
    return str(jupytext.writes(book, fmt="ipynb")).encode()


def zipped(sources: Sources, name: str) -> bytes:
    """The snippet with what it imports and the style, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sources.imports(name):
            text, _ = published(sources, each)
            info = zipfile.ZipInfo(f"{name}/{each}.py")  # of no date
            archive.writestr(info, text, zipfile.ZIP_DEFLATED)
        style = (sources.folder / STYLE).read_bytes()
        info = zipfile.ZipInfo(f"{name}/{STYLE}")
        archive.writestr(info, style, zipfile.ZIP_DEFLATED)
    return out.getvalue()
