"""Hostile and damaged documents: each one clear line, in time and memory, and the rest of the batch goes in."""

import io
import os
import re
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.articles.readers import FORMATS, Format, Origin, Readers
from bot.articles.readers.apart import READING_MEGABYTES, READING_SECONDS, Workers
from bot.articles.readers.container import LARGEST_MEMBER_BYTES, MOST_MEMBERS
from bot.articles.readers.frames import IDLE_SECONDS
from bot.articles.readers.pipe import Pipe
from bot.errors import ReadingError
from bot.wordlists import WordLists
from tests.articles.documents import docx_of, epub_of, odt_of, pdf_of, zipped


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(WordLists(), largest_bytes=20_000_000) as readers:
        yield readers


def told(readers: Readers, data: bytes | Path, source: str) -> tuple[int, str, list[str]]:
    """How many articles a document gives, why it gives no more, and what was said of parts of it."""
    skipped: list[str] = []
    articles = 0
    error = ""
    try:
        for _ in readers.read(data, Origin(source=source, skip=skipped.append)):
            articles += 1
    except ReadingError as refused:
        error = str(refused)
    return articles, error, skipped


def _entities(root: str) -> bytes:
    grown = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10))
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "lol">{grown}]>{root}'.encode()


def _with_part(data: bytes, name: str, content: bytes) -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return zipped({part: content if part == name else archive.read(part) for part in archive.namelist()})


def _of_many_files() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(MOST_MEMBERS + 1):
            archive.writestr(str(number), "")
    return stream.getvalue()


