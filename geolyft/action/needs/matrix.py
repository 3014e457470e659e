"""Area × theme: is there a need, and an effort that is known to be there.

An effort whose place is not known fills no gap, and one for the whole city closes none: both are
counted beside. What is said of an area is what the register knows, never that there is nothing.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.efforts.form import KEY
from geolyft.action.efforts.located import AREA, SHARE
from geolyft.action.needs.lowest import NEED
from geolyft.frames import BETWEEN
from geolyft.read.values.dates import ends_before, span

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geolyft.indicators.catalogue import Catalogue

GAP: Final = "behov, ingen insats med känd plats"
MET: Final = "behov, insats med känd plats"
OVERLAP: Final = "behov, möjlig överlappning"
NO_NEED: Final = "inget utpekat behov"
UNKNOWN: Final = "behov okänt"
ONGOING: Final = "pågår"
ENDED: Final = "avslutad"
EFFORT: Final = "insats_id"
THEME: Final = "tema"
CELLS: Final = [
    AREA, THEME, NEED, "rang_lag", "rang_hog", "insatser", SHARE, "namnder", "avslutade",
    "ovriga", "lage", "vilka",
]  # fmt: skip


def stands(efforts: pd.DataFrame, as_of: dt.date | None) -> pd.Series[str]:
    """Return each row's status on a day: what has ended by then has ended, whatever it says.

    Examples
    --------
    >>> import datetime as dt
    >>> rows = pd.DataFrame({"status": ["pågår", "pågår"], "slut": ["2021", ""]})
    >>> stands(rows, dt.date(2024, 12, 31)).tolist()
    ['avslutad', 'pågår']
    """
    if as_of is None:
        return efforts["status"]
    over = [bool(end) and span(end)[1] < as_of for end in efforts["slut"]]
    return efforts["status"].mask(pd.Series(over, index=efforts.index, dtype="bool"), ENDED)


def themes_of(efforts: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Return which themes each row is about: dimensions, indicators, and themes outside the index.

    A row that names an indicator is about its dimension too.
    """
    of = {each.code: each.dimension for each in catalogue.indicators}
    rows = []
    for key, themes, indicators in efforts[[KEY, "tema", "indikator"]].itertuples(index=False):
        named = [part.strip() for part in themes.split(BETWEEN) if part.strip()]
        codes = [part.strip() for part in indicators.split(BETWEEN) if part.strip()]
        rows += [(key, each) for each in dict.fromkeys([*named, *(of[c] for c in codes), *codes])]
    return pd.DataFrame(rows, columns=[KEY, THEME], dtype="str")


def matrix(
    needs: pd.DataFrame,
    efforts: pd.DataFrame,
    located: pd.DataFrame,
    themes: pd.DataFrame,
    *,
    limit: float,
    as_of: dt.date | None = None,
) -> pd.DataFrame:
    """Return the state of every area and theme of `needs`.

    Parameters
    ----------
    needs
        ``area, tema, behov, rang_lag, rang_hog``: ``behov`` is empty where no figure measures it.
    efforts
        The register's rows.
    located, themes
        Where they are, and what they are about.
    limit
        There is a need when ``behov`` is at least this.

    Returns
    -------
    pandas.DataFrame
        ``CELLS``. ``insatser`` counts efforts that go on and have a place in the area, ``andel``
        sums their shares, ``namnder`` names their boards and ``vilka`` both; ``avslutade`` and
        ``ovriga`` count those that have ended, and those planned, examined or unclear.
    """
    known = located[located[AREA] != ""].merge(themes, on=KEY)
    known = known.merge(efforts.assign(status=stands(efforts, as_of)), on=KEY, suffixes=("", "_"))
    known = known.drop(columns=f"{THEME}_", errors="ignore")
    groups = {key: rows for key, rows in known.groupby([AREA, THEME])}  # noqa: C416 - a dict of frames
    none = known.iloc[:0]
    cells = [
        {**need, **_cell(groups.get((need[AREA], need[THEME]), none), need[NEED], limit)}
        for need in needs.to_dict("records")
    ]
    return pd.DataFrame(cells, columns=CELLS)


def _cell(rows: pd.DataFrame, need: float, limit: float) -> Mapping[str, object]:
    going = rows[rows["status"] == ONGOING]
    ended = rows[rows["status"] == ENDED]
    return {
        "insatser": int(going[EFFORT].nunique()),
        SHARE: float(going[SHARE].sum()),
        "namnder": f"{BETWEEN} ".join(dict.fromkeys(going["namnd"])),
        "avslutade": int(ended[EFFORT].nunique()),
        "ovriga": int(rows[EFFORT].nunique() - pd.concat([going, ended])[EFFORT].nunique()),
        "lage": _state(going, need, limit),
        "vilka": f"{BETWEEN} ".join(going["namn"] + " (" + going["namnd"] + ")"),
    }


def _state(going: pd.DataFrame, need: float, limit: float) -> str:
    if pd.isna(need):
        return UNKNOWN
    if need < limit:
        return NO_NEED
    if going.empty:
        return GAP
    return OVERLAP if may_overlap(going) else MET


def may_overlap(going: pd.DataFrame) -> bool:
    """Say whether two efforts of different boards meet the same target group at the same time.

    One effort that several boards have is not two, and of boards that share an effort none works
    beside the other without knowing.
    """
    for _, rows in going.groupby("malgrupp"):
        efforts = [each for _, each in rows.groupby(EFFORT)]
        for one, other in combinations(efforts, 2):
            apart = not set(one["namnd"]) & set(other["namnd"])
            if apart and any(
                not ends_before(late, end) and not ends_before(begun, over)
                for begun, end in zip(one["start"], one["slut"], strict=True)
                for late, over in zip(other["start"], other["slut"], strict=True)
            ):
                return True
    return False
