"""Where the sentences of one paragraph begin and end: Punkt proposes, quotations and fragments decide."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.articles.enclosures import Enclosure, enclosures_of
from bot.articles.punkt import Parameters

LONGEST_SENTENCE = 1000
"""Characters; what is longer (a table, a text without marks) is cut at its best inner mark or blank."""

LONGEST_QUOTATION = 320
"""Characters of a sentence with a quotation of several sentences in it; a longer one is cut inside the quotation."""

PUNKT_CHARACTERS = 20_000
"""Characters that Punkt is given at a time."""

_UNSPACED_END = re.compile(r"[。！？｡．॥।۔؟]+[」』”’》）\])]*(?=(?P<next>\S)?)")
_GLUED = re.compile(r"[.!?][\"”]?(?=(?P<next>[A-Z][a-z]*)[ \t])")
_CITED = re.compile(r"(?<=[.!?\"”])(?:\[[^\[\]\n]{1,40}\])+(?=\s+[A-Z\"“(\[])")
_ELLIPSIS = re.compile(r"(?:…|\.\.\.)[\"'”’»]*\s+(?=[^\w]*(?P<next>\w+))")
_LAST_TOKEN = re.compile(r"(\S{1,40})\Z")
_FIRST_WORD = re.compile(r"\w+")
_GOES_ON = re.compile(r"[,;:)\]}!?…%]|\.(?!\d)|[\"”’»]+[,;:]|\[[^\[\]\n]{1,40}\](?:\s|\Z)")
_OPENING = tuple("«“„‘([")
_QUOTED_ELLIPSIS = re.compile(r"[\"“«„‘'](?:\.\.\.|…)")
_ANOTHER_QUOTATION = re.compile(r"[\"“”«»„:]")
_DASHED = re.compile(r"[—–-]+\s")
_NOTE = re.compile(r"(?P<note>\[[^\[\]\n]{1,40}\])\s+(?=[A-Z\"“])")
_LABEL = re.compile(r"\W*(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})[.)]\Z")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\.\Z")
_INITIAL = re.compile(r"(?:^|[\s(\[\"“‘'.-])[^\W\d_]\.\Z")
_LETTER_STOP = re.compile(r"[^\W\d_]\.[\s-]")
_NICKNAME = re.compile(r"[\"“(‘'][\w .-]{1,20}[\"”)’']")
_NUMERAL = re.compile(r"[\d#№]|[IVXLC]+\b")
_ORDINAL = re.compile(r"(?<!\d)\d{1,2}\.\Z")
_ROMAN = frozenset("ivxIVX")  # letters of the numbers that label items
_LONGEST_PLAIN_WORD = 40
_SPEECH_WORDS = 8
_SPEECH_CHARACTERS = 100
_CLOSING_QUOTE = re.compile(r"[.!?…,][\"”’»“']\Z")
_INNER_MARKS = (re.compile(r"\n"), re.compile(r"[;|]\s"), re.compile(r"[,:–—、，]\s?"), re.compile(r"\s"))


class Cut(NamedTuple):
    """A boundary: the sentence before ends at `left`, the one after begins at `right`."""

    left: int
    right: int


def sentence_spans(text: str, parameters: Parameters) -> Iterator[tuple[int, int]]:
    """The offsets of the sentences of one paragraph, in order, without white space at their ends.

    They cover every character that is not white space exactly once.
    """
    cuts = _joined(text, _proposed(text, parameters), parameters)
    cuts = _kept_whole(text, cuts)
    start = 0
    for cut in (*cuts, Cut(len(text), len(text))):
        yield from _bounded(text, start, cut.left)
        start = cut.right


def _proposed(text: str, parameters: Parameters) -> list[Cut]:
    """All places where a sentence may end, in order."""
    rights: set[int] = set()
    if "." in text or "!" in text or "?" in text:
        rights.update(_punkt_starts(text, parameters))
    if not text.isascii():
        rights.update(_unspaced_ends(text))
    rights.update(m.end() for m in _GLUED.finditer(text) if _is_glued(text, m.start(), m["next"], parameters))
    if "[" in text:
        rights.update(match.end() for match in _CITED.finditer(text))
    if "…" in text or "..." in text:
        rights.update(m.end() for m in _ELLIPSIS.finditer(text) if _starts(m["next"], parameters))
    return [_cut_at(text, right) for right in sorted(rights) if 0 < right < len(text)]


def _unspaced_ends(text: str) -> Iterator[int]:
    """Where sentences end by marks that need no blank behind them."""
    for match in _UNSPACED_END.finditer(text):
        closed = match[0][-1] not in "。！？｡．॥।۔؟"
        if not match["next"] or not closed or match["next"] in "「『“（":
            yield match.end()


def _punkt_starts(text: str, parameters: Parameters) -> Iterator[int]:
    """Where Punkt lets sentences begin. It sees a window at a time: its patterns give up on longer texts."""
    window = 0
    while window < len(text):
        end = min(len(text), window + PUNKT_CHARACTERS)
        starts = [window + start for start in parameters.breaks.starts(text[window:end])]
        yield from starts
        if end == len(text):
            return
        last = starts[-1] if starts else window
        window = last if last > window else _blank_before(text, window, end)


def _blank_before(text: str, start: int, end: int) -> int:
    """The last blank or line end between two places; the second where there is none."""
    place = max(text.rfind(" ", start + 1, end), text.rfind("\n", start + 1, end))
    return place if place > 0 else end


def _cut_at(text: str, place: int) -> Cut:
    """The cut at a place, white space on both sides left out."""
    left = right = place
    while left > 0 and text[left - 1].isspace():
        left -= 1
    while right < len(text) and text[right].isspace():
        right += 1
    if text[left - 1 : left] in _OPENING and text[left - 2 : left - 1].isspace():
        return _cut_at(text, left - 1)  # an opening mark goes with what it opens
    if text.startswith("[", right) and (note := _NOTE.match(text, right)) is not None:
        return Cut(note.end("note"), note.end())  # "[N 26]" goes with what it is a note to
    return Cut(left, right)


def _is_glued(text: str, mark: int, word: str, parameters: Parameters) -> bool:
    """Whether a full stop without a blank after it ends a sentence: "at war.The" does, "www.The" does not."""
    before = text[max(0, mark - 3) : mark]
    return len(before) == 3 and before.isalpha() and before.islower() and _starts(word, parameters)


def _starts(word: str, parameters: Parameters) -> bool:
    """Whether a word with a capital is known to start sentences."""
    return word[0].isupper() and word.lower() in parameters.starters


def _joined(text: str, cuts: Sequence[Cut], parameters: Parameters) -> list[Cut]:
    """The cuts that leave a sentence on both sides."""
    kept: list[Cut] = []
    lower: bool | None = None
    start = 0
    for place, cut in enumerate(cuts):
        if not _is_plain(text, start, cut, parameters):
            end = cuts[place + 1].left if place + 1 < len(cuts) else len(text)
            lower = _writes_lower_case(text, cuts) if lower is None else lower
            if _belongs_together(text, start, cut, end, parameters, lower=lower):
                continue
        kept.append(cut)
        start = cut.right
    return kept


def _is_plain(text: str, start: int, cut: Cut, parameters: Parameters) -> bool:
    """Whether a cut stands between a plain word's full stop and a capital: nothing joins what is before and behind.

    Most do, and none of them need the rules of `_belongs_together`, which all say the same of them.
    """
    first = text[cut.right : cut.right + 1]
    mark = cut.left - 1
    if not (first.isalpha() and first.isupper()) or mark <= start or text[mark] not in ".?":
        return False
    word = text[max(text.rfind(" ", start, mark) + 1, start) : mark]
    return (
        word.isalpha()
        and 1 < len(word) < _LONGEST_PLAIN_WORD
        and not _ROMAN.issuperset(word)
        and word.lower() not in parameters.numeric
    )


def _writes_lower_case(text: str, cuts: Sequence[Cut]) -> bool:
    """Whether this author starts most sentences in lower case, so that it says nothing."""
    after = [text[cut.right] for cut in cuts if cut.right < len(text)]
    return len(after) > 1 and sum(character.islower() for character in after) > 0.6 * len(after)


def _belongs_together(text: str, start: int, cut: Cut, end: int, parameters: Parameters, *, lower: bool) -> bool:
    """Whether a cut would leave a fragment: what is before it from `start`, or what is after it up to `end`."""
    left, right = text[max(start, cut.left - 100) : cut.left], text[cut.right : min(end, cut.right + 200)]
    word = _FIRST_WORD.search(right)
    if word is None or not any(character.isalnum() for character in left) or _GOES_ON.match(right):
        return True
    if cut.left - start <= 60 and _LABEL.fullmatch(left):
        return True
    opening = right[: word.start()]
    goes_on = word[0][0].islower() and not word[0][1:2].isupper() and not _QUOTED_ELLIPSIS.match(opening)
    if goes_on and (not lower or opening.strip("\"“«„'‘( ")):
        return True
    if lower and word[0][0].islower() and _CLOSING_QUOTE.search(left):
        return True
    if _ends_in_abbreviation(left, right, word[0], parameters):
        return True
    if _DASHED.match(right) and end - start <= LONGEST_QUOTATION and _speaks(left[-_SPEECH_CHARACTERS:], parameters):
        return True
    return bool(_CLOSING_QUOTE.search(left)) and _tells_the_speaker(right, parameters)


def _ends_in_abbreviation(left: str, right: str, word: str, parameters: Parameters) -> bool:
    last = _LAST_TOKEN.search(left)
    if last is None or not left.endswith((".", "!")):
        return False
    token = last[0].lstrip("([\"'“‘«").lower()
    if _INITIAL.search(left) and _follows_initial(left, right):
        return True
    bare = token.removesuffix(".").rpartition("'")[2].rpartition("’")[2]
    if bare in parameters.numeric and _NUMERAL.match(right):
        return True
    if len(bare) + 1 < len(token) and bare in parameters.abbreviations:
        return not _starts(word, parameters)
    if token.endswith("!"):
        return token in parameters.abbreviations and not _starts(word, parameters)
    if _DOTTED.search(token):
        return not _starts(word, parameters)
    return parameters.has_ordinals and _ORDINAL.search(left) is not None and not _starts(word, parameters)


def _follows_initial(left: str, right: str) -> bool:
    """Whether what follows a single letter with a full stop goes on with the name, or with the number: "c. 1400"."""
    if _LETTER_STOP.match(right):
        return True
    if left[-2].islower():
        return right[0].isdigit()
    return _NICKNAME.match(right) is not None


def _speaks(left: str, parameters: Parameters) -> bool:
    """Whether a verb of speech is among the last words: the quotation goes on behind a dash."""
    return not parameters.speech.isdisjoint(word.lower() for word in _FIRST_WORD.findall(left)[-_SPEECH_WORDS:])


def _tells_the_speaker(right: str, parameters: Parameters) -> bool:
    """Whether what follows a quotation is nothing but who said it."""
    words = [word.lower() for word in _FIRST_WORD.findall(right[: _SPEECH_CHARACTERS + 1])]
    if len(right) > _SPEECH_CHARACTERS or len(words) > _SPEECH_WORDS or _ANOTHER_QUOTATION.search(right):
        return False
    return not parameters.speech.isdisjoint(words[1:4])


def _kept_whole(text: str, cuts: Sequence[Cut]) -> list[Cut]:
    """The cuts without those inside a quotation or bracket that is a part of a sentence of bearable length."""
    if not cuts:
        return []
    enclosures = enclosures_of(text)
    if not enclosures:
        return list(cuts)
    places = _Places(cuts, [cut.left for cut in cuts], [cut.right for cut in cuts])
    dropped: set[Cut] = set()
    for enclosure in enclosures:
        _keep_whole(text, enclosure, places, dropped)
    return [cut for cut in cuts if cut not in dropped] if dropped else list(cuts)


class _Places(NamedTuple):
    """The cuts of a paragraph, and the two sides of each apart."""

    cuts: Sequence[Cut]
    lefts: Sequence[int]
    rights: Sequence[int]

    def inside(self, enclosure: Enclosure) -> tuple[int, int]:
        """The range of the cuts strictly between the marks of an enclosure."""
        first = bisect_right(self.lefts, enclosure.start + 1)
        last = bisect_left(self.rights, enclosure.end - 1)
        return first, max(first, last)


def _keep_whole(text: str, enclosure: Enclosure, places: _Places, dropped: set[Cut]) -> None:
    first, last = places.inside(enclosure)
    if first == last:
        return
    cuts = places.cuts
    start = next((cut.right for cut in reversed(cuts[:first]) if cut not in dropped), 0)
    end = cuts[last].left if last < len(cuts) else len(text)
    before, after = text[start : enclosure.start], text[enclosure.end : end]
    is_part = any(map(str.isalnum, before)) or any(map(str.isalnum, after))
    if is_part and end - start <= LONGEST_QUOTATION:
        dropped.update(cuts[first:last])
        return
    for inner in enclosure.inside:
        _keep_whole(text, inner, places, dropped)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence, or its pieces where it is longer than LONGEST_SENTENCE; nothing where it is blank."""
    while end - start > LONGEST_SENTENCE:
        cut = _cut_at(text, _inner_cut(text, start))
        yield start, cut.left
        start = cut.right
    if start < end:
        yield start, end


def _inner_cut(text: str, start: int) -> int:
    """The best place to cut a text that goes on for too long: the last mark in the second half of the bound."""
    middle, bound = start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE
    for mark in _INNER_MARKS:
        places = [match.end() for match in mark.finditer(text, middle, bound)]
        if places:
            return places[-1]
    return bound
