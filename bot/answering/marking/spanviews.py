"""Views: which properties of units and spans the span model has weights for, and the question they are joined with."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.answering.interrogatives import surface
from bot.answering.query import Expected, Query
from bot.retrieval.analysis import Shape

PREFIX = 5  # letters that two terms share when they are taken for forms of one word ("decide", "decision")
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
