"""The filters that python-telegram-bot lacks: who is an admin of the bot's, and what is a web address alone."""

from telegram import Message
from telegram.ext.filters import MessageFilter

from bot.telegram.access import Access
from bot.telegram.html import is_web_address


class FromAdmin(MessageFilter):
    """Messages of the bot's admins."""

    def __init__(self, access: Access) -> None:
        super().__init__("from an admin")
        self._access = access

    def filter(self, message: Message) -> bool:
        """Whether an admin sent the message."""
        user = message.from_user
        return user is not None and self._access.is_admin(user.id, user.username)


class IsLink(MessageFilter):
    """Messages that are a web address and nothing else."""

    def filter(self, message: Message) -> bool:
        """Whether the message is one."""
        return is_web_address((message.text or "").strip())
