"""What each format's reader keeps, and how a format is told."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.article import Article
from bot.articles.readers import FORMATS, Origin, Readers
from bot.articles.readers.disguise import Disguise
from bot.articles.readers.formats import format_of
from bot.articles.readers.html import read_html
from bot.articles.readers.page import Box, text_of
from bot.articles.readers.sitemap import Entry, sitemap_entries
from bot.errors import ReadingError
from bot.wordlists import WordLists
from tests.articles.documents import docx_of, epub_of, odt_of, pdf_of, zipped


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(WordLists(), largest_bytes=5_000_000) as readers:
        yield readers


def read(readers: Readers, data: bytes, source: str) -> list[Article]:
    return list(readers.read(data, Origin(source=source)))


PAGE = """<!doctype html><html lang="en-GB"><head><title>Site | Siege</title>
<meta property="og:title" content="The siege &amp; after">
<meta property="article:published_time" content="2023-03-08T10:00:00+02:00">
<link rel="canonical" href="https://example.org/siege"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<div class="cookie-banner">We use cookies to make this site better for you.</div>
<article><h1>The siege &amp; after</h1>
<p>The town has&nbsp;held out for <b>seven</b> months, and no&shy;body there <a href="x">expects</a> relief soon.</p>
<h2>What comes next</h2>
<p>He said: &ldquo;We stay.&rdquo; The command of the army reported that many men were killed on a single day.</p>
<ul><li>One item of the list is here</li><li>Another item of it is here</li></ul>
<table><tr><th>Name</th><th>Born</th></tr><tr><td>Ada</td><td>1815</td></tr></table>
<p>Another long paragraph stands here, with commas, and more words, so that the page has an article.</p></article>
<footer><p>© 2023 Example. All rights reserved.</p></footer><script>var x = "never";</script></body></html>"""


def test_a_page_gives_its_article_without_what_stands_around_it(readers: Readers) -> None:
    assert read(readers, PAGE.encode(), "https://example.org/siege?x=1") == [
        Article(
            title="The siege & after",
            text=(
                "# The siege & after\n\n"
                "The town has\u00a0held out for seven months, and no\u00adbody there expects relief soon.\n\n"
                "## What comes next\n\n"
                "He said: “We stay.” The command of the army reported that many men were killed on a single day.\n\n"
                "- One item of the list is here\n- Another item of it is here\n\n"
                "Name | Born\nAda | 1815\n\n"
                "Another long paragraph stands here, with commas, and more words, so that the page has an article."
            ),
            source="https://example.org/siege?x=1",
            published="2023-03-08",
            language="en-GB",
            url="https://example.org/siege",
        )
    ]


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8", "utf-16"])
def test_a_page_is_decoded_as_it_declares(charset: str) -> None:
    page = f'<meta charset="{charset}"><p>Город держится седьмой месяц, и помощи там никто не ждёт.</p>'
    (article,) = read_html(page.encode(charset), Origin(source="a.html"))
    assert article.text == "Город держится седьмой месяц, и помощи там никто не ждёт."


def test_a_page_of_the_future_has_no_date() -> None:
    page = PAGE.replace("2023-03-08T10:00:00+02:00", "2999-03-08T10:00:00+02:00")
    (article,) = read_html(page.encode(), Origin(source="a.html"))
    assert article.published is None


FRAGILE = (
    "\u00a0\u202f\u2009\u00ad\u200b\u200c\u200d\u200e\u200f\u2066\u2069\ufeff\u0301\u0308"
    "ﬁﬂéÅΩ가ᄀ\u1161한😀👩\u200d🚀ß“”’…"
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text(st.sampled_from(FRAGILE + "abcde"), min_size=1, max_size=12), min_size=12, max_size=30),
    st.booleans(),
)
def test_all_characters_of_a_page_survive(words: list[str], as_entities: bool) -> None:
    sentence = "The words are " + " ".join(f"x{word}x" for word in words) + " and no more."
    written = "".join(f"&#{ord(c)};" if as_entities and ord(c) > 127 else c for c in sentence)
    page = PAGE.replace("<h2>", f"<p>{written}</p><h2>")
    (article,) = read_html(page.encode(), Origin(source="a.html"))
    assert sentence in article.text


@given(st.text())
def test_a_disguise_comes_off_again(text: str) -> None:
    import unicodedata

    disguise = Disguise()
    worn = disguise.put_on(text)
    assert disguise.take_off(worn) == text
    assert disguise.take_off(unicodedata.normalize("NFC", worn)) == text


LINES = [
    "The siege of the town has gone on for many months and no-",
    "body there expects relief before the spring comes again to",
    "the river. It is cold.",
]


def column(
    lines: list[str], *, x: float = 72, y: float = 700, size: float = 11
) -> list[tuple[float, float, float, str]]:
    return [(x, y - 14 * i, size, line) for i, line in enumerate(lines)]


def test_a_pdf_gives_paragraphs_without_running_heads_and_hyphens(readers: Readers) -> None:
    pages = [
        [
            (72, 760, 9, "The Daily News, 12 March 2023"),
            *column([f"Page {word} begins."], y=725),
            *column(LINES),
            *column([f"It has a paragraph {word}."], y=630),
            (300, 40, 9, f"- {number} -"),
        ]
        for number, word in enumerate(("one", "two", "three"), start=1)
    ]
    (article,) = read(readers, pdf_of(pages, about="/Title (The siege) /CreationDate (D:20230312101010Z)"), "a.pdf")
    body = (
        "The siege of the town has gone on for many months and nobody there expects relief before the spring comes "
        "again to the river. It is cold."
    )
    assert article.text.split("\n\n") == [
        part
        for word in ("one", "two", "three")
        for part in (f"Page {word} begins.", body, f"It has a paragraph {word}.")
    ]
    assert (article.title, article.published) == ("The siege", "2023-03-12")


def test_two_pages_share_a_head_that_is_on_the_same_height(readers: Readers) -> None:
    lines = ["The siege of the town has gone on for many", "months and nobody there expects an interven-", "tion "
             "before the spring. It is cold.", "The river is frozen to its very bottom now", "and wolves come down "
             "to the bridges at night."]  # fmt: skip
    pages = [
        [(72, 760, 9, f"The Daily News, page {number}"), (72, 730, 11, f"Part {word} of the tale is"), *column(lines)]
        for number, word in enumerate(("one", "two"), start=1)
    ]
    (article,) = read(readers, pdf_of(pages), "a.pdf")
    assert "Daily News" not in article.text
    assert article.text.count("Part one of the tale is") == article.text.count("Part two of the tale is") == 1


def test_two_short_pages_that_say_the_same_keep_it(readers: Readers) -> None:
    (article,) = read(readers, pdf_of([[(72, 700, 11, "Thank you all.")]] * 2), "a.pdf")
    assert article.text.count("Thank you all.") == 2


def test_a_hyphen_at_a_line_s_end_is_joined_whatever_its_character() -> None:
    boxes = [Box(72, 700, 300, 711, "Nobody expects an interven\u2010"), Box(72, 686, 300, 697, "tion before spring.")]
    assert text_of([boxes]) == "Nobody expects an intervention before spring."


@pytest.mark.parametrize(
    ("written", "title"),
    [("Microsoft Word - The siege", "The siege"), ("siege.doc", ""), ("Untitled 1", ""), ("The siege, 2nd ed.", None)],
)
def test_a_title_that_a_program_wrote_is_none(readers: Readers, written: str, title: str | None) -> None:
    (article,) = read(readers, pdf_of([[(72, 700, 11, "It is short.")]], about=f"/Title ({written})"), "a.pdf")
    assert article.title == (written if title is None else title or "It is short.")


def test_a_page_that_names_no_date_of_its_own_has_none() -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2023-03-08T10:00:00+02:00">', "")
    (article,) = read_html(page.encode(), Origin(source="a.html"))
    assert article.published is None


def test_a_pdf_in_two_columns_is_read_down_the_left_one_first(readers: Readers) -> None:
    left = [
        "The left column begins here and",
        "goes on for a few lines of text",
        "until it stops in the middle of a",
        "long",
    ]
    right = [
        "sentence that ends on the right",
        "side of the page as they do in",
        "newspapers and in journals",
        "of all sorts.",
    ]
    page = [(72, 740, 18, "A Headline Across Both Columns Of The Page"), *column(left), *column(right, x=330)]
    (article,) = read(readers, pdf_of([page]), "a.pdf")
    assert article.text.split("\n\n") == ["A Headline Across Both Columns Of The Page", " ".join(left + right)]


def test_a_page_of_placed_text_keeps_a_table_in_rows() -> None:
    rows = [
        [Box(72, 700 - 14 * i, 110, 710 - 14 * i, f"name {i}"), Box(300, 700 - 14 * i, 330, 710 - 14 * i, f"{i}")]
        for i in range(6)
    ]
    assert text_of([[box for row in rows for box in row]]).startswith("name 0 0 name 1 1")


def test_a_word_document_keeps_headings_items_and_rows(readers: Readers) -> None:
    data = docx_of(
        ("Title", "The siege"),
        ("Normal", "It goes\u00a0on."),
        ("Heading 2", "Next"),
        ("List Bullet", "one"),
        ("List Bullet", "two"),
        rows=[["Name", "Born"], ["Ada", "1815"]],
    )  # fmt: skip
    (article,) = read(readers, data, "a.docx")
    assert article.text == "# The siege\n\nIt goes\u00a0on.\n\n## Next\n\n- one\n- two\n\nName | Born\nAda | 1815"
    assert (article.title, article.published) == ("The siege", None)


def test_an_opendocument_text_keeps_headings_items_and_rows_without_notes(readers: Readers) -> None:
    note = "<text:note><text:note-body><text:p>a note</text:p></text:note-body></text:note>"
    body = (
        '<text:h text:outline-level="2">Next</text:h>'
        f'<text:p>It<text:s text:c="2"/>goes{note} <text:span>on</text:span>.</text:p>'
        "<text:list><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>two</text:p>"
        "</text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>Ada</text:p>"
        "</table:table-cell><table:table-cell><text:p>1815</text:p></table:table-cell></table:table-row></table:table>"
    )
    meta = (
        "<dc:title>The siege</dc:title><dc:language>uk</dc:language>"
        "<meta:creation-date>2023-03-08T10:00:00</meta:creation-date>"
    )
    (article,) = read(readers, odt_of(body, meta), "a.odt")
    assert article.text == "## Next\n\nIt  goes on.\n\n- one\n- two\n\nAda | 1815"
    assert (article.title, article.language, article.published) == ("The siege", "uk", "2023-03-08T10:00:00")


def test_the_numbers_of_a_book_s_notes_are_left_out(readers: Readers) -> None:
    body = (
        "<p>The storm came<a epub:type='noteref' href='#n'>12</a> at night.<sup><a role='doc-noteref'>3</a></sup></p>"
    )
    (article,) = read(readers, epub_of({"a.xhtml": body}), "a.epub")
    assert article.text == "The storm came at night."


def test_a_book_is_an_article_a_chapter(readers: Readers) -> None:
    data = epub_of(
        {"1.xhtml": "<h1>One</h1><p>It&#160;begins.</p>", "2.xhtml": "<img src='x'/>", "3.xhtml": "<p>It ends.</p>"}
    )
    assert [(a.source, a.title, a.text, a.published, a.language) for a in read(readers, data, "b.epub")] == [
        ("b.epub#OPS/1.xhtml", "A Book — One", "# One\n\nIt\u00a0begins.", "1999-12-31", "en"),
        ("b.epub#OPS/3.xhtml", "A Book", "It ends.", "1999-12-31", "en"),
    ]


def test_rich_text_is_its_words(readers: Readers) -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1251{\info{\title A title}}{\fonttbl{\f0 Times;}}"
        rb"\pard It \b goes\b0  on.\par \'ef\'f0\'e8 \u8217? x.\par}"
    )
    (article,) = read(readers, data, "a.rtf")
    assert (article.text, article.title) == ("It goes on.\nпри ’ x.", "A title")


MAIL = (
    b"From: a@example.org\r\nSubject: =?utf-8?b?0J/RgNC40LLQtdGC?=\r\nDate: Wed, 08 Mar 2023 10:00:00 +0200\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"8NLJ18XULiDrwcsgxMXMwT8=\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>Not this.</p>\r\n--b--\r\n"
)


@pytest.mark.parametrize("source", ["a.eml", "no-suffix"])
def test_a_message_is_its_plain_text(readers: Readers, source: str) -> None:
    (article,) = read(readers, MAIL, source)
    assert (article.text, article.title, article.published) == (
        "Привет. Как дела?",
        "Привет",
        "2023-03-08T10:00:00+02:00",
    )


def test_a_message_of_html_alone_is_its_words(readers: Readers) -> None:
    head = b"From: a\nSubject: Hi\nMIME-Version: 1.0\nContent-Type: text/html\n\n"
    data = head + b"<style>p{}</style><p>One <b>two</b>.</p><p>3.</p>"
    assert [article.text for article in read(readers, data, "a.eml")] == ["One two.\n\n3."]


def test_a_table_with_texts_is_an_article_a_row(readers: Readers) -> None:
    skipped: list[str] = []
    data = 'title;Text;date;tags\nA;"One;\ntwo.";2023-03-08;x; y\nB;;2023\nC;Three.;soon\n;;\nD;Four.'.encode("utf-16")
    articles = list(readers.read(data, Origin(source="a.csv", skip=skipped.append)))
    assert [(a.title, a.text, a.published, a.source) for a in articles] == [
        ("A", "One;\ntwo.", "2023-03-08", "a.csv#2"),
        ("D", "Four.", None, "a.csv#6"),
    ]
    assert skipped == [
        "a.csv, row 3: has no text; fill its text column",
        "a.csv, row 4: 'soon' is no ISO 8601 date such as 2023-03-08",
    ]


def test_a_table_without_texts_is_a_line_a_row(readers: Readers) -> None:
    (article,) = read(readers, b"Name,Born\nAda,1815\n\nAlan,1912\n", "people.csv")
    assert article.text == "Name: Ada; Born: 1815\nName: Alan; Born: 1912"
    assert article.title == "people"


RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>F</title><language>en</language>
<item><title>A &amp; B</title><link>https://example.org/1</link><pubDate>Wed, 08 Mar 2023 10:00:00 GMT</pubDate>
<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two&amp;nbsp;2.&lt;/p&gt;</description></item><item><title>Empty</title></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>urn:1</id><title>T</title>
<updated>2023-03-08T10:00:00Z</updated><summary>Short.</summary>
<content type="html">&lt;p&gt;It is long.&lt;/p&gt;</content></entry></feed>"""
JSON_FEED = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": 1, "url": "https://example.org/j",
"content_html": "<p>Hi.</p>", "title": "T", "date_published": "2023-03-08T10:00:00Z"}]}"""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RSS, ("https://example.org/1", "A & B", "One.\n\nTwo\u00a02.", "2023-03-08T10:00:00+00:00", "en")),
        (ATOM, ("urn:1", "T", "It is long.", "2023-03-08T10:00:00+00:00", "")),
        (JSON_FEED, ("https://example.org/j", "T", "Hi.", "2023-03-08T10:00:00Z", "")),
    ],
)
def test_a_feed_is_an_article_an_entry(readers: Readers, data: bytes, expected: tuple[str, ...]) -> None:
    (article,) = read(readers, data, "https://example.org/feed")
    assert (article.source, article.title, article.text, article.published, article.language) == expected


def test_a_feed_that_is_no_sound_xml_is_read_all_the_same(readers: Readers) -> None:
    data = RSS.replace(b"A &amp; B", b"A & B&nbsp;<b>").replace(b"</channel>", b"")
    (article,) = read(readers, data, "https://example.org/feed")
    assert article.text == "One.\n\nTwo\u00a02."


SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://example.org/1</loc>
<lastmod>2023-03-08</lastmod></url><url><loc>file:///etc/passwd</loc></url></urlset>"""


