"""Reading a question: its tokens and terms, and the kind of answer that it asks for."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from bot.answering.interrogatives import QuestionWords, Word, surface
from bot.answering.query import Expected, Query
from bot.answering.seeking import Asking, Seeker
from bot.answering.sought import Sought
from bot.errors import QuestionError
from bot.retrieval.analysis import Analyzer, Shape, Token, fold
from bot.wordlists import WordLists

LONGEST_NAME = 5  # content words of what "what is ...?" asks a definition of; longer ones ask for something else
HEAD_REACH = 4  # content words after "which" among which its noun is looked for
CLAUSE_WORDS, RELATIVE_WORDS = frozenset(("when", "where")), frozenset(("who", "which", "where", "when"))
OPEN = (None, Expected.ANYTHING, Expected.DEFINITION)
"""The kinds of question words that leave it to a noun what is asked for; None where no question word stands."""
_CLAUSE_ENDS = ",;:–—"


class Asked(NamedTuple):
    """What a question asks for: the kind of answer, the question word or phrase as it is listed, and the term of the
    noun that it asks for ("which *city*"); word and head are "" where there is none."""

    expected: Expected
    word: str = ""
    head: str = ""


class QuestionReader:
    """Reads questions of any language; the lists of a language are read when its first question comes."""

    def __init__(self, lists: WordLists, *, longest: int) -> None:
        self._lists = lists
        self._longest = longest
        self._words: dict[str, QuestionWords] = {}
        self._seekers: dict[str, Seeker] = {}

    def read(self, text: str, *, language: str, analyzer: Analyzer) -> Query:
        """The query of a question or of bare keywords.

        Raises QuestionError for a text without any word and for one over the longest length.
        """
        if len(text) > self._longest:
            raise QuestionError(
                f"the question is {len(text):,} characters long, at most {self._longest:,} are read: ask it shorter",
                "answer.too_long",
                count=len(text),
                limit=self._longest,
            )
        if not text.strip():
            raise QuestionError(
                "there is no question: type a few words, for example who, where or when and a name", "answer.no_words"
            )
        tokens = analyzer.tokens(text)
        if not tokens:
            raise QuestionError("the question holds no word: type it in letters or digits", "answer.no_words")
        words = self._words_of(analyzer)
        tokens = _opened(text, tokens, words.contractions)
        asked = _asked(text, tokens, words)
        return Query(
            text=text,
            language=language,
            tokens=tuple(tokens),
            terms=_terms(text, tokens, asked),
            expected=asked.expected,
            question_word=asked.word,
            head=asked.head,
            sought=self._sought(text, tokens, asked, analyzer),
        )

    def again(self, query: Query, analyzer: Analyzer) -> Query:
        """A query whose words were corrected, with what it asks for read anew ("how many peeple")."""
        asked = self.asked(query.text, query.tokens, analyzer)
        return msgspec.structs.replace(
            query,
            expected=asked.expected,
            question_word=asked.word,
            head=asked.head,
            sought=self._sought(query.text, query.tokens, asked, analyzer),
        )

    def asked(self, text: str, tokens: Sequence[Token], analyzer: Analyzer) -> Asked:
        """What the question asks for; ANYTHING without a word when no question word stands in it."""
        words = self._words_of(analyzer)
        return _asked(text, _opened(text, tokens, words.contractions), words)

    def _sought(self, text: str, tokens: Sequence[Token], asked: Asked, analyzer: Analyzer) -> Sought:
        """The kind of thing that a question seeks."""
        if analyzer.language not in self._seekers:
            self._seekers[analyzer.language] = Seeker(self._lists, analyzer)
        words = [Word(*word) for word in zip(tokens, surface(text, tokens), strict=True)]
        phrases = self._words_of(analyzer).phrases
        phrase = tuple(asked.word.split())
        asking = Asking(
            asked.expected,
            asked.word,
            asked.head,
            is_open=phrases.get(phrase) in OPEN,
            is_who=phrases.get(phrase[:1]) is Expected.PERSON,
            is_verb=self._words_of(analyzer).is_verb,
        )
        return self._seekers[analyzer.language].seek(words, asking)

    def _words_of(self, analyzer: Analyzer) -> QuestionWords:
        if analyzer.language not in self._words:
            self._words[analyzer.language] = QuestionWords(self._lists, analyzer)
        return self._words[analyzer.language]


def _opened(text: str, tokens: Sequence[Token], contractions: Mapping[str, tuple[str, str]]) -> list[Token]:
    """The tokens with contractions as the two words that they stand for ("What's": what, is)."""
    opened: list[Token] = []
    for token in tokens:
        word = fold(text[token.start : token.end]).replace("'", "’")
        if word in contractions:
            first, second = contractions[word]
            cut = token.start + len(first)
            opened += [Token(token.start, cut, first, Shape.STOP), Token(cut, token.end, second, Shape.STOP)]
        else:
            opened.append(token)
    return opened


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
    place = _main(text, tokens, said, found, words)
    for length in _phrases_at(said, place, words):
        phrase = tuple(said[place : place + length])
        kind = words.phrases[phrase]
        rest = [Word(*word) for word in zip(tokens[place + length :], said[place + length :], strict=True)]
        if kind is Expected.DEFINITION and (not _is_a_bare_name(rest, words) or _is_a_deed(phrase, rest, words)):
            continue
        head = _head(rest, words)
        if kind is Expected.ANYTHING and length == 1 and head:
            kind = words.kind_of_noun(head) or kind
        return Asked(kind, " ".join(phrase), head.token.term if head else "")
    return Asked(Expected.ANYTHING)


def _phrases_at(said: Sequence[str], place: int, words: QuestionWords) -> list[int]:
    """The lengths of the listed phrases that start at a token, longest first."""
    lengths = range(min(words.longest, len(said) - place), 0, -1)
    return [length for length in lengths if tuple(said[place : place + length]) in words.phrases]


def _main(text: str, tokens: Sequence[Token], said: Sequence[str], found: Sequence[int], words: QuestionWords) -> int:
    """The place of the question word that asks: the first one, or, where that one opens a clause ("When the war
    began, who ...?", "people who left went to what country?"), the next that does not."""
    first, *others = found
    if first == 0:
        for place in others:
            if any(mark in text[tokens[place - 1].end : tokens[place].start] for mark in _CLAUSE_ENDS):
                return place
    asking = [place for place in found if not _opens_a_clause(place, tokens, said, words)]
    return asking[0] if asking else first


def _opens_a_clause(place: int, tokens: Sequence[Token], said: Sequence[str], words: QuestionWords) -> bool:
    """Whether a question word joins clauses instead of asking (told only where the auxiliaries are known): "when" and
    "where" before anything but an auxiliary, "who" and "which" right behind a noun."""
    following = said[place + 1] if place + 1 < len(said) else ""
    if not words.auxiliaries or not following:
        return False
    if said[place] in CLAUSE_WORDS:
        return following not in words.auxiliaries
    return said[place] in RELATIVE_WORDS and place > 0 and tokens[place - 1].shape is not Shape.STOP


def _is_a_bare_name(rest: Sequence[Word], words: QuestionWords) -> bool:
    """Whether what follows "what is" is one run of content words, and the last no noun that asks for something else
    ("what is the *population*")."""
    content = [place for place, word in enumerate(rest) if word.token.shape is not Shape.STOP]
    if not content or len(content) > LONGEST_NAME or content[0] > 1:
        return False
    if content[-1] - content[0] != len(content) - 1 or content[-1] != len(rest) - 1:
        return False
    return words.kind_of_noun(rest[content[-1]]) is None


def _is_a_deed(phrase: Sequence[str], rest: Sequence[Word], words: QuestionWords) -> bool:
    """Whether "who was ...?" is answered by a name: nothing but a participle follows ("who was *killed*")."""
    return phrase[0] == "who" and len(rest) == 1 and words.is_verb(rest[0])


def _head(rest: Sequence[Word], words: QuestionWords) -> Word | None:
    """The noun that a question word asks for, from the first run of content words behind it.

    Right behind the word ("which *city* hosted") it is the first noun before a verb; behind a verb ("what is the
    common *background*") the run's last. A listed noun goes before other lower-case words, these before names; None
    without any. A verb right behind the word ("what *took* place") leaves no noun and stands for one.
    """
    run: list[Word] = []
    for word in rest:
        if word.token.shape is not Shape.STOP:
            run.append(word)
        elif run:
            break
    run = run[:HEAD_REACH]
    is_behind = bool(run) and run[0] is rest[0]
    if is_behind:
        verb = next((place for place, word in enumerate(run) if words.is_verb(word)), len(run))
        run = run[: max(verb, 1)]
    listed = [word for word in run if words.kind_of_noun(word) is not None]
    lower = [word for word in run if word.token.shape is Shape.LOWER]
    nouns = listed or lower or run
    return nouns[0 if is_behind else -1] if nouns else None
