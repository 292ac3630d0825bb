"""Pages of placed text to running text: columns, lines, paragraphs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

PAGES_THAT_REPEAT = 3
"""So many pages must share a line at their edge before it is a running head; two, where it is on the same height."""

CROSSING_SHARE = 0.2
"""Of a page's boxes may lie across the white between two columns: headings, pictures' captions."""

_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_HYPHENS = "-\u00ad\u2010\ufffe\u0002"
_HYPHENATED = re.compile(rf"[^\W\d_]{{2}}[{_HYPHENS}]\Z")
_STOP = re.compile(r"[.!?…:][\"'”’»)\]]*\Z")
_EDGE_LINES = 2
_LEAST_LINES = 6  # of two pages that share a head
_LEAST_BOXES = 3
_SHORT_SHARE = 0.8
_GAP = 1.45  # of the usual distance between lines; more than that parts paragraphs
_SIZE = 1.15  # of the letters' height; another size is another paragraph
_STEPS = 40


class Box(NamedTuple):
    """Text and its place, in points from the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """How high the letters are."""
        return max(1.0, self.top - self.bottom)


def text_of(pages: Sequence[Sequence[Box]]) -> str:
    """The text of all pages, paragraphs a blank line apart, running heads left out, hyphens of line ends joined."""
    lines = [_lines(_in_order(list(boxes))) for boxes in pages]
    paragraphs: list[str] = []
    for page in _without_running_heads(lines):
        for place, paragraph in enumerate(_paragraphs(page)):
            if place == 0 and paragraphs and _goes_on(paragraphs[-1], paragraph):
                paragraphs[-1] = _appended(paragraphs[-1], paragraph)
            else:
                paragraphs.append(paragraph)
    return "\n\n".join(paragraphs)


def _in_order(boxes: list[Box]) -> list[Box]:
    """The boxes as one reads: down a column, then down the next; what lies across columns parts them."""
    middle = _gutter(boxes)
    if middle is None:
        return _by_rows(boxes)
    ordered: list[Box] = []
    rest = sorted(boxes, key=lambda box: -box.top)
    for crossing in [box for box in rest if box.left < middle < box.right]:
        above = [box for box in rest if box.bottom >= crossing.top - crossing.height / 2 and box is not crossing]
        ordered += _column_by_column(above, middle)
        ordered.append(crossing)
        rest = [box for box in rest if box is not crossing and box not in above]
    return ordered + _column_by_column(rest, middle)


def _column_by_column(boxes: list[Box], middle: float) -> list[Box]:
    left = [box for box in boxes if box.right <= middle]
    right = [box for box in boxes if box.left >= middle]
    across = [box for box in boxes if box.left < middle < box.right]
    return _in_order(left) + _by_rows(across) + _in_order(right)


def _gutter(boxes: Sequence[Box]) -> float | None:
    """Where the white between two columns runs down; None when the boxes are one column."""
    if len(boxes) < 2 * _LEAST_BOXES:
        return None
    first, last = min(box.left for box in boxes), max(box.right for box in boxes)
    best: tuple[int, float] | None = None
    for step in range(1, _STEPS):
        x = first + (last - first) * step / _STEPS
        crossing = sum(box.left < x < box.right for box in boxes)
        left = sum(box.right <= x for box in boxes)
        right = sum(box.left >= x for box in boxes)
        if min(left, right) >= max(_LEAST_BOXES, 0.25 * len(boxes)) and crossing <= CROSSING_SHARE * len(boxes):
            candidate = (crossing, abs(x - (first + last) / 2))
            if best is None or candidate < (best[0], abs(best[1] - (first + last) / 2)):
                best = (crossing, x)
    if best is None or _is_table(boxes, best[1]):
        return None
    return best[1]


def _is_table(boxes: Sequence[Box], x: float) -> bool:
    """Whether what stands left and right is short and in rows: cells, not columns of prose."""
    widths = [box.right - box.left for box in boxes if not box.left < x < box.right]
    span = max(box.right for box in boxes) - min(box.left for box in boxes)
    return median(widths) < 0.25 * span


