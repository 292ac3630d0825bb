"""Telegram's HTML: what its parser makes of it, its errors in its words and with its byte offsets."""

import re
from dataclasses import dataclass, field, replace

from .entities import Entity

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "span": "spoiler", "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
BLANKS = b" \t\r\n\0\x0b"
NAME_TOKEN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
SURROGATE = re.compile("[\ud800-\udfff]")
LINK = re.compile(r"(?P<scheme>https?://)?(?P<authority>[^\s<>\"/?#]+)(?P<rest>([/?#]\S*)?)", re.IGNORECASE)
USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d+)")
LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class MarkupError(ValueError):
    """The text is not Telegram's HTML. The message is Telegram's, without its "can't parse entities" in front."""


@dataclass
class OpenTag:
    """A start tag whose end is still to come; `start` counts code points of the text so far."""

    name: str
    start: int
    arguments: dict[str, str] = field(default_factory=dict)


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text that the markup shows, and its entities in the order in which they end.

    Raises:
        MarkupError: an unsupported, unclosed or unmatched tag, in Telegram's words.
    """
    return _Parser(source).run()


class _Parser:
    """One pass over the bytes, as TDLib's parse_html makes it (offsets in its errors count bytes)."""

    def __init__(self, source: str) -> None:
        # One zero byte stands behind the text: Telegram's loops end there, and so do these.
        self.data = source.encode("utf-8", "surrogatepass") + b"\0"
        self.end = len(self.data) - 1
        self.at = 0
        self.text: list[str] = []
        self.length = 0
        self.open: list[OpenTag] = []
        self.entities: list[Entity] = []

    def run(self) -> tuple[str, list[Entity]]:
        while self.at < self.end:
            if self.data[self.at] != ord("<"):
                self._read_text()
            elif self.data[self.at + 1] == ord("/"):
                self._read_end_tag()
            else:
                self._read_start_tag()
        if self.open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        text = "".join(self.text)
        if SURROGATE.search(text):
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, check for "
                "unmatched surrogate code units"
            )
        # A language counts only where <pre> and <code> stand together.
        bare = [replace(e, language=None) if e.type == "code" else e for e in self.entities]
        return text, bare

    def _read_text(self) -> None:
        """A reference, or all that stands before the next tag or ampersand (an ampersand may stand for itself)."""
        piece = self._read_reference() if self.data[self.at] == ord("&") else None
        if piece is None:
            begin = self.at
            self.at = self._find(begin + 1, b"<&")
            piece = self.data[begin : self.at].decode("utf-8", "surrogatepass")
        self.text.append(piece)
        self.length += len(piece)

    def _read_reference(self) -> str | None:
        """The character that &lt; or &#10; stands for, and the place after it; None when it stands for itself."""
        end = self.at + 1
        if self.data[end] == ord("#"):
            base, digits = (16, b"0123456789abcdefABCDEF") if self.data[end + 1] == ord("x") else (10, b"0123456789")
            begin = end + (2 if base == 16 else 1)
            end = self._skip(begin, digits)
            code = int(self.data[begin:end] or b"0", base)
            if not 0 < code < 0x10FFFF or end - self.at >= 10:
                return None
            character = chr(code)
        else:
            end = self._skip(end, LETTERS)
            name = self.data[self.at + 1 : end].decode()
            if name not in NAMED:
                return None
            character = NAMED[name]
        self.at = end + (self.data[end] == ord(";"))
        return character

    def _skip(self, place: int, among: bytes) -> int:
        """The first place from `place` on whose byte is not among these."""
        while place < self.end and self.data[place] in among:
            place += 1
        return place

    def _find(self, place: int, stops: bytes) -> int:
        """The first place from `place` on whose byte is one of these, or the end."""
        found = [at for stop in stops if (at := self.data.find(stop, place, self.end)) >= 0]
        return min(found, default=self.end)

    def _slice(self, begin: int, end: int) -> str:
        return self.data[begin:end].decode("utf-8", "replace")

    def _read_start_tag(self) -> None:
        begin = self.at
        self.at = self._find(begin + 1, BLANKS + b">")
        if self.at >= self.end:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        name = self._slice(begin + 1, self.at).lower()
        if name not in TAGS:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {begin}')
        tag = OpenTag(name, self.length)
        while self.data[self.at] != ord(">"):
            self.at = self._skip(self.at, BLANKS)
            if self.data[self.at] == ord(">") and self.at < self.end:
                break
            self._read_attribute(tag, begin)
        self.at += 1
        if name == "span" and tag.arguments.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(tag)

    def _read_attribute(self, tag: OpenTag, begin: int) -> None:
        start = self.at
        self.at = self._find(start, BLANKS + b"=>/\"'")
        name = self._slice(start, self.at)
        if not name:
            raise MarkupError(f'Empty attribute name in the tag "{tag.name}" at byte offset {begin}')
        self.at = self._skip(self.at, BLANKS)
        if self.data[self.at] != ord("="):
            if self.at >= self.end:
                raise MarkupError(f'Unclosed start tag "{tag.name}" at byte offset {begin}')
            if tag.name != "blockquote" or name != "expandable":
                raise MarkupError(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag.name}" at byte offset {begin}'
                )
            tag.arguments[name] = ""
            return
        self.at = self._skip(self.at + 1, BLANKS)
        if self.at >= self.end:
            raise MarkupError(f'Unclosed start tag "{tag.name}" at byte offset {begin}')
        tag.arguments[name] = self._read_value()
        if self.at >= self.end:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")

    def _read_value(self) -> str:
        quote = self.data[self.at]
        if quote not in b"\"'":
            begin = self.at
            self.at = self._skip(begin, NAME_TOKEN)
            if self.data[self.at] not in BLANKS + b">":
                raise MarkupError(f"Unexpected end of name token at byte offset {begin}")
            return self._slice(begin, self.at).lower()
        self.at += 1
        value = bytearray()
        while self.at < self.end and self.data[self.at] != quote:
            if self.data[self.at] == ord("&") and (character := self._read_reference()):
                value += character.encode("utf-8", "surrogatepass")
                continue
            value.append(self.data[self.at])
            self.at += 1
        self.at = min(self.at + 1, self.end)
        return value.decode("utf-8", "replace")

    def _read_end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise MarkupError(f"Unexpected end tag at byte offset {begin}")
        self.at = self._find(begin + 2, BLANKS + b">")
        name = self._slice(begin + 2, self.at).lower()
        self.at = self._skip(self.at, BLANKS)
        if self.at >= self.end or self.data[self.at] != ord(">"):
            raise MarkupError(f"Unclosed end tag at byte offset {begin}")
        tag = self.open[-1]
        if name not in {"", tag.name}:
            raise MarkupError(f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", found "</{name}>"')
        self.at += 1
        self.open.pop()
        if self.length > tag.start:
            self._close(tag)

    def _close(self, tag: OpenTag) -> None:
        kind, start, end = TAGS[tag.name], tag.start, self.length
        if tag.name == "a":
            self._close_link(tag.arguments.get("href") or "".join(self.text)[start:end], start, end)
        elif tag.name in {"code", "pre"}:
            self._close_code(tag, start, end)
        elif tag.name == "tg-emoji":
            emoji = tag.arguments.get("emoji-id", "")
            if not emoji.isdecimal() or int(emoji) == 0:
                raise MarkupError("Invalid custom emoji identifier specified")
            self.entities.append(Entity(kind, start, end, custom_emoji_id=emoji))
        elif tag.name == "blockquote" and "expandable" in tag.arguments:
            self.entities.append(Entity("expandable_blockquote", start, end))
        else:
            self.entities.append(Entity(kind, start, end))

    def _close_link(self, url: str, start: int, end: int) -> None:
        if match := USER_LINK.fullmatch(url):
            self.entities.append(Entity("text_mention", start, end, user_id=int(match.group(1))))
        elif (checked := checked_url(url)) is not None:
            self.entities.append(Entity("text_link", start, end, url=checked))

    def _close_code(self, tag: OpenTag, start: int, end: int) -> None:
        """<pre><code class="language-x"> is one entity with a language, in either order."""
        classes = tag.arguments.get("class", "") if tag.name == "code" else ""
        language = classes.removeprefix("language-") if classes.startswith("language-") else ""
        last = self.entities[-1] if self.entities else None
        if last and (last.start, last.end) == (start, end) and {last.type, TAGS[tag.name]} == {"pre", "code"}:
            both = last.language or language
            if both:
                self.entities[-1] = Entity("pre", start, end, language=both)
                return
        self.entities.append(Entity(TAGS[tag.name], start, end, language=language or None))


def checked_url(url: str) -> str | None:
    """The link as Telegram keeps it (a scheme and a path are added), None when it is no link and gets dropped."""
    if url.lower().startswith(("tg://", "ton://")):
        return url
    match = LINK.fullmatch(url)
    if match is None:
        return None
    scheme, authority, rest = match.group("scheme") or "http://", match.group("authority"), match.group("rest")
    name = authority.rpartition("@")[2].split(":")[0]
    if "." not in name.strip(".") and name != "localhost":
        return None
    return scheme.lower() + authority + (rest if rest.startswith("/") else f"/{rest}")
