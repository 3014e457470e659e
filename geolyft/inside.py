"""What goes on inside an area: small areas summarised, pockets found, inequality measured.

A figure for an area of 25 000 residents is a mean. These functions say what it hides. They take
*placed* small areas: a row per small area, larger area and period, with the residents who live in
both (:func:`place`). A small area without a figure is left out of the figures and said in
``coverage``, never counted as zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.errors import JoinError, brief

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TENTH: Final = 10
_FULL_EXTENT: Final = 10
_LAST_EXTENT: Final = 30
_SLACK: Final = 1e-12
PLACED_COLUMNS: Final = ["parent", "area", "period", "value", "population", "rank", "percentile"]


def place(small: pd.DataFrame, walk: pd.DataFrame) -> pd.DataFrame:
    """Place small areas in larger ones, and rank them in the city.

    Parameters
    ----------
    small
        ``area, period, value, population``; a higher value is better (a score, or a share whose
        sign is turned).
    walk
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
    >>> walk = pd.DataFrame({"source": ["a", "b", "b"], "target": ["1", "1", "2"],
    ...                      "weight": [1.0, 0.5, 0.5]})
    >>> place(small, walk)[["parent", "area", "population", "rank"]].values.tolist()
    [['1', 'a', 100.0, 1.0], ['1', 'b', 150.0, 2.0], ['2', 'b', 150.0, 2.0]]
    """
    _check_small(small, walk)
    by_period = small.groupby("period")["value"]
    rank = by_period.rank(method="min")
    # Whole numbers: 7 / 100 * 100 is a little more than 7, and its ceiling is 8.
    percentile = -(-rank * 100 // by_period.transform("count"))
    ranked = small.assign(rank=rank, percentile=percentile)
    placed = ranked.merge(walk[["source", "target", "weight"]], left_on="area", right_on="source")
    placed = placed[placed["weight"] > 0].rename(columns={"target": "parent"})
    placed["population"] *= placed["weight"]
    order = ["period", "parent", "area"]
    return placed.sort_values(order)[[*PLACED_COLUMNS, "weight"]].reset_index(drop=True)


def _check_small(small: pd.DataFrame, walk: pd.DataFrame) -> None:
    lost = ~small["area"].isin(walk["source"])
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


def summarise(placed: pd.DataFrame) -> pd.DataFrame:
    """Summarise small areas to larger ones in the ways of the English Indices of Deprivation.

    Parameters
    ----------
    placed
        What :func:`place` returns.

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
    >>> walk = pd.DataFrame({"source": list("abcd"), "target": list("1122"), "weight": 1.0})
    >>> summarise(place(small, walk))[["area", "average", "extent"]].round(3).values.tolist()
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
    made = pd.concat(
        [
            _means(known, ["average", "extent", "worst_tenth_population"], "population", key),
            _means(known, ["worst_tenth"], "weight", key),
            local_concentration(placed),
            known.groupby(key)["weight"].sum().rename("n_small"),
            table.groupby(key)["everyone"].sum().rename("population"),
            known.groupby(key)["population"].sum().rename("coverage"),
        ],
        axis=1,
    )
    made["coverage"] /= made["population"].where(made["population"] > 0)
    made["n_small"] = made["n_small"].fillna(0.0)
    return made.sort_index().rename_axis(["area", "period"]).reset_index()


