"""Fit features: whether a sentence holds what the question seeks, by the word lists of its language.

All are 0 in a language without lists and for questions whose kind of answer has no look of its own.
"""

import numpy as np

from bot.answering.features.view import Floats, View
from bot.answering.fitness import IN_NUMBERS, NEEDED, grades
from bot.answering.hinted import hinted
from bot.answering.sought import Kind

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
    rows = len(view.sentences) + 1
    if sought.hints is None or sought.kind is Kind.ANYTHING or not len(view.tokens.row):
        return np.zeros((2, view.size))
    tokens = view.tokens
    needed = NEEDED.get(sought.kind, IN_NUMBERS)
    found = grades(sought.kind, hinted(view.query, needed, view.vocabulary, tokens.term, tokens.shape, tokens.row))
    places = np.flatnonzero(found)
    grade, near = np.zeros(rows), np.zeros(rows)
    own = tokens.row[places]
    np.maximum.at(grade, own, found[places])
    np.maximum.at(near, own, found[places] / (1 + view.distance[places] / FADING))
    return np.stack([grade, near])[:, view.rows.own]
