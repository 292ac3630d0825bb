"""What Telegram finds in a text by itself: commands, mentions, hashtags, links, e-mail addresses."""

import re

from .entities import PRIORITY, Entity, FormattedText, fix_entities

PATTERNS = {
    "bot_command": re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])", re.ASCII),
    "url": re.compile(
        r"(?<![\w@])(?:https?://[^\s<>\"']+|t\.me/[\w/?=+-]+|www\.[a-z0-9-]+\.[^\s<>\"']+)", re.IGNORECASE
    ),
    "email": re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?!\w)"),
    "mention": re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)"),
    "hashtag": re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,256}"),
}
TRAILING = ".,;:!?)]}»”’"


def find_entities(text: str) -> list[Entity]:
    """The entities that need no markup; where two overlap, the earlier in PATTERNS wins."""
    found: list[Entity] = []
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            shown = match.group().rstrip(TRAILING) if kind == "url" else match.group()
            entity = Entity(kind, match.start(), match.start() + len(shown))
            if not any(e.start < entity.end and entity.start < e.end for e in found):
                found.append(entity)
    return found


def with_found_entities(formatted: FormattedText) -> FormattedText:
    """The text with what Telegram finds by itself, outside of links and code that the sender marked."""
    taken = [e for e in formatted.entities if PRIORITY.get(e.type, 50) < 60 and not e.type.endswith("blockquote")]
    new = [e for e in find_entities(formatted.text) if not any(t.start < e.end and e.start < t.end for t in taken)]
    if not new:
        return formatted
    return FormattedText(formatted.text, tuple(fix_entities([*formatted.entities, *new])))
