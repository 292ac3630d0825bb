"""Methods that answer pressed buttons and inline queries."""

import time

from .errors import bad_request, defective
from .formatting import message_text
from .keyboards import checked_keyboard
from .messages import content_fields
from .registry import Call, method
from .schema import JsonObject

MAX_RESULTS = 50
MAX_OFFSET_BYTES = 64
MAX_ID_BYTES = 64
START_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@method("answerCallbackQuery")
async def answer_callback_query(call: Call) -> object:
    query = call.account.open_query(call.params["callback_query_id"], time.monotonic())
    query.answer = dict(call.params)
    query.signal.changed()
    return True


@method("answerInlineQuery")
async def answer_inline_query(call: Call) -> object:
    results = call.params["results"]
    if len(results) > MAX_RESULTS:
        raise defective("RESULTS_TOO_MUCH")
    # The facts give the length for every kind of result but the article.
    if not all(1 <= len(result["id"].encode()) <= MAX_ID_BYTES for result in results):
        raise defective("RESULT_ID_INVALID")
    if len({result["id"] for result in results}) < len(results):
        raise defective("RESULT_ID_DUPLICATE")
    if len(call.params.get("next_offset", "").encode()) > MAX_OFFSET_BYTES:
        raise defective("NEXT_OFFSET_INVALID")
    _check_button(call.params.get("button"))
    contents = {result["id"]: result_content(call, result) for result in results}
    query = call.account.open_query(call.params["inline_query_id"], time.monotonic())
    query.answer = call.params | {"contents": contents}
    query.signal.changed()
    return True


def _check_button(button: JsonObject | None) -> None:
    if not button:
        return
    start = button.get("start_parameter")
    if (start is None) == ("web_app" not in button):
        raise defective("can't parse inline query results button: exactly one of the optional fields must be used")
    if start is not None and not (0 < len(start) <= 64 and set(start) <= START_CHARACTERS):
        raise defective("START_PARAM_INVALID")


def result_content(call: Call, result: JsonObject) -> JsonObject:
    """What the chosen result puts into the chat, as fields of a message.

    Raises:
        BotApiError: 400 for a result that Telegram refuses.
    """
    fields: JsonObject = {}
    if keyboard := checked_keyboard(result.get("reply_markup")):
        fields["reply_markup"] = keyboard
    content = result.get("input_message_content")
    if result["type"] == "article":
        if not result["title"]:
            raise defective("ARTICLE_TITLE_EMPTY")
        if content is None:
            raise defective("can't parse inline query result: message content is not specified")
    if content and "message_text" in content:
        formatted, lost = message_text(content["message_text"], content.get("parse_mode"), content.get("entities"))
        if lost:
            call.account.violate(call.method, f"{lost} entities beyond the hundred are lost")
        fields |= content_fields(formatted)
        if options := content.get("link_preview_options"):
            fields["link_preview_options"] = options
    elif content is None and result["type"] == "document" and "document_file_id" in result:
        call.account.file(result["document_file_id"])
    elif not fields.get("text") and not content:
        raise bad_request("this server shows articles and texts only")
    return fields
