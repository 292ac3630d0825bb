"""The answerer over a small library of its own: what it quotes, when it keeps silent, what it hands on."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from bot.answering.answer import Answer, Reply
from bot.answering.answerer import Answerer
from bot.answering.followups.conversation import Conversation
from bot.app import App, open_app
from bot.articles.article import Article
from bot.articles.filters import Filters
from bot.errors import QuestionError
from bot.settings import load_settings

NOON = datetime(2023, 3, 8, 12, tzinfo=UTC).timestamp()

LIGHTHOUSE = Article(
    source="lighthouse",
    title="The lighthouse of Brannow",
    published="2023-03-07",
    text=(
        "The lighthouse of Brannow was built in 1887 by the engineer Marta Kowalczyk. "
        "It is 43 metres high and stands on the northern cliff.\n\n"
        "The harbour committee wants to close it because the repairs cost 2 million euros. "
        "Fishermen protested against the plan on Monday."
    ),
)
MUSEUM = Article(
    source="museum",
    title="A museum for Brannow",
    published="2021-05-01",
    text=(
        "The museum of Brannow opened in the old salt store. Its director is Pavel Horak.\n\n"
        "The lighthouse of Brannow was built in 1887 by engineer Marta Kowalczyk, a guide says. "
        "The museum shows 300 ships in bottles."
    ),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_app(load_settings(environment={}), library=str(tmp_path_factory.mktemp("library"))) as opened:
        for article in (LIGHTHOUSE, MUSEUM):
            opened.library.put(article)
        yield opened


@pytest.fixture
def ask(app: App) -> Callable[..., Answer]:
    return app.answerer.answer


def test_the_quote_is_the_slice_of_its_article(app: App, ask: Callable[..., Answer]) -> None:
    answer = ask("Who is the director of the museum?")
    assert answer.answered
    for quote in answer.quotes:
        (article,) = app.library.find(quote.article.id)
        assert app.library.text(article.number)[quote.start : quote.end] == quote.text
        assert all(0 <= start < end <= len(quote.text) for start, end in quote.highlights)
    assert answer.quotes[0].text == "Its director is Pavel Horak."
    assert answer.quotes[0].before == "The museum of Brannow opened in the old salt store."


def test_a_report_in_two_articles_is_one_quote_with_two_sources(ask: Callable[..., Answer]) -> None:
    quote = ask("Who built the lighthouse of Brannow?").quotes[0]
    assert "Marta Kowalczyk" in quote.text
    assert {quote.article.source, *(twin.article.source for twin in quote.also_in)} == {"lighthouse", "museum"}


def test_what_the_articles_do_not_hold_is_not_answered(ask: Callable[..., Answer]) -> None:
    answer = ask("Who won the football World Cup in Argentina?")
    assert (answer.answered, answer.quotes, answer.reply) == (False, (), Reply.NOTHING)


def test_a_question_without_a_known_word_has_no_near_misses(ask: Callable[..., Answer]) -> None:
    answer = ask("Qwertyuiop zxcvbnm?")
    assert (answer.answered, answer.near_misses, answer.confidence) == (False, (), 0.0)


def test_top_bounds_both_lists(ask: Callable[..., Answer]) -> None:
    assert len(ask("Who built the lighthouse of Brannow?", top=1).quotes) == 1
    assert len(ask("What is the population of Brannow?", top=2).near_misses) <= 2


def test_a_filter_leaves_the_other_articles_out(ask: Callable[..., Answer]) -> None:
    only_museum = ask("Who built the lighthouse of Brannow?", filters=Filters(source="museum"))
    assert {quote.article.source for quote in only_museum.quotes} == {"museum"}
    assert only_museum.quotes[0].also_in == ()
    nothing = ask("Who built the lighthouse?", filters=Filters(until=date(2020, 1, 1)))
    assert (nothing.answered, nothing.near_misses) == (False, ())


@pytest.mark.parametrize("question", ["", "   ", "🙂🙂", "?!", "a" * 10_000])
def test_what_is_no_question_raises_one_clear_line(ask: Callable[..., Answer], question: str) -> None:
    with pytest.raises(QuestionError, match=r"question"):
        ask(question)


def test_a_greeting_comes_back_with_questions_that_are_answered(ask: Callable[..., Answer]) -> None:
    answer = ask("Hello!")
    assert answer.reply is Reply.GREETING
    assert answer.samples
    assert all(ask(sample).answered for sample in answer.samples)


@pytest.mark.parametrize("keywords", ["Kowalczyk", "lighthouse", "salt store", "Marta Kowalczyk"])
def test_keywords_get_the_sentences_that_hold_them(ask: Callable[..., Answer], keywords: str) -> None:
    answer = ask(keywords)
    assert answer.answered
    assert all(word.casefold() in answer.quotes[0].text.casefold() for word in keywords.split())


def test_an_unknown_keyword_is_not_answered(ask: Callable[..., Answer]) -> None:
    assert not ask("zeppelin").answered


def test_a_question_in_a_language_of_no_article_is_told_so(ask: Callable[..., Answer]) -> None:
    assert ask("Хто збудував маяк у Бранові і коли це було?").reply is Reply.LANGUAGE


def test_a_follow_up_takes_over_what_it_lacks(app: App) -> None:
    answerer = app.answerer
    first = answerer.answer("Who built the lighthouse of Brannow?")
    conversation = answerer.remember(Conversation(), first)
    second = answerer.answer("And when?", conversation=conversation)
    assert [change.kind for change in second.changes] == ["follow-up"]
    assert "1887" in (second.quotes or second.near_misses)[0].text
    remembered = answerer.remember(conversation, second).turns[-1]
    assert remembered.asked == "And when?"
    assert remembered.question.startswith("And when? (")


def test_a_conversation_expires(app: App) -> None:
    now = [NOON]
    inner = app.answerer
    answerer = Answerer(inner.parts, inner.limits, clock=lambda: now[0])
    conversation = answerer.remember(Conversation(), answerer.answer("Who built the lighthouse of Brannow?"))
    now[0] += 60 * (inner.limits.conversation.expires_minutes + 1)
    assert answerer.answer("And when?", conversation=conversation).changes == ()


def test_a_time_in_the_question_limits_the_articles_where_that_answers(app: App) -> None:
    inner = app.answerer
    answerer = Answerer(inner.parts, inner.limits, clock=lambda: NOON)
    dated = answerer.answer("In May 2021, who built the lighthouse of Brannow?")
    assert dated.quotes[0].article.source == "museum"
    assert ("time", "2021-05-01 – 2021-05-31") in {(change.kind, change.after) for change in dated.changes}
    nowhere = answerer.answer("In April 2019, who built the lighthouse of Brannow?")
    assert all(change.kind != "time" for change in nowhere.changes)


def test_an_article_that_is_put_in_is_answered_from_at_once(app: App, ask: Callable[..., Answer]) -> None:
    assert not ask("Who conducts the brass band?").answered
    app.library.put(Article(source="band", title="Music", text="The brass band is conducted by Ilse Brandt."))
    try:
        assert ask("Who conducts the brass band?").quotes[0].text == "The brass band is conducted by Ilse Brandt."
    finally:
        app.library.remove([article.number for article in app.library.find("band")])
    assert not ask("Who conducts the brass band?").answered


def test_an_empty_library_answers_nothing_and_raises_nothing(tmp_path: Path) -> None:
    with open_app(load_settings(environment={}), library=str(tmp_path)) as empty:
        empty.library.set_flag("samples", "out")
        answer = empty.answerer.answer("Who built the lighthouse?")
        assert (answer.answered, answer.near_misses, answer.reply) == (False, (), Reply.NOTHING)
        assert empty.answerer.answer("hi").reply is Reply.GREETING


def test_an_answer_is_written_in_the_shape_that_programs_rely_on(ask: Callable[..., Answer]) -> None:
    record = msgspec.to_builtins(ask("Who is the director of the museum?"))
    assert {"question", "answered", "confidence", "quotes", "near_misses", "changes", "elapsed_ms"} <= set(record)
    assert {"text", "start", "end", "confidence", "highlights", "before", "after", "article", "also_in"} <= set(
        record["quotes"][0]
    )
