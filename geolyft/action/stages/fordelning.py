"""The allocation as a stage: what each area would get by every rule, and between which sums."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.needs.lowest import INDEX, ways_of
from geolyft.action.priorities.allocation import RULES, allocate
from geolyft.findings.stages.stage import Stage
from geolyft.frames import EVERYONE

if TYPE_CHECKING:
    from geolyft.action.known import Known
    from geolyft.action.settings import AllocationSettings


def _compute(known: Known, settings: AllocationSettings) -> pd.DataFrame:
    weights = _weights(known, settings)
    parts = allocate(settings.sum, weights)
    left_out = parts["minst"].isna()
    return parts.assign(
        period=known.period,
        enhet=settings.unit,
        invanare=weights["per_invanare"],
        barn=weights["per_barn"],
        utsatta=weights["per_utsatt"],
        andel=_exposed(known, settings.share)["andel"],
        bland_lagsta=weights["lagsta"].gt(0).astype("boolean").mask(weights["lagsta"].isna()),
        status=left_out.map({True: "missing", False: "ok"}),
    ).rename_axis("area").reset_index()  # fmt: skip


def _weights(known: Known, settings: AllocationSettings) -> pd.DataFrame:
    """Return what each rule weighs the areas by; never a point of the index."""
    children, residents = known.children, known.residents("population")
    exposed = _exposed(known, settings.share)
    weights = pd.DataFrame(index=children.index, columns=[*RULES], dtype="float64")
    weights["lika"] = 1.0
    weights["per_invanare"] = residents
    weights["per_barn"] = children
    weights["per_utsatt"] = exposed["utsatta"]
    weights["per_utsatt_barn"] = children * exposed["andel"] / 100
    heads = residents if children.isna().all() else children
    weights["lagsta"] = heads * _may_be_lowest(known, settings.lowest)
    return weights


def _exposed(known: Known, code: str) -> pd.DataFrame:
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
