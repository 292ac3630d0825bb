"""Markdown: the text as it reads without its markup, with what its front matter says of it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from bot.articles.article import Article
from bot.articles.encoding import decode
from bot.articles.readers.frontmatter import split_front_matter
from bot.articles.readers.origin import Origin
from bot.errors import ReadingError

if TYPE_CHECKING:
    from markdown_it.token import Token

_TITLE = re.compile(r"^# (?P<title>.+)", re.MULTILINE)
_BLANKS = re.compile(" {2,}")  # where HTML stood
_SPOKEN = {"text", "code_inline", "text_special", "image"}
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def read_markdown(data: bytes, origin: Origin) -> Iterator[Article]:
    """One article: the document's words without front matter, emphasis, link addresses and HTML; an image inside a
    sentence is its description.

    Blocks stand a blank line apart, list items and table rows a line each; headings keep their "#", items their mark.
    The title comes from the front matter, else from the first heading of the first level.
    """
    matter, text = split_front_matter(decode(data, origin.source))
    plain = plain_text(text)
    if not plain:
        raise ReadingError(f"{origin.source}: holds no words besides its markup; there is nothing to read in it")
    heading = _TITLE.search(plain)
    title = matter.title or (heading["title"].strip() if heading else "")
    yield origin.article(plain, **matter._replace(title=title)._asdict())


def plain_text(markdown: str) -> str:
    """The words of a Markdown text as read_markdown stores them."""
    from markdown_it import MarkdownIt  # 40 ms: only where there is Markdown

    parts: list[str] = []
    before = ""
    for block in _blocks(MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)):
        if parts:
            parts.append("\n" if block.kind == before and block.kind in ("item", "row") and not block.first else "\n\n")
        parts.append(block.text)
        before = block.kind
    return "".join(parts)


class _Block(NamedTuple):
    """A paragraph, heading, item, row or code; `first` is the first one of its list or table."""

    kind: str
    text: str
    first: bool = False


def _blocks(tokens: "list[Token]") -> Iterator[_Block]:
    """The blocks that have words, in order."""
    kind, mark, first = "paragraph", "", False
    cells: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            kind, mark = "heading", "#" * int(token.tag[1:]) + " "
        elif token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            first = token.level == 0
        elif token.type == "list_item_open":
            kind, mark = "item", f"{token.info}{token.markup} "
        elif token.type == "tr_open":
            kind, cells = "row", []
        elif token.type == "tr_close":
            yield _Block("row", " | ".join(cells), first)
            kind, first = "paragraph", False
        elif token.type in ("inline", "fence", "code_block"):
            words = _words(token)
            if kind == "row":
                cells.append(words)
            elif words:
                yield _Block(kind, mark + words, first)
                kind, mark, first = "paragraph", "", False


def _words(token: "Token") -> str:
    if token.type != "inline":
        return token.content.strip("\n")
    children = token.children or []
    if all(child.type == "image" or not child.content.strip() for child in children):
        return ""
    words = "".join(child.content if child.type in _SPOKEN else _BREAKS.get(child.type, "") for child in children)
    return _BLANKS.sub(" ", words).strip()
