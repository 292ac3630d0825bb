"""What the span model sees of a sentence beside a question: properties of its units and of its spans, and keys."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from operator import add
from typing import NamedTuple

from bot.answering.interrogatives import surface
from bot.answering.marking.units import Unit
from bot.answering.query import Expected, Query
from bot.retrieval.analysis import Shape

LONGEST = 12
"""Units of a span."""
FAR = 10  # units: distances from there on are one
PREFIX = 5  # letters that two terms share when they are taken for forms of one word ("decide", "decision")
PATTERN = 7  # letters of a span's pattern; longer ones are shortened in the middle
GENERAL = frozenset(("what", "which", "what is", "what are", "what was", "what were", "what’s"))
"""Question words that the expected kind of answer tells more about than the word."""


class View(NamedTuple):
    """One property of units or spans that the model has weights for, in one role.

    The role is what is scored: the first unit of a span ("start"), its last ("end"), each of its units ("inside"),
    each unit but the first ("gap"), the span as a whole ("span"). The property is joined with each of the question's
    `keys`: * none, q its question word, h its head noun, n the word behind the question word, z its last word.
    """

    role: str
    name: str
    keys: str


START, END, INSIDE, GAP, SPAN = "start", "end", "inside", "gap", "span"
_UNIT_VIEWS = (
    ("look", "*qhn"), ("word", "*qh"), ("tail", "*qh"), ("matches", "*q"), ("left", "*q"), ("right", "*q"),
    ("near", "*q"), ("head", "*q"),
)  # fmt: skip
VIEWS = (
    *(View(role, name, keys) for role in (START, END, INSIDE) for name, keys in _UNIT_VIEWS),
    View(START, "sides", "*"), View(INSIDE, "sides", "*q"),
    View(START, "word before", "*qhnz"), View(END, "word after", "*qhn"),
    View(START, "looks before", "*qh"), View(END, "looks after", "*qh"),
    View(START, "sign before", "*q"), View(END, "sign after", "*q"),
    View(START, "is first", "*q"), View(END, "is last", "*q"),
    View(START, "bigram before", "*q"), View(END, "bigram after", "*q"),
    View(START, "two looks before", "*q"), View(END, "two looks before", "*"),
    View(START, "two looks after", "*"), View(END, "two looks after", "*q"),
    View(START, "role before", "q"), View(END, "role after", "q"),
    View(GAP, "sign between", "*q"), View(GAP, "looks before", "*q"), View(GAP, "word before", "*q"),
    View(GAP, "word", "*q"),
    View(SPAN, "length", "*qh"), View(SPAN, "pattern", "*qh"), View(SPAN, "edges", "*q"),
)  # fmt: skip


class Lens(NamedTuple):
    """A question as the span model looks through it: its keys by letter, its terms and their roles, their first
    letters, its stop words, and the term of its head noun."""

    keys: dict[str, str]
    roles: dict[str, str]
    prefixes: frozenset[str]
    stops: frozenset[str]
    head: str


def lens(query: Query) -> Lens:
    """The lens of a question."""
    said = surface(query.text, query.tokens)
    behind = _behind_the_question_word(said, query)
    word = query.question_word
    if word in GENERAL:
        word = f"{word.split(' ')[0]}:{query.expected}"
    elif query.expected is Expected.DEFINITION:
        word = f"{word}:definition"
    last = query.tokens[-1]
    keys = {
        "*": "*",
        "q": word or "none",
        "h": query.head or "none",
        "n": said[behind] if behind < len(said) else "none",
        "z": last.term if last.shape is Shape.STOP else "none",
    }
    return Lens(
        keys=keys,
        roles=_roles(query, behind),
        prefixes=frozenset(term[:PREFIX] for term in query.terms if len(term) >= PREFIX),
        stops=frozenset(token.term for token in query.tokens if token.shape is Shape.STOP),
        head=query.head,
    )


def _behind_the_question_word(said: Sequence[str], query: Query) -> int:
    """The place of the first token behind the question word or phrase; 0 where there is none."""
    phrase = tuple(query.question_word.split())
    if phrase:
        for place in range(len(said) - len(phrase) + 1):
            if tuple(said[place : place + len(phrase)]) == phrase:
                return place + len(phrase)
    return 0


def _roles(query: Query, behind: int) -> dict[str, str]:
    """What each term is in the question: h its head noun, v the first behind the question word, w the second, l the
    last, m between them, b before the question word."""
    roles = {token.term: "b" for token in query.tokens[:behind] if token.shape is not Shape.STOP}
    after = [token.term for token in query.tokens[behind:] if token.shape is not Shape.STOP]
    after = [term for term in after if term != query.head]
    for place, term in enumerate(after):
        if roles.get(term, "b") == "b":
            roles[term] = "v" if not place else "l" if place == len(after) - 1 else "w" if place == 1 else "m"
    if query.head:
        roles[query.head] = "h"
    return roles


def columns(through: Lens, sentence: Sequence[Unit]) -> dict[str, list[str]]:
    """Each property of the sentence's units by its name, one value per unit."""
    looks = ["^^", "^", *[unit.look for unit in sentence], "$", "$$"]
    words = ["^", *[unit.word for unit in sentence], "$"]
    match = ["^", *_matches(through, sentence), "$"]
    roles = ["", *_roles_of(through, sentence), ""]
    small = [unit.word if unit.look == "stop" else unit.look for unit in sentence]
    before = [unit.before or "_" for unit in sentence]
    first = [look + "+" for look in looks]
    pairs = list(map(add, first, looks[1:]))
    of_words = [f"{word} " for word in words]
    of_looks = [f"{look} " for look in looks]
    return {
        "look": looks[2:-2],
        "word": [unit.look if unit.word[:1].isdigit() else unit.word for unit in sentence],
        "tail": [_tail(unit) for unit in sentence],
        "matches": list(map(add, map(add, match, match[1:-1]), match[2:])),
        "word before": words[:-2],
        "word after": words[2:],
        "looks before": pairs[1:-2],
        "looks after": pairs[2:-1],
        "two looks before": pairs[:-3],
        "two looks after": pairs[3:],
        "bigram before": list(map(add, of_words, small)),
        "bigram after": list(map(add, of_looks[2:-2], words[2:])),
        "sign before": before,
        "sign after": [unit.after or "_" for unit in sentence],
        "sign between": before,
        "is first": ["yes", *["no"] * (len(sentence) - 1)][: len(sentence)],
        "is last": [*["no"] * (len(sentence) - 1), "yes"][-len(sentence) :],
        "role before": list(map(add, match[:-2], roles[:-2])),
        "role after": list(map(add, match[2:], roles[2:])),
        **_distances(match[1:-1], roles[1:-1]),
    }


