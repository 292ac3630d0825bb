"""What eval, compare and tune write, and what they refuse before measuring."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.evaluation.command import Asked, compare_settings, evaluate, evaluate_run, run_topics, tune
from bot.evaluation.protocols import PROTOCOLS
from bot.evaluation.questions import load_articles
from bot.evaluation.report import as_table, reports_json
from bot.evaluation.tables import comparison_lines, tuning_lines
from bot.evaluation.trec import RunLine, read_run
from bot.evaluation.tuning import Row
from bot.messages import Messages
from tests.evaluation.fakes import SharedWords, bench
from tests.evaluation.test_product import TWO
from tests.evaluation.test_protocols import FILE

WORDS = Messages.load("en")


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def as_text(*lines: object, width: int = 100) -> str:
    from io import StringIO

    from rich.console import Console

    screen = Console(file=StringIO(), width=width)
    for line in lines:
        screen.print(line)
    file = screen.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def test_reports_are_json_where_no_terminal_is(question_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(question_file, Asked(protocols=("reqa", "absent")), bench(), WORDS) == 0
    found = printed(capsys)["reports"]
    assert [report["protocol"] for report in found] == ["reqa", "absent"]
    assert found[0]["figures"]["recall_at_1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert found[0]["questions"] == 3
    assert found[0]["file"] == str(question_file)


def test_every_figure_has_its_words(question_file: Path) -> None:
    articles = load_articles(question_file)
    for protocol in PROTOCOLS.values():
        report = protocol(articles, "file", bench()).report
        assert not [figure.name for figure in report.figures if f"evaluation.figure.{figure.name}" not in WORDS]
        assert str(report.questions) in as_text(as_table(report, WORDS))


def test_what_could_not_be_measured_is_null_and_a_dash() -> None:
    report = PROTOCOLS["absent"]([FILE[0]], "file", bench()).report
    assert json.loads(reports_json([report]))["reports"][0]["figures"]["auroc"]["value"] is None
    assert "–" in as_text(as_table(report, WORDS))


def test_run_and_qrels_are_written(question_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, qrels = tmp_path / "run.txt", tmp_path / "qrels.txt"
    evaluate(question_file, Asked(protocols=("reqa",), run=run, qrels=qrels), bench(), WORDS)
    assert read_run(run)[0].topic == "q1"
    assert qrels.read_text().startswith("q1 0 1.1.3 1\n")
    assert printed(capsys)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(plot=Path("plot.gif")), "a plot is written as .svg or .png"),
        (Asked(plot=Path("nowhere/plot.svg")), "there is no folder nowhere"),
        (Asked(run=Path("nowhere/run.txt")), "there is no folder nowhere"),
        (Asked(protocols=("product",), run=Path("run.txt")), "add --protocol reqa"),
    ],
)
def test_what_would_fail_at_the_end_fails_at_the_start(question_file: Path, asked: Asked, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        evaluate(question_file, asked, bench(), WORDS)


def test_a_comparison_is_json_where_no_terminal_is(question_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    compare_settings(("a.toml", "b.toml"), question_file, (bench(), bench()), WORDS, as_json=False)
    found = printed(capsys)
    assert found["settings"] == ["a.toml", "b.toml"]
    assert found["comparison"]["difference"]["value"] == 0
    assert found["comparison"]["better"] == found["comparison"]["worse"] == []


def test_a_comparison_lists_the_question_and_both_first_quotes() -> None:
    from bot.evaluation.comparison import compare
    from tests.evaluation.test_comparison import outcome

    comparison = compare([outcome("a", right=True)], [outcome("a", right=False, found=False)])
    text = as_text(*comparison_lines(("[old].toml", "new.toml"), comparison, WORDS))
    assert "1 question got worse:" in text
    assert "[old].toml: 70 % “about a” (A)" in text
    assert "new.toml: nothing found" in text
    assert "wanted: x" in text


def test_a_control_character_in_a_quote_does_not_reach_the_terminal() -> None:
    from bot.evaluation.comparison import compare
    from tests.evaluation.test_comparison import outcome

    name = "a\x1b[2Jb"
    comparison = compare([outcome(name, right=True)], [outcome(name, right=False)])
    assert "\x1b" not in as_text(*comparison_lines(("old", "new"), comparison, WORDS))


def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text(
        '{"question": "who sings", "answer": "Dan"}\n{"question": "who flies home alone", "answer": null}\n'
    )
    return path


def library() -> SharedWords:
    from bot.evaluation.product import whole_trial

    return SharedWords(whole_trial(TWO).articles)


def test_tuning_shows_and_writes_nothing_unless_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "mine.toml"
    settings.write_text("[answer]\ntop = 2\n")
    answer = library().answer
    arguments = {"threshold": 0.7, "settings_file": settings, "as_json": False}
    tune(own(tmp_path), answer, WORDS, write=False, **arguments)  # type: ignore[arg-type]
    found = printed(capsys)
    assert found["suggested"] == pytest.approx(0.25)
    assert found["questions"][0] == {
        "question": "who sings",
        "answerable": True,
        "confidence": 0.5,
        "right": True,
        "quote": "Dan sings.",
    }
    assert [row["answered"] for row in found["cutoffs"] if row["threshold"] in (0.5, 0.7)] == [1, 0]
    assert settings.read_text() == "[answer]\ntop = 2\n"
    tune(own(tmp_path), answer, WORDS, write=True, **arguments)  # type: ignore[arg-type]
    assert settings.read_text() == "[answer]\nthreshold = 0.25\ntop = 2\n"
    assert "threshold = 0.25 written" in capsys.readouterr().err


def test_tuning_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no settings file is named"):
        tune(own(tmp_path), library().answer, WORDS, threshold=0.5, settings_file=None, write=True, as_json=True)
    plain = tmp_path / "plain.txt"
    plain.write_text("who sings\n")
    target = tmp_path / "mine.toml"
    with pytest.raises(SettingsError, match="No threshold can be suggested"):
        tune(plain, library().answer, WORDS, threshold=0.5, settings_file=target, write=True, as_json=True)
    assert not target.exists()


def test_the_tuning_table_marks_the_present_and_the_suggested_threshold() -> None:
    rows = [Row(0.5, 10, 9, 1, 4, 2), Row(0.61, 10, 8, 1, 4, 0)]
    text = as_text(*tuning_lines(rows, 0.5, 0.61, WORDS))
    assert "8 / 10 (80 %)" in text
    assert "2 / 4 (50 %)" in text
    marked = [line for line in text.splitlines() if "now" in line or "suggested" in line]
    assert [line.split()[1] for line in marked] == ["0.5", "0.61"]


def test_a_run_over_the_library_names_articles_as_the_qrels_do(tmp_path: Path) -> None:
    topics = tmp_path / "topics.tsv"
    topics.write_text("t1\tWho sings?\nt2\tWho came first?\n")
    lines = run_topics(topics, library(), frozenset(), WORDS)
    assert [(line.topic, line.document) for line in lines if line.rank == 1] == [("t1", "000002"), ("t2", "000001")]
    assert all(one.score > other.score for one, other in pairwise(lines) if one.topic == other.topic)


def test_a_run_is_measured_against_qrels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ir_measures")
    qrels = tmp_path / "qrels.txt"
    qrels.write_text("t1 0 a 1\nt2 0 b 1\n")
    evaluate_run(qrels, [RunLine("t1", "a", 1, 1.0)], Asked(measures=("RR",)), WORDS)
    assert printed(capsys)["reports"][0]["figures"]["RR"]["value"] == 0.5
