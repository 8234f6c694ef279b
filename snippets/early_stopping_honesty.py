"""The best validation loss is the lowest of many, and so too good.

The check that looks best is partly the check with the luckiest noise; the
same weights do worse on new cases.

Source: Cawley & Talbot, On over-fitting in model selection and subsequent
selection bias in performance evaluation, Journal of Machine Learning
Research 11, 2079–2107 (2010).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from early_stopping import mean_loss, sample, train, true_loss


# --8<-- [start:choose]
@lru_cache
def chosen(cases: int, sets: int = 200) -> np.ndarray:
    """For each validation set its lowest loss, and the true loss there."""
    path = train(noise=1)
    truth, found = true_loss(path, noise=1), []
    for seed in range(2000, 2000 + sets):
        losses = mean_loss(path, *sample(1, seed, cases))
        found.append((losses.min(), truth[losses.argmin()]))
    return np.array(found)  # (sets, 2)
# --8<-- [end:choose]


def figure(
    fig: Figure,
    cases: Annotated[int, "validation cases", [10, 20, 40, 80, 160]] = 20,
) -> dict[str, float]:
    """Draw, for 200 validation sets, what they promise and what is true."""
    promised, true = chosen(cases).T
    fig.set_size_inches(5.2, 3.6)
    fig.subplots_adjust(0.13, 0.15, 0.97, 0.96)
    ax = fig.subplots()
    ax.plot([0, 5], [0, 5], color="C7", lw=1)
    ax.plot(promised, true, "o", color="C0", ms=3, alpha=0.5)
    ax.plot(promised.mean(), true.mean(), "D", color="C1", ms=8)
    ax.text(3.6, 3.35, "honest", color="C7")
    ax.text(4.15, 0.6, f"◆ promised {promised.mean():.2f}", color="C1",
            ha="right")
    ax.text(4.15, 0.25, f"true {true.mean():.2f}", color="C1", ha="right")
    ax.set(xlim=(0, 4.2), ylim=(0, 4.2))
    ax.set(xlabel="lowest validation loss", ylabel="true loss of that check")
    return {"promised": promised.mean(), "true": true.mean(),
            "optimism": true.mean() - promised.mean(),
            "too_low": np.mean(promised < true)}
