"""Fitting the ranking: from a question file to the files in config/ranker/.

Tables are made on one half of the articles and weighed on the other, or the ranking would trust them too much; the
tables that are shipped are made on both.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from bot import __version__
from bot.answering.commonwords import CommonWords
from bot.answering.confidence import Confidence, Logistic
from bot.answering.features.catalogue import FEATURES, Feature
from bot.answering.features.terms import term_signs
from bot.answering.features.view import View, terms_of
from bot.answering.marking.marker import Marker
from bot.answering.marking.spanmodel import SpanModel
from bot.answering.question import QuestionReader
from bot.answering.ranking import ANY_LANGUAGE, FOLDER, Model, Ranker
from bot.answering.second_look import FOLDER as SECOND_LOOK
from bot.answering.tables import Tables, load_tables
from bot.evaluation.collection import Collection
from bot.evaluation.fitting_abstaining import Weights, half_libraries, outcomes
from bot.evaluation.fitting_confidence import NOTHING, Outcome, fit_confidence
from bot.evaluation.fitting_dictionary import DICTIONARY, WordNet, dictionary_tables, passages_holding
from bot.evaluation.fitting_libraries import (
    RANKING_CUTS,
    STRETCH_QUESTIONS,
    cut_library,
    split_articles,
    stretch_libraries,
)
from bot.evaluation.fitting_paraphrase import Paraphraser, Synonyms, listed_synonyms, wordnet_synonyms
from bot.evaluation.fitting_samples import Asker, Sample, drawn, listed, samples, table_of
from bot.evaluation.fitting_second_look import Viewed, fit_second, span_model, viewed, write_second
from bot.evaluation.fitting_tables import (
    Asked,
    TableLines,
    answer_lines,
    association_lines,
    background_lines,
    term_lines,
)
from bot.evaluation.fitting_weights import fit_ranking
from bot.evaluation.questions import AskedArticle, load_articles
from bot.resources import config_folder
from bot.retrieval.analysis import Analyzer, Analyzers
from bot.retrieval.engine import Statistics, TermCount
from bot.settings import SearchSettings
from bot.wordlists import WordLists

LANGUAGE = "en"
SEED = 5
ONE = Statistics(articles=1, passages=1, sentences=1, terms=1)
WEIGHED = 7000  # samples that the weights are fitted on; more changed nothing
TABLE_FREE = tuple(feature for feature in FEATURES if not feature.needs_tables)
SMALL = "small"  # the libraries of a few dozen to a few hundred sentences among those that are ranked
ANSWER = "answer"
"""The feature whose table is fitted on top of all others."""

Tell = Callable[[str], None]


class Workshop(NamedTuple):
    """What every step of the fitting needs."""

    lists: WordLists
    analyzers: Analyzers
    settings: SearchSettings
    provenance: tuple[str, ...]  # comment lines for every file
    tell: Tell

    def asker(self, tables: Tables | None, *, model: Model | None = None) -> Asker:
        """Views with these tables; with a `model`, rankings by its weights."""
        reader = QuestionReader(self.lists, longest=10**6)
        empty = Model({}, NOTHING)
        models = {ANY_LANGUAGE: empty, LANGUAGE: (model or empty)._replace(tables=tables)}
        return Asker(
            ranker=Ranker(models, self.analyzers),
            reader=reader,
            analyzers=self.analyzers,
            analyzer=self.analyzers.of(LANGUAGE),
            common=CommonWords(self.lists),
            settings=self.settings,
        )


class TablesOf(NamedTuple):
    """Tables made on all groups, and on each half: a half's groups are weighed with the other half's."""

    everything: Tables
    halves: tuple[Tables, Tables]

    def for_group(self, group: int) -> Tables:
        """Those that were made without this group."""
        return self.halves[1 - group % 2]


def fit_ranker(
    file: Path, folder: Path, *, settings: SearchSettings, lists: WordLists, tell: Tell, wordnet: Path | None = None
) -> None:
    """Fit tables, weights and confidence on a question file and write them to `folder`.

    Related words are taken from the folder `wordnet` that holds WordNet's database files; without one they stay as
    they are shipped. Takes minutes and a gigabyte for SQuAD's training set. Raises ReadingError for a wrong file,
    SettingsError without SciPy or WordNet's files.
    """
    workshop = workshop_for(file, settings=settings, lists=lists, tell=tell)
    articles = list(load_articles(file))
    groups = split_articles(articles, seed=SEED)
    dictionary = None if wordnet is None else WordNet.read(wordnet)
    synonyms = synonyms_of(workshop, articles, dictionary)
    tables, each = fit_tables(workshop, articles, folder / LANGUAGE, synonyms, wordnet=dictionary)
    weights = {LANGUAGE: _weights(each, FEATURES), ANY_LANGUAGE: _weights(each, TABLE_FREE)}
    fitted = write_models(workshop, groups, tables, weights, folder, synonyms)
    first, second = (_span_model(workshop, groups[half::2]) for half in range(2))
    model = Model(weights[LANGUAGE], fitted[LANGUAGE])
    write_second_look(workshop, groups, tables, (first, second), model, folder / SECOND_LOOK.name, synonyms)


def write_models(
    workshop: Workshop,
    groups: Sequence[Sequence[AskedArticle]],
    tables: TablesOf,
    weights: Weights,
    folder: Path,
    synonyms: Synonyms,
) -> dict[str, Confidence]:
    """Fit each language's confidence beside its weights, and write both to `folder`."""
    found: dict[str, list[Outcome]] = {language: [] for language in weights}
    for number, group in enumerate(groups):
        workshop.tell(f"confidence, group {number + 1}")
        asker = workshop.asker(tables.for_group(number))
        paraphraser = Paraphraser(synonyms, group, asker.analyzer)
        for language, outcome in outcomes(group, asker, paraphraser, weights, seed=number):
            found[language].append(outcome)
    fitted = {language: fit_confidence(own) for language, own in found.items()}
    for language, own in fitted.items():
        write_model(folder / f"{language}.toml", workshop.provenance, weights[language], own)
    return fitted


