"""Dates of publication as they are stored: ISO 8601, a day or a moment."""

from datetime import date, datetime


def iso_date(written: str) -> str | None:
    """The date as it is stored, which is as it was written when that is ISO 8601's extended form; None for no date.

    "2023-03-08" and "2023-03-08T10:00:00Z" stay, "20230308" becomes the former.
    """
    written = written.strip()
    try:
        if len(written) <= 10:
            return date.fromisoformat(written).isoformat()
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return written if written.startswith(f"{moment.date().isoformat()}T") else moment.isoformat()
