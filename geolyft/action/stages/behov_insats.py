"""Need and efforts per area: a layer, a theme of the map, and a section of every profile."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.efforts.form import KEY
from geolyft.action.efforts.located import AREA, summary
from geolyft.action.needs.lowest import NEED, needs_of
from geolyft.action.needs.matrix import EFFORT, GAP, ONGOING, OVERLAP, THEME, stands
from geolyft.findings.stages.stage import Stage
from geolyft.frames import BETWEEN, CITY, EVERYONE

if TYPE_CHECKING:
    from geolyft.action.known import Known

_ROWS: Final = {
    "rader": "rows",
    "rader_utan_plats": "rows_without_place",
    "rader_hela_staden": "rows_citywide",
}


def _compute(known: Known, _settings: None) -> pd.DataFrame:
    areas = pd.Index(list(known.places.areas), name="area")
    index = known.index[(known.index["period"] == known.period) & (known.index["area"] != CITY)]
    index = index[index["sex"] == EVERYONE].set_index("area")
    needs = needs_of(known.tables, known.period)
    of_index = needs[needs["what"] == "index"].set_index("area")[NEED]
    table = pd.DataFrame(index=areas)
    table["period"] = known.period
    table[NEED] = of_index.reindex(areas) * 100
    table = table.join(_placed(known)).join(_by_dimension(known))
    for name in ("insatser", "utan_tema"):
        table[name] = table[name].fillna(0).astype("int64")
    counts = summary(known.register, known.places)
    for name, part in _ROWS.items():
        table[name] = counts[part]
    table["barn"] = known.children
    table["status"] = index["status"].reindex(areas).fillna("missing")
    return table.reset_index()


def _placed(known: Known) -> pd.DataFrame:
    """Return per area how many efforts go on there, which, and how many have no one theme."""
    efforts = known.register.efforts
    going = efforts[stands(efforts, known.as_of) == ONGOING]
    placed = known.located[known.located[AREA] != ""].merge(going, on=KEY)
    named = placed.assign(vilka=placed["namn"] + " (" + placed["namnd"] + ")")
    codes = {each.code for each in known.catalogue.dimensions}
    is_of_one = pd.Series(
        [bool(codes & set(text.split(f"{BETWEEN} "))) for text in named["tema"]],
        index=named.index,
        dtype="bool",
    )
    return pd.DataFrame(
        {
            "insatser": named.groupby(AREA)[EFFORT].nunique(),
            "vilka": named.groupby(AREA)["vilka"].agg(f"{BETWEEN} ".join),
            "utan_tema": named[~is_of_one].groupby(AREA)[EFFORT].nunique(),
        }
    )


def _by_dimension(known: Known) -> pd.DataFrame:
    """Return per area the state of each dimension, and how many are gaps and overlaps."""
    codes = [each.code for each in known.catalogue.dimensions]
    cells = known.matrix[known.matrix[THEME].isin(codes)].set_index([AREA, THEME])
    wide = pd.DataFrame(index=list(known.places.areas))
    state = cells["lage"].unstack()
    # Where no need of a dimension is known, nobody knows of a gap.
    measured = cells[NEED].unstack().notna().any(axis="columns")
    wide["luckor"] = (state == GAP).sum(axis="columns").where(measured).astype("Int64")
    wide["overlapp"] = (state == OVERLAP).sum(axis="columns").where(measured).astype("Int64")
    for code in codes:
        wide[f"{code}_behov"] = cells[NEED].unstack()[code] * 100
        wide[f"{code}_insatser"] = cells["insatser"].unstack()[code]
        wide[f"{code}_lage"] = state[code]
    return wide


STAGE: Final = Stage("behov_insats", _compute, setting="efforts", folder=files(__package__))
