"""What is counted over a library: its totals and how common each term is, over prose and without stop words."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.articles.article import Kind, Passage


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
        self.sentences: dict[str, int] = {}
        self.passages: dict[str, int] = {}

    def add(self, passages: Iterable[Passage], sign: int = 1) -> Statistics:
        """What one article with these passages counts; `sign` is -1 for an article that leaves."""
        passage_total = sentence_total = term_total = 0
        in_sentences, in_passages = self.sentences, self.passages
        for passage in passages:
            everything: set[str] = set()
            before = sentence_total
            for sentence in passage.sentences:
                if sentence.kind is not Kind.PROSE:
                    continue
                terms = sentence.content_terms()
                sentence_total += 1
                term_total += len(terms)
                distinct = set(terms)
                everything |= distinct
                for term in distinct:
                    in_sentences[term] = in_sentences.get(term, 0) + sign
            if sentence_total > before:
                passage_total += 1
                for term in everything:
                    in_passages[term] = in_passages.get(term, 0) + sign
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
        changed = []
        for term in sorted(self.sentences):
            sentences, passages = self.sentences[term], self.passages.get(term, 0)
            if sentences or passages:
                changed.append((term, sentences, passages))
        return changed
