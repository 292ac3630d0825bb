"""What the confidence is fitted on: libraries with a part left out, questions right and misspelt, what came of them."""

import pytest

from bot.answering.features.catalogue import FEATURES
from bot.answering.ranking import ANY_LANGUAGE
from bot.answering.signs import SIGNS
from bot.evaluation.fitting.abstaining import half_libraries, outcomes
from bot.evaluation.fitting.confidence import COUNTS
from bot.evaluation.fitting.paraphrase import Paraphraser
from bot.evaluation.fitting.samples import Asker
from bot.evaluation.fitting.workshop import Workshop
from bot.evaluation.questions import AskedArticle, AskedQuestion, GoldAnswer
from tests.answering.worlds import ANALYZERS, LISTS, SEARCH, paragraph

PARAGRAPHS = 14
SUBJECTS = ("lighthouse", "brewery", "monastery", "shipyard", "observatory", "orchard")


@pytest.fixture(scope="module")
def asker() -> Asker:
    return Workshop(LISTS, ANALYZERS, SEARCH, (), lambda _: None).asker(None)


def article(number: int) -> AskedArticle:
    """An article whose paragraphs each have a question that names its subject and a number of its own."""
    made = []
    for place in range(PARAGRAPHS):
        year = 1000 + 100 * number + place
        plain = paragraph([f"The {SUBJECTS[number]} was enlarged in {year} by masons.", "Rain fell for weeks."])
        question = AskedQuestion(f"Who enlarged the {SUBJECTS[number]} in {year}?", (GoldAnswer(30, "by masons"),))
        made.append(type(plain)(plain.context, (question,), plain.sentences))
    return AskedArticle(SUBJECTS[number].title(), tuple(made))


ARTICLES = [article(number) for number in range(len(SUBJECTS))]


def test_every_library_is_asked_about_what_it_holds_and_lacks(asker: Asker) -> None:
    libraries = [each for each in half_libraries(ARTICLES, asker.analyzer) if len(each.collection.articles)]
    assert {*COUNTS, "news", "tiny", "window", "twins", "gaps"} <= {each.kind for each in libraries}
    for each in libraries:
        present = [bool(posed.gold) for posed in each.collection.posed]
        assert any(present), each.kind
        if each.kind not in ("few", "gaps"):  # one article of six, one paragraph
            assert not all(present), each.kind


def test_a_misspelt_question_is_read_as_the_library_spells_it(asker: Asker) -> None:
    collection = next(each.collection for each in half_libraries(ARTICLES, asker.analyzer))
    posed = [each for each in collection.posed if each.gold][:2]
    misspelt = {posed[0].query.text: posed[0].query.text.replace("lighthouse", "lighthuose")}
    first, second = asker.views(collection, posed, misspelt)
    assert first[1].query.corrected == {ANALYZERS.of("en").term("lighthouse")}
    assert first[1].query.terms == first[0].query.terms
    assert second[1].query.corrected == frozenset()


def test_outcomes_tell_what_was_there_and_what_was_found(asker: Asker) -> None:
    weights = {ANY_LANGUAGE: {feature.name: 1.0 for feature in FEATURES if feature.name == "share in sentence"}}
    paraphraser = Paraphraser({}, [], asker.analyzer)
    found = [outcome for _, outcome in outcomes(ARTICLES, asker, paraphraser, weights, seed=1)]
    long = [outcome for outcome in found if outcome.library == "long"]
    assert {outcome.sentences for outcome in long} == {3 * PARAGRAPHS * 2}
    assert {len(outcome.signs) for outcome in found} == {sum(not sign.needs_tables for sign in SIGNS)}
    clean = [outcome for outcome in long if outcome.is_present]
    assert sum(outcome.is_right for outcome in clean) > 0.8 * len(clean)
    assert not any(outcome.is_right for outcome in long if not outcome.is_present)
