"""optimizer_rates: the best rate of each method, found and drawn."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from optimizer_race import RATES, race
from optimizer_rates import figure, tuned
from surfaces import SURFACES


@pytest.mark.parametrize("surface", SURFACES)
def test_tuned_losses_are_the_lowest_of_the_slider(surface):
    for name, (loss, rate) in tuned(surface).items():
        ends = race(surface)[name][1][-1].tolist()
        assert loss == sorted(ends)[0] == ends[RATES.index(rate)]


def ranking(surface):
    best = tuned(surface)
    return sorted(best, key=lambda name: best[name][0])


def test_the_ranking_changes_with_the_surface_even_when_tuned():
    winners = [figure(Figure(), s)["tuned_winner"] for s in SURFACES]
    assert winners == ["Nesterov", "momentum", "Adagrad"]
    assert ranking("valley")[4] == "SGD"


def test_three_methods_arrive_beside_the_saddle():
    arrived = {name for name, (loss, _) in tuned("saddle").items() if loss < 1e-30}
    assert arrived == {"Adagrad", "SGD", "Nesterov"}


def test_adam_is_among_the_first_four_everywhere_and_second_on_the_bend():
    assert all("Adam" in ranking(surface)[1:4] for surface in SURFACES)
    assert ranking("rosenbrock")[:2] == ["momentum", "Adam"]


@pytest.mark.parametrize("surface", SURFACES)
def test_more_rates_work_for_adam_than_for_sgd(surface):
    runs = race(surface)
    reached = {
        name: int(np.sum(runs[name][1][-1] <= 0.01 * runs[name][1][0]))
        for name in ("Adam", "SGD")
    }
    assert reached["Adam"] > reached["SGD"]


def test_sgd_has_its_best_rate_below_two_over_the_curvature():
    assert tuned("valley")["SGD"][1] == max(r for r in RATES if r < 2 / 25)


@pytest.mark.parametrize("surface", SURFACES)
def test_curves_and_diamonds_show_the_runs_inside_the_axes(surface):
    fig = Figure()
    facts = figure(fig, surface)
    ax = fig.axes[0]
    low, high = ax.get_ylim()
    curves = [line for line in ax.lines if line.get_marker() == "o"]
    diamonds = [line for line in ax.lines if line.get_marker() == "D"]
    for curve, name in zip(curves, race(surface), strict=True):
        rates, loss = curve.get_xydata().T
        run = race(surface)[name][1][-1]
        shown = (run > low) & (run < high)
        assert rates.tolist() == RATES
        np.testing.assert_allclose(loss[shown], np.maximum(run, 2e-13)[shown])
    best = tuned(surface)
    ranks = [text.get_text().split()[1] for text in ax.texts[1:]]
    assert ranks == sorted(best, key=lambda name: best[name][0])
    best.pop("Adadelta")
    for diamond, (name, (loss, rate)) in zip(diamonds, best.items(), strict=True):
        assert diamond.get_xydata().tolist() == [[rate, max(loss, 2e-13)]]
        assert facts[f"tuned_{name.lower()}"] == loss
        assert low < max(loss, 2e-13) < high