def _tail(unit: Unit) -> str:
    """The last letters of a common word, which tell verbs from nouns; the look of anything else."""
    return unit.word[-3:] if unit.look in ("lower", "hyphened") and len(unit.word) > 4 else unit.look


def _matches(through: Lens, sentence: Sequence[Unit]) -> Iterator[str]:
    """For each unit one letter: h holds the question's head noun, c another of its terms, p a word that starts like
    one, s is a stop word of the question, - none of them."""
    head, roles, prefixes, stops = through.head, through.roles, through.prefixes, through.stops
    for unit in sentence:
        if not unit.terms:
            yield "s" if unit.word in stops else "-"
        elif head and head in unit.terms:
            yield "h"
        elif any(term in roles for term in unit.terms):
            yield "c"
        elif any(term[:PREFIX] in prefixes for term in unit.terms):
            yield "p"
        else:
            yield "s" if unit.word in stops else "-"


def _roles_of(through: Lens, sentence: Sequence[Unit]) -> Iterator[str]:
    """For each unit the role that its first term of the question has there, "" without one."""
    roles = through.roles
    for unit in sentence:
        found = [roles[term] for term in unit.terms if term in roles]
        yield found[0] if found else ""


def _distances(match: Sequence[str], roles: Sequence[str]) -> dict[str, list[str]]:
    """The properties that tell how far, on which side and in which role the question's words stand."""
    held = [place for place, letter in enumerate(match) if letter in "hc"]
    heads = [place for place, letter in enumerate(match) if letter == "h"]
    found: dict[str, list[str]] = {"left": [], "right": [], "near": [], "head": [], "sides": []}
    before = 0
    for place in range(len(match)):
        after = before + (before < len(held) and held[before] == place)  # the first of those behind the place
        left = _away(place - held[before - 1]) if before else "-"
        right = _away(held[after] - place) if after < len(held) else "-"
        found["left"].append(left + roles[held[before - 1]] if before else left)
        found["right"].append(right + roles[held[after]] if after < len(held) else right)
        found["near"].append(f"{left}|{right}")
        found["head"].append(_head_away(place, heads))
        found["sides"].append(f"{min(before, 4)}<{min(len(held) - after, 4)}")
        before = after
    return found


def _away(distance: int) -> str:
    """A distance in units as a bucket."""
    return str(distance) if distance <= 3 else "4" if distance <= 5 else "6" if distance < FAR else "9"


def _head_away(place: int, heads: Sequence[int]) -> str:
    if not heads:
        return "none"
    distance = min((place - head for head in heads), key=abs)
    return f"{'+' if distance > 0 else '-'}{_away(abs(distance))}" if distance else "0"


_CODES = {
    "stop": ".", "lower": "x", "hyphened": "h", "name": "N", "first": "F", "acronym": "A", "number": "9", "small": "8",
    "numbers": "9", "mixed": "m", "percent": "%", "money": "$", "year": "Y", "years": "Y", "decade": "D", "month": "M",
    "day": "d", "numword": "n", "ordinal": "o",
}  # fmt: skip
LENGTHS = tuple(str(length) for length in range(1, LONGEST + 1))


def span_columns(sentence: Sequence[Unit]) -> dict[str, list[list[str]]]:
    """Each property of the sentence's spans by its name: for each unit one value per length, from 1, of the spans that
    start there."""
    places = range(len(sentence))
    return {
        "length": [list(LENGTHS[: len(sentence) - first]) for first in places],
        "pattern": patterns(sentence),
        "edges": [[edge(sentence[first], last) for last in sentence[first : first + LONGEST]] for first in places],
    }


def edge(first: Unit, last: Unit) -> str:
    """The signs of punctuation on both sides of a span."""
    return f"{first.before}|{last.after}"


def patterns(sentence: Sequence[Unit]) -> list[list[str]]:
    """For each unit the looks of the first 1, 2, ... units from there in letters; a look that repeats is a plus sign,
    punctuation a comma."""
    codes = [_CODES[unit.look] for unit in sentence]
    repeats = [False, *[left == right for left, right in pairwise(codes)]]
    repeats = [same and not unit.before for same, unit in zip(repeats, sentence, strict=False)]
    pieces = [
        ("" if repeats[place - 1] else "+") if repeats[place] else f",{code}" if sentence[place].before else code
        for place, code in enumerate(codes)
    ]
    found = []
    for first, code in enumerate(codes):
        following = pieces[first + 1 : first + LONGEST]
        if following and repeats[first + 1]:
            following[0] = "+"
        whole = accumulate((code, *following))
        found.append([one if len(one) <= PATTERN else f"{one[:4]}~{one[-2:]}" for one in whole])
    return found
