"""The passages that were read last: most questions ask for some that others asked for before."""

import threading
from collections.abc import Iterable

from bot.articles.article import StoredPassage

RECENT_BYTES = 8_000_000
"""Of memory; about 18,000 sentences."""
SENTENCE_BYTES = 240  # what a sentence takes beside its letters


class RecentPassages:
    """Passages of one state of a library, as many as a bound on memory allows; threads may share it.

    They come in two generations: when the younger one fills its half of the bound, the older one is forgotten, with all
    in it that was not asked for meanwhile.
    """

    def __init__(self, *, most_bytes: int = RECENT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._change = -1
        self._young: dict[int, StoredPassage] = {}
        self._old: dict[int, StoredPassage] = {}
        self._bytes = 0

    def get(self, numbers: Iterable[int], *, change: int) -> dict[int, StoredPassage]:
        """Those of these passages that are known, by number; `change` is the library's last one: what was read before
        another is forgotten."""
        with self._lock:
            if change != self._change:
                self._change, self._young, self._old, self._bytes = change, {}, {}, 0
            found: dict[int, StoredPassage] = {}
            for number in numbers:
                known = self._young.get(number)
                if known is None and (known := self._old.get(number)) is not None:
                    self._add(known)
                if known is not None:
                    found[number] = known
            return found

    def put(self, passages: Iterable[StoredPassage], *, change: int) -> None:
        """Keep passages that were read after the change with this number."""
        with self._lock:
            if change == self._change:
                for passage in passages:
                    self._add(passage)

    def _add(self, passage: StoredPassage) -> None:
        size = _size(passage)
        self._bytes += size
        if self._bytes > self._most_bytes // 2:
            self._old, self._young, self._bytes = self._young, {}, size
        self._young[passage.number] = passage


def _size(passage: StoredPassage) -> int:
    """About how many bytes of memory a passage takes: its terms and shapes have about as many letters as its text."""
    return passage.end - passage.start + SENTENCE_BYTES * (len(passage.sentences) + 1)
