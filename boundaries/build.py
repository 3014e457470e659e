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
ONE_SIDED = 0.95
PARK_SUFFIX = "parken"  # Pildammsparken, Kroksbäcksparken: parks, where nobody is spread

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


class People(NamedTuple):
    """Where people are known to be: polygons on a code, and how many in each."""

    polygons: gpd.GeoSeries
    counts: pd.Series


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
    return Originals(
        delomraden,
        names,
        deso.sort_values("deso_kod", ignore_index=True),
        districts.sort_values("valdistrikt_kod", ignore_index=True),
        figures.set_index("desokod").sort_index(),
        votes.set_index("valdistrikt_kod").sort_index(),
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


def inscribed_radius(geometry: shapely.Geometry) -> float:
    """Radius of the largest circle inside any part."""
    parts = [part for part in shapely.get_parts(geometry) if part.area > GRID**2]
    circles = [shapely.maximum_inscribed_circle(part, tolerance=0.5) for part in parts]
    return max((circle.length for circle in circles), default=0.0)


def intersect(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """All pieces of left in right, with their radius; lines and points of touch are no pieces."""
    pieces = gpd.overlay(left, right, how="intersection", keep_geom_type=False)
    pieces = pieces[pieces.area > 0].reset_index(drop=True)
    pieces["area"] = pieces.area
    pieces["radius"] = [inscribed_radius(piece) for piece in pieces.geometry]
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


def spread(pieces: gpd.GeoDataFrame, people: People) -> pd.DataFrame:
    """Place each polygon's people evenly in it and count them in each piece.

    ``resolved`` is the share of a source's people that come from polygons lying, within the
    source, on one side only: those the polygons place, and evenness does not.
    """
    known = people.polygons.rename_axis("known").reset_index(name="geometry")
    atoms = intersect(pieces[["source", "target", "geometry"]], gpd.GeoDataFrame(known, crs=CRS))
    # The same generalised borders, so the same strips along them carry nobody.
    atoms = atoms[atoms["radius"] > DESO_SLIVER]
    density = people.counts / people.polygons.area
    atoms = atoms.assign(people=atoms["area"] * atoms["known"].map(density))
    per_polygon = atoms.groupby(["source", "known"])["people"]
    largest = atoms.groupby(["source", "known", "target"])["people"].sum()
    one_sided = largest.groupby(["source", "known"]).max() >= ONE_SIDED * per_polygon.sum()
    placed = per_polygon.sum()[one_sided].groupby("source").sum()
    result = atoms.groupby(["source", "target"])["people"].sum().reset_index()
    total = result.groupby("source")["people"].sum()
    resolved = placed.reindex(total.index, fill_value=0.0) / total
    return result.assign(resolved=result["source"].map(resolved))


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
    if row["method"] == "dasymetric":
        return "medium" if row["resolved"] >= RESOLVED_SHARE else "low"
    if row["sliver_share"] > LARGE_SLIVER or row["source"] in KNOWN_WRONG_OUTLINE:
        return "medium"
    return "exact" if full_resolution else "high"


def crosswalk(
    sources: gpd.GeoDataFrame, geso: gpd.GeoDataFrame, *, people: People, full_resolution: bool
) -> pd.DataFrame:
    """Weights from sources (``source``, geometry) to GeSO: nested, or split by residents."""
    targets = geso[["geso_kod", "geometry"]].rename(columns={"geso_kod": "target"})
    sliver = DISTRICT_SLIVER if full_resolution else DESO_SLIVER
    real = keep_real(intersect(sources, targets), sliver=sliver)
    split = real["source"].duplicated(keep=False)
    table = real.merge(
        spread(real[split], people), on=["source", "target"], how="left", validate="one_to_one"
    )
    table["method"] = np.where(split, "dasymetric", "nested")
    table["people"] = table["people"].where(split, 1.0).fillna(0.0)
    table["weight"] = exact_shares(share(table["people"], table["source"]), table["source"])
    table["weight_area"] = exact_shares(share(table["area"], table["source"]), table["source"])
    table["certainty"] = table.apply(certainty, axis=1, full_resolution=full_resolution)
    order = table.assign(number=table["target"].astype(int)).sort_values(["source", "number"])
    columns = ["source", "target", "weight", "weight_area", "method", "certainty"]
    return order[[*columns, "sliver_share", "resolved"]].reset_index(drop=True)


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


def adults(figures: pd.DataFrame) -> pd.Series:
    """Residents aged 20 and over per DeSO."""
    bands = figures.filter(regex=r"^[mf]_\d")
    lower = bands.columns.str.extract(r"_(\d+)")[0].astype(int).to_numpy()
    return bands.loc[:, lower >= 20].sum(axis=1)  # noqa: PLR2004


def move(counts: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Move counts per source to counts per GeSO."""
    rows = counts.loc[table["source"]].mul(table["weight"].to_numpy(), axis=0)
    moved = rows.groupby(table["target"].to_numpy()).sum()
    return moved.loc[sorted(moved.index, key=int)]


def control_table(
    demo: pd.DataFrame, turnout: pd.DataFrame, walks: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Compute the demo figures per GeSO, to compare with what is known of the city."""
    low = demo["low_econ_share_2024"] / 100 * demo["residents"]
    counts = move(demo[["residents", "dw_total"]].assign(low=low), walks["deso2025_geso"])
    votes = move(turnout, walks["valdistrikt2022_geso"])
    return pd.DataFrame(
        {
            "residents": counts["residents"],
            "low_econ_%": 100 * counts["low"] / counts["residents"],
            "dwellings": counts["dw_total"],
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


def write_deso(deso: gpd.GeoDataFrame, walk: pd.DataFrame, out: Path) -> dict[str, float]:
    """Generalise and write the 209 DeSO with the GeSO most of each one's residents live in."""
    main = walk.sort_values("weight").groupby("source")["target"].last()
    simple, reached = generalise(
        deso.geometry.to_numpy(), tolerances=DESO_TOLERANCES, limit=DESO_HAUSDORFF
    )
    columns = ["deso_kod", "regso_kod", "geso_kod", "geometry"]
    frame = deso.assign(geso_kod=deso["deso_kod"].map(main), geometry=simple)[columns]
    write_layer(
        gpd.GeoDataFrame(frame, crs=CRS),
        out / "deso2025.gpkg",
        title="Malmös 209 DeSO 2025, för kartor",
        about="Ur SCB:s DeSO 2025 (CC0), starkt förenklade: gränser upp till 45 m fel, 1280C2660 "
        "22 % fel i yta. geso_kod är det GeSO där flest bor. Inte för överlagring.",
    )
    return reached


def write_delomraden(delomraden: gpd.GeoDataFrame, out: Path) -> None:
    """Write the 136 delområden as a table with their computed area."""
    table = delomraden.assign(area_m2=delomraden.area.round().astype(int))
    columns = ["delomr_kod", "delomr_namn", "geso_kod", "area_m2"]
    write_table(table.sort_values("delomr_kod")[columns], out / "delomraden.csv")


def build_crosswalks(data: Originals, geso: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    """Both crosswalks to GeSO, each split by the people the other source knows of."""
    deso = data.deso[["deso_kod", "geometry"]].rename(columns={"deso_kod": "source"})
    districts = data.districts[["valdistrikt_kod", "geometry"]]
    districts = districts.rename(columns={"valdistrikt_kod": "source"})
    inhabited = {
        name: without_parks(frame.set_index("source").geometry, data.delomraden)
        for name, frame in (("deso", deso), ("districts", districts))
    }
    voters = People(inhabited["districts"], data.votes["rostberattigade"])
    residents = People(inhabited["deso"], adults(data.figures))
    return {
        "deso2025_geso": crosswalk(deso, geso, people=voters, full_resolution=False),
        "valdistrikt2022_geso": crosswalk(districts, geso, people=residents, full_resolution=True),
    }


def summarise(walk: pd.DataFrame, counts: pd.Series) -> dict[str, object]:
    """Count what a crosswalk rests on: how many are split, and how many people live there."""
    split = walk[walk["method"] == "dasymetric"]
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


def build(source: Path, out: Path, demo_folder: Path) -> dict[str, object]:
    """Build everything; return what was measured."""
    data = read_originals(source)
    geso = dissolve(data.delomraden, data.geso_names)
    walks = build_crosswalks(data, geso)
    demo = demo_figures(data.figures)
    turnout = data.votes.rename(columns={"rostberattigade": "entitled", "rostande": "voted"})
    turnout = turnout[["entitled", "voted"]]
    control = control_table(demo, turnout, walks)
    check_totals(demo, turnout, control)
    measured: dict[str, object] = {
        "geso": write_geso(geso, out),
        "deso2025": write_deso(data.deso, walks["deso2025_geso"], out),
    }
    write_delomraden(data.delomraden, out)
    for name, walk in walks.items():
        write_table(walk, out / f"crosswalk_{name}.csv", float_format="%.6f")
    write_table(demo.reset_index(), demo_folder / "deso2025.csv")
    write_table(turnout.reset_index(), demo_folder / "turnout2022.csv")
    measured["deso2025_geso"] = summarise(walks["deso2025_geso"], demo["residents"])
    measured["valdistrikt2022_geso"] = summarise(walks["valdistrikt2022_geso"], turnout["entitled"])
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
