"""The local Bot API server's HTML: Telegram's results and Telegram's errors."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .botapi.entities import Entity, FormattedText, fix_entities, to_json, trim, utf16_length
from .botapi.errors import BotApiError
from .botapi.formatting import format_text, message_text, to_html
from .botapi.markup import MarkupError, parse_html

# A goal (U+1F3DF, 4 bytes and 2 UTF-16 units), a blank, a goal, "&lt;": the tag behind it begins at byte 13.
GOALS = "🏟 🏟&lt;"


@pytest.mark.parametrize(
    ("tail", "message"),
    [
        ("<abac", "Unclosed start tag at byte offset 13"),
        ("<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        ("<ABAC>", 'Unsupported start tag "abac" at byte offset 13'),
        ("<>", 'Unsupported start tag "" at byte offset 13'),
        ("< b>", 'Unsupported start tag "" at byte offset 13'),
        ("<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        ("<i    aba>", 'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 13'),
        ("<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        ("<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        ('<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
        ("</", "Unexpected end tag at byte offset 13"),
        ("<b></b></", "Unexpected end tag at byte offset 20"),
        ("<i>a</i   ", "Unclosed end tag at byte offset 17"),
        ("<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<span class="x">a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 13'),
        ("&#xDFDF;", "Text contains invalid Unicode characters after decoding HTML entities"),
    ],
)
def test_wrong_markup_is_refused_in_telegrams_words(tail: str, message: str) -> None:
    with pytest.raises(MarkupError) as caught:
        parse_html(GOALS + tail)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&ge;&laquo;&apos;&nbsp;", "&ge;&laquo;&apos;&nbsp;"),
        ("&#65;&#x42;&#x1F3DF;", "AB🏟"),
        ("&#12345678;", "&#12345678;"),
        ("&lt", "<"),
        ("a & b &", "a & b &"),
        ("a > b", "a > b"),
        ("<b></b>", ""),
        ("<b>a</>", "a"),
        ("<B>a</b >", "a"),
    ],
)
def test_references_and_tags_leave_this_text(source: str, text: str) -> None:
    assert parse_html(source)[0] == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>bold</b>", [{"type": "bold", "offset": 0, "length": 4}]),
        ("🏟 <strong>ж🏟</strong>", [{"type": "bold", "offset": 3, "length": 3}]),
        ("<em>a</em><ins>b</ins>", [{"type": "italic", "offset": 0, "length": 1},
                                    {"type": "underline", "offset": 1, "length": 1}]),
        ("<s>a</s> <del>b</del>", [{"type": "strikethrough", "offset": 0, "length": 1},
                                   {"type": "strikethrough", "offset": 2, "length": 1}]),
        ('<a href="https://example.org/a?b=1&amp;c=2">x</a>',
         [{"type": "text_link", "offset": 0, "length": 1, "url": "https://example.org/a?b=1&c=2"}]),
        ("<a href='example.org'>x</a>", [{"type": "text_link", "offset": 0, "length": 1, "url": "http://example.org/"}]),
        ("<a href='b.org?c=&lt;'>x</a>", [{"type": "text_link", "offset": 0, "length": 1, "url": "http://b.org/?c=<"}]),
        ("<a>a.org</a> <a>a.org b</a>", [{"type": "text_link", "offset": 0, "length": 5, "url": "http://a.org/"}]),
        ("<a href='/etc/passwd'>x</a>", []),
        ("<a href='javascript://x'>x</a>", []),
        ("<a href='tg://user?id=7'>x</a>",
         [{"type": "text_mention", "offset": 0, "length": 1,
           "user": {"id": 7, "is_bot": False, "first_name": "User"}}]),
        ("<tg-spoiler>a</tg-spoiler>", [{"type": "spoiler", "offset": 0, "length": 1}]),
        ('<span class="tg-spoiler">a</span>', [{"type": "spoiler", "offset": 0, "length": 1}]),
        ("<pre>a</pre>", [{"type": "pre", "offset": 0, "length": 1}]),
        ('<pre><code class="language-python">a</code></pre>',
         [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]),
        ('<code class="language-python">a</code>', [{"type": "code", "offset": 0, "length": 1}]),
        ("<blockquote>a</blockquote>", [{"type": "blockquote", "offset": 0, "length": 1}]),
        ("<blockquote expandable>a</blockquote>", [{"type": "expandable_blockquote", "offset": 0, "length": 1}]),
        ("<blockquote>a <b>b</b></blockquote>", [{"type": "blockquote", "offset": 0, "length": 3},
                                                 {"type": "bold", "offset": 2, "length": 1}]),
        # A quotation in a quotation is lost, as are bold and links within code and a link within a link.
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", [{"type": "blockquote", "offset": 0, "length": 2}]),
        ("<code>a<b>b</b></code>", [{"type": "code", "offset": 0, "length": 2}]),
        ("<a href='a.org'>x<a href='b.org'>y</a></a>",
         [{"type": "text_link", "offset": 0, "length": 2, "url": "http://a.org/"}]),
        # Neighbours of one kind become one; a bold text is cut where a link begins and ends only when it must be.
        ("<b>a</b><b>b</b>", [{"type": "bold", "offset": 0, "length": 2}]),
        ("<b>a<b>b</b></b>", [{"type": "bold", "offset": 0, "length": 2}]),
        ("<b>a<code>b</code>c</b>", [{"type": "bold", "offset": 0, "length": 1},
                                     {"type": "code", "offset": 1, "length": 1},
                                     {"type": "bold", "offset": 2, "length": 1}]),
        # Blanks around the text go, and an entity of blanks alone.
        ("  <b> a </b>  ", [{"type": "bold", "offset": 0, "length": 1}]),
        ("a<i> </i>b", []),
    ],
)  # fmt: skip
def test_markup_becomes_these_entities(source: str, expected: list[dict[str, object]]) -> None:
    assert to_json(format_text(source, "HTML", None)) == expected


def test_a_text_counts_utf16_units_after_parsing() -> None:
    assert utf16_length("ж🏟") == 3
    fitting = "<b>" + "🏟" * 2048 + "</b>"
    assert message_text(fitting, "HTML", None)[0].text == "🏟" * 2048
    with pytest.raises(BotApiError, match=r"^Bad Request: message is too long$"):
        message_text("🏟" * 2048 + "a", "HTML", None)


@pytest.mark.parametrize(("text", "reason"), [("", "message text is empty"), (" \n", "text must be non-empty"),
                                              ("<b> </b>", "text must be non-empty")])  # fmt: skip
def test_an_empty_text_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BotApiError, match=f"^Bad Request: {reason}$"):
        message_text(text, "HTML", None)


def test_a_hundred_entities_stay_and_the_rest_is_counted_as_lost() -> None:
    formatted, lost = message_text("<b>a</b> " * 103, "HTML", None)
    assert (len(formatted.entities), lost) == (100, 3)


def test_control_characters_and_direction_overrides_disappear() -> None:
    formatted = format_text("a\u202e<b>b\tc\r\n</b>d", "HTML", None)
    assert formatted == FormattedText("ab c\nd", (Entity("bold", 1, 5),))


def test_commands_mentions_and_links_are_found_but_not_inside_code() -> None:
    formatted, _ = message_text(
        "/ask@verbatim_bot @olena #news https://a.org/b. x@y.org <code>/start</code>", "HTML", None
    )
    found = [(e.type, formatted.text[e.start : e.end]) for e in formatted.entities]
    assert found == [
        ("bot_command", "/ask@verbatim_bot"), ("mention", "@olena"), ("hashtag", "#news"),
        ("url", "https://a.org/b"), ("email", "x@y.org"), ("code", "/start"),
    ]  # fmt: skip


@given(st.text())
def test_any_text_parses_or_is_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except MarkupError:
        return
    assert all(0 <= e.start < e.end <= len(text) for e in entities)


TAG_SOUP = st.lists(st.sampled_from([
    "<b>", "</b>", "<i>", "</i>", "<a href='x.org'>", "</a>", "<code>", "</code>", "<pre>", "</pre>",
    "</>", "<blockquote>", "<blockquote expandable>", "</blockquote>", "&lt;",
    "&#x1F3DF;", "&", "<", ">", "=", '"', " ", "\n", "a", "ж", "🏟",
    "<tg-spoiler>", "</tg-spoiler>", "\u202e", "\r",
]), max_size=30).map("".join)  # fmt: skip


@given(TAG_SOUP)
def test_what_parses_nests_properly_and_survives_being_written_as_html_again(source: str) -> None:
    try:
        formatted = format_text(source, "HTML", None)
    except BotApiError:
        return
    ends: list[int] = []
    for entity in formatted.entities:
        while ends and ends[-1] <= entity.start:
            ends.pop()
        assert not ends or entity.end <= ends[-1]
        ends.append(entity.end)
    assert format_text(to_html(formatted), "HTML", None) == formatted


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    parsed, entities = parse_html(html.escape(text, quote=False))
    assert (parsed, entities) == (text, [])


SPANS = st.lists(st.tuples(st.sampled_from(["bold", "italic", "code", "text_link", "blockquote", "pre"]),
                           st.integers(0, 12), st.integers(0, 12)), max_size=8)  # fmt: skip


@given(SPANS)
def test_fixing_entities_is_settled_after_once(spans: list[tuple[str, int, int]]) -> None:
    entities = [Entity(kind, min(a, b), max(a, b), url="http://x.org/") for kind, a, b in spans]
    fixed = fix_entities(entities)
    assert fix_entities(fixed) == fixed


def test_trimming_moves_the_entities_with_the_text() -> None:
    assert trim(FormattedText("  ab ", (Entity("bold", 3, 5),))) == FormattedText("ab", (Entity("bold", 1, 2),))
