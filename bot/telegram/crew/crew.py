"""The crew: processes that answer beside each other; each is replaced when it dies, and loses no question."""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from bot.answering.answer import Answer
from bot.answering.followups.conversation import Conversation
from bot.articles.filters import Filters
from bot.errors import UnavailableError
from bot.house import House
from bot.telegram.crew.frames import Asked, Problem, charge_of
from bot.telegram.crew.member import GoneError, Member
from bot.telegram.crew.program import LEAVING_SECONDS
from bot.telegram.patience import pause_after

MOST_DEATHS = 2
"""A question during which so many processes died one after the other is given up: it may be what they died of."""
SETTLED_SECONDS = 60.0
"""A process that lived for so long is replaced at once."""
REPLACED_SECONDS = 60.0
"""So long a question that lost its process waits for another, before it is kept for later."""
NO_FILTERS = Filters()

_log = logging.getLogger(__name__)


class GivenUpError(Exception):
    """Each process that was to answer a question died meanwhile."""


class Crew:
    """Answers as the service's own answerer does, in processes; threads may share it, and as many as `places` should.

    The service's own answers as long as no process can.
    """

    def __init__(self, house: House, *, processes: int, askers: int) -> None:
        """Start `processes` processes that answer as this house does, each `askers` questions at once; none is waited
        for."""
        self.places = processes * askers
        self._house = house
        self._own_places = self._askers = askers
        self._charge = charge_of(house.recipe, askers=askers)
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._started: set[Member] = set()
        self._loaded: set[Member] = set()
        self._free: deque[Member] = deque()
        self._keepers = [
            threading.Thread(target=self._keep, name=f"crew-{number}", daemon=True) for number in range(processes)
        ]
        for keeper in self._keepers:
            keeper.start()

    def answer(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        filters: Filters = NO_FILTERS,
        top: int | None = None,
        correct: bool = True,
    ) -> Answer:
        """The reply to one question, as bot.answering.answerer.Answerer gives it, errors included.

        Raises GivenUpError when two processes died with it, UnavailableError when one did and no other comes.
        """
        said = conversation or Conversation()
        asked = Asked(question=question, conversation=said, filters=filters, top=top, correct=correct)
        self._house.engine.refresh()  # the processes follow
        deaths = 0
        while deaths < MOST_DEATHS:
            with self._place(own=not deaths) as member:
                if member is None:
                    return self._house.answerer.answer(
                        question, conversation=said, filters=filters, top=top, correct=correct
                    )
                try:
                    return member.ask(asked)
                except GoneError as gone:
                    deaths += gone.had_it
        raise GivenUpError(f"{deaths} processes died with the same question")

    def remember(self, conversation: Conversation, answer: Answer) -> Conversation:
        """The conversation with an answer's turn added."""
        return self._house.answerer.remember(conversation, answer)

    def close(self) -> None:
        """Let the processes finish what they were asked, and end; what still waits for one gets UnavailableError."""
        with self._changed:
            self._closing.set()
            started = set(self._started)
            self._changed.notify_all()
        for member in started:
            member.leave()
        deadline = time.monotonic() + LEAVING_SECONDS + 1
        for keeper in self._keepers:
            keeper.join(max(0.0, deadline - time.monotonic()))
        for member in started:
            member.kill()

    @contextmanager
    def _place(self, *, own: bool) -> Iterator[Member | None]:
        """A process that is free to answer, for the block; None stands for the service's own answerer, where no process
        is loaded and `own` allows it."""
        member = self._take(own=own)
        try:
            yield member
        finally:
            self._give_back(member)

    def _take(self, *, own: bool) -> Member | None:
        with self._changed:
            while not self._closing.is_set():
                if self._free:
                    return self._free.popleft()
                if own and self._own_places and not self._loaded:
                    self._own_places -= 1
                    return None
                if not self._changed.wait(None if own else REPLACED_SECONDS):
                    break
        raise UnavailableError("no process is there to answer; another is being started")

    def _give_back(self, member: Member | None) -> None:
        with self._changed:
            if member is None:
                self._own_places += 1
            elif member in self._loaded and not member.is_gone:
                self._free.append(member)
            self._changed.notify_all()

    def _keep(self) -> None:
        """Have one process at work, whatever happens to it, until the crew is closed."""
        deaths = 0
        while not self._closing.is_set():
            begun = time.monotonic()
            self._run()
            deaths = 1 if time.monotonic() - begun > SETTLED_SECONDS else deaths + 1
            if deaths > 1:
                self._closing.wait(pause_after(deaths - 1))

    def _run(self) -> None:
        """Start one process and return when it has ended."""
        try:
            member = Member(self._charge)
        except OSError as error:
            _log.error("no answering process can be started: cause=%s", type(error).__name__)
            return
        with self._changed:
            self._started.add(member)
            is_late = self._closing.is_set()
        if is_late:
            member.leave()
        status = member.listen(lambda problem: self._take_in(member, problem))
        with self._changed:
            self._started.discard(member)
            self._loaded.discard(member)
            self._free = deque(one for one in self._free if one is not member)
            self._changed.notify_all()
        if not self._closing.is_set():
            _log.warning("answering process ended: pid=%d status=%d", member.pid, status)

    def _take_in(self, member: Member, problem: Problem | None) -> None:
        """Let a process that is loaded be asked; one that could not be ends, and is tried again."""
        if problem is not None:
            _log.warning("answering process cannot load: kind=%s at=%s", problem.kind, problem.place)
            member.leave()
            return
        with self._changed:
            self._loaded.add(member)
            self._free.extend([member] * self._askers)
            self._changed.notify_all()
            count = len(self._loaded)
        _log.info("answering process ready: pid=%d count=%d", member.pid, count)
