"""The Bot API server: HTTP in front of one bot's account, with every fault on demand."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

from .account import BotAccount, Violation
from .chats import Chat, ChatType, Membership, User
from .dispatch import execute
from .errors import BotApiError
from .faults import Break, Fault, Faults
from .people import Person
from .places import Channel, Group, new_group
from .registry import Upload
from .schema import JsonObject
from .signals import Signal
from .webhooks import WebhookDelivery

TOKEN = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcC"
MAX_REQUEST_BYTES = 60 * 1024 * 1024
LOGGED_CALLS = 50_000
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True)
class Record:
    """A call as it came and how it was answered: `error` is the description of the refusal, None for a success."""

    method: str
    params: Mapping[str, object]
    error: str | None
    at: float


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: JsonObject

    @property
    def error(self) -> str | None:
        return None if self.body["ok"] else str(self.body["description"])


class BotApiServer:
    """`async with BotApiServer() as server:` — one bot's Telegram on a free port of the loopback interface.

    The bot talks to `server.address` (or `server.base_url` for python-telegram-bot's Bot); tests make people and chats
    and look at `server.violations`, which a correct bot leaves empty."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "verbatim_bot",
        privacy_mode: bool = True,
        latency_seconds: float = 0.0,
    ) -> None:
        identifier = int(token.partition(":")[0])
        self.account = BotAccount(token, User(identifier, "Verbatim", username=username, is_bot=True), privacy_mode)
        self.account.users[identifier] = self.account.user
        self.webhooks = WebhookDelivery(self.account)
        self.faults = Faults()
        self.latency_seconds = latency_seconds
        self.calls: deque[Record] = deque(maxlen=LOGGED_CALLS)
        self.call_counts: Counter[str] = Counter()
        self.calls_changed = Signal()
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._released = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self.comes_up()
        self._tasks.append(asyncio.create_task(self.webhooks.run()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.goes_down()

    async def comes_up(self) -> None:
        """Listen; after an outage, on the same port as before."""
        self._released = asyncio.Event()
        app = web.Application(client_max_size=MAX_REQUEST_BYTES)
        app.router.add_route("*", "/bot{token:[^/]*}/{method}", self._handle_method)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", self._handle_file)
        app.router.add_route("*", "/{path:.*}", self._handle_other)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def goes_down(self) -> None:
        """Close every connection and refuse new ones: the network is dead until `comes_up`."""
        self._released.set()
        self.account.queue.terminate_poller("Internal Server Error: restart")
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def address(self) -> str:
        """The server's address without the token, as VERBATIM_TELEGRAM_API_URL takes it."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """python-telegram-bot's `base_url`."""
        return f"{self.address}/bot"

    @property
    def base_file_url(self) -> str:
        """python-telegram-bot's `base_file_url`."""
        return f"{self.address}/file/bot"

    @property
    def violations(self) -> list[Violation]:
        """What neither a correct bot nor this server would have sent."""
        return self.account.violations

    def user(self, name: str, *, language_code: str | None = None, username: str | None = None) -> User:
        """A new user."""
        user = User(5_000_000_000 + next(self.account.ids), name, username=username, language_code=language_code)
        self.account.users[user.id] = user
        return user

    def private_chat(self, who: str | User, *, language_code: str | None = None, started: bool = True) -> Person:
        """A user (new, when given by name) in a private chat with the bot."""
        user = self.user(who, language_code=language_code) if isinstance(who, str) else who
        if user.id not in self.account.chats:
            chat = Chat(
                user.id,
                ChatType.PRIVATE,
                username=user.username,
                first_name=user.first_name,
                started=started,
                message_ids=self.account.private_message_ids,
            )
            chat.members = {user.id: Membership.MEMBER, self.account.user.id: Membership.MEMBER}
            self.account.chats[user.id] = chat
        return Person(self.account, self.account.chats[user.id], user)

    def group(
        self,
        title: str = "Readers",
        *,
        supergroup: bool = True,
        forum: bool = False,
        bot: Membership = Membership.MEMBER,
    ) -> Group:
        """A new group; the bot is in it as `bot` says."""
        return new_group(self.account, title, supergroup=supergroup, forum=forum, bot=bot)

    def channel(
        self,
        title: str = "News",
        *,
        discussion: Group | None = None,
        username: str | None = None,
        bot: Membership = Membership.ADMINISTRATOR,
    ) -> Channel:
        """A new channel."""
        chat = Chat(-1_002_000_000_000 - next(self.account.ids), ChatType.CHANNEL, title, username)
        chat.members[self.account.user.id] = bot
        self.account.chats[chat.id] = chat
        return Channel(self.account, chat, discussion)

    def sends_raw(self, update: JsonObject) -> int:
        """Queue an update as it stands, malformed or hostile; its id."""
        return self.account.queue.push_raw(update)

    async def polled(self, *, timeout_seconds: float = 10.0) -> None:
        """Return when the bot waits for updates.

        Raises:
            TimeoutError: it never polled.
        """
        queue = self.account.queue
        seen = queue.polls
        await queue.until(lambda: queue.polled_now or queue.polls > seen, timeout_seconds=timeout_seconds)

    async def drained(self, *, timeout_seconds: float = 30.0) -> None:
        """Return when the bot has confirmed all updates.

        Raises:
            TimeoutError: it did not within the time.
        """
        await self.account.queue.until(lambda: not self.account.queue.pending, timeout_seconds=timeout_seconds)

    async def called(self, method: str, *, times: int = 1, timeout_seconds: float = 10.0) -> list[Record]:
        """The calls of a method, as soon as there are this many.

        Raises:
            TimeoutError: there were fewer within the time.
        """
        await self.calls_changed.until(lambda: self.call_counts[method] >= times, timeout_seconds=timeout_seconds)
        return self.calls_of(method)

    def calls_of(self, method: str) -> list[Record]:
        """The logged calls of a method, oldest first."""
        return [record for record in self.calls if record.method == method]

    async def _handle_other(self, request: web.Request) -> web.StreamResponse:
        return _respond(Answer(404, {"ok": False, "error_code": 404, "description": "Not Found"}))

    async def _handle_method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            params, files = await _read(request)
        except ValueError:
            self.account.violate(method, "the body is not what its content type says")
            description = "Bad Request: object expected as a JSON-encoded request body"
            return _respond(Answer(400, {"ok": False, "error_code": 400, "description": description}))
        fault = self.faults.take(method)
        await asyncio.sleep(self.latency_seconds + (fault.delay_seconds if fault else 0.0))
        if fault and fault.broken in {Break.DROP_BEFORE, Break.HANG_BEFORE}:
            return await self._break(request, fault.broken)
        if fault and fault.code:
            return _faulty(fault)
        answer = await self._answer(request.match_info["token"], method, params, files)
        self.calls.append(Record(method, params, answer.error, time.monotonic()))
        self.call_counts[method] += 1
        self.calls_changed.changed()
        if fault and fault.broken:
            return await self._break(request, fault.broken)
        return _respond(answer)

    async def _answer(
        self, token: str, method: str, params: Mapping[str, object], files: Mapping[str, Upload]
    ) -> Answer:
        try:
            if token != self.account.token:
                name, colon, _ = token.partition(":")
                raise BotApiError(401, "Unauthorized") if colon and name.isdecimal() else BotApiError(404, "Not Found")
            result = await execute(self.account, method, params, files)
        except BotApiError as error:
            body: JsonObject = {"ok": False, "error_code": error.code, "description": error.description}
            if parameters := {name: value for name, value in error.parameters.items() if value is not None}:
                body["parameters"] = parameters
            return Answer(error.code, body)
        except Exception as error:
            # A defect of this server's, which would pass for Telegram's 500 if nobody put it down.
            self.account.violate(method, f"this server failed: {error!r}")
            raise
        return Answer(200, {"ok": True, "result": result})

    async def _break(self, request: web.Request, how: Break) -> web.StreamResponse:
        response = web.StreamResponse()
        if how in {Break.HANG_BEFORE, Break.HANG_AFTER}:
            await self._released.wait()
        elif how is Break.CUT_ANSWER:
            response.content_length = 1000
            await response.prepare(request)
            await response.write(b'{"ok":true,"result":')
        if request.transport is not None:
            request.transport.abort()
        return response

    async def _handle_file(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take("file")
        await asyncio.sleep(self.latency_seconds + (fault.delay_seconds if fault else 0.0))
        if fault and fault.broken:
            return await self._break(request, fault.broken)
        path = request.match_info["path"]
        stored = next((file for file in self.account.files.values() if file.path == path), None)
        if request.match_info["token"] != self.account.token or stored is None:
            return _respond(Answer(404, {"ok": False, "error_code": 404, "description": "Not Found"}))
        if stored.size == len(stored.data):
            return web.Response(body=stored.data, content_type=stored.mime_type or "application/octet-stream")
        return await _stream(request, stored.data)


async def _read(request: web.Request) -> tuple[dict[str, object], dict[str, Upload]]:
    """The parameters and files of a request: from its query, a form, several parts or a JSON object."""
    params: dict[str, object] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.json()
        if not isinstance(body, dict):
            raise ValueError("the body is JSON, and no object")
        return params | body, files
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as file:
                files[key] = Upload(value.filename, file.read(), value.content_type)
        else:
            params[key] = value
    return params, files


async def _stream(request: web.Request, data: bytes) -> web.StreamResponse:
    """The data in chunks, its length not told ahead: who trusts the announced size takes in more than he expects."""
    response = web.StreamResponse()
    await response.prepare(request)
    for place in range(0, len(data), CHUNK_BYTES):
        await response.write(data[place : place + CHUNK_BYTES])
    await response.write_eof()
    return response


def _faulty(fault: Fault) -> web.Response:
    if fault.body is not None:
        return web.Response(status=fault.code or 502, text=fault.body, content_type="text/html")
    body: JsonObject = {"ok": False, "error_code": fault.code, "description": fault.description}
    if fault.retry_after is not None:
        body["parameters"] = {"retry_after": fault.retry_after}
    return _respond(Answer(fault.code or 500, body))


def _respond(answer: Answer) -> web.Response:
    wait = answer.body.get("parameters", {}).get("retry_after")
    headers = {"Retry-After": str(wait)} if wait else {}
    return web.json_response(answer.body, status=answer.status, headers=headers)
