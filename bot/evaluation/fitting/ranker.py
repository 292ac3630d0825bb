"""Fitting the ranking: from a question file to the files in config/ranker/."""

from collections.abc import Sequence
from pathlib import Path

from bot.answering.confidence import Confidence
from bot.answering.features.catalogue import FEATURES, Feature
from bot.answering.marking.marker import Marker
from bot.answering.marking.spanmodel import SpanModel
from bot.answering.ranking import ANY_LANGUAGE, Model
from bot.answering.second_look import FOLDER as SECOND_LOOK
from bot.answering.speller import FOLDER as SPELLING
from bot.answering.speller import Speller
from bot.answering.vectors import WordVectors
from bot.evaluation.fitting.abstaining import Weights, half_libraries, outcomes
from bot.evaluation.fitting.confidence import Outcome, fit_confidence
from bot.evaluation.fitting.dictionary import WordNet
from bot.evaluation.fitting.files import write_model
from bot.evaluation.fitting.halves import VECTORS, TablesOf, fit_tables, shipped_folder, synonyms_of
from bot.evaluation.fitting.libraries import (
    split_articles,
)
from bot.evaluation.fitting.paraphrase import Paraphraser, Synonyms
from bot.evaluation.fitting.samples import Sample, listed
from bot.evaluation.fitting.second_look import Viewed, fit_second, span_model, viewed, write_second
from bot.evaluation.fitting.spelling import fit_speller, write_choice
from bot.evaluation.fitting.vectors import write_vectors
from bot.evaluation.fitting.weights import fit_ranking
from bot.evaluation.fitting.workshop import LANGUAGE, SEED, Tell, Workshop, workshop_for
from bot.evaluation.questions import AskedArticle, load_articles
from bot.settings import SearchSettings
from bot.wordlists import WordLists

TABLE_FREE = tuple(feature for feature in FEATURES if not feature.needs_tables)


def fit_ranker(
    file: Path,
    folder: Path,
    *,
    settings: SearchSettings,
    lists: WordLists,
    tell: Tell,
    wordnet: Path | None = None,
    vectors: Path | None = None,
) -> None:
    """Fit tables, weights and confidence on a question file and write them to `folder`.

    Related words are taken from the folder `wordnet` that holds WordNet's database files, word vectors from the file
    `vectors` in GloVe's text format; without one they stay as they are shipped. Takes minutes and a gigabyte for
    SQuAD's training set. Raises ReadingError for a wrong file, SettingsError without SciPy or what is named.
    """
    workshop = workshop_for(file, settings=settings, lists=lists, tell=tell)
    articles = list(load_articles(file))
    groups = split_articles(articles, seed=SEED)
    dictionary = None if wordnet is None else WordNet.read(wordnet)
    synonyms = synonyms_of(workshop, articles, dictionary)
    place = folder / LANGUAGE / VECTORS
    write_vectors(place, shipped_folder() / VECTORS, file=vectors, analyzer=workshop.analyzers.of(LANGUAGE))
    workshop = _with_speller(workshop, groups, folder, WordVectors.load(place))
    tables, each = fit_tables(workshop, articles, folder / LANGUAGE, synonyms, wordnet=dictionary, vectors=place)
    weights = {LANGUAGE: _weights(each, FEATURES), ANY_LANGUAGE: _weights(each, TABLE_FREE)}
    fitted = write_models(workshop, groups, tables, weights, folder, synonyms)
    first, second = (_span_model(workshop, groups[half::2]) for half in range(2))
    model = Model(weights[LANGUAGE], fitted[LANGUAGE])
    write_second_look(workshop, groups, tables, (first, second), model, folder / SECOND_LOOK.name, synonyms)


def _with_speller(
    workshop: Workshop, groups: Sequence[Sequence[AskedArticle]], folder: Path, vectors: WordVectors
) -> Workshop:
    """The workshop with a speller that is fitted on all groups and written to `folder`."""
    choice = fit_speller(workshop, groups, vectors)
    write_choice(folder / SPELLING.name / f"{LANGUAGE}.toml", workshop.provenance[:2], choice)
    return workshop._replace(spellers={LANGUAGE: Speller(vectors, choice)})


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


def _weights(each: Sequence[Sample], features: Sequence[Feature]) -> dict[str, float]:
    """The weights of these features, fitted against the best of the others by a first fit."""
    columns = [FEATURES.index(feature) for feature in features]
    chosen = [sample._replace(features=sample.features[:, columns]) for sample in each]
    first = fit_ranking(listed(chosen[:: max(1, len(chosen) // 3000)]))
    weights = fit_ranking(listed(chosen, scores=[sample.features @ first for sample in chosen]))
    return {feature.name: float(weight) for feature, weight in zip(features, weights, strict=True)}
