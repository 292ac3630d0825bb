"""The check of a bot's token: Telegram is asked who the bot is, once and with a short time-out."""

import http.client
import ssl
from enum import StrEnum
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import msgspec

from bot.settings import Secret

TELEGRAM = "https://api.telegram.org"
TIMEOUT_SECONDS = 5.0
LONGEST_REPLY_BYTES = 100_000


class Verdict(StrEnum):
    """What asking with a token came to."""

    VALID = "valid"
    REFUSED = "refused"
    AWAY = "away"


class TokenCheck(NamedTuple):
    """The verdict, with the bot's user name where it is valid, or what went wrong; never the token."""

    verdict: Verdict
    detail: str


class _Bot(msgspec.Struct):
    username: str = ""


class _Reply(msgspec.Struct):
    ok: bool
    result: _Bot = msgspec.field(default_factory=_Bot)


def check_token(token: Secret, api_url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> TokenCheck:
    """Whether Telegram (or the Bot API server at `api_url`) knows the bot of this token."""
    base = api_url.rstrip("/") or TELEGRAM
    host = urlsplit(base).netloc
    if urlsplit(base).scheme not in ("http", "https") or not host:
        return TokenCheck(Verdict.AWAY, f"{base} is no http or https address")
    request = Request(f"{base}/bot{quote(token.reveal(), safe=':')}/getMe")  # noqa: S310 - the scheme was checked
    try:
        with urlopen(request, timeout=timeout_seconds) as response:  # noqa: S310 - as above
            reply = msgspec.json.decode(response.read(LONGEST_REPLY_BYTES), type=_Reply)
    except HTTPError as error:
        with error:
            verdict = Verdict.REFUSED if error.code in (401, 404) else Verdict.AWAY
            return TokenCheck(verdict, f"{host} answers {error.code}")
    except (URLError, ssl.SSLError, TimeoutError, OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        cause = getattr(reason, "strerror", None) or type(reason).__name__
        return TokenCheck(Verdict.AWAY, f"{host}: {cause}")
    except (msgspec.DecodeError, msgspec.ValidationError):
        return TokenCheck(Verdict.AWAY, f"{host} does not answer as a Bot API server does")
    if not reply.ok:
        return TokenCheck(Verdict.REFUSED, f"{host} does not know it")
    return TokenCheck(Verdict.VALID, f"@{reply.result.username}")
