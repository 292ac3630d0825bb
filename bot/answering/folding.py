"""Folding: sentences that say the same become one, the best ranked with the others as its twins."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.answering.query import Candidate, Pool
from bot.articles.article import Sentence
from bot.retrieval.analysis import Shape

OVERLAP = 0.6  # Dice's coefficient of the content terms of two sentences that say the same, at the least
_NUMBERS = frozenset({Shape.NUMBER.value, Shape.YEAR.value})
_NAMES = frozenset({Shape.CAPITALISED.value, Shape.ACRONYM.value})
_NEGATIONS = frozenset({"not", "no", "never", "none", "neither", "nor", "without"})


class Group(NamedTuple):
    """A quote's candidate, and those that say the same, in the order of the ranking."""

    lead: Candidate
    twins: tuple[Candidate, ...]


class Statement(NamedTuple):
    """What a sentence says, as far as its words show: its content terms, and which of them bind."""

    terms: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    negated: bool


def fold(pool: Pool, candidates: Sequence[Candidate], *, top: int) -> list[Group]:
    """The first `top` groups of the ranking; every candidate that says the same as a lead is one of its twins."""
    leads: list[tuple[Candidate, Statement]] = []
    twins: list[list[Candidate]] = []
    for candidate in candidates:
        said = statement(pool.sentence(candidate.hit))
        for place, (_, other) in enumerate(leads):
            if say_the_same(said, other):
                twins[place].append(candidate)
                break
        else:
            if len(leads) < top:
                leads.append((candidate, said))
                twins.append([])
    return [Group(lead, tuple(same)) for (lead, _), same in zip(leads, twins, strict=True)]


def statement(sentence: Sentence) -> Statement:
    """What the sentence says, from its stored terms and shapes."""
    terms = sentence.terms.split(" ") if sentence.terms else []
    shaped = list(zip(terms, sentence.shapes, strict=False))
    return Statement(
        terms=frozenset(term for term, shape in shaped if shape != Shape.STOP.value),
        numbers=frozenset(term for term, shape in shaped if shape in _NUMBERS),
        names=frozenset(term for term, shape in shaped[1:] if shape in _NAMES),
        negated=not _NEGATIONS.isdisjoint(terms),
    )


def say_the_same(one: Statement, other: Statement) -> bool:
    """Whether two sentences report the same: most content terms are shared, and no number or name contradicts.

    A number or name contradicts when each sentence holds one that the other lacks; one that is only added does not.
    """
    shared = len(one.terms & other.terms)
    if not shared or 2 * shared < OVERLAP * (len(one.terms) + len(other.terms)):
        return False
    if one.negated != other.negated:
        return False
    return not (_contradict(one.numbers, other.numbers, other, one) or _contradict(one.names, other.names, other, one))


def _contradict(mine: Iterable[str], theirs: Iterable[str], other: Statement, one: Statement) -> bool:
    return any(term not in other.terms for term in mine) and any(term not in one.terms for term in theirs)
