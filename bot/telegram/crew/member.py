"""A member of the crew: one process that answers, as the service sees it."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import IO

import msgspec

from bot.answering.answer import Answer
from bot.articles.readers.frames import read_frame, write_frame
from bot.settings import PREFIX
from bot.telegram.crew.frames import LOADED, Asked, Charge, Problem, Told
from bot.telegram.crew.problems import error_of

# A terminal and systemd send their signals to every process of the service: it alone decides when it is over.
_START = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "sys.path.insert(0, sys.argv[1]); from bot.telegram.crew.program import main; main()"
)
_STUCK_SECONDS = 1.0

_decode_told = msgspec.msgpack.Decoder(Told).decode
_decode_answer = msgspec.msgpack.Decoder(Answer).decode


class GoneError(Exception):
    """The process has ended; `had_it` says whether it was at work on the question."""

    def __init__(self, *, had_it: bool) -> None:
        super().__init__("the process has ended")
        self.had_it = had_it


class Member:
    """One process and the pipes to it; threads may share it.

    Its environment holds none of our variables: what it needs comes through the pipe, and the bot's token does not.
    """

    def __init__(self, charge: Charge) -> None:
        """Start the process; it loads while this returns. Raises OSError when the system has no room for it."""
        root = str(Path(__file__).resolve().parents[3])
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and program, no word of a user
            [sys.executable, "-P", "-c", _START, root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
            start_new_session=True,
        )
        self._asking = threading.Lock()
        self._gone = False
        self._asked = 0
        self._waiting: dict[int, Future[Told]] = {}
        self._taken_up: set[int] = set()  # what waits in the pipe is none of what a process dies of
        try:
            write_frame(_pipe(self._process.stdin), charge)
        except BaseException:
            self._let_go()
            self._process.wait()
            raise

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_gone(self) -> bool:
        """Whether nothing can be asked of it any more."""
        return self._gone

    def listen(self, loaded: Callable[[Problem | None], None]) -> int:
        """Hand on what the process tells until it ends; its exit status, negative for the signal that ended it.

        `loaded` is called when it can be asked, or with the problem that keeps it from that.
        """
        answers = _pipe(self._process.stdout)
        try:
            while (frame := read_frame(answers)) is not None:
                told = _decode_told(frame)
                if told.number == LOADED:
                    loaded(told.problem)
                elif told.answer is None and told.problem is None:
                    self._taken_up.add(told.number)
                else:
                    self._hand_over(told)
        finally:
            self._let_go()
        return self._process.wait()

    def ask(self, asked: Asked) -> Answer:
        """The answer to a question. Raises what the process raised (bot.telegram.crew.problems), or GoneError."""
        reply: Future[Told] = Future()
        with self._asking:
            if self._gone:
                raise GoneError(had_it=False)
            self._asked += 1
            number = self._asked
            try:
                write_frame(_pipe(self._process.stdin), msgspec.structs.replace(asked, number=number))
            except OSError:
                self._gone = True
                raise GoneError(had_it=False) from None
            self._waiting[number] = reply
        told = reply.result()
        if told.problem is not None:
            raise error_of(told.problem)
        return _decode_answer(told.answer or b"")

    def leave(self) -> None:
        """Ask nothing more; the process finishes what it was asked, and ends."""
        if not self._asking.acquire(timeout=_STUCK_SECONDS):  # it does not read any more
            self.kill()
            return
        try:
            self._gone = True
            _close(self._process.stdin)
        finally:
            self._asking.release()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def _hand_over(self, told: Told) -> None:
        """Give a reply to who waits for it."""
        self._taken_up.discard(told.number)
        with self._asking:
            reply = self._waiting.pop(told.number)
        reply.set_result(told)

    def _let_go(self) -> None:
        """Tell those who wait for answers that none will come, and close the pipes."""
        self.kill()  # it may have closed its pipe and be there still
        with self._asking:
            self._gone = True
            waiting, self._waiting = self._waiting, {}
            _close(self._process.stdin)
        _close(self._process.stdout)
        for number, reply in waiting.items():
            reply.set_exception(GoneError(had_it=number in self._taken_up))


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the process was started without a pipe")
    return stream


def _close(stream: IO[bytes] | None) -> None:
    try:
        _pipe(stream).close()
    except OSError:  # what could not be written any more
        return
