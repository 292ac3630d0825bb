"""Pace: the limiter, the lanes and the limit per user, with clocks of their own."""

import asyncio

import pytest

from bot.settings import Secret
from bot.telegram.access import Access, Pace
from bot.telegram.entry import Entry, lane_of
from bot.telegram.lanes import MOST_IN_LANE, Lanes
from bot.telegram.limiter import MARGIN, Limiter, Rates
from bot.telegram.logs import redacted


class Clock:
    """A clock that sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("bot.telegram.limiter.asyncio.sleep", self.sleep)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_a_chat_waits_for_its_second_and_a_group_for_its_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    limiter = Limiter(Rates(1.0, 20.0, 0.0), clock=clock)
    assert [await limiter.turn(5) for _ in range(3)] == pytest.approx([0.0, MARGIN, MARGIN])
    begin = clock.now
    for _ in range(21):
        await limiter.turn(-5)
    assert clock.now - begin == pytest.approx(60 * MARGIN)


async def test_all_chats_share_the_overall_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    limiter = Limiter(Rates(0.0, 0.0, 2.0), clock=clock)
    for chat in range(5):
        await limiter.turn(chat)
    assert clock.now - 1000 == pytest.approx(2 * MARGIN)


async def test_telegrams_wish_for_patience_holds_one_chat_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    limiter = Limiter(Rates(0.0, 0.0, 0.0), clock=clock)
    limiter.hold(1, 7.0)
    assert await limiter.turn(2) == 0.0
    assert await limiter.turn(1) == pytest.approx(7.0)
    assert await limiter.turn(1) == 0.0


async def test_lanes_keep_their_order_and_none_waits_for_another() -> None:
    done: list[int] = []
    gate = asyncio.Event()

    async def handle(entry: Entry) -> float:
        if entry.update_id == 1:
            await gate.wait()
        done.append(entry.update_id)
        return 0.0

    lanes = Lanes(handle, most_at_once=10, most_waiting=100)
    for number, lane in ((1, 7), (2, 7), (3, 8), (4, 7)):
        lanes.put(Entry(number, {}, lane))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert done == [3]
    gate.set()
    assert await lanes.drain(seconds=5.0) == 2, "what waits behind stays for the next start"
    assert done == [3, 1]


async def test_no_more_is_taken_in_while_too_much_waits() -> None:
    gate = asyncio.Event()

    async def handle(_: Entry) -> float:
        await gate.wait()
        return 0.0

    lanes = Lanes(handle, most_at_once=10, most_waiting=2)
    for number in range(2):
        lanes.put(Entry(number, {}, number))
    room = asyncio.create_task(lanes.room())
    await asyncio.sleep(0)
    assert not room.done()
    gate.set()
    await asyncio.wait_for(room, 5.0)


async def idle(lanes: Lanes) -> None:
    """Return when nothing waits."""
    async with asyncio.timeout(5.0):
        while lanes.waiting:  # noqa: ASYNC110 - the lanes have no event for it
            await asyncio.sleep(0.001)


async def test_a_long_lane_waits_in_the_journal_and_keeps_nobody_out() -> None:
    gate, handled = asyncio.Event(), []

    async def handle(entry: Entry) -> float:
        await gate.wait()
        handled.append(entry)
        return 0.0

    lanes = Lanes(handle, most_at_once=10, most_waiting=MOST_IN_LANE + 2)
    content = {"update_id": 1}
    for number in range(3 * MOST_IN_LANE):
        lanes.put(Entry(number, content, 7))
    await asyncio.wait_for(lanes.room(), 5.0)
    lanes.put(Entry(-1, content, 8))
    assert lanes.waiting == 3 * MOST_IN_LANE + 1
    gate.set()
    await idle(lanes)
    flood = [entry for entry in handled if entry.lane == 7]
    assert [entry.update_id for entry in flood] == list(range(3 * MOST_IN_LANE))
    assert [entry.is_parked for entry in flood] == [False] * MOST_IN_LANE + [True] * 2 * MOST_IN_LANE


async def test_a_pressed_button_waits_for_no_message() -> None:
    gate, done = asyncio.Event(), []

    async def handle(entry: Entry) -> float:
        if "message" in entry.update:
            await gate.wait()
        done.append(entry.update_id)
        return 0.0

    lanes = Lanes(handle, most_at_once=10, most_waiting=100)
    for number, kind in enumerate(("message", "message", "callback_query", "inline_query")):
        lanes.put(Entry(number, {kind: {}}, 7))
    for _ in range(10):
        await asyncio.sleep(0)
    assert done == [2, 3]
    gate.set()
    await idle(lanes)
    assert done == [2, 3, 0, 1]


async def test_what_is_to_be_handled_again_keeps_its_place() -> None:
    handled: list[int] = []

    async def handle(entry: Entry) -> float:
        handled.append(entry.update_id)
        return 0.01 if handled.count(entry.update_id) < 3 and entry.update_id == 1 else 0.0

    lanes = Lanes(handle, most_at_once=1, most_waiting=10)
    for number, lane in ((1, 7), (2, 7), (3, 8)):
        lanes.put(Entry(number, {}, lane))
    await idle(lanes)
    assert [number for number in handled if number != 3] == [1, 1, 1, 2]
    assert handled.index(3) == 1, "while one waits, others take its place"


def test_who_asks_too_much_is_told_once_and_forgiven_after_a_minute() -> None:
    now = [0.0]
    access = Access(allowed=(), admins=(), per_minute=2, clock=lambda: now[0])
    assert [access.pace(1) for _ in range(4)] == [Pace.GOOD, Pace.GOOD, Pace.TOLD, Pace.OVER]
    assert access.pace(2) is Pace.GOOD
    now[0] = 61.0
    assert access.pace(1) is Pace.GOOD


def test_lists_take_numbers_and_names() -> None:
    access = Access(allowed=("42", "@Readers"), admins=("Ada",), per_minute=0)
    assert access.is_allowed((42, None))
    assert access.is_allowed((7, "x"), (-100, "readers"))
    assert access.is_allowed((8, "ADA"))
    assert not access.is_allowed((9, "bob"))
    assert access.is_admin(8, "ada")
    assert not access.is_admin(42, None)


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"message": {"chat": {"id": 5}, "from": {"id": 6}}}, 5),
        ({"callback_query": {"from": {"id": 6}, "message": {"chat": {"id": 7}}}}, 7),
        ({"inline_query": {"from": {"id": 6}}}, 6),
        ({"message": None}, 0),
        ({"message": {"chat": {"id": "x"}}}, 0),
        ({}, 0),
    ],
)
def test_an_update_is_kept_in_order_with_its_chat(update: dict[str, object], lane: int) -> None:
    assert lane_of({"update_id": 1, **update}) == lane


def test_no_line_holds_the_token_or_anything_like_one() -> None:
    token = "123456:" + "a" * 35
    other = "987654321:AA" + "b" * 33
    shown = redacted(f"https://x/bot{token}/getMe {other} 10:30", Secret(token))
    assert token not in shown
    assert other not in shown
    assert "10:30" in shown
