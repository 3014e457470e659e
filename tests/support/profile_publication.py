"""The small publication with every table a profile can show, made by hand so that each is known."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely
from web_publication import CODES, PERIODS, publish

from geolyft.certainty.many import told_apart
from geolyft.frames import CITY
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from geolyft.export.publication import Publication

LAST = PERIODS[-1]
HALF = 3.0
"""Half of every interval: a difference of less is not sure."""
BROKEN = "11"
"""An area whose index is not comparable over time, because of a break."""
POCKETS = ["S1a", "S1b"]
SURE = ("ekonomi", "E3", "boende")
"""In what a pocket is a sure one."""
LEVEL = "deso2025"
KNOWN_INSIDE = ("index", "ekonomi", "B1", "E1", "E3")
CHILDREN = dict.fromkeys(CODES, 1000.0) | {"1": 3000.0}
BREAK = "E1 method: RAMS till BAS"


@cache
def usual(lang: str = "sv", *, synthetic: bool = False) -> Publication:
    """Return the publication as it is, made once; see `full` for another."""
    return full(lang=lang, synthetic=synthetic)


def full(**changes: object) -> Publication:
    """Return the publication with its tables, and small areas inside its areas."""
    base = publish(**{name: part for name, part in changes.items() if name != "tables"})
    tables = all_tables(base) | dict(changes.get("tables", {}))
    made = {"tables": tables, "inner": (small(base),)}
    given = {name: part for name, part in changes.items() if name != "tables"}
    return publish(**{**made, **given, "tables": tables})


def all_tables(base: Publication) -> dict[str, pd.DataFrame]:
    """Return the tables, each worked out from the publication's own scores."""
    values = _values(base)
    return {
        "osakerhet": _certainty(values),
        "forandring": _change(values),
        "mal": _goal(values),
        "styrkor": _standing(base),
        "robusthet": _often(base),
        "kon_skillnad": _sexes(base),
        "barn": _children(base),
        "inuti": _inside(base),
        "fickor": _pockets(base),
    }


def _values(base: Publication) -> pd.DataFrame:
    """Return every score: the index, dimensions and indicators, by area and period."""
    names = ["index", *(dimension.code for dimension in base.catalogue.dimensions)]
    whole = base.index.melt(["area", "period"], names, var_name="what", value_name="value")
    parts = base.scores.rename(columns={"indicator": "what", "score": "value"})
    columns = ["area", "period", "what", "value"]
    table = pd.concat([whole[columns], parts[columns]]).dropna()
    return table.astype({"value": "float64"}).reset_index(drop=True)


def _certainty(values: pd.DataFrame) -> pd.DataFrame:
    city = values[values["area"] == CITY].set_index(["period", "what"])["value"]
    table = values.join(city.rename("city"), on=["period", "what"])
    table["difference"] = table["value"] - table["city"]
    table["distinct"] = table["difference"].abs() > HALF
    for name in ("", "difference"):
        of = name or "value"
        table[f"{name}_low".strip("_")] = table[of] - HALF
        table[f"{name}_high".strip("_")] = table[of] + HALF
    return told_apart(table.assign(sd=HALF / 2).drop(columns="city"))


def _change(values: pd.DataFrame) -> pd.DataFrame:
    first, last = (
        values[values["period"] == period].set_index(["area", "what"])["value"]
        for period in PERIODS
    )
    table = pd.DataFrame({"value_first": first, "value_last": last}).reset_index()
    table["change"] = table["value_last"] - table["value_first"]
    table = table.assign(first=PERIODS[0], last=LAST, points=table["change"] / 2.5)
    table["low"], table["high"] = table["change"] - 1, table["change"] + 1
    table["exceeds"] = table["low"] > 0
    broken = (table["area"] == BROKEN) & table["what"].isin(["index", "ekonomi", "E1"])
    table["comparable"] = ~broken
    table["reason"] = broken.map({True: "break", False: ""})
    table["note"] = broken.map({True: BREAK, False: ""})
    table.loc[broken, ["change", "low", "high"]] = None
    return table


def _goal(values: pd.DataFrame) -> pd.DataFrame:
    now = values[values["period"] == LAST]
    city = now[now["area"] == CITY].set_index("what")["value"]
    table = now[now["area"] != CITY].join(city.rename("city"), on="what")
    table["gap"] = table["city"] - table["value"]
    table = table.assign(goal="moving", first=PERIODS[0], last=LAST, target_year=2030, reason="")
    table["required"], table["pace"] = table["gap"] / 6, 0.5
    for name in ("gap", "pace"):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 1, table[name] + 1
    table["verdict"] = (table["gap"] <= 0).map({True: "on_track", False: "not_on_track"})
    return table


