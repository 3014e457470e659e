"""An index audited as an index: do its indicators measure one thing, and which of them carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from geolyft.frames import Floats
    from geolyft.indicators.catalogue import Catalogue

OUTLIER: Final = 3.0
"""Standard deviations from the mean beyond which an area is called an outlier. Of n areas none can
be further than (n - 1)/√n, which is 3.47 of 14 and below 3 of ten or fewer."""
_ENOUGH: Final = 3
_FEWEST: Final = 4
"""Areas that a correlation is told for, as in the report."""
_SAME: Final = 1e-9
_DECIMALS: Final = 9
"""So that the last digits, which depend on the machine, are in no table."""
_COLUMNS: Final = [
    "areas", "alpha", "first_component", "weight", "variance_share", "loading", "z_area", "z",
    "outlier",
]  # fmt: skip


def audit_index(weighed: pd.DataFrame, index: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Say how the indicators hang together in each period, and what each does to the index.

    All but the correlations is of the areas that have every indicator of which the period has any
    figure, so that it rests on the same areas; the city is none of them.

    Parameters
    ----------
    weighed, index
        What `geolyft.index.combine.weigh` and `combine` return.

    Returns
    -------
    pandas.DataFrame
        A row for each period and indicator with figures:

        - ``areas``: on how many areas it rests; all else is empty below three,
        - ``alpha``: Cronbach's, of the scores, and ``first_component``: the share (0 to 1) of the
          first principal component of their correlations; of the period, in each of its rows,
        - ``weight``: the mean weight in the index, and ``variance_share``:
          cov(weight · score, index) / var(index), which sum to 1; empty where the index is no
          weighted mean,
        - ``loading``: the correlation with the first component,
        - ``z_area``, ``z``: the area furthest from the mean, in standard deviations, and
          ``outlier``: whether that is beyond ``OUTLIER``,
        - ``r_CODE``: Pearson's correlation of the scores with each indicator of the catalogue,
          over the areas that have both; empty of fewer than four.

    Examples
    --------
    >>> from geolyft.index.combine import combine, weigh
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> scores = pd.DataFrame({"area": list("1234") * 2, "period": "2025", "sex": "alla",
    ...     "indicator": ["E1"] * 4 + ["E2"] * 4, "status": "ok",
    ...     "score": [80.0, 90, 110, 120, 80, 90, 120, 110]})
    >>> loose = {"minimum_indicators": 1, "minimum_dimensions": 1}
    >>> weighed = weigh(scores, load_catalogue(), **loose)
    >>> made = audit_index(weighed, combine(weighed, load_catalogue()), load_catalogue())
    >>> made[["indicator", "variance_share", "r_E1"]].round(2).values.tolist()
    [['E1', 0.5, 1.0], ['E2', 0.5, 0.9]]
    """
    everyone = weighed[(weighed["sex"] == EVERYONE) & (weighed["area"] != CITY)]
    everyone = everyone[everyone["score"].notna()]
    of_index = index[index["sex"] == EVERYONE].set_index(["period", "area"])["index"]
    tables = []
    for period, mine in everyone.groupby("period"):
        known = [code for code in catalogue.codes if code in set(mine["indicator"])]
        wide = mine.pivot(index="area", columns="indicator", values="score")[known]
        weights = mine.pivot(index="area", columns="indicator", values="weight")[known]
        scores = wide.dropna()
        weights = weights.loc[scores.index].astype("float64")
        mean = of_index.xs(period).reindex(scores.index).to_numpy(dtype="float64")
        table = _audit(scores, weights.to_numpy(), mean)
        r = wide.corr(min_periods=_FEWEST).reindex(index=known).add_prefix("r_")
        tables.append(table.join(r, on="indicator").assign(period=period))
    columns = ["period", "indicator", *_COLUMNS, *(f"r_{code}" for code in catalogue.codes)]
    empty = pd.DataFrame(columns=columns)
    table = pd.concat(tables, ignore_index=True) if tables else empty
    return table.reindex(columns=columns).round(_DECIMALS)


def _audit(scores: pd.DataFrame, weights: Floats, index: Floats) -> pd.DataFrame:
    """Audit one period: a row of scores for each area, a column for each indicator."""
    table = pd.DataFrame({"indicator": scores.columns, "areas": len(scores)})
    if len(scores) < _ENOUGH:
        return table.assign(z_area="", outlier=pd.array([None] * len(table), dtype="boolean"))
    x = scores.to_numpy()
    spread = x.std(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (x - x.mean(axis=0)) / np.where(spread > 0, spread, np.nan)
    alike, loadings = _first_component(z.T @ z / (len(x) - 1))
    furthest = np.abs(np.nan_to_num(z)).argmax(axis=0)
    most = z[furthest, np.arange(z.shape[1])]
    return table.assign(
        alpha=_alpha(x),
        first_component=alike,
        weight=weights.mean(axis=0),
        variance_share=_variance_shares(x, weights, index),
        loading=loadings,
        z_area=np.where(np.isnan(most), "", scores.index.to_numpy()[furthest]),
        z=most,
        outlier=pd.array(np.abs(most) > OUTLIER, dtype="boolean"),
    )


def _alpha(x: Floats) -> float:
    """Return Cronbach's alpha; nothing of one indicator, or of a sum that does not vary."""
    k, whole = x.shape[1], float(x.sum(axis=1).var(ddof=1))
    if k < 2 or not whole > 0:  # noqa: PLR2004 - alpha is of several
        return float("nan")
    return float(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / whole))


def _first_component(r: Floats) -> tuple[float, Floats]:
    """Return the first component's share, and each indicator's correlation with it."""
    loadings = np.full(len(r), np.nan)
    varies = ~np.isnan(np.diag(r))
    if varies.sum() < 2:  # noqa: PLR2004 - one indicator is its own component
        return float("nan"), loadings
    values, vectors = np.linalg.eigh(r[np.ix_(varies, varies)])
    first = vectors[:, -1]
    # A component has no direction of its own; this one is that of most indicators. Two that go
    # against each other sum to nothing but rounding: then it is the first one's.
    towards = first.sum() if abs(first.sum()) > _SAME else first[np.abs(first) > _SAME][0]
    first = first if towards > 0 else -first
    loadings[varies] = first * np.sqrt(max(values[-1], 0.0))
    return float(values[-1] / values.sum()), loadings


def _variance_shares(x: Floats, weights: Floats, index: Floats) -> Floats:
    """Return each indicator's share of the index's variance."""
    parts = np.nan_to_num(weights) * (x - x.mean())
    whole = parts.sum(axis=1)
    # The published index is a straight line of this one, or it is another mean.
    if not (np.isfinite(index).all() and index.std() > 0 and whole.std() > 0):
        return np.full(x.shape[1], np.nan)
    if abs(np.corrcoef(whole, index)[0, 1] - 1) > _SAME:
        return np.full(x.shape[1], np.nan)
    centred = whole - whole.mean()
    shares: Floats = (parts - parts.mean(axis=0)).T @ centred / (centred @ centred)
    return shares
