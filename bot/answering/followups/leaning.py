"""What a follow-up may take over: how a question leans on the conversation, and the words that this one offers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from bot.answering.followups.conversation import Conversation
from bot.answering.followups.names import NAME_SHAPES, names_in
from bot.answering.interrogatives import surface
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzer, Shape, Token
from bot.wordlists import WordLists

OLDEST = 4
"""Turns back that words are taken from."""
SORTS = ("person", "people", "thing", "pointer", "place", "time", "other", "opener", "definite", "none")
PRONOUNS = ("person", "people", "thing")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)")
_CLAUSE_ENDS = re.compile("[.;:!?,()–—]")
_LONGEST_TITLE = 6  # words of a title that is a name; longer ones are headlines
_LONGEST_PHRASE = 4  # words of a title that is a name with a small word in it ("Turkana people", "Jan van Eyck")
_LONGEST_HEAD = 3  # content words behind "this" or "the" that its noun is among


class Leaning(NamedTuple):
    """How a question leans on what was said before.

    `sorts` are the sorts of its leaning words (config/follow-ups), `terms` its terms without stop words, `named`
    whether it holds a name of its own, `opener` how many words open it as a follow-up ("and", "what about"), `definite`
    whether it speaks of something as known ("the album"), which by itself is no leaning. `pointed` are the terms behind
    the word that points ("this *album*"), or else speaks of something as known.
    """

    sorts: frozenset[str]
    terms: tuple[str, ...]
    named: bool
    opener: int
    definite: bool
    pointed: tuple[str, ...]
    words: int


class Said(NamedTuple):
    """A text of the conversation: the source (title, question, answer, quote), how many turns back, the text, its
    tokens, the places of its content tokens, those of its names by each token (`names_in`) and each name once,
    the clause that each token stands in, and the places of each of its terms."""

    source: str
    back: int
    text: str
    tokens: tuple[Token, ...]
    content: tuple[int, ...]
    names: dict[int, tuple[int, ...]]
    runs: tuple[tuple[int, ...], ...]
    clauses: tuple[int, ...]
    places: dict[str, list[int]]


class Word(NamedTuple):
    """A word that the conversation offers: its text, its term, the text it stands in and its place there, the terms of
    the name that it is part of, and all texts where it stands ("answer1": the newest answer)."""

    text: str
    term: str
    said: Said
    place: int
    group: frozenset[str]
    also: frozenset[str]

    @property
    def source(self) -> str:
        """The kind of text: title, question, answer or quote."""
        return self.said.source

    @property
    def back(self) -> int:
        """How many turns back."""
        return self.said.back

    @property
    def name(self) -> bool:
        """Whether it is part of a name."""
        return bool(self.group)


class LeaningWords:
    """The leaning words of one language, from the list follow-ups/<code>.txt."""

    def __init__(self, lists: WordLists, analyzer: Analyzer) -> None:
        name = f"follow-ups/{analyzer.language}.txt"
        self._sorts: dict[tuple[str, ...], str] = {}
        for line in lists.lines(name):
            phrase, equals, sort = (part.strip() for part in line.partition("="))
            if not equals or sort not in SORTS:
                raise SettingsError(f'{name}: "{line}": expected a line of the form word = sort, of {", ".join(SORTS)}')
            self._sorts[surface(phrase, analyzer.tokens(phrase))] = sort
        self._longest = max(map(len, self._sorts), default=0)

    def __bool__(self) -> bool:
        return bool(self._sorts)

    def leaning(self, text: str, tokens: Sequence[Token]) -> Leaning:
        """How a question leans."""
        said = surface(text, tokens)
        mixed = any(text[token.start].islower() for token in tokens)  # a capital says something: "Guilty All the Same"
        found: dict[str, int] = {}
        pointed: dict[str, tuple[str, ...]] = {}
        place = opener = 0
        while place < len(said):
            length, sort = self._at(said, place)
            if sort == "opener" and not place:
                opener = length
            within = place > 0 and mixed and text[tokens[place + length - 1].start].isupper()
            relative = sort == "pointer" and place > 1 and tokens[place - 1].shape in NAME_SHAPES  # "Byron that hasn't"
            leans = sort not in ("", "none", "definite") and (sort != "opener" or place == 0)
            if leans and not within and not relative:
                found.setdefault(sort, place)
            place += length
            if sort in ("pointer", "definite"):
                pointed.setdefault(sort, _content_first(tokens[place : place + _LONGEST_HEAD]))
        names = [place for place, token in enumerate(tokens) if place and token.shape in NAME_SHAPES]
        pronoun = min((found[sort] for sort in PRONOUNS if sort in found), default=len(said))
        if names and names[0] < pronoun:
            found = {sort: place for sort, place in found.items() if sort not in PRONOUNS}
        return Leaning(
            sorts=frozenset(found),
            terms=tuple(dict.fromkeys(token.term for token in tokens if token.shape is not Shape.STOP)),
            named=bool(names),
            opener=opener,
            definite="definite" in pointed,
            pointed=pointed.get("pointer") or pointed.get("definite", ()),
            words=len(tokens),
        )

    def _at(self, said: Sequence[str], place: int) -> tuple[int, str]:
        """The length and the sort of the longest listed phrase at a place; 1 and "" where none is."""
        for length in range(min(self._longest, len(said) - place), 0, -1):
            sort = self._sorts.get(tuple(said[place : place + length]))
            if sort:
                return length, sort
        return 1, ""


def _content_first(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The terms of the content words that the tokens begin with."""
    return tuple(token.term for token in takewhile(lambda token: token.shape is not Shape.STOP, tokens))


