"""Runs that together write every layer and every table there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from effects_city import write_plan
from efforts_register import effort, write_register
from efforts_register import place as located
from events_city import write_few_events
from needs import is_there, module
from small_areas import write_small_areas
from small_run import write_small_run

import geolyft
from geolyft.divisions.areas import demo_folder
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pytest

    from geolyft.export.publication import Publication

SAID = """\
[target]
year = 2030

[efforts]
file = "insatser.csv"

[allocation]
sum = 1000
share = "A"

[effects]
plans = ["plan.toml"]

[[events]]
name = "Felanmälan"
file = "handelser.csv"
x = "x"
y = "y"
crs = 3008
time = "tid"
kind = "typ"

[second_opinion]
indicators = ["A", "B", "C"]
national = { "2023" = [30, 10] }

[[against]]
code = "nara"
name = "Inom gränsen, %"
access = "forskola"

[[access]]
code = "forskola"
name = "Förskola"
within = 4
part = "skola"
places = { file = "places.csv", x = "x", y = "y", crs = 3008 }
siting = { new = 1 }

[access.users]
file = "people_2024.csv"
x = "x"
y = "y"
crs = 3008
who = "barn"
among = { alder = { max = 17 } }

[[source]]"""

EXPOSURE = """
[[exposure]]
code = "buller"
name = "Buller"
limit = 55
unit = "dB"
direction = "low"
raster = { file = "buller.tif" }

[exposure.users]
file = "people_2024.csv"
x = "x"
y = "y"
crs = 3008
who = "boende"
everyone = true
"""
"""What a machine with rasterio has too: what compares everything says ``needs("raster")``."""


def publish_everything(
    squares: gpd.GeoDataFrame, folders: pytest.TempPathFactory
) -> tuple[Publication, ...]:
    """Return the demo, a small run with everything else, and one that merges small areas."""
    small = write_everything(folders.mktemp("everything"), squares)
    merged = write_small_areas(folders.mktemp("merged"), group=True)
    runs = (demo_folder() / "run.toml", small, merged)
    return tuple(geolyft.publish(load_config(each)) for each in runs)


def write_everything(folder: Path, squares: gpd.GeoDataFrame) -> Path:
    """Write a small run with every part that a run file can have, and return its file."""
    run_file = write_small_run(folder, squares)
    (run_file.parent / "places.csv").write_text("x,y\n118004,6164005\n", encoding="utf-8")
    first, second = (effort(key, insats_id="X", tema="vardag", namnd=key, namn=key) for key in "XY")
    contradicting = {**second, "start": "2024", "malgrupp": "alla"}
    write_plan(folder)
    write_few_events(folder)
    write_register(folder, [first, contradicting], [located("X", "1")])
    said = run_file.read_text(encoding="utf-8").replace("[[source]]", SAID, 1)
    counted = "population = true\nchildren = { alder = { max = 17 } }\n"
    counted += 'groups.alder = { column = "alder", breaks = [20, 65] }'
    said = said.replace("population = true", counted)
    if is_there("raster"):
        write_noise(folder / "buller.tif")
        said += EXPOSURE
    run_file.write_text(said, encoding="utf-8")
    return run_file


def write_noise(path: Path) -> None:
    """Write a raster over the small run's areas, louder to the east in every other row."""
    rasterio = module("rasterio")
    cells = np.tile(np.linspace(48, 62, 10), (10, 1)).astype("float32")
    cells[1::2] -= 4
    where = rasterio.Affine(2, 0, 118_000, 0, -2, 6_164_020)
    said = {"transform": where, "dtype": cells.dtype, "crs": 3008, "count": 1}
    with rasterio.open(path, "w", driver="GTiff", width=10, height=10, **said) as out:
        out.write(cells, 1)
