"""Company: how much of some terms stands with another one, which tells a correction that belongs from others."""

from collections.abc import Sequence

from bot.retrieval.engine import Statistics, TermCount
from bot.retrieval.weighting import positive_idf

PASSAGE_COMPANY = 0.5  # what company in a passage counts beside that in a sentence, when a correction is chosen


class Company:
    """How much of some terms stands with another one, in single passages (`Engine.together`)."""

    def __init__(self, others: Sequence[str], counts: Sequence[TermCount], statistics: Statistics) -> None:
        held = [(other, count) for other, count in zip(others, counts, strict=True) if count.sentences]
        self.others = [other for other, _ in held]
        """Those of the others that the library holds."""
        self.in_sentence = [positive_idf(statistics.sentences, count.sentences) for _, count in held]
        self.in_passage = [positive_idf(statistics.passages, count.passages) for _, count in held]

    @property
    def weights(self) -> dict[str, float]:
        """What each of the others that the library holds counts in a passage."""
        return dict(zip(self.others, self.in_passage, strict=True))

    @property
    def sentence_weights(self) -> dict[str, float]:
        """The same in a sentence."""
        return dict(zip(self.others, self.in_sentence, strict=True))

    def in_a_sentence_at_most(self, passage: float) -> float:
        """What the others can count in a sentence of a passage in which they count so much."""
        pairs = zip(self.in_sentence, self.in_passage, strict=True)
        return passage * max((own / around for own, around in pairs if around > 0), default=0.0)

    def share(self, sentence: float, passage: float) -> float:
        """From 0 to 1.5: the share of the others in the best sentence, and half of that in the best passage, from
        what they count there."""
        whole, around = sum(self.in_sentence), sum(self.in_passage)
        return (sentence / whole if whole else 0.0) + (PASSAGE_COMPANY * passage / around if around else 0.0)
