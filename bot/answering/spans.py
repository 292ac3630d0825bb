"""The units of a sentence that marks consist of, and what the marking model sees of each beside a question."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.answering.query import Expected, Query
from bot.answering.question import surface
from bot.errors import SettingsError
from bot.retrieval.analysis import Shape, Token, fold
from bot.wordlists import WordLists

LONGEST = 12  # units of a span
FAR = 10  # units: distances from there on are one


class Unit(NamedTuple):
    """A stretch of a sentence that is never cut: tokens joined by hyphens, apostrophes or signs (a currency, a
    percentage). `word` is its folded text, `terms` the terms of its tokens that are no stop words, `look` its shape
    in detail, `before` and `after` the first signs of punctuation beside it."""

    start: int
    end: int
    word: str
    terms: tuple[str, ...]
    look: str
    before: str
    after: str


_BLANK = re.compile(r"\s")
_INSIDE = re.compile(r"[-‐‑–'’./:&@·]")
_LEADING = re.compile(r"[$€£¥₴₽#+−§@-]+$")
_TRAILING = re.compile(r"^\s?[%‰°]|^[°%‰][CF]?|^[$€£¥₴₽+]")
CAPITAL_MONTHS = frozenset(("en", "de"))
KINDS = ("month", "day", "numword", "ordinal", "cause")


class AnswerWords:
    """The words of one language that tell what kind of answer a stretch is, from answer-words/<code>.txt: `kinds` of
    single words, `causes` the phrases that a reason follows."""

    def __init__(self, lists: WordLists, language: str) -> None:
        name = f"answer-words/{language}.txt"
        self.kinds: dict[str, str] = {}
        self.causes: list[tuple[str, ...]] = []
        self.lower_months = language not in CAPITAL_MONTHS
        for line in lists.lines(name):
            words, equals, kind = (part.strip() for part in line.partition("="))
            if not equals or kind not in KINDS:
                raise SettingsError(
                    f'{name}: "{line}": expected a line of the form words = kind, of {", ".join(KINDS)}'
                )
            if kind == "cause":
                self.causes.append(tuple(fold(words).split()))
            else:
                self.kinds[fold(words)] = kind


def units(text: str, tokens: Sequence[Token], words: AnswerWords) -> list[Unit]:
    """The units of a sentence in order, from its text and its tokens (with offsets into that text)."""
    groups: list[list[Token]] = []
    for token in tokens:
        if groups:
            between = text[groups[-1][-1].end : token.start]
            if (not between and not _overlap(groups[-1][-1], token)) or (between and _joins(between)):
                groups[-1].append(token)
                continue
        groups.append([token])
    found: list[Unit] = []
    for place, group in enumerate(groups):
        floor = found[-1].end if found else 0
        ceiling = groups[place + 1][0].start if place + 1 < len(groups) else len(text)
        found.append(_unit(text, group, floor, ceiling, words))
    return found


def _overlap(left: Token, right: Token) -> bool:
    """Whether two tokens are pairs of one run of characters (scripts without blanks), which stand apart."""
    return right.start < left.end


def _joins(between: str) -> bool:
    return len(between) <= 2 and not _BLANK.search(between) and all(_INSIDE.match(sign) for sign in between)


def _unit(text: str, group: Sequence[Token], floor: int, ceiling: int, words: AnswerWords) -> Unit:
    start, end = group[0].start, group[-1].end
    start = max(start, floor)
    lead = _LEADING.search(text, floor, start)
    if lead and _is_apart(text, lead.start()):
        start = lead.start()
    trail = _TRAILING.search(text[end:ceiling])
    if trail:
        end += trail.end()
    piece = text[start:end]
    before = text[floor:start].strip()
    after = text[end:ceiling].strip()
    return Unit(
        start=start,
        end=end,
        word=fold(piece),
        terms=tuple(token.term for token in group if token.shape is not Shape.STOP),
        look=_look(piece, group, words, first=floor == 0),
        before=before[-1:],
        after=after[:1],
    )


def _is_apart(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()


def _look(piece: str, group: Sequence[Token], words: AnswerWords, *, first: bool) -> str:
    """The unit's shape in detail, a short word: what kind of answer it could be part of."""
    word = fold(piece)
    if any(character.isdigit() for character in piece):
        return _number_look(piece, word, group)
    kind = words.kinds.get(word, "")
    # "May" and "March" are months by their capital letter alone, in a language where months have one.
    if kind and (kind in ("numword", "ordinal") or piece[:1].isupper() or words.lower_months):
        return kind
    if all(token.shape is Shape.STOP for token in group):
        return "stop"
    if piece[:1].isupper():
        return "acronym" if group[0].shape is Shape.ACRONYM else "first" if first else "name"
    return "hyphened" if len(group) > 1 else "lower"


