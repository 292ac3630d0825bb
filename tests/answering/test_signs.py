"""The signs: what stands near the best sentence, what is missing, how far it leads."""

import numpy as np
import pytest

from bot.answering import signs
from bot.answering.correction import Corrector
from bot.answering.signs import LATE_SIGNS, SIGNS
from bot.answering.standing import MOST_EXCESS, Standing
from tests.answering.worlds import ANALYZERS, World, world

TOWER = "The tower was built by Kowalczyk in 1887."


@pytest.fixture(scope="module")
def brannow() -> World:
    return world({"Brannow": [[TOWER, "It is high."], ["The harbour closed.", "Nobody knows why."]]})


def standing(brannow: World, question: str, scores: tuple[float, ...] = (2.0, 1.0, 0.0, 0.0)) -> Standing:
    view = brannow.view(question)
    return Standing(view, np.array(scores), 0)


def test_the_lead_is_over_the_best_of_another_passage_where_there_is_one_article(brannow: World) -> None:
    assert signs.lead_over_other_articles(standing(brannow, "tower", (2.0, 1.5, 0.5, 0.0))) == pytest.approx(1.5)
    assert signs.lead_over_other_articles(standing(brannow, "tower", (99.0, 1.5, 0.5, 0.0))) == signs.MOST_LEAD


def test_the_same_report_in_another_article_takes_no_lead_away() -> None:
    papers = world({"One": [[TOWER, "It is high."]], "Two": [["The tower was built in 1887 by Kowalczyk."], ["Rain."]]})
    assert standing(papers, "tower").sameness[2] == pytest.approx(1.0)
    assert signs.lead_over_other_articles(standing(papers, "tower", (2.0, 1.0, 1.9, 0.5))) == pytest.approx(1.5)


def test_a_single_sentence_has_no_lead() -> None:
    alone = world({"One": [[TOWER]]})
    assert signs.lead_over_other_articles(standing(alone, "tower", (2.0,))) == 0


def test_what_is_sought_is_there_doubtful_or_missing(brannow: World) -> None:
    certain = standing(brannow, "When was the tower built?")
    assert (signs.unfit(certain), signs.doubtful(certain)) == (0, 0)
    missing = standing(brannow, "When was the tower built, in 1887?")
    assert (signs.unfit(missing), signs.doubtful(missing)) == (1, 0)
    single = standing(brannow, "Who built it?")
    assert (signs.unfit(single), signs.doubtful(single)) == (0, 0)  # "by Kowalczyk"


def test_a_question_for_anything_misses_no_kind(brannow: World) -> None:
    read = standing(brannow, "What is the tower?")
    assert signs.unfit(read) == signs.doubtful(read) == 0


def test_shares_missing_near_count_terms_and_the_rarest(brannow: World) -> None:
    read = standing(brannow, "tower zeppelin")
    assert signs.share_missing_near(read) == pytest.approx(0.5)
    assert signs.rarest_missing_near(read) == pytest.approx(read.view.terms.weight[1])
    assert signs.unknown_share(read) == pytest.approx(read.view.terms.weight[1])


def test_every_sign_is_a_finite_number(brannow: World) -> None:
    for question in ("zzz", "Who built the tower in 1887?"):
        read = standing(brannow, question)
        assert all(np.isfinite(sign.value(read)) for sign in (*SIGNS, *LATE_SIGNS)), question


def test_signs_have_names_of_their_own() -> None:
    names = [sign.name for sign in SIGNS]
    assert len(set(names)) == len(names)


def test_the_lead_is_over_the_next_candidate_wherever_it_stands(brannow: World) -> None:
    assert signs.lead(standing(brannow, "tower", (2.0, 1.5, 0.5, 0.0))) == pytest.approx(0.5)
    assert signs.lead(standing(world({"One": [[TOWER]]}), "tower", (2.0,))) == signs.MOST_LEAD


def test_the_lead_in_rare_terms_is_over_other_articles() -> None:
    two = world({"One": [[TOWER]], "Two": [["The harbour of Kowalczyk closed."]]})
    assert signs.lead_in_rare_terms(standing(two, "Which tower did Kowalczyk build?", (2.0, 1.0))) > 0
    assert signs.lead_in_rare_terms(standing(two, "Which harbour of Kowalczyk closed?", (2.0, 1.0))) < 0


