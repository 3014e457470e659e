"""Why an area stands where it does, and why it moved: exact parts of a level and of a change.

The index is a weighted sum of linear scores, so that level and change part exactly: the parts of
the indicators add up to the dimension and the index, those of the area and the city to the change
in their distance. Rates part by Kitagawa's two components.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.errors import IndexComputationError, brief
from geolyft.frames import CITY
from geolyft.indicators.aggregate import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.indicators.catalogue import Catalogue

_SAME_WEIGHT: Final = 1e-9
_Z95: Final = 1.959963984540054
_AREA: Final = ["area", "sex"]


def explain_change(
    weighed: pd.DataFrame, catalogue: Catalogue, *, before: str, after: str
) -> pd.DataFrame:
    """Part each area's change between two periods by indicator, and into its own and the city's.

    ``part = weight · (score after − score before)``; the parts of an area sum to the change of its
    index. ``city_part`` is the same for the city, and ``relative = part − city_part``: how much the
    area's distance to the city changed is what the area moved less what the city moved. The scores
    have to be on the same scales in both periods.

    Parameters
    ----------
    weighed
        What `geolyft.index.combine.weigh` returns, the city among the areas.
    catalogue
        Says the full weights. An index or dimension that lacks an indicator in either period is
        partial and has no parts: it is not compared over time.

    Returns
    -------
    pandas.DataFrame
        ``area, sex, dimension, indicator, before, after`` (scores), ``moved`` (their difference),
        ``city_moved``; ``part, city_part, relative`` in points of the index, and the same with
        ``dimension_`` before them in points of the dimension.

    Raises
    ------
    IndexComputationError
        ``explain-period`` when a period has no scores.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import Catalogue
    >>> one = {"code": "X", "name": "X", "dimension": "d", "numerator": "n", "denominator": "n",
    ...        "direction": "high"}
    >>> catalogue = Catalogue.model_validate({"index": {"code": "i", "name": "i"},
    ...     "dimension": [{"code": "d", "name": "d"}], "indicator": [one]})
    >>> weighed = pd.DataFrame({"area": ["1", "1", "city", "city"], "sex": "alla",
    ...     "period": ["a", "b"] * 2, "dimension": "d", "indicator": "X",
    ...     "score": [80.0, 90.0, 100.0, 104.0], "within": 1.0, "weight": 1.0})
    >>> effects = explain_change(weighed, catalogue, before="a", after="b")
    >>> effects[["area", "part", "city_part", "relative"]].values.tolist()
    [['1', 10.0, 4.0, 6.0], ['city', 4.0, 4.0, 0.0]]
    """
    pair = _pair(weighed, before, after)
    full = catalogue.weights()
    total = {d.code: sum(i.weight for i in catalogue.of(d.code)) for d in catalogue.dimensions}
    within = pd.Series({i.code: i.weight / total[i.dimension] for i in catalogue.indicators})
    city = pair[pair["area"] == CITY].set_index(["sex", "indicator"])["moved"]
    pair = pair.join(city.rename("city_moved"), on=["sex", "indicator"])
    of_dimension = [*_AREA, "dimension"]
    counts = {d.code: len(catalogue.of(d.code)) for d in catalogue.dimensions}
    whole = _whole(pair, "weight", full, _AREA, len(full))
    whole_dimension = _whole(pair, "within", within, of_dimension, pair["dimension"].map(counts))
    for prefix, weights, known in (("", full, whole), ("dimension_", within, whole_dimension)):
        weight = pair["indicator"].map(weights).where(known)
        pair[f"{prefix}part"] = weight * pair["moved"]
        pair[f"{prefix}city_part"] = weight * pair["city_moved"]
        pair[f"{prefix}relative"] = pair[f"{prefix}part"] - pair[f"{prefix}city_part"]
    columns = ["area", "sex", "dimension", "indicator", "before", "after", "moved", "city_moved"]
    parts = [f"{p}{c}" for p in ("", "dimension_") for c in ("part", "city_part", "relative")]
    return pair.sort_values([*_AREA, "indicator"])[[*columns, *parts]].reset_index(drop=True)


def _pair(weighed: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    """Put the scores of two periods side by side."""
    for period in (before, after):
        if not (weighed["period"] == period).any():
            known = ", ".join(sorted(weighed["period"].unique()))
            what = f"there are no scores for the period {brief(period)}"
            remedy = f"choose among {known}" if known else "score the period first"
            raise IndexComputationError("explain-period", what, remedy=remedy)
    key = [*_AREA, "dimension", "indicator"]
    first, second = (
        weighed[weighed["period"] == period][[*key, "score", "within", "weight"]]
        for period in (before, after)
    )
    pair = first.merge(second, on=key, suffixes=("_before", "_after"))
    pair = pair.rename(columns={"score_before": "before", "score_after": "after"})
    return pair.assign(moved=pair["after"] - pair["before"])


def _whole(
    pair: pd.DataFrame,
    weight: str,
    full: pd.Series[float],
    key: Sequence[str],
    expected: int | pd.Series[int],
) -> pd.Series[bool]:
    """Say whether a row's index (or dimension) had all of its indicators in both periods."""
    due = pair["indicator"].map(full)
    same = pd.Series(True, index=pair.index)
    for side in ("before", "after"):
        same &= (pair[f"{weight}_{side}"] - due).abs() < _SAME_WEIGHT
    present = same.groupby([pair[k] for k in key]).transform("sum")
    return present == expected


