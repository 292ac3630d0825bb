"""What an answer is: quotes with their sources, in the shape that other programs rely on."""

from enum import StrEnum

import msgspec


class Reason(msgspec.Struct, frozen=True):
    """One thing that made a sentence win: a message key with its values, and its share of the score (-1 to 1)."""

    key: str
    values: dict[str, str | int | float]
    weight: float


class Source(msgspec.Struct, frozen=True):
    """The article that a quote was cut from, as a reader of the answer sees it."""

    id: str
    title: str
    source: str
    published: str | None
    language: str
    url: str | None = None


class Twin(msgspec.Struct, frozen=True):
    """A sentence elsewhere that says the same as the quote."""

    text: str
    start: int
    end: int
    article: Source


class Quote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """An exact slice of an article: `text` equals the article's text from `start` to `end`, in code points.

    `highlights` are offsets into `text`; `confidence` is a probability; `before` and `after` are the neighbours.
    """

    text: str
    start: int
    end: int
    confidence: float
    highlights: tuple[tuple[int, int], ...] = ()
    before: str = ""
    after: str = ""
    article: Source
    also_in: tuple[Twin, ...] = ()
    why: tuple[Reason, ...] = ()


class Change(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """What was read differently from how it was asked: kind is "spelling", "variant", "synonym" or "follow-up"."""

    kind: str
    before: str
    after: str


class Reply(StrEnum):
    """What sort of reply an answer is."""

    QUOTES = "quotes"  # the articles say
    NOTHING = "nothing"  # the articles do not say
    GREETING = "greeting"  # no question was asked: a hello or thanks
    OVERVIEW = "overview"  # asked what the bot knows: its sources
    LANGUAGE = "language"  # asked in a language that no article is in


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The reply to one question; when `answered` is false, `quotes` is empty and `near_misses` is the ranking.

    `understood` is the question with what a follow-up took over, as it was corrected; `language` the one it was read in
    ("" when unknown); `samples` are questions that the articles answer, for a reply that is no answer.
    """

    question: str
    answered: bool
    confidence: float
    quotes: tuple[Quote, ...] = ()
    near_misses: tuple[Quote, ...] = ()
    changes: tuple[Change, ...] = ()
    elapsed_ms: float = 0.0
    reply: Reply = Reply.QUOTES
    understood: str = ""
    language: str = ""
    samples: tuple[str, ...] = ()