def test_odds_are_the_log_of_a_share_of_what_the_scores_promise() -> None:
    three = world({"One": [[TOWER, "Rain fell."]], "Two": [["The harbour closed."]]})
    read = standing(three, "tower", (1.0, 1.0, 1.0))
    assert signs.odds_of_sentence(read) == pytest.approx(np.log(1 / 3))
    assert signs.odds_of_article(read) == pytest.approx(np.log(2 / 3))


def test_a_sentence_that_says_the_same_takes_no_odds_away() -> None:
    papers = world({"One": [[TOWER]], "Two": [["The tower was built in 1887 by Kowalczyk."]]})
    assert signs.odds_of_sentence(standing(papers, "tower", (1.0, 1.0))) == pytest.approx(0.0)


def test_words_missing_near_leave_out_names_and_numbers(brannow: World) -> None:
    read = standing(brannow, "Was the tower of Zamek painted in 1999?")
    weight = dict(zip(read.view.terms.words, read.view.terms.weight, strict=True))
    assert signs.words_missing_near(read) == pytest.approx(weight["paint"])


def test_unknown_names_are_those_that_the_library_lacks(brannow: World) -> None:
    assert signs.unknown_names(standing(brannow, "Did Horak know Kowalczyk?")) == 1
    assert signs.unknown_share(standing(brannow, "Did Kowalczyk build it?")) == 0


def test_what_stands_there_by_a_correction_alone_is_told_from_the_rest(brannow: World) -> None:
    query = brannow.query("Who built the towre?")
    corrected, changes = Corrector(brannow.engine, ANALYZERS).correct(query)
    assert changes
    assert corrected.corrected == {"tower"}
    view = brannow.ranker.view(corrected, brannow.whole_pool(), brannow.engine)
    read = Standing(view, np.array((2.0, 1.0, 0.0, 0.0)), 0)
    assert signs.corrected_share(read) == pytest.approx(view.terms.weight[view.terms.words.index("tower")])
    assert signs.corrected_share(standing(brannow, "Who built the tower?")) == 0


def test_a_term_that_is_common_elsewhere_is_less_of_a_loss_than_a_rare_one(brannow: World) -> None:
    common = signs.unknown_rarity(standing(brannow, "Was the tower used?"))
    rare = signs.unknown_rarity(standing(brannow, "Was the tower zeppelined?"))
    assert 0 < common < rare <= 1
    assert signs.rarity_missing_near(standing(brannow, "Who built the tower?")) == 0
    assert signs.names_missing_near(standing(brannow, "Did Qwertz build the tower?")) == pytest.approx(1.0)


def test_a_rare_term_that_the_library_holds_is_its_topic(brannow: World) -> None:
    read = standing(brannow, "Was Kowalczyk used?")
    excess = dict(zip(read.view.terms.words, read.excess, strict=True))
    assert excess["use"] == 0
    assert excess["kowalczyk"] == MOST_EXCESS
    assert signs.most_excess(read) == MOST_EXCESS
    assert signs.excess_of_article(read) == pytest.approx(MOST_EXCESS)
    assert signs.excess_near(read) == pytest.approx(MOST_EXCESS * read.rarity.max())


def test_nothing_that_is_missing_is_no_surprise(brannow: World) -> None:
    assert signs.surprise(standing(brannow, "Who built the tower?")) == 0
    assert signs.surprise(standing(brannow, "Who built the tower with zeppelins?")) > 0


def test_the_article_holds_what_its_other_passages_do(brannow: World) -> None:
    read = standing(brannow, "tower harbour")
    assert read.near.tolist() == [1, 0]
    assert read.topical.tolist() == [1, 1]


def test_a_question_that_leaves_its_answer_open_is_told(brannow: World) -> None:
    assert signs.is_open(standing(brannow, "What did the tower do?")) == 1
    assert signs.is_open(standing(brannow, "When was the tower built?")) == 0


def test_that_no_word_but_names_stands_near_is_told(brannow: World) -> None:
    assert signs.no_word_near(standing(brannow, "Where did Kowalczyk study?")) == 1
    assert signs.no_word_near(standing(brannow, "What did Kowalczyk build?")) == 0
    assert signs.no_word_near(standing(brannow, "Kowalczyk?")) == 0


def test_the_surprise_is_that_of_the_term_that_answers_repeat_most_be_it_in_the_library_or_not(brannow: World) -> None:
    assert signs.surprise_in_sentence(standing(brannow, "Who built the tower?")) == 0
    lacking = standing(brannow, "Where did Kowalczyk study?")
    assert signs.surprise(lacking) < 0.1  # the library lacks it
    assert signs.surprise_in_sentence(lacking) > 0.5
