"""Toward a target year: how far to the city, in points and in persons, and whether it will do.

Everything is said twice. With the city *fixed*, the target is where the city stood in the base
year, a number that does not move. With the city *moving*, the target is where the city is now, and
where its own pace takes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geolyft.certainty.draws import percentiles
from geolyft.errors import IndexComputationError, brief
from geolyft.frames import CITY, EVERYONE, Sex
from geolyft.index.scales import BASE, SIGN, points_per_unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geolyft.certainty.draws import Draws

    Matrix = NDArray[np.float64]

Goal = Literal["fixed", "moving"]
"""Whether the city stays where it was in the base year or goes on moving."""

Verdict = Literal["on_track", "not_on_track", "cannot_be_told"]

DISTANCE_COLUMNS: Final = [
    "area",
    "period",
    "indicator",
    "goal",
    "value",
    "city",
    "behind",
    "persons",
    "persons_together",
]
TRACK_COLUMNS: Final = [
    "area",
    "what",
    "goal",
    "first",
    "last",
    "target_year",
    "gap",
    "gap_low",
    "gap_high",
    "required",
    "required_points",
    "pace",
    "pace_low",
    "pace_high",
    "projected",
    "projected_low",
    "projected_high",
    "verdict",
    "reason",
]


def gaps_to_city(
    observations: pd.DataFrame, scales: pd.DataFrame, *, base_period: str, sex: Sex = EVERYONE
) -> pd.DataFrame:
    """Return how far each area's share is behind the city's, in points and in persons.

    Parameters
    ----------
    observations
        Published observations with the city's rows.
    scales
        Which end of each indicator is good.
    base_period
        Where the city is fixed.
    sex
        Whose shares; the city's of the same sex.

    Returns
    -------
    pandas.DataFrame
        ``DISTANCE_COLUMNS``. `behind`: percentage points to the city's share, positive when the
        area is worse off. `persons`: how many more (or, where a high share is bad, how many
        fewer) would have to be counted for the area to have that share, with its base
        as it is: ``denominator · behind / 100``. With the moving city these sum to 0 over all
        areas and the residual. `persons_together`: the same when the city's share rises with
        them, ``persons / (1 - denominator / the city's denominator)``; moving city only.
        Negative is a lead. No rows for the city.

    Notes
    -----
    Numbers of persons are made of published figures and say nothing more; they are rounded for
    the reader, not here.

    Examples
    --------
    >>> scales = pd.DataFrame({"indicator": ["E1"], "direction": ["high"]})
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "sex": "alla",
    ...                      "indicator": "E1", "value": [60.0, 80.0, 72.0],
    ...                      "numerator": [240.0, 480.0, 720.0],
    ...                      "denominator": [400.0, 600.0, 1000.0]})
    >>> away = gaps_to_city(seen, scales, base_period="2025")
    >>> away[away["goal"] == "moving"][["behind", "persons", "persons_together"]].values.tolist()
    [[12.0, 48.0, 80.0], [-8.0, -48.0, -120.0]]
    """
    good = scales.set_index("indicator")["direction"].map(SIGN)
    mine = observations[(observations["sex"] == sex) & observations["indicator"].isin(good.index)]
    areas = mine[(mine["area"] != CITY) & mine["value"].notna()]
    city = mine[mine["area"] == CITY].rename(columns={"value": "city", "denominator": "whole"})
    keys = ["period", "indicator"]
    moving = areas.merge(city[[*keys, "city", "whole"]], on=keys, how="left")
    base = city[city["period"] == base_period].set_index("indicator")["city"]
    if base.empty and "reference_value" in scales:
        # Kept scales know the city of a base period that this run does not make.
        base = scales.set_index("indicator")["reference_value"]
    fixed = areas.assign(city=areas["indicator"].map(base), whole=np.nan)
    table = pd.concat([fixed.assign(goal="fixed"), moving.assign(goal="moving")])
    table["behind"] = table["indicator"].map(good) * (table["city"] - table["value"])
    table["persons"] = table["denominator"] * table["behind"] / 100
    rest = 1 - table["denominator"] / table["whole"]
    table["persons_together"] = table["persons"] / rest.where(rest > 0)
    return table.sort_values(["area", *keys, "goal"], ignore_index=True)[DISTANCE_COLUMNS]


def track(
    drawn: Draws, comparability: pd.DataFrame, *, base_period: str, target_year: int = 2030
) -> pd.DataFrame:
    """Say of every score whether its pace takes it to the city by the target year.

    The pace is the least-squares slope per year over the comparable periods from the first to
    the last (with two: the change over the years between), drawn together with the gap, so that
    what makes both wrong is counted once. Figures carried forward count once, at their
    reference year; an indicator's years are its reference years.

    ``projected = gap - pace · years left``; the verdict is ``on_track`` when its whole interval is
    at or below 0, ``not_on_track`` when it is above, and else ``cannot_be_told``. The line is drawn
    on as it is: the interval holds chance and noise in the figures, and not that a trend may
    turn.

    Parameters
    ----------
    drawn
        What `geolyft.certainty.draws.draw_scores` returns, for all periods.
    comparability
        What `geolyft.findings.change.comparable` returns: first and last period, and what is
        comparable.
    base_period
        Where the city is fixed.

    Returns
    -------
    pandas.DataFrame
        ``TRACK_COLUMNS``, scores and scores per year. `gap` is positive when the area is behind,
        in its last figures; `pace` is positive when the gap closes; `required` is the pace that
        would just close it, `required_points` the same in percentage points a year (indicators).
        What is not comparable has its gap, and ``cannot_be_told`` with the reason.

    Raises
    ------
    IndexComputationError
        ``targets-year`` when a period is no year, or the target year is not after the last.

    Examples
    --------
    >>> from geolyft.index.scales import fit_scales
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> from geolyft.findings.change import comparable
    >>> from geolyft.certainty.draws import draw_scores
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"] * 2, "sex": "alla", "indicator": "E1",
    ...     "period": ["2024"] * 3 + ["2025"] * 3, "numerator": [600.0, 800, 1400, 640, 800, 1440],
    ...     "denominator": [1000.0, 1000, 2000] * 2, "status": "ok", "source": "register"})
    >>> seen = seen.assign(reference=seen["period"], value=seen["numerator"] * 100)
    >>> seen["value"] /= seen["denominator"]
    >>> catalogue = load_catalogue()
    >>> drawn = draw_scores(seen, fit_scales(seen, catalogue, base_period="2024"), catalogue)
    >>> table = track(drawn, comparable(seen, catalogue, first="2024", last="2025"),
    ...               base_period="2024", target_year=2030)
    >>> row = table[(table["area"] == "1") & (table["what"] == "E1")].set_index("goal").loc["fixed"]
    >>> [round(float(row[name]), 6) for name in ("gap", "required_points", "pace")]
    [18.0, 1.2, 12.0]
    """
    first, last = sorted(comparability[["first", "last"]].iloc[0])
    years_left = _years_left(drawn, first, last, target_year)
    spans = _spans(drawn, first, last)
    reasons = comparability.set_index(["area", "what"])["reason"]
    fixed = drawn.rows(base_period).map(drawn.keys["value"].where(drawn.keys["whole"]))
    # With kept scales the base period is not drawn; there the city is 100 by definition.
    unknown = np.nan if len(fixed) else BASE
    rows = []
    for area, what in drawn.rows(last).drop(CITY, level="area", errors="ignore").index:
        span = spans.get((area, what), spans["none"])
        reason = reasons.get((area, what), "missing")
        for goal, series in _gaps(drawn, span, last, fixed.get((CITY, what), unknown)).items():
            row = _follow(series, years_left, reason)
            rows.append({"area": area, "what": what, "goal": goal, **row})
    table = pd.DataFrame(rows, columns=TRACK_COLUMNS)
    table = table.assign(first=first, last=last, target_year=target_year)
    table["required_points"] = table["required"] / table["what"].map(points_per_unit(drawn.scales))
    return table.sort_values(["area", "what", "goal"], ignore_index=True)


def _years_left(drawn: Draws, first: str, last: str, target_year: int) -> int:
    periods = drawn.keys.loc[drawn.keys["period"].between(first, last), "period"].unique()
    odd = [period for period in periods if not period.isdecimal()]
    if odd or not last.isdecimal() or target_year <= int(last):
        raise IndexComputationError(
            "targets-year",
            f"period {brief((odd or [last])[0])} and target year {target_year} leave no years "
            "to count",
            remedy="name the periods by year, and give a later target year",
        )
    return target_year - int(last)


def _spans(drawn: Draws, first: str, last: str) -> dict[object, pd.DataFrame]:
    """Return each area's and what's rows of draws, a figure once, with its year and the city's."""
    keys = drawn.keys.assign(row=range(len(drawn.keys)), city=drawn.city_rows())
    year = keys["reference"].where(keys["reference"].str.isdecimal(), keys["period"])
    keys = keys[keys["period"].between(first, last) & keys["whole"]]
    keys = keys.assign(year=year[keys.index].astype("float64"))
    keys["city"] = keys["city"].where(keys["city"].isin(keys["row"]), -1)
    keys = keys.drop_duplicates(["area", "what", "year"], keep="last")
    spans: dict[object, pd.DataFrame] = dict(iter(keys.groupby(["area", "what"])))
    return {**spans, "none": keys.iloc[:0]}