def _number_look(piece: str, word: str, group: Sequence[Token]) -> str:
    if any(sign in piece for sign in "$€£¥₴₽"):
        return "money"
    if any(sign in piece for sign in "%‰°"):
        return "percent"
    if any(token.shape is Shape.YEAR for token in group):
        return "year" if len(group) == 1 else "years"
    if word[-2:] in ("st", "nd", "rd", "th"):
        return "ordinal"
    if word[-1] == "s" and word[:-1].isdigit():
        return "decade"
    if len(group) > 1:
        return "numbers"
    if not word[0].isdigit() or word[-1].isalpha():
        return "mixed"
    return "number" if len(word) > 2 else "small"


class View(NamedTuple):
    """What a template looks at: the role it scores (a span's start, its end, a unit inside, the gap before a unit)
    and which of the question's keys its property is joined with."""

    role: str
    name: str
    keys: str


START, END, INSIDE, GAP, LENGTH = "start", "end", "inside", "gap", "length"
ROLES = (START, END, INSIDE, GAP)
# Keys: "*" none, "q" the question word with its kind, "h" the head noun, "n" the word behind the question word.
VIEWS: dict[str, tuple[tuple[str, str], ...]] = {
    START: (
        ("look", "*qhn"), ("word", "*qh"), ("tail", "*qh"), ("match", "*q"), ("left", "*q"), ("right", "*q"),
        ("near", "*q"), ("previous", "*qhn"), ("looks", "*qh"), ("sign", "*q"), ("head", "*q"), ("ends", "*q"),
        ("sides", "*"),
    ),
    END: (
        ("look", "*qhn"), ("word", "*qh"), ("tail", "*qh"), ("match", "*q"), ("left", "*q"), ("right", "*q"),
        ("near", "*q"), ("next", "*qhn"), ("looks", "*qh"), ("sign", "*q"), ("head", "*q"), ("ends", "*q"),
    ),
    INSIDE: (
        ("look", "*qhn"), ("word", "*qh"), ("tail", "*qh"), ("match", "*q"), ("left", "*q"), ("right", "*q"),
        ("near", "*q"), ("head", "*q"), ("sides", "*q"),
    ),
    GAP: (("sign", "*q"), ("looks", "*q"), ("previous", "*q"), ("next", "*q")),
}  # fmt: skip


def question_keys(query: Query) -> dict[str, str]:
    """The question's keys: by the letters of VIEWS, what the properties of units are joined with."""
    word = query.question_word
    if word in ("what", "which", "what is", "what are", "what was", "what were"):
        word = f"{word.split(' ')[0]}:{query.expected}"
    elif query.expected is Expected.DEFINITION:
        word = f"{word}:definition"
    return {"*": "", "q": word or "none", "h": query.head, "n": _behind(query)}


def _behind(query: Query) -> str:
    """The word right behind the question word or phrase; "" when there is none."""
    said = surface(query.text, query.tokens)
    phrase = tuple(query.question_word.split())
    if not phrase:
        return " ".join(said[:1])
    for place in range(len(said) - len(phrase)):
        if said[place : place + len(phrase)] == phrase:
            return said[place + len(phrase)]
    return ""


