"""Dates of publication."""

import pytest

from bot.articles.dates import iso_date


@pytest.mark.parametrize("written", ["2023-03-08", "2023-03-08T10:00:00Z", "2023-03-08T10:00:00.5+02:00"])
def test_an_extended_date_stays_as_it_was_written(written: str) -> None:
    assert iso_date(written) == written


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" 20230308 ", "2023-03-08"),
        ("2023-03-08 10:00", "2023-03-08T10:00:00"),
        ("20230308T100000Z", "2023-03-08T10:00:00+00:00"),
    ],
)
def test_other_forms_become_the_extended_one(written: str, stored: str) -> None:
    assert iso_date(written) == stored


@pytest.mark.parametrize("written", ["", "2023", "2023-02-30", "8 March 2023", "2023-03-08T25:00", "x" * 100])
def test_what_is_no_date_is_none(written: str) -> None:
    assert iso_date(written) is None
