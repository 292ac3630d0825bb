"""Timing: what a question says about when an article appeared ("last week", "since 2023", "the latest")."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from bot.answering.answer import Quote
from bot.answering.query import Query
from bot.errors import SettingsError
from bot.retrieval.letters import bare
from bot.wordlists import WordLists

FOLDER = "time"
MOST_WORDS = 6  # of a date, links among them: "el 8 de marzo de 2023"
SPANS = ("day", "week", "month", "year")
FRAMES = ("since", "until", "before", "in")
LINK = "link"
"""What a word means that may stand between a frame and its date, or within a date: "since the 8th of March"."""

_WORD = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}(?!\d)|\w+(?:['’-]\w+)*")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_DAY = re.compile(r"(?P<number>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|er|º|-го|-е)?\Z")
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\Z")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


class Timing(NamedTuple):
    """What a question asks of its articles' dates: inclusive bounds (None where open), whether the newest is wanted,
    and the stretches of the question that say so, as offsets into it."""

    since: date | None
    until: date | None
    newest: bool
    spans: tuple[tuple[int, int], ...]


class _Span(NamedTuple):
    since: date
    until: date


class _Word(NamedTuple):
    text: str
    start: int
    end: int


class Timings:
    """Reads timings by the lists time/<code>.txt; a list is read when its language is first asked in."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._phrases: dict[str, dict[tuple[str, ...], str]] = {}
        self._telling: dict[str, frozenset[str]] = {}

    def read(self, question: str, language: str, today: date) -> Timing | None:
        """What the question says about time; None when it says nothing that can be placed in the calendar."""
        phrases = self._of(language)
        words = [_Word(bare(match[0]), match.start(), match.end()) for match in _WORD.finditer(question)]
        telling = self._telling[language]
        if not any(word.text in telling or word.text[:1].isdigit() for word in words):
            return None  # as most questions say nothing
        since: date | None = None
        until: date | None = None
        newest = False
        spans: list[tuple[int, int]] = []
        place = 0
        while place < len(words):
            length, meaning = _longest(phrases, words, place)
            kind, _, back = meaning.partition(" ")
            window: tuple[date | None, date | None] | None = None
            taken = length
            if kind == "newest":
                newest = True
            elif kind in SPANS:
                window = _calendar(kind, int(back), today)
            elif kind in FRAMES:
                window, taken = _framed(kind, phrases, words, place + length, today)
                taken += length
            else:
                window, taken = _unframed(phrases, words, place, today)
            if window is not None:
                since, until = window
            if window is not None or kind == "newest":
                spans.append((words[place].start, words[place + taken - 1].end))
            place += taken if window is not None else length
        return Timing(since, until, newest, tuple(spans)) if spans else None

    def _of(self, language: str) -> dict[tuple[str, ...], str]:
        if language not in self._phrases:
            name = f"{FOLDER}/{language}.txt"
            phrases = dict(_entry(name, line) for line in self._lists.lines(name))
            self._telling[language] = frozenset(
                phrase[0] for phrase, meaning in phrases.items() if meaning not in (*FRAMES, LINK)
            )
            self._phrases[language] = phrases
        return self._phrases[language]


def without(query: Query, spans: Sequence[tuple[int, int]]) -> Query:
    """The query without the words at these stretches of its text; as it was when no term would be left."""
    kept = tuple(token for token in query.tokens if not any(start <= token.start < end for start, end in spans))
    terms = {token.term for token in kept}
    left = tuple(term for term in query.terms if term in terms)
    return msgspec.structs.replace(query, tokens=kept, terms=left) if left else query


def newest_first(quotes: Sequence[Quote], threshold: float) -> tuple[Quote, ...]:
    """The quotes with the sure ones first, newest before older and undated; the others stay in their order."""
    sure = [quote for quote in quotes if quote.confidence >= threshold]
    sure.sort(key=lambda quote: quote.article.published or "", reverse=True)
    return (*sure, *(quote for quote in quotes if quote.confidence < threshold))


def _entry(name: str, line: str) -> tuple[tuple[str, ...], str]:
    phrase, equals, meaning = (part.strip() for part in line.rpartition("="))
    kind, _, back = meaning.partition(" ")
    known = meaning in ("newest", LINK) or kind in FRAMES or (kind in SPANS and back.isdigit())
    if not equals or not (known or (meaning.isdigit() and 1 <= int(meaning) <= 12)):
        choices = ", ".join((*FRAMES, "newest", LINK, *(f"{span} N" for span in SPANS)))
        raise SettingsError(f'{name}: "{line}": expected a line of the form words = meaning ({choices}, or a month)')
    return tuple(bare(word) for word in _WORD.findall(phrase)), meaning


