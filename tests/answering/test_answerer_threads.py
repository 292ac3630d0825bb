"""The answerer shared by threads: right answers while articles come, change and go."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.answer import Answer
from bot.app import App, open_app
from bot.articles.article import Article
from bot.settings import load_settings

TOWNS = ("Brannow", "Kestrel", "Lindau", "Morwen", "Ostrava", "Pellan")
ASKERS, ROUNDS = 4, 12


def lasting(town: str) -> Article:
    return Article(
        source=f"lasting/{town}",
        title=f"The lighthouse of {town}",
        text=f"The lighthouse of {town} was built by the engineer Marta Kowalczyk. It stands on the northern cliff.",
    )


def changing(number: int, year: int) -> Article:
    return Article(
        source=f"changing/{number}",
        title=f"Fair number {number}",
        text=f"The fair of village {number} opened in {year}.\n\nIts lanterns were lit at dusk. Nobody left early.",
    )


@pytest.fixture(params=["memory", "disk"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[App]:
    settings = load_settings(environment={"VERBATIM_ENGINE": request.param})
    with open_app(settings, library=str(tmp_path / "library")) as opened:
        for _ in opened.library.put_many([*map(lasting, TOWNS), *[changing(n, 1900) for n in range(8)]]):
            pass
        yield opened


def test_threads_that_ask_while_articles_come_and_go_get_the_answers_of_one_that_asks_alone(app: App) -> None:
    questions = [f"Who built the lighthouse of {town}?" for town in TOWNS]
    alone = [app.answerer.answer(question).quotes[0].text for question in questions]
    assert alone == [f"The lighthouse of {town} was built by the engineer Marta Kowalczyk." for town in TOWNS]
    found: list[tuple[str, str]] = []
    faults: list[BaseException] = []

    def asked(question: str) -> Answer:
        answer = app.answerer.answer(question)
        for quote in (*answer.quotes, *answer.near_misses):
            assert quote.end - quote.start == len(quote.text)
            assert all(0 <= start < end <= len(quote.text) for start, end in quote.highlights)
        return answer

    def ask() -> None:
        try:
            for turn in range(ROUNDS):
                for question, text in zip(questions, alone, strict=True):
                    found.append((text, asked(question).quotes[0].text))
                asked(f"When did the fair of village {turn % 8} open?")
        except BaseException as fault:  # a thread's own would be lost
            faults.append(fault)

    askers = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    year = 1901
    while any(asker.is_alive() for asker in askers):
        app.library.put(changing(year % 8, year))
        gone = app.library.by_source(f"changing/{(year + 3) % 8}")
        if gone is not None and year % 3 == 0:
            app.library.remove([gone.number])
        year += 1
    for asker in askers:
        asker.join()
    assert faults == []
    assert len(found) == ASKERS * ROUNDS * len(TOWNS)
    assert all(text == expected for expected, text in found)
    assert year > 1901
