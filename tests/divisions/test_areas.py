"""The shipped divisions and crosswalks keep their laws, and bad ones are refused."""

from __future__ import annotations

import importlib.util
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geolyft.divisions import areas as boundaries
from geolyft.divisions.areas import (
    DIVISIONS,
    clean_deso,
    demo_folder,
    is_shipped,
    list_divisions,
    load_areas,
    natural_key,
    shipped,
)
from geolyft.divisions.crosswalks import (
    CROSSWALKS,
    Crosswalk,
    identity_crosswalk,
    load_crosswalk,
)
from geolyft.errors import CODES, AreaError, GeolyftWarning

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
ORIGINALS = ROOT.parent / "shared" / "data"
needs_originals = pytest.mark.skipif(
    not ORIGINALS.is_dir(), reason="the publishers' originals are not here"
)

CITY_AREA = 161_406_880  # m², the delområden's
RESIDENTS, DWELLINGS, ENTITLED, VOTED = 367_886, 183_757, 251_172, 189_143


ORIGIN = (118_000.0, 6_163_000.0)  # a corner of Malmö in EPSG:3008; below, metres from there


def square(x: float, y: float = 0.0, size: float = 100.0) -> shapely.Polygon:
    return shapely.box(x, y, x + size, y + size)


def city(folder: Path, *, codes: list[object], shapes: list[object], **columns: object) -> Path:
    path = folder / "areas.gpkg"
    frame = {"code": codes, **columns}
    gpd.GeoDataFrame(frame, geometry=in_malmo(shapes), crs=3008).to_file(path)
    return path


def in_malmo(shapes: list[object]) -> np.ndarray:
    return gpd.GeoSeries(shapes).translate(*ORIGIN).to_numpy()


def write_csv(folder: Path, text: str) -> Path:
    path = folder / "walk.csv"
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------------------- shipped divisions


@pytest.mark.parametrize("division", DIVISIONS)
def test_every_division_loads_as_the_registry_says(division: str) -> None:
    areas = load_areas(division)
    assert len(areas) == DIVISIONS[division].count
    assert areas.index.name == "area"
    assert list(areas.columns) == ["name", "geometry"]
    assert set(areas.geom_type) == {"MultiPolygon"}
    assert areas.crs.to_epsg() == 3008
    assert list(areas.index) == sorted(areas.index, key=natural_key)


@pytest.mark.parametrize("division", DIVISIONS)
def test_no_gap_and_no_overlap(division: str) -> None:
    shapes = load_areas(division).geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.union_all(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, abs=0.01)
    assert all(len(part.interiors) == 0 for part in shapely.get_parts(whole))


@pytest.mark.parametrize("division", DIVISIONS)
def test_coordinates_are_whole_centimetres(division: str) -> None:
    coordinates = shapely.get_coordinates(load_areas(division).geometry.to_numpy())
    assert np.abs(coordinates * 100 - np.round(coordinates * 100)).max() < 1e-5


def test_geso_are_fourteen_in_natural_order_and_cover_the_city() -> None:
    areas = load_areas("geso")
    assert list(areas.index) == [str(number) for number in range(1, 15)]
    assert areas["name"]["10"] == "Örtagården, Herrgården m fl"
    assert areas.area.sum() == pytest.approx(CITY_AREA, rel=1e-6)


def test_delomraden_add_up_to_the_geso() -> None:
    table = pd.read_csv(shipped("delomraden.csv"), dtype={"delomr_kod": "str", "geso_kod": "str"})
    assert len(table) == 136
    assert table["delomr_kod"].is_unique
    areas = load_areas("geso")
    sums = table.groupby("geso_kod")["area_m2"].sum()
    assert np.allclose(sums[areas.index], areas.area, rtol=1e-3)


def test_the_shipped_geopackages_are_version_1_3_with_a_title() -> None:
    for division in DIVISIONS.values():
        head = shipped(division.file).read_bytes()[:100]
        assert int.from_bytes(head[60:64], "big") == 10300
        assert division.layer.encode() in shipped(division.file).read_bytes()


@needs_originals
def test_geso_borders_stay_within_two_metres_of_the_original() -> None:
    build = load_build()
    data = build.read_originals(ORIGINALS)
    original = build.dissolve(data.delomraden, data.geso_names).set_index("geso_kod")
    shapes = load_areas("geso").geometry
    before, after = original.geometry[shapes.index].to_numpy(), shapes.to_numpy()
    assert build.border_distance(before, after) <= 2.0
    assert build.area_moved(before, after) < 1e-4


@needs_originals
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    build = load_build()
    build.build(ORIGINALS, tmp_path, tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert len(made) == 8
    for name in made:
        own = ROOT / "boundaries" / name
        own = own if own.exists() else ROOT / "examples" / "demo" / name
        assert (tmp_path / name).read_bytes() == own.read_bytes(), name


def load_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "boundaries" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(ROOT / "boundaries"))  # it imports the scripts beside it
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


