"""Variants: words and names that are written in several ways, each class read as one term."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.errors import SettingsError
from bot.retrieval.letters import bare
from bot.wordlists import WordLists

NAMES = "names.txt"
SYNONYMS = "synonyms.txt"

Phrase = tuple[str, ...]
"""The terms of a word or of several, in order, stop words included."""


class Variants(NamedTuple):
    """What is read as what, in terms of one language.

    `words` maps a term to its class's own; `phrases` maps several terms in a row to the class's, by their first term,
    longest first.
    """

    words: Mapping[str, str]
    phrases: Mapping[str, tuple[tuple[Phrase, str], ...]]


def classes(lists: WordLists, name: str) -> list[tuple[str, ...]]:
    """The lines `one = another = ...` of a list, the class's own name first.

    Raises SettingsError with the file and the line for one that is no such line.
    """
    found = []
    for line in lists.lines(name):
        members = tuple(member.strip() for member in line.split("="))
        if len(members) < 2 or not all(any(map(str.isalnum, member)) for member in members):
            raise SettingsError(
                f'{lists.place(name, line)}: "{line}": expected names for the same with = between them '
                "(Artemovsk = Bakhmut); mend the line or take it out"
            )
        found.append(members)
    return found


def forms(lists: WordLists, language: str) -> dict[str, str]:
    """The irregular forms of a language's words (folded), each with the word that it is a form of."""
    return {bare(form): bare(members[0]) for members in classes(lists, f"forms/{language}.txt") for form in members[1:]}


def variants(lists: WordLists, analyse: Callable[[str], Phrase]) -> Variants:
    """The classes of names and synonyms, their members analysed; those that share a member are one class."""
    merged = _merged([[analyse(member) for member in members] for name in (NAMES, SYNONYMS)
                      for members in classes(lists, name)])  # fmt: skip
    words: dict[str, str] = {}
    phrases: dict[str, list[tuple[Phrase, str]]] = {}
    for members in merged:
        own = _own_term(members)
        for member in members:
            if len(member) == 1 and member[0] != own:
                words[member[0]] = own
            elif len(member) > 1:
                phrases.setdefault(member[0], []).append((member, own))
    return Variants(
        words,
        {first: tuple(sorted(found, key=lambda one: -len(one[0]))) for first, found in phrases.items()},
    )


def _own_term(members: Sequence[Phrase]) -> str:
    """The term that a class is read as: its first member of one word, or its first member's words run together."""
    return next((member[0] for member in members if len(member) == 1), "_".join(members[0]))


def _merged(groups: Iterable[Sequence[Phrase]]) -> list[list[Phrase]]:
    """The groups, those that share a member united, each member once, in their first order."""
    group_of: dict[Phrase, list[Phrase]] = {}
    for group in groups:
        members = list(dict.fromkeys(member for member in group if member))
        for known in [group_of[member] for member in members if member in group_of]:
            members = list(dict.fromkeys([*known, *members]))
        group_of.update((member, members) for member in members)
    distinct = {id(members): members for members in group_of.values()}
    return [members for members in distinct.values() if len(members) > 1]


# Zelenskiy, Zelenskyy, Zelenskyi, Zelenskij, Zelenskyj, Zelenskii: one ending, however it is romanised.
_SKY = re.compile(r"(?<=[a-z]{2})sk(?:iy|yy|yi|ij|yj|ii|i)$")


def one_ending(word: str) -> str:
    """The word with the ending of Slavic surnames in one romanisation ("zelenskyy" and "zelenski" are "zelensky")."""
    return _SKY.sub("sky", word) if "sk" in word else word
