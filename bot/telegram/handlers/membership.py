"""Membership: who blocks the bot or lets it back in, and groups that become another chat."""

from telegram import Chat, ChatMember, Update

from bot.telegram.parts import Context, Parts
from bot.telegram.people import ChatChoices


class Membership:
    """Keeps track of where the bot may write."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def changed(self, update: Update, _: Context) -> None:
        """The bot's own membership in a chat changed; of private chats it is remembered."""
        change = update.my_chat_member
        if change is not None and change.chat.type == Chat.PRIVATE:
            gone = change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
            await self._parts.people.set_blocked(change.chat.id, gone)

    async def migrated(self, update: Update, _: Context) -> None:
        """A group became a supergroup, which has another number: what its admins chose goes along."""
        message = update.message
        if message is not None and message.migrate_to_chat_id:
            choices = await self._parts.people.chat(message.chat.id)
            if choices != ChatChoices():
                await self._parts.people.set_chat(message.migrate_to_chat_id, choices)
