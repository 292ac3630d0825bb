"""The program of a process that answers: it opens a house of its own, and leaves when nobody can ask it any more."""

import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import IO, TYPE_CHECKING

import msgspec

from bot.articles.readers.frames import read_frame, write_frame
from bot.settings import Secret
from bot.telegram.crew.frames import LOADED, Asked, Charge, Told
from bot.telegram.crew.problems import problem_of
from bot.telegram.logs import set_up_logs

if TYPE_CHECKING:
    from bot.answering.answerer import Answerer

LEAVING_SECONDS = 5.0
"""So long what is under way may take when nobody asks any more, be it that an index is being made."""

_decode_charge = msgspec.msgpack.Decoder(Charge).decode
_decode_asked = msgspec.msgpack.Decoder(Asked).decode


def main() -> None:
    """Answer what comes on standard input until it closes, as it does when the service ends, in whatever way; answers
    go to what was standard output."""
    asked = os.fdopen(os.dup(0), "rb")
    told = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)  # no library prints into the answers
    frame = read_frame(asked)
    if frame is not None:
        Program(_decode_charge(frame), told).run(asked)


class Program:
    """One run of the process."""

    def __init__(self, charge: Charge, told: IO[bytes]) -> None:
        self._charge = charge
        self._told = told
        self._telling = threading.Lock()
        self._opened = ExitStack()
        self._answerer: Answerer | None = None
        self._pool = ThreadPoolExecutor(charge.askers, thread_name_prefix="answers")

    def run(self, asked: IO[bytes]) -> None:
        """Load, answer, leave; whatever is done, the main thread sees when `asked` closes."""
        set_up_logs(Secret(""), as_json=self._charge.values.telegram.log_format == "json")
        gc.set_threshold(self._charge.young_objects)
        self._pool.submit(self._load)
        while (frame := read_frame(asked)) is not None:
            self._pool.submit(self._reply, _decode_asked(frame))
        self._leave()

    def _load(self) -> None:
        """Open the house and load what the first question needs; the other side hears that it is done, or why not."""
        try:
            house = self._opened.enter_context(self._charge.open())
            house.follow()  # the service takes up what changes
            self._answerer = house.answerer
        except Exception as error:  # whatever it is, the other side decides what becomes of it
            self._tell(Told(number=LOADED, problem=problem_of(error)))
        else:
            self._tell(Told(number=LOADED))

    def _reply(self, asked: Asked) -> None:
        self._tell(Told(number=asked.number))
        try:
            told = Told(number=asked.number, answer=self._answered(asked))
        except Exception as error:  # as above
            told = Told(number=asked.number, problem=problem_of(error))
        self._tell(told)

    def _answered(self, asked: Asked) -> bytes:
        """The answer to a question, encoded."""
        if self._answerer is None:
            raise ValueError("asked before it was loaded")
        answer = self._answerer.answer(
            asked.question,
            conversation=asked.conversation,
            filters=asked.filters,
            top=asked.top,
            correct=asked.correct,
        )
        return msgspec.msgpack.encode(answer)

    def _tell(self, told: Told) -> None:
        with self._telling, suppress(OSError):  # when nobody listens, the main thread is about to leave
            write_frame(self._told, told)

    def _leave(self) -> None:
        """Finish what was asked for and close the house, in time or not at all."""
        late = threading.Timer(LEAVING_SECONDS, os._exit, (0,))
        late.daemon = True
        late.start()
        self._pool.shutdown(wait=True)
        self._opened.close()
