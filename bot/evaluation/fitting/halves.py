"""The tables of a ranking, made on all articles, which are shipped, and on each half of them.

What weighs the tables must not have seen the questions that they were made from, or the ranking would trust them too
much: a half's questions are weighed with the other half's tables.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from bot.answering.features.catalogue import FEATURES, Feature
from bot.answering.features.terms import term_signs
from bot.answering.features.view import View, terms_of
from bot.answering.ranking import FOLDER
from bot.answering.tables import Tables, load_tables
from bot.evaluation.collection import Collection
from bot.evaluation.fitting.dictionary import DICTIONARY, WordNet, dictionary_tables, passages_holding
from bot.evaluation.fitting.files import table_text, write_table, write_text
from bot.evaluation.fitting.libraries import (
    RANKING_CUTS,
    STRETCH_QUESTIONS,
    cut_library,
    split_articles,
    stretch_libraries,
)
from bot.evaluation.fitting.paraphrase import Paraphraser, Synonyms, listed_synonyms, wordnet_synonyms
from bot.evaluation.fitting.samples import Sample, drawn, listed, samples, table_of
from bot.evaluation.fitting.tables import (
    Asked,
    TableLines,
    answer_lines,
    association_lines,
    background_lines,
    term_lines,
)
from bot.evaluation.fitting.weights import fit_ranking
from bot.evaluation.fitting.workshop import LANGUAGE, SEED, Workshop
from bot.evaluation.questions import AskedArticle
from bot.resources import config_folder
from bot.retrieval.analysis import Analyzer
from bot.retrieval.engine import Statistics, TermCount

ONE = Statistics(articles=1, passages=1, sentences=1, terms=1)
WEIGHED = 7000  # samples that the weights are fitted on; more changed nothing
SMALL = "small"  # the libraries of a few dozen to a few hundred sentences among those that are ranked
VECTORS = "vectors"
"""The folder of the vectors, which are the same for each half: no question had a part in them."""
ANSWER = "answer"
"""The feature whose table is fitted on top of all others."""


class TablesOf(NamedTuple):
    """Tables made on all groups, and on each half: a half's groups are weighed with the other half's."""

    everything: Tables
    halves: tuple[Tables, Tables]

    def for_group(self, group: int) -> Tables:
        """Those that were made without this group."""
        return self.halves[1 - group % 2]


def synonyms_of(workshop: Workshop, articles: Sequence[AskedArticle], wordnet: WordNet | None) -> Synonyms:
    """Other words for the questions' terms: WordNet's, or those of the table of related terms as it is shipped."""
    if wordnet is None:
        return listed_synonyms(_shipped("related.txt"))
    analyzer = workshop.analyzers.of(LANGUAGE)
    return wordnet_synonyms(wordnet, passages_holding(articles, analyzer), analyzer)


def fit_tables(
    workshop: Workshop,
    articles: Sequence[AskedArticle],
    folder: Path,
    synonyms: Synonyms,
    *,
    wordnet: WordNet | None = None,
    vectors: Path | None = None,
) -> tuple[TablesOf, list[Sample]]:
    """The tables, those of all articles written to `folder`, and samples with all features by tables of the others.

    `vectors` is the folder of the word vectors, the shipped one without it.
    """
    groups = split_articles(articles, seed=SEED)
    for name, text in _dictionary(workshop, articles, wordnet):
        write_text(folder / name, text)
    with TemporaryDirectory() as scratch:
        return _fit_tables(workshop, groups, Path(scratch), folder, synonyms, vectors or shipped_folder() / VECTORS)


def _fit_tables(
    workshop: Workshop,
    groups: Sequence[Sequence[AskedArticle]],
    scratch: Path,
    folder: Path,
    synonyms: Synonyms,
    vectors: Path,
) -> tuple[TablesOf, list[Sample]]:
    asked = [list(_asked(workshop, group)) for group in groups]
    analyzer = workshop.analyzers.of(LANGUAGE)
    places = {
        folder: range(len(groups)),
        scratch / "0": range(0, len(groups), 2),
        scratch / "1": range(1, len(groups), 2),
    }
    for place, chosen in places.items():
        workshop.tell(f"terms and associations of {len(chosen)} groups")
        own = [each for group in chosen for each in asked[group]]
        write_table(place / "terms.txt", workshop.provenance, term_lines(own))
        write_table(place / "associations.txt", workshop.provenance, association_lines(own))
        write_table(place / f"{ANSWER}s.txt", workshop.provenance, {})
        articles = [article for group in chosen for article in groups[group]]
        passages = sum(len(article.paragraphs) for article in articles)
        background = background_lines(passages_holding(articles, analyzer), passages)
        write_table(place / "background.txt", workshop.provenance, background)
        for name in DICTIONARY:
            write_text(place / name, (folder / name).read_text(encoding="utf-8"))
    first = _loaded(places, vectors)
    features = [feature for feature in FEATURES if feature.name != ANSWER]
    each = [list(_samples(workshop, group, number, first, features, synonyms)) for number, group in enumerate(groups)]
    for place, chosen in places.items():
        workshop.tell(f"answers of {len(chosen)} groups")
        own_samples = [sample for group in chosen for sample in each[group]]
        write_table(place / f"{ANSWER}s.txt", workshop.provenance, _answers(own_samples))
    tables = _loaded(places, vectors)
    return tables, _with_answers(each, tables)


def _dictionary(
    workshop: Workshop, articles: Sequence[AskedArticle], wordnet: WordNet | None
) -> Iterator[tuple[str, str]]:
    """The names and texts of the tables of a dictionary: of WordNet, or as they are shipped."""
    if wordnet is None:
        yield from ((name, _shipped(name)) for name in DICTIONARY)
        return
    for name, notes, lines in dictionary_tables(wordnet, articles, workshop.asker(None)):
        yield name, table_text(notes, lines)


def _shipped(name: str) -> str:
    return (shipped_folder() / name).read_text(encoding="utf-8")


def shipped_folder() -> Path:
    """The folder of the tables as they are shipped."""
    return config_folder() / FOLDER / LANGUAGE


def _loaded(places: Mapping[Path, Sequence[int]], vectors: Path) -> TablesOf:
    everything, first, second = (_tables(place, vectors) for place in places)
    return TablesOf(everything, (first, second))


def _tables(folder: Path, vectors: Path) -> Tables:
    tables = load_tables(folder, vectors=vectors)
    if tables is None:
        raise ValueError(f"{folder}: no tables were written")
    return tables


def _asked(workshop: Workshop, group: Sequence[AskedArticle]) -> Iterator[Asked]:
    """Every question of a group beside the sentence that answers it."""
    asker = workshop.asker(None)
    collection = cut_library(group, RANKING_CUTS[0], asker.analyzer)
    engine = collection.engine(workshop.settings)
    statistics = engine.statistics()
    for posed in collection.posed:
        if not posed.gold:
            continue
        query = asker.read(posed.query.text)
        signs = term_signs(query, terms_of(query, engine.count(query.terms), statistics))
        gold = [collection.passages[passage].sentences[position] for passage, position in posed.gold]
        words = {
            term
            for sentence in gold
            for term, shape in zip(sentence.terms.split(" "), sentence.shapes, strict=False)
            if shape != "."
        }
        yield Asked(posed.origin, query.terms, signs, frozenset(words))


def _samples(
    workshop: Workshop,
    group: Sequence[AskedArticle],
    number: int,
    tables: TablesOf,
    features: Sequence[Feature],
    synonyms: Synonyms,
) -> Iterator[Sample]:
    """Samples of a group cut in all ways, asked as they stand and in other words."""
    asker = workshop.asker(tables.for_group(number))
    paraphraser = Paraphraser(synonyms, group, asker.analyzer)
    for name, collection, questions in _libraries(group, asker.analyzer):
        workshop.tell(f"group {number + 1}, {name}")
        posed = drawn(collection.posed, questions, seed=number)
        copies = paraphraser.copies(each.query.text for each in posed)
        for sample in samples(asker, collection, posed, features, copies):
            yield sample._replace(library=name)


def _libraries(group: Sequence[AskedArticle], analyzer: Analyzer) -> Iterator[tuple[str, Collection, int]]:
    """The libraries that the ranking is fitted on: the name of each, and how many questions it is asked."""
    for cut in RANKING_CUTS:
        yield cut.name, cut_library(group, cut, analyzer), cut.questions
    for collection in stretch_libraries(group, analyzer, gaps=0):
        yield SMALL, collection, STRETCH_QUESTIONS


def _answers(own: Sequence[Sample]) -> TableLines:
    first = fit_ranking(listed(own[: WEIGHED // 2]))
    scores = [sample.features @ first for sample in own]
    lists = listed(own, scores=scores)
    base = np.concatenate([score[kept] for score, kept in zip(scores, lists.kept, strict=True)])
    return answer_lines(own, lists, base)


def _with_answers(each: Sequence[Sequence[Sample]], tables: TablesOf) -> list[Sample]:
    """So many samples of all groups, with the last feature added to the others."""
    features = [feature for feature in FEATURES if feature.name == ANSWER]
    found: list[Sample] = []
    for number, own in enumerate(each):
        step = max(1, sum(map(len, each)) // WEIGHED)
        for sample in own[::step]:
            view = _bare_view(sample, tables.for_group(number))
            found.append(sample._replace(features=np.hstack([sample.features, table_of(view, features)])))
    return found


def _bare_view(sample: Sample, tables: Tables) -> View:
    """A view for features that ask the library nothing."""
    titles: dict[int, list[str]] = {passage.article: [] for passage in sample.pool.passages.values()}
    counts = [TermCount(1, 1)] * len(sample.query.terms)
    return View(sample.query, sample.pool, counts=counts, statistics=ONE, titles=titles, tables=tables)
