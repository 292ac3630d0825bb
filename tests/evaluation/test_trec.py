"""TREC's files, written and read back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ReadingError, SettingsError
from bot.evaluation import trec
from bot.evaluation.questions import Judgement, load_qrels
from bot.evaluation.trec import RunLine

RUN = [RunLine("q1", "1.2.3", 1, 9.5), RunLine("q1", "1.2.4", 2, 0.1 + 0.2), RunLine("q2", "4.1.1", 1, -3.0)]


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    trec.write_run(tmp_path / "run.txt", RUN)
    assert trec.read_run(tmp_path / "run.txt") == RUN
    assert (tmp_path / "run.txt").read_text().splitlines()[0] == "q1 Q0 1.2.3 1 9.5 verbatim"


def test_qrels_come_back_as_they_were_written(tmp_path: Path) -> None:
    judged = [Judgement("q1", "1.2.3", 1), Judgement("q2", "1.2.3", 0)]
    trec.write_qrels(tmp_path / "qrels.txt", judged)
    assert list(load_qrels(tmp_path / "qrels.txt")) == judged


@given(st.text(min_size=1))
def test_a_documents_name_has_no_blank_and_tells_sources_apart(name: str) -> None:
    encoded = trec.document_name(name) if name.isprintable() else ""
    assert encoded.split() == ([encoded] if encoded else [])


def test_a_plain_source_keeps_its_name() -> None:
    assert trec.document_name("https://example.org/a?b=c") == "https://example.org/a?b=c"
    assert trec.document_name("my notes.txt") == "my%20notes.txt"
    assert trec.document_name("100%") != trec.document_name("100%25")


def test_a_document_that_comes_twice_is_ranked_once() -> None:
    lines = trec.ranked_lines("q", [("a", 3.0), ("b", 2.0), ("a", 1.0), ("c", 0.5)])
    assert [(line.document, line.rank, line.score) for line in lines] == [("a", 1, 3.0), ("b", 2, 2.0), ("c", 3, 0.5)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("q1 Q0 d 1 2.0", "line 1: expected a topic, Q0, a document, a rank, a score and a tag"),
        ("q1 Q0 d one 2.0 t", "found 'q1 Q0 d one 2.0 t'"),
        ("q1 Q0 d 1 nan t", "the score is no number"),
        ("q1 Q0 d 1 2 t\nq1 Q0 d 2 1 t", "line 2: 'd' is ranked twice for topic 'q1'"),
        ("", "holds no hit"),
    ],
)
def test_a_wrong_run_says_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "run.txt"
    path.write_text(content)
    with pytest.raises(ReadingError, match=message):
        trec.read_run(path)


def test_a_run_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        trec.write_run(tmp_path, RUN)


def test_measures_are_those_of_ir_measures() -> None:
    pytest.importorskip("ir_measures")
    qrels = [Judgement("q1", "1.2.4", 1), Judgement("q2", "9.9.9", 1)]
    measured = {(one.topic, one.measure): one.value for one in trec.measure_run(qrels, RUN, ["RR", "Success@1"])}
    assert measured == {("q1", "RR"): 0.5, ("q2", "RR"): 0, ("q1", "Success@1"): 0, ("q2", "Success@1"): 0}


def test_an_unknown_measure_is_named() -> None:
    pytest.importorskip("ir_measures")
    with pytest.raises(SettingsError, match="nDCGG@10: is no measure"):
        trec.measure_run([], [], ["nDCGG@10"])
