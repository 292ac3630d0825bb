"""Rewriting a follow-up so that it stands alone: with the words that it lacks, from the conversation."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec

from bot.answering.answer import Change
from bot.answering.conversation import Conversation
from bot.answering.followup import Leaning, LeaningWords, Scene, Word, features, is_named, offered_words, scene_of
from bot.answering.query import Expected
from bot.answering.question import QuestionReader
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzer, Token
from bot.wordlists import WordLists

WEIGHTS = "follow-ups/weights.txt"
SAID = ("answer", "quote")
"""The sources of what was told to the asker."""
_POSSESSIVE = re.compile("['’]s?$")


class Rewriting(msgspec.Struct, frozen=True, kw_only=True):
    """A follow-up with what it took over.

    `text` is the question with the words that it lacked in parentheses; read it instead of the question. `besides`
    are words of what was said already, for a question that asks for something else: they are shown and not searched.
    `leans` is whether the question cannot stand alone ("And when?"); where it is false, the question as it was asked
    may be tried first.
    """

    text: str
    words: tuple[str, ...]
    besides: tuple[str, ...]
    leans: bool
    change: Change


class FollowUps:
    """Rewrites questions that lean on the ones before them, by the shipped weights of the fitted model."""

    def __init__(self, lists: WordLists, reader: QuestionReader, weights: Mapping[str, float] | None = None) -> None:
        self._lists = lists
        self._reader = reader
        if weights is not None:
            self._weights = dict(weights)
        self._leaning: dict[str, LeaningWords] = {}

    @cached_property
    def _weights(self) -> dict[str, float]:
        weights = {}
        for line in self._lists.lines(WEIGHTS):
            name, _, value = line.rpartition("=")
            try:
                weights[name.strip()] = float(value)
            except ValueError as error:
                raise SettingsError(f'{WEIGHTS}: "{line}": expected a line of the form feature = number') from error
        return weights

    def rewrite(self, text: str, conversation: Conversation, *, analyzer: Analyzer) -> Rewriting | None:
        """The question with the words that it lacks, or None when it stands alone or nothing can be taken over."""
        language = analyzer.language
        if not conversation.turns:
            return None
        if language not in self._leaning:
            self._leaning[language] = LeaningWords(self._lists, analyzer)
        lexicon = self._leaning[language]
        tokens = analyzer.tokens(text)
        if not lexicon or not tokens:
            return None
        leaning = lexicon.leaning(text, tokens)
        leans = bool(leaning.sorts) or not leaning.terms
        if leaning.named and leaning.sorts == {"opener"} and self._asks_by_itself(text, leaning, tokens, analyzer):
            return None
        offered = offered_words(conversation, analyzer)
        asks_what = not leaning.definite and self._asks_what(text, analyzer)
        if not leans and (asks_what or is_named(leaning, offered, conversation, analyzer)):
            return None
        words = self._taken(leaning, offered, conversation, analyzer)
        if leaning.sorts & {"opener"} or not leaning.terms:
            words = _with_the_question_before(words, leaning, conversation, analyzer)
        if not words:
            return None
        return _rewriting(text, words, leaning, leans=leans)

    def _asks_by_itself(self, text: str, leaning: Leaning, tokens: Sequence[Token], analyzer: Analyzer) -> bool:
        """Whether a question word stands behind the words that open a follow-up: "And who is Ada Byron?"."""
        return bool(self._reader.asked(text, tokens[leaning.opener :], analyzer).word)

    def _asks_what(self, text: str, analyzer: Analyzer) -> bool:
        """Whether a question asks what something is: the something is all that it needs, unless it is "the" one."""
        return self._asked(text, analyzer) is Expected.DEFINITION

    def _taken(
        self, leaning: Leaning, offered: Sequence[Word], conversation: Conversation, analyzer: Analyzer
    ) -> list[Word]:
        """The words that the model takes over; the words of one name come together or not at all."""
        asked = set(leaning.terms)
        last_asked = self._asked(conversation.turns[-1].question, analyzer)
        scene = scene_of(conversation, offered, last_asked, analyzer, self._leaning[analyzer.language])
        words = [word for word in offered if word.term not in asked]
        scores = {word.term: self._score(word, leaning, scene) for word in words}
        threshold = self._weights["threshold" if leaning.sorts else "threshold alone"]
        taken = []
        for word in words:
            if last_asked is Expected.PERSON and "person" in leaning.sorts and word.name and _was_answered(word):
                taken.append(word)  # "Who is the boss?" - "Yevgeny Prigozhin" - "What did he ...?"
                continue
            group = [scores[term] for term in word.group if term in scores] or [scores[word.term]]
            if math.fsum(group) / len(group) > threshold:
                taken.append(word)
        return taken if "other" not in leaning.sorts else [*taken, *_said_already(words, taken, scores)]

    def _asked(self, question: str, analyzer: Analyzer) -> Expected:
        return self._reader.asked(question, analyzer.tokens(question), analyzer).expected

    def _score(self, word: Word, leaning: Leaning, scene: Scene) -> float:
        """The log-odds that a person would add this word."""
        weights = self._weights
        found = features(word, leaning, scene)
        return weights["bias"] + math.fsum(weights.get(feature, 0.0) for feature in found)


def _said_already(words: Sequence[Word], taken: Sequence[Word], scores: Mapping[str, float]) -> list[Word]:
    """For a question that asks for something else and takes over nothing of the answers: the likeliest word or name
    of them, because something was said that is to be left out."""
    said = [word for word in words if word.source in SAID]
    if not said or any(word.source in SAID for word in taken):
        return []
    likeliest = max(said, key=lambda word: scores[word.term])
    return [word for word in said if word.term in likeliest.group or word is likeliest]


def _was_answered(word: Word) -> bool:
    """Whether the word was the last answer's, or part of it."""
    return word.source == "answer" and word.back == 1


def _with_the_question_before(
    words: Sequence[Word], leaning: Leaning, conversation: Conversation, analyzer: Analyzer
) -> list[Word]:
    """The words taken over and those of the question before: all for a bare "And when?", for "What about Wagner?"
    those that are no names, because the new name stands in their place."""
    replaces = leaning.named and len(leaning.terms) <= 2 and leaning.sorts == {"opener"}
    if replaces:
        words = []
    held = {word.term for word in words}
    before = [
        word for word in offered_words(Conversation(conversation.turns[-1:]), analyzer) if word.source == "question"
    ]
    wanted = [word for word in before if word.term not in held and word.term not in leaning.terms]
    if leaning.terms:
        wanted = [word for word in wanted if not word.name] if len(leaning.terms) <= 2 else []
    return [*words, *wanted]


def _rewriting(text: str, words: Sequence[Word], leaning: Leaning, *, leans: bool) -> Rewriting:
    said = [word for word in words if "other" in leaning.sorts and word.source in SAID]
    lacking = [word for word in words if word not in said]
    shown = " ".join(_readable(word) for word in lacking)
    besides = " ".join(_readable(word) for word in said)
    searched = f"{text} ({shown})" if lacking else text
    bracket = shown + (", " if shown and besides else "") + (f"besides {besides}" if besides else "")
    return Rewriting(
        text=searched,
        words=tuple(_readable(word) for word in lacking),
        besides=tuple(_readable(word) for word in said),
        leans=leans,
        change=Change(kind="follow-up", before=text, after=f"{text} ({bracket})"),
    )


def _readable(word: Word) -> str:
    return _POSSESSIVE.sub("", word.text)
