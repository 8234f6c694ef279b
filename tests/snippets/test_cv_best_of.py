"""cv_best_of against many draws and the coins' own law."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from cross_validation import deal
from cv_best_of import best_of, expected_best, figure


@pytest.mark.parametrize("models", [1, 5, 50, 200])
def test_expected_best_agrees_with_many_draws(models):
    draws = np.random.default_rng(0).binomial(60, 0.5, (4000, models)).max(axis=1) / 60
    error = draws.std() / 4000**0.5
    assert expected_best(models) == pytest.approx(draws.mean(), abs=4 * error)


def test_best_of_two_fair_coins_on_one_case():
    assert expected_best(2, n=1) == pytest.approx(0.75)


def test_best_of_fifty_on_sixty_cases_is_about_0_65():
    assert expected_best(50) == pytest.approx(0.65, abs=0.01)


def test_one_models_scores_have_the_deviation_of_a_coin():
    scores = best_of(20_000)[0]
    sd = figure(Figure())["coin_sd"]
    assert np.std(scores) == pytest.approx(sd, rel=0.02)


def test_nested_scores_average_one_half_and_best_scores_do_not():
    found = np.array([best_of(50, seed=seed)[1:] for seed in range(400)])
    error = found.std(axis=0) / 20
    assert found[:, 1].mean() == pytest.approx(0.5, abs=3 * error[1])
    assert found[:, 0].mean() == pytest.approx(expected_best(50), abs=3 * error[0])


def test_nested_chooses_without_the_outer_fold():
    right = np.random.default_rng(3).random((5, 60)) < 0.5
    fold = deal(60, 10, 3)
    scores = []
    for f in range(10):
        inner = [sum(row[fold != f]) for row in right]
        winner = inner.index(max(inner))
        scores.append(np.mean(right[winner][fold == f]))
    assert best_of(5, seed=3)[2] == pytest.approx(np.mean(scores))


def test_with_one_model_there_is_nothing_to_choose():
    scores, best, nested = best_of(1)
    assert best == pytest.approx(nested) and scores.tolist() == [best]


@pytest.mark.parametrize("models", [1, 10, 50, 200])
def test_a_bar_marks_the_mean_nested_score_which_is_chance(models):
    fig = Figure()
    facts = figure(fig, models=models)
    assert fig.axes[0].lines[-4].get_ydata().tolist() == [facts["nested_mean"]]
    assert abs(facts["nested_mean"] - 0.5) < 4 * facts["coin_sd"] / 100**0.5


@pytest.mark.parametrize("models", [1, 2, 5, 10, 20, 50, 100, 200])
def test_all_models_are_drawn_with_the_best_and_the_nested_one(models):
    for seed in range(5):
        fig = Figure()
        facts = figure(fig, models=models, seed=seed)
        ticks, best, nested = fig.axes[0].lines[-3:]
        assert sorted(ticks.get_ydata()) == sorted(best_of(models, seed=seed)[0])
        assert best.get_ydata().tolist() == [facts["best_of_models"]]
        assert nested.get_ydata().tolist() == [facts["nested"]]
        low, _ = fig.axes[0].get_ylim()
        drawn = [*ticks.get_ydata(), facts["nested"]]
        assert low + 0.02 < min(drawn) and max(drawn) < 0.74  # where the words begin