# --------------------------------------------------------------------------- shipped crosswalks


@pytest.mark.parametrize("name", CROSSWALKS)
def test_weights_sum_to_exactly_one_as_written(name: str) -> None:
    table = pd.read_csv(shipped(f"crosswalk_{name}.csv"), dtype="str")
    for column in {"weight", "weight_dwellings", "weight_area"}.intersection(table.columns):
        sums = table[column].map(Decimal).groupby(table["source"]).sum()
        assert set(sums) == {Decimal(1)}, column


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("deso2025_geso", 209),
        ("valdistrikt2022_geso", 210),
        ("regso2025_geso", 91),
        ("deso2018_geso", 192),
        ("deso2025blocks_geso", 209),
    ],
)
def test_a_crosswalk_leads_every_source_to_the_geso(name: str, sources: int) -> None:
    table = load_crosswalk(name).table
    assert table["source"].nunique() == sources
    assert set(table["target"]) == set(load_areas("geso").index)
    assert set(table["certainty"]) <= {"exact", "high", "medium", "low"}
    nested = table["method"] == "nested"
    assert (table.loc[nested, "weight"] == 1).all()
    assert table.loc[~nested, "weight"].between(0, 1, inclusive="neither").all()


def test_the_deso_map_and_the_crosswalk_name_the_same_areas() -> None:
    assert set(load_areas("deso2025").index) == set(load_crosswalk("deso2025_geso").table["source"])


def to_geso(counts: pd.DataFrame, name: str) -> pd.DataFrame:
    table = load_crosswalk(name).table
    moved = counts.loc[table["source"]].mul(table["weight"].to_numpy(), axis=0)
    return moved.groupby(table["target"].to_numpy()).sum()


def demo(name: str, key: str) -> pd.DataFrame:
    return pd.read_csv(demo_folder() / name, dtype={key: "str"}).set_index(key)


def test_the_citys_totals_survive_the_move() -> None:
    deso, votes = demo("deso2025.csv", "deso_kod"), demo("turnout2022.csv", "valdistrikt_kod")
    assert deso["residents"].sum() == RESIDENTS
    assert deso["dw_total"].sum() == DWELLINGS
    assert votes.sum().tolist() == [ENTITLED, VOTED]
    moved = to_geso(deso[["residents", "dw_total"]], "deso2025_geso")
    assert moved.sum().tolist() == pytest.approx([RESIDENTS, DWELLINGS], abs=1e-6)
    moved = to_geso(votes, "valdistrikt2022_geso")
    assert moved.sum().tolist() == pytest.approx([ENTITLED, VOTED], abs=1e-6)


def test_the_figures_say_of_the_city_what_is_known_of_it() -> None:
    votes = to_geso(demo("turnout2022.csv", "valdistrikt_kod"), "valdistrikt2022_geso")
    turnout = 100 * votes["voted"] / votes["entitled"]
    assert turnout.idxmin() == "10"
    assert turnout["10"] == pytest.approx(55, abs=1)
    assert turnout["7"] == pytest.approx(85, abs=1)
    deso = demo("deso2025.csv", "deso_kod")
    poor = deso.assign(poor=deso["residents"] * deso["low_econ_share_2024"])
    moved = to_geso(poor[["residents", "poor"]], "deso2025_geso")
    assert (moved["poor"] / moved["residents"])["10"] == pytest.approx(50, abs=2)


def test_what_was_measured_stands_beside_the_files() -> None:
    measured = json.loads(shipped("measured.json").read_text(encoding="utf-8"))
    assert measured["geso"]["hausdorff_m"] <= 2
    assert measured["deso2025_geso"]["split"] == 15
    assert measured["valdistrikt2022_geso"]["split"] == 9


# ------------------------------------------------------------------------------ a city of one's own


def test_any_citys_polygons_load_by_their_only_code_column(tmp_path: Path) -> None:
    shapes = [square(200), square(100), square(0)]
    path = city(tmp_path, codes=["10", "2", "1"], shapes=shapes, namn=["Å", "Ä", "Ö"])
    areas = load_areas(path)
    assert areas["name"].to_dict() == {"1": "Ö", "2": "Ä", "10": "Å"}


def test_a_code_stands_in_for_a_missing_name(tmp_path: Path) -> None:
    areas = load_areas(city(tmp_path, codes=["a"], shapes=[square(0)]))
    assert areas["name"].to_dict() == {"a": "a"}


@pytest.mark.parametrize("codes", [[1, 2], [1.0, 2.0], ["1", "2"]])
def test_number_codes_become_text_without_a_fraction(tmp_path: Path, codes: list[object]) -> None:
    areas = load_areas(city(tmp_path, codes=codes, shapes=[square(0), square(100)]), code="code")
    assert list(areas.index) == ["1", "2"]


