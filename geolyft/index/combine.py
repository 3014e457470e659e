"""From scores to the dimensions and the index: weigh, combine, say what each indicator gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.frames import (
    CITY,
    EVERYONE,
    check_frame,
    check_known,
    check_statuses,
    combine_status,
)
from geolyft.index.means import Aggregation, mean_by_group
from geolyft.index.scales import BASE, HALF_RANGE_POINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from geolyft.indicators.catalogue import Catalogue


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

    Raises
    ------
    ReadError
        ``frame-columns``, ``frame-text`` or ``frame-number``, and ``frame-unknown`` for an
        indicator that the catalogue lacks.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> scores = pd.DataFrame({"area": "1", "period": "2025", "sex": "alla",
    ...                        "indicator": ["E1", "E2"], "score": [90.0, 100.0], "status": "ok"})
    >>> weigh(scores, load_catalogue(), minimum_indicators=2)["within"].tolist()
    [0.5, 0.5]
    """
    key = ["area", "period", "sex"]
    _check_scores(scores, catalogue, "scores", also=[])
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

    Raises
    ------
    ReadError
        As `weigh`.
    """
    key = ["area", "period", "sex"]
    _check_scores(weighed, catalogue, "weighed scores", also=["within", "weight"])
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


def _check_scores(
    scores: pd.DataFrame, catalogue: Catalogue, what: str, *, also: Sequence[str]
) -> None:
    """Refuse scores of which some would have no weight, or no place, in the index."""
    texts = ["area", "period", "sex", "indicator", "status"]
    check_frame(scores, texts=texts, numbers=["score", *also], what=what)
    check_known(
        scores["indicator"],
        catalogue.codes,
        what=f"{what}, column indicator",
        remedy="use the catalogue that has it, or leave it out",
    )
    check_statuses(scores["status"], what=what)


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
    >>> zscores = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "sex": "alla",
    ...                      "index": [-1.0, 1.0, 0.5]})
    >>> rebase(zscores, load_catalogue(), base_period="2025")["index"].tolist()
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
