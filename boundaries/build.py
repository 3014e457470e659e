"""Build the shipped divisions, crosswalks and demo figures from the open originals.

Run from the repository::

    python boundaries/build.py --source ../shared/data

The same originals give the same bytes. What was measured is printed and written to
``measured.json``; ``README.md`` says why each choice was made.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from homes import (
    Areas,
    counted,
    estimate,
    judged,
    kind_of,
    members,
    radius,
    read_addresses,
    same_outlines,
    scaled,
)
from straddlers import City, errors, measure, typical_error
from straddlers import summarise as summarise_test

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent / "examples" / "demo"

CRS = "EPSG:3008"
GRID = 0.01  # metres between the coordinates a shipped border can have
TIMESTAMP = "2026-01-01T00:00:00.000Z"  # written into each GeoPackage instead of the clock

GESO_TOLERANCES = (6.0, 5.0, 4.0, 3.0, 2.5, 2.0, 1.5, 1.0)
GESO_HAUSDORFF = 2.0
DESO_TOLERANCES = (20.0, 15.0, 10.0, 7.5, 5.0, 2.5)
DESO_HAUSDORFF = 10.0
PROBE = 1.0  # metres between the points at which border distance is measured

# A strip between a border and its generalised copy, up to 45 m off, holds a circle of 22.5 m, and
# a little more where two such strips meet in a corner. Measured: no piece lies between 23 and 59.
DESO_SLIVER = 30.0
DISTRICT_SLIVER = 2.0  # full resolution: measured, no piece lies between 0.6 and 59 m

LARGE_SLIVER = 0.05  # a nested area with a larger share in slivers is medium, not high
KNOWN_WRONG_OUTLINE = {"1280C2660"}  # its polygon is 22 % off in area
RESOLVED_SHARE = 0.9
MOST, HALF = 0.9, 0.5  # of a DeSO's addresses in the delområde that it is named after
MEDIUM = ("voters", "houses")  # what else a split rests on makes it low
PARK_SUFFIX = "parken"  # Pildammsparken, Kroksbäcksparken: parks, where nobody is spread

COLUMNS = [
    *("source", "target", "weight", "weight_dwellings", "error", "error_dwellings"),
    *("weight_area", "method", "kind", "certainty", "sliver_share", "resolved"),
]
OF_DESO = ["weight_dwellings", "error_dwellings", "resolved"]  # voters are no dwellings
LABEL_TOLERANCE = 10.0  # metres, of the middle of a delområde
ROUNDING = 1e-6  # of a person, after adding thousands of products
EXPECTED = {"residents": 367_886, "dwellings": 183_757, "entitled": 251_172, "voted": 189_143}


class Originals(NamedTuple):
    """The publishers' open data as read, codes as text."""

    delomraden: gpd.GeoDataFrame
    geso_names: pd.Series
    deso: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    figures: pd.DataFrame
    votes: pd.DataFrame
    addresses: gpd.GeoDataFrame


class Split(NamedTuple):
    """What the crosswalks are made of: homes at addresses, and how far off splits can be."""

    homes: pd.DataFrame
    error: pd.DataFrame
    kind: pd.Series
    resolved: pd.Series


# ------------------------------------------------------------------------------------- reading


def read_originals(source: Path) -> Originals:
    """Read every original, with text codes, in the one CRS."""
    delomraden = gpd.read_file(source / "delomraden.gpkg").drop(columns="geso_kod")
    table = pd.read_csv(source / "delomraden.csv", dtype=str)
    delomraden = delomraden.merge(table[["delomr_kod", "geso_kod"]], validate="one_to_one")
    names = pd.read_csv(source / "geso2022.csv", dtype=str).set_index("geso_kod")["geso_namn"]
    deso = gpd.read_file(source / "deso2025.gpkg").rename(
        columns={"desokod": "deso_kod", "regsokod": "regso_kod"}
    )
    districts = gpd.read_file(source / "valdistrikt2022.gpkg")
    figures = pd.read_csv(source / "deso2025_statistik.csv", dtype={"desokod": str})
    votes = pd.read_csv(source / "riksdagsval2022.csv", dtype={"valdistrikt_kod": str})
    for frame in (delomraden, deso, districts):
        if frame.crs != CRS:
            raise SystemExit(f"expected {CRS}, found {frame.crs}")
    addresses = read_addresses(source / "malmo_adresser.parquet", delomraden, districts)
    return Originals(
        delomraden,
        names,
        deso.sort_values("deso_kod", ignore_index=True),
        districts.sort_values("valdistrikt_kod", ignore_index=True),
        figures.set_index("desokod").sort_index(),
        votes.set_index("valdistrikt_kod").sort_index(),
        addresses,
    )


