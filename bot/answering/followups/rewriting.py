"""Rewriting a follow-up so that it stands alone: with the words that it lacks, from the conversation."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec

from bot.answering.answer import Change
from bot.answering.followups.conversation import Conversation
from bot.answering.followups.leaning import Leaning, LeaningWords, Said, Word, offered_words, question_before, said_in
from bot.answering.followups.takeover import Scene, Takeover, scene_of
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
        self._known: defaultdict[str, dict[str, float]] = defaultdict(dict)

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
        texts = said_in(conversation, analyzer)
        scene = scene_of(text, texts, self._reader, lexicon, analyzer)
        asks_what = scene.expected == Expected.DEFINITION and not leaning.definite  # the something is all that it needs
        if scene.stands_alone or (asks_what and not leans):
            return None
        offered = offered_words(texts)
        words = self._taken(offered, scene)
        if "opener" in leaning.sorts or not (leaning.terms or leaning.sorts):
            words = _with_the_question_before(words, leaning, question_before(conversation, analyzer))
        if not words:
            return None
        return _rewriting(text, words, leaning, leans=leans)

    def _asks_by_itself(self, text: str, leaning: Leaning, tokens: Sequence[Token], analyzer: Analyzer) -> bool:
        """Whether a question word stands behind the words that open a follow-up: "And who is Ada Byron?"."""
        return bool(self._reader.asked(text, tokens[leaning.opener :], analyzer).word)

    def _taken(self, offered: Sequence[Word], scene: Scene) -> list[Word]:
        """The words that the model takes over; the words of one name come together or not at all, and none comes where
        even the likeliest is not likely enough."""
        asked = set(scene.leaning.terms)
        words = [word for word in offered if word.term not in asked and word.source != "quote"]
        scores = self._scores(words, scene)
        threshold, firm = self._weights["threshold"], self._weights["threshold besides"]
        asks_who = scene.asked[0] == Expected.PERSON and "person" in scene.leaning.sorts
        taken = []
        likely = False
        for word in words:
            if asks_who and _was_answered(word):
                taken.append(word)  # "Who is the boss?" - "Yevgeny Prigozhin" - "What did he ...?"
                likely = True
                continue
            group = [scores[term] for term in word.group if term in scores] or [scores[word.term]]
            score = math.fsum(group) / len(group)
            likely = likely or score > self._weights["threshold likeliest"]
            if score > (firm if _is_doubtful(word, scene.leaning) else threshold):
                taken.append(word)
        if not likely:
            return []
        return (
            taken
            if "other" not in scene.leaning.sorts
            else [*taken, *_said_already(words, taken, scores, self._weights["threshold said"])]
        )

    def _scores(self, words: Sequence[Word], scene: Scene) -> dict[str, float]:
        """By term the log-odds that a person would add the word."""
        weights = self._weights
        takeover = Takeover(scene)
        kinds: dict[str, float] = {}
        scores: dict[str, float] = {}
        for word in words:
            kind = takeover.kind(word)
            if kind not in kinds:
                shared = takeover.of_kind(word)
                kinds[kind] = weights["bias"] + sum(weights.get(feature, 0.0) for feature in shared)
            own = sum(weights.get(feature, 0.0) for feature in takeover.by_sort(word))
            scores[word.term] = kinds[kind] + own + self._own(word, takeover)
        return scores

    def _own(self, word: Word, takeover: Takeover) -> float:
        """The weight of what is true of the word; what each thing weighs is remembered, which saves half the time."""
        known = self._known[takeover.row(word)]
        weight = 0.0
        for own in takeover.own(word):
            if own not in known:
                known[own] = sum(self._weights.get(feature, 0.0) for feature in takeover.crossed(word, own))
            weight += known[own]
        return weight


def _said_already(
    words: Sequence[Word], taken: Sequence[Word], scores: Mapping[str, float], threshold: float
) -> list[Word]:
    """For a question that asks for something else and takes over nothing of the answers: the likeliest word or name
    of them, because something was said that is to be left out."""
    said = [word for word in words if word.source in SAID]
    if not said or any(word.source in SAID for word in taken):
        return []
    likeliest = max(said, key=lambda word: scores[word.term])
    if scores[likeliest.term] <= threshold:
        return []
    return [word for word in said if word.term in likeliest.group or word is likeliest]


def _is_doubtful(word: Word, leaning: Leaning) -> bool:
    """Whether it can hardly be told if a person would take the word over, whatever its score: where a question asks for
    something else, any but the title's and those of names in the last turn."""
    return "other" in leaning.sorts and word.source != "title" and not (word.name and word.back == 1)


def _was_answered(word: Word) -> bool:
    """Whether the last answer was one name and the word is of it."""
    said = word.said
    whole = word.name and len(word.group) == len({said.tokens[place].term for place in said.content})
    return whole and word.source == "answer" and word.back == 1


def _with_the_question_before(words: Sequence[Word], leaning: Leaning, before: Said) -> list[Word]:
    """The words taken over and those of the question before: all for a bare "And when?", for "What about Wagner?"
    those that are no names, because the new name stands in their place."""
    replaces = leaning.named and len(leaning.terms) <= 2 and leaning.sorts == {"opener"}
    if replaces:
        words = []
    held = {word.term for word in words}
    wanted = [word for word in offered_words([before]) if word.term not in held and word.term not in leaning.terms]
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
