"""changed_units against brute force and the algebra of a change of units."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from changed_units import (
    FACTORS,
    NEW,
    figure,
    nearest,
    predictions,
    ridge,
    sample,
    split,
)

METHODS = ("squares", "split", "ridge", "neighbors")


def brute_split(x, y, new):
    """The best of all cuts, by the squared errors that they leave."""
    found = []
    for column, at in zip(x.T, new, strict=True):
        for edge in np.unique(column)[:-1]:
            low = column <= edge
            cost = sum(((y[s] - y[s].mean()) ** 2).sum() for s in (low, ~low))
            found.append((cost, y[low if at <= edge else ~low].mean()))
    return min(found)[1]


@pytest.mark.parametrize("new", [NEW, np.array([-1.0, 1.0]), np.zeros(2)])
def test_split_agrees_with_all_cuts_tried(new):
    x, y = sample()
    assert split(x, y, new) == pytest.approx(brute_split(x, y, new))


@pytest.mark.parametrize("new", [NEW, np.zeros(2)])
def test_nearest_agrees_with_a_sort_by_hand(new):
    x, y = sample()
    rows = sorted(zip(x, y, strict=True), key=lambda r: np.hypot(*(r[0] - new)))
    assert nearest(x, y, new) == pytest.approx(np.mean([t for _, t in rows[:5]]))


@pytest.mark.parametrize("penalty", [0, 10])
def test_ridge_is_least_squares_with_rows_that_pull_to_zero(penalty):
    x, y = sample()
    z = x - x.mean(axis=0)
    rows = np.vstack([z, penalty**0.5 * np.eye(2)])
    w = np.linalg.lstsq(rows, np.append(y - y.mean(), [0, 0]), rcond=None)[0]
    expected = y.mean() + (NEW - x.mean(axis=0)) @ w
    assert ridge(x, y, NEW, penalty) == pytest.approx(expected)


def test_units_change_ridge_and_neighbors_and_neither_least_squares_nor_a_split():
    facts = figure(Figure())
    moved = {name for name in METHODS if facts[f"{name}_range"] > 0.5}
    still = {name for name in METHODS if facts[f"{name}_range"] < 1e-12}
    assert (moved, still) == ({"ridge", "neighbors"}, {"squares", "split"})


def test_standardized_no_method_notices_the_units():
    facts = figure(Figure(), standardize=True)
    assert max(facts.values()) < 1e-12


def test_a_large_unit_lets_ridge_ignore_and_a_small_one_lets_it_keep_the_input():
    x, y = sample()
    w = np.linalg.lstsq(x - x.mean(axis=0), y - y.mean(), rcond=None)[0]
    steep = []
    for factor in (1e-3, 1e3):
        scale = [1, factor]
        one, other = (
            ridge(x * scale, y, (NEW + d) * scale, 10) for d in ([0, 0], [0, 1])
        )
        steep.append(other - one)
    # with one input all but free of the penalty, its weight is not quite w
    assert abs(steep[0]) < 1e-3 and steep[1] == pytest.approx(w[1], rel=0.05)


@pytest.mark.parametrize("standardize", [False, True])
def test_curves_are_the_predictions_under_their_own_names(standardize):
    fig = Figure()
    figure(fig, standardize=standardize)
    ax = fig.axes[0]
    expected = [predictions(f, standardize, 10) for f in FACTORS]
    drawn = np.transpose([line.get_ydata() for line in ax.lines])
    assert np.array_equal(drawn, expected)
    names = [text.get_text() for text in ax.texts]
    assert names == ["least squares", "tree split", "ridge", "5 neighbors"]
    assert [t.get_color() for t in ax.texts] == [line.get_color() for line in ax.lines]


@pytest.mark.parametrize("penalty", [1, 10, 100])
@pytest.mark.parametrize("standardize", [False, True])
def test_curves_stay_inside_the_axes(standardize, penalty):
    fig = Figure()
    figure(fig, standardize=standardize, penalty=penalty)
    low, high = fig.axes[0].get_ylim()
    drawn = np.concatenate([line.get_ydata() for line in fig.axes[0].lines])
    assert low < drawn.min() and drawn.max() < high
