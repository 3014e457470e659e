"""A drawn place: who lives in it, what is refused, and what a page says of it."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from everything import EXPOSURE, write_noise
from needs import is_there
from shapely import Polygon, affinity, box
from small_run import in_malmo, people, write_small_run
from tagged_pdf import kinds, opened, tree

from geolyft import load_config, publish
from geolyft.action.places.polygons import check_places, lying
from geolyft.cli import main
from geolyft.errors import DisclosureError, GeolyftError
from geolyft.frames import EVERYONE
from geolyft.pipeline.place.make import make_places

if TYPE_CHECKING:
    from pathlib import Path

    from shapely import Geometry

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")

WEST, SOUTH = 118_000, 6_164_000


def drawn(*shapes: Geometry, crs: int = 3008) -> gpd.GeoDataFrame:
    moved = [affinity.translate(each, WEST, SOUTH) for each in shapes]
    names = [f"Kvarter {n}" for n in range(len(moved))]
    return gpd.GeoDataFrame({"namn": names}, geometry=moved, crs=crs)


def save(folder: Path, *shapes: Geometry) -> Path:
    file = folder / "places.gpkg"
    drawn(*shapes).to_file(file)
    return file


@pytest.fixture(scope="module")
def town(squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_run(tmp_path_factory.mktemp("place"), squares)


def test_residents_of_a_block_are_counted_and_rounded_and_an_area_is_the_area(
    town: Path, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    block, whole = box(2, 2, 15, 8), squares.geometry.iloc[2]
    file = save(tmp_path, block, whole)
    made = make_places(file, load_config(town), out=tmp_path / "out", name="namn")
    rows = people(squares, year=2024)
    inside = rows["x"].between(WEST + 2, WEST + 15) & rows["y"].between(SOUTH + 2, SOUTH + 8)
    of_block = made[0].figures.loc["A"]
    working = (rows.loc[inside, "arbetar"] == "ja").sum()
    rounded = [5 * np.floor(n / 5 + 0.5) for n in (working, inside.sum())]
    assert of_block["value"] == pytest.approx(100 * rounded[0] / rounded[1])
    assert (of_block["how"], made[0].area) == ("exact", "")

    seen = publish(load_config(town)).observations
    code = str(squares.index[2])
    of_area = seen[(seen["area"] == code) & (seen["period"] == "2024") & (seen["sex"] == EVERYONE)]
    published = of_area.set_index("indicator")["value"]
    assert made[1].area == code
    assert made[1].figures["value"].to_dict() == published.to_dict()
    assert set(made[1].figures["how"]) == {"area"}


def test_a_few_residents_are_refused_without_a_number(town: Path, tmp_path: Path) -> None:
    with pytest.raises(DisclosureError) as refusal:
        make_places(save(tmp_path, box(1, 1, 3, 3)), load_config(town), out=tmp_path / "out")
    assert refusal.value.code == "protect-place-few"
    assert re.findall(r"\d+", refusal.value.what) == ["100"]
    assert not (tmp_path / "out").exists()


def without_a_house(block: Polygon, squares: gpd.GeoDataFrame, *, half: float = 0.06) -> Geometry:
    """Cut the square around one resident's home out of a block."""
    rows = people(squares, year=2024).dropna(subset=["x"])
    x, y = rows["x"] - WEST, rows["y"] - SOUTH
    at = np.flatnonzero(x.between(4, 6) & y.between(4, 6))[0]
    east, north = x.iloc[at], y.iloc[at]
    home = box(east - half, north - half, east + half, north + half)
    return block.difference(home)


