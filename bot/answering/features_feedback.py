"""Feedback features: what the best passages and sentences speak of beside the question's own terms (RM3).

Lavrenko and Croft, Relevance-Based Language Models, 2001: the terms of the first hits, each weighted by its hit's
share of belief, say what the answer's surroundings look like.
"""

import numpy as np

from bot.answering.features_bm25 import bag_score
from bot.answering.features_view import Floats, View

FIRST = 10  # hits that are believed
SHARPNESS = 12.0  # a score ahead by a tenth is believed e^1.2 times as much


def feedback(view: View) -> Floats:
    """The mean belief in the sentence's terms, the question's own aside, over the best candidate's."""
    model = relevance_model(view)
    tokens = view.tokens
    places = tokens.content[tokens.asked[tokens.content] < 0]
    total = view.sum_per_sentence(places, model[tokens.term[places]])
    mean = total / np.maximum(view.sentence_length[view.rows.own], 4.0)
    best = mean.max()
    return mean / best if best > 0 else mean


def relevance_model(view: View) -> Floats:
    """[vocabulary] P(term | the best candidates): their terms' shares, weighted by belief, times rarity at hand."""
    scores = bag_score(view)
    first = np.argsort(-scores, kind="stable")[:FIRST]
    belief = np.exp(SHARPNESS * (scores[first] - scores[first[0]]))
    per_row = np.zeros(len(view.sentences) + 1)
    per_row[view.rows.own[first]] = belief / belief.sum()
    tokens = view.tokens
    rows, terms = tokens.row[tokens.content], tokens.term[tokens.content]
    share = per_row[rows] / np.maximum(view.sentence_length[rows], 1.0)
    model = np.bincount(terms, weights=share, minlength=len(view.vocabulary))
    return model * rarity_at_hand(view)


def rarity_at_hand(view: View) -> Floats:
    """[vocabulary] the positive idf of each term among the sentences at hand."""
    tokens = view.tokens
    holding = np.bincount(
        np.unique(tokens.row * len(view.vocabulary) + tokens.term) % len(view.vocabulary),
        minlength=len(view.vocabulary),
    )
    return np.asarray(np.log(1 + (len(view.sentences) - holding + 0.5) / (holding + 0.5)), dtype=np.float64)
