"""Analysis: text to terms, the same for articles and questions."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from bot.articles.language import base_language
from bot.retrieval.letters import APOSTROPHES, bare, fold, joined
from bot.retrieval.stemming import SNOWBALL, one_spelling, stemmer
from bot.retrieval.tokenization import (
    UNSPACED,
    Shape,
    Token,
    elision,
    number,
    shape_of,
    tokenizer,
    whole,
    without_possessive,
)
from bot.retrieval.variants import NAMES, SYNONYMS, forms, one_ending, variants
from bot.wordlists import WordLists

__all__ = [
    "ANALYSIS_VERSION",
    "SNOWBALL",
    "Analyzer",
    "Analyzers",
    "Shape",
    "Token",
    "fold",
    "lists_of",
    "whole",
    "without_possessive",
]

ANALYSIS_VERSION = 6
"""Raise it when the terms or shapes of any text change: libraries then bring themselves up to date."""

ELISION_LANGUAGES = frozenset({"ca", "fr", "it"})
DECIMAL_POINT_LANGUAGES = frozenset({"", "en", "he", "hi", "ja", "ko", "th", "zh"})
BLANK_THOUSANDS_LANGUAGES = frozenset({"be", "bg", "cs", "fi", "fr", "no", "pl", "ru", "sk", "sv", "uk"})
EXACT_STOP_LANGUAGES = frozenset({"vi"})  # without its accents a stop word is another word
LONGEST_WORD = 64  # letters of a word that its term is made from: longer ones are no words
TERM_CACHE_SIZE = 1 << 16  # distinct words remembered; about 10 MB
_AFTER_APOSTROPHE = re.compile(f"(?<=.)[{APOSTROPHES}].*")

Key = TypeVar("Key")
Entry = TypeVar("Entry")

_new = tuple.__new__  # a fifth of the time of Token(...), which matters a million times a second


class Memory(dict[Key, Entry]):
    """What was found for the `size` words met last, or up to twice as many: what is asked for again is kept."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._older: dict[Key, Entry] = {}

    def __missing__(self, word: Key) -> Entry:
        entry = self._older[word]
        self.keep(word, entry)
        return entry

    def recalled(self, word: Key) -> Entry | None:
        """What is remembered of a word; None when nothing."""
        entry = self.get(word)
        if entry is None and (entry := self._older.get(word)) is not None:
            self.keep(word, entry)
        return entry

    def keep(self, word: Key, entry: Entry) -> None:
        """Remember what was found for a word."""
        if len(self) >= self._size:
            self._older = dict(self)
            self.clear()
        self[word] = entry

    def forget(self) -> None:
        """Remember nothing any more."""
        self._older = {}
        self.clear()


