"""What boards say differently of one effort: kept as they say it, and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.boards.boards import BOARD
from geolyft.action.efforts.form import KEY
from geolyft.action.needs.matrix import EFFORT
from geolyft.frames import BETWEEN

if TYPE_CHECKING:
    from geolyft.action.efforts.register import Register

PLACE: Final = "plats_namn"
ASKED: Final = (
    *("namn", "kategori", "tema", "malgrupp", "status", "start", "slut", "evidens"),
    *("finansiering", PLACE),
)
"""The columns of which two different answers cannot both hold, or have to be made one."""
DIFFERING: Final = [EFFORT, "uppgift", BOARD, "sagt", KEY]
_SILENT: Final = ("", "ej angiven", "oklart")


def differing(register: Register) -> pd.DataFrame:
    """Return what is said of each effort in a column in which boards say different things.

    A row that says nothing differs from nobody, and a protected place is not said.

    Returns
    -------
    pandas.DataFrame
        ``insats_id, uppgift, namnd, sagt, rad_id``: a row for each statement, in the order of the
        register.
    """
    rows = register.efforts.assign(**{PLACE: _named_places(register)})
    said = rows.melt([EFFORT, BOARD, KEY], [*ASKED], "uppgift", "sagt")
    said = said[~said["sagt"].isin(_SILENT)]
    alike = said.assign(sagt=said["sagt"].str.casefold()).groupby([EFFORT, "uppgift"])
    said = said[(alike["sagt"].transform("nunique") > 1) & (alike[BOARD].transform("nunique") > 1)]
    place = {key: n for n, key in enumerate(rows[KEY])}
    column = {name: n for n, name in enumerate(ASKED)}
    first = said.groupby(EFFORT)[KEY].transform("first").map(place)
    order = {"first": first, "column": said["uppgift"].map(column), "row": said[KEY].map(place)}
    return said.assign(**order).sort_values([*order], ignore_index=True)[DIFFERING]


def _named_places(register: Register) -> pd.Series[str]:
    """Return the names of each row's places as one text, without those that are protected."""
    places = register.places
    shown = places[(places["skyddad"] != "ja") & (places[PLACE] != "")]
    names = {key: f"{BETWEEN} ".join(rows[PLACE]) for key, rows in shown.groupby(KEY)}
    said = [names.get(key, "") for key in register.efforts[KEY]]
    return pd.Series(said, index=register.efforts.index, dtype="str")
