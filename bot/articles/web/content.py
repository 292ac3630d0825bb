"""What an answer's headers say of its content: the kind of document, and the encoding of its text."""

import codecs
import re
from collections.abc import Mapping
from email.message import Message

from bot.articles.readers import SUFFIXES
from bot.articles.web.address import Address
from bot.errors import ReadingError

HTML = frozenset({"text/html", "application/xhtml+xml"})
_NAMES = {
    "application/pdf": "document.pdf",
    "application/rtf": "document.rtf",
    "text/rtf": "document.rtf",
    "text/markdown": "document.md",
    "text/csv": "document.csv",
    "text/tab-separated-values": "document.tsv",
    "application/x-ndjson": "document.jsonl",
    "application/jsonl": "document.jsonl",
    "application/epub+zip": "document.epub",
    "message/rfc822": "document.eml",
}
_NO_TEXT = ("image/", "audio/", "video/", "font/")
_AS_SENT = frozenset({"text/plain", "application/octet-stream", "binary/octet-stream", ""})
_XML = re.compile(rb"\A\s*<\?xml")
_WESTERN = {"iso8859-1": "cp1252", "ascii": "cp1252"}


def kind_of(headers: Mapping[str, str]) -> str:
    """The media type of an answer in lower case; "" when it does not say."""
    return _parsed(headers).get_content_type() if headers.get("content-type") else ""


def name_of(address: Address, headers: Mapping[str, str]) -> str:
    """A file name whose suffix tells readers what the document is said to be.

    Raises ReadingError for an image, a recording or a font.
    """
    kind = kind_of(headers)
    if kind.startswith(_NO_TEXT):
        raise ReadingError(f"{address.url}: is {kind}, which holds no text; give a page or a document")
    if kind in HTML:
        return "page.html"
    name = address.path.rpartition("/")[2]
    suffix = "." + name.rpartition(".")[2].lower()
    if suffix in SUFFIXES and (kind in _AS_SENT or kind not in _NAMES):
        return name
    return _NAMES.get(kind, "document")


def in_utf8(content: bytes, headers: Mapping[str, str]) -> bytes:
    """The content of a page or text in UTF-8 with its mark, when the headers tell its encoding and do not err;
    otherwise as it is, for the readers to find out.

    XML says itself what it is in, and bytes that are sound UTF-8 are that, whatever a server's default says.
    """
    kind = kind_of(headers)
    declared = (_parsed(headers).get_content_charset() or "").strip()
    if not declared or not (kind in HTML or kind.startswith("text/plain")) or _XML.match(content):
        return content
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    try:
        name = codecs.lookup(declared).name
        text = _decoded(content, _WESTERN.get(name, name))
    except (LookupError, UnicodeError, ValueError):
        return content
    return codecs.BOM_UTF8 + text.encode("utf-8") if "\0" not in text else content


def _decoded(content: bytes, encoding: str) -> str:
    if not content.isascii():
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return content.decode(encoding)


def _parsed(headers: Mapping[str, str]) -> Message:
    message = Message()
    message["Content-Type"] = headers.get("content-type", "").replace("\r", " ").replace("\n", " ")
    return message
