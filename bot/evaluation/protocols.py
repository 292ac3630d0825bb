"""The protocols: from a question file to a report, by name."""

from collections.abc import Callable, Sequence

import numpy as np

from bot.errors import ReadingError
from bot.evaluation.bench import Bench, Measured
from bot.evaluation.collection import Place
from bot.evaluation.confidence import Confidences, abstaining_figures, calibration_figures
from bot.evaluation.followups import Dialogue, followup_figures, rewrite_turns
from bot.evaluation.highlighting import marking_of
from bot.evaluation.measures import mean, paired_difference
from bot.evaluation.noise import Noise
from bot.evaluation.product import Outcome, Trial, run_trial, trial, whole_trial
from bot.evaluation.questions import AskedArticle, Judgement, in_pieces
from bot.evaluation.report import Figure, Report
from bot.evaluation.reqa import GoldTexts, collect, document_names, gold_texts, rank_questions
from bot.evaluation.trec import RunLine, ranked_lines
from bot.retrieval.engine import Hit

Articles = Sequence[AskedArticle]
DEFAULT_LANGUAGE = "en"
"""The language of files that do not say theirs; SQuAD's are English."""


def reqa(articles: Articles, file: str, bench: Bench) -> Measured:
    """The ReQA protocol: the file's own sentences, the product's search and ranking."""
    language = _language(articles, file)
    collection = collect(articles, bench.analyzers.of(language))
    if not collection.texts:
        raise ReadingError(f"{file}: has no sentence breaks, which the ReQA protocol needs; use --protocol product")
    search = bench.search_over(collection, language)
    asked = bench.sample(gold_texts(articles))
    hits: dict[str, Sequence[Hit]] = {}

    def remember(question: str) -> Sequence[Hit]:
        hits[question] = search(question)
        return hits[question]

    ranks = list(
        bench.progress(rank_questions(collection, asked, remember), total=len(asked), doing="evaluation.asking")
    )
    clusters = [rank.article for rank in ranks]
    figures = [
        Figure.of(f"recall_at_{k}", mean([float(rank.is_within(k)) for rank in ranks], clusters)) for k in (1, 5, 10)
    ]
    figures.append(Figure.of("mrr", mean([rank.reciprocal for rank in ranks], clusters)))
    report = Report(protocol="reqa", file=file, articles=len(articles), questions=len(ranks), figures=tuple(figures))
    run, qrels = _trec(asked, hits, collection.texts, document_names(articles))
    return Measured(report, run=run, qrels=qrels)


def product(articles: Articles, file: str, bench: Bench) -> Measured:
    """The whole product with every article in: does the first quote (one of the first three) cover an answer?"""
    outcomes = _outcomes(whole_trial(articles), bench)
    held = Confidences(outcomes)
    figures = [*_accuracy(outcomes), *_times(outcomes)]
    figures.append(Figure.of("answered", mean(held.answered.astype(float).tolist(), held.clusters)))
    figures.extend(calibration_figures(held))
    return Measured(_report("product", articles, file, outcomes, figures), held)


def absent(articles: Articles, file: str, bench: Bench) -> Measured:
    """The articles at even positions in, the questions of all asked."""
    clusters = range(1, len(articles) + 1)
    return _abstaining("absent", trial(articles, clusters, held=_is_even), articles, file, bench)


def pieces(articles: Articles, file: str, bench: Bench) -> Measured:
    """Every second piece of three paragraphs in, without titles, the questions of all pieces asked."""
    cut = [(piece, number) for number, article in enumerate(articles, 1) for piece in in_pieces([article])]
    halves = trial([piece for piece, _ in cut], [number for _, number in cut], held=_is_even)
    return _abstaining("pieces", halves, articles, file, bench)


def noisy(articles: Articles, file: str, bench: Bench) -> Measured:
    """Every question asked as it is and with one random edit: what the edit costs."""
    whole = whole_trial(articles)
    asked = bench.sample(whole.questions)
    noise = Noise(
        (question.question for question in whole.questions),
        bench.analyzers.of(_language(articles, file)),
        seed=bench.seed,
    )
    copies = [question._replace(question=noise.copy(question.question)) for question in asked]
    with bench.product(whole.articles) as answering:
        outcomes = list(
            bench.progress(run_trial(answering, [*asked, *copies]), total=2 * len(asked), doing="evaluation.asking")
        )
    clean, edited = outcomes[: len(asked)], outcomes[len(asked) :]
    first, second = ([float(outcome.first_is_right) for outcome in side] for side in (clean, edited))
    clusters = [outcome.asked.cluster for outcome in clean]
    loss = paired_difference(np.array(second), np.array(first), clusters)
    changed = sum(one.question != other.question for one, other in zip(asked, copies, strict=True))
    figures = [
        Figure.of("first_right", mean(first, clusters)),
        Figure.of("first_right_noisy", mean(second, clusters)),
        Figure("noise_loss", loss.value, loss.low, loss.high),
        Figure("questions_edited", changed, unit="count"),
    ]
    return Measured(_report("noisy", articles, file, clean, figures))


