"""Whether the disk engine gives the memory engine's answers: the same first quotes, as often right, and why not.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.engines_agree QUESTIONS.json.gz [--questions 1000]

The file's articles are put in as the product would; every question (or so many of them) goes to an answerer over each
engine. Each difference is printed with what it comes from: a hit that one engine lacks among its few, and where
that one stands when every sentence of the library is scored.
"""

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from bot.answering.answer import Answer, Quote
from bot.answering.answerer import Answerer
from bot.app import App, open_app
from bot.evaluation.product import ProductQuestion, outcome_of, whole_trial
from bot.evaluation.questions import load_articles
from bot.retrieval.engine import Hit
from bot.retrieval.keys import keys_of
from bot.retrieval.rescoring import rescored
from bot.retrieval.scoring import Terms
from bot.settings import Settings, load_settings

SEED = 20230308
NAMES = ("memory", "disk")


class Place(NamedTuple):
    """Where a quote stands."""

    source: str
    start: int
    end: int


class Difference(NamedTuple):
    """A question whose first quotes differ, and how the engines' hits do."""

    question: str
    first: tuple[Place | None, Place | None]
    right: tuple[bool, bool]
    shared: int
    exact: tuple[int | None, int | None]

    def __str__(self) -> str:
        ranks = [f"rank {rank}" if rank else "no hit" for rank in self.exact]
        return (
            f"{self.question}\n    memory {_shown(self.first[0])} ({'right' if self.right[0] else 'wrong'}), disk "
            f"{_shown(self.first[1])} ({'right' if self.right[1] else 'wrong'}); of their hits {self.shared} are the "
            f"same; of all sentences scored, memory's is {ranks[0]} and disk's {ranks[1]}"
        )


def _shown(place: Place | None) -> str:
    return f"{place.source}:{place.start}" if place else "nothing"


def first_of(answer: Answer) -> Place | None:
    """Where the first quote, or near miss, stands."""
    quotes: Sequence[Quote] = answer.quotes or answer.near_misses
    return Place(quotes[0].article.source, quotes[0].start, quotes[0].end) if quotes else None


def hits(answerer: Answerer, question: str) -> list[Hit]:
    """What the engine finds for a question's own terms."""
    query = answerer.parts.reader.read(question, language="en", analyzer=answerer.parts.analyzers.of("en"))
    return answerer.parts.engine.search(query.terms, limit=answerer.limits.search.shortlist)


def exact_rank(answerer: Answerer, question: str, place: Place | None) -> int | None:
    """The rank of a sentence when every sentence is scored; None when it is no hit."""
    parts = answerer.parts
    query = parts.reader.read(question, language="en", analyzer=parts.analyzers.of("en"))
    engine, library = parts.engine, parts.library
    known = [term for term in query.terms if engine.held([term])]
    terms = Terms(keys_of(" ".join(known)), engine.count(known), engine.statistics())
    numbers = {article.number: article.source for article in library.articles()}
    everything = list(library.passages_of(sorted(numbers)))
    ranked = rescored(everything, terms, answerer.limits.search, len(everything) * 100, library.sources)
    passages = library.passages({hit.passage for hit in ranked})
    for rank, hit in enumerate(ranked, 1):
        passage = passages[hit.passage]
        sentence = passage.sentences[hit.position]
        if place == (numbers[passage.article], sentence.start, sentence.end):
            return rank
    return None


def settings_for(engine: str) -> Settings:
    """The shipped settings with an engine chosen."""
    return load_settings(environment={"VERBATIM_ENGINE": engine})


def compare(apps: Sequence[App], asked: Sequence[ProductQuestion]) -> tuple[list[int], list[Difference]]:
    """How many first quotes are right with each engine, and the differences."""
    answerers = [app.answerer for app in apps]
    right, differences = [0, 0], []
    for one in asked:
        answers = [answerer.answer(one.question) for answerer in answerers]
        found = [outcome_of(one, answer).first_is_right for answer in answers]
        right = [count + is_right for count, is_right in zip(right, found, strict=True)]
        places = [first_of(answer) for answer in answers]
        if places[0] != places[1]:
            own, others = ({(hit.passage, hit.position) for hit in hits(it, one.question)} for it in answerers)
            exact = [exact_rank(answerers[1], one.question, place) for place in places]
            differences.append(
                Difference(
                    one.question, (places[0], places[1]), (found[0], found[1]), len(own & others), (exact[0], exact[1])
                )
            )
    return right, differences


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--questions", type=int, help="So many of them, drawn with a seed; all by default.")
def main(file: Path, questions: int | None) -> None:
    """Ask and print."""
    trial = whole_trial(load_articles(file))
    asked = list(trial.questions)
    if questions is not None:
        asked = random.Random(SEED).sample(asked, min(questions, len(asked)))
    with tempfile.TemporaryDirectory() as folder:
        with open_app(settings_for("memory"), library=folder) as app:
            for _ in app.library.put_many(trial.articles):
                pass
        with (
            open_app(settings_for("memory"), library=folder) as one,
            open_app(settings_for("disk"), library=folder) as two,
        ):
            click.echo(f"{one.library.statistics().sentences:,} sentences, {len(asked):,} questions")
            right, differences = compare([one, two], asked)
    for name, count in zip(NAMES, right, strict=True):
        click.echo(f"{name:8} first quote right: {count / len(asked):.4f}")
    click.echo(f"the same first quote: {1 - len(differences) / len(asked):.4f}")
    for difference in differences:
        click.echo(str(difference))


if __name__ == "__main__":
    main()
