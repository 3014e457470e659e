"""The shortlists as a stage: which areas come first in the index, a dimension or an indicator."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.needs.lowest import ways_of
from geolyft.action.needs.matrix import THEME
from geolyft.action.priorities.shortlist import hangs_on, reasons, shortlist
from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    from geolyft.action.known import Known
    from geolyft.action.settings import EffortsSettings

_MATTERS: Final = pd.DataFrame(columns=["area", "input", "total", "error", "variance"])


def _compute(known: Known, settings: EffortsSettings) -> pd.DataFrame:
    rows = shortlist(ways_of(known.tables, known.period), limit=settings.limit)
    rows["skal"] = reasons(rows, known.catalogue, limit=settings.limit)
    rows["hanger_pa"] = hangs_on(rows, known.tables.get("kanslighet", _MATTERS))
    rows["barn"] = rows["area"].map(known.children)
    of_children = {each.code for each in known.catalogue.indicators if each.children}
    rows["malgrupp"] = ["barn" if what in of_children else "alla" for what in rows["what"]]
    cells = known.matrix.set_index(["area", THEME])[["lage", "insatser"]]
    rows = rows.join(cells, on=["area", "what"]).fillna({"lage": ""})
    rows["insatser"] = rows["insatser"].astype("Int64")
    return _in_order(rows.assign(period=known.period), known).rename(columns={"what": "vad"})


def _in_order(rows: pd.DataFrame, known: Known) -> pd.DataFrame:
    """Order by what the list is of, then by group, and the areas of a group by their code."""
    whats = ["index", *known.catalogue.column_codes["dimension"], *known.catalogue.codes]
    order = {what: n for n, what in enumerate(whats)}
    place = {area: n for n, area in enumerate(known.places.areas)}
    sorters = {"first": rows["what"].map(order), "last": rows["area"].map(place)}
    return rows.assign(**sorters).sort_values(["first", "grupp", "last"])


STAGE: Final = Stage("prioritering", _compute, setting="efforts", folder=files(__package__))
