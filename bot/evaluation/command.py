"""What `verbatim eval`, `compare` and `tune` do: measure, and write tables at a terminal, JSON elsewhere."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from bot.answering.answer import Answer, Source
from bot.errors import SettingsError
from bot.evaluation.bench import Bench, Measured
from bot.evaluation.comparison import compare
from bot.evaluation.followups import is_dialogues, load_dialogues
from bot.evaluation.measures import mean
from bot.evaluation.product import Answering, run_trial, whole_trial
from bot.evaluation.protocols import PROTOCOLS, followups
from bot.evaluation.questions import bytes_of, load_articles, load_qrels, load_topics
from bot.evaluation.report import Figure, Report, as_table, reports_json
from bot.evaluation.tables import comparison_lines, tuning_json, tuning_lines
from bot.evaluation.trec import (
    STANDARD_MEASURES,
    RunLine,
    check_measures,
    document_name,
    measure_run,
    ranked_lines,
    read_run,
    write_qrels,
    write_run,
)
from bot.evaluation.tuning import (
    CUTOFFS,
    load_own_questions,
    row_at,
    suggested_threshold,
    try_questions,
    write_threshold,
)
from bot.messages import Messages

Item = TypeVar("Item")
RUN_DEPTH = 100
"""How many quotes of each answer go into a run over the library."""
DEFAULT_PROTOCOLS = ("reqa", "product", "absent", "pieces")


class Asked(NamedTuple):
    """What of `verbatim eval` was asked for besides the file; without `protocols`, those for the file's kind."""

    protocols: tuple[str, ...] = ()
    as_json: bool = False
    plot: Path | None = None
    run: Path | None = None
    qrels: Path | None = None
    measures: tuple[str, ...] = STANDARD_MEASURES


class Bars:
    """Progress bars on standard error, at a terminal only."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def __call__(self, items: Iterable[Item], *, total: int, doing: str) -> Iterator[Item]:
        """The items, one by one, while a bar moves."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
            yield from bar.track(items, total=total, description=self._messages.text(doing))


def evaluate(file: Path, asked: Asked, bench: Bench, messages: Messages) -> int:
    """Measure a question file by each protocol asked for and write the reports; the exit status.

    Raises ReadingError for a wrong file and SettingsError for what cannot be drawn or written, before measuring.
    """
    protocols = asked.protocols or (("followups",) if is_dialogues(file) else DEFAULT_PROTOCOLS)
    _check(asked, protocols)
    measured: list[Measured] = []
    for one in _measured(file, protocols, bench):
        measured.append(one)
        if not _wants_json(asked.as_json):
            _print(as_table(one.report, messages))
    if _wants_json(asked.as_json):
        _write(reports_json([one.report for one in measured]))
    _write_extras(measured, asked, messages)
    return 0


def evaluate_run(qrels: Path, lines: Sequence[RunLine], asked: Asked, messages: Messages) -> int:
    """Measure a run against TREC qrels by ir-measures and write the report; the exit status."""
    judgements = load_qrels(qrels)
    measured = measure_run(judgements, lines, asked.measures)
    figures = []
    for name in dict.fromkeys(one.measure for one in measured):
        values = {one.topic: one.value for one in measured if one.measure == name}
        figures.append(Figure.of(name, mean(list(values.values()), list(values))))
    report = Report(
        protocol="trec",
        file=str(qrels),
        articles=len({line.document for line in lines}),
        questions=len({one.topic for one in measured}),
        figures=tuple(figures),
    )
    if _wants_json(asked.as_json):
        _write(reports_json([report]))
    else:
        _print(as_table(report, messages))
    return 0


def is_qrels(file: Path) -> bool:
    """Whether a file reads as TREC qrels; a question file starts with a bracket. Raises ReadingError."""
    content = bytes_of(file).lstrip()
    first = content.split(b"\n", 1)[0].split()
    return not content.startswith((b"[", b"{")) and len(first) == 4


def evaluate_run_file(qrels: Path, run: Path, asked: Asked, messages: Messages) -> int:
    """Measure a run file, of this or any other system; the exit status."""
    return evaluate_run(qrels, read_run(run), asked, messages)


def evaluate_topics(qrels: Path, topics: Path, answering: Answering, asked: Asked, messages: Messages) -> int:
    """Ask the library a topics file, measure the run against the qrels, and write it where asked; the exit status."""
    check_measures(asked.measures)
    judged = frozenset(judgement.document for judgement in load_qrels(qrels))
    lines = run_topics(topics, answering, judged, messages)
    if asked.run is not None:
        write_run(asked.run, lines)
    return evaluate_run(qrels, lines, asked, messages)


