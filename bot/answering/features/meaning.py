"""Meaning features: how near the sentence's words are in meaning to the question's, by vectors of words."""

import numpy as np

from bot.answering.features.view import Floats, View
from bot.answering.vectors import Vectors

LEAST = 1e-6  # of a length that is divided by: the sentence of unknown words


def close_share(view: View) -> Floats:
    """The share of the question's words (no names, no numbers) that the sentence lacks, each times the cosine of the
    nearest word that is new to the question."""
    lacking = (1 - view.own) * closest(view)
    words = ~(view.terms.is_name | view.terms.is_number)
    return np.asarray(lacking @ (view.terms.weight * words), dtype=np.float64)


def topic(view: View) -> Floats:
    """How near what the sentence speaks of is to what the question does: the cosine of the sums of the vectors of the
    question's terms, by rarity, and of the sentence's words."""
    asked = view.terms.weight @ view.term_vectors
    said = _counts(view) @ view.vectors
    lengths = np.sqrt(np.einsum("ij,ij->i", said, said) * (asked @ asked))
    return np.asarray(said @ asked / np.maximum(lengths, LEAST), dtype=np.float64)


def closest(view: View) -> Floats:
    """[candidates, terms] the cosine of each term and the sentence's nearest word that is new to the question, 0 at
    least."""
    return view.remembered("closest", lambda: _closest(view))


def _closest(view: View) -> Floats:
    cosines = np.maximum(view.vectors @ view.term_vectors.T, 0)
    new = view.tokens.new
    return view.tokens.joined(new, cosines[view.tokens.term[new]], np.maximum)


def _counts(view: View) -> Vectors:
    """[candidates, vocabulary] how often each sentence holds each word."""
    words = len(view.tokens.vocabulary.keys)
    cells = view.tokens.candidate * words + view.tokens.term
    return np.bincount(cells, minlength=view.size * words).reshape(-1, words).astype(np.float32)
