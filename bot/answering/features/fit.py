"""Fit features: whether a sentence holds what the question seeks, by the word lists of its language.

All are 0 in a language without lists and for questions whose kind of answer has no look of its own.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from bot.answering.features.tokens import Tokens
from bot.answering.features.view import IS_NUMBER, Floats, Ints, View
from bot.answering.fitness import IN_NUMBERS, NEEDED, grades
from bot.answering.hinted import THOUSANDS, Hinted, opens_as_common, tell
from bot.answering.hints import HintWords, Phrase
from bot.answering.sought import Kind, Sought
from bot.answering.vocabulary import NO_WORD, places_in
from bot.retrieval.keys import Keys, keys_of

FADING = 5.0  # tokens from the question's words over which what fits is worth half
COUNTED = frozenset((Kind.COUNT, Kind.NUMBER))
MEASURED = frozenset(
    (
        Kind.AGE,
        Kind.MONEY,
        Kind.DURATION,
        Kind.LENGTH,
        Kind.AREA,
        Kind.WEIGHT,
        Kind.SPEED,
        Kind.TEMPERATURE,
        Kind.SHARE,
        Kind.FREQUENCY,
        Kind.CONTACT,
        Kind.LANGUAGE,
        Kind.COLOUR,
    )
)
"""Kinds that few sentences hold, so that one without them hardly answers."""
TEMPORAL = frozenset((Kind.YEAR, Kind.DATE, Kind.CLOCK, Kind.WEEKDAY))
NAMED = frozenset((Kind.PERSON, Kind.CALLED, Kind.NAME))
PLACED = frozenset((Kind.PLACE,))
REASONED = frozenset((Kind.REASON,))


def number_fit(view: View) -> Floats:
    """Where a number or something as exact is sought (an age, a price, a count): how surely the sentence holds it."""
    return fit_of(view, COUNTED | MEASURED)


def time_fit(view: View) -> Floats:
    """Where a time is sought: how surely the sentence holds one."""
    return fit_of(view, TEMPORAL)


def name_fit(view: View) -> Floats:
    """Where a person or the name of something is sought: how surely the sentence holds a name."""
    return fit_of(view, NAMED)


def other_fit(view: View) -> Floats:
    """Where a place or a reason is sought: how surely the sentence holds one."""
    return fit_of(view, PLACED | REASONED)


def fit(view: View) -> Floats:
    """How surely the sentence holds what is sought, of whatever kind."""
    return np.asarray(_fit(view)[0])


def near_fit(view: View) -> Floats:
    """How surely the sentence holds what is sought, worth less the farther from the question's words; 0 for names,
    where the near one is as often a wrong one."""
    return np.zeros(view.size) if view.query.sought.kind in NAMED else np.asarray(_fit(view)[1])


def fit_of(view: View, kinds: frozenset[Kind]) -> Floats:
    """[candidates] the grade where one of these kinds is sought, else 0."""
    return fit(view) if view.query.sought.kind in kinds else np.zeros(view.size)


def _fit(view: View) -> Floats:
    """[2, candidates] how surely the best fitting token of each is what is sought, and the same worth less the farther
    it stands from the question's words."""
    return view.remembered("fit", lambda: _made(view))


def _made(view: View) -> Floats:
    sought = view.query.sought
    if sought.hints is None or sought.kind is Kind.ANYTHING:
        return np.zeros((2, view.size))
    needed = NEEDED.get(sought.kind, IN_NUMBERS)
    found = grades(sought.kind, _hinted(view.tokens, sought, sought.hints.part(needed)))
    places = np.flatnonzero(found)
    grade = found[places]
    near = grade / (1 + view.tokens.distance[places] / FADING)
    return view.tokens.joined(places, np.column_stack((grade, near)), np.maximum).T


def _hinted(tokens: Tokens, sought: Sought, words: HintWords) -> Hinted:
    """The candidates' tokens with what each hints at, by the keys of the words: in a thousand tokens that is quicker
    than word by word."""
    keys = tokens.vocabulary.keys
    counted = np.zeros(len(keys) + 1, np.bool_)  # the last one, NO_WORD, is of what no sentence holds
    counted[tokens.vocabulary.numbers(keys_of(" ".join(sought.counted)))] = True
    return Hinted(
        hints=_hints(_keyed(words), tokens),
        shape=tokens.shape,
        row=tokens.candidate,
        fresh=tokens.word == NO_WORD,
        counted=counted[tokens.term],
        common=opens_as_common(len(keys), tokens.term, tokens.shape, tokens.candidate),
        length=lambda: _lengths(tokens),
    )


class _KeyedHints(NamedTuple):
    """Hints by the keys of their words: of single ones, whose keys rise, with a last hint, none, of all other words;
    and of phrases, whose words stand one after the other."""

    keys: Keys
    told: Ints
    phrases: Sequence[Phrase]
    phrase_keys: Keys
    phrase_starts: Ints


@cache
def _keyed(words: HintWords) -> _KeyedHints:
    phrases = [phrase for own in words.phrases.values() for phrase in own]
    lengths = np.array([len(phrase.terms) for phrase in phrases], dtype=np.int64)
    keys = keys_of(" ".join(words.terms))
    order = np.argsort(keys)
    return _KeyedHints(
        keys=keys[order],
        told=np.append(np.array(list(words.terms.values()), dtype=np.int64)[order], 0),
        phrases=phrases,
        phrase_keys=keys_of(" ".join([term for phrase in phrases for term in phrase.terms])),
        phrase_starts=np.cumsum(lengths) - lengths,
    )


def _hints(keyed: _KeyedHints, tokens: Tokens) -> Ints:
    """[tokens] what each hints at, by itself or as part of a phrase."""
    vocabulary, term = tokens.vocabulary, tokens.term
    found = keyed.told[places_in(keyed.keys, vocabulary.keys)][term]
    if keyed.phrases:
        numbers = vocabulary.numbers(keyed.phrase_keys)
        for place in np.flatnonzero(np.minimum.reduceat(numbers, keyed.phrase_starts) > NO_WORD).tolist():
            phrase, start = keyed.phrases[place], keyed.phrase_starts[place]
            own = numbers[start : start + len(phrase.terms)].tolist()
            tell(found, term, np.flatnonzero(term == own[0]), own, int(phrase.hint))
    return found


def _lengths(tokens: Tokens) -> Ints:
    """[tokens] the digits of each number, 0 for other tokens and for thousands, which number nothing."""
    lengths = np.zeros(len(tokens.shape), dtype=np.int64)
    for place in np.flatnonzero(IS_NUMBER[tokens.shape]).tolist():
        word = tokens.word_at(place)
        lengths[place] = 0 if word.endswith(THOUSANDS) else len(word)
    return lengths
