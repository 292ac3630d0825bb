"""Reading a question: its tokens and terms, and the kind of answer that it asks for."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.answering.query import Expected, Query
from bot.errors import QuestionError, SettingsError
from bot.retrieval.analysis import Analyzer, Shape, Token, fold
from bot.wordlists import WordLists

LONGEST_NAME = 5  # content words of what "what is ...?" asks a definition of; longer ones ask for something else
HEAD_REACH = 4  # content words after "which" among which its noun is looked for
_CLAUSE_ENDS = ",;:–—"


class Asked(NamedTuple):
    """What a question asks for: the kind of answer, the question word or phrase as it is listed, and the term of the
    noun that it asks for ("which *city*"); word and head are "" where there is none."""

    expected: Expected
    word: str = ""
    head: str = ""


class QuestionWords:
    """The question words of one language and the nouns that "what" and "which" ask for, each with its kind of answer.

    They come from the lists questions/<code>.txt and question-nouns/<code>.txt, lines of `word = kind`.
    """

    def __init__(self, lists: WordLists, analyzer: Analyzer) -> None:
        code = analyzer.language
        words = _kinds(lists, f"questions/{code}.txt")
        self.phrases = {surface(phrase, analyzer.tokens(phrase)): kind for phrase, kind in words.items()}
        self.longest = max(map(len, self.phrases), default=0)
        nouns = _kinds(lists, f"question-nouns/{code}.txt")
        self.nouns = {term: kind for noun, kind in nouns.items() for term in analyzer.terms(noun)[:1]}


class QuestionReader:
    """Reads questions of any language; the lists of a language are read when its first question comes."""

    def __init__(self, lists: WordLists, *, longest: int) -> None:
        self._lists = lists
        self._longest = longest
        self._words: dict[str, QuestionWords] = {}

    def read(self, text: str, *, language: str, analyzer: Analyzer) -> Query:
        """The query of a question or of bare keywords.

        Raises QuestionError for a text without any word and for one over the longest length.
        """
        if len(text) > self._longest:
            raise QuestionError(
                f"the question is {len(text):,} characters long, at most {self._longest:,} are read: ask it shorter"
            )
        if not text.strip():
            raise QuestionError("there is no question: type a few words, for example who, where or when and a name")
        tokens = analyzer.tokens(text)
        if not tokens:
            raise QuestionError("the question holds no word: type it in letters or digits")
        asked = self.asked(text, tokens, analyzer)
        return Query(
            text=text,
            language=language,
            tokens=tuple(tokens),
            terms=_terms(text, tokens, asked),
            expected=asked.expected,
            question_word=asked.word,
            head=asked.head,
        )

    def asked(self, text: str, tokens: Sequence[Token], analyzer: Analyzer) -> Asked:
        """What the question asks for; ANYTHING without a word when no question word stands in it."""
        if analyzer.language not in self._words:
            self._words[analyzer.language] = QuestionWords(self._lists, analyzer)
        return _asked(text, tokens, self._words[analyzer.language])


def _terms(text: str, tokens: Sequence[Token], asked: Asked) -> tuple[str, ...]:
    """The distinct terms to search by; "old" of "how old" is none of them, since an age is told without it."""
    measure = asked.word.split()[1:] if asked.expected is Expected.NUMBER else []
    content = [
        token.term
        for token, word in zip(tokens, surface(text, tokens), strict=True)
        if token.shape is not Shape.STOP and word not in measure
    ]
    return tuple(dict.fromkeys(content or [token.term for token in tokens if token.shape is not Shape.STOP]))


def _asked(text: str, tokens: Sequence[Token], words: QuestionWords) -> Asked:
    said = surface(text, tokens)
    found = [place for place in range(len(tokens)) if _phrases_at(said, place, words)]
    if not found:
        return Asked(Expected.ANYTHING)
    place = _main(text, tokens, found)
    for length in _phrases_at(said, place, words):
        phrase = tuple(said[place : place + length])
        kind = words.phrases[phrase]
        rest = tokens[place + length :]
        if kind is Expected.DEFINITION and not _is_a_bare_name(rest, words):
            continue
        head = _head(rest, words.nouns)
        if kind is Expected.ANYTHING and length == 1:
            kind = words.nouns.get(head, kind)
        return Asked(kind, " ".join(phrase), head)
    return Asked(Expected.ANYTHING)


def surface(text: str, tokens: Sequence[Token]) -> tuple[str, ...]:
    """The folded words of a text as they stand in it, one for each token; apostrophes are of one kind."""
    return tuple(fold(text[token.start : token.end]).replace("'", "’") for token in tokens)


def _phrases_at(said: Sequence[str], place: int, words: QuestionWords) -> list[int]:
    """The lengths of the listed phrases that start at a token, longest first."""
    lengths = range(min(words.longest, len(said) - place), 0, -1)
    return [length for length in lengths if tuple(said[place : place + length]) in words.phrases]


def _main(text: str, tokens: Sequence[Token], found: Sequence[int]) -> int:
    """The place of the question word that asks: the first one, or, where that one opens a clause ("When the war
    began, who ...?"), the first that stands right behind the clause's end."""
    first, *others = found
    if first == 0:
        for place in others:
            if any(mark in text[tokens[place - 1].end : tokens[place].start] for mark in _CLAUSE_ENDS):
                return place
    return first


def _is_a_bare_name(rest: Sequence[Token], words: QuestionWords) -> bool:
    """Whether what follows "what is" is one run of content words, and the last no noun that asks for something else
    ("what is the *population*")."""
    content = [place for place, token in enumerate(rest) if token.shape is not Shape.STOP]
    if not content or len(content) > LONGEST_NAME or content[0] > 1:
        return False
    if content[-1] - content[0] != len(content) - 1 or content[-1] != len(rest) - 1:
        return False
    return rest[content[-1]].term not in words.nouns


def _head(rest: Sequence[Token], nouns: Mapping[str, Expected]) -> str:
    """The term of the noun that a question word asks for, from the first run of content words behind it.

    Right behind the word ("which *city* hosted") it is the run's first noun; behind a verb ("what is the common
    *background*") the last. A listed noun goes before other lower-case words, these before names; "" without any.
    """
    run: list[Token] = []
    for token in rest:
        if token.shape is not Shape.STOP:
            run.append(token)
        elif run:
            break
    run = run[:HEAD_REACH]
    place = 0 if run and run[0] is rest[0] else -1
    listed = [token.term for token in run if token.term in nouns]
    lower = [token.term for token in run if token.shape is Shape.LOWER]
    terms = listed or lower or [token.term for token in run]
    return terms[place] if terms else ""


def _kinds(lists: WordLists, name: str) -> dict[str, Expected]:
    """The lines of one list as word -> kind of answer."""
    kinds: dict[str, Expected] = {}
    for line in lists.lines(name):
        word, equals, kind = (part.strip() for part in line.partition("="))
        if not equals or kind not in set(Expected):
            choices = ", ".join(Expected)
            raise SettingsError(f'{name}: "{line}": expected a line of the form word = kind, the kinds are {choices}')
        kinds[word] = Expected(kind)
    return kinds
