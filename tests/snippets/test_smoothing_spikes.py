"""smoothing_spikes against plateaus worked out by hand."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from smoothing import moving_average, running_median
from smoothing_spikes import errors, figure, spiked


@pytest.mark.parametrize("w", [3, 5, 9])
def test_mean_turns_a_spike_into_a_plateau_of_its_height_over_w(w):
    x = np.zeros(41)
    x[20] = 10
    mean = moving_average(x, w)
    assert np.count_nonzero(np.isclose(mean, 10 / w)) == w
    assert np.count_nonzero(np.isclose(mean, 0)) == len(mean) - w


@pytest.mark.parametrize("w", [3, 4, 5, 9])
def test_median_of_three_or_more_removes_a_spike(w):
    x = np.zeros(41)
    x[20] = 10
    assert not running_median(x, w).any()


def test_median_keeps_a_burst_longer_than_half_its_window():
    x = np.zeros(41)
    x[20:23] = 10
    assert running_median(x, 5).max() == 10 and running_median(x, 7).max() == 0


@pytest.mark.parametrize("window", [3, 5, 7, 9])
@pytest.mark.parametrize("spike", [2, 10, 20])
def test_facts_of_a_flat_series(window, spike):
    facts = figure(Figure(), window=window, spike=spike)
    assert facts["spike_height"] == pytest.approx(spike / window)
    # of the spike before, an EMA still holds at most (1 − α)⁴⁰ < 1e-3
    assert facts["spike_ema"] == pytest.approx(spike * 2 / (window + 1), rel=1e-3)
    assert facts["spike_median"] == 0


@pytest.mark.parametrize("window", [3, 5, 7, 9])
@pytest.mark.parametrize("spike", [4, 10, 20])
def test_median_error_is_below_a_third_of_the_means(window, spike):
    mean, median = errors(spike, window)
    assert median < mean / 3


def test_errors_agree_with_a_loop():
    clean, dirty = spiked(10)
    off = [
        (np.mean(dirty[t - 2 : t + 3]) - clean[t]) ** 2
        for t in range(2, len(clean) - 2)
    ]
    assert errors(10, 5)[0] == pytest.approx(np.mean(off) ** 0.5)


def test_mean_error_grows_with_the_spike_and_the_medians_hardly():
    (small, a), (large, b) = errors(4, 5), errors(20, 5)
    assert large > 4 * small and b < 1.5 * a


def test_ten_spikes_are_added():
    clean, dirty = spiked(10)
    assert np.count_nonzero(dirty != clean) == 10


def test_drawn_mean_and_median_are_centered():
    fig = Figure()
    figure(fig)
    *_, mean, median = fig.axes[0].lines
    x, y = mean.get_xydata().T
    assert x[np.isclose(y, 2)].tolist()[:5] == [18, 19, 20, 21, 22]
    assert not median.get_ydata().any()
