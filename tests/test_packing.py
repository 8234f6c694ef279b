"""Drawings packed by their lines come back as they were."""

from hypothesis import given
from hypothesis import strategies as st

from study.packing import pack, unpack

drawings = st.lists(st.text("ab\n", max_size=40), min_size=1, max_size=6)


@given(drawings)
def test_every_drawing_comes_back(texts: list[str]):
    packed = pack(texts)
    assert [unpack(packed, i) for i in range(len(texts))] == texts


@given(drawings)
def test_a_line_is_kept_once(texts: list[str]):
    lines = pack(texts)["lines"].split("\n")
    assert len(lines) == len(set(lines))


def test_a_drawing_is_the_runs_of_lines_that_it_takes():
    packed = pack(["a\nb\nc", "a\nx\nc", "b\nc"])
    assert packed == {
        "lines": "a\nb\nc\nx",
        "drawings": [[0, 3], [0, 1, 3, 1, 2, 1], [1, 2]],
    }