def properties(query: Query, sentence: Sequence[Unit]) -> Iterator[dict[str, dict[str, str]]]:
    """For each unit of the sentence, by role, the value of each property that VIEWS names."""
    matches = _matches(query, sentence)
    roles = _question_roles(query)
    held = [place for place, match in enumerate(matches) if match in "hc"]
    heads = [place for place, match in enumerate(matches) if match == "h"]
    count = len(sentence)
    for place, unit in enumerate(sentence):
        left = max((p for p in held if p < place), default=None)
        right = min((p for p in held if p > place), default=None)
        previous = sentence[place - 1] if place else None
        following = sentence[place + 1] if place + 1 < count else None
        left_match = matches[place - 1] if place else "^"
        right_match = matches[place + 1] if place + 1 < count else "$"
        left_away = "-" if left is None else _away(place - left)
        right_away = "-" if right is None else _away(right - place)
        left_role = "" if left is None else _role(sentence[left], roles)
        right_role = "" if right is None else _role(sentence[right], roles)
        head = _head_away(place, heads)
        shared = {
            "look": unit.look,
            "word": unit.word if not unit.word[:1].isdigit() else unit.look,
            "tail": unit.word[-3:] if unit.look in ("lower", "hyphened") and len(unit.word) > 4 else unit.look,
            "match": left_match + matches[place] + right_match,
            "left": f"{left_away}{left_role}",
            "right": f"{right_away}{right_role}",
            "near": f"{left_away}|{right_away}",
            "head": head,
            "sides": _sides(place, held),
        }
        previous_look = previous.look if previous else "^"
        next_look = following.look if following else "$"
        previous_word = previous.word if previous else "^"
        next_word = following.word if following else "$"
        yield {
            START: shared | {
                "previous": previous_word, "looks": f"{previous_look}+{unit.look}", "sign": unit.before or "_",
                "ends": "first" if not place else "later",
            },
            END: shared | {
                "next": next_word, "looks": f"{unit.look}+{next_look}", "sign": unit.after or "_",
                "ends": "last" if not following else "earlier",
            },
            INSIDE: shared,
            GAP: {
                "sign": f"{previous.after if previous else ''}{unit.before}" or "_",
                "looks": f"{previous_look}+{unit.look}", "previous": previous_word, "next": unit.word,
            },
        }  # fmt: skip


def _matches(query: Query, sentence: Sequence[Unit]) -> list[str]:
    """For each unit one letter: h holds the question's head noun, c another of its terms, s is a stop word of the
    question, - none of them."""
    terms = set(query.terms)
    stops = {token.term for token in query.tokens if token.shape is Shape.STOP}
    letters = []
    for unit in sentence:
        if query.head and query.head in unit.terms:
            letters.append("h")
        elif not terms.isdisjoint(unit.terms):
            letters.append("c")
        else:
            letters.append("s" if unit.word in stops else "-")
    return letters


def _question_roles(query: Query) -> dict[str, str]:
    """What each term is in the question: f the first, l the last, o the only one, m between."""
    roles = dict.fromkeys(query.terms, "m")
    if roles:
        roles[query.terms[0]] = "f"
        roles[query.terms[-1]] = "l" if len(roles) > 1 else "o"
    return roles


def _role(unit: Unit, roles: dict[str, str]) -> str:
    return next((roles[term] for term in unit.terms if term in roles), "")


def _away(distance: int) -> str:
    """A distance in units as a bucket."""
    return str(distance) if distance <= 3 else "4" if distance <= 5 else "6" if distance < FAR else "9"


def _head_away(place: int, heads: Sequence[int]) -> str:
    if not heads:
        return "none"
    distance = min((place - head for head in heads), key=abs)
    return f"{'+' if distance > 0 else '-'}{_away(abs(distance))}" if distance else "0"


def _sides(place: int, held: Iterable[int]) -> str:
    before = after = 0
    for other in held:
        before += other < place
        after += other > place
    return f"{min(before, 4)}<{min(after, 4)}"
