"""Answers in pages: what a message can hold, whatever the articles hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Answer, Change, Quote, Reason, Source, Twin
from bot.messages import Messages
from bot.telegram import html, rendering
from bot.telegram.answers import KeptAnswer
from bot.telegram.callbacks import MOST_BYTES, Action, Callback, new_key, parse
from bot.telegram.keyboards import Place, keyboard
from bot.telegram.rendering import View

from .botapi.formatting import message_text

ENGLISH = Messages.load("en")


def quote(text: str, *, title: str = "Title", marks: tuple[tuple[int, int], ...] = (), twins: int = 0) -> Quote:
    source = Source(id="a", title=title, source="/srv/x/y.txt", published="2023-03-08", language="en")
    return Quote(
        text=text, start=0, end=len(text), confidence=0.5, highlights=marks, before=text, after=text, article=source,
        also_in=tuple(Twin(text, 0, 1, Source(f"b{n}", title, f"s{n}", None, "en")) for n in range(twins)),
        why=(Reason("why.sentence", {"percent": 3}, 0.3),) * 9,
    )  # fmt: skip


@given(
    st.lists(st.text(max_size=3000).filter(html.one_line), min_size=1, max_size=7),
    st.text(max_size=300),
    st.sampled_from([View(), View(context=True), View(why=True), View(sources=True)]),
)
def test_every_page_of_any_answer_fits_into_a_message(texts: list[str], title: str, view: View) -> None:
    marks = tuple((n * 2, n * 2 + 1) for n in range(200))
    quotes = tuple(quote(text, title=title, marks=marks, twins=30) for text in texts)
    changes = (Change("spelling", title, title),) * 9
    answer = Answer(question="?", answered=True, confidence=0.9, quotes=quotes, changes=changes)
    for page in range(len(rendering.pages(quotes))):
        shown = rendering.answer_text(answer, ENGLISH, page=page, view=view)
        parsed, lost = message_text(shown.markup, "HTML", None)
        assert lost == 0
        assert shown.fits()
        quoted = [entity for entity in parsed.entities if entity.type == "blockquote"]
        assert len(quoted) >= len(rendering.pages(quotes)[page]), "none is left out for want of room"


def test_the_longest_of_everything_leaves_no_quote_out() -> None:
    marks = tuple((n * 2, n * 2 + 1) for n in range(200))
    quotes = tuple(quote(letter * 9000, title="T" * 900, marks=marks, twins=40) for letter in "abcdefg")
    changes = (Change("spelling", "x" * 500, "y" * 500),) * 9
    answer = Answer(question="?", answered=True, confidence=0.9, quotes=quotes, changes=changes)
    near = Answer(question="?", answered=False, confidence=0.1, quotes=(), near_misses=quotes[:3])
    for view in (View(), View(context=True), View(why=True), View(sources=True)):
        shown = [rendering.answer_text(answer, ENGLISH, page=page, view=view) for page in range(3)]
        assert [one.markup.count("<blockquote>") for one in shown] == [1, 3, 3]
        assert rendering.near_misses_text(near, ENGLISH, view=view).markup.count("<blockquote>") == 3


def test_the_best_quote_stands_alone_and_the_others_three_by_three() -> None:
    quotes = [quote(str(number)) for number in range(8)]
    assert [len(page) for page in rendering.pages(quotes)] == [1, 3, 3, 1]


@pytest.mark.parametrize(
    ("title", "source", "shown"),
    [
        ("A title", "/srv/a.txt", "A title"),
        ("", "/srv/private/a.txt", "a.txt"),
        ("/srv/private/a.txt", "/srv/private/a.txt", "a.txt"),
        ("", "C:\\Users\\x\\a.txt", "a.txt"),
        ("", "https://example.org/b%20c/", "example.org/b c"),
    ],
)
def test_an_article_is_never_called_by_a_path(title: str, source: str, shown: str) -> None:
    assert rendering.name(Source("i", title, source, None, "en")) == shown


def test_callback_data_keeps_within_telegrams_bytes_and_comes_back() -> None:
    callback = Callback(Action.CONTEXT, new_key(), 999)
    assert len(callback.data().encode()) <= MOST_BYTES
    assert parse(callback.data()) == callback


@pytest.mark.parametrize(
    "data", [None, "", "p", "p:k", "x:k:1", "p:k:1000", "p:k:-1", "p:k k:1", "p:k:1\n", "p:" + "k" * 33 + ":1"]
)
def test_data_that_no_button_of_ours_has_is_none(data: str | None) -> None:
    assert parse(data) is None


def labels(answer: Answer, place: Place = Place()) -> list[str]:  # noqa: B008 - a named tuple
    kept = KeptAnswer(id="k", chat=1, asker=1, question=1, asked="?", language="en", answer=answer)
    return [button.text for row in keyboard(kept, ENGLISH, place) for button in row]


def test_the_buttons_fit_what_is_shown() -> None:
    four = Answer(question="?", answered=True, confidence=0.9, quotes=tuple(quote(str(n)) for n in range(4)))
    assert labels(four) == ["More", "Context", "Why", "Source", "👍", "👎"]
    assert labels(four, Place(1, Action.WHY)) == ["Back", "Context", "Close", "Source", "👍", "👎"]
    nothing = Answer(question="?", answered=False, confidence=0.1)
    assert labels(nothing) == []
    corrected = Answer(
        question="?", answered=False, confidence=0.1, near_misses=(quote("x"),), changes=(Change("spelling", "a", "b"),)
    )
    assert labels(corrected) == ["Show the nearest", "Ask again without the correction"]
