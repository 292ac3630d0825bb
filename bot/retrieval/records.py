"""Records: passages' terms as numbers in one row, so that many sentences are scored at once."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.articles.article import STOP_SHAPE, Kind, Sentence, StoredPassage
from bot.retrieval.keys import keys_of

Places = npt.NDArray[np.int64]
Words = npt.NDArray[np.unsignedinteger[Any]]


class Records(NamedTuple):
    """The records of some passages side by side, in the order asked for.

    Of each sentence of prose: its place in its passage, how many terms it has, and which of the passages (from 0) it
    is of. Of each term, stop words left out: its number and which of the sentences (from 0) it stands in.
    """

    positions: Places
    lengths: Places
    passage_of: Places
    terms: Words
    sentence_of: Places
    passages: int


def records_of(passages: Sequence[StoredPassage]) -> Records:
    """The records of passages at hand; their terms' numbers are the keys of bot.retrieval.keys."""
    prose = [
        (place, position, sentence)
        for place, passage in enumerate(passages)
        for position, sentence in enumerate(passage.sentences)
        if sentence.kind is Kind.PROSE
    ]
    sentences = [sentence for _, _, sentence in prose]
    is_content = _are_no_stop_words(sentences)
    row_of = np.repeat(np.arange(len(sentences)), [len(sentence.shapes) for sentence in sentences])
    sentence_of = row_of[is_content]
    return Records(
        positions=np.array([position for _, position, _ in prose], dtype=np.int64),
        lengths=np.bincount(sentence_of, minlength=len(sentences)),
        passage_of=np.array([place for place, _, _ in prose], dtype=np.int64),
        terms=keys_of(" ".join([sentence.terms for sentence in sentences if sentence.terms]))[is_content],
        sentence_of=sentence_of,
        passages=len(passages),
    )


def _are_no_stop_words(sentences: Iterable[Sentence]) -> npt.NDArray[np.bool_]:
    """[tokens] whether each token of these sentences is no stop word."""
    shapes = "".join([sentence.shapes for sentence in sentences]).encode("ascii")
    flags: npt.NDArray[np.bool_] = np.frombuffer(shapes, dtype=np.uint8) != ord(STOP_SHAPE)
    return flags
