import threading
from datetime import UTC, datetime

import pytest

from bot.articles.web.politeness import Politeness, retry_after
from tests.articles.web.conftest import NOW, Time


def test_a_host_is_left_a_pause_after_each_request(politeness: Politeness, time: Time) -> None:
    with politeness.turn("a.example"):
        time.now += 5
    with politeness.turn("a.example"):
        pass
    assert time.pauses == [1.0]


def test_hosts_are_not_kept_waiting_for_each_other(politeness: Politeness, time: Time) -> None:
    for host in ("a.example", "b.example", "c.example"):
        with politeness.turn(host):
            pass
    assert time.pauses == []


def test_a_site_s_own_delay_counts_when_it_is_longer_but_not_for_ever(politeness: Politeness, time: Time) -> None:
    for delay in (5.0, 0.1, 1e9):
        with politeness.turn("a.example", delay_seconds=delay):
            pass
    assert politeness.waiting("a.example") == 60.0
    assert time.pauses == [5.0, 1.0]


def test_a_host_that_asks_for_rest_gets_it(politeness: Politeness, time: Time) -> None:
    politeness.rest("a.example", 30)
    politeness.rest("a.example", 10)
    assert politeness.waiting("a.example") == 30
    assert politeness.waiting("b.example") == 0
    politeness.rest("a.example", 1e12)
    assert politeness.waiting("a.example") == 86_400
    time.now += 86_400
    assert politeness.waiting("a.example") == 0


def test_a_failure_counts_its_pause_too(politeness: Politeness) -> None:
    with pytest.raises(ValueError, match="broken"), politeness.turn("a.example"):
        raise ValueError("broken")
    assert politeness.waiting("a.example") == 1.0


def test_threads_ask_a_host_one_at_a_time() -> None:
    politeness = Politeness(0.0)
    inside, most = 0, 0

    def ask() -> None:
        nonlocal inside, most
        for _ in range(200):
            with politeness.turn("a.example"):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("99999999999999", 999_999_999.0),
        ("Fri, 10 Mar 2023 09:22:00 GMT", 120.0),
        ("Fri, 10 Mar 2023 09:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_a_server_says_for_how_long_in_seconds_or_until_when(written: str, seconds: float | None) -> None:
    now = datetime.fromtimestamp(NOW, UTC)
    assert retry_after({"retry-after": written}, now=now) == seconds


def test_a_server_that_says_nothing_asks_for_nothing() -> None:
    assert retry_after({}) is None
