"""Knob positions in an address: only a knob's own values come out of it."""

from collections.abc import Callable
from typing import Any

import pytest

Js = Callable[..., Any]
NAME = "roc_auc.figure.threshold"
VALUES = ["−0.5", "0", "0.5", "1×10⁻³"]


def stop(js: Js, query: str, name: str = NAME) -> Any:
    code = "m.stopIn(query, name, values)"
    return js("knob-address", code, query=query, name=name, values=VALUES)


def query(js: Js, before: str, *knobs: tuple[str, str | None]) -> str:
    code = "m.queryWith(before, knobs.map(([n, t]) => [n, t ?? undefined]))"
    return js("knob-address", code, before=before, knobs=knobs)


@pytest.mark.parametrize("text", VALUES)
def test_what_is_written_is_read(js: Js, text: str):
    assert stop(js, query(js, "", (NAME, text))) == VALUES.index(text)


def test_an_address_is_plain_to_read(js: Js):
    assert query(js, "", (NAME, "−0.5")) == "?roc_auc.threshold=-0.5"
    other = ("roc_auc.ties.step", "2")
    assert query(js, "", other) == "?roc_auc.ties.step=2"


def test_what_others_have_in_the_query_stays(js: Js):
    assert query(js, "?h=auc", (NAME, "0.5")) == "?h=auc&roc_auc.threshold=0.5"
    assert query(js, "?h=auc&roc_auc.threshold=0.5", (NAME, None)) == "?h=auc"
    assert query(js, "?roc_auc.threshold=0.5", (NAME, None)) == ""


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?roc_auc.threshold",
        "?roc_auc.threshold=",
        "?roc_auc.threshold=0.50",
        "?roc_auc.threshold=2",
        "?roc_auc.threshold=NaN",
        "?roc_auc.threshold=<img src=x onerror=alert(1)>",
        "?roc_auc.threshold=%",
        "?roc_auc.threshold=%00",
        "?roc_auc.figure.threshold=0.5",
        "?__proto__=0.5",
    ],
)
def test_what_is_no_value_of_the_knob_is_ignored(js: Js, asked: str):
    assert stop(js, asked) is None


def test_of_two_the_first_counts(js: Js):
    assert stop(js, "?roc_auc.threshold=0&roc_auc.threshold=0.5") == 1
