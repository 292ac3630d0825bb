"""Fitness: which tokens of a sentence are of the kind that a question seeks, and how surely.

All of it looks at several sentences at once, token after token in one row; what follows a token is looked for in its
own sentence alone. A grade is 1 for a certain fit, POSSIBLE or FAINT for doubtful ones, 0 for none.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from bot.answering.hinted import LOWER, STOP, YEAR, Flags, Hinted
from bot.answering.hints import UNITS, Hint
from bot.answering.sought import Kind

Floats = npt.NDArray[np.float64]

POSSIBLE, FAINT = 0.5, 0.25
OF_KIND = {
    Kind.MONEY: Hint.MONEY,
    Kind.LENGTH: Hint.LENGTH,
    Kind.AREA: Hint.AREA,
    Kind.WEIGHT: Hint.WEIGHT,
    Kind.SPEED: Hint.SPEED,
    Kind.TEMPERATURE: Hint.TEMPERATURE,
    Kind.SHARE: Hint.SHARE,
    Kind.DURATION: Hint.SPAN,
}
"""The unit that a number must have."""
WRITTEN_WITH_SIGNS = frozenset((Kind.MONEY, Kind.SHARE, Kind.TEMPERATURE))
"""Kinds whose unit may be a sign ($, %, °) that the terms do not show."""


IN_NUMBERS = UNITS | Hint.NUMWORD
_ALL_BUT_SHARES = int(UNITS & ~Hint.SHARE)
IN_NAMES = Hint.MONTH | Hint.DAY | Hint.NUMWORD | Hint.ORDINAL | Hint.QUANTITY | Hint.TIME | Hint.ROLE
IN_TIMES = UNITS | Hint.NUMWORD | Hint.MONTH | Hint.DAY | Hint.TIME | Hint.CLOCK
NEEDED: Mapping[Kind, Hint] = {
    Kind.MONEY: IN_NUMBERS | Hint.FREE,
    Kind.SHARE: IN_NUMBERS | Hint.QUANTITY,
    Kind.COUNT: IN_NUMBERS | Hint.QUANTITY | Hint.ORDINAL,
    Kind.NUMBER: IN_NUMBERS | Hint.QUANTITY | Hint.ORDINAL,
    Kind.DURATION: IN_NUMBERS | Hint.TIME,
    Kind.AGE: IN_NUMBERS | Hint.OLD | Hint.MONTH,
    Kind.FREQUENCY: IN_NUMBERS | Hint.OFTEN,
    Kind.YEAR: IN_TIMES,
    Kind.DATE: IN_TIMES,
    Kind.CLOCK: IN_TIMES,
    Kind.WEEKDAY: Hint.DAY | Hint.MONTH | Hint.TIME | Hint.OFTEN,
    Kind.CONTACT: IN_NUMBERS | Hint.CONTACT,
    Kind.LANGUAGE: IN_NAMES | Hint.LANGUAGE,
    Kind.COLOUR: Hint.COLOUR,
    Kind.PERSON: IN_NAMES | Hint.NAMING | Hint.LANGUAGE | Hint.INNER,
    Kind.CALLED: IN_NAMES | Hint.NAMING | Hint.LANGUAGE | Hint.INNER,
    Kind.NAME: IN_NAMES,
    Kind.PLACE: IN_NAMES | Hint.AT | Hint.SPOT | Hint.INNER,
    Kind.REASON: Hint.CAUSE | Hint.MOTIVE,
}
"""The hints that each kind looks at; those of numbers with a unit look at IN_NUMBERS."""


def grades(kind: Kind, tokens: Hinted) -> Floats:
    """[tokens] how surely each is part of what is sought; all 0 for a kind that has no look of its own."""
    grader = GRADERS.get(kind)
    if grader is None:
        return np.zeros(len(tokens.row))
    found = np.zeros(len(tokens.row))
    for flags, grade in zip(grader(tokens), (1.0, POSSIBLE, FAINT), strict=False):
        np.maximum(found, np.where(flags, grade, 0.0), out=found)
    return found


Graded = tuple[Flags, ...]
"""Of each token whether it fits certainly, whether it may, and for some kinds whether it hardly does."""


def _measured(kind: Kind) -> Callable[[Hinted], Graded]:
    hint = OF_KIND[kind]

    def grader(tokens: Hinted) -> Graded:
        certain = tokens.numbers & ((tokens.units & int(hint)) != 0)
        if tokens.is_signed and kind in WRITTEN_WITH_SIGNS:
            return certain, np.zeros_like(certain)
        bare = tokens.numbers & (tokens.units == 0) & (tokens.shape != YEAR) & (tokens.shape != STOP)
        return certain, bare & ~_counts(tokens) if kind is not Kind.SHARE else bare

    return grader


def _counts(tokens: Hinted) -> Flags:
    """[tokens] whether a noun, or what looks like one, stands right behind."""
    return tokens.flag((tokens.shape == LOWER) & ~tokens.has(Hint.NUMWORD), 1)


def _money(tokens: Hinted) -> Graded:
    certain, possible = _measured(Kind.MONEY)(tokens)
    rise = tokens.numbers & ((tokens.units & int(Hint.SHARE)) != 0)  # pay and prices go up by a share
    return certain | tokens.has(Hint.FREE), possible | rise


def _share(tokens: Hinted) -> Graded:
    certain, possible = _measured(Kind.SHARE)(tokens)
    return certain, possible | (tokens.has(Hint.QUANTITY) & tokens.fresh)


def _speed(tokens: Hinted) -> Graded:
    certain, possible = _measured(Kind.SPEED)(tokens)
    length = tokens.numbers & ((tokens.units & int(Hint.LENGTH)) != 0)
    over_time = length & tokens.flag(tokens.has(Hint.SPAN), 2, 3, 4)
    return certain | over_time, possible | length


def _duration(tokens: Hinted) -> Graded:
    certain, possible = _measured(Kind.DURATION)(tokens)
    other = tokens.numbers & ((tokens.units & int(Hint.LENGTH)) != 0)  # "how long" asks for both
    year = (tokens.shape == YEAR) & tokens.fresh
    return certain, possible | other | tokens.has(Hint.SPAN, Hint.TIME) | year


def _age(tokens: Hinted) -> Graded:
    small = tokens.numbers & (tokens.few | tokens.has(Hint.NUMWORD)) & (tokens.shape != STOP)
    certain = tokens.numbers & tokens.flag(tokens.has(Hint.OLD), -3, -2, -1, 1, 2, 3)
    return certain, small & (tokens.units == 0) & ~tokens.flag(tokens.has(Hint.MONTH), -1, 1)


def _count(tokens: Hinted) -> Graded:
    ordinal = tokens.has(Hint.ORDINAL) & _counts(tokens)  # "a third candidate"
    numbers = (tokens.numbers | (tokens.has(Hint.QUANTITY) & tokens.fresh)) & ~ordinal
    certain = numbers & tokens.flag(tokens.counted, 1, 2, 3)
    loose = numbers & ((tokens.units & _ALL_BUT_SHARES) == 0) & (tokens.shape != YEAR)
    return certain, loose & (tokens.units == 0) & ~_counts(tokens), loose


def _number(tokens: Hinted) -> Graded:
    is_year = tokens.shape == YEAR
    vague = tokens.has(Hint.QUANTITY, Hint.ORDINAL) & tokens.fresh
    return tokens.numbers & ~is_year, tokens.numbers | vague


def _frequency(tokens: Hinted) -> Graded:
    return tokens.has(Hint.OFTEN), tokens.numbers & (tokens.shape != YEAR)


def _year(tokens: Hinted) -> Graded:
    return (tokens.shape == YEAR) & tokens.fresh, tokens.digits & tokens.fresh, tokens.has(Hint.TIME, Hint.SPAN)


def _date(tokens: Hinted) -> Graded:
    is_day = tokens.has(Hint.DAY) & tokens.fresh
    month = tokens.has(Hint.MONTH) & ((tokens.shape != STOP) | tokens.flag(tokens.digits, -1, 1))
    certain = ((tokens.shape == YEAR) & tokens.fresh) | is_day | month
    small = tokens.few & tokens.fresh & (tokens.units == 0)
    told = tokens.has(Hint.TIME) & tokens.flag(tokens.has(Hint.SPAN), -1, 1)  # "last week", "an hour ago"
    return certain, small | told | tokens.has(Hint.CLOCK), tokens.has(Hint.TIME, Hint.SPAN)


def _clock(tokens: Hinted) -> Graded:
    clock = tokens.has(Hint.CLOCK)
    certain = (tokens.numbers & (tokens.flag(clock, 1, 2) | tokens.flag(clock, -1))) | (
        clock & ~tokens.flag(tokens.digits, 1)
    )
    pair = tokens.few & tokens.flag(tokens.few, 1)
    bare = tokens.few & tokens.fresh & (tokens.units == 0) & ~_counts(tokens)
    return certain, pair | bare | _date(tokens)[0] | tokens.has(Hint.TIME)


def _weekday(tokens: Hinted) -> Graded:
    return tokens.has(Hint.DAY) & tokens.fresh, tokens.has(Hint.OFTEN, Hint.TIME, Hint.MONTH)


def _contact(tokens: Hinted) -> Graded:
    plain = tokens.digits & tokens.fresh & (tokens.units == 0) & ~_counts(tokens)
    pair = plain & tokens.flag(tokens.digits, 1, -1)
    return (tokens.has(Hint.CONTACT) & tokens.fresh) | (plain & tokens.many), pair


def _language(tokens: Hinted) -> Graded:
    return tokens.has(Hint.LANGUAGE) & tokens.fresh, tokens.names


def _colour(tokens: Hinted) -> Graded:
    return tokens.has(Hint.COLOUR) & tokens.fresh, np.zeros(len(tokens.row), dtype=np.bool_)


def _person(tokens: Hinted) -> Graded:
    beside = tokens.flag(tokens.names, -1, 1) | tokens.flag(tokens.has(Hint.ROLE, Hint.NAMING), -1)
    inner = tokens.flag(tokens.has(Hint.INNER), -1)
    inner |= tokens.flag(inner & tokens.names, -1)
    persons = tokens.names & ~inner & ~tokens.common
    return persons & beside & ~tokens.has(Hint.LANGUAGE), persons


def _name(tokens: Hinted) -> Graded:
    names = tokens.names & ~tokens.common
    return names & (~tokens.first | tokens.flag(tokens.names, 1)), names


def _place(tokens: Hinted) -> Graded:
    at = tokens.has(Hint.AT, Hint.INNER)
    led = tokens.flag(at, -1) | (tokens.flag(at, -2) & tokens.flag(tokens.shape == STOP, -1))
    spot = tokens.has(Hint.SPOT) & tokens.fresh
    near = tokens.flag(spot, -1, 1) & tokens.flag(at, -2, -3)
    return tokens.names & (led | near), tokens.names | (spot & (led | tokens.flag(at, -2, -3))), spot


def _reason(tokens: Hinted) -> Graded:
    return tokens.has(Hint.CAUSE), tokens.has(Hint.MOTIVE)


GRADERS: Mapping[Kind, Callable[[Hinted], Graded]] = {
    **{kind: _measured(kind) for kind in OF_KIND},
    Kind.MONEY: _money,
    Kind.SHARE: _share,
    Kind.SPEED: _speed,
    Kind.DURATION: _duration,
    Kind.AGE: _age,
    Kind.COUNT: _count,
    Kind.NUMBER: _number,
    Kind.FREQUENCY: _frequency,
    Kind.YEAR: _year,
    Kind.DATE: _date,
    Kind.CLOCK: _clock,
    Kind.WEEKDAY: _weekday,
    Kind.CONTACT: _contact,
    Kind.LANGUAGE: _language,
    Kind.COLOUR: _colour,
    Kind.PERSON: _person,
    Kind.CALLED: _person,
    Kind.NAME: _name,
    Kind.PLACE: _place,
    Kind.REASON: _reason,
}
"""What fits each kind: a new kind is one function and a line here."""
