"""The date that a page prints near its headline."""

from datetime import date

import pytest

from bot.articles.readers.byline import date_in, printed_date
from bot.articles.readers.html import parsed

LATEST = date(2023, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "8. März 2023, 14:05 Uhr", "08.03.2023", "8.3.2023", "Publié le 8 mars 2023 à 14 h 05", "8 марта 2023, 14:05",
        "8 березня 2023", "8 de marzo de 2023", "March 8, 2023", "8th March 2023", "Mar. 8, 2023", "Mi., 8. Mär. 2023",
        "2023-03-08 14:05", "Updated on 8 March 2023 and on 9 March 2023",
    ],
)  # fmt: skip
def test_a_full_date_is_read_as_it_is_written_in_many_languages(text: str) -> None:
    assert date_in(text) == date(2023, 3, 8)


def test_the_first_of_a_month_is_written_with_letters_in_french() -> None:
    assert date_in("Publié le 1er mars 2023 – Mis à jour le 2 mars 2023") == date(2023, 3, 1)


@pytest.mark.parametrize(
    "text", ["03/08/2023", "March 2023", "8 March", "31 February 2023", "8 Mulch 2023", "1.2.3", "", "12 10 2023"]
)
def test_what_is_no_full_date_or_means_two_is_none(text: str) -> None:
    assert date_in(text) is None


def printed(body: str) -> str | None:
    root = parsed(f"<html><body>{body}</body></html>")
    assert root is not None
    return printed_date(root, latest=LATEST)


def test_a_line_that_is_marked_as_a_date_is_one_wherever_it_stands() -> None:
    assert printed("<p class='pub-date'>8 March 2023</p><h1>Wolves</h1>") == "2023-03-08"
    assert printed("<time>8. März 2023</time>") == "2023-03-08"


def test_a_short_line_under_the_headline_may_be_the_date() -> None:
    assert printed("<h1>Волки</h1><div><span>Анна</span><span>8 марта 2023</span></div>") == "2023-03-08"
    assert printed("<div><span>8 March 2023</span></div><h1>Wolves</h1>") is None


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Wolves</h1><p>On 8 March 2023 a wolf came.</p>",
        "<h1>Wolves</h1><footer><span class='date'>8 March 2023</span></footer>",
        "<h1>Wolves</h1><div class='related'><time>8 March 2023</time></div>",
        "<h1>Wolves</h1><time>8 March 2024</time>",
        "<h1>Wolves</h1><time>8 March 1917</time>",
        f"<h1>Wolves</h1><div class='meta'>8 March 2023{' and more' * 30}</div>",
    ],
)
def test_dates_of_the_story_of_other_articles_and_of_the_future_are_not_the_page_s(body: str) -> None:
    assert printed(body) is None
