"""The hours of a week in four bands, which together are the whole week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY, EVENING, NIGHT, WEEKEND, UNKNOWN = "dag", "kväll", "natt", "helg", "okänd"
HOURS: Final[Mapping[str, int]] = {DAY: 60, EVENING: 25, NIGHT: 35, WEEKEND: 48}
"""Hours of each band in a week: 06–18, 18–23 and 23–06 from Monday to Friday, and the rest."""
WEEKS: Final = 365.25 / 7
_SATURDAY: Final = 5
_DATE_ALONE: Final = 10


def bands_of(texts: pd.Series[str]) -> pd.DataFrame:
    """Return the day and the band of times such as ``2024-05-03 21:30``.

    A night is that of the day it is on: at 02:00 on a Tuesday it is night, on a Saturday weekend.

    Returns
    -------
    pandas.DataFrame
        ``day`` (missing where a text is no time) and ``band`` (``okänd`` without an hour).

    Examples
    --------
    >>> bands_of(pd.Series(["2024-05-03 21:30", "2024-05-04T02:00", "2024-05-06", "igår"]))["band"]
    0    kväll
    1     helg
    2    okänd
    3    okänd
    Name: band, dtype: str
    """
    plain = texts.str.strip()
    times = pd.to_datetime(plain, errors="coerce", format="ISO8601")
    hour, is_weekend = times.dt.hour, times.dt.day_of_week >= _SATURDAY
    night = (hour < 6) | (hour >= 23)  # noqa: PLR2004 - the hours of the bands, see HOURS
    evening = (hour >= 18) & (hour < 23)  # noqa: PLR2004
    band = np.select([is_weekend, night, evening], [WEEKEND, NIGHT, EVENING], DAY)
    known = times.notna() & (plain.str.len() > _DATE_ALONE)
    return pd.DataFrame(
        {"day": times.dt.normalize(), "band": np.where(known, band, UNKNOWN)}, index=texts.index
    ).astype({"band": "str"})
