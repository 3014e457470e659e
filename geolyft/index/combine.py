"""Fit scales once, normalise, weigh, combine, explain.

The default is the goalpost step of the Adjusted Mazziotta-Pareto index (Mazziotta and Pareto 2016,
Social Indicators Research 127, 983-1003): linear, and comparable over time because the scale is
fitted on a base period and kept. The city in the base period is 100, and half the range of the
areas is 30 points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.errors import IndexComputationError
from geolyft.frames import CITY, EVERYONE, combine_status
from geolyft.index.means import Aggregation, mean_by_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.indicators.catalogue import Catalogue

BASE: Final = 100.0
HALF_RANGE_POINTS: Final = 30.0
SCALE_COLUMNS: Final = ["indicator", "reference_value", "half_range", "direction", "base_period"]


def fit_scales(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    *,
    base_period: str,
    fitted: Sequence[str] = (),
) -> pd.DataFrame:
    """Fit one scale per indicator, over all areas, both sexes together.

    Parameters
    ----------
    observations
        Published observations with the city's rows.
    base_period
        The period in which the city is 100.
    fitted
        Periods whose areas set the range; the base period alone by default.

    Returns
    -------
    pandas.DataFrame
        ``SCALE_COLUMNS``; no row for an indicator without figures in the base period.

    Raises
    ------
    IndexComputationError
        ``index-constant`` when an indicator has the same value in every area, ``index-base`` when
        the areas have figures in the base period and the city has not, ``index-empty`` when no
        indicator has any.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "sex": "alla",
    ...                      "indicator": "E1", "value": [60.0, 80.0, 72.0]})
    >>> fit_scales(seen, load_catalogue(), base_period="2025")[SCALE_COLUMNS[:4]]
      indicator  reference_value  half_range direction
    0        E1             72.0        10.0      high
    """
    everyone = observations[observations["sex"] == EVERYONE]
    known = everyone[everyone["value"].notna()]
    areas = known[(known["area"] != CITY) & known["period"].isin([base_period, *fitted])]
    by_indicator = areas.groupby("indicator")["value"]
    ranges = by_indicator.max() - by_indicator.min()
    city = known[(known["area"] == CITY) & (known["period"] == base_period)]
    reference = city.set_index("indicator")["value"]
    rows = []
    for indicator in catalogue.indicators:
        if indicator.code not in ranges:
            continue
        half_range = float(ranges[indicator.code]) / 2
        _check_fit(indicator.code, reference, half_range, base_period)
        value = reference[indicator.code]
        rows.append([indicator.code, value, half_range, indicator.direction, base_period])
    if not rows:
        raise IndexComputationError(
            "index-empty",
            f"no indicator has figures of all people for areas in {base_period}",
            remedy="choose a base period that has; figures by sex alone make no index",
        )
    return pd.DataFrame(rows, columns=SCALE_COLUMNS)


def _check_fit(code: str, reference: pd.Series[float], half_range: float, base_period: str) -> None:
    if code not in reference:
        raise IndexComputationError(
            "index-base",
            f"indicator {code} has no value for the city in {base_period}",
            remedy="choose a base period in which the city's value can be published",
        )
    if not half_range > 0:
        raise IndexComputationError(
            "index-constant",
            f"indicator {code} does not differ between the areas in {base_period}",
            remedy="leave it out of the catalogue, or choose another base period",
        )


def score(observations: pd.DataFrame, scales: pd.DataFrame) -> pd.DataFrame:
    """Place every value on its indicator's scale: higher is always better.

    ``score = 100 ± 30 · (value - reference_value) / half_range``, the sign by direction.

    Returns
    -------
    pandas.DataFrame
        ``area, period, sex, indicator, score, status``; missing values have no row.

    Examples
    --------
    >>> scales = pd.DataFrame([["E1", 72.0, 10.0, "high", "2025"]], columns=SCALE_COLUMNS)
    >>> seen = pd.DataFrame({"area": ["1", "city"], "period": "2025", "sex": "alla",
    ...                      "indicator": "E1", "value": [62.0, 72.0], "status": "ok"})
    >>> score(seen, scales)["score"].tolist()
    [70.0, 100.0]
    """
    known = observations[observations["value"].notna()].merge(scales, on="indicator")
    sign = known["direction"].map({"high": 1.0, "low": -1.0})
    distance = (known["value"] - known["reference_value"]) / known["half_range"]
    known["score"] = BASE + sign * HALF_RANGE_POINTS * distance
    return known[["area", "period", "sex", "indicator", "score", "status"]]


def weigh(
    scores: pd.DataFrame,
    catalogue: Catalogue,
    *,
    minimum_indicators: int | None = None,
    minimum_dimensions: int | None = None,
) -> pd.DataFrame:
    """Give every score the weight it has in its area's index.

    By default an index needs every indicator of every dimension. A run may ask for fewer; the
    weight of what is missing then goes to the rest of the same dimension (or index), the area is
    marked partial, and it is not to be compared over time.

    Parameters
    ----------
    minimum_indicators, minimum_dimensions
        How many indicators a dimension, and how many dimensions the index, need at least; by
        default all of them.

    Returns
    -------
    pandas.DataFrame
        The scores with ``dimension``, ``within`` (weight in the dimension, missing where the
        dimension is not published) and ``weight`` (in the index, missing where it is not).

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> scores = pd.DataFrame({"area": "1", "period": "2025", "sex": "alla",
    ...                        "indicator": ["E1", "E2"], "score": [90.0, 100.0], "status": "ok"})
    >>> weigh(scores, load_catalogue(), minimum_indicators=2)["within"].tolist()
    [0.5, 0.5]
    """
    key = ["area", "period", "sex"]
    of = {i.code: i.dimension for i in catalogue.indicators}
    weighed = scores.assign(dimension=scores["indicator"].map(of))
    raw = weighed["indicator"].map({i.code: i.weight for i in catalogue.indicators})
    groups = weighed.assign(raw=raw).groupby([*key, "dimension"])
    needed = {
        d.code: min(minimum_indicators or len(catalogue.of(d.code)), len(catalogue.of(d.code)))
        for d in catalogue.dimensions
    }
    enough = groups["raw"].transform("size") >= weighed["dimension"].map(needed)
    weighed["within"] = (raw / groups["raw"].transform("sum")).where(enough)
    share = weighed["dimension"].map({d.code: d.weight for d in catalogue.dimensions})
    standing = weighed[enough].drop_duplicates([*key, "dimension"]).assign(share=share)
    by_area = standing.groupby(key)["share"].agg(["sum", "size"])
    total = weighed[key].merge(by_area, left_on=key, right_index=True, how="left")
    total = total.reindex(weighed.index)
    whole = total["size"] >= (minimum_dimensions or len(catalogue.dimensions))
    weighed["weight"] = (weighed["within"] * share / total["sum"]).where(whole)
    return weighed


def combine(
    weighed: pd.DataFrame, catalogue: Catalogue, *, how: Aggregation = "arithmetic"
) -> pd.DataFrame:
    """Combine weighed scores into the dimensions and the index.

    Parameters
    ----------
    how
        Which mean, see `index.means.mean_by_group`; only the arithmetic one can be explained
        by contributions.

    Returns
    -------
    pandas.DataFrame
        ``area, period, sex, index``, one column per dimension, ``n_indicators, status``. An area
        whose index is empty has status ``missing``; one with fewer indicators than the catalogue
        is ``partial``.
    """
    key = ["area", "period", "sex"]
    dimensions = _mean(weighed, [*key, "dimension"], "within", how).unstack("dimension")
    table = _mean(weighed, key, "weight", how).to_frame("index")
    for dimension in catalogue.dimensions:
        table[dimension.code] = dimensions.get(dimension.code, float("nan"))
    groups = weighed.groupby(key)
    table["n_indicators"] = groups["indicator"].size()
    statuses = groups["status"].agg(lambda column: combine_status(*column))
    full = len(catalogue.indicators)
    table["status"] = [
        _index_status(status, partial=n < full, missing=empty)
        for status, n, empty in zip(
            statuses, table["n_indicators"], table["index"].isna(), strict=True
        )
    ]
    return table.reset_index()


def rebase(index: pd.DataFrame, catalogue: Catalogue, *, base_period: str) -> pd.DataFrame:
    """Put an index made by another normalisation on the common footing.

    One straight line per column: the city in the base period becomes 100, and half the range of
    the areas there 30 points. The order of areas and the proportions of their distances stay.

    Parameters
    ----------
    index
        What `combine` returns.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> made = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "sex": "alla",
    ...                      "index": [-1.0, 1.0, 0.5]})
    >>> rebase(made, load_catalogue(), base_period="2025")["index"].tolist()
    [55.0, 115.0, 100.0]
    """
    based = index[(index["period"] == base_period) & (index["sex"] == EVERYONE)]
    table = index.copy()
    for column in ["index", *(dimension.code for dimension in catalogue.dimensions)]:
        if column not in table:
            continue
        city = based.loc[based["area"] == CITY, column]
        areas = based.loc[based["area"] != CITY, column]
        half_range = (areas.max() - areas.min()) / 2
        reference = city.iloc[0] if len(city) else float("nan")
        scale = HALF_RANGE_POINTS / half_range if half_range > 0 else float("nan")
        table[column] = BASE + (table[column] - reference) * scale
    return table


def _mean(
    weighed: pd.DataFrame, by: Sequence[str], weight: str, how: Aggregation
) -> pd.Series[float]:
    if how != "arithmetic":
        return mean_by_group(weighed, by, weight=weight, how=how)
    # A sum of distances from 100: the base-year city is then 100 to the last bit. In order and
    # without what is missing, as pandas else adds a group in another way because of other groups.
    groups = weighed.groupby(list(by)).size().index
    known = weighed[weighed[weight].notna()].sort_values(list(by), kind="stable")
    points = (known["score"] - BASE) * known[weight]
    return BASE + points.groupby([known[column] for column in by]).sum().reindex(groups)


def contributions(weighed: pd.DataFrame) -> pd.DataFrame:
    """Say what each indicator gives an area's index.

    Returns
    -------
    pandas.DataFrame
        ``area, period, indicator, score, weight, contribution, difference, status``. An area's
        contributions (weight x score) sum to its index, its differences (weight x (score - 100))
        to its distance from the base-year city, both exactly but for rounding of floats.
    """
    everyone = weighed[weighed["sex"] == EVERYONE]
    explained = everyone.assign(
        contribution=everyone["weight"] * everyone["score"],
        difference=everyone["weight"] * (everyone["score"] - BASE),
    )
    columns = ["score", "weight", "contribution", "difference", "status"]
    return explained[["area", "period", "indicator", *columns]].reset_index(drop=True)


def _index_status(status: str, *, partial: bool, missing: bool) -> str:
    if missing:
        return combine_status("missing", *(p for p in status.split("+") if p == "synthetic"))
    return combine_status(status, "partial" if partial else "")
