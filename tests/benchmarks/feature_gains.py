"""What each feature of the shipped ranker gives and costs: R@1 and MRR with it alone, without it, and its time.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.feature_gains QUESTIONS.json.gz [--questions 2000]

By the ReQA protocol on the file's own sentences. "Without" leaves the other weights as they are, so it says what the
shipped ranker leans on; a new fit without the feature would win part of the loss back.
"""

import random
import time
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from bot.answering.features import FEATURES, Feature
from bot.answering.features_view import Floats, View
from bot.answering.question import QuestionReader
from bot.answering.ranking import Ranker
from bot.evaluation.collection import Collection
from bot.evaluation.fitting_samples import Asker
from bot.evaluation.questions import load_articles
from bot.evaluation.reqa import collect
from bot.retrieval.analysis import Analyzers
from bot.settings import load_settings
from bot.wordlists import WordLists

SEED = 20230308


class Judged(NamedTuple):
    """A question's candidates: features, which are gold."""

    features: Floats
    gold: Floats


def main_measures(judged: list[Judged], weights: Floats) -> tuple[float, float]:
    """R@1 and MRR of a weighted sum."""
    first, reciprocal = 0, 0.0
    for each in judged:
        order = np.argsort(-(each.features @ weights), kind="stable")
        ranks = np.flatnonzero(each.gold[order])
        if len(ranks):
            first += int(ranks[0] == 0)
            reciprocal += 1 / (int(ranks[0]) + 1)
    return first / len(judged), reciprocal / len(judged)


def timed(view: View, features: list[Feature], spent: dict[str, float]) -> Floats:
    """The table of features, each one's time added to `spent`."""
    columns = []
    for feature in features:
        started = time.perf_counter()
        columns.append(view.of(feature.values))
        spent[feature.name] += time.perf_counter() - started
    return np.column_stack(columns)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--questions", default=2000, show_default=True)
@click.option("--language", default="en", show_default=True)
def main(file: Path, questions: int, language: str) -> None:
    """Measure on a question file."""
    lists = WordLists()
    analyzers = Analyzers(lists)
    settings = load_settings(environment={}).values
    ranker = Ranker.load(analyzers)
    asker = Asker(ranker, QuestionReader(lists, longest=10**6), analyzers.of(language), settings.search)
    collection = collect(load_articles(file), analyzers.of(language))
    features = [feature for feature in FEATURES if feature.name in ranker.model(language).weights]
    spent = dict.fromkeys([feature.name for feature in features], 0.0)
    judged = list(_judged(asker, collection, features, spent, questions))
    weights = np.array([ranker.model(language).weights[feature.name] for feature in features])
    whole = main_measures(judged, weights)
    click.echo(f"{len(judged)} questions, {len(features)} features: R@1 {whole[0]:.4f}, MRR {whole[1]:.4f}")
    click.echo(
        "| feature | weight | R@1 alone | R@1 without | MRR without | µs |\n| --- | --- | --- | --- | --- | --- |"
    )
    for place, feature in enumerate(features):
        alone, _ = main_measures(judged, np.eye(len(features))[place] * np.sign(weights[place]))
        without = main_measures(judged, np.where(np.arange(len(features)) == place, 0, weights))
        numbers = f"{weights[place]:.3f} | {alone:.3f} | {without[0] - whole[0]:+.4f} | {without[1] - whole[1]:+.4f}"
        click.echo(f"| {feature.name} | {numbers} | {spent[feature.name] / len(judged) * 1e6:.0f} |")
    click.echo(f"all features: {sum(spent.values()) / len(judged) * 1e3:.2f} ms a question")


def _judged(
    asker: Asker, collection: Collection, features: list[Feature], spent: dict[str, float], questions: int
) -> list[Judged]:
    posed = random.Random(SEED).sample(collection.posed, min(questions, len(collection.posed)))
    found = []
    for each, view in asker.views(collection, posed):
        gold = np.array([(hit.passage, hit.position) in each.gold for hit in view.pool.hits], dtype=np.float64)
        found.append(Judged(timed(view, features, spent), gold))
    return found


if __name__ == "__main__":
    main()
