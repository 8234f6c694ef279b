"""A running mean spreads an outlier over its window; a median drops it.

Which of them "removes outliers" is a matter of what each does to one spike.

Source: Tukey, Exploratory Data Analysis, chapter 7 (1977).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from smoothing import ema, moving_average, running_median


# --8<-- [start:spikes]
def spiked(height: float, flat: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """A sine of period 50, or 0; the same with ten spikes, (400,) each."""
    clean = np.zeros(400) if flat else np.sin(2 * np.pi * np.arange(400) / 50)
    dirty = clean.copy()
    dirty[20::40] += height
    return clean, dirty


def errors(height: float, w: int) -> tuple[float, float]:
    """Root mean square error of running mean and median on the sine."""
    clean, dirty = spiked(height)
    target = clean[w // 2 : len(clean) - w // 2]
    return (
        float(np.mean((moving_average(dirty, w) - target) ** 2) ** 0.5),
        float(np.mean((running_median(dirty, w) - target) ** 2) ** 0.5),
    )
# --8<-- [end:spikes]


def figure(
    fig: Figure,
    window: Annotated[int, "window w", [3, 5, 7, 9]] = 5,
    spike: Annotated[float, "height of a spike", range(0, 21, 2)] = 10,
) -> dict[str, float]:
    """Draw what mean, median and EMA make of spikes."""
    half, alpha = window // 2, 2 / (window + 1)
    fig.set_size_inches(5.2, 4.8)
    fig.subplots_adjust(left=0.12, bottom=0.11, top=0.86, hspace=0.35)
    top, low = fig.subplots(2)
    facts: dict[str, float] = {}
    for ax, flat in (top, True), (low, False):
        _, x = spiked(spike, flat)
        mean, median = moving_average(x, window), running_median(x, window)
        t = np.arange(48 if flat else 201)  # no more of it is in sight
        inner = t[half:]
        ax.plot(t, x[t], "o-", color="C7", ms=3, lw=0.7, alpha=0.6)
        if flat:
            ax.plot(t, ema(x, alpha)[t], "C2o-", ms=3, lw=1.5)
            facts = {"spike_height": mean.max(),
                     "spike_ema": ema(x, alpha).max(),
                     "spike_median": median.max()}
        ax.plot(inner, mean[: inner.size], "C1o-" if flat else "C1", ms=3)
        ax.plot(inner, median[: inner.size], "C0o-" if flat else "C0", ms=3)
    rmse_mean, rmse_median = errors(spike, window)
    for place, high, hue, note in (
        (0, 1.17, "C7", f"spike {spike:g}"),
        (0, 1.04, "C2", f"EMA, α = {alpha:.3g}"),
        (0.42, 1.17, "C1", f"mean of {window}: error {rmse_mean:.3f}"),
        (0.42, 1.04, "C0", f"median of {window}: error {rmse_median:.3f}"),
    ):
        top.text(place, high, note, color=hue, transform=top.transAxes)
    top.set(xlim=(6, 46), ylim=(-1.5, 21), xlabel="step", ylabel="flat series")
    low.set(xlim=(0, 200), ylim=(-1.6, 6), xlabel="step", ylabel="sine")
    return facts | {"rmse_mean": rmse_mean, "rmse_median": rmse_median}
