"""Measures against numbers worked out by hand, and against naive forms of themselves."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation import measures
from bot.evaluation.measures import Bin


def floats(*values: float) -> measures.Floats:
    return np.array(values, dtype=np.float64)


def booleans(*values: int) -> measures.Booleans:
    return np.array(values, dtype=np.bool_)


def test_auroc_counts_a_tie_as_half() -> None:
    # pairs: .9 beats both; .5 ties with .5 and beats .2
    assert measures.auroc(floats(0.9, 0.5), floats(0.5, 0.2)) == pytest.approx((1 + 1 + 0.5 + 1) / 4)


@given(
    st.lists(st.sampled_from([0.0, 0.1, 0.4, 0.5, 1.0]), min_size=1, max_size=12),
    st.lists(st.sampled_from([0.0, 0.1, 0.4, 0.5, 1.0]), min_size=1, max_size=12),
)
def test_auroc_equals_a_count_of_all_pairs(positive: list[float], negative: list[float]) -> None:
    pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    assert measures.auroc(floats(*positive), floats(*negative)) == pytest.approx(sum(pairs) / len(pairs))


def test_auroc_without_one_of_the_sides_is_no_number() -> None:
    assert math.isnan(measures.auroc(floats(), floats(0.5)))
    assert math.isnan(measures.auroc(floats(0.5), floats()))


def test_a_cutoff_lets_through_no_more_than_the_allowed_share() -> None:
    absent = floats(*[i / 20 for i in range(20)])  # 0 to .95: one of twenty is 5 %
    found = measures.cutoff_at(floats(0.9, 0.91, 0.95, 0.2), absent, false=0.05)
    assert found.false == pytest.approx(0.05)
    assert 0.9 < found.threshold < 0.91
    assert found.answered == pytest.approx(0.5)


def test_absent_questions_that_tie_at_the_cutoff_are_all_kept_out() -> None:
    found = measures.cutoff_at(floats(0.9, 0.8), floats(0.8, 0.8, 0.1, 0.1), false=0.25)
    assert found.false == 0
    assert found.answered == pytest.approx(0.5)


def test_a_cutoff_that_allows_everything_is_zero() -> None:
    found = measures.cutoff_at(floats(0.0, 0.8), floats(0.3), false=1.0)
    assert found == measures.Cutoff(0.0, 1.0, 1.0)


def test_bins_of_equal_width_hold_their_upper_edge() -> None:
    confidences = floats(0.0, 0.5, 0.6, 1.0)
    bins = measures.calibration_bins(confidences, booleans(0, 1, 0, 1), equal_mass=False, bins=2)
    assert bins == [Bin(2, 0.25, 0.5), Bin(2, 0.8, 0.5)]
    assert measures.calibration_error(bins) == pytest.approx((2 * 0.25 + 2 * 0.3) / 4)


def test_bins_of_equal_mass_hold_equal_numbers() -> None:
    confidences = floats(0.91, 0.1, 0.9, 0.2, 0.92, 0.93)
    bins = measures.calibration_bins(confidences, booleans(1, 0, 1, 1, 0, 1), equal_mass=True, bins=3)
    assert [held.questions for held in bins] == [2, 2, 2]
    assert bins[0] == pytest.approx((2, 0.15, 0.5))
    assert bins[2] == pytest.approx((2, 0.925, 0.5))


def test_equal_confidences_stay_in_one_bin_of_equal_mass() -> None:
    bins = measures.calibration_bins(floats(*[0.3] * 7), booleans(*[1] * 7), equal_mass=True, bins=3)
    assert [held.questions for held in bins] == [7]


def test_a_calibration_error_of_nothing_is_no_number() -> None:
    assert math.isnan(measures.calibration_error(measures.calibration_bins(floats(), booleans(), equal_mass=False)))


def test_brier_is_the_mean_squared_distance() -> None:
    assert measures.brier(floats(0.8, 0.4), booleans(1, 1)) == pytest.approx((0.04 + 0.36) / 2)


def test_risk_grows_with_coverage_by_falling_confidence() -> None:
    assert measures.risks(floats(0.2, 0.9, 0.5), booleans(1, 1, 0)).tolist() == pytest.approx([0, 1 / 2, 1 / 3])
    assert measures.area_under_risk(floats(0.2, 0.9, 0.5), booleans(1, 1, 0)) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_risk_does_not_depend_on_the_order_of_equal_confidences() -> None:
    one = measures.risks(floats(0.5, 0.5), booleans(1, 0)).tolist()
    assert one == measures.risks(floats(0.5, 0.5), booleans(0, 1)).tolist() == [0.5, 0.5]


def test_an_interval_over_clusters_is_wider_than_over_questions() -> None:
    right = floats(*[1.0] * 50 + [0.0] * 50)
    clusters = [place // 10 for place in range(100)]  # whole articles right or wrong
    alone = measures.bootstrap(range(100), lambda places: float(right[places].mean()))
    together = measures.bootstrap(clusters, lambda places: float(right[places].mean()))
    assert alone.value == together.value == 0.5
    # sqrt(.25 / 100) x 1.96 = .098; sqrt(.25 / 10) x 1.96 = .31
    assert alone.high - alone.low == pytest.approx(2 * 0.098, abs=0.03)
    assert together.high - together.low == pytest.approx(2 * 0.31, abs=0.1)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = floats(1, 0, 0, 1, 1)
    draws = [measures.bootstrap("aabbc", lambda places: float(values[places].mean()), seed=4) for _ in range(2)]
    assert draws[0] == draws[1]


def test_a_clear_gain_has_a_small_p_and_no_gain_a_large_one() -> None:
    first, second = floats(*[0.0] * 40), floats(*[0.0] * 10 + [1.0] * 30)
    clear = measures.paired_difference(first, second, range(40))
    assert clear.value == pytest.approx(0.75)
    assert clear.low > 0
    assert clear.p < 0.01
    none = measures.paired_difference(first, first, range(40))
    assert none == measures.Difference(0, 0, 0, 1)
