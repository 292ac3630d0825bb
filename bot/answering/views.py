"""What the span model sees of a sentence beside a question: properties of its units and of its spans, and keys."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.answering.query import Expected, Query
from bot.answering.question import surface
from bot.answering.units import Unit
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
    looks = ["^^", "^", *(unit.look for unit in sentence), "$", "$$"]
    words = ["^", *(unit.word for unit in sentence), "$"]
    match = ["^", *_matches(through, sentence), "$"]
    roles = ["", *(_role(unit, through) for unit in sentence), ""]
    places = range(1, len(sentence) + 1)
    small = ["", *(unit.word if unit.look == "stop" else unit.look for unit in sentence), ""]
    return {
        "look": looks[2:-2],
        "word": [unit.look if unit.word[:1].isdigit() else unit.word for unit in sentence],
        "tail": [_tail(unit) for unit in sentence],
        "matches": [match[p - 1] + match[p] + match[p + 1] for p in places],
        "word before": words[:-2],
        "word after": words[2:],
        "looks before": [f"{looks[p]}+{looks[p + 1]}" for p in places],
        "looks after": [f"{looks[p + 1]}+{looks[p + 2]}" for p in places],
        "two looks before": [f"{looks[p - 1]}+{looks[p]}" for p in places],
        "two looks after": [f"{looks[p + 2]}+{looks[p + 3]}" for p in places],
        "bigram before": [f"{words[p - 1]} {small[p]}" for p in places],
        "bigram after": [f"{looks[p + 1]} {words[p + 1]}" for p in places],
        "sign before": [unit.before or "_" for unit in sentence],
        "sign after": [unit.after or "_" for unit in sentence],
        "sign between": [unit.before or "_" for unit in sentence],
        "is first": ["yes" if p == 1 else "no" for p in places],
        "is last": ["yes" if p == len(sentence) else "no" for p in places],
        "role before": [match[p - 1] + roles[p - 1] for p in places],
        "role after": [match[p + 1] + roles[p + 1] for p in places],
        **_distances(match[1:-1], roles[1:-1]),
    }


def _tail(unit: Unit) -> str:
    """The last letters of a common word, which tell verbs from nouns; the look of anything else."""
    return unit.word[-3:] if unit.look in ("lower", "hyphened") and len(unit.word) > 4 else unit.look


def _matches(through: Lens, sentence: Sequence[Unit]) -> Iterator[str]:
    """For each unit one letter: h holds the question's head noun, c another of its terms, p a word that starts like
    one, s is a stop word of the question, - none of them."""
    for unit in sentence:
        if through.head and through.head in unit.terms:
            yield "h"
        elif any(term in through.roles for term in unit.terms):
            yield "c"
        elif any(term[:PREFIX] in through.prefixes for term in unit.terms):
            yield "p"
        else:
            yield "s" if unit.word in through.stops else "-"


def _role(unit: Unit, through: Lens) -> str:
    return next((through.roles[term] for term in unit.terms if term in through.roles), "")


def _distances(match: Sequence[str], roles: Sequence[str]) -> dict[str, list[str]]:
    """The properties that tell how far, on which side and in which role the question's words stand."""
    held = [place for place, letter in enumerate(match) if letter in "hc"]
    heads = [place for place, letter in enumerate(match) if letter == "h"]
    found: dict[str, list[str]] = {"left": [], "right": [], "near": [], "head": [], "sides": []}
    for place in range(len(match)):
        before = [other for other in held if other < place]
        after = [other for other in held if other > place]
        left = _away(place - before[-1]) if before else "-"
        right = _away(after[0] - place) if after else "-"
        found["left"].append(left + (roles[before[-1]] if before else ""))
        found["right"].append(right + (roles[after[0]] if after else ""))
        found["near"].append(f"{left}|{right}")
        found["head"].append(_head_away(place, heads))
        found["sides"].append(f"{min(len(before), 4)}<{min(len(after), 4)}")
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


def span_columns(sentence: Sequence[Unit], first: int) -> dict[str, list[str]]:
    """Each property of the spans that start at unit `first`, by its name, one value per length from 1."""
    members = sentence[first : first + LONGEST]
    return {
        "length": [str(length) for length in range(1, len(members) + 1)],
        "pattern": _patterns(members),
        "edges": [f"{members[0].before}|{last.after}" for last in members],
    }


def _patterns(members: Sequence[Unit]) -> list[str]:
    """The looks of the first 1, 2, ... units in letters; a look that repeats is a plus sign, punctuation a comma."""
    found: list[str] = []
    pattern = last = ""
    for unit in members:
        if found and unit.before:
            pattern += ","
            last = ","
        code = _CODES[unit.look]
        if code != last:
            pattern += code
        elif not pattern.endswith("+"):
            pattern += "+"
        last = code
        found.append(pattern if len(pattern) <= PATTERN else f"{pattern[:4]}~{pattern[-2:]}")
    return found
