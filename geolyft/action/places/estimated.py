"""A place's figures from those of small areas: by how much of each lies in it, and said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.frames import combine_status, has_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def estimated(
    observations: pd.DataFrame, lies: pd.DataFrame, *, people: Sequence[str] = ()
) -> pd.DataFrame:
    """Return approximate figures of places, from published ones of small areas.

    A small area gives as much of its counts as the place has of its ground, as if people were
    spread evenly. A place that holds a part of one without a figure has none either.

    Parameters
    ----------
    observations
        Of one period and everyone: ``area, indicator, numerator, denominator, status``.
    lies
        What `geolyft.action.places.polygons.lying` returns.
    people
        Indicators that are numbers and no shares.

    Returns
    -------
    pandas.DataFrame
        ``place, indicator, numerator, denominator, value, status``.

    Examples
    --------
    >>> import pandas as pd
    >>> seen = pd.DataFrame({"area": ["a", "b"], "indicator": "E1", "numerator": [10.0, 40],
    ...     "denominator": [40.0, 80], "status": "ok"})
    >>> lies = pd.DataFrame({"place": "p", "area": ["a", "b"], "of_area": [0.5, 0.25]})
    >>> estimated(seen, lies)[["denominator", "value", "status"]].values.tolist()
    [[40.0, 37.5, 'approximate']]
    """
    parts = lies.merge(observations, on="area")
    hidden = has_status(parts["status"], "hidden")
    counts = ["numerator", "denominator"]
    weighed = parts.assign(
        **{name: parts[name] * parts["of_area"] for name in counts}, hidden=hidden
    )
    groups = weighed.groupby(["place", "indicator"])
    table = groups[counts].sum(min_count=1).where(~groups[counts].agg(_lacks))
    table["value"] = 100 * table["numerator"] / table["denominator"]
    is_number = table.index.get_level_values("indicator").isin(list(people))
    table["value"] = table["value"].mask(is_number, table["denominator"])
    unseen = groups["hidden"].any().map({True: "hidden", False: "missing"})
    table["status"] = unseen.where(table["value"].isna(), combine_status("approximate"))
    return table.reset_index()


def _lacks(column: pd.Series[float]) -> bool:
    return bool(column.isna().any())