# --------------------------------------------------------------------------------- generalising


def border_distance(before: np.ndarray, after: np.ndarray) -> float:
    """Two-sided Hausdorff distance between the polygons' borders, the largest of all."""
    sides = [shapely.boundary(before), shapely.boundary(after)]
    pairs = zip(*sides, strict=True)
    return max(max(farthest(one, other), farthest(other, one)) for one, other in pairs)


def vertex_distance(before: np.ndarray, after: np.ndarray) -> float:
    """Largest distance from a vertex to the other border: quick, and never more than the true."""
    sides = shapely.boundary(before), shapely.boundary(after)
    return float(shapely.hausdorff_distance(*sides).max())


def farthest(line: shapely.Geometry, other: shapely.Geometry) -> float:
    """How far the line's farthest point, probed each metre, is from the other line."""
    probes = shapely.points(shapely.get_coordinates(shapely.segmentize(line, PROBE)))
    ends = [shapely.get_coordinates(part) for part in shapely.get_parts(other)]
    segments = shapely.linestrings(
        np.concatenate([np.stack([part[:-1], part[1:]], axis=1) for part in ends])
    )
    nearest = shapely.STRtree(segments).query_nearest(
        probes, return_distance=True, all_matches=False
    )
    return float(nearest[1].max())


def area_moved(before: np.ndarray, after: np.ndarray) -> float:
    """Share of the whole area that changed hands or left."""
    moved = shapely.area(shapely.symmetric_difference(before, after)).sum() / 2
    return float(moved / shapely.area(before).sum())


def largest_overlap(polygons: np.ndarray) -> float:
    """Area covered more than once."""
    return float(shapely.area(polygons).sum() - shapely.union_all(polygons).area)


def is_coverage(polygons: np.ndarray) -> bool:
    """Say whether the polygons are valid and share their borders vertex by vertex."""
    return bool(shapely.is_valid(polygons).all() and shapely.coverage_is_valid(polygons))


def generalise(
    polygons: np.ndarray, *, tolerances: tuple[float, ...], limit: float
) -> tuple[np.ndarray, dict[str, float]]:
    """Simplify a coverage as far as its borders stay within the limit; say what was reached."""
    for tolerance in tolerances:
        simple = shapely.coverage_simplify(polygons, tolerance)
        # Rounding moves equal vertices equally, so what is shared stays shared.
        simple = shapely.transform(simple, lambda xy: np.round(xy / GRID) * GRID)
        simple = shapely.transform(simple, lambda xy: np.round(xy, 2))
        if vertex_distance(polygons, simple) > limit:
            continue
        distance = border_distance(polygons, simple)
        if distance <= limit and is_coverage(simple):
            return shapely.normalize(simple), {
                "tolerance_m": tolerance,
                "hausdorff_m": round(distance, 3),
                "area_moved_share": float(f"{area_moved(polygons, simple):.3g}"),
                "overlap_m2": round(largest_overlap(simple), 4),
                "vertices_before": int(shapely.get_num_coordinates(polygons).sum()),
                "vertices_after": int(shapely.get_num_coordinates(simple).sum()),
            }
    raise SystemExit(f"no tolerance keeps the borders within {limit} m")


def dissolve(delomraden: gpd.GeoDataFrame, names: pd.Series) -> gpd.GeoDataFrame:
    """Make the 14 GeSO as unions of their delområden, at full resolution, in numeric order."""
    codes = sorted(names.index, key=int)
    unions = [
        shapely.coverage_union_all(delomraden.geometry[delomraden["geso_kod"] == code].to_numpy())
        for code in codes
    ]
    return gpd.GeoDataFrame(
        {"geso_kod": codes, "geso_namn": names[codes].to_numpy()}, geometry=unions, crs=CRS
    )


