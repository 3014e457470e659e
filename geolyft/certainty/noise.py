"""How sure a share is: chance, a sample's design, noise and rounding in one effective size.

Every share has an *effective size*: how many persons asked at random would leave it as unsure as
it is. Chance alone gives the base itself; a sample's design, added noise, rounding and estimated
bases make it smaller. One number per share then gives the interval, the standard error and the
draws (`geolyft.certainty.draws`), so that they cannot disagree:

``size = n · v / (v + extra)``, with ``v = p(1 - p) / n`` (at Agresti and Coull's p, which is never
0 or 1) and ``extra`` the sum of the other variances. The interval is Wilson's with this size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, Self, TypeVar

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from geolyft.certainty.errors.splits import Splits, base_spread, split_variance
from geolyft.errors import ConfigError
from geolyft.form import Form
from geolyft.frames import CITY, has_status, reference_of
from geolyft.indicators.aggregate import wilson

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from geolyft.frames import Floats

Measures = TypeVar("Measures", "pd.Series[float]", "Floats")
PARTS_COLUMNS: Final = ["source", "area", "cells"]
_Z95: Final = 1.959963984540054
_SURE: Final = 4.0
ASSUMED_REACH: Final = 3.0
"""Persons by which a part may exceed its total in a small area where a publisher has protected both
and nobody says how large the noise is: cell keys move a count by a whole number or two."""
_UNIFORM: Final = 12.0
"""A uniform error over one unit has the variance 1/12."""


class Noise(Form):
    """What makes figures less sure than chance alone. Several may apply; their variances add.

    Parameters
    ----------
    source, indicators, since
        Which figures: of this source (``*``: all), these indicators (none: all), reference years
        from this one (empty: all).
    design_effect, fraction
        Of a sample: Kish's design effect, and the part of the base that answered where the counts
        are weighted up to the population. ``n = denominator · fraction / design_effect``.
    cell_sd
        Standard deviation of the noise (or of the publisher's rounding: unit/√12) in each
        published cell. An area that sums k small areas carries √k times as much. SCB says that
        its noise is a small whole number and not how large. ``"estimate"``: a run takes it from
        totals and the sums of their parts, see `estimated_sd`.
    numerator_cells, denominator_cells, nested
        How many cells of each small area are summed into each count, and whether the
        numerator's are among the denominator's, so that they err together.
    count_base
        The multiple to which an area's own counts are rounded, such as ``Protection.base``.
    share_unit, base_change
        Of figures marked ``approximate``: the unit a small area's share is rounded to, in per
        cent, and by how much (relative standard deviation) its base differs from the right
        year's: ``base_change² · Σ (b (s - S) / B)²`` over the small areas of an area (`spread` of
        `geolyft.certainty.errors.splits.Splits`). Where these are not known they can at most vary
        by p(1 - p) around it (Bhatia and Davis 2000), which gives ``base_change² · p(1 - p) / k``.

    Examples
    --------
    >>> Noise(source="SCB", since="2025", cell_sd=1.4).cell_sd
    1.4
    """

    source: str = "*"
    indicators: tuple[str, ...] = ()
    since: str = ""
    design_effect: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 1
    fraction: Annotated[float, Field(gt=0, le=1)] = 1
    cell_sd: Annotated[float, Field(ge=0, allow_inf_nan=False)] | Literal["estimate"] = 0
    numerator_cells: Annotated[int, Field(ge=0)] = 1
    denominator_cells: Annotated[int, Field(ge=0)] = 1
    nested: bool = False
    count_base: Annotated[int, Field(ge=0)] = 0
    share_unit: Annotated[float, Field(ge=0, le=100)] = 0
    base_change: Annotated[float, Field(ge=0, le=1)] = 0

    @model_validator(mode="after")
    def _fits_inside(self) -> Self:
        if self.nested and self.numerator_cells > self.denominator_cells:
            raise ValueError("nested: the numerator cannot have more cells than the denominator")
        return self

    @property
    def known_sd(self) -> float:
        """The noise of one cell as a number.

        Raises
        ------
        ConfigError
            ``run-noise`` when it is still to be estimated.
        """
        if self.cell_sd == "estimate":
            what = 'cell_sd is "estimate", and nothing here has parts and totals to estimate from'
            raise ConfigError("run-noise", what, remedy="give a number, or use it in a run")
        return self.cell_sd

    def concerns(
        self, source: pd.Series[str], indicator: pd.Series[str], reference: pd.Series[str]
    ) -> pd.Series[bool]:
        """Say for each row whether this noise is in it."""
        mine = reference >= self.since
        if self.source != "*":
            mine &= source == self.source
        if self.indicators:
            mine &= indicator.isin(self.indicators)
        return mine


DEFAULT_NOISE: Final = (Noise(share_unit=1, base_change=0.02),)
"""The stated rule where nothing else is said: approximate figures rest on shares in whole per
cents and on bases that are 2 per cent off. ``approximate`` does not say why, so that figures from
split small areas are widened by the same rule, beside what the split itself does. Give your own
list to replace it."""


def share_variance(
    numerator: Measures,
    denominator: Measures,
    *,
    numerator_variance: Measures | float,
    denominator_variance: Measures | float,
    covariance: Measures | float = 0.0,
) -> Measures:
    """Carry errors of two counts to their share (of 1) by the delta method.

    ``(V(N) - 2p·C(N, D) + p²·V(D)) / D²``.

    Examples
    --------
    >>> n, d = pd.Series([50.0]), pd.Series([100.0])
    >>> share_variance(n, d, numerator_variance=4.0, denominator_variance=4.0).tolist()
    [0.0005]
    """
    share = numerator / denominator
    spread = numerator_variance - 2 * share * covariance + share**2 * denominator_variance
    return spread / denominator**2


def effective_size(
    observations: pd.DataFrame,
    noise: Sequence[Noise] = DEFAULT_NOISE,
    parts: pd.DataFrame | None = None,
    *,
    splits: Splits | None = None,
    shared: bool = True,
) -> pd.Series[float]:
    """Return how many persons asked at random would leave each share as unsure as it is.

    Parameters
    ----------
    noise
        What is unsure beyond chance. An empty list leaves chance alone.
    parts
        ``PARTS_COLUMNS``: of how many small areas each source puts an area together (`cells`).
        Unknown areas count as one cell: too narrow with `cell_sd`, too wide with `share_unit` and
        `base_change`. The city has the cells of all areas.
    splits
        What split small areas do to each figure. Nothing to the city's: a split moves people only
        within it.
    shared
        Whether what a figure shares with others, the errors of splits, is in its own size too.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": ["1"], "period": "2025", "reference": "2025", "source": "s",
    ...                      "indicator": "D3", "numerator": 30.0, "denominator": 100.0,
    ...                      "status": "ok"})
    >>> effective_size(seen, [Noise(design_effect=1.25)]).tolist()
    [80.0]
    """
    facts = _made_of(observations, parts).assign(
        numerator=observations["numerator"],
        denominator=observations["denominator"],
        share=(observations["numerator"] / observations["denominator"]).clip(0, 1),
        spread=float("nan") if splits is None else base_spread(observations, splits),
        approximate=has_status(observations["status"], "approximate"),
    )
    columns = {str(name): facts[name].to_numpy() for name in facts}
    extra = pd.Series(0.0, index=observations.index)
    if splits is not None and shared:
        extra += split_variance(observations, splits)
    size = observations["denominator"].where(observations["denominator"] > 0).astype("float64")
    reference = reference_of(observations)
    for each in noise:
        mine = each.concerns(observations["source"], observations["indicator"], reference)
        rows = np.flatnonzero(mine)
        if len(rows):
            size.iloc[rows] = size.iloc[rows] * each.fraction / each.design_effect
            extra.iloc[rows] += _variance({k: of[rows] for k, of in columns.items()}, each)
    share = facts["share"]
    middle = (share * size + _Z95**2 / 2) / (size + _Z95**2)
    chance = middle * (1 - middle) / size
    return size * (chance / (chance + extra))


def reach(
    figures: pd.DataFrame,
    noise: Sequence[Noise] = (),
    cells: pd.Series[float] | float = 1.0,
    *,
    perturbed: Collection[str] = (),
) -> pd.Series[float]:
    """Return by how many persons a part may exceed its total through a publisher's noise alone.

    Four standard deviations of the declared `cell_sd` of both. Where a publisher has protected a
    source and nothing is declared, ``ASSUMED_REACH`` persons in each small area.

    Parameters
    ----------
    figures
        ``source, indicator, reference`` of each.
    cells
        Of how many small areas each is summed.
    perturbed
        Names of the sources of totals that their publisher has protected.

    Examples
    --------
    >>> figures = pd.DataFrame({"source": ["SCB"], "indicator": ["B3"], "reference": ["2025"]})
    >>> reach(figures, [Noise(cell_sd=2)], cells=2.0).round(9).tolist()
    [16.0]
    """
    variance = pd.Series(0.0, index=figures.index)
    for each in noise:
        mine = each.concerns(figures["source"], figures["indicator"], figures["reference"])
        both = each.known_sd**2 * (each.numerator_cells + each.denominator_cells)
        variance += mine.astype("float64") * both
    assumed = figures["source"].isin(list(perturbed)) & (variance == 0)
    far = (_SURE * variance**0.5).mask(assumed, ASSUMED_REACH)
    return far * pd.Series(cells, index=figures.index) ** 0.5


def reach_of(
    observations: pd.DataFrame,
    noise: Sequence[Noise],
    parts: pd.DataFrame | None,
    *,
    perturbed: Collection[str] = (),
) -> pd.Series[float]:
    """Return the `reach` of observations, of as many small areas as `parts` says."""
    figures = observations.assign(reference=reference_of(observations))
    return reach(figures, noise, _made_of(observations, parts)["cells"], perturbed=perturbed)


def estimated_sd(misses: Sequence[pd.Series[float]], cells: Sequence[int]) -> float:
    """Estimate a publisher's noise from what totals miss the sums of their parts by.

    A total and the k cells of its parts err independently: the variance of what it misses them by
    is ``(k + 1) sd²``.

    Parameters
    ----------
    misses
        For each table, the total less its parts in every area.
    cells
        For each table, of how many cells the parts are made.

    Examples
    --------
    >>> estimated_sd([pd.Series([3.0, -3.0, 3.0, -3.0])], [2])
    1.7320508075688772
    """
    squares = sum(float((miss**2).sum()) for miss in misses)
    errors = sum(len(miss) * (k + 1) for miss, k in zip(misses, cells, strict=True))
    return float((squares / errors) ** 0.5)


def _made_of(observations: pd.DataFrame, parts: pd.DataFrame | None) -> pd.DataFrame:
    """Return ``cells`` for every row, the city's from its areas'."""
    key = ["source", "area"]
    areas = observations.loc[observations["area"] != CITY, key].drop_duplicates()
    counted = pd.DataFrame(columns=PARTS_COLUMNS) if parts is None else parts[PARTS_COLUMNS]
    known = areas.merge(counted, on=key, how="left").astype({"cells": "float64"})
    known = known.fillna({"cells": 1.0})
    city = known.groupby("source", as_index=False)["cells"].sum().assign(area=CITY)
    whole = pd.concat([known, city], ignore_index=True)
    of_rows = observations[key].merge(whole, on=key, how="left").set_index(observations.index)
    return of_rows[["cells"]].fillna(1.0)


def _variance(facts: Mapping[str, Floats], noise: Noise) -> Floats:
    """Return what one kind of noise adds to the variance of each share (of 1)."""
    share, cells = facts["share"], facts["cells"]
    one = noise.known_sd**2 * cells
    rounding = noise.count_base**2 / _UNIFORM
    # As pandas does: a share of nobody is missing, and no reason to warn.
    with np.errstate(divide="ignore", invalid="ignore"):
        of_counts = share_variance(
            facts["numerator"],
            facts["denominator"],
            numerator_variance=one * noise.numerator_cells + rounding,
            denominator_variance=one * noise.denominator_cells + rounding,
            covariance=one * noise.numerator_cells * noise.nested,
        )
    unit = (noise.share_unit / 100) ** 2 / _UNIFORM / cells
    at_most = share * (1 - share) / cells
    between = np.where(np.isnan(facts["spread"]), at_most, facts["spread"] ** 2)
    estimated = unit + noise.base_change**2 * between
    both: Floats = of_counts + np.where(facts["approximate"], estimated, 0.0)
    return both


def intervals(
    observations: pd.DataFrame,
    noise: Sequence[Noise] = DEFAULT_NOISE,
    parts: pd.DataFrame | None = None,
    *,
    splits: Splits | None = None,
    shared: bool = True,
) -> pd.DataFrame:
    """Return ``low`` and ``high`` in per cent: Wilson's interval, made wider by the noise.

    Without noise they are the observations' own. See `effective_size` for what is given.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": ["1"], "period": "2025", "reference": "2025", "source": "s",
    ...                      "indicator": "E1", "numerator": 5.0, "denominator": 100.0,
    ...                      "status": "ok"})
    >>> intervals(seen, noise=[]).round(3).values.tolist()
    [[2.154, 11.175]]
    >>> intervals(seen, noise=[Noise(cell_sd=1.4)]).round(3).values.tolist()
    [[1.917, 12.413]]
    """
    size = effective_size(observations, noise, parts, splits=splits, shared=shared)
    share = (observations["numerator"] / observations["denominator"]).clip(0, 1)
    low, high = wilson(share * size, size)
    return pd.DataFrame({"low": low * 100, "high": high * 100})


def standard_errors(
    observations: pd.DataFrame,
    noise: Sequence[Noise] = DEFAULT_NOISE,
    parts: pd.DataFrame | None = None,
    *,
    splits: Splits | None = None,
) -> pd.Series[float]:
    """Return each share's standard error in percentage points.

    Half the width of `intervals` over 1.96, so that it is consistent with them and not 0 at a
    share of 0 or 100 per cent.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": ["1"], "period": "2025", "reference": "2025", "source": "s",
    ...                      "indicator": "E1", "numerator": 50.0, "denominator": 100.0,
    ...                      "status": "ok"})
    >>> standard_errors(seen, noise=[]).round(3).tolist()
    [4.907]
    """
    bounds = intervals(observations, noise, parts, splits=splits)
    return ((bounds["high"] - bounds["low"]) / (2 * _Z95)).rename("standard_error")


def chance_part(
    observations: pd.DataFrame, noise: Sequence[Noise], size: pd.Series[float]
) -> Floats:
    """Return which part of each share's variance is chance, 0 to 1; the rest is added noise.

    Parameters
    ----------
    size
        The figures' effective sizes with all of the noise.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": ["1"], "period": "2025", "reference": "2025", "source": "s",
    ...                      "indicator": "D3", "numerator": 50.0, "denominator": 100.0,
    ...                      "status": "ok"})
    >>> noise = [Noise(design_effect=2), Noise(cell_sd=4)]
    >>> chance_part(seen, noise, effective_size(seen, noise)).round(2).tolist()
    [0.71]
    """
    kept = {"source", "indicators", "since", "design_effect", "fraction"}
    designs = [Noise(**each.model_dump(include=kept)) for each in noise]
    part: Floats = np.asarray(size / effective_size(observations, designs), dtype=np.float64)
    return part
