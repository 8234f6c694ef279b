"""Names of drawings that readers take along."""

from collections.abc import Callable
from typing import Any

import pytest

Js = Callable[..., Any]


@pytest.mark.parametrize(
    ("figure", "moved", "name"),
    [
        ("roc_auc.figure", [], "roc_auc.svg"),
        ("roc_auc.ties", [], "roc_auc.ties.svg"),
        (
            "roc_auc.figure",
            [["roc_auc.figure.threshold", "−0.5"], ["roc_auc.figure.separation", "2"]],
            "roc_auc-threshold--0.5-separation-2.svg",
        ),
        ("a.figure", [["a.figure.kind", "../../x y<z>"]], "a-kind-..-..-x-y-z-.svg"),
    ],
)
def test_a_file_says_what_it_shows(js: Js, figure: str, moved: object, name: str):
    assert js("figure-file", "m.fileName(f, k)", f=figure, k=moved) == name
