"""What says to hold far more than it could need is refused before it is made."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from bombs import READERS, damaged_geoparquet, write_bombs
from needs import module
from shapely import Point

from geolyft import limits, load_catalogue
from geolyft.errors import CatalogueError, GeolyftError, ReadError
from geolyft.read import open_points, read_layer, read_table

if TYPE_CHECKING:
    from pathlib import Path

rasterio = module("rasterio")


def test_every_bomb_is_refused_by_its_code(tmp_path: Path) -> None:
    wrong = []
    for file, reader, code in write_bombs(tmp_path):
        with pytest.raises(GeolyftError) as refused:
            READERS[reader](file)
        if refused.value.code != code:
            wrong.append((file.name, refused.value.code, code))
    assert not wrong


@pytest.mark.needs("raster")
@pytest.mark.parametrize("shape", [(70_000, 512), (40_000, 32_768)])
def test_a_raster_of_more_cells_than_there_could_be_is_refused(
    shape: tuple[int, int], tmp_path: Path
) -> None:
    side, tile = shape
    place = rasterio.Affine(0.002, 0, 110_000, 0, -0.002, 6_170_000)
    with rasterio.open(
        tmp_path / "a.tif", "w", driver="GTiff", count=1, dtype="uint8", crs="EPSG:3008",
        nodata=255, width=side, height=side, tiled=True, blockxsize=tile, blockysize=tile,
        transform=place, SPARSE_OK=True, BIGTIFF="YES",
    ):  # fmt: skip
        pass
    with pytest.raises(ReadError) as refused:
        READERS["raster"](tmp_path / "a.tif")
    assert refused.value.code == "read-size"


def test_geoparquet_that_says_nonsense_of_its_geometry_is_refused_or_read(tmp_path: Path) -> None:
    for file in damaged_geoparquet(tmp_path):
        for read in (read_layer, read_table, lambda f: list(open_points(f).batches())):
            try:
                read(file)
            except GeolyftError as refused:
                assert refused.code.startswith("read-"), file.name  # noqa: PT017 - some are read


NO_CRS = (b"", b"nonsense", b"\xff\xfe\x00", b"\0" * 99, b"PROJCS[" * 5_000,
          b'PROJCS["' + b"a" * 1_000_000)  # fmt: skip


@pytest.mark.parametrize("text", NO_CRS, ids=range(6))
def test_a_prj_that_is_none_is_no_crs(text: bytes, tmp_path: Path) -> None:
    gpd.GeoDataFrame(geometry=[Point(118e3, 6164e3)], crs=3008).to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").write_bytes(text)
    with pytest.raises(ReadError) as refused:
        read_layer(tmp_path / "a.shp")
    assert refused.value.code in {"read-crs-missing", "read-damaged", "read-crs-unknown"}


def test_limits_of_a_form_are_raised_with_the_others(tmp_path: Path) -> None:
    file = tmp_path / "long.toml"
    text = files("geolyft.indicators").joinpath("catalogue.toml").read_text(encoding="utf-8")
    file.write_text(f"# {'a' * 600_000}\n{text}", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"more than the 500000 bytes of a form; see --limits"):
        load_catalogue(file)
    with limits(2):
        assert load_catalogue(file) == load_catalogue()


def test_limits_are_raised_by_who_means_it(tmp_path: Path) -> None:
    file = tmp_path / "late.csv"
    file.write_text("\n" * 11_000 + "c;n\na;1\n")
    with pytest.raises(ReadError, match=r"10001 blank lines .* at most 10000 .*--limits 2\)"):
        read_table(file)
    with limits(2):
        assert read_table(file).frame.shape == (1, 2)
