"""The features, worked by hand over two paragraphs."""

import math

import numpy as np
import pytest

from bot.answering.features import bm25, coverage, likelihood, nearness, tables, terms, wording
from bot.answering.features.catalogue import FEATURES
from bot.answering.features.view import View
from tests.answering.worlds import World, world

TOWER = "The tower was built by Kowalczyk in 1887."
HEIGHT = "It is 43 metres high."
HARBOUR = "The harbour closed in 1990."
MAYOR = "Kowalczyk was mayor later."


@pytest.fixture(scope="module")
def brannow() -> World:
    return world({"Brannow": [[TOWER, HEIGHT], [HARBOUR, MAYOR]]})


@pytest.fixture(scope="module")
def view(brannow: World) -> View:
    return brannow.view("Who built the tower of Brannow?")


def test_the_terms_are_the_questions_content_words_and_their_weights_sum_to_one(view: View) -> None:
    assert view.terms.words == ("build", "tower", "brannow")
    assert view.terms.weight.sum() == pytest.approx(1.0)
    assert view.terms.is_name.tolist() == [False, False, True]
    assert view.terms.is_absent.tolist() == [False, False, True]


def test_idf_is_positive_and_that_of_the_engines_counts(view: View) -> None:
    assert view.terms.idf[1] == pytest.approx(math.log(1 + (4 - 1 + 0.5) / (1 + 0.5)))
    assert view.terms.idf[2] == pytest.approx(math.log(1 + (4 + 0.5) / 0.5))


def test_neighbours_cross_passages_and_stop_at_the_articles_ends(view: View) -> None:
    empty = len(view.sentences)
    assert view.rows.before.tolist() == [empty, 0, 1, 2]
    assert view.rows.after.tolist() == [1, 2, 3, empty]


def test_neighbours_do_not_cross_articles() -> None:
    view = world({"One": [["First."]], "Two": [["Second."]]}).view("first second")
    empty = len(view.sentences)
    assert view.rows.before.tolist() == view.rows.after.tolist() == [empty, empty]


def test_a_neighbour_in_a_passage_that_was_not_hit_is_looked_at(brannow: World) -> None:
    hits = [hit for hit in brannow.whole_pool().hits if hit.passage == 1]
    query = brannow.query("Who built the harbour?")
    view = brannow.ranker.view(query, brannow.collection.pool(hits), brannow.engine)
    assert view.sentences[view.rows.after[1]].terms == brannow.collection.passages[2].sentences[0].terms
    assert (view.window @ view.terms.weight)[1] > coverage.sentence_share(view)[1] == 0


def test_coverage_is_the_share_of_rarity(view: View) -> None:
    held = view.terms.weight[0] + view.terms.weight[1]
    assert coverage.sentence_share(view).tolist() == pytest.approx([held, 0, 0, 0])
    assert coverage.terms_share(view).tolist() == pytest.approx([2 / 3, 0, 0, 0])
    assert (view.window @ view.terms.weight).tolist() == pytest.approx([held, held, 0, 0])
    assert coverage.passage_share(view).tolist() == pytest.approx([held, held, 0, 0])
    assert coverage.title_share(view).tolist() == pytest.approx([view.terms.weight[2]] * 4)
    assert coverage.sentence_or_theme_share(view).tolist() == pytest.approx([1, *[view.terms.weight[2]] * 3])


def test_soft_coverage_takes_the_best_of_what_stands_around(view: View) -> None:
    rest, name = view.terms.weight[0] + view.terms.weight[1], view.terms.weight[2]
    expected = [rest + 0.7 * name, 0.5 * rest + 0.7 * name, 0.7 * name, 0.7 * name]
    assert coverage.soft_share(view).tolist() == pytest.approx(expected)


def test_a_sentence_that_opens_with_a_pronoun_speaks_of_what_stands_before_it(view: View) -> None:
    assert coverage.opens_with_pronoun(view).tolist() == [False, True, False, False]
    rest, name = view.terms.weight[0] + view.terms.weight[1], view.terms.weight[2]
    assert coverage.pronoun_share(view)[1] == pytest.approx(0.8 * rest + 0.9 * name)
    assert coverage.pronoun_share(view)[0] == coverage.soft_share(view)[0]


def test_names_and_numbers_that_the_question_lacks_count_as_held(view: View) -> None:
    assert coverage.numbers_share(view).tolist() == [1, 1, 1, 1]
    assert coverage.sentence_names_share(view).tolist() == [0, 0, 0, 0]
    assert coverage.names_share(view).tolist() == [1, 1, 1, 1]


def test_discrimination_is_full_for_the_only_sentence_of_its_passage_that_holds_the_words(view: View) -> None:
    assert coverage.discrimination(view).tolist() == pytest.approx([1, 0, 0, 0])


def test_bm25_is_a_share_of_the_most_that_the_terms_could_give() -> None:
    tf = np.array([[1.0, 0.0], [2.0, 1.0]])
    scores = bm25.bm25(tf, np.array([4.0, 4.0]), 4.0, np.array([1.0, 3.0]), (1.2, 0.75))
    assert scores.tolist() == pytest.approx([(2.2 / 2.2) / 8.8, (4.4 / 3.2 + 3 * 2.2 / 2.2) / 8.8])


def test_bm25_of_terms_without_rarity_is_zero() -> None:
    assert bm25.bm25(np.ones((2, 1)), np.ones(2), 1.0, np.zeros(1), (1.2, 0.75)).tolist() == [0, 0]


def test_bm25_with_stop_words_is_one_for_the_best(view: View) -> None:
    scores = bm25.plain_score(view)
    assert scores.argmax() == 0
    assert scores[0] == pytest.approx(1.0)


