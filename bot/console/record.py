"""The answer as other programs get it: the JSON object of `ask --json` and of each line of `ask --batch`."""

import msgspec
from msgspec import UNSET, UnsetType

from bot.answering.answer import Answer, Change, Quote, Source
from bot.messages import Messages

Identity = str | int | float | bool | None
"""What a batch line may carry as its "id"; it comes back as it was given."""

DIGITS = 4
"""Decimals of a probability: more would claim an exactness that no calibration has."""


class ArticleRecord(msgspec.Struct, frozen=True):
    """The article of a quote."""

    id: str
    title: str
    source: str
    published: str | None
    language: str


class TwinRecord(msgspec.Struct, frozen=True):
    """The same statement elsewhere."""

    text: str
    start: int
    end: int
    article: ArticleRecord


class ReasonRecord(msgspec.Struct, frozen=True):
    """One thing that made a sentence win, in words, and its share of the score (-1 to 1)."""

    text: str
    weight: float


class QuoteRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A quote; `why` is left out unless it was asked for."""

    text: str
    start: int
    end: int
    confidence: float
    highlights: tuple[tuple[int, int], ...]
    before: str
    after: str
    article: ArticleRecord
    also_in: tuple[TwinRecord, ...]
    why: tuple[ReasonRecord, ...] | UnsetType = UNSET


class AnswerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The reply to one question; `id` is left out when the question came without one."""

    question: str
    id: Identity | UnsetType = UNSET
    answered: bool
    confidence: float
    quotes: tuple[QuoteRecord, ...]
    near_misses: tuple[QuoteRecord, ...]
    changes: tuple[Change, ...]
    elapsed_ms: float


class ErrorRecord(msgspec.Struct, frozen=True):
    """What stands in the place of an answer to a batch line that could not be read or answered."""

    id: Identity
    error: str


def answer_record(
    answer: Answer, *, identity: Identity | UnsetType = UNSET, why: Messages | None = None
) -> AnswerRecord:
    """The answer in the shape that other programs rely on; with `why`, its reasons in the words of that catalogue."""
    return AnswerRecord(
        question=answer.question,
        id=identity,
        answered=answer.answered,
        confidence=round(answer.confidence, DIGITS),
        quotes=tuple(_quote(quote, why) for quote in answer.quotes),
        near_misses=tuple(_quote(quote, why) for quote in answer.near_misses),
        changes=answer.changes,
        elapsed_ms=round(answer.elapsed_ms, 2),
    )


def json_line(record: msgspec.Struct) -> str:
    """The record as one line of JSON, without the line's end."""
    return msgspec.json.encode(record).decode()


def _quote(quote: Quote, why: Messages | None) -> QuoteRecord:
    reasons: tuple[ReasonRecord, ...] | UnsetType = UNSET
    if why is not None:
        reasons = tuple(
            ReasonRecord(why.text(reason.key, **reason.values), round(reason.weight, DIGITS)) for reason in quote.why
        )
    return QuoteRecord(
        text=quote.text,
        start=quote.start,
        end=quote.end,
        confidence=round(quote.confidence, DIGITS),
        highlights=quote.highlights,
        before=quote.before,
        after=quote.after,
        article=_article(quote.article),
        also_in=tuple(TwinRecord(twin.text, twin.start, twin.end, _article(twin.article)) for twin in quote.also_in),
        why=reasons,
    )


def _article(source: Source) -> ArticleRecord:
    return ArticleRecord(source.id, source.title, source.source, source.published, source.language)
