"""Folding: sentences that say the same become one, the best ranked with the others as its twins."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, compress
from typing import NamedTuple

import numpy as np

from bot.answering.query import Candidate, Pool
from bot.articles.article import Sentence
from bot.retrieval.analysis import Shape
from bot.retrieval.keys import keys_of

OVERLAP = 0.7
"""The least share of content terms (Dice's coefficient) in two sentences that say the same. In 120 articles of SQuAD's
training set nearly all pairs above .75 do and hardly any below .65; twins in news go down to .71."""
SHORT_OVERLAP = 0.8
SHORT = 4  # content terms: of so few, one that differs may be all that matters
SAME_BEGINNING = 5  # letters that make a name and its adjective one: Russia, Russian

BUCKETS = 256
"""Of keys, to count the terms that sentences share: of twenty and thirty that differ, one falls in a bucket of
another's."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: the first bits of a product with it tell keys
_SHIFT = np.uint64(64 - BUCKETS.bit_length() + 1)
_STOP, _LOWER = ord(Shape.STOP.value), ord(Shape.LOWER.value)
_IS_NUMBER, _IS_NAME = (
    bytes(chr(code) in shapes for code in range(256))
    for shapes in ((Shape.NUMBER, Shape.YEAR), (Shape.CAPITALISED, Shape.ACRONYM))
)
"""For `bytes.translate`: 1 for the codes of these shapes, 0 for the others."""
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
    """The sentences that one is told from, with the keys of all their words, and how many words of each sentence fall
    in which bucket of keys."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._keys = keys_of(" ".join([sentence.terms for sentence in sentences if sentence.terms]))
        self._shapes = np.frombuffer("".join([sentence.shapes for sentence in sentences]).encode(), dtype=np.uint8)
        lengths = [len(sentence.shapes) for sentence in sentences]
        self._buckets = (self._keys * _MULTIPLIER >> _SHIFT).astype(np.int64)
        self._ends = list(accumulate(lengths, initial=0))
        cells = np.repeat(np.arange(len(sentences)) * BUCKETS, lengths) + self._buckets
        counts = np.bincount(cells, minlength=len(sentences) * BUCKETS).reshape(-1, BUCKETS)
        self._counts = counts.astype(np.float32)  # exact below 16 million, and multiplied in a fifth of the time
        self._lower = self._keys[self._shapes == _LOWER]

    def near(self, place: int) -> list[int]:
        """The places of the sentences that can share enough content terms with that at `place`: of Dice's coefficient
        2 s / (a + b) >= OVERLAP, with b >= s, follows s >= a x OVERLAP / (2 - OVERLAP). Terms of one bucket count as
        one: s is no smaller by that, and a no larger."""
        words = slice(self._ends[place], self._ends[place + 1])
        is_own = np.zeros(BUCKETS, dtype=np.float32)
        is_own[self._buckets[words][self._shapes[words] != _STOP]] = 1
        shared = (self._counts @ is_own).astype(np.float64)
        found: list[int] = np.flatnonzero((2 - OVERLAP) * shared >= OVERLAP * max(float(is_own.sum()), 1)).tolist()
        return found

    def opens_ordinarily(self, place: int) -> bool:
        """Whether the first word of the sentence at `place` stands somewhere in lower case: it is no name."""
        first = self._ends[place]
        return first < self._ends[place + 1] and bool((self._lower == self._keys[first]).any())


def statement(sentence: Sentence, *, opens_with_name: bool = True) -> Statement:
    """What the sentence says, from its stored terms and shapes; without `opens_with_name`, its first word is no name
    for all its capital letter."""
    terms = sentence.terms.split(" ") if sentence.terms else []
    shapes = sentence.shapes.encode()
    names = set(compress(terms, shapes.translate(_IS_NAME)))
    if terms and not opens_with_name:
        names.discard(terms[0])
    return Statement(
        terms=frozenset(sentence.content_terms()),
        numbers=frozenset(compress(terms, shapes.translate(_IS_NUMBER))),
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
