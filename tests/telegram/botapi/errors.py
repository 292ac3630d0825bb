"""What the local Bot API server refuses with: an HTTP code and Telegram's own wording."""


class BotApiError(Exception):
    """A refusal, answered as {"ok": false, "error_code": code, "description": description}."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
        defect: bool = False,
    ) -> None:
        super().__init__(description)
        # What ResponseParameters carry.
        self.parameters = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to_chat_id}
        # Whether only a defect of the bot explains it: a test that wants none counts it as a violation.
        self.defect = defect
        self.code = code
        self.description = description


def bad_request(reason: str) -> BotApiError:
    """A 400 for a request that came at the wrong moment: the message is gone, the query is too old ..."""
    return BotApiError(400, f"Bad Request: {reason}")


def defective(reason: str) -> BotApiError:
    """A 400 for a request that no state of any chat makes right: broken markup, a text too long ..."""
    return BotApiError(400, f"Bad Request: {reason}", defect=True)


def forbidden(reason: str) -> BotApiError:
    """A 403 with Telegram's prefix."""
    return BotApiError(403, f"Forbidden: {reason}")


def migrated(chat_id: int) -> BotApiError:
    """A 400 for a group that is a supergroup by now, with the supergroup's id."""
    return BotApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat_id)


def too_many_requests(retry_after: int) -> BotApiError:
    """A 429 that says how many whole seconds to wait."""
    return BotApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
