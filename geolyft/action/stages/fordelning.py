"""The allocation as a stage: what each area would get by every rule, and between which sums."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.needs.lowest import INDEX, ways_of
from geolyft.action.priorities.allocation import LEAST, MOST, RULES, allocate
from geolyft.findings.stages.stage import Stage
from geolyft.frames import CHILDREN, EVERYONE, POPULATION

if TYPE_CHECKING:
    from geolyft.action.known import Known
    from geolyft.action.settings import AllocationSettings
    from geolyft.indicators.lens import Lens


def _compute(known: Known, settings: AllocationSettings) -> pd.DataFrame:
    weights = weights_of(known, settings)
    parts = allocate(settings.sum, weights).reindex(columns=[*RULES, LEAST, MOST]).astype("Int64")
    left_out = parts[LEAST].isna()
    return parts.assign(
        period=known.period,
        enhet=settings.unit,
        invanare=weights["per_invanare"],
        barn=known.children,
        utsatta=weights["per_utsatt"],
        andel=exposed_of(known, settings.share)["andel"],
        bland_lagsta=weights["lagsta"].gt(0).astype("boolean").mask(weights["lagsta"].isna()),
        status=left_out.map({True: "missing", False: "ok"}),
    ).rename_axis("area").reset_index()  # fmt: skip


def per_lens(lens: Lens) -> tuple[str, str]:
    """Return the rules by which those of a lens weigh the areas, and the exposed of them.

    Examples
    --------
    >>> from geolyft.indicators.lens import CHILD_LENS
    >>> per_lens(CHILD_LENS)
    ('per_barn', 'per_utsatt_barn')
    """
    return f"per_{lens.name}", f"per_utsatt_{lens.name}"


def weights_of(
    known: Known, settings: AllocationSettings, *, lowest: pd.Series[float] | None = None
) -> pd.DataFrame:
    """Return what each rule weighs the areas by: a row per area, empty where there is no figure.

    Parameters
    ----------
    lowest
        1 for each area that may be among the lowest and 0 for others, by default as the draws say.
    """
    residents = known.residents(POPULATION)
    exposed = exposed_of(known, settings.share)
    weights = pd.DataFrame({"lika": 1.0, "per_invanare": residents}, index=residents.index)
    weights["per_utsatt"] = exposed["utsatta"]
    for lens in known.lenses:
        counts = known.residents(lens.column)
        of_all, of_exposed = per_lens(lens)
        weights[of_all], weights[of_exposed] = counts, counts * exposed["andel"] / 100
    children = known.residents(CHILDREN)
    heads = residents if children.isna().all() else children
    weights["lagsta"] = heads * (
        _may_be_lowest(known, settings.lowest) if lowest is None else lowest
    )
    return weights


def exposed_of(known: Known, code: str) -> pd.DataFrame:
    """Return by area the share on the bad side of an indicator, in per cent, and how many it is."""
    seen = known.observations
    seen = seen[(seen["indicator"] == code) & (seen["period"] == known.period)]
    seen = seen[seen["sex"] == EVERYONE].set_index("area").reindex(list(known.places.areas))
    is_high = known.catalogue[code].direction == "high"
    share = (100 - seen["value"] if is_high else seen["value"]).astype("float64")
    return pd.DataFrame({"andel": share, "utsatta": seen["denominator"] * share / 100})


def _may_be_lowest(known: Known, lowest: int) -> pd.Series[float]:
    """Return 1 for each area whose places begin among the lowest, and 0 for others."""
    ways = ways_of(known.tables, known.period)
    begins = ways[ways["what"] == INDEX].set_index("area")["plats_fran"]
    begins = begins.reindex(list(known.places.areas)).astype("Float64")
    return (begins <= lowest).astype("Float64").astype("float64")


STAGE: Final = Stage("fordelning", _compute, setting="allocation", folder=files(__package__))
