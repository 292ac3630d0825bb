"""The local Bot API server's ways to the bot: polling, the webhook, privacy mode, inline mode, channels."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest, Conflict

from .botapi import BotApiServer, Membership
from .botapi.people import Person


def kinds(updates: tuple[Update, ...]) -> list[str]:
    """What each update carries."""
    return [next(key for key in update.to_dict() if key != "update_id") for update in updates]


async def heard(bot: Bot, offset: int = 0) -> list[str]:
    """The texts of all pending messages, which are confirmed."""
    updates = await bot.get_updates(offset=offset)
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)
    return [update.effective_message.text or "" for update in updates if update.effective_message]


async def test_updates_come_again_until_a_greater_offset_confirms_them(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    for text in ("one", "two", "three"):
        await olena.says(text)
    first = await bot.get_updates()
    again = await bot.get_updates(limit=2)
    assert [u.update_id for u in again] == [u.update_id for u in first][:2]
    rest = await bot.get_updates(offset=first[1].update_id)
    assert [u.message.text for u in rest if u.message] == ["two", "three"]
    last = await bot.get_updates(offset=-1)
    assert [u.message.text for u in last if u.message] == ["three"]
    assert await bot.get_updates(offset=first[2].update_id + 1) == ()
    await server.drained()


async def test_a_long_poll_ends_when_something_is_said(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await server.polled()
    assert server.account.queue.polled_now
    await olena.says("hello")
    assert kinds(await poll) == ["message"]


async def test_a_second_poller_ends_the_first_with_a_conflict(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await server.polled()
    async with Bot(server.account.token, base_url=server.base_url) as other:
        second = asyncio.create_task(other.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
            await first
        await olena.says("hello")
        assert kinds(await second) == ["message"]


async def test_rare_updates_come_only_when_asked_for(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    question = await olena.says("Who?")
    await olena.reacts(question, "👍")
    assert kinds(await bot.get_updates()) == ["message"]
    await bot.get_updates(allowed_updates=["message_reaction"])
    await olena.reacts(question, "👎")
    await olena.says("ignored")
    assert kinds(await bot.get_updates()) == ["message", "message_reaction"]


async def test_an_edited_question_comes_as_an_edit(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    question = await olena.says("Who leeds?")
    await olena.edits(question, "Who leads?")
    first, second = await bot.get_updates()
    assert second.edited_message is not None
    assert (second.edited_message.message_id, second.edited_message.text) == (question.id, "Who leads?")
    assert first.message is not None
    assert first.message.text == "Who leeds?"


async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(bot: Bot, server: BotApiServer) -> None:
    group = server.group("Readers")
    olena = group.joins(server.user("Olena"))
    await bot.send_message(group.chat.id, "hello")
    greeting = await olena.receives()
    for text in ("small talk", "/ask who", "/ask@verbatim_bot who", "/ask@other_bot who", "🏟 @Verbatim_Bot who?",
                 "@verbatim_botty who?", "mail@verbatim_bot.org"):  # fmt: skip
        await olena.says(text)
    talk = await olena.says("more talk")
    await olena.says("a reply to a person", reply_to=talk)
    await olena.says("a reply to the bot", reply_to=greeting)
    assert await heard(bot) == ["/ask who", "/ask@verbatim_bot who", "🏟 @Verbatim_Bot who?", "a reply to the bot"]
    group.another_bot_speaks()
    await olena.says("/ask who")
    await olena.says("/ask@verbatim_bot who")
    assert await heard(bot) == ["/ask@verbatim_bot who"]


async def test_administrators_and_bots_without_privacy_mode_hear_all(bot: Bot, server: BotApiServer) -> None:
    group = server.group("Readers", bot=Membership.ADMINISTRATOR)
    await group.joins(server.user("Olena")).says("small talk")
    assert await heard(bot) == ["small talk"]
    server.account.privacy_mode = False
    other = server.group("Writers")
    await other.joins(server.user("Petro")).says("more talk")
    assert await heard(bot) == ["more talk"]


async def test_the_bot_hears_of_its_own_coming_and_going(bot: Bot, server: BotApiServer) -> None:
    group = server.group("Readers", bot=Membership.LEFT)
    olena = group.joins(server.user("Olena"))
    await olena.says("/ask who")
    await olena.adds_bot()
    await olena.removes_bot()
    updates = await bot.get_updates()
    assert kinds(updates) == ["my_chat_member", "message", "my_chat_member"]
    changes = [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member]
    assert changes == ["member", "kicked"]


async def test_a_topics_question_carries_the_topic(bot: Bot, server: BotApiServer) -> None:
    forum = server.group(forum=True)
    topic = forum.opens_topic("War")
    await forum.joins(server.user("Olena")).says("/ask who", thread=topic)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert (update.message.message_thread_id, update.message.is_topic_message) == (topic, True)


async def test_a_post_and_its_discussion_reach_the_bot(bot: Bot, server: BotApiServer) -> None:
    group = server.group("Talk", bot=Membership.ADMINISTRATOR)
    channel = server.channel("News", discussion=group)
    copy = await channel.posts("Kyiv holds.")
    olena = group.joins(server.user("Olena"))
    await olena.says("@verbatim_bot since when?", reply_to=copy)
    post, forwarded, comment = await bot.get_updates()
    assert post.channel_post is not None
    assert forwarded.message is not None
    assert forwarded.message.is_automatic_forward
    assert comment.message is not None
    assert comment.message.reply_to_message is not None
    assert comment.message.reply_to_message.text == "Kyiv holds."
    assert (await bot.get_chat(group.chat.id)).linked_chat_id == channel.chat.id


async def test_a_forward_says_where_it_is_from(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    await olena.forwards("Kyiv holds.", origin="channel", title="News")
    await olena.forwards("I saw it.", origin="hidden_user", title="Somebody")
    origins = [update.message.forward_origin for update in await bot.get_updates() if update.message]
    assert [origin.type for origin in origins if origin] == ["channel", "hidden_user"]


async def answer(bot: Bot, results: list[InlineQueryResultArticle]) -> None:
    """Answer the next inline query."""
    (update,) = await bot.get_updates(timeout=5)
    assert update.inline_query is not None
    button = InlineQueryResultsButton("Open", start_parameter="help")
    await bot.answer_inline_query(update.inline_query.id, results, is_personal=True, next_offset="", button=button)
    await bot.get_updates(offset=update.update_id + 1)


def article(name: str, text: str) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(name, f"Title {name}", InputTextMessageContent(text, parse_mode="HTML"))


async def test_inline_results_are_offered_and_sent(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    answering = asyncio.create_task(answer(bot, [article("1", "<b>Kyiv</b>"), article("2", "Lviv")]))
    offered = await olena.asks_inline("which city")
    await answering
    assert (offered.titles, offered.is_personal) == (["Title 1", "Title 2"], True)
    sent = await olena.chooses(offered, 0)
    assert sent.seen.html == "<b>Kyiv</b>"
    chosen, message = await bot.get_updates()
    assert chosen.chosen_inline_result is not None
    assert (chosen.chosen_inline_result.result_id, chosen.chosen_inline_result.query) == ("1", "which city")
    assert message.message is not None
    assert message.message.via_bot is not None


async def test_a_message_sent_inline_is_edited_by_its_own_id(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    more = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    offer = InlineQueryResultArticle("1", "Kyiv", InputTextMessageContent("Kyiv"), reply_markup=more)
    answering = asyncio.create_task(answer(bot, [offer]))
    sent = await olena.chooses(await olena.asks_inline("which city"))
    await answering
    await olena.presses(sent, "More")
    pressed = (await bot.get_updates())[-1].callback_query
    assert pressed is not None
    assert (pressed.message, pressed.inline_message_id) == (None, sent.inline_message_id)
    assert await bot.edit_message_text("Kyiv, Lviv", inline_message_id=sent.inline_message_id) is True
    assert (sent.seen.text, sent.seen.buttons) == ("Kyiv, Lviv", [])
    with pytest.raises(BadRequest, match="Message_id_invalid"):
        await bot.edit_message_text("x", inline_message_id="unknown")


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([article(str(n), "x") for n in range(51)], "Results_too_much"),
        ([article("1", "x"), article("1", "y")], "Result_id_duplicate"),
        ([article("x" * 65, "x")], "Result_id_invalid"),
        ([article("1", "<b>x")], "Can't parse entities"),
        ([article("1", "x" * 4097)], "Message is too long"),
    ],
)
async def test_wrong_inline_results_are_refused(
    bot: Bot, server: BotApiServer, results: list[InlineQueryResultArticle], reason: str
) -> None:
    olena = server.private_chat("Olena")
    asking = asyncio.create_task(olena.asks_inline("x"))
    (update,) = await bot.get_updates(timeout=5)
    assert update.inline_query is not None
    with pytest.raises(BadRequest, match=reason):
        await bot._post("answerInlineQuery", {"inline_query_id": update.inline_query.id,
                                              "results": [result.to_dict() for result in results]})  # fmt: skip
    asking.cancel()
    assert server.violations
    server.violations.clear()


@dataclass
class Hook:
    """A bot's webhook: what arrived, and with which status to answer next."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    arrived: list[tuple[str, str | None]] = field(default_factory=list)
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 1

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        status = self.statuses.pop(0) if self.statuses else 200
        self.arrived.append((update["message"]["text"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        if len(self.arrived) >= self.wanted:
            self.enough.set()
        return web.Response(status=status)


@asynccontextmanager
async def listening(hook: Hook) -> AsyncIterator[Hook]:
    app = web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield hook
    finally:
        await runner.cleanup()


async def test_the_webhook_gets_updates_with_its_secret_until_it_says_yes(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    async with listening(Hook(statuses=[500, 502], wanted=4)) as hook:
        await bot.set_webhook(hook.url, secret_token="s-e_c")
        await olena.says("one")
        await olena.says("two")
        await asyncio.wait_for(hook.enough.wait(), 10)
        await server.drained()
        assert hook.arrived == [("one", "s-e_c"), ("one", "s-e_c"), ("one", "s-e_c"), ("two", "s-e_c")]
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == (hook.url, 0)
        assert info.last_error_message == "Wrong response from the webhook: 502 Bad Gateway"
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
        await olena.says("three")
        assert await heard(bot) == ["three"]


async def test_setting_a_webhook_ends_the_poll(bot: Bot, server: BotApiServer) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await server.polled()
    async with listening(Hook()) as hook:
        await bot.set_webhook(hook.url)
        with pytest.raises(Conflict, match="terminated by setWebhook request"):
            await poll
        await bot.delete_webhook()


@pytest.mark.parametrize(
    ("url", "secret", "reason"),
    [
        ("http://example.org/hook", None, "An HTTPS URL must be provided for webhook"),
        ("https://example.org:8080/hook", None, "Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("https://example.org/hook", "no spaces", "Secret token contains unallowed characters"),
    ],
)
async def test_wrong_webhooks_are_refused(
    bot: Bot, server: BotApiServer, url: str, secret: str | None, reason: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.set_webhook(url, secret_token=secret)
    server.violations.clear()


async def test_chats_are_delivered_side_by_side(bot: Bot, server: BotApiServer) -> None:
    people: list[Person] = [server.private_chat(f"Reader {n}") for n in range(20)]
    async with listening(Hook(wanted=40)) as hook:
        await bot.set_webhook(hook.url)
        for turn in ("a", "b"):
            for person in people:
                await person.says(f"{turn} {person.user.first_name}")
        await asyncio.wait_for(hook.enough.wait(), 10)
        await server.drained()
        for person in people:
            own = [text for text, _ in hook.arrived if text.endswith(f" {person.user.first_name}")]
            assert own == [f"a {person.user.first_name}", f"b {person.user.first_name}"]
        await bot.delete_webhook()


async def test_a_raw_update_goes_out_as_it_is(bot: Bot, server: BotApiServer) -> None:
    number = server.sends_raw({"message": None, "galaxy": [1]})
    (update,) = await bot._post("getUpdates")
    assert update == {"update_id": number, "message": None, "galaxy": [1]}
