"""Searching: candidates from the index, their scores from the forward file."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from bot.retrieval.company import Company
from bot.retrieval.disk.forward import numbers_of
from bot.retrieval.disk.index import Found, Snapshot
from bot.retrieval.engine import Hit, Statistics, TermCount
from bot.retrieval.rescoring import Sources, hits_in
from bot.retrieval.scoring import Terms, company, shortlisted
from bot.settings import SearchSettings

PASSAGES_PER_HIT = 2
"""Passages that are scored for each candidate that is wanted: of 92,000 sentences' hundred best they hold 99.9 %."""
LEAST_PASSAGES = 100
MORE = 4
"""So many times as many passages are looked at when there were too few."""
LARGE = 45
"""A set of articles is filtered afterwards from the square root of so many times all articles on: then looking at more
passages is cheaper than looking the articles up in the index."""
COMPANY_PASSAGES, MOST_COMPANY_PASSAGES = 64, 4096
"""That hold a term and are looked at together, and in all."""


class Asked(NamedTuple):
    """What is searched for: terms (distinct, all of them held) with the library's counts, how many hits, and within
    which articles (all when None)."""

    terms: Sequence[str]
    counts: Sequence[TermCount]
    statistics: Statistics
    limit: int
    within: Collection[int] | None


def hits_of(snapshot: Snapshot, asked: Asked, settings: SearchSettings, sources: Sources) -> list[Hit]:
    """At most `asked.limit` hits by falling score; ties go by source, then start. Sources are asked for ties alone.

    Raises IndexDamagedError.
    """
    found = _candidates(snapshot, asked, max(settings.candidates, asked.limit))
    if not found.places:
        return []
    records = snapshot.forward.records(found.places, found.passages)
    terms = Terms(numbers_of(asked.terms), asked.counts, asked.statistics)
    articles = np.array(found.articles, dtype=np.int64)
    rows, looks = shortlisted(records, articles, terms, settings, asked.limit)
    return hits_in(records, rows, looks, found.passages, articles, asked.limit, sources)


def standing_with(snapshot: Snapshot, term: str, passages: int, others: Company) -> float:
    """How far the others stand with a term that so many passages hold (bot.retrieval.engine.Engine.together).

    Raises IndexDamagedError.
    """
    limit = COMPANY_PASSAGES
    weights = others.weights if passages >= limit else {}  # all passages of a rare term are looked at, in any order
    while True:
        found = snapshot.holding(term, weights, limit)
        if len(found.places) >= limit and not weights:  # the index is behind the library
            weights = others.weights
            continue
        if not found.places:
            return 0.0
        records = snapshot.forward.records(found.places, found.passages)
        numbers = numbers_of([term, *others.others])
        best, around = company(records, numbers[0], numbers[1:], others.in_sentence, others.in_passage)
        # A passage behind the last one holds others of no more weight, and so does each of its sentences.
        bound = others.in_a_sentence_at_most(float(around[-1]))
        if best >= bound or len(found.places) < limit or limit >= MOST_COMPANY_PASSAGES:
            return others.share(best, float(around.max(initial=0.0)))
        limit *= MORE


def _candidates(snapshot: Snapshot, asked: Asked, candidates: int) -> Found:
    """The passages to score, those of the articles within which is searched alone."""
    wanted, within = max(LEAST_PASSAGES, PASSAGES_PER_HIT * candidates), asked.within
    if within is None:
        return snapshot.proposed(asked.terms, wanted)
    articles = max(asked.statistics.articles, 1)
    if len(within) ** 2 < LARGE * articles:
        return snapshot.proposed(asked.terms, wanted, within)
    allowed = within if isinstance(within, set | frozenset) else frozenset(within)
    looked_at = wanted * articles // len(allowed) + wanted
    while True:
        proposed = snapshot.proposed(asked.terms, looked_at)
        found = proposed.within(allowed, wanted)
        if len(found.places) == wanted or len(proposed.places) < looked_at:
            return found
        looked_at *= MORE
