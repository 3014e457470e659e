"""Dates as a file has them: a year, a month or a day, with a first and a last day."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::00)?|24:00")


def span(text: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of what a text says.

    Raises
    ------
    ValueError
        When it says no date.

    Examples
    --------
    >>> [day.isoformat() for day in span("2024-02")]
    ['2024-02-01', '2024-02-29']
    """
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError("no date")
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or month is None:
        return dt.date(int(text), 1, 1), dt.date(int(text), 12, 31)
    if day is None:
        first = dt.date(year, month, 1)
        return first, first.replace(day=calendar.monthrange(year, month)[1])
    return (dt.date(year, month, day),) * 2


def is_date(text: str) -> bool:
    """Say whether a text is a year, a month or a day.

    Examples
    --------
    >>> [is_date(text) for text in ("2024", "2024-13", "2023-02-29", "hösten 2024")]
    [True, False, False, False]
    """
    try:
        span(text)
    except ValueError:
        return False
    return True


def is_clock(text: str) -> bool:
    """Say whether a text is a time of day.

    Examples
    --------
    >>> [is_clock(text) for text in ("17:00", "24:00", "17.00")]
    [True, True, False]
    """
    return bool(_CLOCK.fullmatch(text))


def ends_before(start: str, end: str) -> bool:
    """Say whether a period surely ends before it begins; nothing is said of what is not given.

    Examples
    --------
    >>> ends_before("2024-05", "2024"), ends_before("2024-05", "2024-04"), ends_before("", "2024")
    (False, True, False)
    """
    return bool(start and end) and span(end)[1] < span(start)[0]
