"""roc_same_area: the two rival curves by geometry, and what is drawn of them."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from roc_auc import roc_curve
from roc_same_area import LABELS, A, B, figure, found

LIMITS = np.linspace(0, 1, 21)


@pytest.mark.parametrize(("scores", "corner"), [(A, (0, 0.5)), (B, (0.5, 1))])
def test_each_curve_has_one_corner_and_area_three_quarters(scores, corner):
    fpr, tpr = roc_curve(scores, LABELS)
    assert list(zip(fpr, tpr, strict=True)) == [(0, 0), corner, (1, 1)]
    x, y = np.array([(0, 0), corner, (1, 1), (1, 0)]).T
    shoelace = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    assert shoelace == 0.75


def test_reported_areas_are_three_quarters():
    facts = figure(Figure())
    assert (facts["area_a"], facts["area_b"]) == (0.75, 0.75)


@pytest.mark.parametrize("limit", LIMITS)
def test_found_is_the_best_mix_of_two_thresholds_within_the_limit(limit):
    for scores in A, B:
        points = list(zip(*roc_curve(scores, LABELS), strict=True))
        best = max(
            y0 + share * (y1 - y0)
            for x0, y0 in points
            for x1, y1 in points
            for share in np.linspace(0, 1, 101)
            if x0 + share * (x1 - x0) <= limit + 1e-12
        )
        # limits are multiples of 1/20: every best mix has a share of n/100
        assert found(scores, limit) == pytest.approx(best, abs=1e-12)


def test_the_gap_is_widest_where_no_false_positive_is_allowed():
    at = np.linspace(0, 1, 301)
    gap = found(A, at) - found(B, at)
    assert np.abs(gap).max() == gap[0] == 0.5


def test_the_curves_cross_once_at_one_third():
    at = np.linspace(0, 1, 301)[:-1]  # they meet again at the end
    sign = np.sign((found(A, at) - found(B, at)).round(12))
    expected = [1] * 100 + [0] + [-1] * 199
    np.testing.assert_array_equal(sign, expected)


@pytest.mark.parametrize(
    ("ratio", "cheaper"), [(0.2, "b"), (0.9, "b"), (1.1, "a"), (9, "a")]
)
def test_the_cheaper_rival_changes_with_the_cost_of_a_false_positive(ratio, cheaper):
    cost = {}
    for name, scores in {"a": A, "b": B}.items():
        fpr, tpr = roc_curve(scores, LABELS)
        cost[name] = (1 - tpr + ratio * fpr).min()
    assert min(cost, key=cost.get) == cheaper


def test_the_shaded_leads_are_two_triangles_of_one_twelfth():
    facts = figure(Figure())
    # corners (0, 0), (0, 1/2), (1/3, 2/3), and (1/3, 2/3), (1/2, 1), (1, 1)
    assert facts["lead_a"] == pytest.approx(1 / 2 * 1 / 2 * 1 / 3, abs=1e-12)
    assert facts["lead_b"] == pytest.approx(1 / 2 * 1 / 2 * 1 / 3, abs=1e-12)


def test_each_shade_has_the_reported_area():
    fig = Figure()
    facts = figure(fig)
    for shade, name in zip(fig.axes[0].collections, ["lead_a", "lead_b"], strict=True):
        areas = []
        for path in shade.get_paths():
            x, y = path.vertices.T
            areas.append(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
        assert sum(areas) == pytest.approx(facts[name], abs=1e-12)


def test_each_shade_lies_where_its_model_leads():
    fig = Figure()
    figure(fig)
    shaded = [
        [path.contains_point(point) for path in shade.get_paths()]
        for shade in fig.axes[0].collections
        for point in [(0.1, 0.4), (0.6, 0.9)]
    ]
    assert shaded == [[True], [False], [False], [True]]


@pytest.mark.parametrize("limit", LIMITS)
def test_the_dots_lie_on_their_curves_at_the_limit(limit):
    fig = Figure()
    facts = figure(fig, limit)
    curve_a, curve_b, _, a, b = (line.get_xydata() for line in fig.axes[0].lines)
    for curve, dot, name in (curve_a, a, "a_finds"), (curve_b, b, "b_finds"):
        assert dot.tolist() == [[limit, facts[name]]]
        (dx, dy), (x, y) = np.diff(curve, axis=0).T, (dot - curve[:-1]).T
        assert np.abs(dx * y - dy * x).min() < 1e-12


@pytest.mark.parametrize("limit", LIMITS)
def test_the_upright_line_does_not_enter_the_shades(limit):
    fig = Figure()
    figure(fig, limit)
    upright = fig.axes[0].lines[2].get_xydata()
    assert upright[1, 1] <= min(0.5 + limit / 2, 2 * limit, 1) + 1e-12
