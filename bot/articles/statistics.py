"""What is counted over a library: its totals and how common each term is, over prose and without stop words."""

from collections import Counter
from itertools import chain
from typing import Literal, NamedTuple

from bot.articles.article import Contents, Kind


class TermCount(NamedTuple):
    """How many prose sentences, and how many passages, hold a term; both 0 for a term the library lacks."""

    sentences: int
    passages: int


class Statistics(NamedTuple):
    """The library's exact totals, over prose alone: counts of units and of their terms without stop words.

    A passage counts when it holds prose; an article always.
    """

    articles: int
    passages: int
    sentences: int
    terms: int


class Tally:
    """Counts that grow and shrink with whole articles, so that they do not depend on the order of arrival."""

    def __init__(self) -> None:
        self.totals = Statistics(0, 0, 0, 0)
        self._sentences: dict[int, Counter[str]] = {1: Counter(), -1: Counter()}
        self._passages: dict[int, Counter[str]] = {1: Counter(), -1: Counter()}

    def add(self, contents: Contents, sign: Literal[1, -1] = 1) -> Statistics:
        """What one article with these contents counts; `sign` is -1 for an article that leaves."""
        passage_total = sentence_total = term_total = 0
        in_sentences: list[str] = []
        in_passages: list[str] = []
        for sentences in contents:
            prose = [terms for kind, terms in sentences if kind is Kind.PROSE]
            if prose:
                distinct = [set(terms) for terms in prose]
                passage_total += 1
                sentence_total += len(prose)
                term_total += sum(map(len, prose))
                in_sentences += chain.from_iterable(distinct)
                in_passages += set().union(*distinct)
        self._sentences[sign].update(in_sentences)
        self._passages[sign].update(in_passages)
        self.totals = Statistics(
            self.totals.articles + sign,
            self.totals.passages + sign * passage_total,
            self.totals.sentences + sign * sentence_total,
            self.totals.terms + sign * term_total,
        )
        return Statistics(1, passage_total, sentence_total, term_total)

    def terms(self) -> list[tuple[str, int, int]]:
        """Each term whose counts changed, with the changes in sentences and passages, sorted: rows of neighbouring
        terms lie on the same page of a table."""
        more, less = self._sentences[1], self._sentences[-1]
        more_passages, less_passages = self._passages[1], self._passages[-1]
        if not less:  # articles were only added
            return [(term, more[term], more_passages[term]) for term in sorted(more)]
        changes = (
            (term, more[term] - less[term], more_passages[term] - less_passages[term])
            for term in sorted(more.keys() | less.keys())
        )
        return [change for change in changes if change[1] or change[2]]
