"""What each board or company has: where, in which themes, when, and what has ended."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.boards.hours import in_evenings, on_weekends
from geolyft.action.efforts.form import KEY
from geolyft.action.efforts.located import AREA, SHARE, SURE
from geolyft.action.efforts.rules import CITYWIDE
from geolyft.action.needs.matrix import EFFORT, ENDED, ONGOING, THEME, stands
from geolyft.frames import BETWEEN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from geolyft.action.efforts.register import Register

BOARD: Final = "namnd"
BOARDS: Final = [
    BOARD, "rader", "insatser", "gemensamma", "i_omraden", "hela_staden", "utan_plats", "pagar",
    "avslutade", "ovriga", "kvallar", "helger", "tider_kanda", "teman", "omraden",
]  # fmt: skip


def boards(register: Register, located: pd.DataFrame, *, as_of: dt.date | None) -> pd.DataFrame:
    """Return a row for each board or company, in the order of the alphabet.

    Parameters
    ----------
    located
        Where each row of the register is.

    Returns
    -------
    pandas.DataFrame
        ``BOARDS``. ``i_omraden``, ``hela_staden`` and ``utan_plats`` sum shares of rows: together
        they are ``rader``. So are ``pagar``, ``avslutade`` and ``ovriga``. ``gemensamma`` counts
        efforts that another board has too; ``teman`` and ``omraden`` say how many rows are of what.
    """
    rows = _said(register, located, as_of)
    sums = rows.groupby(BOARD)[[*_COUNTED]].sum().reset_index()
    efforts = rows.groupby(BOARD)[EFFORT].nunique()
    shared = rows[rows.groupby(EFFORT)[BOARD].transform("nunique") > 1]
    sums["insatser"] = sums[BOARD].map(efforts)
    sums["gemensamma"] = sums[BOARD].map(shared.groupby(BOARD)[EFFORT].nunique()).fillna(0)
    of = register.efforts.set_index(KEY)[BOARD]
    themes = rows.assign(what=rows[THEME].str.split(BETWEEN)).explode("what")
    placed = located[located[AREA] != ""]
    texts = {
        "teman": _listed(themes[BOARD], themes["what"].str.strip()),
        "omraden": _listed(placed[KEY].map(of), placed[AREA]),
    }
    for name, said in texts.items():
        sums[name] = pd.Series([said.get(board, "") for board in sums[BOARD]], dtype="str")
    whole = [name for name in BOARDS if name in _COUNTED and name not in _IN_SHARES]
    return sums[BOARDS].astype(dict.fromkeys([*whole, "insatser", "gemensamma"], "int64"))


_IN_SHARES: Final = ("i_omraden", "hela_staden", "utan_plats")
_COUNTED: Final = (
    *("rader", "pagar", "avslutade", "ovriga", "kvallar", "helger", "tider_kanda"),
    *_IN_SHARES,
)


def _said(register: Register, located: pd.DataFrame, as_of: dt.date | None) -> pd.DataFrame:
    """Return the register's rows with a 1, or a share, in each column that counts them."""
    rows = register.efforts.assign(rader=1)
    status = stands(rows, as_of)
    rows["pagar"] = (status == ONGOING).astype("int64")
    rows["avslutade"] = (status == ENDED).astype("int64")
    rows["ovriga"] = 1 - rows["pagar"] - rows["avslutade"]
    times = register.times
    hours = (in_evenings(times), on_weekends(times), set(times[KEY]))
    for name, keys in zip(("kvallar", "helger", "tider_kanda"), hours, strict=True):
        rows[name] = rows[KEY].isin(keys).astype("int64")
    in_area, in_city = located[AREA] != "", located[SURE] == CITYWIDE
    for name, which in zip(_IN_SHARES, (in_area, in_city, ~in_area & ~in_city), strict=True):
        shares = located[which].groupby(KEY)[SHARE].sum()
        rows[name] = rows[KEY].map(shares).astype("float64").fillna(0.0)
    return rows


def _listed(by: Iterable[str], what: Iterable[str]) -> dict[str, str]:
    """Return by board how many rows are of what, the most first: ``ekonomi (4); boende (1)``."""
    counts = Counter(zip(by, what, strict=True))
    said: dict[str, list[str]] = {}
    for (board, name), n in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        said.setdefault(board, []).append(f"{name} ({n})")
    return {board: f"{BETWEEN} ".join(parts) for board, parts in said.items()}
