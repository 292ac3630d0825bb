"""Texts in Telegram's HTML, measured and escaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import html

from .botapi.entities import utf16_length
from .botapi.formatting import message_text


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5), st.integers(2, 80))
def test_what_was_measured_is_what_telegram_parses(text: str, marks: list[tuple[int, int]], most: int) -> None:
    shown = html.joined([html.blockquote(html.marked(text, marks, most=most)), html.plain("end.")], "\n")
    parsed, lost = message_text(shown.markup, "HTML", None)
    assert lost == 0
    assert utf16_length(parsed.text) <= shown.units
    ours = [entity.type for entity in parsed.entities if entity.type not in FOUND_BY_TELEGRAM]
    assert len(ours) <= shown.entities
    assert set(ours) <= {"blockquote", "bold"}


FOUND_BY_TELEGRAM = {"url", "email", "mention", "hashtag", "cashtag", "bot_command", "phone_number"}


def test_a_text_is_cut_between_characters_and_never_longer() -> None:
    assert html.cut("🦄🦄🦄", 4) == "🦄…"
    assert html.cut("abc", 3) == "abc"
    assert html.units(html.cut("x" * 5000, 4096)) == 4096


def test_marks_beyond_the_cut_are_left_out() -> None:
    assert html.marked("one two three", ((4, 7), (8, 13)), most=8).markup == "one <b>two</b>…"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "tg://user?id=1", "http://", "/etc/passwd", "http://a b", "", None]
)
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert html.link("here", url).markup == "here"


def test_a_link_cannot_leave_its_attribute() -> None:
    assert html.link("a<b", 'https://x.org/?q="><b>').markup == (
        '<a href="https://x.org/?q=&quot;&gt;&lt;b&gt;">a&lt;b</a>'
    )


def test_one_line_has_no_direction_marks() -> None:
    assert html.one_line("a\u202eb\n c\u200b\x00d") == "ab c d"
