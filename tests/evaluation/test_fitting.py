"""The fitting: its loss, its tables, the libraries that it is fitted on."""

import random
from pathlib import Path

import numpy as np
import pytest

from bot.answering.confidence import Confidence, Curve, Logistic
from bot.answering.ranking import read_model
from bot.answering.standing import REST
from bot.evaluation.collection import Collection, Piece
from bot.evaluation.fitting.files import write_model
from bot.evaluation.fitting.libraries import (
    Cut,
    crossed_paragraphs,
    cut_library,
    name_spans,
    split_articles,
    stretch_libraries,
    tiny_libraries,
    window_libraries,
)
from bot.evaluation.fitting.tables import Asked, association_lines, background_lines
from bot.evaluation.fitting.weights import Lists, fit_ranking, softmax_loss
from bot.evaluation.questions import AskedArticle, AskedParagraph, AskedQuestion, GoldAnswer
from tests.answering.worlds import ANALYZERS, paragraph

TWO_QUESTIONS = Lists(
    features=np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [2.0, 0.0], [0.0, 0.0]]),
    gold=np.array([True, False, False, True, False]),
    starts=np.array([0, 3]),
)


def test_the_loss_is_the_mean_log_of_the_golds_share() -> None:
    loss, _ = softmax_loss(np.zeros(2), TWO_QUESTIONS, ridge=0.0)
    assert loss == pytest.approx((np.log(3) + np.log(2)) / 2)


def test_the_gradient_is_that_of_the_loss() -> None:
    weights = np.array([0.3, -0.7])
    _, gradient = softmax_loss(weights, TWO_QUESTIONS, ridge=0.01)
    for place in range(2):
        step = np.zeros(2)
        step[place] = 1e-6
        above, _ = softmax_loss(weights + step, TWO_QUESTIONS, ridge=0.01)
        below, _ = softmax_loss(weights - step, TWO_QUESTIONS, ridge=0.01)
        assert gradient[place] == pytest.approx((above - below) / 2e-6, rel=1e-4)


def test_a_feature_that_tells_gold_gets_a_weight_of_its_sign() -> None:
    pytest.importorskip("scipy")
    weights = fit_ranking(TWO_QUESTIONS)
    assert weights[0] > 0 > weights[1]


def asked(article: str, terms: tuple[str, ...], words: set[str]) -> Asked:
    return Asked(article, terms, [[] for _ in terms], frozenset(words))


def test_a_word_that_explains_a_term_in_several_articles_is_associated_with_it() -> None:
    pairs = [asked(f"article {n}", ("die", f"name{n}"), {"death", f"name{n}", f"other{n}"}) for n in range(6)]
    lines = association_lines(pairs)
    word, likely = lines["die"].split()
    assert word == "death"
    assert 300 < int(likely) <= 1000


def test_a_pair_that_occurs_in_one_article_alone_is_left_out() -> None:
    pairs = [asked("one article", ("die",), {"topic"}) for _ in range(9)]
    assert association_lines(pairs) == {}


def test_a_term_that_the_sentence_holds_needs_no_association() -> None:
    pairs = [asked(f"article {n}", ("die",), {"die", "death"}) for n in range(6)]
    assert association_lines(pairs) == {}


def test_the_background_holds_common_terms_alone_and_a_line_for_the_rest() -> None:
    lines = background_lines({"use": 5000, "zeppelin": 1}, 10_000)
    assert lines == {REST: str(round(1000 * np.log(10_000))), "use": str(round(1000 * np.log(2)))}


def article(number: int, paragraphs: int) -> AskedArticle:
    """An article whose paragraphs each have two sentences and a question about the second."""
    made = []
    for place in range(paragraphs):
        plain = paragraph([f"Article {number} opens part {place}.", "It goes on for long."])
        question = AskedQuestion("What goes on?", (GoldAnswer(plain.sentences[1][0], "It"),))
        made.append(type(plain)(plain.context, (question,), plain.sentences))
    return AskedArticle(f"Title_{number}", tuple(made))


ARTICLES = [article(number, 7) for number in range(4)]
ENGLISH = ANALYZERS.of("en")


def test_whole_articles_keep_titles_and_paragraphs() -> None:
    library = cut_library(ARTICLES, Cut("long", 0, True, 0, 1), ENGLISH)
    assert [each.title for each in library.articles.values()] == ["Title 0", "Title 1", "Title 2", "Title 3"]
    assert len(library.passages) == 28
    assert all(posed.gold for posed in library.posed)


def test_pieces_lose_titles_and_every_second_one_stays_out_but_is_asked_about() -> None:
    library = cut_library(ARTICLES, Cut("pieces", 3, False, 0, 1), ENGLISH, every=2)
    assert {each.title for each in library.articles.values()} == {""}
    assert len(library.articles) == 6  # of twelve pieces: 3, 3 and 1 paragraphs of each article
    assert len(library.posed) == 28
    assert 0 < sum(not posed.gold for posed in library.posed) < 28


