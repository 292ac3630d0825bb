"""The shortlist: a first look at what BM25 proposed, which tells the few that are worth ranking in full.

BM25 counts what a sentence and its passage hold. Questions take some of their words from the sentences beside the one
that answers, and from elsewhere in its article; a look at those costs little where the terms are at hand as numbers.
The weights were fitted on SQuAD's training articles to keep what the full ranking puts first: of its winners among a
hundred candidates 99.4 % are among the first 40 of this order, 99.0 % of BM25's own (`tests.benchmarks.shortlists`).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

OWN, BEFORE, AFTER, PASSAGE = 2.4, 1.85, 1.5, 1.1
"""What a term counts, times its idf, that stands in the sentence, else in the one before or after it, else in its
passage."""
ARTICLE = 0.75
"""What it counts on top of that when any of the candidates' passages of the same article holds it."""


class Matches(NamedTuple):
    """Where the candidates of one search hold the query's terms.

    [terms, candidates] whether the sentence, those beside it in its passage, and its passage do; [candidates] the
    number of each one's article.
    """

    own: Flags
    before: Flags
    after: Flags
    passage: Flags
    article: Places


class Beside(NamedTuple):
    """[rows] the rows before and after some rows of sentences, and whether they are of the same passage."""

    before: Places
    after: Places
    has_before: Flags
    has_after: Flags


def beside(rows: Places, passage_of: Places) -> Beside:
    """What stands beside these rows; `passage_of` says of every row which passage it is of, in their order."""
    before, after = np.maximum(rows - 1, 0), np.minimum(rows + 1, len(passage_of) - 1)
    passage = passage_of[rows]
    has_before = (before < rows) & (passage_of[before] == passage)
    has_after = (after > rows) & (passage_of[after] == passage)
    return Beside(before, after, has_before, has_after)


def looked_at(bm25: Scores, matches: Matches, idf: Scores) -> Scores:
    """[candidates] the score of the first look: BM25's, and how much of the query's rarity stands in and around each.

    `idf` has one number for each term. The sums run term by term, so that equal matches have equal scores, however
    many others there are.
    """
    around = np.maximum.reduce(
        [OWN * matches.own, BEFORE * matches.before, AFTER * matches.after, PASSAGE * matches.passage]
    )
    worth = (around + ARTICLE * _in_article(matches)) * idf[:, None]
    scores: Scores = bm25 + np.add.reduce(worth, axis=0)
    return scores


def _in_article(matches: Matches) -> Flags:
    """[terms, candidates] whether a candidate's passage of the same article holds the term."""
    articles, place = np.unique(matches.article, return_inverse=True)
    held = np.zeros((len(matches.passage), len(articles)), dtype=np.bool_)
    terms, candidates = np.nonzero(matches.passage)
    held[terms, place[candidates]] = True
    return held[:, place]