def change_of_index(explained: pd.DataFrame) -> pd.DataFrame:
    """Sum the parts of a change to the whole, and say who moved.

    Returns
    -------
    pandas.DataFrame
        ``area, sex, moved`` (the area's own change), ``city_moved`` and ``relative`` (change of the
        distance to the city, their difference); no row where the index is not comparable.
    """
    sums = explained.groupby(_AREA)[["part", "city_part", "relative"]].sum(min_count=1)
    return sums.dropna().rename(columns={"part": "moved", "city_part": "city_moved"}).reset_index()


def kitagawa(
    first: pd.DataFrame, second: pd.DataFrame, *, stratum: str, key: Sequence[str]
) -> pd.DataFrame:
    """Part the difference between two rates into rate and composition.

    ``Σ (c₂+c₁)/2 · (r₂−r₁) + Σ (r₂+r₁)/2 · (c₂−c₁)``, with r the rate in a stratum and c its part
    of the base (Kitagawa 1955, Journal of the American Statistical Association 50, 1168-1194). The
    sum is the difference exactly. A stratum nobody is in on one side has the other side's rate: its
    whole effect is one of composition.

    Parameters
    ----------
    first, second
        Counts per `key` and `stratum`: ``numerator``, ``denominator``. The first may lack columns
        of `key` and is then held against every row of the second: the city against each area, say.
    stratum
        The column of age bands or other strata.
    key
        What the second has rates for.

    Returns
    -------
    pandas.DataFrame
        ``*key, stratum, rate_first, rate_second`` (per cent), ``share_first, share_second`` (of the
        base), ``rate_effect, composition_effect`` in percentage points. Sum them over the strata
        with :func:`kitagawa_total`; one stratum's composition effect has no meaning of its own.

    Examples
    --------
    >>> old = pd.DataFrame({"age": ["20-39", "40-64"], "numerator": [30.0, 80.0],
    ...                     "denominator": [50.0, 100.0]})
    >>> new = old.assign(area="1", denominator=[100.0, 100.0], numerator=[60.0, 80.0])
    >>> effects = kitagawa_total(kitagawa(old, new, stratum="age", key=["area"]), key=["area"])
    >>> effects[["rate_effect", "composition_effect"]].round(3).values.tolist()
    [[0.0, -3.333]]
    """
    key, shared = list(key), [column for column in key if column in first]
    before = _summed(first, [*shared, stratum])
    after = _summed(second, [*key, stratum])
    cases = after[key].drop_duplicates()
    if shared:
        before = cases.merge(before, on=shared)
        after = after.merge(before[key].drop_duplicates(), on=key)
    else:
        before = cases.merge(before, how="cross")
    both = before.merge(
        after, on=[*key, stratum], how="outer", suffixes=("_first", "_second"), indicator="side"
    )
    for side, absent in (("first", "right_only"), ("second", "left_only")):
        # No row: nobody is in the stratum. A row with a missing count stays missing.
        columns = [f"{count}_{side}" for count in _COUNTS]
        both[columns] = both[columns].mask(both["side"] == absent, 0.0)
    return _effects(both, key)[[*key, stratum, *_RATES, *_EFFECTS]]


_COUNTS: Final = ["numerator", "denominator"]
_RATES: Final = ["rate_first", "rate_second", "share_first", "share_second"]
_EFFECTS: Final = ["rate_effect", "composition_effect"]