# ----------------------------------------------------------------------------------- crosswalks


def intersect(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """All pieces of left in right, with their radius; lines and points of touch are no pieces."""
    pieces = gpd.overlay(left, right, how="intersection", keep_geom_type=False)
    pieces = pieces[pieces.area > 0].reset_index(drop=True)
    pieces["area"] = pieces.area
    pieces["radius"] = [radius(piece) for piece in pieces.geometry]
    return pieces


def keep_real(pieces: gpd.GeoDataFrame, *, sliver: float) -> gpd.GeoDataFrame:
    """Pieces that are no slivers, each source's largest in any case, with the share dropped."""
    area = pieces.groupby("source")["area"]
    main = pieces["area"] == area.transform("max")
    real = main | (pieces["radius"] > sliver)
    dropped = pieces["area"].where(~real, 0.0).groupby(pieces["source"]).transform("sum")
    shared = (dropped / area.transform("sum")).where(main, 0.0)
    return pieces.assign(sliver_share=shared)[real].reset_index(drop=True)


def without_parks(polygons: gpd.GeoSeries, delomraden: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Take the delområden that are parks by name out of the polygons."""
    parks = delomraden.geometry[delomraden["delomr_namn"].str.endswith(PARK_SUFFIX)]
    return polygons.difference(shapely.union_all(parks.to_numpy()))


def pieces(sources: gpd.GeoDataFrame, geso: gpd.GeoDataFrame, *, sliver: float) -> pd.DataFrame:
    """All real pieces of sources (``source``, geometry) in GeSO (``target``)."""
    targets = geso[["geso_kod", "geometry"]].rename(columns={"geso_kod": "target"})
    return keep_real(intersect(sources, targets), sliver=sliver)


def resolved(homes: pd.DataFrame, points: gpd.GeoDataFrame, whole: set[str]) -> pd.Series:
    """Return the share of each source's people in valdistrikt that lie whole in one GeSO.

    Those the voters place; nobody has to be told apart by the kind of address.
    """
    placed = homes["address"].map(points["district"]).isin(whole)
    people = homes["residents"].groupby(homes["source"]).sum()
    return homes["residents"].where(placed, 0.0).groupby(homes["source"]).sum() / people


def share(values: pd.Series, sources: pd.Series) -> pd.Series:
    """Each value's share of its source's sum."""
    return values / values.groupby(sources).transform("sum")


def exact_shares(weights: pd.Series, sources: pd.Series, *, decimals: int = 6) -> pd.Series:
    """Round so that each source's decimals sum to exactly 1 (largest remainder)."""
    unit = 10**decimals
    scaled = weights * unit
    whole = np.floor(scaled + 1e-9)
    missing = unit - whole.groupby(sources).transform("sum")
    rank = (scaled - whole).groupby(sources).rank(method="first", ascending=False)
    return (whole + (rank <= missing)) / unit


def certainty(row: pd.Series, *, full_resolution: bool) -> str:
    """How sure a weight is, by the rule in README.md."""
    if row["method"] == "addresses":
        return "medium" if row["kind"] in MEDIUM else "low"
    if row["sliver_share"] > LARGE_SLIVER or row["source"] in KNOWN_WRONG_OUTLINE:
        return "medium"
    return "exact" if full_resolution else "high"


def with_homes(real: pd.DataFrame, held: pd.Series) -> pd.DataFrame:
    """Keep nested sources, and of split ones the pieces that hold anybody."""
    found = held.reindex(pd.MultiIndex.from_frame(real[["source", "target"]])).to_numpy()
    whole = ~real["source"].duplicated(keep=False)
    return real[whole | (found > 0)].reset_index(drop=True)


def weights_of(held: pd.Series, real: pd.DataFrame) -> pd.Series:
    """Each piece's share of what its source's addresses hold; the whole of a nested source."""
    found = held.reindex(pd.MultiIndex.from_frame(real[["source", "target"]])).to_numpy()
    split = real["source"].duplicated(keep=False)
    amounts = pd.Series(found, index=real.index).fillna(0.0).where(split, 1.0)
    return exact_shares(share(amounts, real["source"]), real["source"])


def error_of(weight: pd.Series, table: pd.DataFrame, error: pd.Series) -> pd.Series:
    """Return the error of each weight, none where nothing is split.

    That of its kind is measured of one half, and less towards none and all; where a judgement has
    moved the weight there, the test says nothing of it and the error stays whole.
    """
    spread = np.sqrt(4 * weight * (1 - weight)).mask(table["judged"], 1.0)
    return (table["kind"].map(error) * spread).fillna(0.0)


def crosswalk(
    real: pd.DataFrame, points: gpd.GeoDataFrame, split: Split, *, full_resolution: bool
) -> pd.DataFrame:
    """Weights from sources to GeSO: nested, or split by what is estimated at each address."""
    homes = split.homes.assign(target=split.homes["address"].map(points["target"]))
    held = homes.groupby(["source", "target"])[["residents", "dwellings"]].sum()
    real = with_homes(real, held["residents"])
    parted = real["source"].duplicated(keep=False)
    by_judgement = judged(homes, points)
    table = real.assign(
        method=np.where(parted, "addresses", "nested"),
        kind=real["source"].map(split.kind).where(parted),
        judged=real["source"].isin(by_judgement.index[by_judgement]),
        resolved=real["source"].map(split.resolved).where(parted),
        weight=weights_of(held["residents"], real),
        weight_dwellings=weights_of(held["dwellings"], real),
        weight_area=exact_shares(share(real["area"], real["source"]), real["source"]),
    )
    table["certainty"] = table.apply(certainty, axis=1, full_resolution=full_resolution)
    error = split.error
    table["error"] = error_of(table["weight"], table, error["residents"])
    table["error_dwellings"] = error_of(table["weight_dwellings"], table, error["dwellings"])
    order = table.assign(number=table["target"].astype(int)).sort_values(["source", "number"])
    return order[COLUMNS].reset_index(drop=True)


# -------------------------------------------------------------------------------------- figures


def demo_figures(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures per DeSO for the demo, with bases computed from the age bands of both sexes."""
    bands = figures.filter(regex=r"^[mf]_\d")
    lower = bands.columns.str.extract(r"_(\d+)")[0].astype(int).to_numpy()
    men = bands.columns.str.startswith("m_")
    young, working = lower < 20, (lower >= 20) & (lower < 65)  # noqa: PLR2004
    tenures = ["dw_rental", "dw_coop", "dw_owner", "dw_unknown"]
    return pd.DataFrame(
        {
            "residents": figures["pop_2025"],
            "residents_0_19": bands.loc[:, young].sum(axis=1),
            "residents_20_64": bands.loc[:, working].sum(axis=1),
            "low_econ_share_2024": figures["low_econ_2024"],
            "employed_share_2024": figures["employment_2024"],
            **{tenure: figures[tenure] for tenure in tenures},
            "dw_total": figures[tenures].sum(axis=1),
            "women": bands.loc[:, ~men].sum(axis=1),
            "men": bands.loc[:, men].sum(axis=1),
        }
    ).rename_axis("deso_kod")


def move(counts: pd.DataFrame, table: pd.DataFrame, by: str = "weight") -> pd.DataFrame:
    """Move counts per source to counts per GeSO."""
    rows = counts.loc[table["source"]].mul(table[by].to_numpy(), axis=0)
    moved = rows.groupby(table["target"].to_numpy()).sum()
    return moved.loc[sorted(moved.index, key=int)]


def control_table(
    demo: pd.DataFrame, turnout: pd.DataFrame, walks: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Compute the demo figures per GeSO, to compare with what is known of the city."""
    low = demo["low_econ_share_2024"] / 100 * demo["residents"]
    counts = move(demo[["residents"]].assign(low=low), walks["deso2025_geso"])
    dwellings = demo[["dw_total", "dw_rental"]].assign(own=demo["dw_coop"] + demo["dw_owner"])
    homes = move(dwellings, walks["deso2025_geso"], by="weight_dwellings")
    votes = move(turnout, walks["valdistrikt2022_geso"])
    return pd.DataFrame(
        {
            "residents": counts["residents"],
            "low_econ_%": 100 * counts["low"] / counts["residents"],
            "dwellings": homes["dw_total"],
            "owned_%": 100 * homes["own"] / (homes["own"] + homes["dw_rental"]),
            "entitled": votes["entitled"],
            "turnout_%": 100 * votes["voted"] / votes["entitled"],
        }
    )


def check_totals(demo: pd.DataFrame, turnout: pd.DataFrame, control: pd.DataFrame) -> None:
    """Stop when a city total is not the published one, before or after moving to GeSO."""
    found = {
        "residents": demo["residents"].sum(),
        "dwellings": demo["dw_total"].sum(),
        "entitled": turnout["entitled"].sum(),
        "voted": turnout["voted"].sum(),
    }
    moved = control[["residents", "dwellings", "entitled"]].sum()
    if {name: int(total) for name, total in found.items()} != EXPECTED:
        raise SystemExit(f"totals {found}, expected {EXPECTED}")
    if any(abs(moved[name] - EXPECTED[name]) > ROUNDING for name in moved.index):
        raise SystemExit(f"totals after moving {moved.to_dict()}, expected {EXPECTED}")


# -------------------------------------------------------------------------------------- writing


def write_layer(frame: gpd.GeoDataFrame, path: Path, *, title: str, about: str) -> None:
    """Write one GeoPackage, the same bytes each time."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": TIMESTAMP})
    pyogrio.write_dataframe(
        frame,
        path,
        layer=path.stem,
        driver="GPKG",
        promote_to_multi=True,
        dataset_options={"VERSION": "1.3"},
        layer_options={"GEOMETRY_NAME": "geom", "IDENTIFIER": title, "DESCRIPTION": about},
    )


def write_table(frame: pd.DataFrame, path: Path, *, float_format: str | None = None) -> None:
    """Write one CSV: UTF-8, comma, decimal point, LF."""
    frame.to_csv(path, index=False, float_format=float_format, lineterminator="\n")


def write_geso(geso: gpd.GeoDataFrame, out: Path) -> dict[str, float]:
    """Generalise and write the 14 GeSO."""
    simple, reached = generalise(
        geso.geometry.to_numpy(), tolerances=GESO_TOLERANCES, limit=GESO_HAUSDORFF
    )
    write_layer(
        geso.set_geometry(gpd.GeoSeries(simple, crs=CRS)),
        out / "geso.gpkg",
        title="Malmös 14 geografiska statistikområden (GeSO) 2022",
        about="Sammanslagna ur Malmö stads 136 delområden (CC0), förenklade till högst 2 m.",
    )
    return reached


def name_deso(member: pd.DataFrame, addresses: gpd.GeoDataFrame) -> pd.DataFrame:
    """Name each DeSO after the delområde with most of its addresses, and say how many: ``share``.

    Of equals the first in the alphabet; several DeSO can have one name.
    """
    place = addresses["place"].loc[member["address"]].to_numpy()
    held = member.groupby(["source", place], as_index=False, sort=True)["inside"].sum()
    held.columns = pd.Index(["deso_kod", "deso_namn", "inside"])
    held["share"] = held["inside"] / held.groupby("deso_kod")["inside"].transform("sum")
    most = held.sort_values(["inside"], ascending=False, kind="stable").drop_duplicates("deso_kod")
    return most.set_index("deso_kod")[["deso_namn", "share"]].sort_index()


def write_deso(
    deso: gpd.GeoDataFrame, walk: pd.DataFrame, names: pd.Series, out: Path
) -> dict[str, float]:
    """Generalise and write the 209 DeSO, named, with the GeSO where most of their people live."""
    main = walk.sort_values("weight").groupby("source")["target"].last()
    simple, reached = generalise(
        deso.geometry.to_numpy(), tolerances=DESO_TOLERANCES, limit=DESO_HAUSDORFF
    )
    columns = ["deso_kod", "deso_namn", "regso_kod", "geso_kod", "geometry"]
    code = deso["deso_kod"]
    named = deso.assign(deso_namn=code.map(names), geso_kod=code.map(main), geometry=simple)
    frame = named[columns]
    write_layer(
        gpd.GeoDataFrame(frame, crs=CRS),
        out / "deso2025.gpkg",
        title="Malmös 209 DeSO 2025, för kartor",
        about="Ur SCB:s DeSO 2025 (CC0), starkt förenklade: gränser upp till 45 m fel, 1280C2660 "
        "22 % fel i yta. geso_kod är det GeSO där flest bor, deso_namn delområdet med flest "
        "adresser. Inte för överlagring.",
    )
    return reached


def write_delomraden(delomraden: gpd.GeoDataFrame, out: Path) -> None:
    """Write the 136 delområden as a table: their computed area, and where a name has most room."""
    circles = shapely.maximum_inscribed_circle(delomraden.geometry.to_numpy(), LABEL_TOLERANCE)
    east, north = shapely.get_coordinates(shapely.get_point(circles, 0)).round().astype(int).T
    table = delomraden.assign(area_m2=delomraden.area.round().astype(int), x=east, y=north)
    columns = ["delomr_kod", "delomr_namn", "geso_kod", "area_m2", "x", "y"]
    write_table(table.sort_values("delomr_kod")[columns], out / "delomraden.csv")


def areas_of(figures: pd.DataFrame) -> Areas:
    """Residents, dwellings and owned houses per DeSO."""
    dwellings = figures.filter(regex=r"^dw_").fillna(0).sum(axis=1).astype(float)
    return Areas(figures["pop_2025"].astype(float), dwellings, figures["dw_owner"].fillna(0.0))


class Built(NamedTuple):
    """The crosswalks to GeSO by name, every estimator tried on artificial straddlers, and names."""

    walks: dict[str, pd.DataFrame]
    tried: pd.DataFrame
    names: pd.DataFrame


def build_crosswalks(data: Originals, geso: gpd.GeoDataFrame) -> Built:
    """Both crosswalks to GeSO, split by the homes at addresses."""
    deso = data.deso.set_index("deso_kod").geometry
    districts = data.districts.set_index("valdistrikt_kod").geometry
    real, in_district = (
        pieces(frame.rename_axis("source").reset_index()[["source", "geometry"]], geso, sliver=size)
        for frame, size in ((deso, DESO_SLIVER), (districts, DISTRICT_SLIVER))
    )
    points, areas = data.addresses, areas_of(data.figures)
    leads = real.groupby("source")["target"].agg(set).to_dict()
    whole = {code: min(found) for code, found in leads.items() if len(found) == 1}
    member = members(points, deso, same_outlines(deso, districts), leads)
    homes = counted(estimate(points, member, areas, list(whole)), points)
    voters = data.votes["rostberattigade"].astype(float)
    inhabited = without_parks(deso, data.delomraden).area
    tried = measure(City(points, member, areas, whole, homes, voters, inhabited), deso)
    error = errors(tried)["error"].unstack("of")
    kind = (areas.owned / member.groupby("source")["inside"].sum()).map(kind_of)
    nested_districts = set(in_district["source"].drop_duplicates(keep=False))
    of_deso = deso_split(homes, data, nested_districts, error, kind)
    of_district = district_split(homes, data, error, kind)
    walk = crosswalk(in_district, points, of_district, full_resolution=True)
    return Built(
        {
            "deso2025_geso": crosswalk(real, points, of_deso, full_resolution=False),
            "valdistrikt2022_geso": walk.drop(columns=OF_DESO),
        },
        tried,
        name_deso(member, points),
    )


def deso_split(
    homes: pd.DataFrame, data: Originals, whole: set[str], error: pd.DataFrame, kind: pd.Series
) -> Split:
    """Split DeSO by what the addresses hold, scaled to the voters of their valdistrikt."""
    voters = data.votes["rostberattigade"].astype(float)
    by_voters = scaled(homes, data.addresses["district"], voters)
    placed = resolved(by_voters, data.addresses, whole)
    by_kind = kind.mask(placed.reindex(kind.index) >= RESOLVED_SHARE, "voters")
    return Split(by_voters, error, by_kind, placed)


def district_split(
    homes: pd.DataFrame, data: Originals, error: pd.DataFrame, kind: pd.Series
) -> Split:
    """Split valdistrikt by what the addresses hold; they are of the kind of their main DeSO."""
    district = homes["address"].map(data.addresses["district"])
    most = homes["residents"].groupby([district.rename("district"), homes["source"]]).sum()
    main = most.groupby("district").idxmax().map(lambda pair: pair[1])
    return Split(homes.assign(source=district), error, main.map(kind), pd.Series(dtype=float))


def summarise(walk: pd.DataFrame, counts: pd.Series) -> dict[str, object]:
    """Count what a crosswalk rests on: how many are split, and how many people live there."""
    split = walk[walk["method"] == "addresses"]
    sources = split["source"].unique()
    worst = walk.groupby("source")["certainty"].agg(
        lambda kinds: next(k for k in ("low", "medium", "high", "exact") if k in set(kinds))
    )
    differs = counts.loc[split["source"]].to_numpy() * (split["weight"] - split["weight_area"])
    return {
        "sources": int(walk["source"].nunique()),
        "split": len(sources),
        "people_in_split": int(counts.loc[sources].sum()),
        "people_in_split_share": round(float(counts.loc[sources].sum() / counts.sum()), 4),
        "people_placed_otherwise_than_by_area": round(float(differs.abs().sum() / 2)),
        "sources_by_certainty": {str(k): int(n) for k, n in worst.value_counts().items()},
        "people_by_certainty": {
            str(kind): int(counts.loc[worst.index[worst == kind]].sum()) for kind in worst.unique()
        },
        "largest_sliver_share": round(float(walk["sliver_share"].max()), 4),
    }


def summarise_names(names: pd.DataFrame) -> dict[str, object]:
    """Say how well the names of DeSO hold: how many are mostly, or not even half, in theirs."""
    return {
        "names": int(names["deso_namn"].nunique()),
        "over_nine_tenths": int((names["share"] > MOST).sum()),
        "under_half": sorted(names.index[names["share"] < HALF]),
    }


def nested(table: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """Return a table with two keys as mappings."""
    return {str(key): part.droplevel(0).to_dict("index") for key, part in table.groupby(level=0)}


def build(source: Path, out: Path, demo_folder: Path) -> dict[str, object]:
    """Build everything; return what was measured."""
    data = read_originals(source)
    geso = dissolve(data.delomraden, data.geso_names)
    walks, tried, names = build_crosswalks(data, geso)
    demo = demo_figures(data.figures)
    turnout = data.votes.rename(columns={"rostberattigade": "entitled", "rostande": "voted"})
    turnout = turnout[["entitled", "voted"]]
    control = control_table(demo, turnout, walks)
    check_totals(demo, turnout, control)
    measured: dict[str, object] = {
        "geso": write_geso(geso, out),
        "deso2025": write_deso(data.deso, walks["deso2025_geso"], names["deso_namn"], out),
        "deso2025_names": summarise_names(names),
    }
    write_delomraden(data.delomraden, out)
    for name, walk in walks.items():
        write_table(walk, out / f"crosswalk_{name}.csv", float_format="%.6f")
    write_table(demo.reset_index(), demo_folder / "deso2025.csv")
    write_table(turnout.reset_index(), demo_folder / "turnout2022.csv")
    measured["deso2025_geso"] = summarise(walks["deso2025_geso"], demo["residents"])
    measured["valdistrikt2022_geso"] = summarise(walks["valdistrikt2022_geso"], turnout["entitled"])
    measured["estimators"] = nested(summarise_test(tried).round(3))
    measured["errors"] = nested(errors(tried))
    measured["error_by_certainty"] = {
        name: typical_error(tried, voters=name == "medium") for name in ("medium", "low")
    }
    measured["control"] = control.round(1).to_dict("index")
    text = json.dumps(measured, indent=2, ensure_ascii=False, sort_keys=True)
    (out / "measured.json").write_text(text + "\n", encoding="utf-8")
    print(control.round(1).to_string())
    return measured


def main() -> None:
    """Read the arguments, build, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="folder of the open originals")
    parser.add_argument("--out", type=Path, default=HERE, help="where the divisions go")
    parser.add_argument("--demo", type=Path, default=DEMO, help="where the demo figures go")
    arguments = parser.parse_args()
    for folder in (arguments.out, arguments.demo):
        folder.mkdir(parents=True, exist_ok=True)
    measured = build(arguments.source, arguments.out, arguments.demo)
    del measured["control"]
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main()
