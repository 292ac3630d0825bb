"""Entities of a text (bold, links, quotations ...) and Telegram's rules for which of them may nest.

Offsets here count code points; `to_json` gives Telegram's UTF-16 code units. The rules are those of TDLib's
fix_entities: bold-like entities are split and merged, links and code keep only the outermost, a quotation never holds
a quotation, code holds nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from .schema import JsonObject

MAX_ENTITIES = 100
SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTATIONS = ("blockquote", "expandable_blockquote")
CODES = ("pre", "code")
# These keep their data when their text is blank.
HIDDEN_DATA = ("text_link", "text_mention", "custom_emoji")
# Which of two entities over the same text is the outer one: the lower.
PRIORITY = {
    "blockquote": 0, "expandable_blockquote": 0, "mention": 50, "hashtag": 50, "bot_command": 50, "url": 50,
    "email": 50, "text_link": 49, "text_mention": 49, "code": 20, "pre": 11, "bold": 90, "italic": 91, "underline": 92,
    "strikethrough": 93, "spoiler": 94, "custom_emoji": 99,
}  # fmt: skip


@dataclass(frozen=True)
class Entity:
    """A stretch of text, [start, end) in code points, and what it is."""

    type: str
    start: int
    end: int
    url: str | None = None
    user_id: int | None = None
    language: str | None = None
    custom_emoji_id: str | None = None


@dataclass(frozen=True)
class FormattedText:
    """A text and its entities, in Telegram's order: by start, the longer first."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """How many UTF-16 code units the text takes: Telegram's measure of everything."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_offsets(text: str) -> list[int]:
    """The UTF-16 offset of every code point and of the end; one more than there are code points."""
    if text.isascii() or max(text) <= "\uffff":
        return list(range(len(text) + 1))
    return list(accumulate((1 + (character > "\uffff") for character in text), initial=0))


def to_json(formatted: FormattedText) -> list[JsonObject]:
    """The entities as Telegram sends them, offsets and lengths in UTF-16 code units."""
    offsets = utf16_offsets(formatted.text)
    result = []
    for entity in formatted.entities:
        item: JsonObject = {"type": entity.type, "offset": offsets[entity.start]}
        item["length"] = offsets[entity.end] - offsets[entity.start]
        item |= {key: value for key in ("url", "language", "custom_emoji_id") if (value := getattr(entity, key))}
        if entity.user_id:
            item["user"] = {"id": entity.user_id, "is_bot": False, "first_name": "User"}
        result.append(item)
    return result


def from_json(text: str, items: Iterable[JsonObject]) -> list[Entity]:
    """The entities of a request.

    Raises:
        ValueError: an entity begins or ends inside a surrogate pair, or outside of the text.
    """
    places = {offset: index for index, offset in enumerate(utf16_offsets(text))}
    entities = []
    for item in items:
        start, end = item["offset"], item["offset"] + item["length"]
        if start not in places or end not in places:
            raise ValueError(f"entity at {start} of length {item['length']} is outside of the text or cuts a character")
        user = item.get("user", {}).get("id")
        entities.append(
            Entity(
                item["type"],
                places[start],
                places[end],
                item.get("url"),
                user,
                item.get("language"),
                item.get("custom_emoji_id"),
            )
        )
    return entities


def ordered(entities: Iterable[Entity]) -> list[Entity]:
    """By start, the longer first, then by which encloses which."""
    return sorted(entities, key=lambda e: (e.start, -e.end, PRIORITY.get(e.type, 50)))


def fix_entities(entities: Iterable[Entity]) -> list[Entity]:
    """The entities that Telegram makes of these: properly nested ones as they are, others split, merged or left out."""
    entities = ordered(e for e in entities if e.end > e.start)
    if are_valid(entities):
        return entities
    splittable = [e for e in entities if e.type in SPLITTABLE]
    quotations = without_intersecting([e for e in entities if e.type in QUOTATIONS])
    continuous = without_intersecting([e for e in entities if e.type not in SPLITTABLE + QUOTATIONS])
    kept = [e for e in continuous if not any(_crosses(e, quotation) for quotation in quotations)]
    fixed = ordered(kept + quotations)
    return ordered(fixed + _split(splittable, fixed))


