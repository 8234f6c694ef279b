"""Eight activation functions with their slopes, and what slopes inputs meet.

A layer multiplies the gradient by its slopes, so what matters is not the
curve alone but where on it the inputs of the layer lie.

Source: Hendrycks & Gimpel, Gaussian Error Linear Units (GELUs),
arXiv:1606.08415 (2016), for the GELU and what it is compared with.
"""

from functools import lru_cache
from math import erfc, pi
from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure

from deep_network import ACTIVATIONS, Array, Unary, sigmoid

Name = Literal[
    "sigmoid", "tanh", "relu", "leaky", "elu", "softplus", "gelu", "swish"
]
SPREADS = [0.25, 0.5, 1, 2, 4, 8]
FLAT = 0.05  # a slope this near to 0 is shaded


# --8<-- [start:smooth]
def bell(z: Array) -> Array:
    """Density of standard normal numbers at z."""
    return np.exp(-(z**2) / 2) / (2 * pi) ** 0.5


def below(z: Array) -> Array:
    """Share of standard normal numbers below z; NumPy has no erfc."""
    return np.vectorize(erfc, otypes=[float])(-z / 2**0.5) / 2


SMOOTH: dict[str, tuple[Unary, Unary]] = {
    "softplus": (lambda z: np.logaddexp(z, 0), sigmoid),
    "gelu": (lambda z: z * below(z), lambda z: below(z) + z * bell(z)),
    "swish": (
        lambda z: z * sigmoid(z),
        lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z))),
    ),
}
FAMILY = {name: ACTIVATIONS.get(name) or SMOOTH[name]
          for name in Name.__args__}  # type: ignore[attr-defined]
# --8<-- [end:smooth]


# --8<-- [start:averages]
@lru_cache
def averages(name: str, std: float) -> dict[str, float]:
    """What normal inputs of mean 0 and this deviation meet on average."""
    t = np.linspace(-8, 8, 4_000)  # of even length: none at the kink
    weight = bell(t) / bell(t).sum()
    value, slope = (f(std * t) for f in FAMILY[name])
    return {
        "mean_output": value @ weight,
        "mean_slope": slope @ weight,
        "rms_slope": (slope**2 @ weight) ** 0.5,
        "flat_share": weight[np.abs(slope) < FLAT].sum(),
    }
# --8<-- [end:averages]


def figure(
    fig: Figure,
    activation: Annotated[Name, "activation"] = "relu",
    input_std: Annotated[float, "spread of inputs", SPREADS] = 1,
) -> dict[str, float]:
    """Draw one activation with its slope, and the slopes that inputs meet."""
    f, slope = FAMILY[activation]
    x, wide = np.linspace(-6, 6, 601), np.linspace(-40, 40, 4_000)
    found = averages(activation, input_std)
    fig.set_size_inches(5.2, 5.8)
    fig.subplots_adjust(0.2, 0.085, 0.93, 0.945, hspace=0.1)
    hill, top, gap, low = fig.subplots(4, height_ratios=(1.3, 5, 0.8, 5))
    gap.set_axis_off()
    hill.fill_between(x, bell(x / input_std), color="C7", alpha=0.5)
    hill.set(xlim=(-6, 6), ylim=(0, 0.42), frame_on=False)
    hill.set(xticks=(), yticks=(), ylabel="inputs")
    flat = np.abs(slope(x)) < FLAT
    top.fill_between(x, -1.5, 3, where=flat, color="C7", alpha=0.15)
    top.plot(x, f(x), "C0", x, slope(x), "C1")
    top.set(xlim=(-6, 6), ylim=(-1.5, 3), yticks=range(-1, 4))
    top.set(xlabel="input z", ylabel="value, slope")
    for left, word, color in (
        (0, f"{activation}(z)", "C0"),
        (0.28, "its slope", "C1"),
        (0.52, f"nearly flat: {found['flat_share']:.0%} of inputs", "C7"),
    ):
        hill.text(left, 1.12, word, color=color, transform=hill.transAxes)
    for row, name in enumerate(FAMILY):
        size = averages(name, input_std)["rms_slope"]
        low.barh(row, size, color="C1", alpha=1 if name == activation else 0.3)
        low.text(size + 0.02, row, f"{size:.2f}", va="center", color="C1")
    low.set(xlim=(0, 1.12), ylim=(7.6, -0.6), xticks=(0, 0.25, 0.5, 0.75, 1))
    low.set_yticks(range(8), FAMILY)
    low.set(xlabel="root mean square slope of the inputs", ylabel="activation")
    return found | {
        "least_slope": slope(wide).min(),
        "largest_slope": slope(wide).max(),
        "slope_at_minus_5": slope(np.array([-5.0]))[0],
        "lowest_value": f(wide).min(),
    }