def _longest(phrases: dict[tuple[str, ...], str], words: Sequence[_Word], place: int) -> tuple[int, str]:
    """How many words from `place` on are the longest listed phrase, and what it means; 1 and "" for none."""
    for length in range(min(4, len(words) - place), 0, -1):
        meaning = phrases.get(tuple(word.text for word in words[place : place + length]))
        if meaning is not None:
            return length, meaning
    return 1, ""


def _calendar(span: str, back: int, today: date) -> _Span:
    """The day, week, month or year that lies `back` of them before today's, up to today."""
    if span == "day":
        day = today - timedelta(days=back)
        return _Span(day, day)
    if span == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return _Span(monday, min(today, monday + timedelta(days=6)))
    if span == "month":
        months = today.year * 12 + today.month - 1 - back
        window = _month(months // 12, months % 12 + 1)
    else:
        window = _Span(date(today.year - back, 1, 1), date(today.year - back, 12, 31))
    return _Span(window.since, min(today, window.until))


def _framed(
    frame: str, phrases: dict[tuple[str, ...], str], words: Sequence[_Word], place: int, today: date
) -> tuple[tuple[date | None, date | None] | None, int]:
    """The bounds that a word such as "since" sets with the date after it, and how many words that date takes."""
    span, taken, _ = _dated(phrases, words, place, today)
    if span is None or span.since > today:
        return None, 0
    if frame == "since":
        return (span.since, None), taken
    if frame == "until":
        return (None, span.until), taken
    if frame == "before":
        return (None, span.since - timedelta(days=1)), taken
    return (span.since, span.until), taken


def _unframed(
    phrases: dict[tuple[str, ...], str], words: Sequence[_Word], place: int, today: date
) -> tuple[tuple[date | None, date | None] | None, int]:
    """The bounds of a whole date that no word announces ("8 марта 2023", "le 8 mars 2023"), and its words."""
    span, taken, is_whole = _dated(phrases, words, place, today)
    if span is None or not is_whole or span.since > today:
        return None, 1
    return (span.since, span.until), taken


def _dated(
    phrases: dict[tuple[str, ...], str], words: Sequence[_Word], place: int, today: date
) -> tuple[_Span | None, int, bool]:
    """The span of a date ("2023-03-08", "8.3.2023", "March", "8 March 2023", "March 8, 2023", "2023"), its words, and
    whether it says day, month and year."""
    day, month, year, taken = 0, 0, 0, 0
    for ahead, word in enumerate(words[place : place + MOST_WORDS], start=1):
        text, meaning = word.text, phrases.get((word.text,), "")
        numeric = _numeric(text) if not taken else None
        if numeric is not None:
            return _Span(numeric, numeric), ahead, True
        if meaning.isdigit() and not month:
            month = int(meaning)
        elif _YEAR.match(text) and not year:
            year = int(text)
        elif (number := _DAY.match(text)) is not None and not day and not year:
            day = int(number["number"])
        elif meaning != LINK:
            break
        elif not year:
            continue  # it counts when more of the date comes
        taken = ahead
    is_led = phrases.get((words[place].text,)) == LINK if place < len(words) else False
    if (not month and not (year and not day)) or (is_led and not day):  # "in the 1990 election" tells of no article
        return None, 0, False
    return _span(day, month, year, today), taken, bool(day and month and year)


def _numeric(text: str) -> date | None:
    """The day of a date in digits: "2023-03-08", "8.3.2023"; None for what is none."""
    dotted = _DOTTED.match(text)
    try:
        if dotted is not None:
            return date(int(dotted["year"]), int(dotted["month"]), int(dotted["day"]))
        return date.fromisoformat(text) if _ISO.match(text) else None
    except ValueError:
        return None


def _span(day: int, month: int, year: int, today: date) -> _Span | None:
    """The span of a day, a month or a year (0 for what is not said: the last such month that has begun)."""
    if not month:
        return _Span(date(year, 1, 1), date(year, 12, 31))
    year = year or (today.year if month <= today.month else today.year - 1)
    if not day:
        return _month(year, month)
    try:
        named = date(year, month, day)
    except ValueError:
        return None
    return _Span(named, named)


def _month(year: int, month: int) -> _Span:
    following = date(year + month // 12, month % 12 + 1, 1)
    return _Span(date(year, month, 1), following - timedelta(days=1))