def said_in(conversation: Conversation, analyzer: Analyzer) -> list[Said]:
    """The texts of a conversation, newest turn first: the newest title (a headline is none), then by turn its answer,
    question and quote.

    A question is given as it was asked where its turn is about the article that the newest title names: what it took
    over is of the title mostly, and a wrong word would be taken over again and again. Elsewhere it is given as it was
    understood, because nothing else names what is talked about.
    """
    return [said(source, back, text, analyzer) for source, back, text in _texts(conversation, analyzer)]


def question_before(conversation: Conversation, analyzer: Analyzer) -> Said:
    """The newest question as it was understood: a bare "And when?" stands for all that it took over."""
    return said("question", 1, conversation.turns[-1].question, analyzer)


def said(source: str, back: int, text: str, analyzer: Analyzer) -> Said:
    """A text with what is in it."""
    tokens = tuple(analyzer.tokens(text))
    content = tuple(place for place, token in enumerate(tokens) if token.shape is not Shape.STOP)
    clauses = [0] * len(tokens)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(tokens):
        if place:
            between = text[tokens[place - 1].end : token.start]
            clauses[place] = clauses[place - 1] + bool(_CLAUSE_ENDS.search(between))
        places[token.term].append(place)
    names = names_in(text, tokens)
    runs = tuple(dict.fromkeys(names.values()))
    return Said(source, back, text, tokens, content, names, runs, tuple(clauses), dict(places))


def _texts(conversation: Conversation, analyzer: Analyzer) -> Iterator[tuple[str, int, str]]:
    newest = list(reversed(conversation.turns))[:OLDEST]
    title = next((turn.title for turn in newest if turn.title), "")
    if not is_a_name(title, analyzer):
        title = ""
    if title:
        yield "title", 1, called(title)
    for back, turn in enumerate(newest, start=1):
        yield "answer", back, turn.answer
        yield "question", back, turn.asked if turn.asked and title and turn.title == title else turn.question
        yield "quote", back, turn.quote


def offered_words(texts: Sequence[Said]) -> list[Word]:
    """The content words that the texts of a conversation offer; a term is offered once, from where it stands first."""
    stands: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        for place in text.content:
            stands[text.tokens[place].term].add(f"{text.source}{text.back}")
    offered: dict[str, Word] = {}
    for text in texts:
        for place in text.content:
            token = text.tokens[place]
            if token.term not in offered:
                offered[token.term] = Word(
                    text=text.text[token.start : token.end],
                    term=token.term,
                    said=text,
                    place=place,
                    group=frozenset(text.tokens[other].term for other in text.names.get(place, ())),
                    also=frozenset(stands[token.term]),
                )
    return list(offered.values())


def called(title: str) -> str:
    """A title without what its parentheses add: "Yes" of "Yes (band)"."""
    return _PARENTHESIS.sub("", title)


def is_a_name(title: str, analyzer: Analyzer) -> bool:
    """Whether a title is a name ("Frank Zappa", "Jan van Eyck") and no headline ("Zappa disbands his group")."""
    tokens = analyzer.tokens(called(title))
    small = [token for token in tokens if token.shape is Shape.LOWER]
    content = [token for token in tokens if token.shape is not Shape.STOP]
    if not content or len(tokens) > _LONGEST_TITLE:
        return False
    return not small or (len(small) == 1 < len(content) and len(tokens) <= _LONGEST_PHRASE)
