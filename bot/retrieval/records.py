"""Records: passages' terms as numbers in one row, so that many sentences are scored at once."""

from collections.abc import Sequence
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
    prose = Kind.PROSE  # an enumeration is slow to look into
    positions: list[int] = []
    counts: list[int] = []
    sentences: list[Sentence] = []
    for passage in passages:
        before = len(sentences)
        for position, sentence in enumerate(passage.sentences):
            if sentence.kind is prose:
                positions.append(position)
                sentences.append(sentence)
        counts.append(len(sentences) - before)
    shapes = [sentence.shapes for sentence in sentences]
    is_content = np.frombuffer("".join(shapes).encode("ascii"), dtype=np.uint8) != ord(STOP_SHAPE)
    sentence_of = np.repeat(np.arange(len(sentences)), list(map(len, shapes)))[is_content]
    return Records(
        positions=np.array(positions, dtype=np.int64),
        lengths=np.bincount(sentence_of, minlength=len(sentences)),
        passage_of=np.repeat(np.arange(len(passages)), counts),
        terms=keys_of(" ".join([sentence.terms for sentence in sentences if sentence.terms]), is_content),
        sentence_of=sentence_of,
        passages=len(passages),
    )