def _by_rows(boxes: Sequence[Box]) -> list[Box]:
    """The boxes from the top down, those on one line from left to right."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: -(box.bottom + box.top)):
        if rows and abs(_middle(rows[-1][0]) - _middle(box)) < 0.4 * min(rows[-1][0].height, box.height):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [box for row in rows for box in sorted(row)]


def _middle(box: Box) -> float:
    return (box.bottom + box.top) / 2


def _lines(boxes: Sequence[Box]) -> list[Box]:
    """The boxes with those that follow each other on one line made one."""
    lines: list[Box] = []
    for box in boxes:
        if (
            lines
            and abs(_middle(lines[-1]) - _middle(box)) < 0.4 * box.height
            and box.left >= lines[-1].right - box.height
        ):
            before = lines[-1]
            joint = "" if box.left - before.right < 0.1 * box.height else " "
            lines[-1] = Box(
                before.left, min(before.bottom, box.bottom), box.right, max(before.top, box.top),
                before.text + joint + box.text,
            )  # fmt: skip
        else:
            lines.append(box)
    return lines


def _without_running_heads(pages: list[list[Box]]) -> Iterator[list[Box]]:
    """The pages without the lines at their edges that many of them share but for page numbers."""
    edges = [{_key(line): line for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])} for page in pages]
    counts = Counter(key for lines in edges for key in lines)
    full = [lines for lines, page in zip(edges, pages, strict=True) if len(page) > _LEAST_LINES]
    places = Counter((key, round(line.top)) for lines in full for key, line in lines.items())
    on_the_same_height = {key for (key, _), count in places.items() if count >= max(2, len(pages) // 3)}
    heads = {key for key, count in counts.items() if count >= max(PAGES_THAT_REPEAT, len(pages) // 3)}
    heads |= on_the_same_height
    for page in pages:
        last = len(page) - _EDGE_LINES
        yield [line for i, line in enumerate(page) if not ((i < _EDGE_LINES or i >= last) and _key(line) in heads)]


def _key(line: Box) -> str:
    return _DIGITS.sub("#", line.text.casefold())


def _paragraphs(lines: Sequence[Box]) -> Iterator[str]:
    """The paragraphs that the lines of a page make up."""
    if not lines:
        return
    distances = [above.bottom - below.bottom for above, below in pairwise(lines) if above.bottom > below.bottom]
    usual = median(distances) if distances else 0.0
    width = max(line.right - line.left for line in lines)
    text = lines[0].text
    for above, below in pairwise(lines):
        if _parts(above, below, usual, width):
            yield text
            text = below.text
        else:
            text = _appended(text, below.text)
    yield text


def _parts(above: Box, below: Box, usual: float, width: float) -> bool:
    """Whether a paragraph ends between two lines."""
    if below.bottom > above.bottom:  # a new column
        return not _goes_on(above.text, below.text)
    if above.bottom - below.bottom > _GAP * max(usual, above.height):
        return True
    if max(above.height, below.height) > _SIZE * min(above.height, below.height) and not below.text[0].islower():
        return abs(above.height - below.height) > 2
    ended = _STOP.search(above.text[-9:]) is not None
    if ended and below.left > above.left + 0.8 * below.height:
        return True
    return ended and above.right - above.left < _SHORT_SHARE * width and above.right < below.right - below.height


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence that began before a page's or column's end goes on after it."""
    if _HYPHENATED.search(before[-4:]):
        return True
    return _STOP.search(before[-9:]) is None and (after[0].islower() or before[-1] == ",")


def _appended(text: str, line: str) -> str:
    """The text with a line more; a word that was hyphenated between them is whole."""
    if _HYPHENATED.search(text[-4:]) and line[0].islower():
        return text[:-1] + line
    return f"{text} {line}"
