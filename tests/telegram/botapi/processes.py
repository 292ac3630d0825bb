"""The bot as a process of its own, started against the server and ended by a signal."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .server import BotApiServer

ROOT = Path(__file__).parents[3]
START_SECONDS = 30.0
STOP_SECONDS = 15.0


@dataclass
class BotProcess:
    """A running bot. `stdout` and `stderr` grow as it writes."""

    process: asyncio.subprocess.Process
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    _readers: "list[asyncio.Task[None]]" = field(default_factory=list)

    def collect(self) -> None:
        """Read what the bot writes, so that it never waits for a full pipe."""
        for stream, sink in ((self.process.stdout, self.stdout), (self.process.stderr, self.stderr)):
            if stream is not None:
                self._readers.append(asyncio.create_task(_pump(stream, sink)))

    @property
    def output(self) -> str:
        """All that the bot wrote, both streams."""
        return (bytes(self.stdout) + bytes(self.stderr)).decode("utf-8", "replace")

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    async def polls(self, server: BotApiServer, *, timeout_seconds: float = START_SECONDS) -> None:
        """Return when the bot waits for updates.

        Raises:
            AssertionError: it ended, or did not poll in time; with what it wrote.
        """
        polled = asyncio.create_task(server.polled(timeout_seconds=timeout_seconds))
        ended = asyncio.create_task(self.process.wait())
        try:
            await asyncio.wait({polled, ended}, return_when=asyncio.FIRST_COMPLETED)
            if polled.done() and polled.exception() is None:
                return
            await asyncio.sleep(0)
            how = f"ended with {self.process.returncode}" if ended.done() else f"did not poll in {timeout_seconds} s"
            raise AssertionError(f"the bot {how}:\n{self.output}")
        finally:
            for task in (polled, ended):
                task.cancel()
            await asyncio.gather(polled, ended, return_exceptions=True)

    async def ends(self, *, timeout_seconds: float = STOP_SECONDS) -> int:
        """The exit status of a bot that ends by itself.

        Raises:
            AssertionError: it still runs after the time; it is killed then.
        """
        try:
            await asyncio.wait_for(self.process.wait(), timeout_seconds)
        except TimeoutError:
            await self.kill()
            raise AssertionError(f"the bot still ran after {timeout_seconds} s:\n{self.output}") from None
        await asyncio.gather(*self._readers)
        return self.process.returncode or 0

    async def terminate(self, *, timeout_seconds: float = STOP_SECONDS) -> None:
        """Ask the bot to end (SIGTERM).

        Raises:
            AssertionError: it did not end in time, or not with 0; with what it wrote.
        """
        self.process.send_signal(signal.SIGTERM)
        status = await self.ends(timeout_seconds=timeout_seconds)
        if status != 0:
            raise AssertionError(f"the bot ended with {status} after SIGTERM:\n{self.output}")

    async def kill(self) -> None:
        """End the bot at once (SIGKILL)."""
        if self.running:
            self.process.kill()
        await self.process.wait()
        await asyncio.gather(*self._readers)


async def _pump(stream: asyncio.StreamReader, sink: bytearray) -> None:
    while chunk := await stream.read(65536):
        sink += chunk


def bot_environment(server: BotApiServer, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a bot for this server: ours without any settings of Verbatim's, plus token, address and
    what else is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VERBATIM_")}
    own = {"VERBATIM_TELEGRAM_TOKEN": server.account.token, "VERBATIM_TELEGRAM_API_URL": server.address}
    return kept | own | {"PYTHONUNBUFFERED": "1"} | dict(extra or {})


async def start_process(command: Sequence[str], environment: Mapping[str, str]) -> BotProcess:
    """A started bot whose output is being collected."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=dict(environment), stdout=pipe, stderr=pipe, stdin=asyncio.subprocess.DEVNULL
    )
    bot = BotProcess(process)
    bot.collect()
    return bot


@asynccontextmanager
async def bot_process(
    server: BotApiServer,
    library: Path,
    *,
    environment: Mapping[str, str] | None = None,
    arguments: Sequence[str] = (),
    wait: bool = True,
    command: Sequence[str] | None = None,
) -> AsyncIterator[BotProcess]:
    """`python -m bot --library LIBRARY telegram` against the server, polling by the time it is yielded (unless not to
    be waited for). On leaving, a bot that still runs gets SIGTERM and has to end with 0 in time; after an error in the
    block it is killed."""
    line = command or (sys.executable, "-m", "bot", "--library", str(library), "telegram", *arguments)
    bot = await start_process(line, bot_environment(server, environment))
    try:
        if wait:
            await bot.polls(server)
        yield bot
        if bot.running:
            await bot.terminate()
    finally:
        if bot.running:
            await bot.kill()
