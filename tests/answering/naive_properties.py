"""What the span model sees of one sentence, unit after unit and text after text: the oracle of the properties."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from operator import add

from bot.answering.marking.properties import FAR, LETTERS, LONGEST, PATTERN
from bot.answering.marking.spanviews import PREFIX, Lens
from bot.answering.marking.units import Unit


def unit_values(through: Lens, sentence: Sequence[Unit]) -> dict[str, list[str]]:
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


def patterns(sentence: Sequence[Unit]) -> list[list[str]]:
    """For each unit the looks of the first 1, 2, ... units from there in letters; a look that repeats is a plus sign,
    punctuation a comma."""
    codes = [LETTERS[unit.look] for unit in sentence]
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
