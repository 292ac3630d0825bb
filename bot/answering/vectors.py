"""Word vectors: how near words are in meaning, by the company that they keep in a large text."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.answering.vocabulary import places_in
from bot.errors import SettingsError
from bot.retrieval.keys import Keys

Vectors = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

KEYS, VALUES, WORDS, SOURCE = "keys.npy", "values.npy", "words.npy", "source.txt"
"""The files of a folder of vectors: the keys of terms, their vectors, the keys of the words that they are made of, and
where all come from."""

NO_KEYS: Keys = np.zeros(0, dtype=np.uint64)
LENGTH = 254.0
"""Of each vector as it is stored, in whole numbers: what is beyond 127, half of that, is cut."""


class WordVectors:
    """A vector for each of many terms, and the words that have one, told by their keys.

    They lie in files that are mapped into memory: processes share what they read of them.
    """

    def __init__(self, keys: Keys, values: Bytes, words: Keys = NO_KEYS) -> None:
        """`keys` are of terms, `words` of words; both rise. `values` are [keys, dimensions]. Raises ValueError for
        another number of vectors than of terms."""
        if len(keys) != len(values):
            raise ValueError(f"{len(keys)} words with {len(values)} vectors")
        self._keys = keys
        self._values = values
        self._words = words

    @classmethod
    def load(cls, folder: Path) -> "WordVectors":
        """Those of a folder. Raises SettingsError when they cannot be read."""
        try:
            # The mapping's own class would come back from every slice, and costs more than the arrays.
            files = (folder / name for name in (KEYS, VALUES, WORDS))
            keys, values, words = (np.asarray(np.load(file, mmap_mode="r")) for file in files)
            return cls(keys, values, words)
        except (OSError, EOFError, ValueError) as error:
            raise SettingsError(f"{folder}: cannot be read ({error}); install the product again") from error

    def of(self, keys: Keys) -> Vectors:
        """[keys, dimensions] the vectors of these terms, of length 1 but for rounding; zeros for an unknown one."""
        places = places_in(self._keys, keys)
        found = self._values[places].astype(np.float32)
        found[places < 0] = 0
        found *= np.float32(1 / LENGTH)
        return found

    def knows(self, keys: Keys) -> Flags:
        """[keys] whether each is that of a word, as it is written in lower case."""
        return np.asarray(places_in(self._words, keys) >= 0)
