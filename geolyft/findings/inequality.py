"""How unequal a city is: within and between its areas, by group, by rank and by level of map.

Takes the small areas that `geolyft.findings.inside.place` returns, or plain tables of areas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.findings.inside import weighted_means

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SLACK: Final = 1e-12


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
    >>> from geolyft.findings.inside import place
    >>> small = pd.DataFrame({"area": list("ab"), "period": "2025", "population": 100.0,
    ...                       "value": [90.0, 110.0]})
    >>> crosswalk = pd.DataFrame({"source": list("ab"), "target": "1", "weight": 1.0})
    >>> variance_parts(place(small, crosswalk))[["between", "within"]].values.tolist()
    [[0.0, 100.0]]
    """
    key = ["period", "parent"]
    known = placed[placed["value"].notna() & (placed["population"] > 0)]
    people = known["population"]
    city = known["period"].map(weighted_means(known, ["value"], "population", ["period"])["value"])
    mean = weighted_means(known, ["value"], "population", key)["value"].rename("mean")
    mean_here = known.join(mean, on=key)["mean"]
    share = people / people.groupby(known["period"]).transform("sum")
    parts = pd.DataFrame(
        {
            "population": people,
            "between": share * (mean_here - city) ** 2,
            "within": share * (known["value"] - mean_here) ** 2,
        }
    )
    variances = parts.groupby([known[k] for k in key]).sum().join(mean)
    columns = ["period", "area", "population", "mean", "between", "within"]
    return variances.rename_axis(["period", "area"]).reset_index()[columns]


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
    >>> from geolyft.findings.inside import place
    >>> small = pd.DataFrame({"area": list("abc"), "period": "2025", "population": 100.0,
    ...                       "value": [50.0, 75.0, 100.0]})
    >>> crosswalk = pd.DataFrame({"source": list("abc"), "target": list("112"), "weight": 1.0})
    >>> inequality(place(small, crosswalk))[["p10", "p90", "p90_p10_ratio"]].values.tolist()
    [[50.0, 100.0, 2.0]]
    """
    parts = variance_parts(placed).groupby("period")[["between", "within"]].sum()
    measures = parts.assign(variance=parts["between"] + parts["within"])
    known = placed[placed["value"].notna()]
    # Where all values are one, what is left of a variance is the rounding of their mean.
    largest = known["value"].abs().groupby(known["period"]).max()
    differs = measures["variance"] > (_SLACK * largest) ** 2
    measures["between_share"] = measures["between"] / measures["variance"].where(differs)
    for name, share in (("p10", 0.1), ("p90", 0.9)):
        measures[name] = quantile(known, share)
    measures["p90_p10"] = measures["p90"] - measures["p10"]
    measures["p90_p10_ratio"] = measures["p90"] / measures["p10"].where(measures["p10"] > 0)
    measures["population"] = placed.groupby("period")["population"].sum()
    measures["coverage"] = known.groupby("period")["population"].sum() / measures["population"]
    order = ["variance", "between", "within", "between_share", "p10", "p90", "p90_p10"]
    return measures.reset_index()[["period", *order, "p90_p10_ratio", "population", "coverage"]]


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
    shares = parts.groupby(keys).sum(min_count=1)
    sums = known.groupby(key)[["numerator", "denominator"]].sum()
    shares["share"] = sums["numerator"] / sums["denominator"]
    shares["n_areas"] = known.groupby(key).size()
    return shares.reset_index()


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
    small: pd.DataFrame, large: pd.DataFrame, crosswalk: pd.DataFrame, *, limits: Sequence[float]
) -> pd.DataFrame:
    """Say how the picture of a place changes with the level it is seen on.

    Each small area is held against the larger area where most of it lives.

    Parameters
    ----------
    small, large
        ``area, period, value`` of the same measure, `small` with ``population``.
    crosswalk
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
    >>> crosswalk = pd.DataFrame({"source": list("abc"), "target": list("112"), "weight": 1.0})
    >>> compare_pair(small, large, crosswalk, limits=[95])["class_changed"].round(3).tolist()
    [0.333]
    """
    main = crosswalk.sort_values(["source", "weight", "target"], ascending=[True, False, True])
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
    agreement = pd.DataFrame({"n": known.groupby("period").size()})
    agreement["rank_correlation"] = [_spearman(of) for _, of in known.groupby("period")]
    for name, weight in (("class_changed", "each"), ("class_changed_population", "population")):
        agreement[name] = weighted_means(known, ["changed"], weight, ["period"])["changed"]
    return agreement.reset_index()


def _spearman(pairs: pd.DataFrame) -> float:
    small, large = pairs["value"].rank(), pairs["value_large"].rank()
    # Without spread on one side a correlation is not defined.
    return float(small.corr(large)) if min(small.nunique(), large.nunique()) > 1 else float("nan")
