"""Each protocol on a file that can be worked out by hand, with a product that can be foreseen."""

from pathlib import Path

import pytest

from bot.errors import ReadingError
from bot.evaluation.protocols import PROTOCOLS
from bot.evaluation.questions import AskedArticle, AskedParagraph, AskedQuestion, GoldAnswer
from tests.evaluation.fakes import bench


def article(title: str, *facts: str) -> AskedArticle:
    """An article with a paragraph for each fact "NAME VERB OBJECT." and the question "who VERB OBJECT"."""
    paragraphs = []
    for fact in facts:
        name, _, rest = fact.rstrip(".").partition(" ")
        asked = AskedQuestion(f"who {rest}", (GoldAnswer(0, name),))
        paragraphs.append(AskedParagraph(fact, (asked,), ((0, len(fact)),)))
    return AskedArticle(title, tuple(paragraphs))


FILE = (
    article("Even", "Ann paints houses.", "Bob sells bread."),
    article("Odd", "Cleo mends shoes.", "Dan drives trains."),
)


def test_reqa_ranks_every_question() -> None:
    measured = PROTOCOLS["reqa"](FILE, "file", bench())
    assert measured.report.questions == 4
    assert {figure.name: figure.value for figure in measured.report.figures} == {
        "recall_at_1": 1,
        "recall_at_5": 1,
        "recall_at_10": 1,
        "mrr": 1,
    }


def test_reqa_gives_a_run_and_its_qrels_under_the_same_names() -> None:
    measured = PROTOCOLS["reqa"](FILE, "file", bench())
    assert [judged[:2] for judged in measured.qrels] == [
        ("q1", "1.1.1"),
        ("q2", "1.2.1"),
        ("q3", "2.1.1"),
        ("q4", "2.2.1"),
    ]
    assert {(line.topic, line.document) for line in measured.run if line.rank == 1} == {
        judged[:2] for judged in measured.qrels
    }


def test_reqa_needs_sentence_breaks() -> None:
    bare = AskedArticle("T", (AskedParagraph("No breaks.", (AskedQuestion("Q?", (GoldAnswer(0, "No"),)),)),))
    with pytest.raises(ReadingError, match="has no sentence breaks"):
        PROTOCOLS["reqa"]([bare], "file", bench())


def test_one_language_at_a_time() -> None:
    spanish = AskedArticle("T", FILE[0].paragraphs, "es")
    with pytest.raises(ReadingError, match="holds articles in en, es"):
        PROTOCOLS["reqa"]([FILE[0], spanish], "file", bench())


def test_the_product_is_right_where_its_first_quote_covers_an_answer() -> None:
    report = PROTOCOLS["product"](FILE, "file", bench()).report
    assert report.value("first_right") == report.value("three_right") == report.value("answered") == 1
    # every confidence is 2/3 and every first quote is right
    assert report.value("calibration_error") == pytest.approx(1 / 3)
    assert report.value("brier") == pytest.approx(1 / 9)
    assert report.value("elapsed_p50") == 2


def test_absent_puts_even_articles_in_and_asks_of_all() -> None:
    measured = PROTOCOLS["absent"](FILE, "file", bench())
    assert (measured.report.articles, measured.report.questions) == (1, 4)
    assert measured.report.value("questions_present") == 2
    assert measured.report.value("auroc") == 1
    assert measured.report.value("answered") == 1
    assert measured.report.value("false_answers") == 0
    assert measured.report.value("answered_at_5_false") == 1
    assert measured.confidences is not None
    assert measured.confidences.present.tolist() == [True, True, False, False]


def test_pieces_put_in_every_second_three_paragraphs() -> None:
    long = article("Long", *(f"{name} likes {thing}." for name, thing in zip("ABCDEFG", "tuvwxyz", strict=True)))
    measured = PROTOCOLS["pieces"]([long], "file", bench())
    assert measured.report.articles == 2
    assert measured.confidences is not None
    assert measured.confidences.present.tolist() == [True, True, True, False, False, False, True]
    assert set(measured.confidences.clusters) == {1}


def test_noise_costs_what_it_breaks() -> None:
    report = PROTOCOLS["noisy"](FILE, "file", bench()).report
    assert report.value("first_right") == 1
    assert report.value("questions_edited") == 4
    assert report.value("noise_loss") == pytest.approx(report.value("first_right") - report.value("first_right_noisy"))


def test_marking_looks_at_right_quotes_alone() -> None:
    wrong = AskedArticle(
        "W", (AskedParagraph("Eve sleeps.", (AskedQuestion("nothing of it", (GoldAnswer(0, "Eve"),)),)),)
    )
    report = PROTOCOLS["marking"]([*FILE, wrong], "file", bench()).report
    assert report.questions == 4
    assert report.value("marking_overlap") == report.value("marking_share") == 1
    assert report.value("marking_within_third") == report.value("marking_two") == 0
    assert report.value("marking_f1") == pytest.approx(0.5)  # one word of three


def test_a_sample_is_the_same_each_time_and_in_order() -> None:
    drawn = [bench(limit=5).sample(list(range(100))) for _ in range(2)]
    assert drawn[0] == drawn[1] == sorted(drawn[0])
    assert len(set(drawn[0])) == 5
    assert bench(limit=100).sample([1, 2]) == [1, 2]


def test_every_protocol_takes_a_sample(articles: tuple[AskedArticle, ...]) -> None:
    for name, protocol in PROTOCOLS.items():
        assert protocol(articles, str(Path("file")), bench(limit=1)).report.questions <= 1, name
