"""The phrase list."""

import pytest

from bot.articles.boilerplate import Below, Boilerplate, ends_a_sentence
from bot.errors import SettingsError
from bot.wordlists import WordLists


class Lists(WordLists):
    """Word lists that hold these phrases and nothing else."""

    def __init__(self, *entries: str) -> None:
        super().__init__()
        self._entries = entries

    def lines(self, name: str) -> tuple[str, ...]:
        return self._entries if name == "boilerplate.txt" else ()


def test_a_plain_phrase_is_a_whole_line_whatever_its_case_and_edges() -> None:
    phrases = Boilerplate(Lists("Don't miss this"))
    for line in ("Don't miss this", "DON’T MISS THIS:", "  ✉️ Don’t   miss this → ", "— don't miss this —"):
        assert phrases.match(line) is Below.NOTHING
    for line in ("Don't miss this film", "We don't miss this", "Don't miss"):
        assert phrases.match(line) is None


def test_three_dots_stand_for_anything_between_whole_words() -> None:
    start, end, middle = (
        Boilerplate(Lists("Sign up ...")),
        Boilerplate(Lists("… all rights")),
        Boilerplate(Lists("a ... b")),
    )
    assert start.match("Sign up now") is start.match("Sign up") is Below.NOTHING
    assert start.match("Sign upstairs") is None
    assert end.match("© 2023 All rights!") is end.match("All rights") is Below.NOTHING
    assert end.match("Small rights") is None
    assert middle.match("A long b") is Below.NOTHING
    assert middle.match("A b") is Below.NOTHING
    assert middle.match("Along b") is None


def test_a_colon_before_the_dots_must_be_there() -> None:
    phrases = Boilerplate(Lists("Read more: ..."))
    assert phrases.match("Read more: War in Europe") is Below.NOTHING
    assert phrases.match("Read more books, he said") is None


def test_tails_say_what_goes_with_the_line() -> None:
    phrases = Boilerplate(Lists("Read + line below", "Related + lines below", "Written by ... + no full stop"))
    assert phrases.match("READ:") is Below.LINE
    assert phrases.match("Related") is Below.LINES
    assert phrases.match("Written by Jane Doe") is Below.NOTHING
    assert phrases.match("Written by Jane Doe, it won a prize.") is None


def test_a_long_line_is_the_articles_own() -> None:
    phrases = Boilerplate(Lists("Sign up ..."))
    assert phrases.match("Sign up " + "x" * 392) is Below.NOTHING
    assert phrases.match("Sign up " + "x" * 393) is None


@pytest.mark.parametrize("line", ["", "   ", "***", "😀"])
def test_a_line_without_words_matches_nothing(line: str) -> None:
    assert Boilerplate(WordLists()).match(line) is None


def test_a_wrong_tail_is_named_with_the_choices() -> None:
    with pytest.raises(
        SettingsError, match=r'"Read \+ line above".*"\+ line below", "\+ lines below", "\+ no full stop"'
    ):
        Boilerplate(Lists("Read + line above")).match("Read")


def test_a_phrase_without_a_word_is_refused() -> None:
    with pytest.raises(SettingsError, match="holds no word"):
        Boilerplate(Lists("...")).match("Read")


@pytest.mark.parametrize(
    "line",
    [
        "The story continues below the ad",
        "Story continues below advertisement",
        "Article continues after this message…",
        "Read more:",
        "READ MORE »",
        "Click to play the video:",
        "Click to play video: 'Sweden'",
        "SIGN UP for our newsletter ✉️ :",
        "Get the latest stories delivered straight to you",
        "Subscribe to our YouTube channel",
        "Follow us on Twitter",
        "© 2023 The Press",
        "All Rights Reserved.",
        "2 hours ago",
        "5 min read",
        "We use cookies to improve your experience.",
        "ADVERTISEMENT",
        "Читайте также: Что дальше",
        "Підписуйтесь на наш канал",
        "Lesen Sie auch:",
        "Publicité",
        "広告",
    ],
)
def test_the_shipped_list_knows_what_sites_print(line: str) -> None:
    assert Boilerplate(WordLists()).match(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement revenue fell by 5% in 2022.",
        "Published at a time of war, the novel was a failure.",
        "Written by Shakespeare in 1600, the play is still performed.",
        "By continuing the war, Russia loses more than it gains.",
        "Also on Tuesday, Russia said that it had taken the town.",
        "Elsewhere on the front, Ukrainian forces held their ground.",
        "He left the city two hours ago.",
        "Copyright law protects authors for 70 years.",
        "Follow the road until it ends.",
        "Share prices fell on Monday.",
        "Related companies were not affected.",
        "Video games are popular.",
        "Watch towers line the border.",
        "Home prices rose.",
        "Read this book twice, she said.",
        "Updated figures show a rise.",
        "Sources: two officials and a diplomat confirmed it.",
        "Реклама приносит газетам половину дохода.",
    ],
)
def test_the_shipped_list_spares_sentences_that_begin_alike(line: str) -> None:
    assert Boilerplate(WordLists()).match(line) is None


@pytest.mark.parametrize("line", ["So.", "So?", "“So!”", "So.)", "So…", "是。」", "है।", 'He said "so."'])
def test_a_sentence_ends_in_its_mark_and_what_closes_after_it(line: str) -> None:
    assert ends_a_sentence(line)


@pytest.mark.parametrize("line", ["So", "So:", "So,", "“So”", ""])
def test_other_lines_do_not_end_a_sentence(line: str) -> None:
    assert not ends_a_sentence(line)
