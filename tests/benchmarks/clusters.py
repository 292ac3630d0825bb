"""What the benchmarks of the cluster engine share: nodes, a library of a question file, and apps over both."""

import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from bot.answering.answer import Answer
from bot.app import App, open_app
from bot.evaluation.product import ProductQuestion, whole_trial
from bot.evaluation.questions import load_articles
from bot.settings import load_settings
from tests.benchmarks.answer_time import enough
from tests.cluster.nodes import Node, distribution, running

SEED = 20230308
CACHE = Path(tempfile.gettempdir()) / "verbatim-opensearch"
"""Where distributions are kept from one run to the next."""


class Field(NamedTuple):
    """A library, questions for it, and the nodes."""

    folder: Path
    questions: list[ProductQuestion]
    nodes: list[Node]

    def environment(self, engine: str) -> dict[str, str]:
        """The settings that lead to the nodes."""
        return {
            "VERBATIM_ENGINE": engine,
            "VERBATIM_CLUSTER_URLS": ",".join(node.url for node in self.nodes),
            "VERBATIM_CLUSTER_SHARDS": str(len(self.nodes)),
        }

    def app(self, engine: str) -> App:
        """The product over the library."""
        return open_app(load_settings(environment=self.environment(engine)), library=str(self.folder))


class Said(NamedTuple):
    """What an answer comes to: whether it was one, and its quotes or near misses by source and place."""

    answered: bool
    quotes: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, answer: Answer) -> "Said":
        """What an answer says."""
        quotes = answer.quotes or answer.near_misses
        return cls(answer.answered, tuple((one.article.source, one.start, one.end) for one in quotes))


@contextmanager
def field(
    file: Path, *, version: str, archive: Path | None, nodes: int, sentences: int, questions: int, heap: int = 512
) -> Iterator[Field]:
    """A field over as many of the file's articles as hold so many sentences, with nodes that run."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        trial = whole_trial(enough(load_articles(file), sentences))
        drawn = random.Random(SEED).sample(trial.questions, min(questions, len(trial.questions)))
        started = stack.enter_context(
            running(archive or distribution(version, CACHE), nodes=nodes, heap_megabytes=heap)
        )
        made = Field(folder, drawn, started)
        with made.app("cluster") as app:
            for _ in app.library.put_many(trial.articles):
                pass
            app.engine.catch_up()
        yield made


def cpu_seconds(nodes: Sequence[Node]) -> float:
    """The processor time that the nodes have used so far; it does not depend on what else the machine does."""
    ticks = 0
    for node in nodes:
        fields = Path(f"/proc/{node.process.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def private_megabytes(pid: int) -> float:
    """RssAnon of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1000


def percentile(seconds: Sequence[float], share: float) -> float:
    """The time within which this share of them stayed, in milliseconds."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]