def test_news_have_passages_of_three_sentences_across_paragraphs() -> None:
    library = cut_library(ARTICLES[:1], Cut("news", 4, True, 3, 1), ENGLISH)
    assert [len(passage.sentences) for passage in library.passages.values()] == [3, 3, 2, 3, 3]


def test_pieces_remember_the_article_that_they_were_cut_from() -> None:
    library = cut_library(ARTICLES, Cut("pieces", 3, False, 0, 1), ENGLISH)
    assert {posed.origin for posed in library.posed} == {"Title_0", "Title_1", "Title_2", "Title_3"}


def test_tiny_libraries_hold_two_articles_and_are_asked_about_what_they_lack() -> None:
    first, second = tiny_libraries(ARTICLES, ENGLISH)
    for library in (first, second):
        assert len(library.articles) == 2
        assert sum(not posed.gold for posed in library.posed) == 2  # the seventh paragraph of each


def test_groups_are_the_same_for_the_same_seed_and_hold_every_article_once() -> None:
    groups = split_articles(ARTICLES, seed=3)
    assert groups == split_articles(ARTICLES, seed=3)
    assert sorted(each.title for group in groups for each in group) == [f"Title_{n}" for n in range(4)]


def test_windows_are_asked_about_the_paragraphs_beside_them() -> None:
    (library, *others) = window_libraries([article(number, 12) for number in range(4)], ENGLISH)
    assert len(others) == 1
    assert len(library.articles) == 2
    absent = sum(not posed.gold for posed in library.posed)
    assert 2 <= absent <= 8
    assert len(library.posed) > absent


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    there, first = Logistic({"lead": (0.5, -1.25)}, (1.0, 2.0)), Logistic({"score": (3.0, 0.125)}, (-1.0, 0.0))
    confidence = Confidence(there, first, Curve((-1.5, 2.0), (0.25, 0.75), (0.125, 1.0)))
    write_model(tmp_path / "en.toml", ["made by hand"], {"terms in sentence": 0.5}, confidence)
    model = read_model(tmp_path / "en.toml")
    assert model.weights == {"terms in sentence": 0.5}
    assert model.confidence == confidence


def test_small_libraries_without_gaps_hold_every_answer() -> None:
    libraries = list(stretch_libraries([article(number, 12) for number in range(12)], ENGLISH, gaps=0))
    assert {origin for library in libraries for origin in origins(library)} == {f"Title_{n}" for n in range(12)}
    for library in libraries:
        assert all(posed.gold for posed in library.posed)
        assert len(library.texts) == 2 * len(library.posed)


def test_sentences_are_left_out_one_by_one_and_asked_about() -> None:
    libraries = list(stretch_libraries([article(number, 12) for number in range(12)], ENGLISH, gaps=0.5))
    posed = [each for library in libraries for each in library.posed]
    absent = sum(not each.gold for each in posed)
    assert 0.2 * len(posed) < absent < 0.8 * len(posed)
    assert all(passage.sentences for library in libraries for passage in library.passages.values())


def test_a_name_is_a_run_of_capitalised_words_behind_the_first() -> None:
    question = "Did Maureen Castell and Philip Garland of the ATSU win in 1998?"
    assert [question[start:end] for start, end in name_spans(question, ENGLISH)] == [
        "Maureen Castell",
        "Philip Garland",
        "ATSU",
    ]


def test_crossed_questions_ask_of_names_that_are_there_what_others_are_asked() -> None:
    (held,) = asked_about("Who beat Maureen Castell?", "When was the vote?", "Where?").paragraphs
    donor = asked_about("How old was Chopin when he died?", "Did Liszt meet Chopin?", "Why?", "Who is Liszt now?")
    (crossed,) = crossed_paragraphs([Piece("", [held])], [donor], ENGLISH, random.Random(1))
    (question,) = crossed.questions  # one for each three that are asked
    assert question.question in {"How old was Maureen Castell when he died?", "Who is Maureen Castell now?"}
    assert question.answers == ()


def test_without_a_name_nothing_is_crossed() -> None:
    (held,) = asked_about("When was the vote?").paragraphs
    (crossed,) = crossed_paragraphs([Piece("", [held])], [asked_about("Who is Liszt?")], ENGLISH, random.Random(1))
    assert crossed.questions == ()


def asked_about(*questions: str) -> AskedArticle:
    return AskedArticle("", (AskedParagraph("", tuple(AskedQuestion(each, ()) for each in questions)),))


def origins(library: Collection) -> set[str]:
    return {posed.origin for posed in library.posed}