def test_leading_zeros_survive(tmp_path: Path) -> None:
    areas = load_areas(city(tmp_path, codes=["0180", "0114"], shapes=[square(0), square(100)]))
    assert list(areas.index) == ["0114", "0180"]


def test_gaps_are_allowed(tmp_path: Path) -> None:
    assert len(load_areas(city(tmp_path, codes=["a", "b"], shapes=[square(0), square(500)]))) == 2


def test_heights_are_dropped(tmp_path: Path) -> None:
    areas = load_areas(city(tmp_path, codes=["a"], shapes=[shapely.force_3d(square(0), 7.0)]))
    assert not areas.geometry.has_z.any()


def test_reprojection_happens_when_asked_for_and_only_then(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    gpd.GeoDataFrame(
        {"code": ["a"]}, geometry=[shapely.box(13, 55.6, 13.1, 55.7)], crs=4326
    ).to_file(path)
    with pytest.raises(AreaError) as refusal:
        load_areas(path)
    assert refusal.value.code == "areas-crs"
    assert load_areas(path, to_crs=3008).crs.to_epsg() == 3008


def test_slivers_of_overlap_are_closed_and_reported(tmp_path: Path) -> None:
    path = city(tmp_path, codes=["a", "b"], shapes=[square(0), square(100 - 0.003)])
    with pytest.warns(GeolyftWarning, match=r"1 overlaps and 0 gaps .* moved 0.300 m²"):
        areas = load_areas(path)
    assert areas.area.sum() == pytest.approx(2 * 10_000 - 0.3)
    assert not shapely.intersection(*areas.geometry).area


def test_codes_may_be_the_primary_key_of_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    shapes = in_malmo([square(0), square(100)])
    areas = gpd.GeoDataFrame({"namn": ["Väst", "Öst"]}, geometry=shapes, index=[7, 31], crs=3008)
    pyogrio.write_dataframe(
        areas.rename_axis("kod").reset_index(), path, layer_options={"FID": "kod"}
    )
    with_key = load_areas(path, code="kod")
    assert with_key["name"].to_dict() == {"7": "Väst", "31": "Öst"}
    assert load_areas(path).index.tolist() == ["7", "31"]


def test_a_primary_key_is_no_code_where_another_column_is(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    areas = gpd.GeoDataFrame(
        {"objectid": [7, 31], "kod": ["a", "b"]},
        geometry=in_malmo([square(0), square(100)]),
        crs=3008,
    )
    pyogrio.write_dataframe(areas, path, layer_options={"FID": "objectid"})
    assert load_areas(path).index.tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("codes", "shapes", "refused", "says"),
    [
        (["a", "a"], [square(0), square(100)], "areas-code", "occurs twice"),
        ([1.5, 2.0], [square(0), square(100)], "areas-code", "no whole numbers, first '1.5'"),
        (["a", None], [square(0), square(100)], "areas-code", "1 of 2 areas have no code"),
        (["a", " b"], [square(0), square(100)], "areas-code", "no clean text"),
        (["a", "city"], [square(0), square(100)], "areas-code", "reserved"),
        (["a", "=1"], [square(0), square(100)], "areas-code", "spreadsheets compute"),
        (["a", "-1"], [square(0), square(100)], "areas-code", "spreadsheets compute"),
        (["a", "b;c"], [square(0), square(100)], "areas-code", "has a ';'"),
        (["a", "b"], [square(0), square(50)], "areas-overlap", "'a' and 'b' by 5000 m²"),
        (["a", "b"], [square(0), square(25, 25, 50)], "areas-overlap", "2500 m²"),
        (
            ["a", "b"],
            [square(500), shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])],
            "areas-geometry",
            "first 'b'",
        ),
        (["a", "b"], [square(0), shapely.Point(500, 500)], "areas-geometry", "first 'b'"),
    ],
)
def test_polygons_that_cannot_carry_statistics_are_refused(
    tmp_path: Path, codes: list[object], shapes: list[object], refused: str, says: str
) -> None:
    path = tmp_path / "areas.parquet"
    gpd.GeoDataFrame({"code": codes}, geometry=in_malmo(shapes), crs=3008).to_parquet(path)
    with pytest.raises(AreaError, match=says) as refusal:
        load_areas(path, code="code")
    assert refusal.value.code == refused
    assert refusal.value.code in CODES


@pytest.mark.parametrize("columns", [{}, {"other_id": ["x"]}])
def test_an_unclear_code_column_is_refused(tmp_path: Path, columns: dict[str, list[str]]) -> None:
    path = tmp_path / "areas.parquet"
    both = {"kind_id": ["k"], **columns} if columns else {"label": ["k"]}
    gpd.GeoDataFrame(both, geometry=in_malmo([square(0)]), crs=3008).to_parquet(path)
    with pytest.raises(AreaError) as refusal:
        load_areas(path)
    assert refusal.value.code == "areas-column"