def _means(
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
    >>> walk = pd.DataFrame({"source": list("ab"), "target": "1", "weight": 1.0})
    >>> local_concentration(place(small, walk)).tolist()
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
    return _means(taken, ["local_concentration"], "taken", key)["local_concentration"]


def pockets(
    placed: pd.DataFrame, *, points: float = 15.0, worst_percentile: int = 20
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
        In the unit of the values; 15 is half of the half range by which the index is scaled.

    Returns
    -------
    pandas.DataFrame
        ``area`` (the larger), ``small``, ``period``, ``value``, ``mean``, ``gap`` (negative),
        ``population``, ``percentile``, ``hidden``; the deepest first in each period.

    Examples
    --------
    >>> small = pd.DataFrame({"area": list("abcde"), "period": "2025", "population": 100.0,
    ...                       "value": [70.0, 104, 105, 106, 107]})
    >>> walk = pd.DataFrame({"source": list("abcde"), "target": "1", "weight": 1.0})
    >>> pockets(place(small, walk))[["small", "gap", "hidden"]].values.tolist()
    [['a', -28.400000000000006, True]]
    """
    key = ["parent", "period"]
    known = placed[placed["value"].notna()]
    mean = _means(known, ["value"], "population", key)["value"].rename("mean")
    worst = known["percentile"] <= worst_percentile
    limit = known[worst].groupby("period")["value"].max()
    main = known.sort_values(
        ["period", "area", "weight", "parent"], ascending=[True, True, False, True]
    )
    main = main.drop_duplicates(["period", "area"]).join(mean, on=key)
    main["gap"] = main["value"] - main["mean"]
    main["hidden"] = main["mean"] > main["period"].map(limit)
    found = main[(main["gap"] <= -points) & (main["percentile"] <= worst_percentile)]
    found = found.rename(columns={"area": "small", "parent": "area"})
    columns = ["area", "small", "period", "value", "mean", "gap", "population", "percentile"]
    return found.sort_values(["period", "gap", "small"])[[*columns, "hidden"]].reset_index(
        drop=True
    )


def variance_parts(placed: pd.DataFrame) -> pd.DataFrame:
    """Part the residents' variance into what is between areas and what is inside them.

    ``Σ n(x − m)² = Σ n(m_area − m)² + Σ n(x − m_area)²``, each divided by Σ n.

    Returns
    -------
    pandas.DataFrame
        ``period, area, population, mean, between, within``: what each larger area adds to the
        city's variance. Their sum over the areas is the whole of it, exactly.

    Examples
    --------
    >>> small = pd.DataFrame({"area": list("ab"), "period": "2025", "population": 100.0,
    ...                       "value": [90.0, 110.0]})
    >>> walk = pd.DataFrame({"source": list("ab"), "target": "1", "weight": 1.0})
    >>> variance_parts(place(small, walk))[["between", "within"]].values.tolist()
    [[0.0, 100.0]]
    """
    key = ["period", "parent"]
    known = placed[placed["value"].notna() & (placed["population"] > 0)]
    people = known["population"]
    city = known["period"].map(_means(known, ["value"], "population", ["period"])["value"])
    mean = _means(known, ["value"], "population", key)["value"].rename("mean")
    own = known.join(mean, on=key)["mean"]
    share = people / people.groupby(known["period"]).transform("sum")
    parts = pd.DataFrame(
        {
            "population": people,
            "between": share * (own - city) ** 2,
            "within": share * (known["value"] - own) ** 2,
        }
    )
    made = parts.groupby([known[k] for k in key]).sum().join(mean)
    columns = ["period", "area", "population", "mean", "between", "within"]
    return made.rename_axis(["period", "area"]).reset_index()[columns]


def inequality(placed: pd.DataFrame) -> pd.DataFrame:
    """Measure how unequal the small areas of the city are, and how much of it areas show.

    Returns
    -------
    pandas.DataFrame
        A row per period: ``variance`` = ``between`` + ``within``, ``between_share``; ``p10`` and
        ``p90`` of the residents, ``p90_p10`` (difference) and ``p90_p10_ratio`` (only where P10 is
        above zero; on a scale with a chosen zero, as the index, read the difference);
        ``population``, ``coverage``.

    Examples
    --------
    >>> small = pd.DataFrame({"area": list("abc"), "period": "2025", "population": 100.0,
    ...                       "value": [50.0, 75.0, 100.0]})
    >>> walk = pd.DataFrame({"source": list("abc"), "target": list("112"), "weight": 1.0})
    >>> inequality(place(small, walk))[["p10", "p90", "p90_p10_ratio"]].values.tolist()
    [[50.0, 100.0, 2.0]]
    """
    parts = variance_parts(placed).groupby("period")[["between", "within"]].sum()
    made = parts.assign(variance=parts["between"] + parts["within"])
    made["between_share"] = made["between"] / made["variance"].where(made["variance"] > 0)
    known = placed[placed["value"].notna()]
    for name, share in (("p10", 0.1), ("p90", 0.9)):
        made[name] = quantile(known, share)
    made["p90_p10"] = made["p90"] - made["p10"]
    made["p90_p10_ratio"] = made["p90"] / made["p10"].where(made["p10"] > 0)
    made["population"] = placed.groupby("period")["population"].sum()
    made["coverage"] = known.groupby("period")["population"].sum() / made["population"]
    order = ["variance", "between", "within", "between_share", "p10", "p90", "p90_p10"]
    return made.reset_index()[["period", *order, "p90_p10_ratio", "population", "coverage"]]


def quantile(known: pd.DataFrame, share: float) -> pd.Series[float]:
    """Return the lowest value that at least `share` of the residents are at or below, by period.

    Examples
    --------
    >>> known = pd.DataFrame({"period": "2025", "value": [1.0, 2, 3], "population": [1.0, 8, 1]})
    >>> quantile(known, 0.5).tolist()
    [2.0]
    """
    ordered = known[known["population"] > 0].sort_values(["period", "value"])
    by_period = ordered.groupby("period")["population"]
    reached = by_period.cumsum() >= share * by_period.transform("sum") * (1 - _SLACK)
    return ordered[reached].groupby("period")["value"].first()


def segregation(counts: pd.DataFrame, *, by: Sequence[str] = ("period",)) -> pd.DataFrame:
    """Measure how unevenly a group lives over the areas.

    Dissimilarity ``D = ½ Σ |x/X − y/Y|`` with y the rest (Duncan and Duncan 1955, American
    Sociological Review 20, 210-217): the share of the group that would have to move. Isolation
    ``Σ x/X · x/n`` (Lieberson 1981): the group's share where its average member lives. Both depend
    on the number of areas: compare them over time on the same areas, not between cities.

    Parameters
    ----------
    counts
        A row per area and `by`: ``numerator`` (the group) and ``denominator`` (everyone).
    by
        What each figure is for.

    Returns
    -------
    pandas.DataFrame
        ``*by, dissimilarity, isolation, share`` (of the group in all), ``n_areas``; rows without
        counts are left out, and the figures are missing where there is no group or no rest.

    Examples
    --------
    >>> counts = pd.DataFrame({"period": "2025", "numerator": [100.0, 300, 50],
    ...                        "denominator": 1000.0})
    >>> segregation(counts)[["dissimilarity", "isolation"]].round(6).values.tolist()
    [[0.392157, 0.227778]]
    """
    key = list(by)
    known = counts[counts[["numerator", "denominator"]].notna().all(axis=1)]
    known = known[known["denominator"] > 0]
    group, rest = known["numerator"], known["denominator"] - known["numerator"]
    keys = [known[k] for k in key]
    totals = pd.DataFrame({"x": group, "y": rest}).groupby(keys).transform("sum")
    totals = totals.where(totals > 0)
    part = group / totals["x"]
    parts = pd.DataFrame(
        {
            "dissimilarity": (part - rest / totals["y"]).abs() / 2,
            "isolation": part * group / known["denominator"],
        }
    )
    made = parts.groupby(keys).sum(min_count=1)
    sums = known.groupby(key)[["numerator", "denominator"]].sum()
    made["share"] = sums["numerator"] / sums["denominator"]
    made["n_areas"] = known.groupby(key).size()
    return made.reset_index()


def slope_index(
    table: pd.DataFrame, *, outcome: str = "value", position: str = "value"
) -> pd.DataFrame:
    """Measure the slope of an outcome over the residents ranked from worst to best placed.

    Residents are ordered by `position`, areas get the midpoint of their part of the cumulative
    population (0 to 1), and the outcome is fitted to it by least squares weighted with population
    (Pamuk 1985, Population Studies 39, 17-31). The slope is the difference between the two ends.
    Areas of equal position share one midpoint, so that splitting an area changes nothing.

    Parameters
    ----------
    table
        ``period, population`` and the two columns; low positions are the worst placed.

    Returns
    -------
    pandas.DataFrame
        ``period, slope, mean, relative`` (slope / mean), ``n``; no slope from one position.

    Examples
    --------
    >>> table = pd.DataFrame({"period": "2025", "value": [60.0, 80.0], "population": 50.0})
    >>> slope_index(table)[["slope", "mean"]].values.tolist()
    [[40.0, 70.0]]
    """
    known = table[table[[outcome, position]].notna().all(axis=1) & (table["population"] > 0)]
    rows = []
    for period, of in known.groupby("period"):
        steps = of.groupby(position)["population"].sum()
        midpoint = of[position].map((steps.cumsum() - steps / 2) / steps.sum())
        weight = of["population"] / of["population"].sum()
        mean = float((weight * of[outcome]).sum())
        # The population-weighted mean of the midpoints is one half, whatever the areas.
        spread = float((weight * (midpoint - 0.5) ** 2).sum())
        shared = float((weight * (midpoint - 0.5) * (of[outcome] - mean)).sum())
        slope = shared / spread if len(steps) > 1 else float("nan")
        rows.append([period, slope, mean, slope / mean if mean else float("nan"), len(of)])
    return pd.DataFrame(rows, columns=["period", "slope", "mean", "relative", "n"])


def compare_levels(levels: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Say how the spread of one measure depends on the level it is made on.

    The modifiable areal unit problem, measured (Openshaw 1984, CATMOG 38): the mean of the city
    stays, and the larger the areas the smaller the differences between them.

    Parameters
    ----------
    levels
        Name of each level to a frame of ``area, period, value, population``.

    Returns
    -------
    pandas.DataFrame
        ``period, level, n, mean, sd`` (both weighted with population), ``lowest, highest, range``.

    Examples
    --------
    >>> deso = pd.DataFrame({"area": list("ab"), "period": "2025", "value": [90.0, 110.0],
    ...                      "population": 100.0})
    >>> compare_levels({"deso": deso})[["mean", "sd", "range"]].values.tolist()
    [[100.0, 10.0, 20.0]]
    """
    rows = []
    for level, table in levels.items():
        known = table[table["value"].notna() & (table["population"] > 0)]
        for period, of in known.groupby("period"):
            weight = of["population"] / of["population"].sum()
            mean = float((weight * of["value"]).sum())
            sd = float(np.sqrt((weight * (of["value"] - mean) ** 2).sum()))
            low, high = float(of["value"].min()), float(of["value"].max())
            rows.append([period, level, len(of), mean, sd, low, high, high - low])
    columns = ["period", "level", "n", "mean", "sd", "lowest", "highest", "range"]
    return pd.DataFrame(rows, columns=columns)


def compare_pair(
    small: pd.DataFrame, large: pd.DataFrame, walk: pd.DataFrame, *, limits: Sequence[float]
) -> pd.DataFrame:
    """Say how the picture of a place changes with the level it is seen on.

    Each small area is held against the larger area where most of it lives.

    Parameters
    ----------
    small, large
        ``area, period, value`` of the same measure, `small` with ``population``.
    walk
        A crosswalk's table from the small areas to the larger ones.
    limits
        Ascending limits of the map's classes; a value on a limit belongs above it.

    Returns
    -------
    pandas.DataFrame
        ``period, n, rank_correlation`` (Spearman's, of the small areas' own values with their
        larger areas'), ``class_changed`` (share of small areas in another class than their
        larger area) and ``class_changed_population`` (share of residents).

    Examples
    --------
    >>> small = pd.DataFrame({"area": list("abc"), "period": "2025", "value": [80.0, 99, 102],
    ...                       "population": 100.0})
    >>> large = pd.DataFrame({"area": list("12"), "period": "2025", "value": [89.5, 102.0]})
    >>> walk = pd.DataFrame({"source": list("abc"), "target": list("112"), "weight": 1.0})
    >>> compare_pair(small, large, walk, limits=[95])["class_changed"].round(3).tolist()
    [0.333]
    """
    main = walk.sort_values(["source", "weight", "target"], ascending=[True, False, True])
    main = main.drop_duplicates("source")[["source", "target"]]
    pairs = small.merge(main, left_on="area", right_on="source").merge(
        large[["area", "period", "value"]],
        left_on=["target", "period"],
        right_on=["area", "period"],
        suffixes=("", "_large"),
    )
    known = pairs[pairs[["value", "value_large"]].notna().all(axis=1)]
    breaks = np.asarray(limits, dtype=float)
    classes = [np.searchsorted(breaks, known[c], side="right") for c in ("value", "value_large")]
    known = known.assign(changed=(classes[0] != classes[1]).astype(float), each=1.0)
    made = pd.DataFrame({"n": known.groupby("period").size()})
    made["rank_correlation"] = [_spearman(of) for _, of in known.groupby("period")]
    for name, weight in (("class_changed", "each"), ("class_changed_population", "population")):
        made[name] = _means(known, ["changed"], weight, ["period"])["changed"]
    return made.reset_index()


def _spearman(pairs: pd.DataFrame) -> float:
    own, large = pairs["value"].rank(), pairs["value_large"].rank()
    # Without spread on one side a correlation is not defined.
    return float(own.corr(large)) if min(own.nunique(), large.nunique()) > 1 else float("nan")


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
        A row per small area and `by`: ``numerator``, ``denominator``.

    Returns
    -------
    pandas.DataFrame
        The rows with ``value`` (own share), ``shrunk`` (both per cent), ``own_weight`` (w),
        ``centre`` (M), ``spread`` (t²) and ``purpose``, always ``small-area-map``. Areas without
        counts keep missing values: nothing is invented for them.

    Examples
    --------
    >>> counts = pd.DataFrame({"period": "2025", "indicator": "E1",
    ...     "numerator": [12.0, 40, 5, 60], "denominator": [150.0, 400, 35, 700]})
    >>> shrink(counts)["shrunk"].round(3).tolist()
    [8.619, 9.919, 11.128, 8.694]
    """
    hit, base = counts["numerator"], counts["denominator"].where(counts["denominator"] > 0)
    hit = hit.where(base.notna())
    keys = [counts[k] for k in by]
    every = pd.DataFrame({"hit": hit, "base": base.where(hit.notna())}).groupby(keys)
    total, base = every.transform("sum"), base.where(hit.notna())
    own, centre = _logit(hit, base), _logit(total["hit"], total["base"])
    noise = (base + 1) * (base + 2) / (base * (hit + 1) * (base - hit + 1))
    squares = ((own - centre) ** 2).groupby(keys)
    spread = squares.transform("sum") / (squares.transform("count") - 1)
    # One area alone has no spread to learn from, and stays what it is.
    weight = (spread / (noise + spread)).where(spread.notna() & np.isfinite(spread), 1.0)
    drawn = weight * own + (1 - weight) * centre
    return counts.assign(
        value=hit / base * 100,
        shrunk=100 / (1 + np.exp(-drawn)),
        own_weight=weight.where(own.notna()),
        centre=centre,
        spread=spread,
        purpose="small-area-map",
    )


def _logit(hit: pd.Series[float], base: pd.Series[float]) -> pd.Series[float]:
    return pd.Series(np.log((hit + 0.5) / (base - hit + 0.5)), index=hit.index)