def test_a_block_and_the_block_without_a_house_are_never_both_published(
    town: Path, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    block = box(2, 2, 15, 8)
    other = without_a_house(block, squares)
    config = load_config(town)
    with pytest.raises(DisclosureError) as together:
        make_places(save(tmp_path, block, other), config, out=tmp_path / "both")
    make_places(save(tmp_path, block), config, out=tmp_path / "out")
    with pytest.raises(DisclosureError) as later:
        make_places(save(tmp_path, other), config, out=tmp_path / "out")
    assert {together.value.code, later.value.code} == {"protect-place-difference"}
    # The same polygon again, and another that differs by many, are as good as before.
    make_places(save(tmp_path, block, box(2, 2, 15, 14)), config, out=tmp_path / "out")
    with pytest.raises(DisclosureError):
        make_places(save(tmp_path, other), config, out=tmp_path / "out")


def test_an_area_without_a_house_is_the_area_or_refused(
    town: Path, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    area = next(each for each in squares.geometry if each.contains(box(4, 4, 6, 6)))
    config = load_config(town)
    # So small a hole is what two files differ by: no figure but the area's is told.
    nearly = save(tmp_path, without_a_house(area, squares))
    (made,) = make_places(nearly, config, out=tmp_path / "out")
    assert set(made.figures["how"]) == {"area"}
    less = save(tmp_path, without_a_house(area, squares, half=0.2))
    with pytest.raises(DisclosureError) as refusal:
        make_places(less, config, out=tmp_path / "out")
    assert refusal.value.code == "protect-place-difference"


def test_beside_a_ledger_of_releases_polygons_are_remembered_in_any_folder(
    town: Path, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    run = town.with_name("remembering.toml")
    memory = f'\n[releases]\nfile = "{(tmp_path / "ledger.sqlite").as_posix()}"\n'
    run.write_text(town.read_text("utf-8") + memory, encoding="utf-8")
    block = box(2, 2, 15, 8)
    make_places(save(tmp_path, block), load_config(run), out=tmp_path / "one")
    other = save(tmp_path, without_a_house(block, squares))
    with pytest.raises(DisclosureError):
        make_places(other, load_config(run), out=tmp_path / "two")


@pytest.mark.parametrize(
    ("shapes", "code"),
    [
        ([], "place-many"),
        ([box(n, 0, n + 1, 1) for n in range(101)], "place-many"),
        ([Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])], "place-shape"),
        ([box(0, 0, 9, 9).exterior], "place-shape"),
        ([box(15, 0, 60, 20)], "place-outside"),
    ],
)
def test_what_is_no_place_of_the_city_is_refused(
    squares: gpd.GeoDataFrame, shapes: list[Geometry], code: str
) -> None:
    with pytest.raises(GeolyftError) as refusal:
        check_places(drawn(*shapes), in_malmo(squares), where="places.gpkg")
    assert refusal.value.code == code


def test_degrees_that_say_they_are_metres_are_refused_and_real_degrees_are_taken(
    town: Path, tmp_path: Path
) -> None:
    block = drawn(box(2, 2, 15, 8))
    degrees = block.to_crs(4326)
    degrees.to_file(tmp_path / "real.geojson")
    degrees.set_crs(3008, allow_override=True).to_file(tmp_path / "wrong.gpkg")
    config = load_config(town)
    made = make_places(tmp_path / "real.geojson", config, out=tmp_path / "out")
    assert made[0].shape.area == pytest.approx(block.area.item(), rel=1e-3)
    with pytest.raises(GeolyftError):
        make_places(tmp_path / "wrong.gpkg", config, out=tmp_path / "other")


def test_a_place_with_a_hole_in_two_parts_lies_where_it_lies() -> None:
    areas = gpd.GeoDataFrame(geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)], index=["a", "b"])
    ring = box(1, 1, 9, 9).difference(box(4, 4, 6, 6)).union(box(12, 0, 14, 10))
    table = lying(gpd.GeoDataFrame(geometry=[ring], index=["p"]), areas)
    assert table["of_area"].tolist() == pytest.approx([0.6, 0.2])
    assert table["of_place"].sum() == pytest.approx(1)
    assert not table["is_same"].any()


