"""How well the marked words of a right quote match the answer that a person marked."""

import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bot.answering.answer import Quote
from bot.evaluation.product import Gold, covers

Span = tuple[int, int]
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation + "“”‘’«»—–")


class Marking(NamedTuple):
    """How the marked words of one quote compare with the gold answers in it.

    `overlaps`: they share at least one character with a gold answer. `f1`: the best F1 of their words against one
    gold answer's (Rajpurkar et al. 2016: lower case, without punctuation and English articles). `share`: the marked
    part of the quote's characters, 0 to 1.
    """

    overlaps: bool
    f1: float
    share: float


def marking_of(quote: Quote, golds: Sequence[Gold]) -> Marking:
    """The marking of a quote that covers at least one of the gold answers."""
    marked = [(start, end) for start, end in quote.highlights if start < end]
    covered = [gold for gold in golds if covers(quote, gold)]
    spans = [span for gold in covered for span in _spans_in(quote, gold)]
    text = " ".join(quote.text[start:end] for start, end in marked)
    return Marking(
        overlaps=any(start < gold_end and gold_start < end for start, end in marked for gold_start, gold_end in spans),
        f1=max((word_f1(text, gold.answer.text) for gold in covered), default=0.0),
        share=sum(end - start for start, end in marked) / len(quote.text) if quote.text else 0.0,
    )


def word_f1(found: str, gold: str) -> float:
    """The F1 of the bags of words of two texts; 1 when both are empty."""
    one, other = _words(found), _words(gold)
    if not one or not other:
        return float(one == other)
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared / (len(one) + len(other))


def _words(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.casefold().translate(_PUNCTUATION)).split()


def _spans_in(quote: Quote, gold: Gold) -> list[Span]:
    """Where a gold answer stands in the quote; by its text where it lies in a sentence folded with the quote."""
    if quote.article.source == gold.source and quote.start <= gold.answer.start < quote.end:
        return [(gold.answer.start - quote.start, min(gold.answer.end, quote.end) - quote.start)]
    return [match.span() for match in re.finditer(re.escape(gold.answer.text), quote.text)]
