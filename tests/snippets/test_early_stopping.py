"""early_stopping: the rule on curves worked by hand, the losses by other roads."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from early_stopping import (
    SCALE,
    TRUE,
    early_stop,
    figure,
    first_rise,
    mean_loss,
    sample,
    train,
    true_loss,
)

PATIENCE, DELTAS, NOISES = [1, 2, 3, 5, 8, 12, 20], [0, 0.05, 0.2], [0.5, 1, 1.5]


def test_patience_counts_checks_without_a_new_best_though_the_loss_falls():
    assert early_stop([1, 0.5, 0.7, 0.6, 0.55, 0.52], 3) == (1, 4)


def test_a_plateau_of_ties_exhausts_patience():
    assert early_stop([1, 0.5, 0.5, 0.5, 0.5, 0.4], 3) == (1, 4)


def test_a_small_improvement_only_adds_to_the_count():
    assert early_stop([1, 0.9, 0.899, 0.7, 0.6, 0.5], 3, 0.01) == (5, 5)


def test_small_improvements_add_up_against_the_best():
    assert early_stop([1, 0.96, 0.92, 0.88, 0.88, 0.88], 3, 0.1) == (3, 5)


def test_first_rise_is_not_the_best_check():
    losses = [1, 0.9, 0.95, 0.85, 0.9, 0.8, 0.9, 0.95, 0.96]
    assert (first_rise(losses), early_stop(losses, 3)) == (2, (5, 8))


def test_a_curve_that_never_rises_is_followed_to_its_end():
    losses = [3, 2, 1]
    assert (first_rise(losses), early_stop(losses, 1)) == (2, (2, 2))


def by_definition(losses, patience):
    """The first check whose last `patience` losses bring nothing new, else the end."""
    for end in range(patience, len(losses)):
        before = losses[: end - patience + 1]
        if min(losses[end - patience + 1 : end + 1]) >= min(before):
            return int(np.argmin(before)), end
    return int(np.argmin(losses)), len(losses) - 1


@pytest.mark.parametrize("seed", range(20))
def test_rule_agrees_with_its_definition_on_random_walks(seed):
    rng = np.random.default_rng(seed)
    losses = np.cumsum(rng.integers(-2, 3, 60)).tolist()  # with ties
    for patience in range(1, 15):
        assert early_stop(losses, patience) == by_definition(losses, patience)


@pytest.mark.parametrize("delta", [0, 0.5, 2])
def test_more_patience_never_ends_earlier_nor_returns_a_worse_loss(delta):
    for seed in range(20):
        losses = np.random.default_rng(seed).normal(size=60).cumsum()
        found = [early_stop(losses, p, delta) for p in range(1, 30)]
        best, ends = np.array(found).T
        assert np.all(np.diff(ends) >= 0) and np.all(np.diff(losses[best]) <= 0)


def test_true_loss_agrees_with_many_new_cases():
    path = train(1.0)[::25]
    x, y = sample(1.0, 77, 100_000)
    # squared normal errors: relative standard error sqrt(2 / 100,000) = 0.45%
    np.testing.assert_allclose(true_loss(path, 1.0), mean_loss(path, x, y), rtol=0.02)


def test_training_steps_follow_the_gradient_of_one_case():
    x, y = sample(0.5, 13)
    rows = np.random.default_rng(13).integers(40, size=(100, 8))[0]
    w = np.zeros(40)
    for i in rows:

        def loss(v, i=i):
            return (x[i] @ v - y[i]) ** 2 / 2

        slope = [(loss(w + e) - loss(w - e)) / 2e-4 for e in 1e-4 * np.eye(40)]
        w = w - 0.03 * np.array(slope)
    np.testing.assert_allclose(train(0.5)[1], w, atol=1e-9)


def test_forty_features_can_fit_forty_cases():
    x, y = sample(1.0, 13)
    assert np.linalg.matrix_rank(x) == 40
    assert mean_loss(np.linalg.solve(x, y)[None], x, y)[0] < 1e-20


def test_features_shrink_and_five_of_them_matter():
    x, _ = sample(1.0, 5, 100_000)
    np.testing.assert_allclose(x.std(axis=0), SCALE, rtol=0.02)
    assert TRUE.sum() == 5


@pytest.mark.parametrize("noise", NOISES)
def test_training_loss_falls_on_while_the_true_loss_turns(noise):
    path = train(noise)
    inside, truth = mean_loss(path, *sample(noise, 13)), true_loss(path, noise)
    low = int(truth.argmin())
    assert 0 < low < 100 and inside[-1] < inside[low] / 1.5
    assert truth[-1] > 1.2 * truth[low]


@pytest.mark.parametrize("noise", NOISES)
def test_first_rise_comes_long_before_the_valley(noise):
    facts = figure(Figure(), noise=noise, patience=20)
    assert facts["naive_check"] < 5 < facts["best_check"]
    assert facts["true_at_naive"] > 1.4 * facts["true_at_best"]


@pytest.mark.parametrize("noise", NOISES)
def test_patience_20_finds_the_lowest_check(noise):
    facts = figure(Figure(), noise=noise, patience=20)
    assert facts["best_check"] == facts["lowest_check"]
    assert facts["best_validation"] == facts["lowest"] < facts["validation_at_stop"]


def test_the_page_tells_the_patience_that_each_noise_needs():
    def best(noise, patience):
        return figure(Figure(), patience=patience, noise=noise)["best_check"]

    assert best(1, 2) < best(1, 3) == best(1, 20)
    assert best(1.5, 5) < best(1.5, 8)


def test_a_lower_validation_loss_is_not_always_a_better_model():
    sooner, later = (
        figure(Figure(), noise=1.5, patience=patience) for patience in (5, 8)
    )
    assert later["best_validation"] < sooner["best_validation"] - 0.2
    assert abs(later["true_at_best"] - sooner["true_at_best"]) < 0.05


def test_min_delta_can_return_a_loss_that_is_not_the_lowest_seen():
    facts = figure(Figure(), min_delta=0.2)
    assert facts["validation_at_stop"] < facts["best_validation"]


@pytest.mark.parametrize("patience", [1, 5, 20])
@pytest.mark.parametrize("delta", DELTAS)
def test_marks_stand_on_the_validation_curve_where_the_facts_say(patience, delta):
    fig = Figure()
    facts = figure(fig, patience=patience, min_delta=delta)
    losses = mean_loss(train(1), *sample(1, 1013))
    naive, best, stop = (line.get_xydata()[0] for line in fig.axes[0].lines[-3:])
    assert naive.tolist() == [facts["naive_check"], losses[facts["naive_check"]]]
    assert best.tolist() == [facts["best_check"], facts["best_validation"]]
    assert stop.tolist() == [facts["stop_check"], facts["validation_at_stop"]]
    band = fig.axes[0].patches[0].get_extents()
    ends = band.transformed(fig.axes[0].transData.inverted())
    assert (ends.x0, ends.x1) == pytest.approx((best[0], stop[0]))


@pytest.mark.parametrize("noise", NOISES)
def test_all_three_curves_stay_inside_the_axes(noise):
    fig = Figure()
    figure(fig, noise=noise)
    low, high = fig.axes[0].get_ylim()
    drawn = np.concatenate([line.get_ydata() for line in fig.axes[0].lines])
    assert low < drawn.min() and drawn.max() < high
