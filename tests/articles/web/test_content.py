import pytest

from bot.articles.web.address import parsed
from bot.articles.web.content import in_utf8, kind_of, name_of
from bot.errors import ReadingError

WOLF = "Вовк сірий — і «дикий»."


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/story", "text/html; charset=utf-8", "page.html"),
        ("/story.txt", "TEXT/HTML", "page.html"),
        ("/notes.md", "text/plain", "notes.md"),
        ("/notes.md", "", "notes.md"),
        ("/feed", "text/plain", "document"),
        ("/get?id=5", "application/pdf", "document.pdf"),
        ("/data.csv", "application/octet-stream", "data.csv"),
        ("/data", "text/csv", "document.csv"),
        ("/story.php", "application/xml", "document"),
        ("/", "nonsense", "document"),
    ],
)
def test_the_headers_tell_the_kind_of_document(path: str, kind: str, name: str) -> None:
    headers = {"content-type": kind} if kind else {}
    assert name_of(parsed(f"https://example.org{path}"), headers) == name


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "audio/mpeg", "font/woff2", "image/svg+xml"])
def test_what_holds_no_text_is_refused_by_its_kind(kind: str) -> None:
    with pytest.raises(ReadingError, match=f"is {kind.replace('+', '.')}, which holds no text"):
        name_of(parsed("https://example.org/x"), {"content-type": kind})


def page(text: str, encoding: str, kind: str) -> str:
    return in_utf8(text.encode(encoding), {"content-type": kind}).decode("utf-8")


def test_the_headers_tell_the_encoding() -> None:
    assert page(WOLF, "cp1251", "text/html; charset=windows-1251") == "\ufeff" + WOLF
    assert page("naïve “café”", "cp1252", "text/html; charset=ISO-8859-1") == "\ufeffnaïve “café”"


def test_sound_utf8_is_that_whatever_a_server_s_default_says() -> None:
    assert page(WOLF, "utf-8", "text/html; charset=iso-8859-1") == "\ufeff" + WOLF


@pytest.mark.parametrize(
    "kind",
    ["text/html", "text/html; charset=utf-8", "text/html; charset=nonsense", "text/html; charset=rot13",
     "text/html; charset=", "application/xml; charset=utf-8", ""],
)  # fmt: skip
def test_what_the_headers_do_not_tell_or_tell_wrongly_is_left_to_the_readers(kind: str) -> None:
    content = WOLF.encode("cp1251")
    assert in_utf8(content, {"content-type": kind} if kind else {}) == content


def test_a_mark_or_an_xml_declaration_goes_before_the_headers() -> None:
    headers = {"content-type": "text/html; charset=windows-1251"}
    for content in (WOLF.encode("utf-8-sig"), WOLF.encode("utf-16"), b'<?xml version="1.0" encoding="utf-8"?><a/>'):
        assert in_utf8(content, headers) == content


def test_a_header_that_is_none_is_no_kind() -> None:
    assert kind_of({}) == ""
    assert kind_of({"content-type": "text/html\r\nx: y"}).startswith("text/")