def run_main(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["geolyft", "place", *words])
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def test_the_command_writes_a_page_with_the_questions_and_a_layer(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = str(tmp_path / "out")
    file = save(tmp_path, box(2, 2, 15, 8))
    assert run_main(monkeypatch, str(file), str(town), "--out", out) == 0
    page = (tmp_path / "out/plats.html").read_text("utf-8")
    for question in ("Vad vill vi med området?", "Vilka särskilda utmaningar finns?"):
        assert f"Plats 1: {question}" in page
    assert "… sociala mervärden?" in page
    layer = gpd.read_file(tmp_path / "out/platser.gpkg", layer="platser")
    assert {"plats", "omraden", "befolkning", "A"} <= set(layer.columns)
    assert pd.notna(layer["A"]).all()
    few = save(tmp_path, box(1, 1, 2, 2))
    assert run_main(monkeypatch, str(few), str(town), "--out", out) == 3


BESIDE = """
[[access]]
code = "lekplats"
name = "Lekplats"
within = 5
places = { file = "lek.csv", x = "x", y = "y", crs = 3008 }
users = { file = "people_2024.csv", x = "x", y = "y", crs = 3008, who = "alla", everyone = true }
"""


@pytest.fixture(scope="module")
def furnished(squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the run with playgrounds, and noise where the machine reads rasters."""
    folder = tmp_path_factory.mktemp("furnished")
    file = write_small_run(folder, squares)
    (folder / "lek.csv").write_text(f"x,y\n{WEST + 10},{SOUTH + 5}\n", encoding="utf-8")
    said = file.read_text("utf-8") + BESIDE
    if is_there("raster"):
        write_noise(folder / "buller.tif")
        said += EXPOSURE
    file.write_text(said, encoding="utf-8")
    return file


@pytest.mark.needs("raster")
def test_who_lives_near_and_who_above_a_limit_is_counted_inside_and_held_against_the_city(
    furnished: Path, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    block, whole = box(6, 1, 18, 14), squares.geometry.iloc[2]
    config = load_config(furnished)
    made = make_places(save(tmp_path, block, whole), config, out=tmp_path / "out")
    near, noise = made[0].beside
    rows = people(squares, year=2024)
    x, y = rows["x"] - WEST, rows["y"] - SOUTH
    lives = x.between(6, 18) & y.between(1, 14)
    within = lives & (np.hypot(x - 10, y - 5) <= 5)
    assert near.figure is not None
    assert near.figure["how"] == "exact"
    assert near.figure["value"] == pytest.approx(100 * within.sum() / lives.sum(), abs=1)
    above = lives & (x >= np.where(np.floor((20 - y) / 2) % 2 == 0, 10, 16))
    assert noise.figure is not None
    assert noise.figure["value"] == pytest.approx(100 * above.sum() / lives.sum(), abs=1)
    published = publish(config).tables["exponering"].set_index("area")["andel_over"]
    assert noise.city == published["city"]
    of_area = made[1].beside[1].figure
    assert of_area is not None
    assert of_area["value"] == published[str(squares.index[2])]
    page = (tmp_path / "out/plats.html").read_text("utf-8")
    assert "Buller över 55 dB (boende)" in page
    assert "Mot hela staden" in page
    layer = gpd.read_file(tmp_path / "out/platser.gpkg", layer="platser")
    assert {"lekplats", "buller"} <= set(layer.columns)


@pytest.mark.needs("pango", "pypdf")
def test_the_printed_page_is_tagged_in_order_and_every_drawing_and_cell_is_named(
    furnished: Path, tmp_path: Path
) -> None:
    file = save(tmp_path, box(2, 2, 15, 8))
    make_places(file, load_config(furnished), out=tmp_path / "out", name="namn", pdf=True)
    document = opened((tmp_path / "out/plats.pdf").read_bytes())
    root = document.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "sv")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert re.search(r"pdfuaid:part[^0-9]*1", root["/Metadata"].get_data().decode("utf-8"))
    levels = [int(kind[1]) for kind in kinds(document) if re.fullmatch(r"H\d", kind)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    nodes = list(tree(document))
    figures = [node for node in nodes if node["/S"] == "/Figure"]
    assert figures
    assert all(str(each.get("/Alt", "")).strip() for each in figures)
    cells = [node for node in nodes if node["/S"] == "/TD"]
    assert cells
    assert all(cell["/A"]["/Headers"] for cell in cells)
