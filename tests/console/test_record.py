"""The JSON object: the shape that other programs rely on, key by key."""

import json

from msgspec import UNSET

from bot.answering.answer import Change
from bot.console.record import ErrorRecord, answer_record, json_line
from bot.messages import Messages
from tests.console.fakes import TEXT, answered, not_said

ARTICLE = {"id": "id1", "title": "Report 1", "source": "news/1.txt", "published": "2023-03-08", "language": "en"}


def test_an_answer_has_exactly_the_keys_of_the_contract_in_its_order() -> None:
    change = Change("spelling", "prigozin", "prigozhin")
    record = json.loads(json_line(answer_record(answered(quotes=1, changes=(change,)), identity=7)))
    assert list(record) == [
        "question", "id", "answered", "confidence", "quotes", "near_misses", "changes", "elapsed_ms",
    ]  # fmt: skip
    assert record["confidence"] == 0.9346
    assert record["elapsed_ms"] == 3.14
    assert record["changes"] == [{"kind": "spelling", "from": "prigozin", "to": "prigozhin"}]
    (quote,) = record["quotes"]
    assert list(quote) == [
        "text", "start", "end", "confidence", "highlights", "before", "after", "article", "also_in",
    ]  # fmt: skip
    assert quote["text"] == TEXT
    assert quote["highlights"] == [[8, 17]]
    assert quote["article"] == ARTICLE
    assert quote["also_in"][0] == {
        "text": "The same.",
        "start": 5,
        "end": 14,
        "article": ARTICLE | {"id": "id2", "title": "Report 2", "source": "news/2.txt"},
    }


def test_an_id_is_there_only_where_one_was_given() -> None:
    assert "id" not in json.loads(json_line(answer_record(answered())))
    assert "id" not in json.loads(json_line(answer_record(answered(), identity=UNSET)))
    assert json.loads(json_line(answer_record(answered(), identity=None)))["id"] is None


def test_what_the_articles_do_not_say_has_near_misses_in_the_same_shape_and_no_quotes() -> None:
    record = json.loads(json_line(answer_record(not_said())))
    assert record["answered"] is False
    assert record["quotes"] == []
    assert record["near_misses"][0]["article"] == ARTICLE
    assert record["confidence"] == 0.2


def test_why_is_there_only_when_it_was_asked_for() -> None:
    record = json.loads(json_line(answer_record(answered(), why=Messages.load("en"))))
    assert record["quotes"][0]["why"] == [{"text": "published 2023-03-08", "weight": 0.5}]


def test_an_error_carries_the_id_or_null() -> None:
    assert json_line(ErrorRecord("a", "no")) == '{"id":"a","error":"no"}'
    assert json_line(ErrorRecord(None, "no")) == '{"id":null,"error":"no"}'


def test_letters_beyond_ascii_stay_letters() -> None:
    assert "Зеленський" in json_line(answer_record(answered("Де Зеленський?")))
