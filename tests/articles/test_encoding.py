"""Bytes to text."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.encoding import decode
from bot.errors import ReadingError

RUSSIAN = "Президент Украины Владимир Зеленский приказал войскам удерживать город.\r\nОни не отступят."
UKRAINIAN = "Президент України Володимир Зеленський заявив, що війська обороняють місто. Її не здадуть."
ENGLISH = "Zelenskyy’s “comments” – café naïve."
GERMAN = "Die Größe der Häuser in München wächst. Äpfel und Öl."
POLISH = "Zażółć gęślą jaźń. Prezydent powiedział, że nie odda miasta."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *(
            (RUSSIAN, e)
            for e in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8_r")
        ),
        *((UKRAINIAN, e) for e in ("utf-8", "utf-16-le", "cp1251", "koi8_u")),
        *((ENGLISH, e) for e in ("utf-8", "utf-8-sig", "utf-16-be", "cp1252")),
        (GERMAN, "cp1252"),
        (GERMAN, "latin-1"),
        (POLISH, "cp1250"),
    ],
)
def test_a_text_comes_back_from_its_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff")).filter(str.strip))
def test_utf_8_text_is_kept_character_for_character(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode(), "a.txt") == text


@pytest.mark.parametrize("data", [b"", b" \r\n\t", codecs.BOM_UTF8, codecs.BOM_UTF16_LE + " ".encode("utf-16-le")])
def test_an_empty_document_is_refused(data: bytes) -> None:
    with pytest.raises(ReadingError, match=r"a\.txt: is empty"):
        decode(data, "a.txt")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (b"\x1f\x8b\x08\0\0\0", "a gzip archive"),
        (b"text and then\0a NUL", "binary data"),
        (bytes(range(256)) * 10, "binary data"),
        ("text\0".encode("utf-16"), "NUL"),
    ],
)
def test_what_is_not_text_is_named_and_refused(data: bytes, what: str) -> None:
    with pytest.raises(ReadingError, match=what):
        decode(data, "a.txt")


@pytest.mark.parametrize("text", ["MZ is a country code.", "GIF8 is a word.", "ID3 and RIFF are words."])
def test_a_text_that_begins_like_a_binary_file_is_a_text(text: str) -> None:
    assert decode(text.encode(), "a.txt") == text


def test_damaged_utf_8_is_refused_with_the_place_and_not_garbled() -> None:
    with pytest.raises(ReadingError, match=r"a\.txt: is damaged UTF-8 text \(byte 19: .*save it again"):
        decode("Привет мир"[:10].encode() + b"\xff" + " и дальше".encode(), "a.txt")
    with pytest.raises(ReadingError, match="damaged UTF-16"):
        decode("Привет".encode("utf-16")[:-1], "a.txt")
