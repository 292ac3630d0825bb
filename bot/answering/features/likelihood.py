"""Likelihood features: how likely a text like the sentence and what stands around it makes the question's terms.

Query likelihood with a mixture of language models (Jelinek and Mercer 1980; Zhai and Lafferty 2001): a product over
the terms, so that one term which is found nowhere costs more than coverage's sums show.
"""

import numpy as np

from bot.answering.features.view import Floats, View

OWN, BEFORE, AFTER, PASSAGE, THEME, LIBRARY = 0.5, 0.12, 0.1, 0.15, 0.03, 0.05
"""The mixture's parts: the sentence, its neighbours, its passage, title and headings, the whole library."""

SHORTEST_SENTENCE, SHORTEST_PASSAGE = 3.0, 5.0  # terms: shorter texts' shares would say too much
LIBRARY_SHARE, LEAST_SHARE = 0.08, 1e-5  # of a term in the library's text, by its idf


def mixture(view: View) -> Floats:
    """The log of the question's likelihood over its likelihood in the library at large."""
    rows = view.rows
    own, before, after = view.around_tf / np.maximum(view.around_length, SHORTEST_SENTENCE)[..., None]
    passages = PASSAGE * view.passage_tf / np.maximum(view.passage_length, SHORTEST_PASSAGE)[:, None]
    library = np.exp(-view.terms.idf) * LIBRARY_SHARE + LEAST_SHARE
    near = OWN * own + BEFORE * before + AFTER * after
    likely = near + passages[rows.passage] + THEME * view.theme + LIBRARY * library
    return np.asarray(np.log(likely / library) @ np.ones(len(library)), dtype=np.float64)
