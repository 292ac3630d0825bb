"""Follow-ups against a person's rewritings, worked out by hand."""

import json
from pathlib import Path

import pytest

from bot.errors import ReadingError
from bot.evaluation.followups import Added, followup_figures, is_dialogues, load_dialogues
from bot.evaluation.protocols import followups
from tests.evaluation.fakes import bench


def turn(number: int, question: str, rewrite: str, *, dialog: str = "D") -> dict[str, object]:
    history = [{"question": f"Question {n}?", "answer": f"Answer {n}."} for n in range(1, number)]
    return {"dialog": dialog, "turn": number, "title": "Frank Zappa", "section": "Life", "history": history} | {
        "question": question,
        "rewrite": rewrite,
    }


def written(path: Path, *turns: dict[str, object]) -> Path:
    path.write_text(json.dumps(turns))
    return path


def test_only_turns_that_follow_another_are_measured(tmp_path: Path) -> None:
    path = written(tmp_path / "d.json", turn(1, "Who?", "Who?"), turn(3, "When?", "When did Zappa die?"))
    (later,) = load_dialogues(path)
    assert later.question == "When?"
    assert [said.answer for said in later.conversation().turns] == ["Answer 1.", "Answer 2."]
    assert {said.title for said in later.conversation().turns} == {"Frank Zappa"}


def test_a_conversation_holds_what_each_question_was_understood_as_after_those_before(tmp_path: Path) -> None:
    (third,) = load_dialogues(written(tmp_path / "d.json", turn(3, "When?", "When did Zappa die?")))
    conversation = third.conversation(lambda question, before: f"{question} ({len(before.turns)} before)")
    assert [said.question for said in conversation.turns] == ["Question 1? (0 before)", "Question 2? (1 before)"]
    assert [said.asked for said in conversation.turns] == ["Question 1?", "Question 2?"]
    assert [said.question for said in third.conversation().turns] == ["Question 1?", "Question 2?"]


def test_terms_are_counted_over_all_turns() -> None:
    added = [
        Added("a", frozenset({"zappa", "band"}), frozenset({"zappa", "frank"})),
        Added("b", frozenset(), frozenset({"x", "y"})),
        Added("c", frozenset(), frozenset()),
        Added("d", frozenset({"z"}), frozenset()),
    ]
    figures = {figure.name: figure.value for figure in followup_figures(added)}
    assert figures["followup_precision"] == pytest.approx(1 / 3)
    assert figures["followup_recall"] == pytest.approx(1 / 4)
    assert figures["followup_f1"] == pytest.approx(2 / 7)
    assert figures["followup_alone"] == pytest.approx(1 / 2)
    assert figures["questions_alone"] == 2


def test_the_protocol_compares_stems_without_stop_words(tmp_path: Path) -> None:
    path = written(
        tmp_path / "d.json",
        turn(2, "When did it tour?", "When did Frank Zappa's band tour?"),
        turn(2, "Where is Paris?", "Where is Paris?", dialog="E"),
    )
    report = followups(load_dialogues(path), "file", bench()).report
    assert report.questions == 2
    # "it" gets frank and zappa; the person adds frank, zappa and band
    assert report.value("followup_precision") == 1
    assert report.value("followup_recall") == pytest.approx(2 / 3)
    assert report.value("followup_alone") == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [('[{"dialog": "a"}]', "is no file of dialogues: .*missing required field"), ("[]", "no turn that follows")],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "d.json"
    path.write_text(content)
    with pytest.raises(ReadingError, match=message):
        load_dialogues(path)


def test_a_file_of_dialogues_is_told_from_a_question_file(tmp_path: Path, question_file: Path) -> None:
    assert is_dialogues(written(tmp_path / "d.json", turn(2, "Who?", "Who?")))
    assert not is_dialogues(question_file)
    (tmp_path / "wrong.json").write_text("[")
    assert not is_dialogues(tmp_path / "wrong.json")
