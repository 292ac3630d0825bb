"""Marking by rules: what answers look like by their shape, for languages without a span model."""

from collections.abc import Sequence

from bot.answering.marking.units import AnswerWords, Unit
from bot.answering.query import Expected, Query

Marks = tuple[tuple[int, int], ...]

_NUMBERS = frozenset(("number", "year", "small", "numbers", "mixed", "percent", "money", "numword"))
_DATES = frozenset(("year", "years", "decade", "month", "day"))
_IN_DATES = _DATES | {"small", "ordinal"}
_NAMES = frozenset(("name", "acronym"))
LONGEST_SHARE = 0.5  # of the sentence's units that a reason may take
LONGEST_NAME = 6  # units


def marked_by_rules(query: Query, sentence: Sequence[Unit], words: AnswerWords) -> Marks:
    """The first run of units that looks like the expected kind of answer and holds none of the question's words;
    () when there is none, or when any words could answer."""
    terms = set(query.terms)
    fresh = [terms.isdisjoint(unit.terms) for unit in sentence]
    found: tuple[int, int] | None = None
    if query.expected is Expected.REASON:
        found = _reason(sentence, words)
    elif query.expected is Expected.NUMBER:
        found = _first(sentence, fresh, _NUMBERS, _NUMBERS)
        found = found and (found[0], _with_its_noun(sentence, found[1]))
    elif query.expected is Expected.DATE:
        found = _first(sentence, fresh, _IN_DATES, _DATES)
    elif query.expected in (Expected.PERSON, Expected.PLACE):
        found = _first(sentence, fresh, _NAMES, _NAMES)
    return ((sentence[found[0]].start, sentence[found[1]].end),) if found else ()


def _first(
    sentence: Sequence[Unit], fresh: Sequence[bool], fitting: frozenset[str], needed: frozenset[str]
) -> tuple[int, int] | None:
    """The first run of fresh units that look fitting, one of them as needed."""
    looks = [unit.look if new else "" for unit, new in zip(sentence, fresh, strict=True)]
    for first, last in _runs(sentence, [look in fitting for look in looks]):
        if not needed.isdisjoint(looks[first : last + 1]):
            return first, last
    return None


def _reason(sentence: Sequence[Unit], words: AnswerWords) -> tuple[int, int] | None:
    """The clause from a word like "because" to the next sign, when it is not most of the sentence."""
    for phrase in sorted(words.causes, key=len, reverse=True):
        for place in range(len(sentence) - len(phrase)):
            if tuple(unit.word for unit in sentence[place : place + len(phrase)]) == phrase:
                ends = (p for p in range(place + len(phrase), len(sentence)) if sentence[p].after)
                last = next(ends, len(sentence) - 1)
                if last - place < LONGEST_SHARE * len(sentence):
                    return place, last
    return None


def _runs(sentence: Sequence[Unit], fits: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last unit of each longest run of units that fit and that no sign parts."""
    runs: list[tuple[int, int]] = []
    for place in (place for place, fit in enumerate(fits) if fit):
        if runs and _goes_on(sentence, runs[-1][1], place) and place - runs[-1][0] < LONGEST_NAME:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def _goes_on(sentence: Sequence[Unit], last: int, place: int) -> bool:
    """Whether a unit goes on a run that ended at `last`: right behind it, or in a date over one small word ("20 de
    mayo de 1506")."""
    if any(unit.before for unit in sentence[last + 1 : place + 1]):
        return False
    in_date = {sentence[last].look, sentence[place].look} & {"month", "day"}
    return place == last + 1 or (place == last + 2 and bool(in_date) and sentence[last + 1].look == "stop")


def _with_its_noun(sentence: Sequence[Unit], last: int) -> int:
    """The place of the noun that a number counts, where one stands right behind it; the number's place otherwise."""
    if last + 1 < len(sentence) and sentence[last + 1].look in ("lower", "name") and not sentence[last + 1].before:
        return last + 1
    return last
