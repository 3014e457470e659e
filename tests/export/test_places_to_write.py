"""Where nothing can be written is said before anything is computed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from small_run import write_small_run

import geolyft
from geolyft.assign import assign_file
from geolyft.errors import OutputError, ReadError
from geolyft.export.delivery import check_destination
from geolyft.read import read_layer
from geolyft.read.delivery import Delivery

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

WORK = ("a b", "åäö", "a#b", "a%20b", "a'b", 'a"b', "a&b", "a|b", "%s", "{x}", "a.zip", "file:x",
        "-b")  # fmt: skip
TAKEN = ("a!b", "a.zip!b", os.fsdecode(b"\xe5\xff"), "/".join(["x" * 190] * 19))
"""Names that GDAL takes for something else, or that are too long for it."""


@pytest.mark.filterwarnings("ignore")
def test_odd_names_work(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    # All in one path: a run for each would say no more.
    odd = "/".join(WORK)
    run_file = write_small_run(tmp_path / "in" / odd, squares)
    geolyft.run(run_file, out=tmp_path / "out" / odd)
    assert Delivery(tmp_path / "out" / odd).verify().intact


@pytest.mark.parametrize("name", TAKEN)
def test_a_name_that_gdal_takes_for_another_is_refused_before_work(
    name: str, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    with pytest.raises(OutputError, match=r"the path (has a sign|is no text|is \d+ bytes)") as said:
        check_destination(tmp_path / name / "out")
    assert said.value.code == "output-write"
    assert not any(tmp_path.iterdir())
    points = write_small_run(tmp_path / "in", squares).with_name("people_2023.csv")
    with pytest.raises(OutputError):
        assign_file(points, areas="geso", x="x", y="y", crs=3008, out=tmp_path / f"{name}.gpkg")


@pytest.mark.parametrize("name", ["a!b", "a\nb", os.fsdecode(b"\xe5\xff")])
def test_a_layer_in_such_a_folder_is_refused_for_what_it_is(
    name: str, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    folder = tmp_path / name
    write_small_run(tmp_path / "plain", squares)
    (tmp_path / "plain").rename(folder)
    with pytest.raises(ReadError) as said:
        read_layer(folder / "areas.gpkg")
    assert said.value.code == "read-path"