def _standing(base: Publication) -> pd.DataFrame:
    rows = []
    for area, difference in (("1", 30.0), ("3", 2.5), ("12", -30.0)):
        kind = "strength" if difference > 0 else "challenge"
        for rank, (code, sure) in enumerate([("B1", True), ("B2", False)], start=1):
            rows.append((area, LAST, code, difference, kind, rank, sure))
    columns = ["area", "period", "indicator", "difference", "kind", "rank", "sure"]
    del base
    return pd.DataFrame(rows, columns=columns)


def _often(base: Publication) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": list(base.areas.index),
            "period": LAST,
            "nominal": 1,
            "share_among_lowest": 0.25,
            "n_variants": 1305,
            "lowest": 3,
        }
    )


def _sexes(base: Publication) -> pd.DataFrame:
    rows = []
    for area in base.areas.index:
        rows.append((area, LAST, "B1", 70.0, 64.0, 6.0, 4.0, 8.0, True))
        rows.append((area, LAST, "B2", 70.0, 69.0, 1.0, -1.0, 3.0, False))
        rows.append((area, LAST, "U2", None, None, None, None, None, None))
    columns = ["area", "period", "indicator", "first", "second", "gap", "low", "high", "exceeds"]
    return pd.DataFrame(rows, columns=columns)


def _children(base: Publication) -> pd.DataFrame:
    total = sum(CHILDREN.values())
    rows = [
        (area, LAST, code, CHILDREN.get(str(area)), 100.0, share)
        for area in base.areas.index
        for code, share in (("E3", 0.5), ("B2", CHILDREN.get(str(area), 0) / total), ("B3", 0.01))
    ]
    columns = ["area", "period", "indicator", "children", "exposed", "share"]
    return pd.DataFrame(rows, columns=columns)


def small(base: Publication) -> Publication:
    """Return the same result on four small squares in each area."""
    shapes, codes, homes = [], [], []
    for area, shape in base.areas.geometry.items():
        west, south, east, north = shape.bounds
        x, y = (west + east) / 2, (south + north) / 2
        corners = [(west, south), (x, south), (west, y), (x, y)]
        for letter, (left, low) in zip("abcd", corners, strict=True):
            shapes.append(shapely.box(left, low, left + 500, low + 500))
            codes.append(f"S{area}{letter}")
            homes.append(str(area))
    areas = gpd.GeoDataFrame(
        {"name": codes, "geometry": shapes}, index=pd.Index(codes, name="area"), crs=base.areas.crs
    )
    places = base.index[base.index["period"] == LAST].set_index("area")
    rows = [
        {"area": code, "name": code, "period": LAST, "status": "ok"}
        | {
            what: places.loc[home, what] - (30 if code in POCKETS else 5)
            for what in ("index", *(d.code for d in load_catalogue().dimensions))
        }
        for code, home in zip(codes, homes, strict=True)
    ]
    return publish(areas=areas, index=pd.DataFrame(rows), division="deso")


def _inside(base: Publication) -> pd.DataFrame:
    rows = [
        (area, LAST, what, 88.0, 0.25, 4.0, people, 1.0, LEVEL)
        for area in base.areas.index
        # So few residents have a figure in boende that its mean says nothing of the area.
        for what, people in {**dict.fromkeys(KNOWN_INSIDE, 1000.0), "boende": 200.0}.items()
    ]
    columns = ["area", "period", "what", "average", "worst_tenth_population", "n_small"]
    return pd.DataFrame(rows, columns=[*columns, "population", "coverage", "level"])


def _pockets(base: Publication) -> pd.DataFrame:
    first = str(base.areas.index[0])
    rows = [
        (first, small, LAST, what, 58.0, 88.0, -30.0, 250.0, LEVEL, what in SURE)
        for small, whats in (
            (POCKETS[0], ["ekonomi", "B1", "E1", "E3", "boende"]),
            (POCKETS[1], ["B1"]),
        )
        for what in whats
    ]
    columns = ["area", "small", "period", "what", "value", "mean", "gap", "population", "level"]
    return pd.DataFrame(rows, columns=[*columns, "sure"])
