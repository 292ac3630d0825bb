"""Small talk: what is no question, and the sample questions that a greeting shows."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.answering.answer import Reply
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzer, Shape, Token, fold
from bot.wordlists import WordLists

REPLIES = {"greeting": Reply.GREETING, "overview": Reply.OVERVIEW}
LONGEST = 12  # words: longer texts are not small talk
_WORD = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*")
_APOSTROPHES = re.compile("['’ʼ`]")
_STRETCHED = re.compile(r"(\w)\1{2,}")


class SmallTalk:
    """Tells hellos, thanks and "what do you know?" from questions, by the lists smalltalk/<code>.txt of all languages.

    A "hi" has no language of its own, so the lists of all languages are looked at together.
    """

    def __init__(self, lists: WordLists, languages: Iterable[str]) -> None:
        self._replies: dict[tuple[str, ...], Reply] = {}
        for language in languages:
            name = f"smalltalk/{language}.txt"
            for line in lists.lines(name):
                phrase, equals, reply = (part.strip() for part in line.rpartition("="))
                if not equals or reply not in REPLIES:
                    choices = " or ".join(REPLIES)
                    raise SettingsError(f'{name}: "{line}": expected a line of the form words = {choices}')
                self._replies[_words(phrase)] = REPLIES[reply]
        self._longest = max(map(len, self._replies), default=0)

    def reply(self, text: str) -> Reply | None:
        """GREETING or OVERVIEW where the text is all listed phrases ("hi there, thanks!"); None for anything else."""
        words = _words(text)
        if not words or len(words) > LONGEST:
            return None
        found = self._covering(words)
        if found is None:
            return None
        return Reply.OVERVIEW if Reply.OVERVIEW in found else Reply.GREETING

    def _covering(self, words: tuple[str, ...]) -> list[Reply] | None:
        """The replies of phrases that follow each other and cover all words; None when none do."""
        covering: list[list[Reply] | None] = [[], *[None] * len(words)]
        for end in range(1, len(words) + 1):
            for start in range(max(0, end - self._longest), end):
                before, reply = covering[start], self._replies.get(words[start:end])
                if before is not None and reply is not None:
                    covering[end] = [*before, reply]
                    break
        return covering[-1]


def _words(text: str) -> tuple[str, ...]:
    """The folded words of a text; letters said three times and more ("hiiii") count once."""
    folded = _APOSTROPHES.sub("", fold(text))
    return tuple(_STRETCHED.sub(r"\1", word) for word in _WORD.findall(folded))


class Subject(NamedTuple):
    """A name that the articles speak of: its text, whether it looks like a person's, and in how many sentences."""

    name: str
    person: bool
    sentences: int


_NAME_SHAPES = frozenset((Shape.CAPITALISED, Shape.ACRONYM))
_LONGEST_NAME = 4  # words
_SHORTEST_NAME = 3  # characters
MODIFYING = 0.5
"""A single word with a capital letter that stands before a small one more often than that is an adjective."""
_OPENING = frozenset("\"'“”‘’«„:.!?(—–-")  # behind these any word may have a capital letter
_POSSESSIVE = re.compile("['’]s?$")


def frequent_subjects(sentences: Iterable[str], analyzer: Analyzer) -> list[Subject]:
    """The names that stand in most of the sentences, most frequent first.

    What stands at the start of sentences alone is no name, nor what mostly stands before another noun ("Russian
    troops"). A name of several words whose last word also stands alone ("Yevgeny Prigozhin ... Prigozhin's") is taken
    for a person's, and the sentences of both count.
    """
    count: Counter[str] = Counter()
    modifying: Counter[str] = Counter()
    texts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    found = [{name.key: name for name in _names(sentence, analyzer)} for sentence in sentences]
    known = {key for names in found for key, name in names.items() if not name.opens}
    for names in found:
        for key, name in names.items():
            if key not in known:
                continue
            count[key] += 1
            modifying[key] += name.modifies
            texts[key][name.text] += 1
    long_names = {key.rpartition(" ")[2] for key in count if " " in key}
    subjects = []
    for key in count:
        first, _, last = key.rpartition(" ")
        alone = count[last] if first else 0
        places = any(count[term] > alone for term in first.split())  # "Ukraine Volodymyr Zelenskyy" is two names
        if (not first and key in long_names) or places or (not first and modifying[key] > MODIFYING * count[key]):
            continue
        text = texts[key].most_common(1)[0][0]
        subjects.append(Subject(text, person=alone > 0, sentences=count[key] + alone))
    return sorted(subjects, key=lambda subject: (-subject.sentences, subject.name))


class _Name(NamedTuple):
    """A name in a sentence: its terms joined by blanks, its text, whether it stands before another noun, and whether
    it stands where any word has a capital letter."""

    key: str
    text: str
    modifies: bool
    opens: bool


def _names(sentence: str, analyzer: Analyzer) -> list[_Name]:
    tokens = analyzer.tokens(sentence)
    found: list[_Name] = []
    run: list[Token] = []
    for token in tokens:
        if token.shape in _NAME_SHAPES and (not run or sentence[run[-1].end : token.start] == " "):
            run.append(token)
            if not _POSSESSIVE.search(sentence[token.start : token.end]):
                continue
        if run:
            found += _name(sentence, run, opens=run[0] is tokens[0], following=token if token not in run else None)
        run = [token] if token.shape in _NAME_SHAPES and token not in run else []
    return found + _name(sentence, run, opens=bool(run) and run[0] is tokens[0], following=None)


def _name(sentence: str, run: Sequence[Token], *, opens: bool, following: Token | None) -> list[_Name]:
    if not run or len(run) > _LONGEST_NAME:
        return []
    text = _POSSESSIVE.sub("", sentence[run[0].start : run[-1].end])
    if len(text) < _SHORTEST_NAME:
        return []
    modifies = (
        following is not None and following.shape is Shape.LOWER and sentence[run[-1].end : following.start] == " "
    )
    opens = opens or sentence[: run[0].start].rstrip(" ")[-1:] in _OPENING
    return [_Name(" ".join(token.term for token in run), text, modifies, opens)]
