"""Methods that send, edit, delete, forward and react."""

import time
from dataclasses import dataclass

from .chats import Act, Chat, ChatType, Membership, quoted
from .entities import FormattedText, to_json, utf16_length
from .errors import bad_request, defective
from .formatting import caption_text, format_text, message_text
from .keyboards import checked_keyboard
from .registry import Call, method
from .schema import JsonObject

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)


@dataclass(frozen=True)
class Draft:
    """A message on its way into a chat, without its content."""

    chat: Chat
    fields: JsonObject


def prepare(call: Call) -> Draft:
    """The chat, topic, answered message and buttons of a send, checked as Telegram does, and counted by the limits.

    Raises:
        BotApiError: 400, 403 or 429.
    """
    params, account = call.params, call.account
    chat = account.chat_to_write(params["chat_id"])
    fields: JsonObject = {"from": account.user.to_json()}
    if chat.type is ChatType.CHANNEL:
        fields = {"sender_chat": chat.to_json()}
    fields |= _reply(call, chat)
    fields |= _thread(chat, params.get("message_thread_id"), fields.get("reply_to_message"))
    if keyboard := checked_keyboard(params.get("reply_markup")):
        fields["reply_markup"] = keyboard
    if params.get("protect_content"):
        fields["has_protected_content"] = True
    account.limits.check(chat.id, time.monotonic())
    return Draft(chat, fields)


def deliver(call: Call, draft: Draft, content: JsonObject) -> JsonObject:
    """The message, now standing in the chat."""
    message = draft.chat.new_message(draft.fields | content)
    draft.chat.last_bot_id = call.account.user.id
    draft.chat.record(Act.SENT, message["message_id"], dict(message))
    return message


def _thread(chat: Chat, thread_id: int | None, replied: JsonObject | None) -> JsonObject:
    if thread_id is None:
        thread_id = replied.get("message_thread_id") if replied and chat.is_forum else None
        if thread_id is None:
            return {}
    if thread_id not in chat.topics:
        raise bad_request("message thread not found")
    if thread_id in chat.closed_topics:
        raise bad_request("TOPIC_CLOSED")
    return {"message_thread_id": thread_id, "is_topic_message": True}


def _reply(call: Call, chat: Chat) -> JsonObject:
    reply = call.params.get("reply_parameters")
    if not reply:
        return {}
    other = reply.get("chat_id")
    target = chat if other is None else call.account.chat(other)
    message = target.messages.get(reply.get("message_id", 0))
    if message is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    if target is not chat:
        origin = {"type": "chat", "sender_chat": target.to_json(), "date": message["date"]}
        return {"external_reply": {"origin": origin, "chat": target.to_json(), "message_id": message["message_id"]}}
    return {"reply_to_message": quoted(message)} | _quote(reply, message)


def _quote(reply: JsonObject, message: JsonObject) -> JsonObject:
    if not reply.get("quote"):
        return {}
    wanted = format_text(reply["quote"], reply.get("quote_parse_mode"), reply.get("quote_entities"))
    if utf16_length(wanted.text) > 1024:
        raise defective("message quote is too long")
    whole = message.get("text") or message.get("caption") or ""
    place = whole.find(wanted.text)
    if place < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    quote: JsonObject = {"text": wanted.text, "position": utf16_length(whole[:place]), "is_manual": True}
    if wanted.entities:
        quote["entities"] = to_json(wanted)
    return {"quote": quote}


def text_content(call: Call, *, name: str = "text", caption: bool = False) -> JsonObject:
    """The text (or caption) of a request with its entities, as fields of a message.

    Raises:
        BotApiError: 400.
    """
    params = call.params
    entities = params.get("caption_entities" if caption else "entities")
    parse = caption_text if caption else message_text
    formatted, lost = parse(params.get(name) or "", params.get("parse_mode"), entities)
    if lost:
        call.account.violate(call.method, f"{lost} entities beyond the hundred are lost")
    return content_fields(formatted, caption=caption) | _preview(params)


def content_fields(formatted: FormattedText, *, caption: bool = False) -> JsonObject:
    """A text as fields of a message."""
    if not formatted.text:
        return {}
    fields: JsonObject = {"caption" if caption else "text": formatted.text}
    if formatted.entities:
        fields["caption_entities" if caption else "entities"] = to_json(formatted)
    return fields


def _preview(params: JsonObject) -> JsonObject:
    options = params.get("link_preview_options")
    return {"link_preview_options": options} if options else {}


@method("sendMessage", returns="Message")
async def send_message(call: Call) -> object:
    content = text_content(call)
    return deliver(call, prepare(call), content)


def message_to_edit(call: Call) -> tuple[Chat, JsonObject]:
    """The bot's own message that a request changes.

    Raises:
        BotApiError: 400 or 403.
    """
    if not call.params.get("message_id") or call.params.get("chat_id") is None:
        raise defective("message identifier is not specified")
    chat = call.account.chat_to_write(call.params["chat_id"])
    message = call.account.message(chat, call.params["message_id"], "edit")
    own = message.get("from", {}).get("id") == call.account.user.id
    if not own and chat.type is not ChatType.CHANNEL:
        raise bad_request("message can't be edited")
    return chat, message


