"""Rescoring: the memory engine's order of candidates that another index proposed, from the library's exact counts."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from bot.articles.article import StoredPassage
from bot.retrieval.engine import Hit
from bot.retrieval.records import Places, Records, records_of
from bot.retrieval.scoring import Terms, shortlisted, ties_across
from bot.retrieval.shortlist import Scores
from bot.settings import SearchSettings

PLACES = 1 << 32
"""More than a passage has sentences."""

Sources = Callable[[Iterable[int]], dict[int, str]]
"""The sources of articles, by number."""


class Looked(NamedTuple):
    """A hit before it has its rank: its score, its article's number, and what orders it there: whatever rises with its
    sentence's start."""

    score: float
    article: int
    start: int
    hit: Hit


def rescored(
    passages: Sequence[StoredPassage], terms: Terms, settings: SearchSettings, limit: int, sources: Sources
) -> list[Hit]:
    """At most `limit` hits of these passages by falling score; ties go by source, then start. The terms' numbers are
    the keys of bot.retrieval.keys."""
    if not passages:
        return []
    records = records_of(passages)
    articles = np.array([passage.article for passage in passages], dtype=np.int64)
    numbers = [passage.number for passage in passages]
    rows, looks = shortlisted(records, articles, terms, settings, limit)
    return hits_in(records, rows, looks, numbers, articles, limit, sources)


def hits_in(
    records: Records,
    rows: Places,
    looks: Scores,
    numbers: Sequence[int],
    articles: Places,
    limit: int,
    sources: Sources,
) -> list[Hit]:
    """At most `limit` hits, the sentences in these rows of the records with these scores, which fall; ties go by
    source, then start. `numbers` and `articles` are the numbers of the records' passages and of their articles."""
    where = zip(records.passage_of[rows].tolist(), records.positions[rows].tolist(), looks.tolist(), strict=True)
    hits = [Hit(numbers[place], position, look) for place, position, look in where]
    return in_order(hits, records.passage_of[rows], looks, articles, limit, sources)


def in_order(
    hits: Sequence[Hit], passages: Places, looks: Scores, articles: Places, limit: int, sources: Sources
) -> list[Hit]:
    """At most `limit` of the hits, which come by falling score; ties go by source, then start.

    `passages` says of which passage each hit is, `looks` its score; `articles` are the passages' articles' numbers.
    """
    if not ties_across(looks, passages):
        return list(hits[:limit])
    # Passages of an article have rising numbers: what orders hits there rises with their sentences' starts.
    tied = [
        Looked(hit.score, article, hit.passage * PLACES + hit.position, hit)
        for hit, article in zip(hits, articles[passages].tolist(), strict=True)
    ]
    return ranked(tied, limit, sources)


def ranked(looked: Iterable[Looked], limit: int, sources: Sources) -> list[Hit]:
    """The `limit` best hits by falling score; ties go by source, then start. Sources are asked for ties alone."""
    ordered = sorted(looked, key=itemgetter(0), reverse=True)
    if len(ordered) > limit:
        least = ordered[limit - 1].score if limit else 0.0
        ordered = [one for one in ordered if one.score >= least] if limit else []
    hits: list[Hit] = []
    for _, group in groupby(ordered, key=itemgetter(0)):
        tied = list(group)
        if len(tied) > 1:
            names = sources({one.article for one in tied})
            # An article that went meanwhile has no source any more; its hits are left out later on.
            tied.sort(key=lambda one: (names.get(one.article, ""), one.start))
        hits += [one.hit for one in tied]
    return hits[:limit]
