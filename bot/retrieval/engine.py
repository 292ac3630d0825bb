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
        """Apply what has changed in the library since the last refresh."""

    def search(self, terms: Sequence[str], *, limit: int, within: Collection[int] | None = None) -> list[Hit]:
        """At most `limit` hits by falling score; only sentences that share a term, or whose passage does.

        `within` names the articles (by number) to search, all when None. Ties go by source, then start.
        """

    def count(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""

    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""

    def similar(self, term: str, *, distance: int) -> list[str]:
        """The library's own terms within so many edits of `term`, which the library lacks; nearest first."""

    def together(self, terms: Sequence[str], others: Sequence[str]) -> list[float]:
        """For each term the summed idf of the `others` in the best sentence that holds it; 0 when none does."""

    def close(self) -> None:
        """Release files and connections."""
