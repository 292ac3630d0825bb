"""The vocabulary: the distinct words of some sentences, told from each other by their keys."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.retrieval.keys import Keys

Ints = npt.NDArray[np.int64]

NO_WORD = -1
"""In the place of a word's number where there is no such word."""


class Vocabulary(NamedTuple):
    """Distinct words, each with a number; of words that stand in a row: the keys, and where each one stands."""

    keys: Keys  # rising
    places: Ints

    def numbers(self, keys: Keys) -> Ints:
        """[keys] the number of the word with each key, NO_WORD where there is none."""
        return places_in(self.keys, keys)


def numbered(keys: Keys) -> tuple[Vocabulary, Ints]:
    """The vocabulary of words with these keys, and for each of them its number there."""
    order = np.argsort(keys)
    rising = keys[order]
    is_new = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(rising[1:], rising[:-1], out=is_new[1:])
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[order] = np.cumsum(is_new) - 1
    return Vocabulary(rising[is_new], order[is_new]), numbers


def places_in(rising: Keys, keys: Keys) -> Ints:
    """[keys] the place of each among keys that rise, NO_WORD where it is not among them."""
    if not len(rising):
        return np.full(len(keys), NO_WORD, dtype=np.int64)
    places = np.minimum(np.searchsorted(rising, keys), len(rising) - 1)
    return np.where(rising[places] == keys, places, NO_WORD)
