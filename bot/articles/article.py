"""Articles and their sentences, as every part of the product passes them on."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import compress

import msgspec

STOP_SHAPE = "."
"""The shape of a stop word among a sentence's shapes."""

_IS_CONTENT = bytes.maketrans(STOP_SHAPE.encode(), b"\0")  # makes a stop word's shape 0, any other one's not


class Kind(StrEnum):
    """What a stretch of an article is; only prose is indexed, counted and quoted."""

    PROSE = "prose"
    HEADING = "heading"
    BOILERPLATE = "boilerplate"
    REPEATED = "repeated"  # prose by itself, that stands in so many articles of its site that it is none of theirs


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """What an author wrote, as a reader took it from its source.

    `source` is its identity: a path, a URL, or what the owner called it. `text` is kept character for character;
    every offset counts code points in it. `published` is an ISO 8601 date ("2023-03-08") or date-time, or None.
    `language` is a BCP 47 code ("en"), or "" until it has been detected. `url` is a public address, or None.
    """

    text: str
    title: str = ""
    source: str
    published: str | None = None
    language: str = ""
    tags: tuple[str, ...] = ()
    url: str | None = None


class Sentence(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A sentence of an article: `text[start:end]`, its kind and its tokens.

    `terms` are its analysed tokens joined by blanks, stop words included; `shapes` has one character per token
    (bot.retrieval.analysis.Shape). Both are empty for what is not prose or heading.
    """

    start: int
    end: int
    kind: Kind
    terms: str = ""
    shapes: str = ""

    def content_terms(self) -> list[str]:
        """The sentence's terms in order, without its stop words."""
        if not self.terms:
            return []
        terms = self.terms.split(" ")
        if STOP_SHAPE not in self.shapes:
            return terms
        return list(compress(terms, self.shapes.encode().translate(_IS_CONTENT)))


class Passage(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Consecutive sentences that are each other's context: a paragraph, or several short ones in a row.

    `start` and `end` are offsets into the article's text. `heading` holds the terms of the headings it stands under.
    """

    start: int
    end: int
    sentences: tuple[Sentence, ...]
    heading: str = ""


Contents = list[list[tuple[Kind, list[str]]]]
"""Of each passage the sentences of prose, repeated ones among them, by kind and terms without stop words."""


def contents_of(passages: Iterable[Passage]) -> Contents:
    """What is counted and compared of an article: its sentences' terms, taken apart once."""
    return [
        [
            (sentence.kind, sentence.content_terms())
            for sentence in passage.sentences
            if sentence.kind is Kind.PROSE or sentence.kind is Kind.REPEATED
        ]
        for passage in passages
    ]


class StoredArticle(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An article as the library holds it: its number (internal), its public id, how many sentences of prose it has.

    `title_terms` are its title's terms without stop words, joined by blanks; None where they were not looked for yet.
    """

    number: int
    id: str
    title: str
    source: str
    published: str | None
    language: str
    tags: tuple[str, ...]
    url: str | None
    sentences: int
    title_terms: str | None = None


class StoredPassage(msgspec.Struct, frozen=True, gc=False):
    """A passage with its place in the library: numbers of one article's passages follow each other without a gap."""

    number: int
    article: int
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    heading: str = ""
