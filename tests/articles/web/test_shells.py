import pytest

from bot.articles.article import Article
from bot.articles.web.address import parsed
from bot.articles.web.shells import LIST, Shells
from bot.wordlists import WordLists


@pytest.fixture(scope="module")
def shells() -> Shells:
    return Shells(WordLists().lines(LIST))


@pytest.mark.parametrize(
    "title",
    ["Page not found", "404", "404 - The Daily", "Just a moment...", "PAGE NOT FOUND | The Daily", "Access denied",
     "Сторінку не знайдено – Новини", "Sign in to continue"],
)  # fmt: skip
def test_a_page_that_calls_itself_a_shell_is_one(shells: Shells, title: str) -> None:
    article = Article(text="word " * 500, title=title, source="x")
    assert shells.in_place_of(article, b"", stored_characters=None).startswith("calls itself")


@pytest.mark.parametrize(
    "title",
    ["404 people were saved", "Access denied to refugees at the border", "Forbidden City opens again", "Wolves return",
     "Why so many see “Page not found”", ""],
)  # fmt: skip
def test_a_headline_that_begins_like_one_is_none(shells: Shells, title: str) -> None:
    article = Article(text="word " * 500, title=title, source="x")
    assert shells.in_place_of(article, b"", stored_characters=None) == ""


def test_a_short_page_that_asks_for_a_password_is_a_log_in(shells: Shells) -> None:
    form = b'<form><input name=p type="password"></form>'
    short, long = (Article(text="word " * count, source="x") for count in (20, 500))
    assert shells.in_place_of(short, form, stored_characters=None) == "asks for a password"
    assert shells.in_place_of(long, form, stored_characters=None) == ""


def test_an_article_of_which_little_is_left_is_hidden(shells: Shells) -> None:
    article = Article(text="word " * 20, source="x")
    assert shells.in_place_of(article, b"", stored_characters=300) == ""
    assert shells.in_place_of(article, b"", stored_characters=301) == (
        "holds 100 characters of 301: a paywall, or an empty page"
    )
    paid = b'{"@type": "NewsArticle", "isAccessibleForFree": "False"}'
    assert shells.in_place_of(article, paid, stored_characters=3_010).endswith("of 3,010: a paywall")


@pytest.mark.parametrize(
    ("asked", "reached", "says"),
    [
        ("https://a.example/story", "https://a.example/story", ""),
        ("https://a.example/story", "https://www.a.example/story/", ""),
        ("https://a.example/story", "https://a.example/", "front page"),
        ("https://a.example/", "https://a.example/", ""),
        ("https://a.example/story", "https://a.example/login?next=/story", "log-in"),
        ("https://a.example/story", "https://id.example/auth/realm", "log-in"),
        ("https://a.example/story", "https://a.example/subscribe", "paywall"),
        ("https://a.example/story", "https://a.example/authors/story", ""),
        ("https://a.example/login-page-design", "https://a.example/login-page-design/", ""),
    ],
)
def test_redirects_to_a_door_are_told(shells: Shells, asked: str, reached: str, says: str) -> None:
    found = shells.at_the_door(parsed(asked), parsed(reached))
    assert says in found
    assert bool(found) == bool(says)


def test_without_phrases_titles_tell_nothing() -> None:
    assert Shells(()).in_place_of(Article(text="x", title="404", source="x"), b"", stored_characters=None) == ""
