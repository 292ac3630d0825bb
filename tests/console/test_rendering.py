"""The rendering: what a person reads of an answer."""

import msgspec

from bot.answering.answer import Change, Reply
from bot.console.rendering import answer_lines, marked, origin_lines, quote_lines
from bot.console.screen import Span, Style
from bot.messages import Messages
from tests.console.fakes import TEXT, FakeShelf, answered, not_said, quote, source

MESSAGES = Messages.load("en")
SHELF = FakeShelf(2)


def test_a_quote_stands_over_its_title_date_and_the_number_of_other_sources() -> None:
    lines = [str(line) for line in answer_lines(answered(quotes=2), SHELF, MESSAGES, limit=3)]
    assert lines == [
        f"1. {TEXT}",
        "   Report 1 · 2023-03-08 · also in 2 other sources",
        "",
        f"2. {TEXT}",
        "   Report 2 · 2023-03-08",
    ]


def test_at_most_the_limit_is_shown() -> None:
    assert len(list(answer_lines(answered(quotes=9), SHELF, MESSAGES, limit=1))) == 2


def test_what_was_read_differently_comes_first() -> None:
    changes = (Change("spelling", "prigozin", "prigozhin"), Change("follow-up", "And when?", "when wagner"))
    lines = [str(line) for line in answer_lines(answered(changes=changes), SHELF, MESSAGES, limit=1)]
    assert lines[:3] == ["Read “prigozin” as “prigozhin”.", "Read as a follow-up: “when wagner”", ""]


def test_near_misses_are_offered_as_such_after_the_plain_word() -> None:
    lines = [str(line) for line in answer_lines(not_said(), SHELF, MESSAGES, limit=3)]
    assert lines[0] == "The articles do not say."
    assert lines[2] == "Nearest to the question, though they may not answer it:"
    assert lines[4] == f"1. {TEXT}"


def test_when_nothing_is_near_one_line_says_so() -> None:
    assert [str(line) for line in answer_lines(not_said(near_misses=0), SHELF, MESSAGES, limit=3)] == [
        "The articles do not say."
    ]


def test_a_greeting_is_greeted_with_questions_to_try_and_without_near_misses() -> None:
    greeting = msgspec.structs.replace(not_said("hi"), reply=Reply.GREETING, samples=("Who?", "When?"))
    assert [str(line) for line in answer_lines(greeting, SHELF, MESSAGES, limit=3)] == [
        MESSAGES.text("answer.greeting"),
        "",
        "For example:",
        "- Who?",
        "- When?",
    ]


def test_who_asks_what_there_is_gets_the_list_of_articles() -> None:
    overview = msgspec.structs.replace(not_said(), reply=Reply.OVERVIEW)
    assert [str(line) for line in answer_lines(overview, SHELF, MESSAGES, limit=3)] == [
        "The library holds 2 articles:",
        "- Report 1",
        "  2023-03-08 · 1 sentence",
        "- Report 2",
        "  2023-03-08 · 2 sentences",
    ]


def test_a_language_that_no_article_is_in_is_named_as_the_reason() -> None:
    foreign = msgspec.structs.replace(not_said(near_misses=0), reply=Reply.LANGUAGE)
    assert "language" in str(next(answer_lines(foreign, SHELF, MESSAGES, limit=3)))


def test_highlights_are_bold_and_the_text_stays_whole() -> None:
    spans = marked(quote())
    assert spans[1] == Span(TEXT[8:17], Style.MARKED)
    assert "".join(span.text for span in spans) == TEXT


def test_highlights_that_touch_or_overlap_double_no_letter() -> None:
    for highlights in (((0, 5), (5, 9)), ((0, 9), (3, 12)), ((0, len(TEXT)),), ((4, 4),), ()):
        spans = marked(msgspec.structs.replace(quote(), highlights=highlights))
        assert "".join(span.text for span in spans) == TEXT


def test_an_escape_in_an_article_never_reaches_the_terminal() -> None:
    hostile = msgspec.structs.replace(
        quote(text="\x1b]0;title\x07 red"), article=source(1, title="\x1b[31mred\x1b[0m"), before="\x1b[2J"
    )
    lines = quote_lines([hostile], MESSAGES, why=True, context=True)
    assert not any("\x1b" in str(line) for line in lines)


def test_why_gives_the_confidence_and_the_reasons_by_their_weight() -> None:
    lines = [str(line) for line in quote_lines([quote()], MESSAGES, why=True)]
    assert lines[2:] == ["   90 % sure that this answers", "    +50 %  published 2023-03-08"]


def test_context_puts_the_neighbours_around_the_quote() -> None:
    (first, _) = quote_lines([quote()], MESSAGES, context=True)
    assert str(first) == f"1. It rained. {TEXT} They walked."


def test_an_article_without_title_or_date_goes_by_its_source() -> None:
    bare = msgspec.structs.replace(quote(), article=source(1, title="", published=None))
    assert [str(line) for line in quote_lines([bare], MESSAGES)][1] == "   news/1.txt"


def test_every_article_of_an_answer_is_listed_once_with_its_source() -> None:
    lines = [str(line) for line in origin_lines(answered(quotes=2).quotes, MESSAGES)]
    assert [line for line in lines if line.startswith("- ")] == ["- Report 1", "- Report 2", "- Report 3"]
    assert lines[1] == "  news/1.txt · published 2023-03-08"