class Analyzer:
    """Turns text of one language into tokens; make it once per language (`Analyzers`)."""

    def __init__(self, language: str, lists: WordLists) -> None:
        self.language = language
        self._plain = str.lower if language in EXACT_STOP_LANGUAGES else bare
        self._stop_words = frozenset(self._plain(word) for word in lists.lines(f"stopwords/{language}.txt"))
        self._forms = forms(lists, language)
        self._stem = stemmer(language)
        self._one_spelling = one_spelling(language)
        self._elides = language in ELISION_LANGUAGES
        self._decimal_point = language in DECIMAL_POINT_LANGUAGES
        self._tokenizer = tokenizer(blank_thousands=language in BLANK_THOUSANDS_LANGUAGES)
        self._find = self._tokenizer.piece.finditer
        self._known: Memory[str, tuple[str, Shape]] = Memory(TERM_CACHE_SIZE)
        self._joined: Memory[str, tuple[str, str]] = Memory(TERM_CACHE_SIZE)
        self._words: dict[str, str] = {}
        self._phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
        found = variants(lists, lambda member: tuple(token.term for token in self.tokens(member)))
        self._words.update(found.words)
        self._phrases.update(found.phrases)
        self._known.forget()

    def tokens(self, text: str) -> list[Token]:
        """The tokens of `text` in order, with offsets into it; stop words are there, with the shape STOP.

        Behind several words that stand for one term (a phrase of the synonym list) that term follows, over them all.
        """
        known = self._known
        try:  # most sentences hold no word that was not met before
            found = [_new(Token, match.span() + known[match[0]]) for match in self._tokenizer.found(text)]
        except KeyError:
            found = list(self._all(text))
        return self.with_phrases(found) if self._phrases else found

    def placed(self, text: str, terms: Sequence[str], shapes: str) -> list[Token]:
        """The `tokens` of a text that had these terms and shapes, one character each, when it was analysed before.

        A word that was not met yet is not stemmed where it can be told from its letters that it has its term.
        """
        known, found = self._known, list[Token]()
        matches = list(self._tokenizer.found(text))
        if len(matches) != len(terms):  # a phrase stands in it, or another text
            return self.tokens(text)
        for match, term, shape in zip(matches, terms, shapes, strict=True):
            piece = match[0]
            entry = known.get(piece) or known.recalled(piece) or _as_said(piece, term, shape) or self._simple(piece)
            if entry is None:
                return self.tokens(text)
            found.append(_new(Token, match.span() + entry))
        return self.with_phrases(found) if self._phrases else found

    def joined(self, text: str) -> tuple[str, str]:
        """The terms of `tokens`, joined by blanks, and their shapes, one character each: what a Sentence keeps."""
        pieces = self._tokenizer.pieces(text)
        if not pieces:
            return "", ""
        joined = self._joined
        try:  # as in `tokens`; without offsets it takes a third of the time
            found = [joined[piece] for piece in pieces]
        except KeyError:
            new = {piece: self._piece_joined(piece) for piece in pieces if piece not in joined}
            found = [one for piece in pieces if (one := new.get(piece) or joined[piece])[0]]
        terms = " ".join([term for term, _ in found])
        if self._may_hold_phrases(terms):
            return _joined_tokens(self.tokens(text))
        return terms, "".join([shapes for _, shapes in found])

    def terms(self, text: str) -> list[str]:
        """The terms of `text` in order, without stop words."""
        return [token.term for token in self.tokens(text) if token.shape is not Shape.STOP]

    def base(self, word: str) -> str:
        """The word as it is stemmed: in lower case and one spelling, an irregular form as the word it is a form of."""
        return self._one_spelling(self._forms.get(bare(word)) or one_ending(joined(word).lower()))

    def term(self, word: str) -> str:
        """The term of one word, whatever list of stop words it stands in."""
        term = fold(self._stem(self.base(word))) or bare(word)
        return self._words.get(term, term)

    @property
    def renamed(self) -> Mapping[str, str]:
        """The terms that other names for the same stand for, and the one that each is read as."""
        return self._words

    def own_term(self, word: str) -> str:
        """The term of one word without regard to other names for the same: those of a class differ in it."""
        lower = joined(without_possessive(word)).lower()
        return fold(self._stem(self._one_spelling(self._forms.get(bare(lower), lower))))

    def is_stop(self, word: str) -> bool:
        """Whether the word is on the language's list of stop words."""
        return self._plain(word) in self._stop_words

    def _all(self, text: str) -> Iterator[Token]:
        known = self._known
        for match in self._find(text):
            piece = match[0]
            entry = known.get(piece) or known.recalled(piece)
            if entry is not None:
                yield _new(Token, match.span() + entry)
            else:
                yield from self._first_met(piece, match.start(), match.lastgroup or "word")

    def _piece_joined(self, piece: str) -> tuple[str, str]:
        """The terms and shapes of one piece, a language's elided articles and scripts without blanks having several;
        two empty texts for a piece without a term."""
        known = self._joined.recalled(piece)
        if known is not None:
            return known
        if piece.isascii() and piece.isalpha():
            found: tuple[str, str] = self._analyse(piece[:LONGEST_WORD], "word")
        else:
            found = _joined_tokens(list(self._all(piece)))
        if found[0] and len(piece) <= LONGEST_WORD:
            self._joined.keep(piece, found)
        return found

    def _may_hold_phrases(self, terms: str) -> bool:
        """Whether one of the phrases of a class stands in these terms."""
        starts = self._phrases.keys() & terms.split(" ")
        padded = f" {terms} "
        return any(f" {' '.join(phrase)} " in padded for start in starts for phrase, _ in self._phrases[start])

    def _first_met(self, raw: str, start: int, group: str) -> Iterator[Token]:
        """The tokens of a piece of text that is not remembered."""
        if not raw.isascii() and UNSPACED.search(raw):
            yield from self._bigrams(raw, start)
            return
        if self._elides and group == "word" and (cut := elision(raw)):
            yield Token(start, start + cut, bare(raw[:cut]), Shape.STOP)
            entry = self._analyse(raw[cut : cut + LONGEST_WORD], group)
            if entry[0]:
                yield Token(start + cut, start + len(raw), *entry)
            return
        entry = self._analyse(raw[:LONGEST_WORD], group)
        if entry[0]:
            if len(raw) <= LONGEST_WORD:
                self._known.keep(raw, entry)
            yield Token(start, start + len(raw), *entry)

    def _simple(self, raw: str) -> tuple[str, Shape] | None:
        """The term and the shape of a piece of letters or digits alone; None for others, and where it has several."""
        if not raw.isalpha() and not raw.isdecimal():
            return None
        found = list(self._first_met(raw, 0, "word" if raw.isalpha() else "number"))
        return (found[0].term, found[0].shape) if len(found) == 1 else None

    def _analyse(self, raw: str, group: str) -> tuple[str, Shape]:
        if group == "number":
            return number(raw, decimal_point=self._decimal_point)
        if group == "dotted":
            letters = fold(raw.replace(".", ""))
            if not raw[0].isupper():
                return letters, Shape.STOP
            return self._words.get(letters, letters), Shape.ACRONYM
        plain = self._without_suffix(raw)
        shape = shape_of(plain)
        if self.is_stop(plain) and shape is not Shape.ACRONYM:
            return bare(plain), Shape.STOP
        return self.term(plain), shape

    def _without_suffix(self, word: str) -> str:
        """The word without what an apostrophe joins to it: the English "'s", and Turkish endings of names."""
        if self.language in ("", "en"):
            return without_possessive(word)
        if self.language == "tr":
            return _AFTER_APOSTROPHE.sub("", word)
        return word

    def _bigrams(self, raw: str, start: int) -> Iterator[Token]:
        """Two characters at a time where a script has no blanks; what is between such runs is analysed as usual."""
        position = 0
        for run in UNSPACED.finditer(raw):
            if run.start() > position:
                yield from self._shifted(raw[position : run.start()], start + position)
            characters = run[0]
            first = start + run.start()
            for i in range(max(1, len(characters) - 1)):
                pair = characters[i : i + 2]
                yield Token(first + i, first + i + len(pair), fold(pair), Shape.LOWER)
            position = run.end()
        if position < len(raw):
            yield from self._shifted(raw[position:], start + position)

    def _shifted(self, raw: str, start: int) -> Iterator[Token]:
        for token in self.tokens(raw):
            yield token._replace(start=token.start + start, end=token.end + start)

    def with_phrases(self, tokens: list[Token]) -> list[Token]:
        """The tokens with, behind each phrase of a class, the class's term over the whole phrase."""
        starts = self._phrases
        if starts.keys().isdisjoint([token.term for token in tokens]):
            return tokens
        found: list[Token] = []
        waiting: dict[int, list[Token]] = {}
        for place, token in enumerate(tokens):
            for phrase, own in starts.get(token.term, ()):
                last = place + len(phrase) - 1
                if last < len(tokens) and tuple(one.term for one in tokens[place : last + 1]) == phrase:
                    shape = Shape.CAPITALISED if token.shape is Shape.STOP else token.shape
                    waiting.setdefault(last, []).append(Token(token.start, tokens[last].end, own, shape))
                    break
            found.append(token)
            found.extend(waiting.pop(place, ()))
        return found