def _gaps(
    drawn: Draws, span: pd.DataFrame, last: str, fixed: float
) -> dict[Goal, tuple[Matrix, Matrix]]:
    """Return years and gaps to the city (a row a year, the score itself first), for each goal.

    Both are empty where the last period has no whole figure, or the city none to hold it against.
    """
    period, year, row, city = (span[name].to_numpy() for name in ("period", "year", "row", "city"))
    known = (period == last).any() & (row >= 0)
    still = known & ~np.isnan(fixed)
    both = known & (city >= 0) & (city[-1:] >= 0).any()
    return {
        "fixed": (year[still], fixed - _scores(drawn, row[still])),
        "moving": (year[both], _scores(drawn, city[both]) - _scores(drawn, row[both])),
    }


def _scores(drawn: Draws, rows: NDArray[np.int64]) -> Matrix:
    """Return the scores of some rows, the score itself before its draws."""
    return np.column_stack([drawn.keys["value"].to_numpy()[rows], drawn.scores[rows]])


def _follow(
    series: tuple[Matrix, Matrix], years_left: int, reason: str
) -> dict[str, float | str | None]:
    """Return gap, pace and verdict of one series of gaps."""
    years, gaps = series
    if not len(years):
        return {"verdict": "cannot_be_told", "reason": reason or "missing"}
    gap = gaps[-1]
    row: dict[str, float | str | None] = dict(_interval("gap", gap))
    row["required"] = gap[0] / years_left
    if reason or len(years) < 2:  # noqa: PLR2004 - a pace needs two years
        return {**row, "verdict": "cannot_be_told", "reason": reason or "missing"}
    pace = -_slope(years, gaps)
    projected = _interval("projected", gap - pace * years_left)
    verdict: Verdict = "cannot_be_told"
    if projected["projected_high"] <= 0:
        verdict = "on_track"
    elif projected["projected_low"] > 0:
        verdict = "not_on_track"
    return {**row, **_interval("pace", pace), **projected, "verdict": verdict, "reason": ""}


def _slope(years: Matrix, values: Matrix) -> Matrix:
    """Return the least-squares slope of every column over the years."""
    away = years - years.mean()
    slope: Matrix = away @ values / (away @ away)
    return slope


def _interval(name: str, drawn: Matrix) -> dict[str, float]:
    low, high = percentiles(drawn[1:])
    return {name: float(drawn[0]), f"{name}_low": float(low), f"{name}_high": float(high)}
