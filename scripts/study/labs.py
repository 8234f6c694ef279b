"""Labs: percent-format notebooks in docs/labs, run while the site is built.

    docs/labs/1-name.py            what is written: the cells, and no output
    docs/labs/lab_kit.py           what their cells share
    .cache/labs/1-name/<key>       the outputs of the code under that key
    docs/labs/1-name.ipynb         both, which mkdocs-jupyter renders; not in git

The key is the code's, as for figures: rewording the text starts no kernel.
"""

import ast
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from study import takeaway
from study.errors import StudyError
from study.files import keep, kept, write_whole
from study.paths import STYLE
from study.sources import Sources, digest

TIME_LIMIT = 30.0  # seconds for a cell
KIT = "lab_kit"
MARK = re.compile(
    r'# %%(?P<markdown> \[markdown\])?(?: tags=(?P<tags>\["[a-z"-, ]*\]))?'
)
HEADER = re.compile(r"# ---\n# description: (.*\n(?:#   .*\n)*)# ---\n+")
CODE_LINE = re.compile(r"Cell In\[\d+\], line (\d+)|<ipython[^>]*>, line (\d+)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
Json = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """A cell, and the line of the lab's file that its source begins in."""

    kind: str
    source: str
    line: int
    tags: tuple[str, ...] = ()


class Lab:
    """One lab as it is written."""

    def __init__(self, path: Path, sources: Sources) -> None:
        self.path, self.sources = path, sources
        self.name = path.stem
        text = path.read_text(encoding="utf-8")
        header = HEADER.match(text)
        if header is None:
            wanted = "`# ---`, `# description: …`, `# ---`"
            raise StudyError(path, 1, f"a lab begins with {wanted}")
        self.description = " ".join(header[1].replace("\n#", " ").split())
        self.cells = list(_cells(path, text, header[0].count("\n")))

    @property
    def code(self) -> list[Cell]:
        """The cells that are run, in order."""
        return [cell for cell in self.cells if cell.kind == "code"]

    def place(self, cell: Cell, line: int = 1) -> tuple[int, str]:
        """The line in the file of a line in a cell, and the cell's name."""
        return cell.line + line - 1, f"cell {self.cells.index(cell) + 1}"

    @cached_property
    def _trees(self) -> list[ast.Module]:
        trees = []
        for cell in self.code:
            try:
                trees.append(ast.parse(cell.source))
            except SyntaxError as error:
                line, name = self.place(cell, error.lineno or 1)
                message = f"{name}: SyntaxError: {error.msg}"
                raise StudyError(self.path, line, message) from None
        return trees

    @cached_property
    def imports(self) -> list[str]:
        """The snippets that the lab needs, those that they need included."""
        known, found = {*self.sources.names()}, set[str]()
        for node in (node for tree in self._trees for node in ast.walk(tree)):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names} & known
            elif isinstance(node, ast.ImportFrom) and node.module in known:
                found.add(node.module)
        return sorted({each for name in found for each in self.sources.imports(name)})

    @property
    def files(self) -> dict[str, str]:
        """What lies beside the notebook when it runs, here and at the reader's."""
        files = {
            f"{n}.py": takeaway.published(self.sources, n)[0] for n in self.imports
        }
        for path in (self.path.with_name(f"{KIT}.py"), self.sources.folder / STYLE):
            files[path.name] = path.read_text(encoding="utf-8")
        return files

    @property
    def key(self) -> str:
        """Changes exactly when the outputs may change."""
        here = Path(__file__).parent
        machinery = [(here / name).read_bytes() for name in ("labs.py", "drawing.py")]
        kit = self.path.with_name(f"{KIT}.py").read_bytes()
        style = (self.sources.folder / STYLE).read_bytes()
        return digest(
            *machinery,
            kit,
            style,
            *(version(name).encode() for name in ("ipykernel", "numpy", "matplotlib")),
            *(self.sources.key(name).encode() for name in self.imports),
            *(ast.dump(tree).encode() for tree in self._trees),
        )


def labs(project: Path) -> list[Lab]:
    """The labs of a project, in the order of their numbers."""
    folder = project / "docs" / "labs"
    sources = Sources(project / "snippets", project / ".cache")
    return [Lab(path, sources) for path in sorted(folder.glob("[0-9]*.py"))]