def marking(articles: Articles, file: str, bench: Bench) -> Measured:
    """Of the right first quotes: do their highlights hit the answer, and how much do they mark?"""
    outcomes = [outcome for outcome in _outcomes(whole_trial(articles), bench) if outcome.first_is_right]
    marked = [marking_of(outcome.ranking[0], outcome.asked.gold) for outcome in outcomes]
    clusters = [outcome.asked.cluster for outcome in outcomes]
    columns = {
        "marking_overlap": [float(mark.overlaps) for mark in marked],
        "marking_f1": [mark.f1 for mark in marked],
        "marking_overlap_within_third": [float(mark.overlaps and mark.share <= 1 / 3) for mark in marked],
        "marking_share": [mark.share for mark in marked],
        "marking_within_third": [float(mark.share <= 1 / 3) for mark in marked],
        "marking_two": [float(len(outcome.ranking[0].highlights) > 1) for outcome in outcomes],
    }
    figures = [Figure.of(name, mean(values, clusters)) for name, values in columns.items()]
    return Measured(_report("marking", articles, file, outcomes, figures))


def followups(turns: Sequence[Dialogue], file: str, bench: Bench) -> Measured:
    """What is added to questions that follow others, against what a person added."""
    asked = bench.sample(turns)
    rewritten = rewrite_turns(asked, bench.rewrite, bench.analyzers.of(DEFAULT_LANGUAGE))
    added = list(bench.progress(rewritten, total=len(asked), doing="evaluation.asking"))
    figures = tuple(followup_figures(added))
    return Measured(Report(protocol="followups", file=file, articles=0, questions=len(added), figures=figures))


PROTOCOLS: dict[str, Callable[[Articles, str, Bench], Measured]] = {
    "reqa": reqa,
    "product": product,
    "absent": absent,
    "pieces": pieces,
    "noisy": noisy,
    "marking": marking,
}
"""The protocols over question files by name."""


def _abstaining(name: str, halves: Trial, articles: Articles, file: str, bench: Bench) -> Measured:
    outcomes = _outcomes(halves, bench)
    held = Confidences(outcomes)
    present = [outcome for outcome in outcomes if outcome.asked.gold]
    figures = [*abstaining_figures(held, threshold=bench.threshold), *_accuracy(present)]
    figures.append(Figure("questions_present", len(present), unit="count"))
    report = _report(name, articles, file, outcomes, figures, inside=len(halves.articles))
    return Measured(report, held)


def _outcomes(whole: Trial, bench: Bench) -> list[Outcome]:
    asked = bench.sample(whole.questions)
    with bench.product(whole.articles) as answering:
        return list(bench.progress(run_trial(answering, asked), total=len(asked), doing="evaluation.asking"))


def _is_even(place: int) -> bool:
    return place % 2 == 0


def _accuracy(outcomes: Sequence[Outcome]) -> list[Figure]:
    clusters = [outcome.asked.cluster for outcome in outcomes]
    return [
        Figure.of("first_right", mean([float(outcome.first_is_right) for outcome in outcomes], clusters)),
        Figure.of("three_right", mean([float(any(outcome.right)) for outcome in outcomes], clusters)),
    ]


def _times(outcomes: Sequence[Outcome]) -> list[Figure]:
    elapsed = [outcome.elapsed_ms for outcome in outcomes]
    if not elapsed:
        return []
    middle, slow = np.quantile(elapsed, [0.5, 0.99])
    return [Figure("elapsed_p50", float(middle), unit="ms"), Figure("elapsed_p99", float(slow), unit="ms")]


def _report(
    protocol: str,
    articles: Articles,
    file: str,
    outcomes: Sequence[Outcome],
    figures: Sequence[Figure],
    *,
    inside: int | None = None,
) -> Report:
    return Report(
        protocol=protocol,
        file=file,
        articles=len(articles) if inside is None else inside,
        questions=len(outcomes),
        figures=tuple(figures),
    )


def _language(articles: Articles, file: str) -> str:
    """The one language of a file's articles. Raises ReadingError when there are several."""
    languages = sorted({article.language or DEFAULT_LANGUAGE for article in articles})
    if len(languages) > 1:
        raise ReadingError(
            f"{file}: holds articles in {', '.join(languages)}; this protocol takes one language: split the file"
        )
    return languages[0]


def _trec(
    asked: Sequence[GoldTexts], hits: dict[str, Sequence[Hit]], texts: dict[Place, str], names: dict[Place, str]
) -> tuple[tuple[RunLine, ...], tuple[Judgement, ...]]:
    """The run and the qrels of a ReQA ranking; topics are the questions' numbers from 1 in the order asked."""
    places: dict[str, list[Place]] = {}
    for place, text in texts.items():
        places.setdefault(text, []).append(place)
    run: list[RunLine] = []
    qrels: list[Judgement] = []
    for number, gold in enumerate(asked, 1):
        topic = f"q{number}"
        run += ranked_lines(topic, ((names[hit.passage, hit.position], hit.score) for hit in hits[gold.question]))
        right = {place for wanted in gold.texts for text in wanted for place in places[text]}
        qrels += [Judgement(topic, names[place], 1) for place in sorted(right)]
    return tuple(run), tuple(qrels)
