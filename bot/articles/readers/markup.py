"""Elements to text: the words of a page, chapter or document, block by block."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_DROPPED = frozenset(
    {"audio", "button", "canvas", "figure", "form", "graphic", "head", "iframe", "img", "input", "link", "math", "meta"}
    | {"nav", "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title", "video"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "code", "dd", "details", "div", "dl", "dt"}
    | {"figcaption", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "item", "li", "list", "main"}
    | {"ol", "p", "pre", "quote", "row", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_BLANKS = re.compile(r"[ \t\n\r\f]+")  # not non-breaking and other spaces, which the author chose
_AROUND_BREAK = re.compile(r" ?\n ?")
_KEPT_BLANKS = frozenset({"pre"})


def plain_text(root: "_Element", *, dropped: frozenset[str] = _DROPPED) -> str:
    """The words under an element of HTML or of trafilatura's body, without the names of its elements.

    Blocks stand a blank line apart, list items and table rows a line each. Headings open with "#" marks, items with
    "- ". Runs of ordinary blanks are one blank; all other characters stay.
    """
    from lxml.etree import iterwalk

    blocks = _Blocks()
    walk = iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = _name(element)
        if event == "start":
            if _is_dropped(tag, element, dropped):
                walk.skip_subtree()
                continue
            blocks.open(tag, element.get("rend") or "")
            blocks.add(element.text or "")
        elif event == "end" and not _is_dropped(tag, element, dropped):
            blocks.close(tag)
        if event != "start" and element is not root:
            blocks.add(element.tail or "")
    return blocks.text()


def _is_dropped(tag: str, element: "_Element", dropped: frozenset[str]) -> bool:
    """Whether an element is none of the text's words, such as a head that is no heading, or the number of a note."""
    if tag == "a" and "noteref" in f"{element.get('epub:type')} {element.get('role')}":
        return True
    return tag in dropped and not (tag == "head" and element.get("rend"))


def _name(element: "_Element") -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


class _Blocks:
    """The blocks so far, and the one that words are added to."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._words: list[str] = []
        self._cells: list[str] = []
        self._mark = ""
        self._line = False  # whether the block is a line under another one of its list or table
        self._before = ""
        self._in_row = self._pre = 0

    def open(self, tag: str, rend: str) -> None:
        """Begin what an element begins."""
        if tag in ("br", "lb"):
            self._words.append("\v")
        elif tag in ("td", "th", "cell"):
            self._words = []
        elif tag in _BLOCKS and not (tag == "code" and not rend and self._words):
            self._end_block()
            if tag in ("tr", "row"):
                self._in_row += 1
                self._cells = []
            self._mark = self._mark_of(tag, rend) or self._mark
        self._pre += tag in _KEPT_BLANKS

    def close(self, tag: str) -> None:
        """End what an element ends."""
        if tag in ("td", "th", "cell"):
            words = self._taken()
            if words:
                self._cells.append(words)
        elif tag in ("tr", "row"):
            self._in_row = max(0, self._in_row - 1)
            self._emit(" | ".join(self._cells), "row")
            self._cells = []
        elif tag in _BLOCKS:
            self._end_block()
            if tag in ("li", "item"):
                self._mark = ""
        self._pre -= tag in _KEPT_BLANKS

    def add(self, words: str) -> None:
        """Add words to the block."""
        if words:
            self._words.append(words.replace("\n", "\v") if self._pre else words)

    def text(self) -> str:
        """All blocks."""
        self._end_block()
        return "".join(self._parts)

    def _mark_of(self, tag: str, rend: str) -> str:
        if tag in ("li", "item"):
            return "- "
        if tag == "head":
            return "#" * _HEADINGS.get(rend, 2) + " "
        return "#" * _HEADINGS[tag] + " " if tag in _HEADINGS else ""

    def _end_block(self) -> None:
        if self._in_row:
            self._words.append(" ")
            return
        words = self._taken()
        if words:
            kind = "item" if self._mark == "- " else "block"
            self._emit(self._mark + words, kind)
            self._mark = ""

    def _emit(self, words: str, kind: str) -> None:
        if not words:
            return
        if self._parts:
            self._parts.append("\n" if kind == self._before and kind != "block" else "\n\n")
        self._parts.append(words)
        self._before = kind

    def _taken(self) -> str:
        words = _BLANKS.sub(" ", "".join(self._words)).replace("\v", "\n")
        self._words = []
        return _AROUND_BREAK.sub("\n", words).strip(" \n")
