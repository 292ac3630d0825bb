"""The whole product on trial: what goes in, what is asked, and what counts as right."""

from bot.answering.answer import Answer, Quote, Source, Twin
from bot.evaluation.product import Gold, Outcome, ProductQuestion, covers, outcome_of, run_trial, trial, whole_trial
from bot.evaluation.questions import AskedArticle, AskedParagraph, AskedQuestion, GoldAnswer
from tests.evaluation.fakes import SharedWords

HERE = Source("a", "A", "a", None, "en")
THERE = Source("b", "B", "b", None, "en")


def quote(text: str, start: int, *, article: Source = HERE, twins: tuple[Twin, ...] = ()) -> Quote:
    return Quote(text=text, start=start, end=start + len(text), confidence=0.9, article=article, also_in=twins)


def gold(start: int, source: str = "a") -> Gold:
    return Gold(source, GoldAnswer(start, "x"))


def test_a_quote_covers_an_answer_that_starts_in_it() -> None:
    assert covers(quote("abc", 10), gold(10))
    assert covers(quote("abc", 10), gold(12))
    assert not covers(quote("abc", 10), gold(13))
    assert not covers(quote("abc", 10), gold(9))
    assert not covers(quote("abc", 10), gold(10, "b"))


def test_a_quote_covers_what_its_twin_elsewhere_covers() -> None:
    twin = Twin("abc", 40, 43, THERE)
    assert covers(quote("abc", 10, twins=(twin,)), gold(41, "b"))
    assert not covers(quote("abc", 10, twins=(twin,)), gold(41, "a"))


def test_near_misses_are_the_ranking_where_the_bot_kept_quiet() -> None:
    asked = ProductQuestion("Q?", 1, (gold(5),))
    answer = Answer(question="Q?", answered=False, confidence=0.2, near_misses=(quote("a", 0), quote("b", 5)))
    outcome = outcome_of(asked, answer)
    assert outcome.right == (False, True)
    assert not outcome.first_is_right
    assert not outcome.answered


def test_an_empty_ranking_is_not_right() -> None:
    asked = ProductQuestion("Q?", 1, (gold(5),))
    assert not Outcome(asked, False, 0.0, (), (), 1.0).first_is_right


def article(title: str, *paragraphs: tuple[str, str, str]) -> AskedArticle:
    return AskedArticle(
        title,
        tuple(
            AskedParagraph(context, (AskedQuestion(question, (GoldAnswer(context.index(answer), answer),)),))
            for context, question, answer in paragraphs
        ),
    )


TWO = [
    article("One_way", ("Ann came first.", "Who came first?", "Ann"), ("Bob came last.", "Who came last?", "Bob")),
    article("Other", ("Cleo came first.", "Who came first?", "Cleo"), ("Dan sings.", "Who sings?", "Dan")),
]


def test_offsets_of_later_paragraphs_point_into_the_articles_text() -> None:
    whole = whole_trial(TWO)
    texts = {held.source: held.text for held in whole.articles}
    for question in whole.questions:
        for right in question.gold:
            assert texts[right.source][right.answer.start : right.answer.end] == right.answer.text
    assert [held.title for held in whole.articles] == ["One way", "Other"]


def test_a_question_that_occurs_twice_is_asked_once_with_all_its_answers() -> None:
    whole = whole_trial(TWO)
    assert [question.question for question in whole.questions] == ["Who came first?", "Who came last?", "Who sings?"]
    assert [right.answer.text for right in whole.questions[0].gold] == ["Ann", "Cleo"]


def test_questions_of_articles_that_are_left_out_have_no_gold() -> None:
    half = trial(TWO, [1, 2], held=lambda place: place == 1)
    assert [held.title for held in half.articles] == ["Other"]
    assert [(question.cluster, len(question.gold)) for question in half.questions] == [(1, 1), (1, 0), (2, 1)]


def test_outcomes_come_in_the_order_of_the_questions() -> None:
    whole = whole_trial(TWO)
    outcomes = list(run_trial(SharedWords(whole.articles), whole.questions))
    assert [outcome.asked for outcome in outcomes] == list(whole.questions)
    assert [outcome.first_is_right for outcome in outcomes] == [True, True, True]
    assert [outcome.confidence for outcome in outcomes] == [2 / 3, 2 / 3, 0.5]
