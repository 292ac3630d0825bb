"""Which of several reports of the same is quoted first: the owner's choice, and the newer of equals."""

from pathlib import Path

import pytest

from bot.answering.answer import Quote
from bot.app import open_app
from bot.articles.article import Article
from bot.settings import load_settings

REPORT = (
    "The ferry between Brannow and the island of Hel ran aground on Sunday night. Forty passengers were taken off by "
    "lifeboats from two harbours. The captain, Ilse Brandt, said that fog hid the buoys. Nobody was hurt.\n\n"
    "The company will inspect its three other ferries this week. Passengers get their fares back, a spokesman said. "
    "The service is to start again when divers have looked at the hull. Fishing boats bring the mail meanwhile.\n\n"
    "It is the second accident of the line within a decade. A cargo ship rammed the pier in autumn 2015 and sank. "
    "The harbour master has asked for radar since then, and the ministry in the capital has never replied to him. "
    "Islanders plan a march to the town hall. They want a bridge, which engineers call costly but possible."
)
QUESTION = "What ran aground between Brannow and the island of Hel?"


def report(source: str, published: str | None, more: str = "") -> Article:
    return Article(source=source, text=REPORT + more, published=published, language="en")


def first_quote(folder: Path, articles: list[Article], question: str, **settings: str) -> Quote:
    with open_app(load_settings(environment=settings), library=str(folder)) as app:
        for article in articles:
            app.library.put(article)
        answer = app.answerer.answer(question)
        return (*answer.quotes, *answer.near_misses)[0]


@pytest.mark.parametrize(("lead", "expected"), [("newest", "c-new"), ("longest", "a-long")])
def test_of_near_duplicates_the_one_that_the_owner_chose_leads(tmp_path: Path, lead: str, expected: str) -> None:
    articles = [
        report("b-old", "2023-01-01"),
        report("c-new", "2023-03-01"),
        report("a-long", "2023-02-01", "\n\nThe island has no other link to the coast, and its shops are half empty."),
    ]
    quote = first_quote(tmp_path, articles, QUESTION, VERBATIM_ARTICLES_DUPLICATES_LEAD=lead)
    assert quote.article.source == expected
    assert "ran aground" in quote.text
    assert {twin.article.source for twin in quote.also_in} == {"a-long", "b-old", "c-new"} - {expected}
    assert quote.text == REPORT[quote.start : quote.end]


def test_of_equals_that_are_too_short_to_be_duplicates_the_newer_is_first(tmp_path: Path) -> None:
    text = "The mill of Brannow burned down on Friday. Its miller is Jan Duda."
    articles = [Article(source=source, text=text, published=day, language="en")
                for source, day in (("a", "2022-05-01"), ("b", "2023-05-01"), ("c", None))]  # fmt: skip
    quote = first_quote(tmp_path, articles, "Who is the miller of Brannow?")
    assert quote.article.source == "b"
    assert [twin.article.source for twin in quote.also_in] == ["a", "c"]
