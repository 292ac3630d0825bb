"""What an engine is: it finds candidate sentences, says how common a term is, and applies changes."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from bot.articles.statistics import Statistics as Statistics
from bot.articles.statistics import TermCount as TermCount


class Hit(NamedTuple):
    """One candidate sentence: its passage's number, its place in the passage (from 0), and its score.

    Scores compare within one search only.
    """

    passage: int
    position: int
    score: float


class Engine(Protocol):
    """The contract that memory, disk and cluster share; all give the same answers for the same library."""

    def refresh(self) -> None:
        """Take up what has changed in the library since the last refresh: at once where that is quick, else while what
        is there still answers."""

    def catch_up(self) -> None:
        """Return when all that the library held at the call is found. Raises LibraryError when that cannot be."""

    def search(self, terms: Sequence[str], *, limit: int, within: Collection[int] | None = None) -> list[Hit]:
        """At most `limit` hits by falling score; only sentences that share a term, or whose passage does.

        `within` names the articles (by number) to search, all when None. Ties go by source, then start.
        """

    def count(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""

    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""

    def held(self, terms: Collection[str]) -> set[str]:
        """Those of the terms that some sentence of the library holds."""

    def starting(self, prefixes: Collection[str]) -> list[str]:
        """The library's terms that start with one of the prefixes, unordered."""

    def together(self, terms: Sequence[str], others: Sequence[str]) -> list[float]:
        """How far the `others` stand with each term, from 0 to 1.5: their share by idf in the best sentence that holds
        it, plus half of their share in the best passage; 0 without others."""

    def vouch(self) -> None:
        """Return where what is not found is not there. Raises UnavailableError while changes of the library cannot be
        taken up: it may be in them."""

    def close(self) -> None:
        """Release files and connections."""