def test_a_sitemap_lists_addresses_and_is_no_article(readers: Readers) -> None:
    assert sitemap_entries(SITEMAP, "s") == [Entry("https://example.org/1", "2023-03-08", is_sitemap=False)]
    with pytest.raises(ReadingError, match="a list of 1 addresses without text"):
        read(readers, SITEMAP, "sitemap.xml")


def test_an_archive_gives_the_articles_of_its_documents(readers: Readers) -> None:
    data = zipped(
        {
            "a.txt": "One.",
            "b/c.md": "# Two\n\nThree.",
            "d.csv": "text\nFour.",
            "e.odt": odt_of("<text:p>Five.</text:p>"),
        }
    )
    assert [(a.source, a.title) for a in read(readers, data, "z.zip")] == [
        ("z.zip/a.txt", "One."),
        ("z.zip/b/c.md", "Two"),
        ("z.zip/d.csv#2", "Four."),
        ("z.zip/e.odt", "Five."),
    ]


@pytest.mark.parametrize(
    ("head", "source", "expected"),
    [
        (b"%PDF-1.7", "a.txt", "PDF"),
        (b"PK\x03\x04", "a.html", "ZIP"),
        (b"{\\rtf1", "a", "RTF"),
        (b"<!DOCTYPE html><html>", "a.txt", "text"),
        (b"<!DOCTYPE html><html>", "a", "HTML"),
        (b"<!-- c --><html>", "a.php?id=1", "HTML"),
        (b"<p>Hi.", "a.html", "HTML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<rss>', "a.html", "feed"),
        (b'<?xml version="1.0"?><x:feed xmlns:x="a">', "a.xml", "feed"),
        (b"<sitemapindex>", "a", "sitemap"),
        (JSON_FEED, "a.json", "feed"),
        (b'{"text": "a"}', "a.json", "JSON Lines"),
        (MAIL, "a", "e-mail"),
        (b"Note: this is\nno: mail\n", "a", "text"),
        (b"Hello", "README", "text"),
        (b"a,b", "a.tsv", "CSV"),
    ],
)
def test_a_format_is_told_by_content_then_suffix_then_looks(head: bytes, source: str, expected: str) -> None:
    assert format_of(head, Origin(source=source)).name == expected


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_each_format_has_a_reader_that_refuses_nothing_at_all(format_: object) -> None:
    from bot.articles.readers import Format

    assert isinstance(format_, Format)
    with pytest.raises(ReadingError, match=r"^a: "):
        list(format_.read(b"", Origin(source="a")))


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from bot.articles.readers.pdf import read_pdf

    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(ReadingError, match=r"a\.pdf: PDF documents cannot be read .*pip install 'verbatim-bot\[pdf\]'"):
        list(read_pdf(pdf_of([[]]), Origin(source="a.pdf")))
