"""The gate: what comes before every other handler: who is let in, and how often."""

from telegram import Update, User
from telegram.ext import ApplicationHandlerStop

from bot.telegram import html
from bot.telegram.access import Pace
from bot.telegram.addressing import addressed, asker_of, command_of
from bot.telegram.menus import COMMANDS
from bot.telegram.parts import Context, Parts


class Gate:
    """Stops updates of those who may not ask, who ask too often, and who blocked the bot."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def check(self, update: Update, _: Context) -> None:
        """Let an update through, or stop it. Raises ApplicationHandlerStop for the latter."""
        if update.my_chat_member is not None or (update.message and update.message.migrate_to_chat_id):
            return
        user, chat = update.effective_user, update.effective_chat
        if not self._is_for_us(update):
            raise ApplicationHandlerStop
        parties = [(party.id, party.username) for party in (user, chat) if party is not None]
        if not self._parts.access.is_allowed(*parties):
            await self._tell(update, "telegram.closed")
            raise ApplicationHandlerStop
        if user is None or update.callback_query is not None or update.inline_query is not None:
            return  # every letter that is typed inline is a query; only the last of them is answered
        if await self._is_shut_out(update, user):
            raise ApplicationHandlerStop
        free = self._parts.is_admin(user) or self._parts.patience.waits(update.update_id)
        # Whoever writes in a chat's name comes as the same user in every chat: it is the chat whose questions count.
        asker = asker_of(update.effective_message) if update.effective_message else user.id
        pace = Pace.GOOD if free else self._parts.access.pace(asker)
        if pace is Pace.GOOD:
            return
        self._parts.metrics.limited.inc()
        if pace is Pace.TOLD:
            await self._tell(update, "telegram.too_many")
        raise ApplicationHandlerStop

    async def _is_shut_out(self, update: Update, user: User) -> bool:
        """Whether a message comes from before its sender blocked the bot; who writes later has let it in again."""
        message = update.effective_message
        person = await self._parts.people.person(user.id)
        if not person.blocked or message is None or message.chat.id != user.id:
            return False
        if message.date.timestamp() < int(person.since):
            return True
        await self._parts.people.set_blocked(user.id, False)
        return False

    def _is_for_us(self, update: Update) -> bool:
        """Whether a message asks the bot at all; in groups most do not."""
        message = update.effective_message
        if update.callback_query is not None or message is None or update.inline_query is not None:
            return True
        return command_of(message, self._parts.me) in COMMANDS or addressed(message, self._parts.me) is not None

    async def _tell(self, update: Update, key: str) -> None:
        words = (await self._parts.messages(update)).text(key)
        if update.callback_query is not None:
            await self._parts.outbox.acknowledge(update.callback_query, words, alert=True)
        elif update.inline_query is not None:
            await self._parts.outbox.hint(update.inline_query, words)
        elif update.message is not None:
            await self._parts.outbox.reply(update, html.plain(words))