def _span_model(workshop: Workshop, groups: Sequence[Sequence[AskedArticle]]) -> SpanModel:
    workshop.tell(f"spans of {len(groups)} groups")
    return span_model([article for group in groups for article in group], workshop.asker(None), workshop.lists)


def write_second_look(
    workshop: Workshop,
    groups: Sequence[Sequence[AskedArticle]],
    tables: TablesOf,
    halves: tuple[SpanModel, SpanModel],
    model: Model,
    folder: Path,
    synonyms: Synonyms,
) -> None:
    """Fit the second look on top of a ranking, each half of the groups by the other half's span model, and write it."""
    found: list[Viewed] = []
    for number, group in enumerate(groups):
        workshop.tell(f"second look, group {number + 1}")
        asker = workshop.asker(tables.for_group(number), model=model)
        marker = Marker(workshop.lists, models={LANGUAGE: halves[1 - number % 2]})
        paraphraser = Paraphraser(synonyms, group, asker.analyzer)
        for library in half_libraries(group, asker.analyzer):
            found.extend(viewed(library, asker, paraphraser, marker, seed=number))
    write_second(folder / f"{LANGUAGE}.toml", workshop.provenance, fit_second(found))


def workshop_for(file: Path, *, settings: SearchSettings, lists: WordLists, tell: Tell) -> Workshop:
    """What the steps need to fit on a question file."""
    return Workshop(lists, Analyzers(lists), settings, _provenance(file), tell)


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
) -> tuple[TablesOf, list[Sample]]:
    """The tables, those of all articles written to `folder`, and samples with all features by tables of the others."""
    groups = split_articles(articles, seed=SEED)
    for name, text in _dictionary(workshop, articles, wordnet):
        _write(folder / name, text)
    with TemporaryDirectory() as scratch:
        return _fit_tables(workshop, groups, Path(scratch), folder, synonyms)


