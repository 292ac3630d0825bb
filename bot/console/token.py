"""The check of a bot's token: Telegram is asked who the bot is, once and with a short time-out."""

import http.client
import ssl
from enum import StrEnum
from typing import NamedTuple, TypeVar
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


class CallError(Exception):
    """A call that brought no result, with what it came to."""

    def __init__(self, verdict: Verdict, detail: str) -> None:
        super().__init__(detail)
        self.verdict = verdict
        self.detail = detail


class Account(msgspec.Struct):
    """What Telegram says of a bot: its user name, and whether it hears all that is said in groups."""

    username: str = ""
    can_read_all_group_messages: bool = False


class Delivery(msgspec.Struct):
    """What Telegram says of the way of updates to a bot: the webhook ("" for polling), how many updates wait, and what
    went wrong with the last delivery."""

    url: str = ""
    pending_update_count: int = 0
    last_error_message: str = ""


class _Reply(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"{}")


Result = TypeVar("Result", Account, Delivery)


def check_token(token: Secret, api_url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> TokenCheck:
    """Whether Telegram (or the Bot API server at `api_url`) knows the bot of this token."""
    try:
        account = call(token, api_url, "getMe", Account, timeout_seconds=timeout_seconds)
    except CallError as error:
        return TokenCheck(error.verdict, error.detail)
    return TokenCheck(Verdict.VALID, f"@{account.username}")


def call(
    token: Secret, api_url: str, method: str, kind: type[Result], *, timeout_seconds: float = TIMEOUT_SECONDS
) -> Result:
    """The result of one call without parameters. Raises CallError, which never holds the token, for anything else."""
    base = api_url.rstrip("/") or TELEGRAM
    host = urlsplit(base).netloc
    if urlsplit(base).scheme not in ("http", "https") or not host:
        raise CallError(Verdict.AWAY, f"{base} is no http or https address")
    request = Request(f"{base}/bot{quote(token.reveal(), safe=':')}/{method}")  # noqa: S310 - the scheme was checked
    try:
        with urlopen(request, timeout=timeout_seconds) as response:  # noqa: S310 - as above
            reply = msgspec.json.decode(response.read(LONGEST_REPLY_BYTES), type=_Reply)
            result = msgspec.json.decode(reply.result, type=kind) if reply.ok else None
    except HTTPError as error:
        with error:
            verdict = Verdict.REFUSED if error.code in (401, 404) else Verdict.AWAY
            raise CallError(verdict, f"{host} answers {error.code}") from None
    except (URLError, ssl.SSLError, TimeoutError, OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        cause = getattr(reason, "strerror", None) or type(reason).__name__
        raise CallError(Verdict.AWAY, f"{host}: {cause}") from None
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise CallError(Verdict.AWAY, f"{host} does not answer as a Bot API server does") from None
    if result is None:
        raise CallError(Verdict.REFUSED, f"{host} does not know it")
    return result
