"""Folding: sentences that say the same become one, the best ranked with the others as its twins."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.features.view import Flags
from bot.answering.query import Candidate, Pool
from bot.articles.article import Sentence
from bot.retrieval.analysis import Shape
from bot.retrieval.keys import Keys, keys_of

OVERLAP = 0.7
"""The least share of content terms (Dice's coefficient) in two sentences that say the same. In 120 articles of SQuAD's
training set nearly all pairs above .75 do and hardly any below .65; twins in news go down to .71."""
SHORT_OVERLAP = 0.8
SHORT = 4  # content terms: of so few, one that differs may be all that matters
SAME_BEGINNING = 5  # letters that make a name and its adjective one: Russia, Russian

_STOP = Shape.STOP.value
_STOP_CODE, _LOWER = ord(Shape.STOP.value), ord(Shape.LOWER.value)
_NUMBERS = frozenset({Shape.NUMBER.value, Shape.YEAR.value})
_NAMES = frozenset({Shape.CAPITALISED.value, Shape.ACRONYM.value})
_NEGATIONS = frozenset(
    {
        "not", "no", "never", "none", "neither", "nor", "without", "non", "cannot",
        "не", "ні", "nicht", "kein", "keine", "ne", "pas", "não", "nie", "inte", "ikke",
    }
)  # fmt: skip
# Terms of which each excludes the others of its line.
_EXCLUSIVE = (
    "one two three four five six seven eight nine ten eleven twelv dozen hundr thousand million billion trillion",
    "first second third fourth fifth sixth seventh eighth ninth tenth last",
    "export import", "gain loss lose win", "buy sell", "rise fall", "increas decreas declin", "more less fewer",
    "high low higher lower highest lowest", "larg small larger smaller largest smallest", "best worst better wors",
    "north south east west northern southern eastern western central", "left right", "hot cold warm cool",
    "male femal", "man woman", "before after", "earli late earlier later", "maximum minimum", "begin end start stop",
    "support oppos", "accept reject", "arriv leav", "open close", "old new", "import export", "victori defeat",
    "posit negat", "win lose", "true fals", "deni confirm",
)  # fmt: skip
_LINE_OF: dict[str, frozenset[int]] = {}
for _number, _line in enumerate(_EXCLUSIVE):
    for _term in _line.split():
        _LINE_OF[_term] = _LINE_OF.get(_term, frozenset()) | {_number}


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
    sentences = [pool.sentence(candidate.hit) for candidate in candidates]
    company = Company(sentences)
    leads: list[tuple[Candidate, Statement]] = []
    twins: list[list[Candidate]] = []
    near: dict[int, list[int]] = {}  # of a candidate the leads that it shares enough terms with
    for place, candidate in enumerate(candidates):
        if place not in near and len(leads) == top:
            continue
        said = statement(sentences[place], opens_with_name=not company.opens_ordinarily(place))
        group = next((lead for lead in near.get(place, ()) if say_the_same(leads[lead][1], said)), None)
        if group is not None:
            twins[group].append(candidate)
        elif len(leads) < top:
            for other in company.near(place):
                near.setdefault(other, []).append(len(leads))
            leads.append((candidate, said))
            twins.append([])
    return [Group(lead, tuple(same)) for (lead, _), same in zip(leads, twins, strict=True)]


class Company:
    """The sentences that one is told from, with the keys of all their words."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._keys = keys_of(" ".join([sentence.terms for sentence in sentences if sentence.terms]))
        self._shapes = np.frombuffer("".join([sentence.shapes for sentence in sentences]).encode(), dtype=np.uint8)
        self._row = np.repeat(np.arange(len(sentences)), [len(sentence.shapes) for sentence in sentences])
        self._sentences = len(sentences)

    def near(self, place: int) -> list[int]:
        """The places of the sentences that can share enough content terms with that at `place`: of Dice's coefficient
        2 s / (a + b) >= OVERLAP, with b >= s, follows s >= a x OVERLAP / (2 - OVERLAP)."""
        terms = np.unique(self._keys[(self._row == place) & (self._shapes != _STOP_CODE)])
        shared = np.bincount(self._row[self._holding(terms)], minlength=self._sentences)
        found: list[int] = np.flatnonzero((2 - OVERLAP) * shared >= OVERLAP * max(len(terms), 1)).tolist()
        return found

    def opens_ordinarily(self, place: int) -> bool:
        """Whether the first word of the sentence at `place` stands somewhere in lower case: it is no name."""
        first = self._keys[self._row == place][:1]
        return bool((self._shapes[self._holding(first)] == _LOWER).any())

    def _holding(self, keys: Keys) -> Flags:
        """[words] whether each is one of these."""
        held: Flags = np.logical_or.reduce(self._keys == keys[:, None], axis=0)
        return held


def statement(sentence: Sentence, *, opens_with_name: bool = True) -> Statement:
    """What the sentence says, from its stored terms and shapes; without `opens_with_name`, its first word is no name
    for all its capital letter."""
    terms = sentence.terms.split(" ") if sentence.terms else []
    shaped = list(zip(terms, sentence.shapes, strict=False))
    names = {term for term, shape in shaped if shape in _NAMES}
    if shaped and not opens_with_name:
        names.discard(shaped[0][0])
    return Statement(
        terms=frozenset(term for term, shape in shaped if shape != _STOP),
        numbers=frozenset(term for term, shape in shaped if shape in _NUMBERS),
        names=frozenset(names),
        negated=not _NEGATIONS.isdisjoint(terms),
    )


def say_the_same(one: Statement, other: Statement) -> bool:
    """Whether two sentences report the same: most content terms are shared, and nothing contradicts.

    Numbers or names contradict when each sentence holds one that the other lacks; one that is only added does not. So
    do words that exclude each other ("exports", "imports"), and a "not" in one of them.
    """
    shared = len(one.terms & other.terms)
    fewest = min(len(one.terms), len(other.terms))
    least = SHORT_OVERLAP if fewest <= SHORT else OVERLAP
    if not shared or 2 * shared < least * (len(one.terms) + len(other.terms)):
        return False
    if one.negated != other.negated or (one.numbers - other.terms and other.numbers - one.terms):
        return False
    mine, theirs = one.terms - other.terms, other.terms - one.terms
    if _unmatched(one.names & mine, theirs) and _unmatched(other.names & theirs, mine):
        return False
    lines = _lines(mine)
    return not lines or lines.isdisjoint(_lines(theirs))


def _unmatched(names: Iterable[str], terms: Iterable[str]) -> bool:
    """Whether one of the names has no form of it among the terms."""
    beginnings = {term[:SAME_BEGINNING] for term in terms}
    return any(name[:SAME_BEGINNING] not in beginnings for name in names)


def _lines(terms: Iterable[str]) -> set[int]:
    return {line for term in terms if term in _LINE_OF for line in _LINE_OF[term]}
