"""Titles of articles that come without one."""

from bot.articles.title import Titles, opening
from bot.resources import seeds_folder
from bot.wordlists import WordLists

TITLES = Titles(WordLists())


def test_the_first_line_that_is_a_heading_is_the_title() -> None:
    assert TITLES.of("Town  holds out\n\nThe town has held out for seven months now.") == "Town holds out"
    assert TITLES.of("# Town #1\n\nThe town.") == "Town #1"


def test_boilerplate_before_the_title_is_passed_over() -> None:
    seed = (seeds_folder() / "001_dc13461af3aa236c.txt").read_text(encoding="utf-8")
    assert TITLES.of(seed) == "Ukraine vows to defend Bakhmut as Russian grip tightens"


def test_a_site_and_a_section_are_no_titles_where_a_longer_heading_follows() -> None:
    assert (
        TITLES.of(
            "The News\n\nWorld\n\nTown holds out for now\n\nBy Jane\n\nThe town has held out for seven months so far."
        )
        == "Town holds out for now"
    )


def test_without_a_heading_the_opening_words_are_the_title() -> None:
    seed = (seeds_folder() / "000_666e057f571c62ec.txt").read_text(encoding="utf-8")
    assert TITLES.of(seed) == "President of Ukraine Volodymyr Zelenskyy publicly committed his troops…"
    assert TITLES.of("Advertisement\n\nIt is short.") == "It is short."


def test_a_text_of_boilerplate_alone_has_a_title_all_the_same() -> None:
    assert TITLES.of("Advertisement") == "Advertisement"


def test_the_opening_is_cut_between_words_and_within_a_word_that_is_too_long() -> None:
    assert opening("word " * 20) == "word " * 13 + "word…"
    assert opening("x" * 80) == "x" * 70 + "…"
    assert opening("a b") == "a b"
