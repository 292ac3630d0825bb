"""What a question seeks: the kind of thing that would answer it, finer than the kind that its question word names."""

from enum import StrEnum
from typing import NamedTuple

from bot.answering.hints import HintWords


class Kind(StrEnum):
    """The kinds of things that answer."""

    AGE = "age"
    MONEY = "money"
    DURATION = "duration"
    LENGTH = "length"
    AREA = "area"
    WEIGHT = "weight"
    SPEED = "speed"
    TEMPERATURE = "temperature"
    SHARE = "share"
    COUNT = "count"
    NUMBER = "number"
    FREQUENCY = "frequency"
    YEAR = "year"
    DATE = "date"
    CLOCK = "clock"
    WEEKDAY = "weekday"
    CONTACT = "contact"
    LANGUAGE = "language"
    COLOUR = "colour"
    PERSON = "person"
    CALLED = "called"
    NAME = "name"
    PLACE = "place"
    REASON = "reason"
    ANYTHING = "anything"


class Sought(NamedTuple):
    """What a question seeks: the kind, the terms of what is counted, and the words that tell kinds in its language
    (None where there are no lists: then nothing is known)."""

    kind: Kind = Kind.ANYTHING
    counted: frozenset[str] = frozenset()
    hints: HintWords | None = None