def _encrypted_zip() -> bytes:
    data = bytearray(zipped({"a.txt": "secret"}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    return bytes(data)


WORD = docx_of(("Normal", "x"))
BOOK = epub_of({"1.xhtml": "<p>It begins.</p>"})
TRAILER = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'ab' * 32}> /U <{'cd' * 32}> /P -4 >> /ID [<00> <00>]"
TEXT_IN_WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>&k;</w:p></w:body></w:document>'

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("a.html", lambda: b"", "is empty"),
    "NULs": ("a.txt", lambda: b"abc\0def", "not text"),
    "invalid UTF-8": ("a.txt", lambda: "Привет, мир".encode() + b"\xff", "damaged UTF-8"),
    "cut UTF-8": ("a.txt", lambda: "Привет, мир".encode()[:-1], "damaged UTF-8"),
    "a picture by another name": ("a.txt", lambda: b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
    "a text by another name": ("a.pdf", lambda: b"Hello", "damaged or cut off"),
    "a text named as Word": ("a.docx", lambda: b"Hello", "damaged or cut off"),
    "old Office": ("a.docx", lambda: b"\xd0\xcf\x11\xe0" + bytes(500), "old or encrypted Office document"),
    "a cut PDF": ("a.pdf", lambda: pdf_of([[(72, 700, 11, "Hello")]])[:200], "damaged or cut off"),
    "an encrypted PDF": (
        "a.pdf",
        lambda: pdf_of([[(72, 700, 11, "x")]], trailer=TRAILER),
        "encrypted; save it without",
    ),
    "a PDF of pictures": ("a.pdf", lambda: pdf_of([[]]), "has no text in it"),
    "a cut Word document": ("a.docx", lambda: WORD[:-100], "damaged or cut off"),
    "entities in Word": (
        "a.docx",
        lambda: _with_part(WORD, "word/document.xml", _entities(TEXT_IN_WORD)),
        "not a sound Word|entities",
    ),
    "entities in OpenDocument": (
        "a.odt",
        lambda: _with_part(odt_of("<text:p>x</text:p>"), "content.xml", _entities("<r>&k;</r>")),
        "not a sound OpenDocument|entities",
    ),
    "a file's content by an entity": (
        "a.odt",
        lambda: _with_part(
            odt_of("<text:p>x</text:p>"),
            "content.xml",
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        ),
        "entities of its own",
    ),
    "entities in a feed": (
        "a.rss",
        lambda: _entities("<rss><channel><title>&k;</title></channel></rss>"),
        "entities of its own",
    ),
    "entities in a book": (
        "a.epub",
        lambda: _with_part(BOOK, "OPS/book.opf", _entities("<package>&k;</package>")),
        "not a sound EPUB|entities",
    ),
    "a deep feed": ("a.rss", lambda: b"<rss>" + b"<a>" * 100_000, "no sound RSS or Atom feed|has no entry"),
    "an encrypted OpenDocument": ("a.odt", lambda: odt_of("", manifest="<m><encryption-data/></m>"), "is encrypted"),
    "a book of nothing": ("a.epub", lambda: zipped({"mimetype": "application/epub+zip"}), "has no META-INF"),
    "a spreadsheet": (
        "a.xlsx",
        lambda: zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""}),
        "a table or slides",
    ),
    "a zip bomb": ("a.zip", lambda: zipped({"a.txt": bytes(LARGEST_MEMBER_BYTES * 4)}), "no file in this archive"),
    "an archive in an archive": ("a.zip", lambda: zipped({"b.zip": zipped({"c.zip": b""})}), "no file in this archive"),
    "an archive of too many files": ("a.zip", _of_many_files, "more than 20,000 files"),
    "an encrypted archive": ("a.zip", _encrypted_zip, "no file in this archive"),
    "a cut archive": ("a.zip", lambda: zipped({"a.txt": "Hello."})[:-10], "damaged or cut off"),
    "an empty archive": ("a.zip", lambda: zipped({}), "empty archive"),
    "a cut RTF": ("a.rtf", lambda: rb"{\rtf1 Hello", "cut off"),
    "mail that is none": ("a.eml", lambda: b"Hello.\n\nHi.", "no e-mail message"),
    "deep mail": (
        "a.eml",
        lambda: b"From: a\nSubject: x\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 20_000,
        "a.eml: ",
    ),
    "a deep page": ("a.html", lambda: b"<div>" * 200_000 + b"</div>" * 200_000, "holds no text"),
    "many tags": ("a.html", lambda: b"<p>a</p>" * 500_000, "a.html: "),
    "a comment without end": ("a.html", lambda: b"<!--" + b"-" * 5_000_000, "holds no text"),
    "deep JSON": ("a.jsonl", lambda: b'{"text":' + b"[" * 1_000_000, "holds no article"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_document_ends_in_one_line_that_says_what_to_do(readers: Readers, name: str) -> None:
    source, make, expected = REFUSED[name]
    articles, error, _ = told(readers, make(), source)
    assert articles == 0
    assert error.startswith(f"{source}: ")
    assert "\n" not in error
    assert re.search(expected, error), error


def test_the_limits_keep_the_promise() -> None:
    assert READING_SECONDS < 10
    assert READING_MEGABYTES < 500


def test_a_reader_that_takes_too_much_memory_is_refused_it(readers: Readers) -> None:
    heavy = b"From: a\nSubject: " + b"=?utf-8?q?a?= " * 400_000 + b"\n\nx"
    articles, error, _ = told(readers, heavy, "a.eml")
    assert articles == 0
    assert error.startswith("a.eml: takes more than")
    assert told(readers, b"From: a\nSubject: b\n\nHello.", "b.eml") == (1, "", [])


def test_a_process_that_is_killed_is_one_line_and_the_next_document_goes_in() -> None:
    before = _children()
    workers = Workers()
    archive = next(format_ for format_ in FORMATS if format_.name == "ZIP")
    slow = zipped({"a.txt": "One.", "b.md": b"[" * 1_000_000})
    reading = workers.read(slow, Origin(source="a"), archive)
    assert next(reading).text == "One."
    (worker,) = _children() - before
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(ReadingError, match=r"a: cannot be read as ZIP \(it takes too much memory, or is damaged\)"):
        list(reading)
    assert [a.text for a in workers.read(zipped({"a.txt": "Two."}), Origin(source="b"), archive)] == ["Two."]
    workers.close()
    assert _children() == before


def test_a_document_that_never_ends_is_given_up() -> None:
    before = _children()
    workers = Workers(seconds=1)
    markdown = next(format_ for format_ in FORMATS if format_.name == "Markdown")
    with pytest.raises(ReadingError, match=r"a: takes more than 1 s to read"):
        list(workers.read(b"[" * 200_000, Origin(source="a"), markdown))
    assert _children() == before


def test_a_process_that_ends_itself_before_our_deadline_was_too_slow_too(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Pipe.read
    monkeypatch.setattr(Pipe, "read", lambda pipe, size, deadline: read(pipe, size, deadline=deadline + 20))
    markdown = next(format_ for format_ in FORMATS if format_.name == "Markdown")
    with pytest.raises(ReadingError, match=r"a: takes more than 1 s to read"):
        list(Workers(seconds=1).read(b"[" * 200_000, Origin(source="a"), markdown))


def test_a_process_that_waits_for_long_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _children()
    workers = Workers()
    html = next(format_ for format_ in FORMATS if format_.name == "HTML")
    list(workers.read(b"<p>One.</p>", Origin(source="a"), html))
    first = _children() - before
    list(workers.read(b"<p>Two.</p>", Origin(source="b"), html))
    assert _children() - before == first
    now = time.monotonic()
    monkeypatch.setattr("bot.articles.readers.apart.time.monotonic", lambda: now + IDLE_SECONDS)
    assert [a.text for a in workers.read(b"<p>Three.</p>", Origin(source="c"), html)] == ["Three."]
    assert len(_children() - before) == 1
    assert _children() - before != first
    workers.close()


def test_the_time_of_the_one_who_reads_is_not_the_documents() -> None:
    workers = Workers(seconds=1)
    archive = next(format_ for format_ in FORMATS if format_.name == "ZIP")
    reading = workers.read(zipped({f"{i}.txt": b"One. " * 50_000 for i in range(4)}), Origin(source="a"), archive)
    next(reading)
    time.sleep(1.5)
    assert len(list(reading)) == 3
    workers.close()


def test_the_reading_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBATIM_TELEGRAM_TOKEN", "123:secret")
    before = _children()
    workers = Workers()
    list(workers.read(b"<p>One.</p>", Origin(source="a"), next(f for f in FORMATS if f.name == "HTML")))
    (worker,) = _children() - before
    assert b"123:secret" not in Path(f"/proc/{worker}/environ").read_bytes()
    workers.close()


def _children() -> set[int]:
    """The processes that this one has started."""
    process = os.getpid()
    found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return {int(child) for child in found.split()}


def test_a_member_that_points_outside_is_left_out_and_the_rest_goes_in(readers: Readers) -> None:
    data = zipped(
        {"a.txt": "One.", "../b.txt": "x", "/c.txt": "x", "..\\d.txt": "x", "C:/e.txt": "x", "f.png": b"\x89PNG\0"}
    )
    articles, error, skipped = told(readers, data, "a.zip")
    assert (articles, error) == (1, "")
    assert [line for line in skipped if "points outside" in line] == skipped[:4]
    assert skipped[4] == "a.zip/f.png: is a PNG image, not text; give the text itself"


def test_an_archive_stops_where_it_has_grown_too_large(readers: Readers) -> None:
    data = zipped({f"{i}.txt": b"a " * (LARGEST_MEMBER_BYTES // 4) for i in range(10)})
    articles, error, skipped = told(readers, data, "a.zip")
    assert (articles, error) == (8, "")
    assert skipped == ["a.zip: holds more than 200 MB unpacked; split it"] * 2


def test_a_line_of_ten_million_characters_is_read(readers: Readers) -> None:
    assert told(readers, b"word " * 2_000_000, "a.txt") == (1, "", [])


def test_a_text_of_too_many_lines_or_sentences_is_left_out(readers: Readers) -> None:
    for piece in ("a\n", "a\u2028", "A. "):
        articles, error, skipped = told(readers, (piece * 600_000).encode(), "a.txt")
        assert (articles, error) == (0, "")
        assert skipped == ["a.txt: has more than 500,000 lines and sentences; split it"]


def test_the_rest_of_a_folder_goes_in(readers: Readers, tmp_path: Path) -> None:
    for name, (source, make, _) in REFUSED.items():
        if name in ("empty", "NULs", "a cut PDF", "a cut Word document", "a zip bomb", "entities in a feed"):
            (tmp_path / source).write_bytes(make())
            assert told(readers, tmp_path / source, source)[0] == 0
        (tmp_path / "good.html").write_bytes(b"<p>Good.</p>")
        assert told(readers, tmp_path / "good.html", "good.html") == (1, "", [])


GOOD = {
    "CSV": b"text,title\nOne.,T\n",
    "HTML": b"<html><body><p>One of the pages.</p></body></html>",
    "PDF": pdf_of([[(72, 700, 11, "Hello")]]),
    "RTF": rb"{\rtf1\ansi One.\par}",
    "e-mail": b"From: a\nSubject: b\n\nHello.",
    "feed": b"<rss version='2.0'><channel><item><title>t</title><description>d</description></item></channel></rss>",
    "sitemap": b"<urlset><url><loc>https://example.org</loc></url></urlset>",
    "ZIP": zipped({"a.txt": "One.", "b.md": "Two."}),
    "Markdown": b"---\ntitle: a\n---\n# One\n\n- two\n",
    "JSON Lines": b'{"text": "One.", "tags": ["a"]}\n',
    "text": b"One.\n",
}


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: str(format_.name))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_readers_take_any_bytes(format_: Format, data: st.DataObject, readers: Readers) -> None:
    """Documents of each format with random damage: articles with text, or one clear line."""
    good = data.draw(
        st.sampled_from([GOOD[format_.name], WORD, BOOK]) if format_.name == "ZIP" else st.just(GOOD[format_.name])
    )
    damaged = bytearray(good)
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(damaged)))
        damaged[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    suffix = min(format_.suffixes, default="")
    articles, error, skipped = told(readers, bytes(damaged), f"a{suffix}")
    assert articles or error
    assert all("\n" not in line and "Traceback" not in line for line in (error, *skipped))
