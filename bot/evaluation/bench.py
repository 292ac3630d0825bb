"""The bench: what every protocol needs of the product, and the sample that is asked."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

from bot.evaluation.collection import Collection
from bot.evaluation.confidence import Confidences
from bot.evaluation.followups import Rewrite
from bot.evaluation.measures import SEED
from bot.evaluation.product import Product
from bot.evaluation.questions import Judgement
from bot.evaluation.report import Report
from bot.evaluation.reqa import Search
from bot.evaluation.trec import RunLine
from bot.retrieval.analysis import Analyzers

Item = TypeVar("Item")


class Progress(Protocol):
    """Shows how far a long loop is."""

    def __call__(self, items: Iterable[Item], *, total: int, doing: str) -> Iterator[Item]:
        """The items, one by one, while a bar moves; `doing` is the message key of what is done."""


class Bench(NamedTuple):
    """The product as the protocols see it.

    `product` builds the whole of it over some articles, `search_over` its search and ranking over a
    collection in one language, `rewrite` reads an English follow-up as a question that stands alone.
    `threshold` is the confidence from which it answers; of more than `limit` questions a seeded sample is asked.
    """

    product: Product
    search_over: Callable[[Collection, str], Search]
    rewrite: Rewrite
    analyzers: Analyzers
    threshold: float
    progress: Progress
    limit: int | None = None
    seed: int = SEED

    def sample(self, questions: Sequence[Item]) -> list[Item]:
        """The questions that are asked, in their own order."""
        if self.limit is None or self.limit >= len(questions):
            return list(questions)
        generator = random.Random(self.seed)  # noqa: S311 - reproducible, nothing secret
        return [questions[place] for place in sorted(generator.sample(range(len(questions)), self.limit))]


class Measured(NamedTuple):
    """A protocol's report with what it was made from, as far as the protocol has it."""

    report: Report
    confidences: Confidences | None = None
    run: tuple[RunLine, ...] = ()
    qrels: tuple[Judgement, ...] = ()


def without_progress(items: Iterable[Item], *, total: int, doing: str) -> Iterator[Item]:  # noqa: ARG001
    """The items; nothing is shown."""
    yield from items
