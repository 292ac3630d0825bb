"""The documents: an article's sentences as the index takes them, and the lines that bring them there."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from bot.articles.article import Kind, StoredPassage
from bot.retrieval.cluster.mapping import APPLIED

_encode = msgspec.json.Encoder().encode


class SentenceDocument(msgspec.Struct, frozen=True):
    """A sentence: its own terms, its passage's, and its article's title's, each joined by blanks."""

    sentence: str
    context: str
    title: str
    article: int
    passage: int
    change: int


class Action(NamedTuple):
    """One thing to do to the index: store a document, or delete the one with this id where there is none.

    `version` is the number of the library's change that it follows from: what came from a later one stays.
    """

    id: str
    version: int
    document: SentenceDocument | None

    def lines(self) -> bytes:
        """The action as _bulk takes it."""
        meta = {"_id": self.id, "version": self.version, "version_type": "external_gte"}
        if self.document is None:
            return _encode({"delete": meta}) + b"\n"
        return _encode({"index": meta}) + b"\n" + _encode(self.document) + b"\n"


def actions_of(passages: Iterable[StoredPassage], titles: dict[int, str], change: int) -> Iterator[Action]:
    """What stores the prose of these passages; `titles` holds the terms of the titles by article."""
    for passage in passages:
        prose = [
            (position, " ".join(sentence.content_terms()))
            for position, sentence in enumerate(passage.sentences)
            if sentence.kind is Kind.PROSE
        ]
        context = " ".join(terms for _, terms in prose if terms)
        if not context:
            continue
        title = titles.get(passage.article, "")
        for position, terms in prose:
            document = SentenceDocument(terms, context, title, passage.article, passage.number, change)
            yield Action(f"{passage.number}.{position}", change, document)


def applied_document(change: int) -> bytes:
    """The document that says that the index is up to a change."""
    return _encode({APPLIED: change})
