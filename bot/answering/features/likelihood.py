"""Likelihood features: how likely a text like the sentence and what stands around it makes the question's terms.

Query likelihood with a mixture of language models (Jelinek and Mercer 1980; Zhai and Lafferty 2001): a product over
the terms, so that one term which is found nowhere costs more than coverage's sums show.
"""

import numpy as np

from bot.answering.features.coverage import softly_held
from bot.answering.features.view import Floats, View

FLOOR = 0.05  # what a term counts that is held nowhere near
OWN, BEFORE, AFTER, PASSAGE, THEME, LIBRARY = 0.5, 0.12, 0.1, 0.15, 0.03, 0.05
"""The mixture's parts: the sentence, its neighbours, its passage, title and headings, the whole library."""

SHORTEST_SENTENCE, SHORTEST_PASSAGE = 3.0, 5.0  # terms: shorter texts' shares would say too much
LIBRARY_SHARE, LEAST_SHARE = 0.08, 1e-5  # of a term in the library's text, by its idf


def soft_likelihood(view: View) -> Floats:
    """The log of what is softly held, by share of rarity."""
    return np.asarray(_soft_logs(view) @ view.terms.weight, dtype=np.float64)


def soft_product(view: View) -> Floats:
    """The log of what is softly held, all terms alike."""
    return np.asarray(_soft_logs(view) @ np.ones(len(view.terms.words)), dtype=np.float64)


def soft_rarity(view: View) -> Floats:
    """The log of what is softly held, by rarity: longer questions say more."""
    return np.asarray(_soft_logs(view) @ view.terms.idf, dtype=np.float64)


def mixture(view: View) -> Floats:
    """The log of the question's likelihood over its likelihood in the library at large."""
    rows = view.rows
    own, before, after = view.around_tf / np.maximum(view.around_length, SHORTEST_SENTENCE)[..., None]
    passages = PASSAGE * view.passage_tf / np.maximum(view.passage_length, SHORTEST_PASSAGE)[:, None]
    library = np.exp(-view.terms.idf) * LIBRARY_SHARE + LEAST_SHARE
    near = OWN * own + BEFORE * before + AFTER * after
    likely = near + passages[rows.passage] + THEME * view.theme + LIBRARY * library
    return np.asarray(np.log(likely / library) @ np.ones(len(library)), dtype=np.float64)


def _soft_logs(view: View) -> Floats:
    return view.remembered("soft logs", lambda: np.log(FLOOR + softly_held(view)))