def are_valid(entities: Sequence[Entity]) -> bool:
    """Whether ordered entities obey the nesting rules, and no two neighbours could be one."""
    stack: list[Entity] = []
    last_end: dict[str, int] = {}
    for entity in entities:
        while stack and entity.start >= stack[-1].end:
            stack.pop()
        if stack and (entity.end > stack[-1].end or not _may_nest(entity, [e.type for e in stack])):
            return False
        if entity.type in SPLITTABLE:
            if last_end.get(entity.type, -1) >= entity.start:
                return False
            last_end[entity.type] = entity.end
        stack.append(entity)
    return True


def _may_nest(entity: Entity, outer: Sequence[str]) -> bool:
    if outer[-1] in CODES or entity.type in outer:
        return False
    if entity.type in CODES:
        return all(kind in QUOTATIONS for kind in outer)
    if entity.type in SPLITTABLE:
        return True
    if entity.type in QUOTATIONS:
        return all(kind in SPLITTABLE for kind in outer)
    return all(kind in SPLITTABLE + QUOTATIONS for kind in outer)


def without_intersecting(entities: Sequence[Entity]) -> list[Entity]:
    """The ordered entities without those that begin inside an earlier one that was kept."""
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
    return kept


def _crosses(entity: Entity, quotation: Entity) -> bool:
    """Whether an entity touches a quotation without lying inside of it."""
    touches = entity.start < quotation.end and quotation.start < entity.end
    return touches and not (quotation.start <= entity.start and entity.end <= quotation.end)


def _runs(entities: Iterable[Entity], kind: str) -> list[tuple[int, int]]:
    """The stretches that one type of entity covers, neighbours and overlaps merged."""
    runs: list[tuple[int, int]] = []
    for entity in entities:
        if entity.type != kind:
            continue
        if runs and entity.start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], entity.end))
        else:
            runs.append((entity.start, entity.end))
    return runs


def _split(entities: Sequence[Entity], others: Sequence[Entity]) -> list[Entity]:
    """Bold-like entities merged per type, then cut where another entity begins or ends; none inside code."""
    runs = {kind: _runs(entities, kind) for kind in SPLITTABLE}
    cuts = {place for other in others for place in (other.start, other.end)}
    cuts |= {start for stretches in runs.values() for start, _ in stretches}
    codes = [other for other in others if other.type in CODES]
    pieces = []
    for kind, stretches in runs.items():
        for start, end in stretches:
            places = sorted({start, end, *(cut for cut in cuts if start < cut < end)})
            pieces += [
                Entity(kind, a, b)
                for a, b in pairwise(places)
                if not any(code.start <= a and b <= code.end for code in codes)
            ]
    return pieces


def trim(formatted: FormattedText) -> FormattedText:
    """The text without blanks around it, and the entities without blanks before their first letter; an entity of
    blanks alone goes, unless it carries data."""
    text = formatted.text
    fixed = []
    for entity in formatted.entities:
        start = entity.start
        if entity.type not in HIDDEN_DATA:
            while start < entity.end and text[start] in " \n":
                start += 1
        if start < entity.end:
            fixed.append(replace(entity, start=start))
    end = len(text.rstrip(" \n"))
    first_entity = min((e.start for e in fixed), default=end)
    begin = min(len(text) - len(text.lstrip(" \n")), first_entity, end)
    cut = [replace(e, start=e.start - begin, end=min(e.end, end) - begin) for e in fixed if e.start < end]
    return FormattedText(text[begin:end], tuple(fix_entities(cut)))


def limited(formatted: FormattedText) -> FormattedText:
    """The first hundred entities: Telegram drops the rest in silence."""
    return replace(formatted, entities=formatted.entities[:MAX_ENTITIES])
