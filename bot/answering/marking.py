"""Marking: the shortest stretches of a quote that answer, found by a span model or, without one, by rules."""

from collections.abc import Sequence

from bot.answering.query import QUESTION_MARKS, Expected, Query
from bot.answering.shapes import marked_by_rules
from bot.answering.spanmodel import SpanModel, Spans, SpanScorer
from bot.answering.units import AnswerWords, Unit, units
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


class Marker:
    """Marks the words that answer, in any language: by the span model where one is shipped, else by rules."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._languages: dict[str, tuple[AnswerWords, SpanModel | None]] = {}
        self._last: tuple[Query, SpanScorer] | None = None

    def mark(self, query: Query, text: str, tokens: Sequence[Token]) -> Marks:
        """The stretches of `text` that answer, as sorted, disjoint offsets into it; () when nothing in it can, and for
        bare keywords, which ask nothing.

        `tokens` are the text's own, with offsets into it.
        """
        if not query.question_word and not QUESTION_MARKS.intersection(query.text):
            return ()
        language = query.language
        if language not in self._languages:
            self._languages[language] = AnswerWords(self._lists, language), SpanModel.of(language)
        words, model = self._languages[language]
        sentence = units(text, tokens, words)[:LONGEST_SENTENCE]
        if not sentence or not query.tokens:
            return ()
        if model is None or query.expected is Expected.REASON:
            # On the training questions the clause behind "because" does as well as the model, and reads better.
            ruled = marked_by_rules(query, sentence, words)
            if ruled or model is None:
                return ruled
        return chosen(self._scorer(query, model).spans(sentence), sentence, len(text))

    def _scorer(self, query: Query, model: SpanModel) -> SpanScorer:
        """The scorer of a question, kept while its quotes are marked one after the other."""
        last = self._last
        if last is None or last[0] is not query:
            self._last = last = (query, SpanScorer(query, model))
        return last[1]


def chosen(spans: Spans, sentence: Sequence[Unit], characters: int) -> Marks:
    """The span that is worth most: expected F1 + the probability of overlapping the answer - a share of the length;
    and a second one where that makes an overlap much likelier."""
    import numpy as np

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