def build(
    project: Path, limit: float = TIME_LIMIT, *, later: bool = False
) -> list[str]:
    """Write every lab's notebook, running those whose code has changed; returns the
    names of those that were run. With `later`, where only what a lab imports has
    changed, its cells keep the outputs they have until `ahead` has made others."""
    ran = []
    found = labs(project)
    for lab in found:
        path = lab.path.with_suffix(".ipynb")
        outputs = _kept(project, lab)
        if outputs is None and later:
            outputs = _earlier(lab, path)
        if outputs is None:
            outputs = _made(project, lab, limit)
            ran.append(lab.name)
        book = _bytes(notebook(lab, outputs))
        # Writing it would have `mkdocs serve` build again.
        if not path.exists() or path.read_bytes() != book:
            write_whole(path, book)
    for path in (project / "docs" / "labs").glob("*.ipynb"):
        if path.stem not in {lab.name for lab in found}:
            path.unlink()
    return ran


def ahead(project: Path, limit: float = TIME_LIMIT) -> list[str]:
    """Run the labs whose outputs are not there, until none is left, for the next build;
    returns their names."""
    ran: dict[str, str] = {}  # a full disk keeps nothing: not the same once more
    while missing := [
        lab
        for lab in labs(project)
        if _kept(project, lab) is None and ran.get(lab.name) != lab.key
    ]:
        ran[missing[0].name] = missing[0].key
        _made(project, missing[0], limit)
    return [*ran]


Outputs = list[list[Json]]


def _kept(project: Path, lab: Lab) -> Outputs | None:
    data = kept(project / ".cache" / "labs" / lab.name / lab.key)
    return None if data is None else json.loads(data)


def _made(project: Path, lab: Lab, limit: float) -> Outputs:
    home, key = project / ".cache" / "labs" / lab.name, lab.key
    outputs = run(lab, [cell.source for cell in lab.code], limit)
    shutil.rmtree(home, ignore_errors=True)
    keep(home / key, json.dumps(outputs, ensure_ascii=False).encode())
    return outputs


