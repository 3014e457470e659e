"""What lies around the areas: cut to their surroundings, in their CRS, and refused where unfit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely import LineString, Point, Polygon, box

from geolyft.divisions.areas import load_areas
from geolyft.divisions.background import (
    MARGIN,
    Background,
    numbered,
    read_background,
    shipped_names,
)
from geolyft.errors import AreaError

if TYPE_CHECKING:
    from pathlib import Path

WEST, SOUTH = 118_000, 6_160_000
AREAS = gpd.GeoDataFrame(
    {"name": ["Ett"]}, geometry=[box(WEST, SOUTH, WEST + 1000, SOUTH + 1000)], index=["1"], crs=3008
)
FAR = 50_000


def write(folder: Path, shapes: list[object], *, crs: int = 3008, **columns: list[object]) -> Path:
    path = folder / "lager.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs=3008).to_crs(crs).to_file(path)
    return path


def at(east: float, north: float) -> Point:
    return Point(WEST + east, SOUTH + north)


def test_a_layer_is_taken_to_the_areas_crs_and_cut_a_margin_around_them(tmp_path: Path) -> None:
    road = LineString([at(-FAR, 500), at(FAR, 500)])
    path = write(tmp_path, [road, LineString([at(FAR, 0), at(FAR, 9)])], crs=3006, namn=["E6", "B"])
    read = read_background(path, kind="road", areas=AREAS, label="namn")
    assert read.frame.crs == AREAS.crs
    assert read.frame["namn"].tolist() == ["E6"]
    assert read.frame.length.sum() == pytest.approx(1000 + 2 * MARGIN, abs=1)
    assert read.understood is not None
    assert (read.understood.rows, len(read.understood.sha256)) == (2, 64)


def test_a_broken_polygon_is_mended_without_the_lines_that_mending_leaves(tmp_path: Path) -> None:
    bow = Polygon([at(0, 0), at(400, 400), at(400, 0), at(0, 400), at(0, 0)])
    path = write(tmp_path, [bow], namn=[" Stora \n sjön "])
    read = read_background(path, kind="water", areas=AREAS, label="namn")
    assert set(read.frame.geom_type) == {"Polygon"}
    assert read.frame.area.sum() == pytest.approx(80_000)
    assert set(read.frame["namn"]) == {"Stora sjön"}


def test_a_place_is_a_point_with_a_name(tmp_path: Path) -> None:
    shapes = [at(1, 1).buffer(50), at(200, 1).buffer(50)]
    path = write(tmp_path, shapes, namn=["Torget", None])
    read = read_background(path, kind="place", areas=AREAS, label="namn")
    assert set(read.frame.geom_type) == {"Point"}
    assert read.frame["namn"].tolist() == ["Torget"]


@pytest.mark.parametrize(
    ("code", "kind", "shape", "name", "label"),
    [
        ("background-label", "place", at(1, 1), "Torget", None),
        ("background-outside", "road", LineString([at(FAR, 0), at(FAR, 9)]), "E6", "namn"),
        ("background-personal", "place", at(1, 1), "19121212-1212", "namn"),
        ("background-shapes", "road", at(1, 1).buffer(50), "E6", None),
        ("background-shapes", "green", at(1, 1), "Parken", None),
    ],
)
def test_what_cannot_be_drawn_as_its_kind_is_refused_without_a_name(
    tmp_path: Path, code: str, kind: str, shape: object, name: str, label: str | None
) -> None:
    path = write(tmp_path, [shape], namn=[name])
    with pytest.raises(AreaError) as refused:
        read_background(path, kind=kind, areas=AREAS, label=label)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert name not in str(refused.value)


def test_layers_of_one_kind_are_told_apart() -> None:
    made = [Background(code=code, kind="road", frame=AREAS) for code in ("vagar", "gront", "vagar")]
    assert [each.code for each in numbered(made)] == ["vagar", "gront", "vagar_2"]


def test_every_shipped_name_stands_in_the_area_its_delomrade_is_part_of() -> None:
    areas = load_areas("geso")
    names = shipped_names(areas).frame
    inside = gpd.sjoin(names, areas, predicate="within")
    assert len(inside) == len(names) == 136
    known = dict(zip(inside["namn"], inside["area"], strict=True))
    assert (known["Rosengård Centrum"], known["Möllevången"], known["Oxievång"]) == ("10", "9", "4")
