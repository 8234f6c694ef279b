"""kmeans_elbow: the four rules by geometry, and where each one fails."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from kmeans import best
from kmeans_choice import figure as choice
from kmeans_elbow import (
    chord,
    elbow_curve,
    figure,
    largest_drop,
    ratio,
    second_difference,
)

RULES = ["largest_drop_k", "second_difference_k", "chord_k", "ratio_k", "silhouette_k"]


def answers(data, seed=0):
    facts = figure(Figure(), data, seed=seed)
    return [facts[rule] for rule in RULES]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_on_a_square_drop_and_second_difference_say_two_the_others_four(seed):
    assert answers("square", seed) == [2, 2, 4, 4, 4]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_on_a_circle_the_chord_fails_and_the_ratio_finds_six(seed):
    assert answers("circle", seed)[2:] == [3, 6, 6]


def test_on_pairs_every_rule_reports_the_two_far_groups():
    assert answers("pairs") == [2, 2, 2, 2, 2]


def test_no_rule_is_right_on_all_four_samples():
    right = {"square": {4}, "circle": {6}, "pairs": {2, 4}, "uniform": {1}}
    facts = {data: choice(Figure(), data) for data in right}
    rows = list(zip(*(answers(data) for data in right), strict=True))
    rows += [[facts[d][k] for d in right] for k in ("gap_k", "gap_peak_k", "bic_k")]
    for row in rows:
        assert any(k not in right[data] for k, data in zip(row, right, strict=True))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_on_uniform_points_k_times_distortion_stays_within_a_quarter(seed):
    facts = figure(Figure(), "uniform", seed=seed)
    # Halving a square leaves 5/8 of its variance: 2 × 5/8 is the most, 1.25.
    assert 0.75 <= facts["flat_low"] <= facts["flat_high"] <= 1.25


def test_clusters_break_the_flat_product():
    assert figure(Figure(), "square")["flat_low"] < 0.5


@pytest.mark.parametrize("d", [1, 3])
def test_in_d_dimensions_the_power_of_k_is_two_over_d(d):
    points = np.random.default_rng(0).uniform(size=(400, d))
    flat = np.array([k ** (2 / d) * best(points, k, 5)[2] for k in range(1, 11)])
    # Cells of a few cuts are not cubes: within a quarter, as in the plane.
    assert np.all(np.abs(flat / flat[0] - 1) < 0.25)


@pytest.mark.parametrize("last", [4, 9, 16, 100])
def test_on_a_curve_without_a_corner_the_chord_answers_the_root_of_the_last(last):
    assert chord(1 / np.arange(1, last + 1)) == np.sqrt(last)


@pytest.mark.parametrize("rule", [largest_drop, second_difference, ratio])
def test_on_a_curve_without_a_corner_the_other_rules_answer_two(rule):
    assert rule(1 / np.arange(1, 31)) == 2


@pytest.mark.parametrize("data", ["square", "circle", "pairs", "uniform"])
def test_chord_rule_is_the_largest_perpendicular_distance(data):
    w = elbow_curve(data)[0]
    z = np.arange(1, 11) + 1j * w
    apart = ((z - z[0]) * np.conj(z[-1] - z[0])).imag  # parallelogram areas
    assert chord(w) == 1 + np.abs(apart).argmax()


def test_rules_agree_with_loops_that_only_compare():
    rng = np.random.default_rng(0)
    for _ in range(50):
        w = np.sort(rng.uniform(1, 2, 8))[::-1]
        at = {k: w[k - 1] for k in range(1, 9)}
        drop = max(range(2, 9), key=lambda k: at[k - 1] - at[k])
        bend = max(range(2, 8), key=lambda k: at[k - 1] - 2 * at[k] + at[k + 1])
        least = max(range(2, 9), key=lambda k: at[k - 1] / at[k])
        assert (largest_drop(w), second_difference(w), ratio(w)) == (drop, bend, least)


def test_savings_on_the_square_are_near_their_expected_values():
    facts = figure(Figure(), "square")
    # n a², n a² / 2 twice with n = 240, a = 3: the sample means of clusters of
    # sd 0.7 move a by 0.7 / √60 ≈ 0.09, the squares by 6%.
    assert facts["drop_2"] == pytest.approx(240 * 9, rel=0.06)
    assert facts["drop_3"] == pytest.approx(240 * 9 / 2, rel=0.06)
    assert facts["drop_4"] == pytest.approx(240 * 9 / 2, rel=0.06)


def test_the_curve_drawn_is_the_distortion_over_that_of_one_cluster():
    fig = Figure()
    facts = figure(fig, "circle", 6)
    x, y = fig.axes[1].lines[2].get_xydata().T
    drops = [facts[f"drop_{k}"] for k in range(2, 6)]
    total = facts["distortion"] / facts["share"]
    np.testing.assert_allclose(np.diff(y)[:4], -np.array(drops) / total, rtol=1e-9)
    assert (x[0], y[0]) == (1, 1)


@pytest.mark.parametrize("k", [1, 4, 10])
def test_the_ring_lies_on_the_curve_at_the_k_shown(k):
    fig = Figure()
    figure(fig, "square", k)
    curve, ring = (line.get_xydata() for line in fig.axes[1].lines[2:])
    np.testing.assert_allclose(ring, [curve[k - 1]])


@pytest.mark.parametrize("data", ["square", "uniform"])
def test_marks_stand_at_the_answers_beside_their_names(data):
    fig = Figure()
    facts = figure(fig, data)
    ax = fig.axes[2]
    names = {label.get_position()[1]: label.get_text() for label in ax.texts}
    drawn = {names[y]: x for x, y in ax.lines[0].get_xydata()}
    said = {name: facts[name.replace(" ", "_") + "_k"] for name in names.values()}
    assert drawn == said
