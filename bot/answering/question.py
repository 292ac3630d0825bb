"""Reading a question: its tokens and terms, and the kind of answer that it asks for."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.answering.query import Expected, Query
from bot.errors import QuestionError, SettingsError
from bot.retrieval.analysis import Analyzer, Shape, Token, fold
from bot.wordlists import WordLists

LONGEST_NAME = 5  # content words of what "what is ...?" asks a definition of; longer ones ask for something else
HEAD_REACH = 4  # content words after "which" among which its noun is looked for
SHORTEST_VERB = 5  # letters of a word that is taken for a verb by its ending: "red" and "bed" are none
PLURALS = (("s", ""), ("es", ""), ("ies", "y"))
BE_AND_DO = ("is", "are", "was", "were", "am", "be", "been", "do", "does", "did", "has", "have", "had")
AUXILIARIES = frozenset((*BE_AND_DO, "can", "could", "will", "would", "shall", "should", "may", "might", "must"))
"""English verbs that follow a question word where it asks ("when did the war begin"), not where it opens a clause."""
CLAUSE_WORDS, RELATIVE_WORDS = frozenset(("when", "where")), frozenset(("who", "which", "where", "when"))
_CLAUSE_ENDS = ",;:–—"


class Asked(NamedTuple):
    """What a question asks for: the kind of answer, the question word or phrase as it is listed, and the term of the
    noun that it asks for ("which *city*"); word and head are "" where there is none."""

    expected: Expected
    word: str = ""
    head: str = ""


class Word(NamedTuple):
    """A token of a question, and its folded word as it stands there."""

    token: Token
    said: str


class QuestionWords:
    """The question words of one language and the nouns that "what" and "which" ask for, each with its kind of answer.

    They come from the lists questions/<code>.txt and question-nouns/<code>.txt, lines of `word = kind`; the verbs that
    end such a noun from question-verbs/<code>.txt, contractions ("what’s") from contractions/<code>.txt.
    """

    def __init__(self, lists: WordLists, analyzer: Analyzer) -> None:
        code = analyzer.language
        words = _kinds(lists, f"questions/{code}.txt")
        self.phrases = {surface(phrase, analyzer.tokens(phrase)): kind for phrase, kind in words.items()}
        self.longest = max(map(len, self.phrases), default=0)
        self._analyzer = analyzer
        self._nouns: dict[str, Expected] = {}
        for noun, kind in _kinds(lists, f"question-nouns/{code}.txt").items():
            for key in self._readings(Word(analyzer.tokens(noun)[0], fold(noun)))[:1]:
                self._nouns.setdefault(key, kind)
        verbs = [fold(verb) for verb in lists.lines(f"question-verbs/{code}.txt")]
        self._verbs = frozenset(verb for verb in verbs if not verb.startswith("-"))
        self._verb_endings = tuple(verb[1:] for verb in verbs if verb.startswith("-"))
        self.contractions = _contractions(lists, f"contractions/{code}.txt")
        self.auxiliaries = AUXILIARIES if code == "en" else frozenset()

    def kind_of_noun(self, word: Word) -> Expected | None:
        """The kind of answer that a noun asks for; None for a word that is not listed."""
        return next((self._nouns[key] for key in self._readings(word) if key in self._nouns), None)

    def _readings(self, word: Word) -> list[str]:
        """What a noun may be listed as: its term, but in English the word and its singulars, since the stem would take
        "located" for a place and "produced" for a person."""
        if self._analyzer.language != "en":
            return [word.token.term]
        base = self._analyzer.base(word.said)
        return [base, *(base.removesuffix(end) + own for end, own in PLURALS if base.endswith(end))]

    def is_verb(self, word: Word) -> bool:
        """Whether a word is a form of a verb that ends the noun before it."""
        if word.token.shape is not Shape.LOWER:
            return False
        ends = len(word.said) >= SHORTEST_VERB and word.said.endswith(self._verb_endings)
        return ends or word.said in self._verbs


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
        )

    def asked(self, text: str, tokens: Sequence[Token], analyzer: Analyzer) -> Asked:
        """What the question asks for; ANYTHING without a word when no question word stands in it."""
        words = self._words_of(analyzer)
        return _asked(text, _opened(text, tokens, words.contractions), words)

    def _words_of(self, analyzer: Analyzer) -> QuestionWords:
        if analyzer.language not in self._words:
            self._words[analyzer.language] = QuestionWords(self._lists, analyzer)
        return self._words[analyzer.language]


def surface(text: str, tokens: Sequence[Token]) -> tuple[str, ...]:
    """The folded words of a text as they stand in it, one for each token, stop words without their apostrophes."""
    return tuple(
        token.term if token.shape is Shape.STOP else fold(text[token.start : token.end]).replace("'", "’")
        for token in tokens
    )


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
        if kind is Expected.DEFINITION and not _is_a_bare_name(rest, words):
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


def _contractions(lists: WordLists, name: str) -> dict[str, tuple[str, str]]:
    """The lines of one list as contraction -> its two words."""
    found: dict[str, tuple[str, str]] = {}
    for line in lists.lines(name):
        contraction, _, both = (part.strip() for part in line.partition("="))
        words = tuple(both.split())
        if len(words) != 2 or not contraction.startswith(words[0]) or len(contraction) == len(words[0]):
            raise SettingsError(f'{name}: "{line}": expected a line of the form what’s = what is')
        found[fold(contraction).replace("'", "’")] = (words[0], words[1])
    return found