def run_topics(topics: Path, answering: Answering, judged: frozenset[str], messages: Messages) -> list[RunLine]:
    """The run of a topics file over a library: for each topic the articles of its quotes, best first.

    An article is named as the qrels name it: by its id where they judge that, else by its source.
    """
    asked = load_topics(topics)
    lines: list[RunLine] = []
    for topic in Bars(messages)(asked, total=len(asked), doing="evaluation.asking"):
        answer = answering.answer(topic.question, top=RUN_DEPTH)
        ranking = answer.quotes if answer.answered else answer.near_misses
        # Confidences may tie; a run's scores must fall with its ranks.
        scored = ((_name(quote.article, judged), 1 / place) for place, quote in enumerate(ranking, 1))
        lines += ranked_lines(topic.id, scored)
    return lines


def _measured(file: Path, protocols: Sequence[str], bench: Bench) -> Iterator[Measured]:
    """What each protocol measures, one by one as they are done."""
    if "followups" in protocols and len(protocols) > 1:
        raise SettingsError("the protocol followups takes a file of dialogues, the others question files: ask for one")
    if "followups" in protocols:
        yield followups(load_dialogues(file), str(file), bench)
        return
    articles = load_articles(file)
    for name in protocols:
        yield PROTOCOLS[name](articles, str(file), bench)


def compare_settings(
    names: tuple[str, str], file: Path, benches: tuple[Bench, Bench], messages: Messages, *, as_json: bool
) -> int:
    """Ask a question file under two settings and write who wins where; the exit status."""
    articles = load_articles(file)
    whole = whole_trial(articles)
    sides = []
    for bench in benches:
        asked = bench.sample(whole.questions)
        with bench.product(whole.articles) as answering:
            sides.append(list(bench.progress(run_trial(answering, asked), total=len(asked), doing="evaluation.asking")))
    comparison = compare(*sides)
    if _wants_json(as_json):
        _write(msgspec.json.encode({"settings": names, "comparison": comparison}).decode())
    else:
        _print(*comparison_lines(names, comparison, messages))
    return 0


def tune(
    questions: Path,
    answer: Callable[[str], Answer],
    messages: Messages,
    *,
    threshold: float,
    settings_file: Path | None,
    write: bool,
    as_json: bool,
) -> int:
    """Show what each cut-off does to the owner's questions; with `write`, take the suggested one into their file.

    Raises SettingsError when there is nothing to write to, or nothing to suggest, and writing was asked for.
    """
    if write and settings_file is None:
        raise SettingsError(
            "no settings file is named to write the threshold to: give --config FILE or VERBATIM_CONFIG"
        )
    own = load_own_questions(questions)
    bars = Bars(messages)
    tried = list(bars(try_questions(own, answer), total=len(own), doing="evaluation.asking"))
    suggested = suggested_threshold(tried)
    cutoffs = sorted({*CUTOFFS, threshold} | ({suggested} if suggested is not None else set()))
    rows = [row_at(tried, cutoff) for cutoff in cutoffs]
    if _wants_json(as_json):
        _write(tuning_json(rows, tried, threshold, suggested))
    else:
        _print(*tuning_lines(rows, threshold, suggested, messages))
    if write:
        _take(suggested, settings_file, messages)
    return 0


def _name(article: Source, judged: frozenset[str]) -> str:
    return article.id if article.id in judged else document_name(article.source)


def _check(asked: Asked, protocols: Sequence[str]) -> None:
    """Raise SettingsError now for what would fail after a long measurement."""
    if asked.plot is not None:
        from bot.evaluation.plotting import check_plot

        check_plot(asked.plot)
        if not {"product", "absent", "pieces"} & set(protocols):
            raise SettingsError("--plot draws confidence: add --protocol product, absent or pieces")
    if (asked.run or asked.qrels) and "reqa" not in protocols:
        raise SettingsError("--run and --qrels write the ReQA ranking: add --protocol reqa")
    for path in (asked.run, asked.qrels):
        if path is not None and not path.parent.is_dir():
            raise SettingsError(f"{path}: there is no folder {path.parent}; name a file in one that exists")


def _write_extras(measured: Sequence[Measured], asked: Asked, messages: Messages) -> None:
    for one in measured:
        if one.run and asked.run is not None:
            write_run(asked.run, one.run)
        if one.qrels and asked.qrels is not None:
            write_qrels(asked.qrels, one.qrels)
    if asked.plot is not None:
        from bot.evaluation.plotting import draw

        # The last one asked for that has confidences: one file holds one plot.
        last = [one for one in measured if one.confidences is not None][-1]
        if last.confidences is not None:
            draw(last.confidences, asked.plot, messages.text(f"evaluation.name.{last.report.protocol}"), messages)


def _take(suggested: float | None, settings_file: Path | None, messages: Messages) -> None:
    if suggested is None or settings_file is None:
        raise SettingsError(messages.text("tune.no_suggestion"))
    write_threshold(settings_file, suggested)
    print(messages.text("tune.written", threshold=suggested, file=str(settings_file)), file=sys.stderr)  # noqa: T201


def _wants_json(asked: bool) -> bool:
    return asked or not sys.stdout.isatty()


def _print(*lines: object) -> None:
    from rich.console import Console

    screen = Console(highlight=False)
    for line in lines:
        screen.print(line)


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
