"""Methods about the bot itself: who it is, its commands, its descriptions."""

import re

from .chats import ChatType
from .errors import bad_request, defective
from .registry import Call, method
from .schema import JsonObject

MAX_COMMANDS = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")


@method("getMe", returns="User")
async def get_me(call: Call) -> object:
    account = call.account
    return account.user.to_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not account.privacy_mode,
        "supports_inline_queries": account.supports_inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("logOut")
@method("close")
async def close(call: Call) -> object:
    return True


def _scope(call: Call) -> tuple[str, ...]:
    """The scope and language of a request, as a key.

    Raises:
        BotApiError: 400 for a chat that the bot does not know, or a language that is none.
    """
    scope: JsonObject = call.params.get("scope") or {"type": "default"}
    if "chat_id" in scope:
        chat = call.account.chat(scope["chat_id"])
        if chat.type is ChatType.CHANNEL:
            raise bad_request("can't change commands in channel chats")
    language = call.params.get("language_code", "")
    if language and not LANGUAGE.fullmatch(language):
        raise defective("LANG_CODE_INVALID")
    return (scope["type"], str(scope.get("chat_id", "")), str(scope.get("user_id", "")), language)


@method("setMyCommands")
async def set_my_commands(call: Call) -> object:
    commands = call.params["commands"]
    if len(commands) > MAX_COMMANDS:
        raise defective("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise defective("BOT_COMMAND_INVALID")
        if not command["description"].strip():
            raise defective("BOT_COMMAND_DESCRIPTION_INVALID")
    call.account.settings["commands", *_scope(call)] = commands
    return True


@method("getMyCommands", returns="Array of BotCommand")
async def get_my_commands(call: Call) -> object:
    return call.account.settings.get(("commands", *_scope(call)), [])


@method("deleteMyCommands")
async def delete_my_commands(call: Call) -> object:
    call.account.settings.pop(("commands", *_scope(call)), None)
    return True


def _texts(setter: str, getter: str, name: str, result: str) -> None:
    """Register the pair of methods that sets and gets one text of the bot's, per language."""

    @method(setter)
    async def set_text(call: Call) -> object:
        call.account.settings[name, call.params.get("language_code", "")] = call.params.get(name, "")
        return True

    @method(getter, returns=result)
    async def get_text(call: Call) -> object:
        settings, language = call.account.settings, call.params.get("language_code", "")
        default = call.account.user.first_name if name == "name" else ""
        return {name: settings.get((name, language)) or settings.get((name, "")) or default}


_texts("setMyName", "getMyName", "name", "BotName")
_texts("setMyDescription", "getMyDescription", "description", "BotDescription")
_texts("setMyShortDescription", "getMyShortDescription", "short_description", "BotShortDescription")


@method("setChatMenuButton")
async def set_chat_menu_button(call: Call) -> object:
    button = call.params.get("menu_button") or {"type": "default"}
    call.account.settings["menu", str(call.params.get("chat_id", ""))] = button
    return True


@method("getChatMenuButton", returns="MenuButton")
async def get_chat_menu_button(call: Call) -> object:
    return call.account.settings.get(("menu", str(call.params.get("chat_id", ""))), {"type": "commands"})


@method("setMyDefaultAdministratorRights")
async def set_my_default_administrator_rights(call: Call) -> object:
    call.account.settings["rights", str(call.params.get("for_channels", False))] = call.params.get("rights")
    return True
