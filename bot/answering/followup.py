"""What a follow-up may take over: how a question leans on the conversation, and the words that this one offers."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.answering.conversation import Conversation
from bot.answering.interrogatives import surface
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzer, Shape, Token
from bot.wordlists import WordLists

OLDEST = 4
"""Turns back that words are taken from."""
SORTS = ("person", "people", "thing", "pointer", "place", "time", "other", "opener", "definite", "none")
PRONOUNS = ("person", "people", "thing")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)")
_NAME_SHAPES = frozenset((Shape.CAPITALISED, Shape.ACRONYM))
_LONGEST_TITLE = 6  # words of a title that is a name; longer ones are headlines


class Leaning(NamedTuple):
    """How a question leans on what was said before.

    `sorts` are the sorts of its leaning words (config/follow-ups), `terms` its terms without stop words, `named`
    whether it holds a name of its own, `opener` how many words open it as a follow-up ("and", "what about"), `definite`
    whether it speaks of something as known ("the album"), which by itself is no leaning.
    """

    sorts: frozenset[str]
    terms: tuple[str, ...]
    named: bool
    opener: int
    definite: bool


class Word(NamedTuple):
    """A word that the conversation offers: its text, its term, the source it stood in (title, question, answer,
    quote), how many turns back, whether it is part of a name, the terms of that name, its neighbours' terms, in how
    many texts of the conversation it stands, how many content words its text has and which of them it is, and whether
    the text is all a name, and all its sources ("answer1": the newest answer)."""

    text: str
    term: str
    source: str
    back: int
    name: bool
    group: frozenset[str]
    near: frozenset[str]
    texts: int
    size: int
    place: int
    bare: bool
    also: frozenset[str]


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
        place = opener = 0
        definite = False
        while place < len(said):
            length, sort = self._at(said, place)
            if sort == "opener" and not place:
                opener = length
            within = place > 0 and mixed and text[tokens[place + length - 1].start].isupper()
            definite = definite or sort == "definite"
            if sort not in ("", "none", "definite") and (sort != "opener" or place == 0) and not within:
                found.setdefault(sort, place)
            place += length
        names = [place for place, token in enumerate(tokens) if place and token.shape in _NAME_SHAPES]
        pronoun = min((found[sort] for sort in PRONOUNS if sort in found), default=len(said))
        if names and names[0] < pronoun:
            found = {sort: place for sort, place in found.items() if sort not in PRONOUNS}
        terms = tuple(dict.fromkeys(token.term for token in tokens if token.shape is not Shape.STOP))
        return Leaning(frozenset(found), terms, bool(names), opener, definite)

    def _at(self, said: Sequence[str], place: int) -> tuple[int, str]:
        """The length and the sort of the longest listed phrase at a place; 1 and "" where none is."""
        for length in range(min(self._longest, len(said) - place), 0, -1):
            sort = self._sorts.get(tuple(said[place : place + length]))
            if sort:
                return length, sort
        return 1, ""


def offered_words(conversation: Conversation, analyzer: Analyzer) -> list[Word]:
    """The content words that the conversation offers, newest turn first; a term is offered once, from where it stands
    first: the newest title (a headline offers nothing), then by turn its answer, question and quote."""
    texts = list(_texts(conversation, analyzer))
    stands: defaultdict[str, list[str]] = defaultdict(list)
    for source, back, text in texts:
        for term in set(analyzer.terms(text)):
            stands[term].append(f"{source}{back}")
    offered: dict[str, Word] = {}
    for source, back, text in texts:
        for word in _words(text, source, back, analyzer, stands):
            offered.setdefault(word.term, word)
    return list(offered.values())


def _texts(conversation: Conversation, analyzer: Analyzer) -> Iterator[tuple[str, int, str]]:
    newest = list(reversed(conversation.turns))[:OLDEST]
    for turn in newest:
        if turn.title:
            if is_a_name(turn.title, analyzer):
                yield "title", 1, _PARENTHESIS.sub("", turn.title)
            break
    for back, turn in enumerate(newest, start=1):
        yield "answer", back, turn.answer
        yield "question", back, turn.question
        yield "quote", back, turn.quote


def _words(
    text: str, source: str, back: int, analyzer: Analyzer, stands: Mapping[str, Sequence[str]]
) -> Iterator[Word]:
    tokens = analyzer.tokens(text)
    groups = _name_groups(text, tokens)
    content = [place for place, token in enumerate(tokens) if token.shape is not Shape.STOP]
    bare = bool(content) and all(place in groups for place in content)
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
            texts=len(stands[token.term]),
            also=frozenset(stands[token.term]),
            size=len(content),
            place=content.index(place),
            bare=bare,
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


def is_named(leaning: Leaning, offered: Sequence[Word], conversation: Conversation, analyzer: Analyzer) -> bool:
    """Whether a question says itself what it is about: by a name, by all of the article's title, or by a part of
    another name that was said, also where they are typed in small letters."""
    title = frozenset(analyzer.terms(conversation.turns[-1].title))
    called = frozenset(analyzer.terms(_PARENTHESIS.sub("", conversation.turns[-1].title)))
    asked = set(leaning.terms)
    if called and called <= asked:
        return True
    said = (word.group for word in offered if word.source != "title")
    return leaning.named or any(group & asked and not group <= title for group in said)


def is_a_name(title: str, analyzer: Analyzer) -> bool:
    """Whether a title is a name ("Frank Zappa") and no headline ("Zappa disbands his group")."""
    tokens = analyzer.tokens(_PARENTHESIS.sub("", title))
    content = [token for token in tokens if token.shape is not Shape.STOP]
    return bool(content) and len(tokens) <= _LONGEST_TITLE and all(token.shape is not Shape.LOWER for token in content)


class Scene(NamedTuple):
    """What the features need to know of what was said: whether the article's title is a name, the sort of pronoun that
    was used most so far, the kind of answer that the question before asked for, whether it held a name that is not in
    the title, and whether its answer is one."""

    titled: bool
    pronoun: str
    last_asked: str
    rival_asked: bool
    rival_answered: bool


def scene_of(
    conversation: Conversation, words: Sequence[Word], last_asked: str, analyzer: Analyzer, lexicon: LeaningWords
) -> Scene:
    """The scene that a question comes in, from what `offered_words` found."""
    used: Counter[str] = Counter()
    for turn in conversation.turns:
        for text in (turn.question, turn.answer):
            used.update(lexicon.leaning(text, analyzer.tokens(text)).sorts & set(PRONOUNS))
    last = conversation.turns[-1]
    title = set(analyzer.terms(last.title))
    newest = [word for word in words if word.back == 1 and word.name and word.term not in title]
    return Scene(
        titled=is_a_name(last.title, analyzer),
        pronoun=max(PRONOUNS, key=lambda sort: used[sort]) if used else "none",
        last_asked=last_asked,
        rival_asked=any(word.source == "question" for word in newest),
        rival_answered=any(word.source == "answer" and word.bare for word in newest),
    )


def features(word: Word, leaning: Leaning, scene: Scene) -> list[str]:
    """The features by which the model takes a word over, each of them 1.

    Where the title is a name, it is the likeliest thing that a pronoun stands for, and every other source counts
    less, so the two cases have weights of their own. What is rarer than a source at a distance (`kind`) is learnt for
    the source at all distances (`source`).
    """
    source = f"{word.source}{'*' if word.name else ''}"
    kind = f"{'' if scene.titled else '~'}{word.source}{min(word.back, 3)}{'*' if word.name else ''}"
    sorts = sorted(leaning.sorts - {"opener"})
    found = [kind, source, f"{kind} {'named' if leaning.named else 'nameless'}"]
    found.append(f"{kind} content{min(len(leaning.terms), 3)}")
    for sort in sorts or ["alone"]:
        found += [f"{kind} {sort}", f"{source} {sort} among {scene.pronoun}"]
    if scene.rival_asked:
        found += [f"{kind} rival asked", *(f"{source} rival asked {sort}" for sort in sorts)]
    if scene.rival_answered:
        found += [f"{kind} rival answered", *(f"{source} rival answered {sort}" for sort in sorts)]
    if scene.last_asked == "person" and source == "answer*" and word.back == 1:
        found += ["who", *(f"who {sort}" for sort in sorts)]
    return [*found, *_stand(word, leaning, source), *_bonds(word, leaning, source)]


def _stand(word: Word, leaning: Leaning, source: str) -> Iterator[str]:
    """The features of where a word stands, and of its form."""
    other = "other" if "other" in leaning.sorts else "no other"
    yield f"{source} texts{min(word.texts, 4)}"
    yield f"{source} size{_size(word.size)} {other}"
    if word.bare:
        yield f"{source} bare {other}"
    if word.source == "answer":
        yield f"answer place {_size(word.place + 1)}"
    if word.term[:1].isdigit():
        yield f"{source} number"
    elif not word.name and word.source != "title":
        yield f"{source} ending {next((ending for ending in _ENDINGS if word.text.endswith(ending)), 'other')}"


def _bonds(word: Word, leaning: Leaning, source: str) -> Iterator[str]:
    """The features of what binds a word to the question's own words and to the other texts."""
    asked = set(leaning.terms)
    if word.group & asked:
        yield f"{source} shares a name"
    if word.near & asked:
        yield f"{source} near"
    if word.name:
        for place in sorted(word.also):
            if int(place[-1]) <= 2:
                yield f"name also {place}"


_ENDINGS = ("ed", "ing", "ly", "s")


def _size(words: int) -> str:
    return str(words) if words <= 3 else "6" if words <= 6 else "12" if words <= 12 else "more"
