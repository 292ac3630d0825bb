"""Lines and paragraphs."""

import pytest

from bot.articles.layout import lines_of, marker_length, paragraphs_of


def paragraphs(text: str) -> list[str]:
    return [text[p.start : p.end] for p in paragraphs_of(text, lines_of(text))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_lines_end_in_any_of_the_known_ways(end: str) -> None:
    assert paragraphs(f"One ends.{end}{end}Two ends.{end}Three ends.") == ["One ends.", "Two ends.", "Three ends."]


def test_each_line_is_a_paragraph_where_lines_end_sentences() -> None:
    assert paragraphs("One is a line.\nTwo is another.\nThree ends.") == [
        "One is a line.",
        "Two is another.",
        "Three ends.",
    ]


def test_wrapped_lines_are_joined_up_to_the_blank_line() -> None:
    first = "The first paragraph was wrapped at\na width of some thirty-five letters\nor so. It ends here."
    assert paragraphs(f"{first}\n\nThe second\none too.") == [first, "The second\none too."]


def test_a_sentence_that_goes_on_in_the_next_line_is_not_cut() -> None:
    whole = [
        "One line ends here.",
        "Another ends.",
        "So does this.",
        "A fourth.",
        "The gas is made of O\n2 and of things that nobody knows.",
        "It is heavy.",
    ]
    assert paragraphs("\n".join(whole)) == whole


def test_items_begin_paragraphs_in_wrapped_text() -> None:
    text = "The list is as\nlong as this. It has:\n- one item that is\n  wrapped, and\n- another one."
    assert paragraphs(text)[1:] == ["- one item that is\n  wrapped, and", "- another one."]


def test_a_form_feed_ends_a_paragraph() -> None:
    assert paragraphs("it goes on. And\fon and. On.") == ["it goes on. And", "on and. On."]


def test_bullets_have_a_length_and_numbers_none() -> None:
    assert [marker_length(line, 0, len(line)) for line in ("- a", "•  b", "1. c", "(a) d", "-e", "f")] == [
        2,
        3,
        0,
        0,
        0,
        0,
    ]


def test_no_paragraph_in_nothing() -> None:
    assert paragraphs("") == paragraphs(" \n\t\r\n ") == []
