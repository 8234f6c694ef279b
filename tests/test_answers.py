"""What a reader types, held against a value."""

from collections.abc import Callable
from typing import Any

import pytest

Js = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25),
        (" .25 ", 0.25),
        ("-3", -3),
        ("−3", -3),
        ("+3.", 3),
        ("1/4", 0.25),
        ("25%", 0.25),
        ("25 %", 0.25),
        ("1/4%", 0.0025),
        ("3e-4", 3e-4),
        ("3E4", 3e4),
        ("3×10^-4", 3e-4),
        ("3·10⁻⁴", 3e-4),
        ("3 * 10^(-4)", 3e-4),
        ("10^6", 1e6),
        ("2^20", 2**20),
        ("-2^2", 4),
        ("0,25", 0.25),
        ("1,000", 1000),
        ("1,234,567", 1234567),
        ("12,3456", 12.3456),
        ("10 000", 10000),
        ("1/0", float("inf")),
    ],
)
def test_numbers_as_people_write_them(js: Js, text: str, value: float):
    assert float(js("answers", "m.number(text)", text=text)) == pytest.approx(
        value, rel=1e-12
    )


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3", "1/2/3", "e5", "--1", "0x10", "∞", "1;2"]
)
def test_other_text_is_no_number(js: Js, text: str):
    assert js("answers", "Number.isNaN(m.number(text))", text=text) is True


@pytest.mark.parametrize(
    ("given", "value", "within", "near"),
    [
        (105, 100, "5%", True),
        (95, 100, "5%", True),
        (105.01, 100, "5%", False),
        (-105, -100, "5%", True),
        (0.3, 0.1 + 0.2, "0%", False),  # 0.30000000000000004
        (0.35, 0.3, "0.05", True),
        (0.36, 0.3, "0.05", False),
        (0, 0, "5%", True),
        (0.001, 0, "5%", False),
        (7, 7, "0", True),
    ],
)
def test_near_enough(js: Js, given: float, value: float, within: str, near: bool):
    found = js(
        "answers",
        "m.isNear(given, value, within)",
        given=given,
        value=value,
        within=within,
    )
    assert found is near


@pytest.mark.parametrize(
    ("given", "printed", "right"),
    [
        ("2.5", "2.5", True),
        ("2.50", "2.5", True),
        ("(1.0,True)", "(1.0, True)", True),
        ('"up"', "'up'", True),
        ("[1  2]", "[1 2]", True),
        ("1 2", "1\n2", True),
        ("true", "True", False),
        ("", "0", False),
        ("12", "1 2", False),
    ],
)
def test_what_code_prints(js: Js, given: str, printed: str, right: bool):
    assert (
        js("answers", "m.isPrinted(given, printed)", given=given, printed=printed)
        is right
    )
