"""What the labs share: a figure that says what it shows, and the check of an answer."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib.style
import numpy as np
from IPython.display import display
from matplotlib import rc_context
from matplotlib.figure import Figure


@contextmanager
def drawing(alt: str) -> Iterator[Figure]:
    """A figure to draw on, shown afterwards; alt says what it shows."""
    with matplotlib.style.context("study.mplstyle"):
        fig = Figure()
        yield fig
        out = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with rc_context({"svg.hashsalt": alt}):
            fig.savefig(out, format="svg", facecolor="white", metadata=nothing)
    data = {"image/svg+xml": out.getvalue(), "text/plain": alt}
    display(data, metadata={"alt": alt}, raw=True)


def check(
    exercise: str, answer: Any, wanted: Any, hint: str, within: float = 1e-6
) -> None:
    """Say whether an answer is what another road finds, within a share of it."""
    if answer is ...:
        print(f"{exercise}: not solved yet. Put your code where the ... stands.")
        return
    yours, right = np.asarray(answer, float), np.asarray(wanted, float)
    if yours.shape != right.shape:
        wrong = f"its shape is {yours.shape} and should be {right.shape}"
    elif not np.allclose(yours, right, rtol=within, atol=1e-9):
        wrong = f"it gives {np.array2string(yours, precision=4, threshold=6)}"
    else:
        print(f"{exercise}: right.")
        return
    raise AssertionError(f"{exercise}: not right yet, {wrong}. Hint: {hint}")
