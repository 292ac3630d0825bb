"""The table of formats: how each is told by its name and its content, and what reads it."""

import re
from importlib import import_module
from typing import NamedTuple

from bot.articles.readers.origin import Origin, Reader

HEAD_BYTES = 4096
"""As much of a document tells its format."""


class Format(NamedTuple):
    """A format: its name for people, the suffixes of its files, where its reader is ("module.function" in this
    package, imported when the first document comes), and whether that runs in a process of its own, because a hostile
    document could make it take all memory or time."""

    name: str
    suffixes: frozenset[str]
    reader: str
    apart: bool = True

    @property
    def read(self) -> Reader:
        """The reader."""
        module, _, function = self.reader.partition(".")
        found: Reader = getattr(import_module(f"bot.articles.readers.{module}"), function)
        return found


TEXT = Format("text", frozenset({".txt", ".text"}), "text.read_text", apart=False)
MARKDOWN = Format("Markdown", frozenset({".md", ".markdown", ".mdown"}), "markdown.read_markdown")
JSON_LINES = Format("JSON Lines", frozenset({".jsonl", ".ndjson"}), "jsonl.read_jsonl", apart=False)
CSV = Format("CSV", frozenset({".csv", ".tsv"}), "table.read_csv")
HTML = Format("HTML", frozenset({".html", ".htm", ".xhtml"}), "html.read_html")
PDF = Format("PDF", frozenset({".pdf"}), "pdf.read_pdf")
RTF = Format("RTF", frozenset({".rtf"}), "rtf.read_rtf")
MAIL = Format("e-mail", frozenset({".eml"}), "mail.read_mail")
FEED = Format("feed", frozenset({".rss", ".atom"}), "feed.read_feed")
SITEMAP = Format("sitemap", frozenset[str](), "sitemap.read_sitemap")
ZIP = Format("ZIP", frozenset({".zip", ".docx", ".odt", ".epub"}), "archive.read_container")

FORMATS = (TEXT, MARKDOWN, JSON_LINES, CSV, HTML, PDF, RTF, MAIL, FEED, SITEMAP, ZIP)

SUFFIXES = frozenset[str]().union(*(format_.suffixes for format_ in FORMATS))
"""Suffixes of the files that are taken from a folder; a file that is named itself is read whatever its suffix."""

_SIGNATURES = ((b"%PDF-", PDF), (b"PK\x03\x04", ZIP), (b"PK\x05\x06", ZIP), (b"{\\rtf", RTF))
_AS_WRITTEN = frozenset[str]().union(TEXT.suffixes, MARKDOWN.suffixes, JSON_LINES.suffixes, CSV.suffixes, MAIL.suffixes)
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?(?P<name>[\w-]+)")
_ROOTS = {b"rss": FEED, b"feed": FEED, b"rdf": FEED, b"urlset": SITEMAP, b"sitemapindex": SITEMAP, b"html": HTML}
_JSON_FEED = b"jsonfeed.org/version"
_HEADERS = re.compile(rb"\A(?:[A-Za-z][A-Za-z-]*:[ \t].*\r?\n)(?:[A-Za-z][A-Za-z-]*:[ \t].*\r?\n|[ \t].*\r?\n)+")
_MAIL_HEADER = re.compile(rb"^(?:Received|Message-ID|MIME-Version|From|Date):", re.IGNORECASE | re.MULTILINE)


def format_of(head: bytes, origin: Origin) -> Format:
    """The format of a document that begins with `head`: by an unmistakable content, then its suffix, then its looks."""
    for signature, format_ in _SIGNATURES:
        if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(signature):
            return format_
    if origin.suffix in _AS_WRITTEN:
        return next(format_ for format_ in FORMATS if origin.suffix in format_.suffixes)
    told = next((format_ for format_ in FORMATS if origin.suffix in format_.suffixes), None)
    return _by_looks(head) or told or TEXT


def _by_looks(head: bytes) -> Format | None:
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ")
    if plain.startswith(b"<"):
        root = _ROOT.search(plain)
        return _ROOTS.get(root["name"].lower()) if root else None
    if plain.startswith(b"{"):
        return FEED if _JSON_FEED in plain else JSON_LINES if b'"text"' in plain else None
    block = _HEADERS.match(plain)
    return MAIL if block and len(_MAIL_HEADER.findall(block[0])) > 1 else None
