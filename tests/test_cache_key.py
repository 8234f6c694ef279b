"""The key of a snippet's drawings: what changes it and what does not."""

import ast
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_project import LINE, ROOT

from study import sources
from study.sources import Sources

STYLE = ROOT / "snippets" / "study.mplstyle"
PARTS = {  # `line` needs `near`, and by it `far`; `beside` is on its own
    "line": LINE.replace("import numpy", "import near\nimport numpy"),
    "near": '"""Near."""\n\nfrom far import HALF\n\nQUARTER = HALF / 2\n',
    "far": '"""Far."""\n\nHALF = 0.5\n',
    "beside": '"""Beside."""\n\nTHIRD = 1 / 3\n',
}
NEEDED = ["far", "line", "near"]
few = settings(max_examples=40, deadline=None)
lines = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=9)


@contextmanager
def folder(parts: dict[str, str]) -> Iterator[Path]:
    """A folder of snippets, somewhere."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made)
        shutil.copy(STYLE, path)
        for name, text in parts.items():
            (path / f"{name}.py").write_text(text, encoding="utf-8")
        yield path


def key(path: Path, cache: str = "none") -> str:
    """The key of `line`, from the files alone."""
    return Sources(path, path / cache).key("line")


@pytest.fixture(scope="module")
def usual() -> str:
    """The key when nothing has changed."""
    with folder(PARTS) as path:
        return key(path)


def replaced(text: str, node: ast.Constant, value: object) -> str:
    """The code with another value in place of a constant."""
    tree = ast.parse(text)
    place = node.lineno, node.col_offset
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and (each.lineno, each.col_offset) == place:
            each.value = value  # type: ignore[assignment]
    return ast.unparse(tree)


@given(st.sampled_from(NEEDED), st.data())
@few
def test_any_other_value_in_the_code_changes_it(
    usual: str, name: str, data: st.DataObject
):
    text = PARTS[name]
    constants = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant)]
    node = data.draw(st.sampled_from(constants))
    value = data.draw(st.integers(0, 99) | st.floats(0, 9) | lines)
    assume(repr(value) != repr(node.value))
    with folder({**PARTS, name: replaced(text, node, value)}) as path:
        assert key(path) != usual


@given(st.sampled_from(NEEDED), st.data())
@few
def test_any_statement_more_or_less_changes_it(
    usual: str, name: str, data: st.DataObject
):
    tree = ast.parse(PARTS[name])
    bodies = [getattr(node, "body", None) for node in ast.walk(tree)]
    long = [each for each in bodies if isinstance(each, list) and len(each) > 1]
    body = data.draw(st.sampled_from(long))
    at = data.draw(st.integers(0, len(body) - 1))
    if data.draw(st.booleans()):
        del body[at]
    else:
        body.insert(at, ast.parse("more = 1").body[0])
    with folder({**PARTS, name: ast.unparse(tree)}) as path:
        assert key(path) != usual


@given(st.integers(0, STYLE.stat().st_size - 1), st.integers(1, 255))
@few
def test_any_byte_of_the_style_changes_it(usual: str, at: int, change: int):
    with folder(PARTS) as path:
        data = bytearray(STYLE.read_bytes())
        data[at] ^= change
        (path / STYLE.name).write_bytes(data)
        assert key(path) != usual


@pytest.mark.parametrize("name", sources.ENGINE)
def test_any_file_of_the_engine_changes_it(
    usual: str, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    engine = shutil.copytree(ROOT / "scripts" / "study", tmp_path / "study")
    monkeypatch.setattr(sources, "__file__", str(engine / "sources.py"))
    with folder(PARTS) as path:
        assert key(path) == usual
        with (engine / name).open("a") as file:
            file.write("\n")
        assert key(path) != usual


def test_no_file_is_forgotten_that_a_drawing_passes_through():
    study = ROOT / "scripts" / "study"
    # Where things are, how mistakes are told, how files are written and read again.
    harmless = {"paths.py", "errors.py", "files.py"}
    found, waiting = {"jobs.py"}, ["jobs.py"]
    while waiting:
        for node in ast.walk(ast.parse((study / waiting.pop()).read_text())):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            package, _, module = node.module.partition(".")
            names = [module] if module else [alias.name for alias in node.names]
            new = {f"{n}.py" for n in names if package == "study"} - found
            found |= new
            waiting += new
    assert found - harmless <= set(sources.ENGINE)
    assert not harmless & set(sources.ENGINE)


@pytest.mark.parametrize("library", ["numpy", "matplotlib"])
def test_another_version_of_a_library_changes_it(
    usual: str, library: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / f"{library}-99.1.dist-info").mkdir()
    (tmp_path / f"{library}-99.1.dist-info" / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {library}\nVersion: 99.1\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with folder(PARTS) as path:
        assert key(path) != usual


@given(st.sampled_from([*NEEDED, "beside"]), st.data())
@few
def test_comments_and_blank_lines_do_not_change_it(
    usual: str, name: str, data: st.DataObject
):
    text = PARTS[name].split("\n")
    tree = ast.parse(PARTS[name])
    inside = {  # a line inside a text is not layout
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for line in range(node.lineno, node.end_lineno or 0)
    }
    for at in reversed(range(len(text))):
        if at not in inside and data.draw(st.booleans()):
            comment = data.draw(lines)
            text.insert(at, data.draw(st.sampled_from(["", f"# {comment}"])))
    with folder({**PARTS, name: "\n".join(text)}) as path:
        assert key(path) == usual


@given(st.sampled_from([*NEEDED, "beside"]))
def test_another_layout_does_not_change_it(usual: str, name: str):
    with folder({**PARTS, name: ast.unparse(ast.parse(PARTS[name]))}) as path:
        assert key(path) == usual


@given(
    st.permutations(sorted(PARTS)),
    st.dictionaries(st.from_regex("other_[a-z]{1,5}", fullmatch=True), lines),
    st.integers(0, 4_000_000_000),
)
@few
def test_neither_other_files_nor_order_time_or_place_change_it(
    usual: str, order: list[str], others: dict[str, str], instant: int
):
    more = {name: f"WORDS = {words!r}" for name, words in others.items()}
    with folder({**more, **{name: PARTS[name] for name in order}}) as path:
        (path / "notes.md").write_text("Notes.")
        for file in path.iterdir():
            os.utime(file, (instant, instant))
        assert key(path) == usual


@given(st.lists(st.sampled_from(sorted(PARTS)), min_size=1, max_size=5))
@few
def test_what_was_remembered_of_the_files_does_not_change_it(changes: list[str]):
    with folder(PARTS) as path:
        for number, name in enumerate(changes):
            text = PARTS[name] + f"\nmore = {number % 2}\n"
            (path / f"{name}.py").write_text(text, encoding="utf-8")
            remembering = Sources(path, path / "cache")
            found = remembering.key("line")
            assert found == key(path)
            remembering.remember()
            assert key(path, "cache") == found


def test_two_snippets_of_the_same_text_have_each_their_own_key():
    with folder({"line": LINE, "other": LINE}) as path:
        fresh = Sources(path, path / "cache")
        keys = [fresh.key(name) for name in ("line", "other")]
        assert keys[0] != keys[1]
        fresh.remember()
        again = Sources(path, path / "cache")
        assert [again.key(name) for name in ("line", "other")] == keys