def _fit_tables(
    workshop: Workshop, groups: Sequence[Sequence[AskedArticle]], scratch: Path, folder: Path, synonyms: Synonyms
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
        _write_table(place / "terms.txt", workshop.provenance, term_lines(own))
        _write_table(place / "associations.txt", workshop.provenance, association_lines(own))
        _write_table(place / f"{ANSWER}s.txt", workshop.provenance, {})
        articles = [article for group in chosen for article in groups[group]]
        passages = sum(len(article.paragraphs) for article in articles)
        background = background_lines(passages_holding(articles, analyzer), passages)
        _write_table(place / "background.txt", workshop.provenance, background)
        for name in DICTIONARY:
            _write(place / name, (folder / name).read_text(encoding="utf-8"))
    first = _loaded(places)
    features = [feature for feature in FEATURES if feature.name != ANSWER]
    each = [list(_samples(workshop, group, number, first, features, synonyms)) for number, group in enumerate(groups)]
    for place, chosen in places.items():
        workshop.tell(f"answers of {len(chosen)} groups")
        own_samples = [sample for group in chosen for sample in each[group]]
        _write_table(place / f"{ANSWER}s.txt", workshop.provenance, _answers(own_samples))
    tables = _loaded(places)
    return tables, _with_answers(each, tables)


def _dictionary(
    workshop: Workshop, articles: Sequence[AskedArticle], wordnet: WordNet | None
) -> Iterator[tuple[str, str]]:
    """The names and texts of the tables of a dictionary: of WordNet, or as they are shipped."""
    if wordnet is None:
        yield from ((name, _shipped(name)) for name in DICTIONARY)
        return
    for name, notes, lines in dictionary_tables(wordnet, articles, workshop.asker(None)):
        yield name, _table_text(notes, lines)


def _shipped(name: str) -> str:
    return (config_folder() / FOLDER / LANGUAGE / name).read_text(encoding="utf-8")


def _loaded(places: Mapping[Path, Sequence[int]]) -> TablesOf:
    everything, first, second = (_tables(place) for place in places)
    return TablesOf(everything, (first, second))


def _tables(folder: Path) -> Tables:
    tables = load_tables(folder)
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


def _weights(each: Sequence[Sample], features: Sequence[Feature]) -> dict[str, float]:
    """The weights of these features, fitted against the best of the others by a first fit."""
    columns = [FEATURES.index(feature) for feature in features]
    chosen = [sample._replace(features=sample.features[:, columns]) for sample in each]
    first = fit_ranking(listed(chosen[:: max(1, len(chosen) // 3000)]))
    weights = fit_ranking(listed(chosen, scores=[sample.features @ first for sample in chosen]))
    return {feature.name: float(weight) for feature, weight in zip(features, weights, strict=True)}


def _bare_view(sample: Sample, tables: Tables) -> View:
    """A view for features that ask the library nothing."""
    titles: dict[int, list[str]] = {passage.article: [] for passage in sample.pool.passages.values()}
    counts = [TermCount(1, 1)] * len(sample.query.terms)
    return View(sample.query, sample.pool, counts=counts, statistics=ONE, titles=titles, tables=tables)


def write_model(path: Path, provenance: Sequence[str], weights: Mapping[str, float], confidence: Confidence) -> None:
    """Write one language's weights and confidence as TOML."""
    lines = [
        *(f"# {line}" for line in provenance),
        "",
        "[weights]",
        *(f'"{name}" = {weight:.5g}' for name, weight in weights.items()),
        "",
        "# Each weight in a large library, in a small one.",
        *_logistic_lines("present", confidence.present),
        *_logistic_lines("first", confidence.first),
        "[confidence.curve]",
        f"logits = {_row(confidence.curve.logits, 4)}",
        f"large = {_row(confidence.curve.large, 4)}",
        f"small = {_row(confidence.curve.small, 4)}",
        "",
    ]
    _write(path, "\n".join(lines))


def _logistic_lines(name: str, model: Logistic) -> list[str]:
    return [
        f"[confidence.{name}]",
        f"intercept = {_row(model.intercept, 5)}",
        "",
        f"[confidence.{name}.weights]",
        *(f'"{sign}" = {_row(sized, 5)}' for sign, sized in model.weights.items()),
        "",
    ]


def _row(values: Sequence[float], digits: int) -> str:
    return f"[{', '.join(f'{value:.{digits}g}' for value in values)}]"


def _write_table(path: Path, provenance: Sequence[str], lines: TableLines) -> None:
    _write(path, _table_text(provenance, lines))


def _table_text(notes: Sequence[str], lines: TableLines) -> str:
    comments = (f"# {note}".rstrip() + "\n" for note in notes)
    return "".join([*comments, *(f"{key}\t{rest}\n" for key, rest in lines.items())])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _provenance(file: Path) -> tuple[str, ...]:
    return (
        f"Fitted by `verbatim fit {file.name}` of version {__version__} on {datetime.now(UTC).date().isoformat()}.",
        "Data: SQuAD 1.1, training set (questions over English Wikipedia), CC BY-SA 4.0.",
        "Whole numbers are thousandths.",
    )
