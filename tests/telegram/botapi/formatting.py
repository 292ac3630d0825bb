"""A request's text made into what the message holds: parsed, cleaned, trimmed, measured; and back into HTML."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace

from .detection import with_found_entities
from .entities import MAX_ENTITIES, Entity, FormattedText, fix_entities, from_json, limited, trim, utf16_length
from .errors import defective
from .markup import SURROGATE, MarkupError, parse_html
from .schema import JsonObject

MAX_TEXT = 4096
MAX_CAPTION = 1024
# Control characters become blanks; U+2028 to U+202E (line separators, direction overrides) and three combining
# marks that draw vertical lines disappear.
TO_BLANK = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
TO_NOTHING = re.compile(r"[\r\u2028-\u202e\u0333\u033f\u030a]")


def format_text(text: str, parse_mode: str | None, entities: Sequence[JsonObject] | None) -> FormattedText:
    """The text and entities of the message that a request describes; an empty text when nothing is left of it.

    Raises:
        BotApiError: 400 where the markup or the entities are wrong.
    """
    if SURROGATE.search(text):
        raise defective("strings must be encoded in UTF-8")
    if parse_mode and parse_mode.lower() == "html":
        try:
            text, found = parse_html(text)
        except MarkupError as error:
            raise defective(f"can't parse entities: {error}") from error
    elif parse_mode and parse_mode.lower() in {"markdown", "markdownv2"}:
        raise defective("this server parses HTML only; the bot should send nothing else")
    elif parse_mode:
        raise defective("unsupported parse_mode")
    else:
        try:
            found = from_json(text, entities or ())
        except ValueError as error:
            raise defective(f"can't parse entities: {error}") from error
    return trim(_clean(FormattedText(text, tuple(fix_entities(found)))))


def message_text(text: str, parse_mode: str | None, entities: Sequence[JsonObject] | None) -> tuple[FormattedText, int]:
    """The text of a message, and how many entities were lost beyond Telegram's hundred.

    Raises:
        BotApiError: 400 when the text is empty or too long after parsing, or cannot be parsed.
    """
    if not text:
        raise defective("message text is empty")
    formatted = format_text(text, parse_mode, entities)
    if not formatted.text:
        raise defective("text must be non-empty")
    if utf16_length(formatted.text) > MAX_TEXT:
        raise defective("message is too long")
    return _finish(formatted)


def caption_text(text: str, parse_mode: str | None, entities: Sequence[JsonObject] | None) -> tuple[FormattedText, int]:
    """The caption of a document, which may be empty, and how many entities were lost.

    Raises:
        BotApiError: 400 when the caption is too long after parsing, or cannot be parsed.
    """
    formatted = format_text(text, parse_mode, entities)
    if utf16_length(formatted.text) > MAX_CAPTION:
        raise defective("message caption is too long")
    return _finish(formatted)


def _finish(formatted: FormattedText) -> tuple[FormattedText, int]:
    whole = with_found_entities(formatted)
    return limited(whole), max(0, len(whole.entities) - MAX_ENTITIES)


def _clean(formatted: FormattedText) -> FormattedText:
    """The text without control characters, its entities moved accordingly."""
    text = TO_BLANK.sub(" ", formatted.text)
    if not TO_NOTHING.search(text):
        return replace(formatted, text=text)
    places = [0]
    for character in text:
        places.append(places[-1] + (not TO_NOTHING.match(character)))
    moved = [replace(e, start=places[e.start], end=places[e.end]) for e in formatted.entities]
    return FormattedText(TO_NOTHING.sub("", text), tuple(fix_entities(moved)))


SIMPLE_TAGS = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler", "code": "code",
    "blockquote": "blockquote",
}  # fmt: skip


def to_html(formatted: FormattedText) -> str:
    """The text as Telegram's HTML, for tests that compare markup; what Telegram finds by itself has no tags."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in formatted.entities:
        if (tags := _tags(entity)) is not None:
            opening.setdefault(entity.start, []).append(tags[0])
            closing.setdefault(entity.end, []).insert(0, tags[1])
    pieces = []
    for place, character in enumerate(formatted.text):
        pieces += closing.get(place, []) + opening.get(place, [])
        pieces.append(html.escape(character, quote=False))
    return "".join(pieces + closing.get(len(formatted.text), []))


def _tags(entity: Entity) -> tuple[str, str] | None:
    if entity.type in SIMPLE_TAGS:
        return f"<{SIMPLE_TAGS[entity.type]}>", f"</{SIMPLE_TAGS[entity.type]}>"
    if entity.type == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if entity.type == "text_link":
        return f'<a href="{html.escape(entity.url or "")}">', "</a>"
    if entity.type == "text_mention":
        return f'<a href="tg://user?id={entity.user_id}">', "</a>"
    if entity.type == "custom_emoji":
        return f'<tg-emoji emoji-id="{entity.custom_emoji_id}">', "</tg-emoji>"
    if entity.type == "pre":
        inner = f'<code class="language-{html.escape(entity.language)}">' if entity.language else ""
        return f"<pre>{inner}", ("</code>" if inner else "") + "</pre>"
    return None
