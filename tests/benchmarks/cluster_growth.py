"""How a cluster's index grows with its sentences: bytes, heap, processor time of a search and of adding.

    python -m tests.benchmarks.cluster_growth QUESTIONS.json.gz [--sizes 30000,100000,300000] [--version 2.19.4]

The sentences are resampled from the file's words (tests.benchmarks.resampled), analysed as the product does, and go
straight into the index; the file's own questions are asked. Times are the nodes' processor time, so that a busy machine
does not change them; one node, no copies.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import click

from bot.articles.article import StoredPassage
from bot.evaluation.product import whole_trial
from bot.evaluation.questions import load_articles
from bot.retrieval.analysis import Analyzers
from bot.retrieval.cluster.bulk import Bulk
from bot.retrieval.cluster.client import Cluster
from bot.retrieval.cluster.documents import Action, actions_of
from bot.retrieval.cluster.indices import Index, Indices
from bot.retrieval.cluster.mapping import boosts
from bot.retrieval.cluster.searching import Searches
from bot.retrieval.preparation import ArticlePreparation
from bot.settings import load_settings
from bot.wordlists import WordLists
from tests.benchmarks.clusters import CACHE, SEED, cpu_seconds, percentile
from tests.benchmarks.resampled import articles, profile, source_paragraphs
from tests.cluster.nodes import Node, distribution, running

QUESTIONS = 300
BATCH = 2_000  # articles whose sentences are analysed before they are sent


def actions(file: Path, sentences: int) -> Iterator[list[Action]]:
    """What adds so many sentences, some articles at a time."""
    lists = WordLists()
    preparation = ArticlePreparation(lists, Analyzers(lists), passage_sentences=3)
    number = 0
    batch: list[Action] = []
    for article, one in enumerate(articles(profile(source_paragraphs(file)), sentences), 1):
        stored = []
        for passage in preparation.prepare(one).passages:
            number += 1
            stored.append(StoredPassage(number, article, passage.start, passage.end, passage.sentences))
        batch += actions_of(stored, {article: one.title.lower()}, 1)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch


def row(cluster: Cluster, node: Node, index: Index, terms: list[list[str]], added: tuple[int, float, float]) -> str:
    """What one size comes to."""
    count, seconds, cpu = added
    indices, search = Searches(cluster, index.name), load_settings(environment={}).values.search
    cluster.ask("POST", f"/{index.name}/_forcemerge", parameters={"max_num_segments": "5"}, timeout_seconds=600)
    weights = boosts(search, cluster.version.major)
    for some in terms[:50]:
        indices.passages(some, limit=search.candidates, boosts=weights, within=None)
    before, waits = cpu_seconds([node]), []
    for some in terms:
        started = time.perf_counter()
        indices.passages(some, limit=search.candidates, boosts=weights, within=None)
        waits.append(time.perf_counter() - started)
    each = (cpu_seconds([node]) - before) / len(terms)
    stats = cluster.ask("GET", f"/{index.name}/_stats")["_all"]["primaries"]
    (found,) = cluster.ask("GET", "/_nodes/stats/jvm")["nodes"].values()
    heap = found["jvm"]["mem"]["heap_used_in_bytes"] / 1e6
    documents, size = stats["docs"]["count"], stats["store"]["size_in_bytes"]
    return (
        f"{documents:11,} {size / documents:9.0f} {size / 1e6:9.0f} {heap:9.0f} {1000 * each:12.1f} {1 / each:9.0f} "
        f"{percentile(waits, 0.5):7.1f} {percentile(waits, 0.99):7.1f} {count / cpu:11,.0f} {count / seconds:9,.0f}"
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sizes", default="30000,100000,300000", show_default=True)
@click.option("--version", default="2.19.4", show_default=True)
@click.option("--zip", "archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--heap", default=768, show_default=True)
def main(file: Path, sizes: str, version: str, archive: Path | None, heap: int) -> None:
    """Fill an index up to each size and measure."""
    wanted = [int(size) for size in sizes.split(",")]
    analyzer = Analyzers(WordLists()).of("en")
    asked = random.Random(SEED).sample(whole_trial(load_articles(file)).questions, QUESTIONS)
    terms = [found for one in asked if (found := list(dict.fromkeys(analyzer.terms(one.question))))]
    click.echo(
        f"{'sentences':>11} {'bytes/sent':>9} {'MB':>9} {'heap MB':>9} {'CPU ms/srch':>12} {'srch/core':>9} "
        f"{'p50 ms':>7} {'p99':>7} {'add/CPU s':>11} {'add/s':>9}"
    )
    with running(archive or distribution(version, CACHE), heap_megabytes=heap) as (node,):
        values = load_settings(environment={"VERBATIM_CLUSTER_URLS": node.url, "VERBATIM_CLUSTER_SHARDS": "1"}).values
        cluster = Cluster(values.cluster)
        indices = Indices(cluster, values.cluster, values.search)
        index = indices.create("growth", 0)
        bulk = Bulk(cluster, index.name, each=lambda: None, writable=index.writable)
        done, seconds, before = 0, 0.0, cpu_seconds([node])
        for batch in actions(file, max(wanted)):
            started = time.perf_counter()
            done += bulk.send(batch)
            seconds += time.perf_counter() - started
            if wanted and done >= wanted[0] * 0.99:
                wanted.pop(0)
                indices.show(index)
                cpu = cpu_seconds([node]) - before
                click.echo(row(cluster, node, index, terms, (done, seconds, cpu)))
                before = cpu_seconds([node]) - cpu  # searching is not adding
        cluster.close()


if __name__ == "__main__":
    main()
