"""A small publication in code: six square areas, twelve indicators, some missing or hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from geolyft.export.publication import Publication, SourceNote
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS, combine_status
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

CODES = ["1", "2", "3", "10", "11", "12"]
PERIODS = ("2022", "2024")
STEP = {"1": 12.0, "2": 6.0, "3": 1.0, "10": -1.5, "11": -7.0, "12": -12.0, CITY: 0.0}
REFERENCE = 70.0
HALF_RANGE = 12.0
MISSING = ("D3", "12")
HIDDEN = ("U2", "2")
HIDDEN_VALUE = 61.98765
NO_DATA = "E2"


def squares(codes: Sequence[str] = CODES, names: Sequence[str] | None = None) -> gpd.GeoDataFrame:
    """Six square kilometres, two rows of three, in the city's own CRS."""
    boxes = [
        shapely.box(
            118_000 + 1000 * (n % 3),
            6_160_000 + 1000 * (n // 3),
            119_000 + 1000 * (n % 3),
            6_161_000 + 1000 * (n // 3),
        )
        for n in range(len(codes))
    ]
    names = names or [f"Område Å{code}" for code in codes]
    return gpd.GeoDataFrame(
        {"name": list(names), "geometry": boxes},
        index=pd.Index(codes, name="area"),
        crs="EPSG:3008",
    )


def observations(codes: Sequence[str] = CODES, *, status: str = "ok") -> pd.DataFrame:
    """Shares that fall from area to area; D1 is carried forward from 2022."""
    rows = []
    for code in load_catalogue().codes:
        for period in PERIODS:
            for place, area in enumerate([*codes, CITY]):
                step = STEP[[*CODES, CITY][place]]
                rows.append(_row(code, period, area, step, status))
    rows = [row for row in rows if row[4] != NO_DATA]
    return pd.DataFrame(rows, columns=OBSERVATION_COLUMNS)


def _row(code: str, period: str, area: str, step: float, status: str) -> list[object]:
    value = REFERENCE + step + (0.5 if period == "2024" else 0) + 0.04
    said = "stale" if (code, period) == ("D1", "2024") else status
    reference = "2022" if code == "D1" else period
    figures: list[object] = [round(value * 200), 20_000, value, value - 1.5, value + 1.5]
    if (code, area) == MISSING:
        figures, said = [None] * 5, "missing"
    if (code, area) == HIDDEN:
        # A hidden row that still holds its figures: the page must not pass them on.
        figures, said = [12_397, 20_000, HIDDEN_VALUE, 60.4321, 63.1234], "hidden"
    said = combine_status(status, said)
    return [area, period, reference, EVERYONE, code, *figures, said, "register"]


def scored(seen: pd.DataFrame) -> pd.DataFrame:
    """Scores on one scale, equal weights among what is known in the area."""
    unseen = seen["status"].str.contains("missing|hidden")
    known = seen[~unseen & seen["value"].notna()].copy()
    known["score"] = 100 + 30 * (known["value"] - REFERENCE) / HALF_RANGE
    known["weight"] = 1 / known.groupby(["area", "period"])["score"].transform("size")
    known["contribution"] = known["weight"] * known["score"]
    known["difference"] = known["weight"] * (known["score"] - 100)
    return known[
        ["area", "period", "indicator", "score", "weight", "contribution", "difference", "status"]
    ].reset_index(drop=True)


def indexed(scores: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """One row per area and period; a dimension with one indicator or none has no value."""
    catalogue = load_catalogue()
    rows = []
    for (area, period), group in scores.groupby(["area", "period"]):
        means = {}
        for dimension in catalogue.dimensions:
            codes = [i.code for i in catalogue.of(dimension.code)]
            part = group[group["indicator"].isin(codes)]
            means[dimension.code] = part["score"].mean() if len(part) > 1 else None
        rows.append(
            {
                "area": area,
                "name": names[area],
                "period": period,
                "index": group["contribution"].sum(),
                **means,
                "rank_low": None if area == CITY else 1,
                "rank_high": None if area == CITY else 3,
                "n_indicators": len(group),
                "status": combine_status("partial", *group["status"]),
                "index_low": group["contribution"].sum() - 1.5,
                "index_high": group["contribution"].sum() + 1.5,
                "distinct": None if area == CITY else area != "3",
                "share_among_lowest": None if area == CITY else 0.25,
                "distinct_fdr": None if area == CITY else area != "3",
            }
        )
    table, told = pd.DataFrame(rows), dict.fromkeys(("distinct", "distinct_fdr"), "boolean")
    return table.astype({"rank_low": "Int64", "rank_high": "Int64", **told})


def publish(
    *,
    codes: Sequence[str] = CODES,
    names: Sequence[str] | None = None,
    lang: str = "sv",
    synthetic: bool = False,
    **changes: object,
) -> Publication:
    """Return the publication, with anything in it changed by name."""
    areas = squares(codes, names)
    seen = observations(codes, status="synthetic" if synthetic else "ok")
    scores = scored(seen)
    scales = pd.DataFrame(
        {
            "indicator": sorted(set(seen["indicator"])),
            "reference_value": REFERENCE,
            "half_range": HALF_RANGE,
            "direction": "high",
            "base_period": PERIODS[0],
        }
    )
    city = changes.get("city", "Malmö")
    population = pd.DataFrame(
        [(area, period, 24_680) for area in [*codes, CITY] for period in PERIODS],
        columns=["area", "period", "population"],
    )
    parts = {
        "title": "Index för socioekonomiska utmaningar",
        "city": city,
        "lang": lang,
        "division": "geso",
        "catalogue": load_catalogue(),
        "base_period": PERIODS[0],
        "periods": PERIODS,
        "synthetic": synthetic,
        "areas": areas,
        "observations": seen,
        "index": indexed(scores, {CITY: city, **areas["name"].to_dict()}),
        "scores": scores,
        "scales": scales,
        "population": population,
        "sources": (
            SourceNote(
                name="Riksdagsval 2022",
                publisher="Valmyndigheten",
                licence="öppna data",
                note="Onsdagsräkningen ingår inte.",
                indicators=("D1",),
                references=("2022",),
            ),
        ),
        "warnings": ("U1: ordet ”lägst” är inte avgjort.",),
        "created": "2026-01-15",
    }
    return Publication(**{**parts, **changes})
