"""kmeans_choice: where each criterion is right, and where it fails."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from kmeans import PLANTED, sample
from kmeans_choice import criteria, figure


def facts(data):
    return figure(Figure(), data)


@pytest.mark.parametrize("name", ["silhouette_k", "gap_k", "bic_k", "gap_peak_k"])
def test_every_criterion_finds_four_clusters_on_a_square(name):
    assert facts("square")[name] == 4


def test_gap_rule_stops_early_on_a_circle_whose_highest_gap_is_at_six():
    assert (facts("circle")["gap_k"], facts("circle")["gap_peak_k"]) == (1, 6)


def test_silhouette_prefers_two_far_pairs_to_four_clusters():
    assert (facts("pairs")["silhouette_k"], facts("pairs")["gap_k"]) == (2, 4)


def test_on_uniform_data_only_the_gap_rule_answers_one():
    found = facts("uniform")
    assert found["gap_k"] == 1 < min(found["silhouette_k"], found["bic_k"])


def test_held_out_distortion_falls_past_the_planted_number():
    found = facts("square")
    assert found["held_out_k"] == 10 and found["held_out_ratio"] < 0.75


@pytest.mark.parametrize("data", ["square", "circle", "pairs", "uniform"])
def test_diamonds_mark_the_silhouettes_peak_and_the_lowest_bic(data):
    fig = Figure()
    figure(fig, data)
    for ax, sign in ((fig.axes[0], 1), (fig.axes[2], -1)):
        curve, mark = (line.get_xydata() for line in ax.lines[:2])
        peak = curve[np.argmax(sign * curve[:, 1])]
        np.testing.assert_array_equal(mark, [peak])


@pytest.mark.parametrize("data", ["square", "circle", "pairs", "uniform"])
def test_a_band_marks_the_planted_number_in_every_panel(data):
    fig = Figure()
    figure(fig, data)
    for ax in fig.axes:
        (band,) = ax.patches
        assert band.get_x() + band.get_width() / 2 == pytest.approx(PLANTED[data])


def test_curves_stay_inside_their_axes():
    for data in ("square", "circle", "pairs", "uniform"):
        fig = Figure()
        figure(fig, data)
        for ax in fig.axes:
            y = ax.lines[0].get_ydata()
            low, high = ax.get_ylim()
            assert low < min(y[1:]) and max(y[1:]) < high


def test_held_out_distortion_of_one_center_splits_into_spread_and_shift():
    fitted, fresh = sample("circle"), sample("circle", seed=100)
    shift = fresh.mean(axis=0) - fitted.mean(axis=0)
    expected = len(fresh) * (fresh.var(axis=0) + shift**2).sum()
    # The same 480 squares summed in another order: rounding only.
    assert criteria("circle")["held_out"][0] == pytest.approx(expected, rel=1e-12)
