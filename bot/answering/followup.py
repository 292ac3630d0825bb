"""What a follow-up may take over: how a question leans on the conversation, and the words that this one offers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.answering.conversation import Conversation
from bot.answering.question import surface
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzer, Shape, Token
from bot.wordlists import WordLists

OLDEST = 4
"""Turns back that words are taken from."""
SORTS = ("person", "people", "thing", "pointer", "place", "time", "other", "opener")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)")
_NAME_SHAPES = frozenset((Shape.CAPITALISED, Shape.ACRONYM))
_LONGEST_TITLE = 6  # words of a title that is a name; longer ones are headlines


class Leaning(NamedTuple):
    """How a question leans on what was said before.

    `sorts` are the sorts of its leaning words (config/follow-ups), `terms` its terms without stop words, `named`
    whether it holds a name of its own, `first` its first word, `tokens` how many words it has.
    """

    sorts: frozenset[str]
    terms: tuple[str, ...]
    named: bool
    first: str
    tokens: int


class Word(NamedTuple):
    """A word that the conversation offers: its text, its term, the source it stood in (title, question, answer,
    quote), how many turns back, whether it is part of a name, the terms of that name, its neighbours' terms, and in
    how many texts of the conversation it stands."""

    text: str
    term: str
    source: str
    back: int
    name: bool
    group: frozenset[str]
    near: frozenset[str]
    texts: int


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
        sorts = set()
        place = 0
        while place < len(said):
            for length in range(min(self._longest, len(said) - place), 0, -1):
                sort = self._sorts.get(said[place : place + length])
                if sort and (sort != "opener" or place == 0):
                    sorts.add(sort)
                    place += length - 1
                    break
            place += 1
        terms = tuple(dict.fromkeys(token.term for token in tokens if token.shape is not Shape.STOP))
        named = any(token.shape in _NAME_SHAPES for token in tokens[1:])
        return Leaning(frozenset(sorts), terms, named, said[0] if said else "", len(said))


def offered_words(conversation: Conversation, analyzer: Analyzer) -> list[Word]:
    """The content words that the conversation offers, newest turn first; a term is offered once, from where it stands
    first: the newest title, then by turn its answer, question and quote."""
    texts = list(_texts(conversation))
    counts = Counter(term for _, _, text in texts for term in set(analyzer.terms(text)))
    offered: dict[str, Word] = {}
    for source, back, text in texts:
        for word in _words(text, source, back, analyzer, counts):
            offered.setdefault(word.term, word)
    return list(offered.values())


def _texts(conversation: Conversation) -> Iterator[tuple[str, int, str]]:
    newest = list(reversed(conversation.turns))[:OLDEST]
    for turn in newest:
        if turn.title:
            yield "title", 1, _PARENTHESIS.sub("", turn.title) or turn.title
            break
    for back, turn in enumerate(newest, start=1):
        yield "answer", back, turn.answer
        yield "question", back, turn.question
        yield "quote", back, turn.quote


def _words(text: str, source: str, back: int, analyzer: Analyzer, counts: Counter[str]) -> Iterator[Word]:
    tokens = analyzer.tokens(text)
    groups = _name_groups(text, tokens)
    for place, token in enumerate(tokens):
        if token.shape is Shape.STOP:
            continue
        around = tokens[max(0, place - 3) : place] + tokens[place + 1 : place + 4]
        yield Word(
            text=text[token.start : token.end],
            term=token.term,
            source=source,
            back=back,
            name=place in groups,
            group=groups.get(place, frozenset()),
            near=frozenset(other.term for other in around if other.shape is not Shape.STOP),
            texts=counts[token.term],
        )


def _name_groups(text: str, tokens: Sequence[Token]) -> dict[int, frozenset[str]]:
    """For each token that is part of a name, the terms of that name. A text's first word is part of one only beside
    another name word or where the whole text is a name."""
    groups: dict[int, frozenset[str]] = {}
    run: list[int] = []
    for place, token in enumerate(tokens):
        joined = run and text[tokens[place - 1].end : token.start].strip() in ("", "-", "–", ".")
        if token.shape in _NAME_SHAPES and (joined or not run):
            run.append(place)
            continue
        _close(run, tokens, groups)
        run = [place] if token.shape in _NAME_SHAPES else []
    _close(run, tokens, groups)
    return groups


def _close(run: Sequence[int], tokens: Sequence[Token], groups: dict[int, frozenset[str]]) -> None:
    if not run or (list(run) == [0] and len(tokens) > 2):
        return
    terms = frozenset(tokens[place].term for place in run)
    groups.update(dict.fromkeys(run, terms))


def is_a_name(title: str, analyzer: Analyzer) -> bool:
    """Whether a title is a name ("Frank Zappa") and no headline ("Zappa disbands his group")."""
    tokens = analyzer.tokens(_PARENTHESIS.sub("", title))
    content = [token for token in tokens if token.shape is not Shape.STOP]
    return bool(content) and len(tokens) <= _LONGEST_TITLE and all(token.shape is not Shape.LOWER for token in content)


def features(word: Word, leaning: Leaning, *, titled: bool, last_asked: str) -> list[str]:
    """The features by which the model takes a word over, each of them 1.

    `titled` is whether the article's title is a name: then it is the likeliest thing that a pronoun stands for, and
    every other source counts less, so the two cases have weights of their own. `last_asked` is the kind of answer that
    the question before asked for.
    """
    kind = f"{'' if titled else '~'}{word.source}{min(word.back, 3)}{'*' if word.name else ''}"
    sorts = sorted(leaning.sorts - {"opener"})
    found = [kind, f"{kind} content{min(len(leaning.terms), 3)}"]
    found += [f"{kind} {sort}" for sort in sorts or ["none"]]
    found.append(f"{kind} {'named' if leaning.named else 'nameless'} {'leans' if sorts else 'alone'}")
    if "opener" in leaning.sorts:
        found.append(f"{kind} opener")
    if leaning.tokens <= 2:
        found.append(f"{kind} short")
    asked = set(leaning.terms)
    if word.group & asked:
        found += ["shares a name", f"{kind} shares a name"]
    if word.near & asked:
        found += ["near", f"{kind} near", f"near {'pointer' if 'pointer' in leaning.sorts else 'no pointer'}"]
    found.append(f"{'name ' if word.name else ''}texts{min(word.texts, 4)}")
    if word.term[:1].isdigit():
        found.append(f"{kind} number")
    if last_asked == "person" and word.name and word.source in ("answer", "quote") and word.back == 1:
        found += ["who", *(f"who {sort}" for sort in sorts)]
    return found
