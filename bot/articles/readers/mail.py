"""E-mail (.eml): the message, not its attachments."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.articles.article import Article
from bot.articles.readers.html import decode_html, parsed
from bot.articles.readers.markup import plain_text
from bot.articles.readers.origin import Origin
from bot.errors import ReadingError

if TYPE_CHECKING:
    from email.message import EmailMessage


def read_mail(data: bytes, origin: Origin) -> Iterator[Article]:
    """One article: the message's plain text, or else the words of its HTML; its subject is the title.

    Raises ReadingError when it is no message, is encrypted, or has no words.
    """
    from email import message_from_bytes, policy  # 20 ms, as are the others: only where there is mail
    from email.message import EmailMessage

    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not (message["From"] or message["Subject"] or message["Date"]):
        raise ReadingError(f"{origin.source}: is no e-mail message (it has no From, Subject or Date); save it as .eml")
    if message.get_content_type() == "multipart/encrypted":
        raise ReadingError(f"{origin.source}: is encrypted; save the message decrypted")
    text = _words(message, origin.source)
    if not text.strip():
        raise ReadingError(f"{origin.source}: has no words besides its attachments; add those by themselves")
    yield origin.article(text, title=str(message["Subject"] or "").strip(), published=_date(message))


def _words(message: "EmailMessage", name: str) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    payload = body.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = body.get_content_charset("utf-8")
    if body.get_content_type() == "text/html":
        root = parsed(_decoded(content, charset) or decode_html(content, name))
        return plain_text(root) if root is not None else ""
    return (
        (_decoded(content, charset) or content.decode("utf-8", errors="replace"))
        .replace("\r\n", "\n")
        .replace("\0", "")
    )


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return ""


def _date(message: "EmailMessage") -> str | None:
    from email.errors import MessageError
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(str(message["Date"])).isoformat() if message["Date"] else None
    except (ValueError, TypeError, IndexError, MessageError):
        return None
