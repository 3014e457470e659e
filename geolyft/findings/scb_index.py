"""SCB's socioekonomiskt index and områdestyp, beside ours: another method on the same figures.

The index is the plain mean of three per cents that are each bad; the type places it against the
nation of the same year. The index may be compared over time, the type may not: its limits move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from geolyft.form import Form
from geolyft.frames import EVERYONE, combine_status

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.indicators.catalogue import Catalogue

LIMITS: Final = (2.0, 1.0, 0.0, -1.0)
"""Limits of the types in national standard deviations above the national mean, type 1 first."""
_Positive = Annotated[float, Field(gt=0)]


class SecondOpinion(Form):
    """Which indicators stand for SCB's three shares, and the nation they are held against.

    Parameters
    ----------
    indicators
        Of low economic standard, of education at most lower secondary, and of long-term economic
        assistance or unemployment. Where a high share is good, 100 less the share is taken.
    national
        Period to the national mean and standard deviation of the index, as SCB publishes them;
        periods without them get an index and no type.

    Examples
    --------
    >>> SecondOpinion(indicators=("E3", "U1", "E2"), national={"2022": (14.0, 7.0)}).indicators
    ('E3', 'U1', 'E2')
    """

    indicators: tuple[str, str, str]
    national: dict[str, tuple[float, _Positive]] = Field(default_factory=dict)


def socioeconomic_index(
    observations: pd.DataFrame, catalogue: Catalogue, opinion: SecondOpinion
) -> pd.DataFrame:
    """Return SCB's index and type per area and period, everyone, the city included.

    ``index = (V1 + V2 + V3) / 3``; type 1 (stora utmaningar) from two standard deviations above the
    national mean, 2 from one, 3 from the mean, 4 from one below it, else 5.

    Returns
    -------
    pandas.DataFrame
        ``area, period, index, type`` (missing without national limits) and ``status``; no row where
        one of the three shares is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> seen = pd.DataFrame({"area": "1", "period": "2022", "sex": "alla", "status": "ok",
    ...                      "indicator": ["E3", "E2", "E1"], "value": [70.0, 94.0, 70.0]})
    >>> opinion = SecondOpinion(indicators=("E3", "E1", "E2"), national={"2022": (14.0, 7.0)})
    >>> socioeconomic_index(seen, load_catalogue(), opinion)[["index", "type"]].values.tolist()
    [[22.0, 2]]
    """
    codes = list(opinion.indicators)
    high = {code: catalogue[code].direction == "high" for code in codes}
    mine = observations[
        (observations["sex"] == EVERYONE)
        & observations["indicator"].isin(codes)
        & observations["value"].notna()
    ]
    bad = mine["value"].where(~mine["indicator"].map(high).astype(bool), 100 - mine["value"])
    groups = mine.assign(bad=bad).groupby(["area", "period"])
    table = groups.agg(index=("bad", "mean"), parts=("bad", "size"), status=("status", list))
    table = table[table["parts"] == len(codes)].reset_index()
    table["status"] = table["status"].map(lambda parts: combine_status(*parts)).astype("str")
    limits = table["period"].map(opinion.national)
    table["type"] = [
        _type(index, limit) for index, limit in zip(table["index"], limits, strict=True)
    ]
    table["type"] = table["type"].astype("Int64")
    return table[["area", "period", "index", "type", "status"]]


def _type(index: float, national: tuple[float, float] | float) -> int | None:
    if not isinstance(national, tuple):
        return None
    mean, sd = national
    return 1 + sum(index < mean + limit * sd for limit in LIMITS)
