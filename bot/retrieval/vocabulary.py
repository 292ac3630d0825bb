"""The vocabulary: how common each term is, from the library's own tables, for engines that keep no terms in memory."""

from collections.abc import Collection, Sequence
from typing import Protocol

from bot.retrieval.engine import Statistics, TermCount

REMEMBERED = 20_000  # terms whose counts are kept in memory, those that are not held included; about 3 MB
MANY = 100  # terms asked for at once: more than any question has are the spellings that a mistyped word may have had


class Counts(Protocol):
    """What the vocabulary needs of a library."""

    def last_change(self) -> int:
        """The number of the library's last change."""

    def counts(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""

    def held(self, terms: Collection[str]) -> set[str]:
        """Those of the terms that some sentence holds."""

    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""

    def terms_starting(self, prefixes: Collection[str]) -> list[str]:
        """The terms that start with one of the prefixes, each once."""


class _Known:
    """What was read of one state of the library."""

    def __init__(self, change: int) -> None:
        self.change = change
        self.counts: dict[str, TermCount] = {}
        self.statistics: Statistics | None = None


class Vocabulary:
    """The library's terms and exact counts; what was read is remembered until the library changes. Threads may share
    it: a state's memory is left, not emptied, when the next one comes."""

    def __init__(self, library: Counts) -> None:
        self._library = library
        self._known = _Known(-1)

    def refresh(self, change: int | None = None) -> int:
        """The number of the library's last change (`change`, where the caller knows it); older counts are forgotten."""
        last = self._library.last_change() if change is None else change
        if last != self._known.change:
            self._known = _Known(last)
        return last

    def count(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""
        state = self._known
        known = state.counts
        missing = [term for term in dict.fromkeys(terms) if term not in known]
        if not missing:
            return [known[term] for term in terms]
        found = dict(zip(missing, self._library.counts(missing), strict=True))
        counts = [found[term] if term in found else known[term] for term in terms]
        if len(found) > REMEMBERED:
            return counts
        if len(known) + len(found) > REMEMBERED:
            state.counts = found  # another thread may be reading the old ones
        else:
            known.update(found)
        return counts

    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""
        known = self._known
        if known.statistics is None:
            known.statistics = self._library.statistics()
        return known.statistics

    def held(self, terms: Collection[str]) -> set[str]:
        """Those of the terms that some sentence of the library holds; of many, the new ones are not remembered."""
        if len(terms) > MANY:
            known = self._known.counts
            found = {term for term in terms if term in known and known[term].sentences}
            return found | self._library.held([term for term in terms if term not in known])
        listed = list(terms)
        return {term for term, count in zip(listed, self.count(listed), strict=True) if count.sentences}

    def starting(self, prefixes: Collection[str]) -> list[str]:
        """The library's terms that start with one of the prefixes, in the order of their letters."""
        return self._library.terms_starting(prefixes)
