"""Final losses against the learning rate: the race that is fair.

A method is as good as its best rate, and as easy to use as the range of
rates that work is wide.

Source: Choi et al., On empirical comparisons of optimizers for deep
learning, arXiv:1910.05446 (2019), on what tuning does to rankings.
"""

from typing import Any, Literal

import numpy as np
from matplotlib.figure import Figure

from optimizer_race import RATES, race
from step_lengths import COLORS


# --8<-- [start:tuned]
def tuned(surface: str) -> dict[str, tuple[float, float]]:
    """The lowest final loss of each method, and the rate that gave it."""
    found = {}
    for name, (_, loss) in race(surface).items():
        best = int(loss[-1].argmin())
        found[name] = float(loss[-1, best]), RATES[best]
    return found
# --8<-- [end:tuned]


def figure(
    fig: Figure,
    ground: Literal["valley", "rosenbrock", "saddle"] = "valley",
) -> dict[str, float | str]:
    """Draw the loss after 200 steps against the rate, and mark the best."""
    fig.set_size_inches(5.2, 4.0)
    fig.subplots_adjust(0.14, 0.14, 0.69, 0.97)
    ax, best = fig.subplots(), tuned(ground)
    for name, (_, loss) in race(ground).items():
        y = np.clip(loss[-1], 2e-13, 1e5)
        ax.loglog(RATES, y, "o-", color=COLORS[name], ms=3)
        if name != "Adadelta":  # it has no rate to choose
            at = max(best[name][0], 2e-13)
            ax.plot(best[name][1], at, "D", color=COLORS[name], ms=8)
    ax.set_xticks([0.001, 0.01, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
    ax.set_yticks([1e-12, 1e-8, 1e-4, 1], ["10⁻¹²", "10⁻⁸", "10⁻⁴", "1"])
    ax.set(xlim=(0.00027, 1.15), ylim=(1e-13, 2e4))
    ax.set(xlabel="learning rate", ylabel="loss after 200 steps")
    column: dict[str, Any] = {"transform": ax.transAxes, "va": "center"}
    ax.text(1.08, 0.93, "at its best rate", color="C7", **column)
    for rank, name in enumerate(sorted(best, key=lambda k: best[k][0]), 1):
        said = f"{rank}. {name}"
        ax.text(1.08, 0.93 - 0.11 * rank, said, color=COLORS[name], **column)
    return {
        **{f"tuned_{name.lower()}": v for name, (v, _) in best.items()},
        "tuned_winner": min(best, key=lambda name: best[name][0]),
    }
