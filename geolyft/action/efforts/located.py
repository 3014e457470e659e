"""Where efforts are: each row of the register in shares, every one of which closes to 1.

A row is in areas, citywide, or has no known place, or parts of these. What is not known is never
spread over areas, and what is citywide stays one row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.action.efforts.form import KEY
from geolyft.action.efforts.rules import CITYWIDE, UNKNOWN

if TYPE_CHECKING:
    from geolyft.action.efforts.gazetteer import Gazetteer
    from geolyft.action.efforts.register import Register

AREA: Final = "area"
SHARE: Final = "andel"
SURE: Final = "plats_sakerhet"
DERIVED: Final = "härlett"
LOCATED: Final = [KEY, AREA, SHARE, SURE]
_LEAST_SURE_FIRST: Final = (UNKNOWN, CITYWIDE, DERIVED, "uttryckligt namn")


def locate(register: Register, known: Gazetteer) -> pd.DataFrame:
    """Return where each row of efforts is.

    Parameters
    ----------
    register
        A protected place counts as one without a known place: nothing of it goes on from here.
    known
        The areas that sub-areas lie in.

    Returns
    -------
    pandas.DataFrame
        ``rad_id, area, andel, plats_sakerhet``, in the register's order: a row for each area of a
        row of efforts, one for what is citywide and one for what has no known place, both without
        an area. Shares of a row of efforts sum to 1. Where an area has several places, the least
        sure of them says how sure it is.
    """
    places = register.places
    secret = places["skyddad"] == "ja"
    by_name = places["delomrade"].map(known.area_of).astype("str")
    area = places["kod"].where(places["kod"] != "", by_name).mask(secret, "")
    sure = places[SURE].mask(secret | ((area == "") & (places[SURE] != CITYWIDE)), UNKNOWN)
    shares = _shares(places)
    absent = [key for key in register.efforts[KEY] if key not in set(places[KEY])]
    rows = pd.DataFrame({KEY: places[KEY], AREA: area, SHARE: shares, SURE: sure})
    nowhere = pd.DataFrame({KEY: absent, AREA: "", SHARE: 1.0, SURE: UNKNOWN})
    both = pd.concat([rows, nowhere.astype(rows.dtypes)], ignore_index=True)
    return _summed(both, list(register.efforts[KEY]), list(known.areas))


def _shares(places: pd.DataFrame) -> pd.Series[float]:
    """Return each place's share of its row: as given, else equal parts, to sum to 1 exactly."""
    group = places.groupby(KEY)[SHARE]
    given = places[SHARE].astype("float64")
    equal = 1 / places.groupby(KEY)[KEY].transform("size")
    # Thirds are written with three decimals.
    return (given / group.transform("sum")).where(given.notna(), equal)


def _summed(rows: pd.DataFrame, keys: list[str], areas: list[str]) -> pd.DataFrame:
    place = {name: n for n, name in enumerate(_LEAST_SURE_FIRST)}
    # What is citywide and what is not known are two rows, neither of which has an area.
    kind = np.where(rows[AREA] != "", rows[AREA], rows[SURE])
    ordered = rows.assign(kind=kind, least=rows[SURE].map(place))
    summed = ordered.groupby([KEY, "kind"], as_index=False).agg(
        {AREA: "first", SHARE: "sum", "least": "min"}
    )
    summed[SURE] = summed["least"].map(dict(enumerate(_LEAST_SURE_FIRST))).astype("str")
    order = {name: n for n, name in enumerate([*areas, CITYWIDE, UNKNOWN])}
    summed["row"] = summed[KEY].map({key: n for n, key in enumerate(keys)})
    summed["column"] = summed["kind"].map(order)
    return summed.sort_values(["row", "column"], ignore_index=True)[LOCATED]


def summary(register: Register, known: Gazetteer) -> dict[str, float]:
    """Return how many rows there are, and how many shares of them are where; the parts close.

    ``rows_*`` counts rows: with a place in some area, else citywide at least in part, else without
    a known place. ``shares_*`` sums their parts.
    """
    located = locate(register, known)
    placed = located[AREA] != ""
    citywide = located[SURE] == CITYWIDE
    by_row = located.assign(placed=placed, citywide=citywide).groupby(KEY)[["placed", "citywide"]]
    any_of = by_row.any()
    in_area, in_city = any_of["placed"], any_of["citywide"] & ~any_of["placed"]
    return {
        "efforts": int(register.efforts["insats_id"].nunique()),
        "rows": len(register.efforts),
        "rows_in_areas": int(in_area.sum()),
        "rows_citywide": int(in_city.sum()),
        "rows_without_place": int((~in_area & ~in_city).sum()),
        "shares_in_areas": float(located.loc[placed, SHARE].sum()),
        "shares_citywide": float(located.loc[citywide, SHARE].sum()),
        "shares_without_place": float(located.loc[~placed & ~citywide, SHARE].sum()),
    }
