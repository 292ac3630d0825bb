"""Choosing: /settings of a chat: the language of its answers, and the collection that answers there."""

from hashlib import blake2b

from telegram import CallbackQuery, Chat, Update, User

from bot.messages import Messages, languages
from bot.telegram import html
from bot.telegram.html import Html
from bot.telegram.keyboards import Button, Keyboard, Row, in_rows
from bot.telegram.parts import Context, Parts
from bot.telegram.people import ChatChoices

DATA = "set:"
LANGUAGE, COLLECTION = f"{DATA}lang:", f"{DATA}tag:"
MOST_COLLECTIONS = 30
ARTICLES_LOOKED_AT = 20_000
IN_A_ROW = 3
LONGEST_LABEL = 40


class Choosing:
    """Lets the admins of a group choose for it; in a private chat everybody is their own admin."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def settings(self, update: Update, _: Context) -> None:
        """/settings: what is chosen, and what there is to choose from."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None:
            return
        messages, message = await self._parts.messages(update), update.effective_message
        # An admin who stays anonymous writes in the group's own name.
        as_group = message is not None and message.sender_chat is not None and message.sender_chat.id == chat.id
        if not as_group and not await self._may_choose(chat, user.id):
            await self._parts.outbox.reply(update, html.plain(messages.text("telegram.group_admins_only")))
            return
        choices, tags = await self._choices(chat, user), await self._collections()
        buttons = self._keyboard(chat, tags, messages)
        await self._parts.outbox.reply(update, self._text(chat, choices, messages), keyboard=buttons)

    async def press(self, update: Update, _: Context) -> None:
        """A pressed choice."""
        query = update.callback_query
        if query is None or query.message is None:
            return
        chat = query.message.chat
        if not await self._may_choose(chat, query.from_user.id):
            words = (await self._parts.messages(update)).text("telegram.group_admins_only")
            await self._parts.outbox.acknowledge(query, words, alert=True)
            return
        await self._choose(query, chat)
        await self._parts.outbox.acknowledge(query)

    async def _choose(self, query: CallbackQuery, chat: Chat) -> None:
        choices, tags = await self._choices(chat, query.from_user), await self._collections()
        data = query.data or ""
        if data.startswith(LANGUAGE):
            code = data.removeprefix(LANGUAGE)
            choices = ChatChoices(code if code in self._codes() else "", choices.tags)
            if chat.type == Chat.PRIVATE:
                await self._parts.people.set_language(query.from_user.id, choices.language)
        elif data.startswith(COLLECTION):
            chosen = [tag for tag in tags if _digest(tag) == data.removeprefix(COLLECTION)]
            choices = ChatChoices(choices.language, tuple(chosen))
        await self._parts.people.set_chat(chat.id, choices)
        messages = self._parts.voices.of(await self._parts.language(query.from_user, chat))
        if query.message is not None:
            await self._parts.outbox.edit(
                chat.id,
                query.message.message_id,
                self._text(chat, choices, messages),
                keyboard=self._keyboard(chat, tags, messages),
            )

    async def _choices(self, chat: Chat, user: User) -> ChatChoices:
        """What is chosen for a chat; a private one speaks its user's language."""
        choices = await self._parts.people.chat(chat.id)
        if chat.type != Chat.PRIVATE:
            return choices
        return ChatChoices((await self._parts.people.person(user.id)).language, choices.tags)

    async def _may_choose(self, chat: Chat, user: int) -> bool:
        return chat.type == Chat.PRIVATE or await self._parts.outbox.is_chat_admin(chat.id, user)

    async def _collections(self) -> tuple[str, ...]:
        """The tags of the library's articles, the first so many in alphabetical order."""

        def tags() -> tuple[str, ...]:
            found: set[str] = set()
            for number, article in enumerate(self._parts.house.library.articles()):
                if number >= ARTICLES_LOOKED_AT:
                    break
                found.update(article.tags)
            return tuple(sorted(found)[:MOST_COLLECTIONS])

        return await self._parts.desk.run(tags)

    def _codes(self) -> tuple[str, ...]:
        return languages(self._parts.house.settings.owner_folder)

    def _text(self, chat: Chat, choices: ChatChoices, messages: Messages) -> Html:
        code = choices.language or (messages.language if chat.type == Chat.PRIVATE else "")
        language = self._parts.voices.name(code) if code else messages.text("telegram.own")
        collection = ", ".join(map(html.one_line, choices.tags)) or messages.text("telegram.everything")
        lines = [
            html.bold(html.plain(messages.text("telegram.settings"))),
            html.plain(messages.text("telegram.settings_language", language=language)),
            html.plain(messages.text("telegram.settings_collection", collection=collection)),
        ]
        return html.joined(lines, "\n")

    def _keyboard(self, chat: Chat, tags: tuple[str, ...], messages: Messages) -> Keyboard:
        own = [[Button(messages.text("telegram.own"), LANGUAGE)]] if chat.type != Chat.PRIVATE else []
        codes = [Button(self._parts.voices.name(code), f"{LANGUAGE}{code}") for code in self._codes()]
        rows: list[Row] = [*own, *in_rows(codes, most=IN_A_ROW)]
        if tags:
            rows.append([Button(messages.text("telegram.everything"), COLLECTION)])
            labels = [(html.cut(html.one_line(tag), LONGEST_LABEL) or "–", _digest(tag)) for tag in tags]
            rows += in_rows([Button(label, f"{COLLECTION}{digest}") for label, digest in labels], most=IN_A_ROW)
        return rows


def _digest(tag: str) -> str:
    """A tag within a button's 64 bytes, however long it is."""
    return blake2b(tag.encode("utf-8", "replace"), digest_size=8).hexdigest()
