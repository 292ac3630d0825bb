"""The commands eval, compare and tune as users type them, over the product itself."""

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.console import measuring
from bot.evaluation.protocols import PROTOCOLS


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBATIM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("VERBATIM_CONFIG", raising=False)


def test_the_command_knows_every_protocol() -> None:
    assert set(measuring.PROTOCOLS) == {*PROTOCOLS, "followups"}


def test_eval_measures_the_product_and_leaves_no_library(
    question_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["eval", str(question_file), "--protocol", "reqa", "--protocol", "product"]
    assert main(arguments) == 0
    reqa, product = json.loads(capsys.readouterr().out)["reports"]
    assert reqa["figures"]["recall_at_1"]["value"] == 1
    assert product["figures"]["first_right"]["value"] == 1
    assert product["questions"] == 3
    assert not (tmp_path / "library").exists()


def test_a_wrong_file_is_one_line_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.json").write_text("[")
    assert main(["eval", str(tmp_path / "wrong.json")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "is no question file" in captured.err


def test_qrels_alone_say_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "qrels.txt").write_text("q1 0 d1 1\n")
    assert main(["eval", str(tmp_path / "qrels.txt")]) == 2
    assert "give --topics FILE" in capsys.readouterr().err


def test_compare_asks_under_both_settings(
    question_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a.toml", tmp_path / "b.toml"
    first.write_text("[answer]\nthreshold = 0.0\n")
    second.write_text("[answer]\nthreshold = 1.0\n")
    assert main(["compare", str(first), str(second), str(question_file)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["settings"] == [str(first), str(second)]
    assert found["comparison"]["questions"] == 3
    assert found["comparison"]["difference"]["value"] == 0


def test_tune_asks_the_library_and_writes_to_the_owners_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "river.txt").write_text("The Vltava flows through Prague. It is the longest river of the country.")
    own = tmp_path / "own.txt"
    own.write_text('What flows through Prague?\n{"question": "Who invented the zip?", "answer": null}\n')
    mine = tmp_path / "mine.toml"
    mine.write_text("# mine\n")
    assert main(["add", str(tmp_path / "river.txt")]) == 0
    capsys.readouterr()
    assert main(["--config", str(mine), "tune", str(own), "--write"]) == 0
    suggested = json.loads(capsys.readouterr().out)["suggested"]
    assert mine.read_text() == f"# mine\n\n[answer]\nthreshold = {suggested}\n"
    assert main(["tune", str(own), "--write"]) == 2
    assert "no settings file is named" in capsys.readouterr().err