@pytest.mark.parametrize("asked", [{"code": "kod"}, {"code": "code", "name": "title"}])
def test_a_column_that_is_not_there_is_refused(tmp_path: Path, asked: dict[str, str]) -> None:
    path = city(tmp_path, codes=["a"], shapes=[square(0)])
    with pytest.raises(AreaError, match="has no column") as refusal:
        load_areas(path, code=asked["code"], name=asked.get("name"))
    assert refusal.value.code == "areas-column"


@given(st.lists(st.integers(min_value=0, max_value=10**6), unique=True))
def test_natural_order_is_numeric_order(numbers: list[int]) -> None:
    assert sorted(map(str, numbers), key=natural_key) == list(map(str, sorted(numbers)))


def test_a_file_missing_from_the_installation_is_refused() -> None:
    with pytest.raises(AreaError) as refusal:
        shipped("atlantis.gpkg")
    assert refusal.value.code == "areas-shipped"


def test_an_installed_package_finds_its_own_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "shipped" / "boundaries" / "geso.gpkg"
    inside.parent.mkdir(parents=True)
    inside.touch()
    monkeypatch.setattr(boundaries, "files", lambda _: tmp_path)
    assert shipped("geso.gpkg") == inside


def test_a_code_is_shipped_and_a_path_is_not() -> None:
    assert [is_shipped(one) for one in ("geso", "geso.gpkg", Path("geso"))] == [True, False, False]
    assert list(list_divisions()["code"]) == list(DIVISIONS)


# ---------------------------------------------------------------------------- one's own crosswalk


def test_a_crosswalk_of_ones_own_loads_with_text_codes(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "source,target,weight\n0180,1,0.25\n0180,2,0.75\nNA,1,1\n")
    walk = load_crosswalk(path, source="small", target="large")
    assert walk.table["source"].tolist() == ["0180", "0180", "NA"]
    assert (walk.name, walk.source, walk.target) == ("walk", "small", "large")


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([("a", "1", 0.5), ("a", "2", 0.4)], "crosswalk-sum"),
        ([("a", "1", 1.0 + 1e-6)], "crosswalk-sum"),
        ([("a", "1", 1.5), ("a", "2", -0.5)], "crosswalk-weight"),
        ([("a", "1", float("nan"))], "crosswalk-weight"),
        ([("a", "1", float("inf"))], "crosswalk-weight"),
        ([("a", "1", 0.5), ("a", "1", 0.5)], "crosswalk-duplicate"),
        ([(1, "1", 1.0)], "crosswalk-code"),
        ([("a", " 1", 1.0)], "crosswalk-code"),
        ([("", "1", 1.0)], "crosswalk-code"),
        ([("a", None, 1.0)], "crosswalk-code"),
    ],
)
def test_a_crosswalk_that_would_change_totals_is_refused(
    rows: list[tuple[object, ...]], refused: str
) -> None:
    table = pd.DataFrame(rows, columns=["source", "target", "weight"])
    with pytest.raises(AreaError) as refusal:
        Crosswalk(name="own", source="a", target="b", table=table)
    assert refusal.value.code == refused
    assert refusal.value.code in CODES


def test_a_crosswalk_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AreaError, match="lacks weight") as refusal:
        load_crosswalk(write_csv(tmp_path, "source,target\na,1\n"))
    assert refusal.value.code == "crosswalk-columns"


def test_the_identity_leads_every_area_to_itself() -> None:
    table = identity_crosswalk(load_areas("geso")).table
    assert (table["source"] == table["target"]).all()
    assert (table["weight"] == 1).all()
    assert table["source"].tolist() == load_areas("geso").index.tolist()


def test_scbs_suffix_goes_and_bare_codes_stay() -> None:
    codes = pd.Series(["1280C1010_DeSO2025", "1280C1020"], index=[5, 6])
    cleaned = clean_deso(codes)
    assert cleaned.tolist() == ["1280C1010", "1280C1020"]
    assert cleaned.index.tolist() == [5, 6]


@pytest.mark.parametrize(
    ("degrees", "epsg", "metres"),
    [
        # Malmö C in the city's own CRS, and a published pair of SWEREF 99 TM.
        ((13.0007, 55.6059), 3008, (118531.17, 6164797.76)),
        ((13.09577306, 55.5417832), 3006, (379844.1709, 6156729.8055)),
    ],
)
def test_degrees_become_the_published_metres(
    degrees: tuple[float, float], epsg: int, metres: tuple[float, float]
) -> None:
    made = gpd.GeoSeries.from_xy([degrees[0]], [degrees[1]], crs=4326).to_crs(epsg)[0]
    assert (made.x, made.y) == pytest.approx(metres, abs=0.01)
