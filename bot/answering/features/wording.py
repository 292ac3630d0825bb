"""Wording features: words that resemble the question's, words that are new to it, and how the sentence is built."""

import numpy as np

from bot.answering.features.view import NUMBERS, Floats, Ints, View, is_one_of
from bot.answering.query import Expected

PREFIX = 4  # letters that two words must share to be compared

IS = ("is", "are", "was", "were")
SAYS = (*IS, "refer", "mean", "call", "denot")
ONE = ("a", "an", "the", "one", "any")
"""How English says what something is: "a tarn is a lake", "tarns are called lakes"."""
FARTHEST_SAYS, FARTHEST_IS = 25, 15
"""Tokens from the sentence's start within which it says what its subject is, and what kind of thing."""


def likeness_share(view: View) -> Floats:
    """The share of the question that the sentence lacks, each term times the likeness of the sentence's likest word."""
    return np.asarray((likeness(view) * (1 - view.own) * view.terms.weight).sum(axis=1))


def likeness_beyond_passage(view: View) -> Floats:
    """The share of the question that the whole passage lacks, each term times the likest word of the sentence."""
    return np.asarray((likeness(view) * (1 - view.passage) * view.terms.weight).sum(axis=1), dtype=np.float64)


def likeness(view: View) -> Floats:
    """[candidates, terms] how much of its letters, from the first on, the likest word shares with each term."""
    return view.remembered("likeness", lambda: _likeness(view))


def _likeness(view: View) -> Floats:
    asked: dict[str, list[int]] = {}
    for column, word in enumerate(view.terms.words):
        if len(word) > PREFIX:
            asked.setdefault(word[:PREFIX], []).append(column)
    words, columns, likes = [], [], []
    for word in [word for word in view.vocabulary if word[:PREFIX] in asked]:
        for column in asked[word[:PREFIX]]:
            if word != view.terms.words[column]:
                words.append(view.vocabulary[word])
                columns.append(column)
                likes.append(shared_start(word, view.terms.words[column]))
    best = np.zeros((len(view.sentences) + 1, len(view.terms.words)))
    for number, column, like in zip(words, columns, likes, strict=True):
        rows = view.tokens.row[view.tokens.term == number]
        best[rows, column] = np.maximum(best[rows, column], like)
    return best[view.rows.own]


def shared_start(one: str, other: str) -> float:
    """The length of the beginning that two words share, over the longer one's length."""
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return shared / max(len(one), len(other))


def length(view: View) -> Floats:
    """The log of the number of the sentence's terms."""
    return np.log1p(view.sentence_length[view.rows.own])


def new_terms(view: View) -> Floats:
    """The log of the number of the sentence's terms that the question lacks: what could be an answer."""
    return np.log1p(_count(view, _new(view)))


def new_numbers(view: View) -> Floats:
    """The log of the number of numbers that the question lacks."""
    return np.log1p(_count(view, _new(view, NUMBERS)))


def passage_sentences(view: View) -> Floats:
    """The log of the number of sentences in the passage."""
    return np.log((view.passage_ends - view.passage_starts).astype(np.float64))[view.rows.passage]


def opening(view: View) -> Floats:
    """The share of the question's rarity of the sentence's first word that is no stop word; 0 when it is not asked."""
    tokens = view.tokens
    rows = tokens.row[tokens.content]
    first = tokens.content[np.flatnonzero(np.diff(rows, prepend=-1))]
    asked = tokens.asked[first]
    worth = np.where(asked >= 0, view.terms.weight[np.maximum(asked, 0)], 0.0)
    return view.sum_per_sentence(first, worth)


def definition(view: View) -> Floats:
    """Where a definition is asked for: the share of the question that stands before the verb of a sentence that says
    what something is ("a tarn *is a* lake"; English)."""
    if view.query.expected is not Expected.DEFINITION:
        return np.zeros(view.size)
    rows = len(view.sentences) + 1
    tokens = view.tokens
    says = _places_of(view, SAYS, FARTHEST_SAYS)[::-1]
    verb = np.full(rows, -1, dtype=np.int64)
    verb[tokens.row[says]] = says
    before = np.flatnonzero((tokens.asked >= 0) & (np.arange(len(tokens.row)) < verb[tokens.row]))
    held = np.zeros((rows, len(view.terms.words)))
    held[tokens.row[before], tokens.asked[before]] = 1
    return np.asarray((held @ view.terms.weight)[view.rows.own] * _names_a_kind(view), dtype=np.float64)


def _names_a_kind(view: View) -> Floats:
    """[candidates] 1 where the sentence says "is a" near its start."""
    tokens = view.tokens
    places = _places_of(view, IS, FARTHEST_IS)
    places = places[places + 1 < len(tokens.term)]
    articles = [view.vocabulary[word] for word in ONE if word in view.vocabulary]
    found = places[np.isin(tokens.term[places + 1], articles) & (tokens.row[places + 1] == tokens.row[places])]
    return np.minimum(view.sum_per_sentence(found, np.ones(len(found))), 1.0)


def _places_of(view: View, words: tuple[str, ...], farthest: int) -> Ints:
    """The places of these words among the first tokens of their sentences."""
    known = [view.vocabulary[word] for word in words if word in view.vocabulary]
    return np.flatnonzero(np.isin(view.tokens.term, known) & (view.distance_from_start < farthest))


def _new(view: View, shapes: tuple[int, ...] = ()) -> Ints:
    """The places of the tokens that are no stop words and not the question's, of these shapes when any are named."""
    return view.new[is_one_of(shapes)[view.tokens.shape[view.new]]] if shapes else view.new


def _count(view: View, places: Ints) -> Floats:
    return view.sum_per_sentence(places, np.ones(len(places)))
