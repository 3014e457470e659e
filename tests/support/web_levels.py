"""A publication in code with all that a map can show: sexes, small areas, certainty and change.

As large as asked for: the tests take a few squares, the benchmark a city of 209 small areas.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geolyft.certainty.many import told_apart
from geolyft.export.publication import Publication, SourceNote
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS
from geolyft.indicators.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

SEXES: Final = (EVERYONE, "kvinnor", "män")
LOW_IS_GOOD: Final = "E2"
NOT_BY_SEX: Final = "D1"
NO_COMPARISON: Final = ("2", "break")
REFERENCE: Final = 70.0
HALF_RANGE: Final = 12.0
SCORE: Final = 30 / HALF_RANGE
HALF_SCORE: Final = 1.26


def publication(
    *,
    areas: int = 6,
    small: int = 4,
    periods: Sequence[str] = ("2022", "2023", "2024"),
    names: Sequence[str] = (),
    **changes: object,
) -> Publication:
    """Return a publication of square areas, each of them divided into small ones.

    Parameters
    ----------
    small
        How many small areas each area is divided into; 0 for none.
    """
    codes = [str(n + 1) for n in range(areas)]
    names = names or [f"Område Å{code}, Ö{code}berg" for code in codes]
    squares = _squares(codes, names, side=1000, columns=3)
    whole = _level(squares, "geso", periods, **changes)
    tables = _tables(whole)
    if not small:
        return replace(whole, tables=tables)
    inner = _level(_small(squares, small), "deso", periods, **changes)
    return replace(whole, tables=tables, inner=(inner,), stories=_stories(codes))


def catalogue() -> Catalogue:
    """The shipped catalogue, but for one indicator of which less is better."""
    shipped = load_catalogue()
    turned = tuple(
        i.model_copy(update={"direction": "low"}) if i.code == LOW_IS_GOOD else i
        for i in shipped.indicators
    )
    return shipped.model_copy(update={"indicators": turned})


def _squares(
    codes: Sequence[str], names: Sequence[str], *, side: float, columns: int
) -> gpd.GeoDataFrame:
    corners = [
        (118_000 + side * (n % columns), 6_160_000 + side * (n // columns))
        for n in range(len(codes))
    ]
    return gpd.GeoDataFrame(
        {"name": list(names)},
        geometry=[shapely.box(x, y, x + side, y + side) for x, y in corners],
        index=pd.Index(codes, name="area", dtype="str"),
        crs="EPSG:3008",
    )


def _small(areas: gpd.GeoDataFrame, count: int) -> gpd.GeoDataFrame:
    """Cut every area into upright strips, whose codes are those of DeSO."""
    strips = []
    for shape in areas.geometry:
        west, south, east, north = shape.bounds
        cuts = np.linspace(west, east, count + 1)
        strips += [shapely.box(cuts[n], south, cuts[n + 1], north) for n in range(count)]
    codes = [f"1280C{1010 + 10 * n}" for n in range(len(strips))]
    index = pd.Index(codes, name="area", dtype="str")
    return gpd.GeoDataFrame({"name": codes}, geometry=strips, index=index, crs=areas.crs)


def _level(
    areas: gpd.GeoDataFrame, division: str, periods: Sequence[str], **changes: object
) -> Publication:
    own = catalogue()
    places = [*areas.index, CITY]
    seen = _observations(places, periods, own)
    scores = _scores(seen, own)
    people = [
        (area, period, 24_680 if area == CITY else 4_112) for area in places for period in periods
    ]
    parts = {
        "title": "Index för socioekonomiska utmaningar",
        "city": "Malmö",
        "lang": "sv",
        "division": division,
        "catalogue": own,
        "base_period": periods[0],
        "periods": tuple(periods),
        "synthetic": False,
        "areas": areas,
        "observations": seen,
        "index": _index(scores[scores["sex"] == EVERYONE], own, areas),
        "scores": scores[scores["sex"] == EVERYONE].drop(columns="sex"),
        "scales": _scales(own, periods[0]),
        "population": pd.DataFrame(people, columns=["area", "period", "population"]),
        "sources": (SourceNote(name="Befolkningsregister", indicators=("E1",)),),
        "created": "2026-01-15",
    }
    return Publication(**{**parts, **changes})


def _scales(own: Catalogue, base: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": list(own.codes),
            "reference_value": REFERENCE,
            "half_range": HALF_RANGE,
            "direction": [own[code].direction for code in own.codes],
            "base_period": base,
        }
    )


def _observations(places: Sequence[str], periods: Sequence[str], own: Catalogue) -> pd.DataFrame:
    """Counts that differ by area, indicator, period and sex; some missing, some hidden."""
    rows = pd.DataFrame(
        list(product(places, periods, SEXES, own.codes)),
        columns=["area", "period", "sex", "indicator"],
    )
    place, period, sex, code = (pd.factorize(rows[name])[0] for name in rows)
    share = REFERENCE + (place * 37 % 25 - 12) + 0.7 * period + 1.3 * sex + (code * 5 % 7 - 3)
    share = np.where(rows["area"] == CITY, REFERENCE + 0.3 * period + 0.21 * sex, share)
    base = np.where(rows["area"] == CITY, 20_000, 700 + 13 * (place % 17)) // np.where(
        sex > 0, 2, 1
    )
    rows["reference"] = np.where(rows["indicator"] == NOT_BY_SEX, periods[0], rows["period"])
    rows["numerator"], rows["denominator"] = np.round(share * base / 100), base.astype(float)
    rows["value"] = 100 * rows["numerator"] / rows["denominator"]
    width = 196 * np.sqrt(share / 100 * (1 - share / 100) / base)
    rows["low"], rows["high"] = rows["value"] - width, rows["value"] + 0.9 * width
    rows["status"], rows["source"] = "ok", "register"
    rows.loc[rows["indicator"] == NOT_BY_SEX, "status"] = "stale"
    _take_away(rows, (rows["indicator"] == "D3") & (place % 6 == 5), "missing")
    _take_away(rows, (rows["indicator"] == "U2") & (place % 6 == 1) & (sex > 0), "hidden")
    rows = rows[(rows["indicator"] != NOT_BY_SEX) | (rows["sex"] == EVERYONE)]
    return rows[OBSERVATION_COLUMNS].reset_index(drop=True)


def _take_away(rows: pd.DataFrame, which: pd.Series, status: str) -> None:
    which = which & (rows["area"] != CITY)
    rows.loc[which, ["numerator", "denominator", "value", "low", "high"]] = np.nan
    rows.loc[which, "status"] = status


def _scores(seen: pd.DataFrame, own: Catalogue) -> pd.DataFrame:
    known = seen[seen["value"].notna()].copy()
    sign = np.where(known["indicator"] == LOW_IS_GOOD, -1, 1)
    known["score"] = 100 + sign * SCORE * (known["value"] - REFERENCE)
    known["weight"] = 1 / len(own.codes)
    known["contribution"] = known["weight"] * known["score"]
    known["difference"] = known["weight"] * (known["score"] - 100)
    names = ["area", "period", "sex", "indicator", "score", "weight", "contribution"]
    return known[[*names, "difference", "status"]].reset_index(drop=True)


def _index(scores: pd.DataFrame, own: Catalogue, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """A row per area and period; without all its indicators a dimension has no value."""
    wide = scores.pivot_table(index=["area", "period"], columns="indicator", values="score")
    wide = wide.reindex(columns=list(own.codes))
    table = pd.DataFrame(index=wide.index)
    for dimension in own.dimensions:
        table[dimension.code] = wide[[i.code for i in own.of(dimension.code)]].mean(
            axis=1, skipna=False
        )
    table.insert(0, "index", table.mean(axis=1, skipna=False))
    table["rank_low"], table["rank_high"] = 1, 3
    table["n_indicators"] = wide.notna().sum(axis=1)
    table["status"] = np.where(table["index"].isna(), "missing", "ok")
    table = table.reset_index()
    table.loc[table["area"] == CITY, ["rank_low", "rank_high"]] = pd.NA
    table["name"] = table["area"].map({CITY: "Malmö", **areas["name"].to_dict()})
    return table


def _tables(whole: Publication) -> dict[str, pd.DataFrame]:
    scores = _scores(whole.observations, whole.catalogue)
    by_sex = [
        _index(scores[scores["sex"] == sex], whole.catalogue, whole.areas).assign(sex=sex)
        for sex in SEXES[1:]
    ]
    return {
        "osakerhet": _certainty(whole),
        "forandring": _change(whole),
        "kon_index": pd.concat(by_sex, ignore_index=True),
    }


def _long(whole: Publication) -> pd.DataFrame:
    """Every score there is: of the index, the dimensions and the indicators."""
    codes = ["index", *(dimension.code for dimension in whole.catalogue.dimensions)]
    wide = whole.index.melt(["area", "period"], codes, "what", "score")
    parts = whole.scores.rename(columns={"indicator": "what"})[["area", "period", "what", "score"]]
    return pd.concat([wide, parts], ignore_index=True).dropna()


def _certainty(whole: Publication) -> pd.DataFrame:
    rows = _long(whole).rename(columns={"score": "value"})
    city = rows[rows["area"] == CITY].set_index(["period", "what"])["value"]
    rows["low"], rows["high"] = rows["value"] - HALF_SCORE, rows["value"] + 1.1 * HALF_SCORE
    rows["difference"] = (
        rows["value"] - city.loc[list(zip(rows["period"], rows["what"], strict=True))].to_numpy()
    )
    rows["difference_low"] = rows["difference"] - HALF_SCORE
    rows["difference_high"] = rows["difference"] + HALF_SCORE
    rows["distinct"] = rows["difference"].abs() > HALF_SCORE
    return told_apart(rows)


def _change(whole: Publication) -> pd.DataFrame:
    first, last = whole.periods[0], whole.periods[-1]
    long = _long(whole).set_index(["area", "what", "period"])["score"].unstack("period")
    rows = long[[first, last]].dropna().reset_index()
    rows = rows.rename(columns={first: "value_first", last: "value_last"})
    rows["change"] = rows["value_last"] - rows["value_first"]
    rows["low"], rows["high"] = rows["change"] - 2, rows["change"] + 2
    rows["exceeds"] = rows["change"].abs() > 2
    shares = whole.observations[whole.observations["sex"] == EVERYONE]
    shares = shares.set_index(["area", "indicator", "period"])["value"].unstack("period")
    moved = (
        (shares[last] - shares[first]).rename_axis(["area", "what"]).rename("points").reset_index()
    )
    rows = rows.merge(moved, how="left", on=["area", "what"])
    rows["first"], rows["last"], rows["comparable"], rows["reason"] = first, last, True, ""
    area, reason = NO_COMPARISON
    broken = rows["area"] == area
    rows.loc[broken, ["change", "low", "high", "points"]] = np.nan
    rows.loc[broken, ["comparable", "exceeds"]] = False
    rows.loc[broken, "reason"] = reason
    return rows


def _stories(codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {code: (f"Under Malmö i område {code}.",) for code in codes}
