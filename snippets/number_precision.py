"""Floating point keeps its relative precision at any scale, not any offset.

Storing a small spread around a large mean loses digits for good; storing
large or small numbers does not, until the range of the format ends.

Source: Goldberg, What every computer scientist should know about
floating-point arithmetic, ACM Computing Surveys 23, 5–48 (1991).
"""

from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure

Precision = Literal["half", "single"]
KINDS = {"half": np.float16, "single": np.float32}
EXPONENTS = np.linspace(-8, 12, 81)


# --8<-- [start:spacing]
def relative_spacing(x: np.ndarray) -> np.ndarray:
    """Distance to the next larger float, as a share of x."""
    return np.spacing(x) / x
# --8<-- [end:spacing]


# --8<-- [start:stored]
def stored_error(factor: float, offset: float, precision: Precision) -> float:
    """Error of 1000 stored inputs, once centered, as a share of their spread.

    The inputs are standard normal, times the factor, plus the offset; the
    error is infinite if one of them overflows.
    """
    v = np.random.default_rng(0).normal(size=1000)
    with np.errstate(over="ignore"):
        stored = (v * factor + offset).astype(KINDS[precision])
    if not np.isfinite(stored).all():
        return np.inf
    back = stored.astype(float) / factor
    lost = (back - back.mean()) - (v - v.mean())
    return float(np.sqrt(np.mean(lost**2)))
# --8<-- [end:stored]


def figure(
    fig: Figure,
    log10_size: Annotated[float, "log₁₀ of the size", range(-8, 13, 2)] = 6,
    precision: Annotated[Precision, "precision"] = "single",
) -> dict[str, float]:
    """Draw what storing inputs costs, by their scale and by their offset."""
    fig.subplots_adjust(left=0.16, top=0.87, bottom=0.16)
    ax, facts = fig.subplots(), dict[str, float]()
    for name, hue, width, left, errors in (
        ("offset", "C1", 5, 0.5, [(1.0, 10.0**e) for e in EXPONENTS]),
        ("scale", "C0", 2, 0, [(10.0**e, 0.0) for e in EXPONENTS]),
    ):
        y = [np.log10(stored_error(f, o, precision)) for f, o in errors]
        at = int(np.abs(EXPONENTS - log10_size).argmin())
        ax.plot(EXPONENTS, y, hue, lw=width)
        ax.plot(log10_size, y[at], "o", color=hue, ms=9, clip_on=False)
        sign = "×" if name == "scale" else "+"
        note = f"{name}: inputs {sign} size"
        ax.text(left, 1.07, note, color=hue, transform=ax.transAxes)
        facts[f"{name}_error"] = float(10 ** y[at])
    if precision == "half":
        ax.text(5.2, -4, "from 10⁵ on\nboth overflow", color="C7")
    ax.set(xlim=(-8.2, 12.2), ylim=(-8, 0.8), xticks=range(-8, 13, 4))
    ax.set(yticks=(-8, -6, -4, -2, 0), xlabel="log₁₀ of the size")
    ax.set_ylabel("log₁₀ of error / spread")
    spacing = relative_spacing(np.geomspace(1e-3, 1e100, 10_000))
    facts |= {"spacing_low": spacing.min(), "spacing_high": spacing.max()}
    return facts
