"""What Telegram accepts as an inline keyboard."""

from .errors import defective
from .schema import JsonObject

MAX_BUTTONS = 100
MAX_DATA_BYTES = 64
ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip


def checked_keyboard(markup: JsonObject | None) -> JsonObject | None:
    """The markup that the message carries: an inline keyboard; None for an empty one and for reply keyboards, which
    are the chat's and not the message's.

    Raises:
        BotApiError: 400 for a button that Telegram refuses.
    """
    if not markup or "inline_keyboard" not in markup:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise defective("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: JsonObject) -> None:
    if not button.get("text", "").strip():
        raise defective("can't parse inline keyboard button: Text must be non-empty")
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise defective("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise defective(f"can't parse inline keyboard button: it has both {actions[0]} and {actions[1]}")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= MAX_DATA_BYTES:
        raise defective("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("http://", "https://", "tg://")):
        raise defective("BUTTON_URL_INVALID")
