"""The figures that a plan is about: areas by the years they describe, before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.errors import ConfigError, brief
from geolyft.frames import CITY, EVERYONE, RESIDUAL, has_status, reference_of
from geolyft.read.values.dates import is_date, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.action.effects.plan import Plan
    from geolyft.frames import Floats
    from geolyft.indicators.catalogue import Catalogue

INDEX: Final = "index"
BEFORE, BETWEEN, AFTER = "före", "mellan", "efter"


@dataclass(frozen=True, kw_only=True)
class Published:
    """The published figures that effects are computed from.

    Parameters
    ----------
    observations, index
        Of the run's own areas; `index` has a column for the index and each dimension.
    small
        Observations of small areas, by what their level is called.
    lies_in
        By level, the area that each small area lies in.
    """

    observations: pd.DataFrame
    index: pd.DataFrame
    catalogue: Catalogue
    small: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    lies_in: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A plan's figures without a gap.

    Parameters
    ----------
    figures
        Index: areas, those of the plan first; those around small areas, where a plan is of all the
        small areas of several. Columns: years or other periods that the figures
        describe, oldest first.
    phases
        Of each column ``före``, ``mellan`` or ``efter``.
    chosen
        How many areas are the plan's.
    left_out
        Areas that lack a figure in one of the years, and are not compared.
    people
        How many the plan's areas hold of those that the latest figure is of; NaN of an index.
    statuses
        Those of the figures, each once.
    """

    figures: pd.DataFrame
    phases: list[str]
    chosen: int
    left_out: list[str]
    people: float
    statuses: list[str]

    def part(self, phase: str) -> Floats:
        """Return the figures of a phase: a row for each year, a column for each area."""
        columns = [n for n, each in enumerate(self.phases) if each == phase]
        part: Floats = self.figures.iloc[:, columns].to_numpy(dtype="float64").T
        return part


def panel_of(plan: Plan, published: Published) -> Panel:
    """Return the figures that a plan is about.

    A figure that was carried forward is that of an earlier year, and not one more. What an area
    lacks is not filled: an area of the plan without a figure takes the year away from all, another
    one is left out.

    Raises
    ------
    ConfigError
        ``effects-indicator``, ``effects-area``, ``effects-level`` or ``effects-units``.
    """
    rows = _rows_of(plan, published)
    areas = sorted(set(rows["area"]))
    if unknown := [code for code in plan.areas if code not in areas]:
        what = f"the plan {plan.id} names the area {brief(unknown[0])}, which has no figures"
        remedy = f"use codes of {plan.level or 'the areas of the run'}, such as {areas[0]}"
        raise ConfigError("effects-area", what, remedy=remedy)
    first = rows.drop_duplicates(["area", "reference"])
    wide = first.pivot(index="area", columns="reference", values="value")
    wide = wide.reindex(areas)
    own = list(plan.areas)
    seen = wide.loc[:, wide.loc[own].notna().all()]
    others = seen.drop(index=own)
    whole = others[others.notna().all(axis=1)]
    figures = pd.concat([seen.loc[own], whole])
    units = _units(plan, published, figures)
    last = first[first["area"].isin(own) & (first["reference"] == (figures.columns.max() or ""))]
    return Panel(
        figures=units,
        phases=[_phase(str(year), plan) for year in figures.columns],
        chosen=len(own) if units is figures else len(_around(plan, published)),
        left_out=sorted(set(others.index) - set(whole.index)) if len(seen.columns) else [],
        people=float(last["denominator"].sum(min_count=len(own))),
        statuses=sorted(first.loc[first["area"].isin(figures.index), "status"].unique()),
    )


def _phase(year: str, plan: Plan) -> str:
    first, last = span(year)
    if last < plan.first_day:
        return BEFORE
    return AFTER if first >= plan.first_day_after else BETWEEN


def _rows_of(plan: Plan, published: Published) -> pd.DataFrame:
    """Return ``area, reference, value, denominator, status``, oldest edition first."""
    is_combined = plan.indicator in {INDEX, *(d.code for d in published.catalogue.dimensions)}
    if not is_combined and plan.indicator not in published.catalogue.codes:
        known = ", ".join([INDEX, *published.catalogue.codes])
        what = f"the plan {plan.id} is about {brief(plan.indicator)}"
        raise ConfigError("effects-indicator", what, remedy=f"use one of {known}")
    of = _combined if is_combined and not plan.level else _observed
    rows = of(plan, published)
    is_figure = rows["value"].notna() & ~has_status(rows["status"], "stale")
    is_figure &= rows["reference"].map(is_date) & ~rows["area"].isin([CITY, RESIDUAL])
    return rows[is_figure].sort_values(["period", "area"], kind="stable")


def _combined(plan: Plan, published: Published) -> pd.DataFrame:
    index = published.index
    of_all = index[index["sex"] == EVERYONE] if "sex" in index else index
    rows = of_all[["area", "period", "status"]].assign(value=of_all[plan.indicator])
    # An index is of its edition, whatever years its parts describe; one carried part is no copy.
    status = rows["status"].str.replace("stale", "ok")
    return rows.assign(reference=rows["period"], denominator=float("nan"), status=status)


def _observed(plan: Plan, published: Published) -> pd.DataFrame:
    rows = published.observations
    if plan.level:
        rows = _of_small(plan, published)
    rows = rows[(rows["indicator"] == plan.indicator) & (rows["sex"] == EVERYONE)]
    columns = ["area", "period", "value", "denominator", "status"]
    return rows[columns].assign(reference=reference_of(rows))


def _of_small(plan: Plan, published: Published) -> pd.DataFrame:
    """Return the small areas of the one area that the plan's lie in, or those of all areas.

    What happens to an area happens to all of its small areas at once, so that those of several
    areas are no independent units.
    """
    if plan.level not in published.small or plan.indicator not in published.catalogue.codes:
        known = ", ".join(published.small) or "the run's own areas alone"
        what = f"the plan {plan.id} is about {plan.indicator} on the level {brief(plan.level)}"
        remedy = f"use an indicator, and a level that the run looks inside its areas with: {known}"
        raise ConfigError("effects-level", what, remedy=remedy)
    lies_in, rows = published.lies_in[plan.level], published.small[plan.level]
    around = _around(plan, published)
    if len(around) == 1:
        return rows[rows["area"].map(lies_in).isin(around)]
    rest = {code for code, area in lies_in.items() if area in around} - set(plan.areas)
    if rest:
        what = f"the plan {plan.id} is of some small areas of {len(around)} areas"
        what += f", and not of {len(rest)} others there"
        remedy = "make a plan for small areas inside one area, or of all small areas of several"
        raise ConfigError("effects-units", what, remedy=remedy)
    return rows


def _around(plan: Plan, published: Published) -> list[str]:
    """Return the areas that a plan's small areas lie in, in the plan's order."""
    lies_in = published.lies_in[plan.level]
    return list(dict.fromkeys(lies_in.get(code, "") for code in plan.areas))


def _units(plan: Plan, published: Published, figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures of what may be independent: whole areas where small ones lie in several."""
    if not plan.level or len(around := _around(plan, published)) == 1:
        return figures
    whole = figures.groupby(figures.index.map(published.lies_in[plan.level])).mean()
    return whole.reindex([*around, *whole.index.difference(around)])
