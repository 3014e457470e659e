"""An indicator that was not measured for a period keeps its latest figure, marked ``stale``.

Statistics come at their own pace: income is a year older than unemployment. An index of one period
needs a figure of each, so the latest one stands in, at most as many years old as the run allows,
and it keeps the reference year it was measured in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geolyft.frames import (
    KEY,
    check_observations,
    combine_status,
    has_status,
    reference_of,
    restated,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def carry_forward(
    observations: pd.DataFrame,
    periods: Sequence[str],
    *,
    indicators: Collection[str] | None = None,
    oldest: int = 4,
) -> pd.DataFrame:
    """Fill editions in which an indicator was not measured with its latest earlier figures.

    Elections come every fourth year and the survey not every year. A whole edition is carried or
    nothing: where any area has a figure, or one is hidden, the others stay as they are, so that
    areas and city are always of one year. Carried figures keep their reference year and are
    marked ``stale``.

    Parameters
    ----------
    periods
        Editions, oldest first.
    indicators
        Which may be carried; all by default.
    oldest
        How many years old, by reference year, a carried figure may be. Without years in numbers
        there is no limit.

    Examples
    --------
    >>> from geolyft.frames import OBSERVATION_COLUMNS
    >>> row = ["1", "2022", "2022", "alla", "D1", 75.0, 100.0, 75.0, 65.0, 82.0, "ok", "val"]
    >>> seen = pd.DataFrame([row], columns=OBSERVATION_COLUMNS)
    >>> carry_forward(seen, ["2022", "2023"])[["period", "reference", "status"]].values.tolist()
    [['2022', '2022', 'ok'], ['2023', '2022', 'stale']]
    """
    observations = observations.reset_index(drop=True)
    may = observations["indicator"].isin(indicators or observations["indicator"].unique())
    measured = observations["value"].notna() | has_status(observations["status"], "hidden")
    carried = [
        _carry(figures[["period"]].assign(measured=measured), figures, period, oldest)
        for _, figures in observations[may].groupby(["sex", "indicator"])
        for period in periods
    ]
    filled = pd.concat([observations, *carried], ignore_index=True)
    return check_observations(filled.drop_duplicates(KEY, keep="last"))


def _carry(known: pd.DataFrame, figures: pd.DataFrame, period: str, oldest: int) -> pd.DataFrame:
    """Return one indicator's latest figures as those of a period in which it has none."""
    when = known.loc[known["measured"], "period"]
    earlier = when[when < period]
    if (when == period).any() or earlier.empty:
        return figures.iloc[:0]
    latest = figures[(figures["period"] == earlier.max()) & known["measured"]]
    year = float(pd.to_numeric(pd.Series([period]), errors="coerce").iloc[0])
    age = year - pd.to_numeric(reference_of(latest), errors="coerce")
    latest = latest[~(age > oldest)]
    stale = restated(latest["status"], lambda status: combine_status(status, "stale"))
    carried: pd.DataFrame = latest.assign(
        period=period, status=stale, reference=reference_of(latest)
    )
    return carried