def _earlier(lab: Lab, book: Path) -> Outputs | None:
    """The outputs in an earlier notebook of the same code."""
    try:
        cells = json.loads(book.read_bytes())["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if [cell["source"] for cell in code] != [cell.source for cell in lab.code]:
        return None
    return [cell["outputs"] for cell in code]


def notebook(lab: Lab, outputs: list[list[Json]]) -> Json:
    """The lab with its outputs."""
    results = iter(outputs)
    cells = []
    for cell in lab.cells:
        one = _cell(cell)
        if cell.kind == "code":
            one["outputs"] = next(results)
        cells.append(one)
    book = _book(cells)
    book["metadata"]["description"] = lab.description
    return book


def taken(lab: Lab) -> bytes:
    """The lab as a reader takes it along: before its cells those that write what it
    imports beside it; no outputs, since running them is what it is for."""
    title, *others = map(_cell, lab.cells)
    about = Cell("markdown", "The next cells write the files that this lab uses.", 0)
    written = [
        Cell("code", f"%%writefile {name}\n{text.rstrip()}", 0, ("file",))
        for name, text in lab.files.items()
    ]
    return _bytes(_book([title, _cell(about), *map(_cell, written), *others]))


def _cell(cell: Cell) -> Json:
    made: Json = {"cell_type": cell.kind, "metadata": {}, "source": cell.source}
    if cell.tags:
        made["metadata"]["tags"] = list(cell.tags)
    if "file" in cell.tags:
        made["metadata"]["jupyter"] = {"source_hidden": True}
    if cell.kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def _book(cells: list[Json]) -> Json:
    numbered = [{"id": f"cell-{n}", **cell} for n, cell in enumerate(cells, 1)]
    metadata = {"kernelspec": takeaway.KERNEL}
    return {"cells": numbered, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _bytes(book: Json) -> bytes:
    return json.dumps(book, ensure_ascii=False, indent=1).encode() + b"\n"


def _cells(path: Path, text: str, header: int) -> Iterator[Cell]:
    """What stands between the marks."""
    lines = text.splitlines()
    starts = [n for n in range(header, len(lines)) if lines[n].startswith("# %%")]
    if starts[:1] != [header]:
        raise StudyError(path, header + 1, "a cell begins with `# %%`")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = MARK.fullmatch(lines[start])
        if not match:
            message = "a cell begins with `# %%`, `# %% [markdown]` or `# %% tags=[…]`"
            raise StudyError(path, start + 1, message)
        inside = lines[start + 1 : end]
        while inside and not inside[0].strip():  # a kernel does not count these
            inside.pop(0)
            start += 1
        while inside and not inside[-1].strip():
            inside.pop()
        kind = "markdown" if match["markdown"] else "code"
        if kind == "markdown":
            bare = [n for n, line in enumerate(inside) if not re.match("#( |$)", line)]
            if bare:
                message = "a line of a text cell begins with `# `"
                raise StudyError(path, start + 2 + bare[0], message)
            inside = [line[2:] for line in inside]
        tags = tuple(json.loads(match["tags"] or "[]"))
        yield Cell(kind, "\n".join(inside), start + 2, tags)


# -- Running ------------------------------------------------------------------


def run(lab: Lab, codes: list[str], limit: float = TIME_LIMIT) -> list[list[Json]]:
    """The outputs of each code, run as the code cells of this lab in one kernel, in a
    folder that holds what the reader's would hold."""
    with tempfile.TemporaryDirectory(prefix="lab-") as place:
        folder = Path(place)
        for name, text in lab.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        with _kernel(folder) as (manager, client):
            return [
                _run(lab, cell, code, manager, client, limit)
                for cell, code in zip(lab.code, codes, strict=True)
            ]


@contextmanager
def _kernel(folder: Path) -> Iterator[tuple[Any, Any]]:
    """A kernel of this Python that stands in a folder."""
    # Slow to import, and not needed while no code changes.
    from jupyter_client.manager import KernelManager

    environment = {
        **os.environ,
        # Nothing of the user's own.
        "IPYTHONDIR": str(folder / ".ipython"),
        "MATPLOTLIBRC": str(folder / STYLE),
        "MPLBACKEND": "agg",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(folder),
    }
    manager = KernelManager(kernel_name="python3")
    with (folder / ".kernel.log").open("w") as log:
        manager.start_kernel(cwd=str(folder), env=environment, stdout=log, stderr=log)
        client = manager.client()
        try:
            client.start_channels()
            client.wait_for_ready(timeout=60)
            yield manager, client
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def _run(
    lab: Lab, cell: Cell, code: str, manager: Any, client: Any, limit: float
) -> list[Json]:
    """The outputs of one cell; StudyError if it raises, or runs too long."""
    messages: list[Json] = []
    late = False
    try:
        client.execute_interactive(
            code, allow_stdin=False, timeout=limit, output_hook=messages.append
        )
    except TimeoutError:
        late = True
        manager.interrupt_kernel()  # its answer tells where it was
        messages += _heard(client)
    errors = [m["content"] for m in messages if m["msg_type"] == "error"]
    if errors or late:
        trace = COLOUR.sub("", "\n".join(errors[-1]["traceback"] if errors else []))
        numbers = [int(a or b) for a, b in CODE_LINE.findall(trace)]
        line, name = lab.place(cell, numbers[-1] if numbers else 1)
        if late:
            what = f"ran longer than {limit:g} s"
            if not manager.is_alive():
                what = "ended the kernel"
        else:
            what = f"{errors[0]['ename']}: {errors[0]['evalue']}"
        raise StudyError(lab.path, line, f"{name}: {what}")
    return _outputs(messages)


def _heard(client: Any, seconds: float = 5) -> list[Json]:
    """What a kernel says until it is idle."""
    import queue

    messages: list[Json] = []
    try:
        while True:
            messages.append(client.get_iopub_msg(timeout=seconds))
            if messages[-1]["content"].get("execution_state") == "idle":
                break
    except queue.Empty:
        pass
    return messages


def _outputs(messages: list[Json]) -> list[Json]:
    """Messages as a notebook keeps them; texts in a row are one."""
    outputs: list[Json] = []
    for message in messages:
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            if outputs and outputs[-1].get("name") == content["name"]:
                outputs[-1]["text"] += content["text"]
            else:
                outputs.append({"output_type": kind, **content})
        elif kind in ("display_data", "execute_result"):
            data = dict(content["data"])
            if svg := data.get("image/svg+xml"):
                data["image/svg+xml"] = _drawing(svg)
            made = {"output_type": kind, "data": data, "metadata": content["metadata"]}
            if kind == "execute_result":
                made["execution_count"] = None
            outputs.append(made)
    return outputs


def _drawing(svg: str) -> str:
    """A drawing in the page's colours, as those of the figures are."""
    from study import drawing

    style = Path(sys.modules[__name__].__file__ or "").parents[2] / "snippets" / STYLE
    with drawing.styled(style):
        return drawing._themed(svg[svg.index("<svg") :].rstrip())
