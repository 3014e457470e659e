"""What goes on inside an area: small areas placed, ranked, summarised, and pockets found.

A figure for an area of 25 000 residents is a mean. These functions say what it hides. They take
*placed* small areas: a row per small area, larger area and period, with the residents who live in
both (:func:`place`). A small area without a figure is left out of the figures and said in
``coverage``, never counted as zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geolyft.errors import JoinError, brief

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geolyft.frames import Floats

TENTH: Final = 10
POCKET_POINTS: Final = 15.0
"""How far below its area's mean a pocket is: half of the half range of the index's scale."""
_TAILS: Final = (0.025, 0.975)
_FULL_EXTENT: Final = 10
_LAST_EXTENT: Final = 30
PLACED_COLUMNS: Final = ["parent", "area", "period", "value", "population", "rank", "percentile"]


def place(small: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Place small areas in larger ones, and rank them in the city.

    Parameters
    ----------
    small
        ``area, period, value, population``; a higher value is better (a score, or a share whose
        sign is turned).
    crosswalk
        A crosswalk's table: ``source, target, weight``.

    Returns
    -------
    pandas.DataFrame
        ``PLACED_COLUMNS`` and ``weight``. Rank 1 is the lowest value of the city and period, ties
        share the lower rank; percentile is ``ceil(rank / N · 100)`` over small areas with a value.

    Raises
    ------
    JoinError
        ``inside-unplaced`` when a small area lies in no larger one, ``inside-population`` when
        residents are missing or negative.

    Examples
    --------
    >>> small = pd.DataFrame({"area": ["a", "b"], "period": "2025", "value": [80.0, 110.0],
    ...                       "population": [100.0, 300.0]})
    >>> crosswalk = pd.DataFrame({"source": ["a", "b", "b"], "target": ["1", "1", "2"],
    ...                      "weight": [1.0, 0.5, 0.5]})
    >>> place(small, crosswalk)[["parent", "area", "population", "rank"]].values.tolist()
    [['1', 'a', 100.0, 1.0], ['1', 'b', 150.0, 2.0], ['2', 'b', 150.0, 2.0]]
    """
    _check_small(small, crosswalk)
    by_period = small.groupby("period")["value"]
    rank = by_period.rank(method="min")
    # Whole numbers: 7 / 100 * 100 is a little more than 7, and its ceiling is 8.
    percentile = -(-rank * 100 // by_period.transform("count"))
    ranked = small.assign(rank=rank, percentile=percentile)
    placed = ranked.merge(
        crosswalk[["source", "target", "weight"]], left_on="area", right_on="source"
    )
    placed = placed[placed["weight"] > 0].rename(columns={"target": "parent"})
    placed["population"] *= placed["weight"]
    order = ["period", "parent", "area"]
    return placed.sort_values(order)[[*PLACED_COLUMNS, "weight"]].reset_index(drop=True)


def _check_small(small: pd.DataFrame, crosswalk: pd.DataFrame) -> None:
    lost = ~small["area"].isin(crosswalk["source"])
    if lost.any():
        raise JoinError(
            "inside-unplaced",
            f"{int(lost.sum())} of {len(small)} small areas lie in no larger area, first "
            f"{brief(small.loc[lost, 'area'].iloc[0])}",
            remedy="give a crosswalk that has every small area",
        )
    wrong = ~(small["population"] >= 0)
    if wrong.any():
        raise JoinError(
            "inside-population",
            f"residents are missing or negative in {int(wrong.sum())} of {len(small)} small areas, "
            f"first {brief(small.loc[wrong, 'area'].iloc[0])}",
            remedy="give every small area its residents, 0 where nobody lives",
        )


def extent_weight(percentile: pd.Series[float]) -> pd.Series[float]:
    """Weigh a small area for the extent of its larger one.

    1 for the city's worst tenth, then 0.95 at percentile 11 down to 0.05 at 30, else 0: the
    definition of the English Indices of Deprivation 2019 (Technical Report, Ministry of Housing,
    Communities and Local Government).

    Examples
    --------
    >>> extent_weight(pd.Series([1.0, 10, 11, 30, 31])).round(6).tolist()
    [1.0, 1.0, 0.95, 0.05, 0.0]
    """
    falling = 0.95 - (percentile - _FULL_EXTENT - 1) * 0.9 / 19
    weight = falling.mask(percentile <= _FULL_EXTENT, 1.0).mask(percentile > _LAST_EXTENT, 0.0)
    return weight.where(percentile.notna())


def summarise_inside(placed: pd.DataFrame) -> pd.DataFrame:
    """Summarise small areas to larger ones in the ways of the English Indices of Deprivation.

    Returns
    -------
    pandas.DataFrame
        ``area`` (the larger), ``period`` and

        - ``average``: Σ population · value / Σ population,
        - ``extent``: the population's mean of :func:`extent_weight`,
        - ``worst_tenth``: share of the small areas that are in the city's worst tenth, and
          ``worst_tenth_population``: share of the residents that live in these,
        - ``local_concentration``: see :func:`local_concentration`; a lower rank is worse,
        - ``n_small`` (a small area on a border counts by its weight), ``population``, ``coverage``
          (the share of it that lives where there is a figure).

        Extent and the ranks speak of the city of the same period: 10 per cent are always worst.

    Examples
    --------
    >>> small = pd.DataFrame({"area": list("abcd"), "period": "2025", "population": 100.0,
    ...                       "value": [80.0, 90, 100, 110]})
    >>> crosswalk = pd.DataFrame({"source": list("abcd"), "target": list("1122"), "weight": 1.0})
    >>> summary = summarise_inside(place(small, crosswalk))
    >>> summary[["area", "average", "extent"]].round(3).values.tolist()
    [['1', 85.0, 0.143], ['2', 105.0, 0.0]]
    """
    worst = (placed["percentile"] <= TENTH).astype(float)
    table = placed.assign(
        everyone=placed["population"],
        average=placed["value"],
        extent=extent_weight(placed["percentile"]),
        worst_tenth=worst,
        worst_tenth_population=worst,
    )
    known = table[table["value"].notna()]
    key = ["parent", "period"]
    summary = pd.concat(
        [
            weighted_means(
                known, ["average", "extent", "worst_tenth_population"], "population", key
            ),
            weighted_means(known, ["worst_tenth"], "weight", key),
            local_concentration(placed),
            known.groupby(key)["weight"].sum().rename("n_small"),
            table.groupby(key)["everyone"].sum().rename("population"),
            known.groupby(key)["population"].sum().rename("coverage"),
        ],
        axis=1,
    )
    summary["coverage"] /= summary["population"].where(summary["population"] > 0)
    summary["n_small"] = summary["n_small"].fillna(0.0)
    return summary.sort_index().rename_axis(["area", "period"]).reset_index()


def weighted_means(
    table: pd.DataFrame, columns: Sequence[str], weight: str, key: Sequence[str]
) -> pd.DataFrame:
    """Return weighted means by key; nothing where the weights are all zero."""
    parts = table[list(columns)].mul(table[weight], axis=0)
    total = table.groupby(list(key))[weight].sum()
    sums = parts.groupby([table[k] for k in key]).sum()
    return sums.div(total.where(total > 0), axis=0)


def local_concentration(placed: pd.DataFrame, *, share: float = 0.1) -> pd.Series[float]:
    """Return the mean city rank of an area's most deprived small areas.

    They are those with the lowest values that together hold exactly `share` of the area's residents
    (with a figure); of the last one only the part that is needed counts.

    Returns
    -------
    pandas.Series
        Index ``parent, period``; rank 1 is the worst small area of the city.

    Examples
    --------
    >>> small = pd.DataFrame({"area": list("ab"), "period": "2025", "population": [5.0, 95.0],
    ...                       "value": [80.0, 90.0]})
    >>> crosswalk = pd.DataFrame({"source": list("ab"), "target": "1", "weight": 1.0})
    >>> local_concentration(place(small, crosswalk)).tolist()
    [1.5]
    """
    key = ["parent", "period"]
    known = placed[placed["value"].notna()].sort_values([*key, "value", "area"])
    people = known["population"]
    by_area = people.groupby([known[k] for k in key])
    needed = by_area.transform("sum") * share
    before = by_area.cumsum() - people
    taken = known.assign(
        taken=np.clip(needed - before, 0.0, people), local_concentration=known["rank"]
    )
    return weighted_means(taken, ["local_concentration"], "taken", key)["local_concentration"]


def pockets(
    placed: pd.DataFrame, *, points: float = POCKET_POINTS, worst_percentile: int = 20
) -> pd.DataFrame:
    """Find small areas whose challenges their area's mean does not show.

    The rule: a *pocket* is at least `points` below its area's population-weighted mean and among
    the city's `worst_percentile` per cent of small areas. It is *hidden* when the mean itself lies
    above every small area of that worst part, so that a map of areas shows nothing.

    Parameters
    ----------
    placed
        What :func:`place` returns. A small area on a border is held against the area where most
        of it lives.
    points
        In the unit of the values.

    Returns
    -------
    pandas.DataFrame
        ``area`` (the larger), ``small``, ``period``, ``value``, ``mean``, ``gap`` (negative),
        ``population``, ``percentile``, ``hidden``; the deepest first in each period.

    Examples
    --------
    >>> small = pd.DataFrame({"area": list("abcde"), "period": "2025", "population": 100.0,
    ...                       "value": [70.0, 104, 105, 106, 107]})
    >>> crosswalk = pd.DataFrame({"source": list("abcde"), "target": "1", "weight": 1.0})
    >>> pockets(place(small, crosswalk))[["small", "gap", "hidden"]].values.tolist()
    [['a', -28.400000000000006, True]]
    """
    key = ["parent", "period"]
    known = placed[placed["value"].notna()]
    mean = weighted_means(known, ["value"], "population", key)["value"].rename("mean")
    worst = known["percentile"] <= worst_percentile
    limit = known[worst].groupby("period")["value"].max()
    main = known.sort_values(
        ["period", "area", "weight", "parent"], ascending=[True, True, False, True]
    )
    main = main.drop_duplicates(["period", "area"]).join(mean, on=key)
    main["gap"] = main["value"] - main["mean"]
    main["hidden"] = main["mean"] > main["period"].map(limit)
    low = main[(main["gap"] <= -points) & (main["percentile"] <= worst_percentile)]
    low = low.rename(columns={"area": "small", "parent": "area"})
    columns = ["area", "small", "period", "value", "mean", "gap", "population", "percentile"]
    return low.sort_values(["period", "gap", "small"])[[*columns, "hidden"]].reset_index(drop=True)


def with_certainty(
    found: pd.DataFrame,
    placed: pd.DataFrame,
    drawn: Mapping[str, pd.DataFrame],
    *,
    points: float = POCKET_POINTS,
) -> pd.DataFrame:
    """Say how sure each pocket is.

    The area's mean is drawn together with its small areas, so that what they have in common
    stays common. A pocket is *sure* when the whole 95 per cent interval of its gap keeps to the
    rule: the small area lies at least `points` below the mean also at the interval's upper end.
    Then of small areas that are no pockets at most one in forty is called a sure one by chance.
    Its place in the city is not tried.

    Parameters
    ----------
    found, placed
        What `pockets` and `place` return.
    drawn
        For each period a row of drawn values for each small area.

    Returns
    -------
    pandas.DataFrame
        `found` with ``gap_low``, ``gap_high`` and ``sure``; missing where nothing was drawn.

    Examples
    --------
    >>> small = pd.DataFrame({"area": list("abcde"), "period": "2025", "population": 100.0,
    ...                       "value": [70.0, 104, 105, 106, 107]})
    >>> crosswalk = pd.DataFrame({"source": list("abcde"), "target": "1", "weight": 1.0})
    >>> placed = place(small, crosswalk)
    >>> off = np.random.default_rng(1).standard_normal((5, 1000))
    >>> drawn = pd.DataFrame(small[["value"]].to_numpy() + 3 * off, index=list("abcde"))
    >>> made = with_certainty(pockets(placed), placed, {"2025": drawn})
    >>> made[["gap_low", "gap_high", "sure"]].round(0).values.tolist()
    [[-34.0, -23.0, True]]
    """
    known = placed[placed["value"].notna()]
    members = known.groupby(["period", "parent"]).indices
    area, people = known["area"].to_numpy(), known["population"].to_numpy()
    small = found["small"].to_numpy()
    ends = np.full((len(found), 2), np.nan)
    keys = list(zip(found["period"], found["area"], strict=True))
    for mine in found.groupby(["period", "area"]).indices.values():
        key = keys[mine[0]]
        scores = drawn.get(key[0])
        if scores is not None:
            of = members[key]
            share = people[of] / people[of].sum()
            mean = share @ _rows_of(scores, area[of])
            ends[mine] = np.quantile(_rows_of(scores, small[mine]) - mean, _TAILS, axis=1).T
    bounds = pd.DataFrame(ends, index=found.index, columns=["gap_low", "gap_high"])
    sure = (bounds["gap_high"] <= -points).astype("boolean").mask(bounds["gap_high"].isna())
    return found.assign(**bounds, sure=sure)


def _rows_of(scores: pd.DataFrame, areas: NDArray[Any]) -> Floats:
    """Return the draws of some areas; missing where an area was not drawn."""
    rows = scores.index.get_indexer(pd.Index(areas))
    # By columns, as in the frame: a product adds in the order in which numbers lie.
    drawn: Floats = np.where(rows >= 0, scores.to_numpy().T.take(rows, axis=1), np.nan).T
    return drawn


def shrink(counts: pd.DataFrame, *, by: Sequence[str] = ("period", "indicator")) -> pd.DataFrame:
    """Draw uncertain shares of small areas towards the city, for maps of small areas only.

    Empirical Bayes on the logit, as in the Indices of Deprivation (Noble et al. 2006, Environment
    and Planning A 38, 169-185): with r of n, ``m = ln((r + ½)/(n − r + ½))``,
    ``s² = (n + 1)(n + 2)/(n (r + 1)(n − r + 1))``, M the same of all areas together,
    ``t² = Σ(m − M)²/(k − 1)``, ``w = t²/(s² + t²)`` and ``m* = w·m + (1 − w)·M``. A drawn share is
    no observation: it is never summed, never scored, and never published as an area's share.

    Parameters
    ----------
    counts
        A row per small area and `by`, with known counts: ``numerator``, ``denominator`` above 0.

    Returns
    -------
    pandas.DataFrame
        The rows with ``shrunken``, per cent, and ``own_weight``, w.

    Examples
    --------
    >>> counts = pd.DataFrame({"period": "2025", "indicator": "E1",
    ...     "numerator": [12.0, 40, 5, 60], "denominator": [150.0, 400, 35, 700]})
    >>> shrink(counts)["shrunken"].round(3).tolist()
    [8.619, 9.919, 11.128, 8.694]
    """
    base = counts["denominator"]
    # Rounding and noise can make a part more than its whole.
    hit = counts["numerator"].clip(lower=0.0, upper=base)
    keys = [counts[k] for k in by]
    total = pd.DataFrame({"hit": hit, "base": base}).groupby(keys).transform("sum")
    own, centre = _logit(hit, base), _logit(total["hit"], total["base"])
    noise = (base + 1) * (base + 2) / (base * (hit + 1) * (base - hit + 1))
    squares = ((own - centre) ** 2).groupby(keys)
    areas = squares.transform("size")
    # One area alone has no spread to learn from, and stays what it is.
    spread = squares.transform("sum") / (areas - 1).clip(lower=1)
    weight = (spread / (noise + spread)).mask(areas == 1, 1.0)
    drawn = weight * own + (1 - weight) * centre
    return counts.assign(shrunken=100 / (1 + np.exp(-drawn)), own_weight=weight)


def _logit(hit: pd.Series[float], base: pd.Series[float]) -> pd.Series[float]:
    return pd.Series(np.log((hit + 0.5) / (base - hit + 0.5)), index=hit.index)
