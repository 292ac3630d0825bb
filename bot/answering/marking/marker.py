"""Marking: the shortest stretches of a quote that answer, found by a span model or, without one, by rules."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.marking.rules import marked_by_rules
from bot.answering.marking.spanmodel import SpanModel, Spans, SpanScorer
from bot.answering.marking.units import AnswerWords, Unit, units
from bot.answering.query import QUESTION_MARKS, Expected, Query
from bot.retrieval.analysis import Token
from bot.wordlists import WordLists

OVERLAP_WEIGHT = 0.5
SHARE_WEIGHT = 0.5
SECOND_GAIN = 0.3
"""What a second stretch must add to the probability that something of the answer is marked."""
LARGEST_SHARE = 1 / 3
"""Of the quote's characters that are marked, where a shorter span is likely at all."""
LONGEST_SENTENCE = 150
"""Units: of longer sentences (lists, tables) the rest is not looked at."""

Marks = tuple[tuple[int, int], ...]


class Reading(NamedTuple):
    """A sentence as it is read for a question: its units, the words that tell what they are, and its likely spans,
    None in a language without a span model."""

    sentence: Sequence[Unit]
    words: AnswerWords
    spans: Spans | None


class _Asked(NamedTuple):
    """A question with its scorer and what was read for it so far, by text."""

    query: Query
    scorer: SpanScorer | None
    readings: dict[str, Reading]


class Marker:
    """Marks the words that answer, in any language: by the span model where one is shipped, else by rules."""

    def __init__(self, lists: WordLists, *, models: Mapping[str, SpanModel] | None = None) -> None:
        """`models` by language stand for the shipped ones."""
        self._lists = lists
        self._models = models
        self._languages: dict[str, tuple[AnswerWords, SpanModel | None]] = {}
        self._last: _Asked | None = None

    def mark(self, query: Query, text: str, tokens: Sequence[Token]) -> Marks:
        """The stretches of `text` that answer, as sorted, disjoint offsets into it; () when nothing in it can, and for
        bare keywords, which ask nothing.

        `tokens` are the text's own, with offsets into it.
        """
        reading = self.read(query, text, tokens)
        if reading is None:
            return ()
        if reading.spans is None or query.expected is Expected.REASON:
            # On the training questions the clause behind "because" does as well as the model, and reads better.
            ruled = marked_by_rules(query, reading.sentence, reading.words)
            if ruled or reading.spans is None:
                return ruled
        return chosen(reading.spans, reading.sentence, len(text))

    def read(self, query: Query, text: str, tokens: Sequence[Token]) -> Reading | None:
        """What the marks of `text` are chosen from; None when there is nothing to choose, as in `mark`."""
        return self.readings(query, [(text, tokens)])[0]

    def readings(self, query: Query, sentences: Sequence[tuple[str, Sequence[Token]]]) -> list[Reading | None]:
        """`read` of several texts and their tokens, which is quicker all at once."""
        if not self.marks(query) or not query.tokens:
            return [None] * len(sentences)
        words, model = self._of(query.language)
        asked = self._last
        if asked is None or asked.query is not query:
            scorer = SpanScorer(query, model) if model is not None else None
            self._last = asked = _Asked(query, scorer, {})
        found = {
            text: sentence
            for text, tokens in sentences
            if text not in asked.readings and (sentence := units(text, tokens, words)[:LONGEST_SENTENCE])
        }
        scorer = asked.scorer
        spans = [None] * len(found) if scorer is None else scorer.spans(list(found.values()))
        for (text, sentence), own in zip(found.items(), spans, strict=True):
            asked.readings[text] = Reading(sentence, words, own)
        return [asked.readings.get(text) for text, _ in sentences]

    def marks(self, query: Query) -> bool:
        """Whether anything is asked; bare keywords ask nothing."""
        return bool(query.question_word) or not QUESTION_MARKS.isdisjoint(query.text)

    def _of(self, language: str) -> tuple[AnswerWords, SpanModel | None]:
        if language not in self._languages:
            model = SpanModel.of(language) if self._models is None else self._models.get(language)
            self._languages[language] = AnswerWords(self._lists, language), model
        return self._languages[language]


def chosen(spans: Spans, sentence: Sequence[Unit], characters: int) -> Marks:
    """The span that is worth most: expected F1 + the probability of overlapping the answer - a share of the length;
    and a second one where that makes an overlap much likelier."""
    first, last, probability = spans.first, spans.last, spans.probability
    shared = np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1
    length = last - first + 1
    overlaps = shared > 0
    expected_f1 = (2 * np.maximum(shared, 0) / (length[:, None] + length)) @ probability
    starts = np.array([unit.start for unit in sentence])[first]
    ends = np.array([unit.end for unit in sentence])[last]
    share = (ends - starts) / characters
    worth = expected_f1 + OVERLAP_WEIGHT * (overlaps @ probability) - SHARE_WEIGHT * share
    if share.min() <= LARGEST_SHARE:
        worth = np.where(share <= LARGEST_SHARE, worth, -1.0)
    best = int(worth.argmax())
    picked = [best]
    gain = (overlaps & ~overlaps[best]) @ probability
    gain = np.where(overlaps[best] | (share + share[best] > LARGEST_SHARE), -1.0, gain)
    second = int(gain.argmax())
    if gain[second] > SECOND_GAIN:
        picked.append(second)
    return tuple(sorted((int(starts[place]), int(ends[place])) for place in picked))
