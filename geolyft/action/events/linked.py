"""Problems and what is done about them: each type of event with the efforts that meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.boards.hours import in_evenings, on_weekends
from geolyft.action.efforts.form import KEY
from geolyft.action.efforts.located import AREA
from geolyft.action.needs.matrix import EFFORT, ONGOING, THEME, stands
from geolyft.frames import BETWEEN, CITY, EVERYONE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geolyft.action.efforts.register import Register

LINKED: Final = "åtgärd kopplad"
NONE_LINKED: Final = "ingen åtgärd kopplad"
UNKNOWN: Final = "problemet är inte känt"
DEFAULT: Final = ("trygghet",)


def linked(
    rates: pd.DataFrame,
    register: Register,
    located: pd.DataFrame,
    themes: pd.DataFrame,
    *,
    meets: Mapping[str, tuple[str, ...]],
    bands: Mapping[str, str],
    as_of: dt.date | None,
) -> pd.DataFrame:
    """Return a row for each area and type in the latest period, with the efforts that meet it.

    Parameters
    ----------
    rates
        See `geolyft.action.events.rates.rates`.
    located, themes
        Where each row of the register is, and what it is about.
    meets
        By type of event, the themes that meet it.
    bands
        What the column of each band is called.

    Returns
    -------
    pandas.DataFrame
        ``area, period, typ``, figures and bands, ``insatser`` (that go on, with a known place in
        the area), ``insatser_kvall``, ``insatser_helg`` (with known hours then), ``tider_kanda``,
        ``vilka`` and ``lage``.
    """
    last = rates[(rates["period"] == rates["period"].max()) & (rates["area"] != CITY)]
    rows = last[(last["tid"] == EVERYONE) & (last["typ"] != EVERYONE)].copy()
    key = ["area", "typ"]
    for band, column in bands.items():
        counts = last[last["tid"] == band].set_index(key)["antal"]
        rows[column] = counts.reindex(pd.MultiIndex.from_frame(rows[key])).to_numpy()
    going = register.efforts[stands(register.efforts, as_of) == ONGOING]
    named = going[[KEY, EFFORT, "namn", "namnd"]]
    placed = located[located[AREA] != ""].merge(named, on=KEY).merge(themes, on=KEY)
    hours = {
        "insatser_kvall": in_evenings(register.times),
        "insatser_helg": on_weekends(register.times),
        "tider_kanda": set(register.times[KEY]),
    }
    made = [
        _efforts(placed, row["area"], meets.get(row["typ"], DEFAULT), hours)
        for _, row in rows.iterrows()
    ]
    return _with_state(rows.join(pd.DataFrame(made, index=rows.index)))


def _efforts(
    placed: pd.DataFrame, area: str, themes: tuple[str, ...], hours: Mapping[str, set[str]]
) -> dict[str, object]:
    of = placed[(placed[AREA] == area) & placed[THEME].isin(themes)].drop_duplicates(KEY)
    named = dict.fromkeys(of["namn"] + " (" + of["namnd"] + ")")
    return {
        "insatser": of[EFFORT].nunique(),
        **{name: of.loc[of[KEY].isin(keys), EFFORT].nunique() for name, keys in hours.items()},
        "vilka": f"{BETWEEN} ".join(named),
    }


def _with_state(rows: pd.DataFrame) -> pd.DataFrame:
    state = (rows["insatser"] > 0).map({True: LINKED, False: NONE_LINKED})
    return rows.assign(lage=state.mask(rows["antal"].isna(), UNKNOWN))