def _summed(table: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return table.groupby(key)[_COUNTS].sum(skipna=False).reset_index()


def _effects(both: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    for side in ("first", "second"):
        base = both[f"denominator_{side}"]
        # One missing stratum leaves the whole unknown: no total is made of the rest.
        total = base.groupby([both[k] for k in key]).transform("sum", skipna=False)
        both[f"share_{side}"] = base / total.where(total > 0)
        both[f"rate_{side}"] = both[f"numerator_{side}"] / base.where(base > 0) * 100
    for side, other in (("first", "second"), ("second", "first")):
        nobody = (both[f"denominator_{side}"] == 0) & (both[f"denominator_{other}"] != 0)
        both[f"rate_{side}"] = both[f"rate_{side}"].mask(nobody, both[f"rate_{other}"])
    neither = (both["denominator_first"] == 0) & (both["denominator_second"] == 0)
    rates = both[["rate_first", "rate_second"]].mask(neither, 0.0)
    shares = both[["share_first", "share_second"]]
    turn = rates["rate_second"] - rates["rate_first"]
    shift = shares["share_second"] - shares["share_first"]
    return both.assign(
        rate_effect=shares.mean(axis=1, skipna=False) * turn,
        composition_effect=rates.mean(axis=1, skipna=False) * shift,
    )


def kitagawa_total(effects: pd.DataFrame, *, key: Sequence[str]) -> pd.DataFrame:
    """Sum Kitagawa's effects over the strata.

    Returns
    -------
    pandas.DataFrame
        ``*key, rate_first, rate_second, difference, rate_effect, composition_effect``: the crude
        rates, and two effects that sum to their difference. Missing where a stratum is.
    """
    table = effects.copy()
    for side in ("first", "second"):
        empty = table[f"share_{side}"] == 0
        part = table[f"rate_{side}"] * table[f"share_{side}"]
        table[f"rate_{side}"] = part.mask(empty, 0.0)
    columns = ["rate_first", "rate_second", *_EFFECTS]
    totals = table.groupby(list(key))[columns].sum(skipna=False)
    totals.insert(2, "difference", totals["rate_second"] - totals["rate_first"])
    return totals.reset_index()


def age_standardised(
    counts: pd.DataFrame,
    standard: pd.DataFrame,
    *,
    stratum: str,
    key: Sequence[str],
    events: bool = False,
) -> pd.DataFrame:
    """Return directly standardised shares: what they were with the standard's ages.

    ``Σ c·r``, with r the share in a band and c the band's part of the standard's base. The interval
    is Dobson's (Dobson et al. 1991, Statistics in Medicine 10, 457-462): that of the crude share,
    moved to the standardised one and made as much wider as its standard error is,
    ``s + √(V(s) / V(crude)) · (bound - crude)``. Of persons who have something or not the bound is
    Wilson's and a band's variance ``r(1 - r)/n``. Of `events`, which can befall a person twice, it
    is Byar's and ``r/n``, as in Public Health England's directly standardised rates.

    Parameters
    ----------
    counts
        Per `key` and `stratum`: ``numerator``, ``denominator``.
    standard
        ``denominator`` per `stratum`, and per those columns of `key` that it has.

    Returns
    -------
    pandas.DataFrame
        ``*key, standardised, standardised_low, standardised_high``, per cent (events per 100
        persons). Missing where a band of the standard has no figure or nobody: no band is left out.

    Examples
    --------
    >>> city = pd.DataFrame({"age": ["20-39", "40-64"], "denominator": [500.0, 500.0]})
    >>> area = pd.DataFrame({"area": "1", "age": ["20-39", "40-64"], "numerator": [90.0, 10.0],
    ...                      "denominator": [180.0, 20.0]})
    >>> made = age_standardised(area, city, stratum="age", key=["area"])
    >>> made.iloc[0, 1:].astype(float).round(1).tolist()
    [50.0, 38.6, 61.4]
    """
    key, shared = list(key), [column for column in key if column in standard]
    bands = standard[[*shared, stratum, "denominator"]].rename(columns={"denominator": "base"})
    # A band nobody of the standard is in has no part of it, whatever its share.
    bands = bands[bands["base"] != 0]
    mine = _summed(counts, [*key, stratum])
    cases = mine[key].drop_duplicates()
    of = cases.merge(bands, on=shared) if shared else cases.merge(bands, how="cross")
    of = of.merge(mine, on=[*key, stratum], how="left")
    part = of["base"] / of.groupby(key)["base"].transform("sum", skipna=False)
    share = of["numerator"] / of["denominator"].where(of["denominator"] > 0)
    chance = share if events else share * (1 - share).clip(lower=0)
    of["standardised"] = part * share
    of["variance"] = part**2 * chance / of["denominator"]
    sums = of.groupby(key)[["standardised", "variance", *_COUNTS]].sum(skipna=False)
    hit, base = sums["numerator"], sums["denominator"]
    crude = hit / base
    low, high = byar(hit, base) if events else wilson(hit, base)
    wider = (sums["variance"] / ((crude if events else crude * (1 - crude)) / base)) ** 0.5
    # Without an event, or with nobody else, there is no variance to compare.
    wider = wider.where(np.isfinite(wider), 1.0).where(sums["standardised"].notna())
    made = sums["standardised"]
    bounds = {
        "standardised": made,
        "standardised_low": (made + wider * (low - crude)).clip(lower=0),
        "standardised_high": made + wider * (high - crude),
    }
    table = pd.DataFrame(bounds) * 100
    return (table if events else table.clip(upper=100)).reset_index()


def byar(
    events: pd.Series[float], base: pd.Series[float]
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return Byar's 95 % interval of a rate of events, per person.

    Breslow and Day 1987, Statistical Methods in Cancer Research II, 69.

    Examples
    --------
    >>> low, high = byar(pd.Series([10.0]), pd.Series([1.0]))
    >>> round(float(low[0]), 2), round(float(high[0]), 2)
    (4.79, 18.39)
    """
    more = events + 1
    known = events.where(events > 0)
    low = events * (1 - 1 / (9 * known) - _Z95 / (3 * known**0.5)) ** 3
    high = more * (1 - 1 / (9 * more) + _Z95 / (3 * more**0.5)) ** 3
    return low.mask(events == 0, 0.0) / base, high / base
