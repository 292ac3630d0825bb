"""Of the sentences that the full ranking puts first among all candidates, how many a shortlist keeps.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.shortlists QUESTIONS.json.gz [--sentences 20000] [--questions 1000]

The file's articles are put in as the product would; every drawn question is ranked with all candidates, once in the
order of the first look (bot.retrieval.shortlist) and once in BM25's own.
"""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

from bot.answering.query import Pool
from bot.app import App, open_app
from bot.evaluation.product import whole_trial
from bot.evaluation.questions import load_articles
from bot.retrieval import memory, shortlist
from bot.retrieval.engine import Hit
from bot.settings import load_settings
from tests.benchmarks.answer_time import enough

SEED = 20230308
SIZES = (10, 20, 30, 40, 60)


def pool_of(app: App, hits: list[Hit]) -> Pool:
    """What the ranking looks at for these hits."""
    passages = app.library.passages({hit.passage for hit in hits})
    articles = app.library.stored({passage.article for passage in passages.values()})
    return Pool(hits=tuple(hits), passages=passages, articles=articles)


def winners(app: App, questions: list[str], candidates: int) -> Iterator[int]:
    """The place in the engine's order (from 0) of what the ranking puts first for each question that finds anything."""
    parts = app.answerer.parts
    parts.engine.refresh()
    for question in questions:
        query = parts.reader.read(question, language="en", analyzer=parts.analyzers.of("en"))
        pool = pool_of(app, parts.engine.search(query.terms, limit=candidates))
        ranking = parts.ranker.rank(query, pool, parts.engine)
        if ranking:
            yield ranking[0].place


def bm25_alone(bm25: shortlist.Scores, matches: shortlist.Matches, idf: shortlist.Scores) -> shortlist.Scores:
    """The first look that sees nothing but BM25's scores."""
    return bm25


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sentences", default=20_000, show_default=True)
@click.option("--questions", default=1000, show_default=True)
def main(file: Path, sentences: int, questions: int) -> None:
    """Measure and print the table."""
    settings = load_settings(environment={"VERBATIM_ENGINE": "memory"})
    candidates = settings.values.search.candidates
    trial = whole_trial(enough(load_articles(file), sentences))
    drawn = random.Random(SEED).sample(trial.questions, min(questions, len(trial.questions)))
    asked = [one.question for one in drawn]
    with tempfile.TemporaryDirectory() as folder, open_app(settings, library=folder) as app:
        for _ in app.library.put_many(trial.articles):
            pass
        click.echo(f"{len(asked)} questions, {candidates} candidates; the share of winners among the first")
        click.echo(f"{'':16}" + "".join(f"{size:8}" for size in SIZES))
        for name, look in (("first look", shortlist.looked_at), ("BM25 alone", bm25_alone)):
            memory.looked_at = look  # type: ignore[attr-defined]
            places = np.array(list(winners(app, asked, candidates)))
            click.echo(f"{name:16}" + "".join(f"{np.mean(places < size):8.3f}" for size in SIZES))


if __name__ == "__main__":
    main()
