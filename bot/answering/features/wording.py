"""Wording features: words that resemble the question's, words that are new to it, and how the sentence is built."""

import numpy as np

from bot.answering.features.tokens import starts_of
from bot.answering.features.view import IS_NUMBER, Floats, Ints, View
from bot.answering.query import Expected
from bot.retrieval.keys import Keys, keys_of

PREFIX = 4  # letters that two words must share to be compared

IS = keys_of("is are was were")
SAYS = keys_of("is are was were refer mean call denot")
ONE = keys_of("a an the one any")
"""How English says what something is: "a tarn is a lake", "tarns are called lakes"."""
FARTHEST_SAYS, FARTHEST_IS = 25, 15
"""Tokens from the sentence's start within which it says what its subject is, and what kind of thing."""


def likeness_share(view: View) -> Floats:
    """The share of the question that the sentence lacks, each term times the likeness of the sentence's likest word."""
    return np.asarray((likeness(view) * (1 - view.own)) @ view.terms.weight, dtype=np.float64)


def likeness(view: View) -> Floats:
    """[candidates, terms] how much of its letters, from the first on, the likest word shares with each term."""
    return view.remembered("likeness", lambda: _likeness(view))


def _likeness(view: View) -> Floats:
    alike = [
        (number, column, shared_start(word, term))
        for column, term in enumerate(view.terms.words)
        if len(term) > PREFIX
        for number, word in view.tokens.beginning_with(term[:PREFIX])
        if word != term
    ]
    if not alike:
        return np.zeros((view.size, len(view.terms.words)))
    words, columns, likes = (np.array(each) for each in zip(*alike, strict=True))
    places, likeness = view.tokens.said(words, columns, likes, count=len(view.terms.words))
    return view.tokens.joined(places, likeness, np.maximum)


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


def new_numbers(view: View) -> Floats:
    """The log of the number of numbers that the question lacks."""
    return np.log1p(view.tokens.count(view.tokens.new[IS_NUMBER[view.tokens.shape[view.tokens.new]]]))


def passage_sentences(view: View) -> Floats:
    """The log of the number of sentences in the passage."""
    return np.log((view.passage_ends - view.passage_starts).astype(np.float64))[view.rows.passage]


def opening(view: View) -> Floats:
    """The share of the question's rarity of the sentence's first word that is no stop word; 0 when it is not asked."""
    tokens = view.tokens
    first = tokens.content[starts_of(tokens.candidate[tokens.content])]
    first = first[tokens.asked[first] >= 0]
    return view.tokens.sums(first, view.terms.weight[tokens.asked[first]])


def definition(view: View) -> Floats:
    """Where a definition is asked for: the share of the question that stands before the verb of a sentence that says
    what something is ("a tarn *is a* lake"; English)."""
    if view.query.expected is not Expected.DEFINITION:
        return np.zeros(view.size)
    tokens = view.tokens
    says = _places_of(view, SAYS, FARTHEST_SAYS)[::-1]
    verb = np.full(view.size, -1, dtype=np.int64)
    verb[tokens.candidate[says]] = says
    before = np.flatnonzero((tokens.asked >= 0) & (np.arange(len(tokens.term)) < verb[tokens.candidate]))
    held = np.zeros((view.size, len(view.terms.words)))
    held[tokens.candidate[before], tokens.asked[before]] = 1
    return np.asarray((held @ view.terms.weight) * _names_a_kind(view), dtype=np.float64)


def _names_a_kind(view: View) -> Floats:
    """[candidates] 1 where the sentence says "is a" near its start."""
    tokens = view.tokens
    places = _places_of(view, IS, FARTHEST_IS)
    places = places[places + 1 < len(tokens.term)]
    is_followed = tokens.candidate[places + 1] == tokens.candidate[places]
    found = places[np.isin(view.tokens.vocabulary.keys[tokens.term[places + 1]], ONE) & is_followed]
    return np.minimum(view.tokens.count(found), 1.0)


def _places_of(view: View, words: Keys, farthest: int) -> Ints:
    """The places of the words with these keys among the first tokens of their sentences."""
    is_word = np.isin(view.tokens.vocabulary.keys, words)
    return np.flatnonzero(is_word[view.tokens.term] & (view.tokens.distance_from_start < farthest))
