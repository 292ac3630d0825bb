"""Postings: what several sorted segments hold is what one list for each term would."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.postings import Postings

BATCHES = st.lists(st.lists(st.dictionaries(st.integers(0, 5), st.integers(1, 4), max_size=4), max_size=5), max_size=9)


def added(postings: Postings, units: list[dict[int, int]], first: int) -> None:
    """Add units from the slot `first` on, each with its terms' frequencies."""
    pairs = sorted((term, first + place, often) for place, unit in enumerate(units) for term, often in unit.items())
    terms, slots, frequencies = (np.array([pair[i] for pair in pairs], dtype=np.int32) for i in range(3))
    numbers, holding = postings.add(terms, slots, frequencies)
    expected = {term: sum(term in unit for unit in units) for unit in units for term in unit}
    assert dict(zip(numbers.tolist(), holding.tolist(), strict=True)) == expected


@given(batches=BATCHES, removed=st.sets(st.integers(0, 40)))
def test_postings_are_those_of_a_list_for_each_term(batches: list[list[dict[int, int]]], removed: set[int]) -> None:
    postings = Postings()
    units: list[dict[int, int]] = []
    for batch in batches:
        added(postings, batch, len(units))
        postings.of(1)  # what was asked for before must not outlive a change
        units += batch
    for slot in removed & set(range(len(units))):
        for term in units[slot]:
            postings.remove(term, slot)
    for term in range(7):
        slots = [slot for slot, unit in enumerate(units) if term in unit]
        found = postings.of(term)
        assert found.slots.tolist() == slots
        assert found.frequencies.tolist() == [0 if slot in removed else units[slot][term] for slot in slots]


def test_segments_stay_few() -> None:
    postings = Postings()
    for slot in range(1000):
        added(postings, [{slot % 7: 1, 7: 2}], slot)
    assert len(postings._segments) <= 6
    assert len(postings.of(7).slots) == 1000