def _as_said(word: str, term: str, shape: str) -> tuple[str, Shape] | None:
    """The term and the shape that a word is said to have, where they are likely enough: the word begins with the term,
    or all of it but the last letter; None where they may be others."""
    own = shape_of(word)
    likely = word.lower().startswith(term[:-1] or term) and not word[0].isdigit() and own.value == shape
    return (term, own) if likely else None


def _joined_tokens(tokens: list[Token]) -> tuple[str, str]:
    return " ".join([token.term for token in tokens]), "".join([token.shape for token in tokens])


class Analyzers:
    """The analyzers of all languages, each made when it is first asked for."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._made: dict[str, Analyzer] = {}

    def of(self, language: str) -> Analyzer:
        """The analyzer of one language by its BCP 47 code ("en" and "en-GB" have one; "" is a language not known)."""
        analyzer = self._made.get(language)
        if analyzer is None:
            base = base_language(language)
            analyzer = self._made[base] = self._made.get(base) or Analyzer(base, self._lists)
            self._made[language] = analyzer
        return analyzer


def lists_of(languages: Iterable[str]) -> tuple[str, ...]:
    """The names of the word lists that the analysis of these languages rests on."""
    codes = sorted(set(languages))
    return (NAMES, SYNONYMS, *(f"{folder}/{code}.txt" for folder in ("forms", "stopwords") for code in codes))
