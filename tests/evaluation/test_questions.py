"""Question files, topics and qrels: what is read, and what is said of a wrong one."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ReadingError
from bot.evaluation import questions
from bot.evaluation.questions import AskedArticle, AskedParagraph, Judgement, Topic


def test_a_gzipped_file_and_a_plain_one_with_a_byte_order_mark_are_the_same(
    question_file: Path, articles: tuple[AskedArticle, ...]
) -> None:
    plain = question_file.with_name("plain.json")
    plain.write_bytes(b"\xef\xbb\xbf" + gzip.decompress(question_file.read_bytes()))
    assert questions.load_articles(plain) == articles


def test_a_title_reads_as_a_person_writes_it(articles: tuple[AskedArticle, ...]) -> None:
    assert [article.plain_title for article in articles] == ["Rivers of (Europe)", "Bridges"]


def test_gold_sentences_are_those_that_hold_an_answers_start(articles: tuple[AskedArticle, ...]) -> None:
    paragraph = articles[0].paragraphs[0]
    assert [paragraph.gold_sentences(asked) for asked in paragraph.questions] == [{2}, {1}]


def test_pieces_keep_order_and_lose_their_titles() -> None:
    article = AskedArticle("T", tuple(AskedParagraph(str(place)) for place in range(7)), "es")
    pieces = questions.in_pieces([article])
    assert [[paragraph.context for paragraph in piece.paragraphs] for piece in pieces] == [
        ["0", "1", "2"],
        ["3", "4", "5"],
        ["6"],
    ]
    assert {(piece.title, piece.language) for piece in pieces} == {("", "es")}
    assert questions.in_pieces([article], paragraphs=10, titled=True) == [article]


def shaped(context: str = "Ab cd.", breaks: Any = ((0, 6),), start: Any = 3, text: str = "cd") -> str:
    answers = [{"start": start, "text": text}]
    paragraph = {"context": context, "sentences": breaks, "questions": [{"question": "Q?", "answers": answers}]}
    return json.dumps([{"title": "T", "paragraphs": [paragraph]}])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is no question file"),
        ("{}", "expected `array`, got `object`"),
        ("[]", "holds no question"),
        ('[{"title": "T", "paragraphs": [{}]}]', "missing required field `context`"),
        (shaped(start="3"), "expected `int`, got `str`"),
        (shaped(breaks=[[0, 9]]), r"article 1 \('T'\), paragraph 1: sentence \[0, 9\] does not fit"),
        (shaped(breaks=[[3, 6], [0, 3]]), r"sentence \[0, 3\] does not fit"),
        (shaped(start=1), "the answer 'cd' does not stand at 1, where 'b cd.' stands"),
        (shaped(start=-2), "the answer 'cd' does not stand at -2"),
        (shaped(text=""), "the answer '' does not stand at 3"),
        (shaped().replace("Q?", "  "), "a question is empty"),
    ],
)
def test_a_wrong_question_file_says_what_is_wrong_and_where(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(content)
    with pytest.raises(ReadingError, match=message) as caught:
        questions.load_articles(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_offsets_count_code_points(tmp_path: Path) -> None:
    path = tmp_path / "emoji.json"
    path.write_text(shaped(context="😀b cd.", start=3))
    assert questions.load_articles(path)[0].paragraphs[0].questions[0].answers[0].end == 5


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\x1f\x8bnonsense", "damaged gzip file"), (gzip.compress(b"[]", mtime=0)[:-4], "damaged gzip file")],
)
def test_a_damaged_gzip_file_is_said_to_be_one(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "damaged.json.gz"
    path.write_bytes(content)
    with pytest.raises(ReadingError, match=message):
        questions.load_articles(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"nowhere\.json: there is no such file"):
        questions.load_articles(tmp_path / "nowhere.json")
    with pytest.raises(ReadingError, match="cannot be read"):
        questions.load_articles(tmp_path)


def test_topics_are_an_id_a_tab_and_a_question(tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"
    path.write_bytes("q1\tWho said so?\r\n\r\nq2\tА хто ж?\r\n".encode())
    assert questions.load_topics(path) == (Topic("q1", "Who said so?"), Topic("q2", "А хто ж?"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"q1 Who?", "line 1: expected an id, a tab and a question"),
        (b"q1\ta\n\nq1\tb", "line 3: the id 'q1' occurs twice"),
        (b"\n", "holds no topic"),
        (b"q\xff\ta", "is not UTF-8 text"),
    ],
)
def test_wrong_topics_say_what_is_wrong(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "topics.tsv"
    path.write_bytes(content)
    with pytest.raises(ReadingError, match=message):
        questions.load_topics(path)


def test_qrels_are_four_fields(tmp_path: Path) -> None:
    path = tmp_path / "qrels.txt"
    path.write_text("q1 0 d1 1\nq1\t0\td2\t-1\n")
    assert questions.load_qrels(path) == (Judgement("q1", "d1", 1), Judgement("q1", "d2", -1))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("q1 0 d1", "line 1: expected a topic, an iteration, a document and a whole number"),
        ("q1 0 d1 yes", "found 'q1 0 d1 yes'"),
        ("q1 0 d1 1\nq1 0 d1 0", "'d1' is judged twice for topic 'q1'"),
        ("", "holds no judgement"),
    ],
)
def test_wrong_qrels_say_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "qrels.txt"
    path.write_text(content)
    with pytest.raises(ReadingError, match=message):
        questions.load_qrels(path)
