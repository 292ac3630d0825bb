"""Membership: who blocks the bot or lets it back in."""

from telegram import Chat, ChatMember, Update

from bot.telegram.parts import Context, Parts


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
