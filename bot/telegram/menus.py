"""The menus: which commands Telegram offers, by chat and language."""

import logging
from collections.abc import Iterator, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.messages import ENGLISH, Messages
from bot.telegram.voices import Voices

PRIVATE = ("ask", "sources", "latest", "language", "settings", "privacy", "forget", "help")
GROUP = ("ask", "sources", "latest", "settings", "help")
ADMIN = (*PRIVATE, "remove", "sync", "stats", "unanswered")
COMMANDS = frozenset((*ADMIN, "start"))
CODE_LENGTH = 2
"""Telegram takes languages of two letters alone."""

_log = logging.getLogger(__name__)


async def set_menus(bot: Bot, voices: Voices, codes: Sequence[str], admins: Sequence[str]) -> None:
    """Tell Telegram the commands of every scope in every language; where it refuses, the menu stays as it was."""
    for commands, scope, code in _menus(voices, codes, admins):
        try:
            await bot.set_my_commands(commands, scope=scope, language_code=code)
        except TelegramError as error:
            _log.warning("menu not set: scope=%s language=%s cause=%s", scope.type, code or "-", type(error).__name__)


def _menus(
    voices: Voices, codes: Sequence[str], admins: Sequence[str]
) -> Iterator[tuple[list[BotCommand], BotCommandScope, str | None]]:
    for code in (None, *(code for code in codes if len(code) == CODE_LENGTH and code != ENGLISH)):
        messages = voices.of(code)
        yield _commands(PRIVATE, messages), BotCommandScopeAllPrivateChats(), code
        yield _commands(GROUP, messages), BotCommandScopeAllGroupChats(), code
        for admin in admins:
            if admin.isdecimal():
                yield _commands(ADMIN, messages), BotCommandScopeChat(int(admin)), code


def _commands(names: Sequence[str], messages: Messages) -> list[BotCommand]:
    return [BotCommand(name, messages.text(f"telegram.command.{name}")) for name in names]