CONTENT = ("text", "entities", "caption", "caption_entities", "reply_markup", "link_preview_options")
COMPARED = CONTENT[:5]


def change(call: Call, content: JsonObject, replaced: tuple[str, ...]) -> object:
    """Put new content in the place of the old: the edited message, or True for one that was sent inline.

    Raises:
        BotApiError: 400, above all when nothing would change.
    """
    if inline_id := call.params.get("inline_message_id"):
        if inline_id not in call.account.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        chat, message = None, call.account.inline_messages[inline_id]
    else:
        chat, message = message_to_edit(call)
    new = {key: value for key, value in message.items() if key not in replaced} | content
    if all(new.get(key) == message.get(key) for key in COMPARED):
        raise bad_request(NOT_MODIFIED)
    if chat is not None:
        call.account.limits.check(chat.id, time.monotonic())
    new["edit_date"] = int(time.time())
    message.clear()
    message.update(new)
    if chat is None:
        return True
    chat.record(Act.EDITED, message["message_id"], dict(message))
    return message


@method("editMessageText", returns="Message or True")
async def edit_message_text(call: Call) -> object:
    content = text_content(call)
    if keyboard := checked_keyboard(call.params.get("reply_markup")):
        content["reply_markup"] = keyboard
    return change(call, content, CONTENT)


@method("editMessageCaption", returns="Message or True")
async def edit_message_caption(call: Call) -> object:
    content = text_content(call, name="caption", caption=True)
    if keyboard := checked_keyboard(call.params.get("reply_markup")):
        content["reply_markup"] = keyboard
    return change(call, content, ("caption", "caption_entities", "reply_markup"))


@method("editMessageReplyMarkup", returns="Message or True")
async def edit_message_reply_markup(call: Call) -> object:
    keyboard = checked_keyboard(call.params.get("reply_markup"))
    return change(call, {"reply_markup": keyboard} if keyboard else {}, ("reply_markup",))


@method("deleteMessage")
async def delete_message(call: Call) -> object:
    chat = call.account.chat(call.params["chat_id"])
    call.account.check_membership(chat)
    message = call.account.message(chat, call.params["message_id"], "delete")
    own = message.get("from", {}).get("id") == call.account.user.id
    if not own and chat.is_group and chat.member(call.account.user.id) is not Membership.ADMINISTRATOR:
        raise bad_request("message can't be deleted")
    del chat.messages[message["message_id"]]
    chat.record(Act.DELETED, message["message_id"], message)
    return True


@method("deleteMessages")
async def delete_messages(call: Call) -> object:
    chat = call.account.chat(call.params["chat_id"])
    call.account.check_membership(chat)
    for message_id in call.params["message_ids"]:
        if message := chat.messages.pop(message_id, None):
            chat.record(Act.DELETED, message_id, message)
    return True


@method("sendChatAction")
async def send_chat_action(call: Call) -> object:
    if call.params["action"] not in ACTIONS:
        raise defective("wrong parameter action in request")
    chat = call.account.chat_to_write(call.params["chat_id"])
    thread = call.params.get("message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise bad_request("message thread not found")
    chat.record(Act.ACTION, 0, {"action": call.params["action"], "message_thread_id": thread})
    return True


@method("setMessageReaction")
async def set_message_reaction(call: Call) -> object:
    chat = call.account.chat_to_write(call.params["chat_id"])
    message = call.account.message(chat, call.params["message_id"], "react")
    reaction = call.params.get("reaction") or []
    if len(reaction) > 1:
        raise defective("REACTIONS_TOO_MANY")
    if any(item["type"] == "emoji" and item["emoji"].replace("\ufe0f", "") not in REACTIONS for item in reaction):
        raise defective("REACTION_INVALID")
    chat.record(Act.REACTED, message["message_id"], {"reaction": reaction})
    return True


@method("forwardMessage", returns="Message")
async def forward_message(call: Call) -> object:
    source = call.account.chat(call.params["from_chat_id"])
    message = call.account.message(source, call.params["message_id"], "forward")
    content = {key: value for key, value in message.items() if key in {*CONTENT[:4], "document"}}
    sender = message.get("from")
    if sender:
        content["forward_origin"] = {"type": "user", "sender_user": sender, "date": message["date"]}
    return deliver(call, prepare(call), content)


@method("copyMessage", returns="MessageId")
async def copy_message(call: Call) -> object:
    source = call.account.chat(call.params["from_chat_id"])
    message = call.account.message(source, call.params["message_id"], "copy")
    content = {key: value for key, value in message.items() if key in {*CONTENT[:4], "document"}}
    return {"message_id": deliver(call, prepare(call), content)["message_id"]}
