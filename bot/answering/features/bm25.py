"""BM25 features: of the sentence, its window, passage, title, counted over the candidates at hand.

Scores are divided by the most that the question's terms could give, so that they compare across libraries of all sizes.
"""

import numpy as np

from bot.answering.features.view import Floats, Ints, View

SENTENCE = (0.6, 0.3)  # k1 and b: sentences are short, so repeats and length say little
PASSAGE = (1.2, 0.75)


def bm25(tf: Floats, length: Floats | Ints, average: float, idf: Floats, setting: tuple[float, float]) -> Floats:
    """[rows] Robertson's BM25 of `tf` [rows, terms], as a share of the sum of `idf` x (k1 + 1): from 0 to 1."""
    k1, b = setting
    most = idf.sum()
    if not most:
        return np.zeros(len(tf))
    norm = k1 * (1 - b) + length * (k1 * b / max(average, 1.0))
    return np.asarray(tf / (tf + norm[:, None]) @ (idf / most))  # k1 + 1 stands above and below


def sentence_score(view: View) -> Floats:
    """BM25 of the sentence alone."""
    return sentence_scores(view)[view.rows.own]


def sentence_scores(view: View) -> Floats:
    """[sentences + 1] BM25 of every sentence at hand; the last, empty one has 0."""
    return view.remembered(
        "sentence scores",
        lambda: bm25(view.sentence_tf, view.sentence_length, view.average_sentence, view.terms.idf, SENTENCE),
    )


def passage_score(view: View) -> Floats:
    """BM25 of the passage."""
    scores = bm25(view.passage_tf, view.passage_length, view.average_passage, view.terms.passage_idf, PASSAGE)
    return scores[view.rows.passage]


def odds_in_passage(view: View) -> Floats:
    """The log of the sentence's share (softmax) of its passage's sentences' scores."""
    scores = sentence_scores(view) * view.terms.idf.sum()
    powers = np.exp(scores)
    total = view.per_passage(powers[:-1])[view.rows.passage]
    return np.asarray(scores[view.rows.own] - np.log(total), dtype=np.float64)


def plain_score(view: View) -> Floats:
    """BM25 of the sentence with stop words kept, over the best candidate's; rarity as among the sentences at hand."""
    sentences = len(view.sentences)
    holding = np.ones(sentences + 1) @ (view.word_tf > 0)  # the last sentence is the empty one
    idf = np.where(holding > 0, np.log(1 + (sentences - holding + 0.5) / (holding + 0.5)), 0.0)
    length = view.token_count[view.rows.own]
    scores = bm25(view.word_tf[view.rows.own], length, view.token_count.sum() / sentences, idf, SENTENCE)
    best = scores.max()
    return scores / best if best > 0 else scores