def test_the_odds_of_the_sentences_of_a_passage_sum_to_one(view: View) -> None:
    shares = np.exp(bm25.odds_in_passage(view))
    assert shares[:2].sum() == pytest.approx(1.0)
    assert shares[2:].tolist() == pytest.approx([0.5, 0.5])


def test_the_likelihood_falls_with_every_term_that_is_missing(view: View) -> None:
    values = likelihood.mixture(view)
    assert values[0] > values[1] > values[2]


def test_pairs_as_asked_count_stop_words_too(brannow: World) -> None:
    view = brannow.view("the tower was old")  # "the tower" and "tower was" stand in the first sentence
    assert nearness.asked_pairs(view).tolist() == pytest.approx([2 / 3, 0, 0, 0])


def test_pairs_weigh_the_questions_neighbours_that_stand_together(brannow: World) -> None:
    view = brannow.view("tower built")
    assert nearness.pairs(view).tolist() == pytest.approx([0.5, 0, 0, 0])


def test_nearness_falls_with_distance() -> None:
    near, far = world({"": [["Alpha beta."], ["Alpha of the very old house and beta."]]}).view("alpha beta"), 4.0
    values = nearness.nearness(near)
    assert values[0] == pytest.approx(0.5)
    assert values[1] == pytest.approx(0.5 * math.exp(-6 / far))


def test_likeness_is_the_shared_beginning_over_the_longer_word() -> None:
    assert wording.shared_start("ukrainian", "ukraine") == pytest.approx(6 / 9)
    assert wording.shared_start("abc", "xyz") == 0


def test_words_that_resemble_a_missing_term_count_by_their_likeness() -> None:
    view = world({"": [["Ukrainians fought."], ["Nobody fought."]]}, language="").view("ukraine")
    assert wording.likeness_share(view).tolist() == pytest.approx([6 / 10, 0])


def test_words_that_a_dictionary_relates_to_a_term_count_where_the_passage_lacks_it() -> None:
    related = world({"": [["They commenced.", "It rained."], ["The rain began.", "Snow commenced."], ["Nobody came."]]})
    view = related.view("began?")
    assert tables.related_terms(view).tolist() == [1, 0, 0, 0, 0]
    assert tables.related_passage_share(view).tolist() == [1, 1, 0, 0, 0]


def test_a_word_of_the_kind_that_is_asked_for_counts_more_the_rarer_its_kind_is() -> None:
    lyon = world({"": [["Lyon hosted them.", "A meadow hosted them.", "It was French."]]})
    city, other, none = tables.kind(lyon.view("Which city hosted them?")).tolist()
    assert city > 0 == other == none
    language = tables.kind(lyon.view("What language was it?")).tolist()
    assert language[2] > 0 == language[0] == language[1]
    assert tables.kind(lyon.view("Who hosted them?")).tolist() == [0, 0, 0]


def test_a_sentence_opens_with_what_was_asked_about(brannow: World) -> None:
    view = brannow.view("Who built the tower?")
    tower = view.terms.words.index("tower")
    assert wording.opening(view).tolist() == pytest.approx([view.terms.weight[tower], 0, 0, 0])


@pytest.mark.parametrize(
    ("question", "expected"),
    [("What is a tarn?", [1, 0, 0, 0]), ("What's a tarn?", [1, 0, 0, 0]), ("Which tarn froze?", [0, 0, 0, 0])],
)
def test_a_definition_names_its_subject_before_it_says_what_it_is(question: str, expected: list[float]) -> None:
    sentences = ["A tarn is a small lake.", "The lake is a tarn.", "The tarn froze.", "Tarns were seen, a few."]
    assert wording.definition(world({"": [sentences]}).view(question)).tolist() == pytest.approx(expected)


def test_new_numbers_are_the_log_of_their_count(view: View) -> None:
    assert wording.new_numbers(view).tolist() == pytest.approx([math.log(2), math.log(2), math.log(2), 0])


@pytest.mark.parametrize("question", ["zzz", "Brannow", "tower", "1887?", "Who " + "built " * 300])
def test_every_feature_is_finite_and_one_number_for_each_candidate(brannow: World, question: str) -> None:
    view = brannow.view(question)
    for feature in FEATURES:
        values = feature.values(view)
        assert values.shape == (4,), feature.name
        assert np.isfinite(values).all(), feature.name


@pytest.mark.parametrize("title", ["", "Brannow"])
def test_one_sentence_alone_has_all_features(title: str) -> None:
    view = world({title: [["Kowalczyk built it."]]}).view("Who built it?")
    assert all(np.isfinite(feature.values(view)).all() for feature in FEATURES)


def test_a_language_without_tables_has_none(brannow: World) -> None:
    view = world({"": [["Hola mundo."]]}, language="es").view("mundo")
    with pytest.raises(ValueError, match="'es'"):
        _ = view.tables


def test_there_are_at_most_fifty_features_with_names_of_their_own() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES) <= 50


def test_signs_of_a_question_name_its_word_what_follows_and_its_noun(brannow: World) -> None:
    signs = tables.question_signs(brannow.query("Which city hosted the games?"))
    assert signs == ["word which", "next which citi", "two which citi host", "noun citi", "asks which citi"]


def test_a_term_that_an_answer_would_not_repeat_weighs_less(view: View) -> None:
    assert terms.expectation(view).sum() == pytest.approx(1.0)


def test_the_classes_of_an_answer_leave_the_questions_own_words_out(brannow: World) -> None:
    sentence = brannow.collection.passages[1].sentences[0]
    classes = tables.answer_classes(brannow.query("Who built the tower?"), sentence)
    assert {"by", "in", "<X>", "<X>~", "<Y>"} <= classes
    assert not {"tower", "build"} & classes
