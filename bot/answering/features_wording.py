"""Wording features: words that resemble the question's, words that are new to it, and how the sentence is built."""

import numpy as np

from bot.answering.features_view import NUMBERS, Floats, Ints, View, is_one_of

PREFIX = 4  # letters that two words must share to be compared


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


def count_new(view: View, shapes: tuple[int, ...]) -> Floats:
    """[candidates] how many words of these shapes each sentence holds that the question lacks."""
    return _count(view, _new(view, shapes))


def _new(view: View, shapes: tuple[int, ...] = ()) -> Ints:
    """The places of the tokens that are no stop words and not the question's, of these shapes when any are named."""
    tokens = view.tokens
    places = tokens.content[tokens.asked[tokens.content] < 0]
    return places[is_one_of(shapes)[tokens.shape[places]]] if shapes else places


def _count(view: View, places: Ints) -> Floats:
    return view.sum_per_sentence(places, np.ones(len(places)))
