"""Make the picture of docs/rasters.md: a raster goes in, an indicator and a grid come out.

The noise and the residents are made up; the areas are Malmö's.
"""

import tempfile
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import rasterio
import shapely
from matplotlib.axes import Axes

import geolyft

mpl.use("svg")

IMAGE = Path(__file__).with_name("images") / "rasters.png"
CELL = 50.0
DARK = 20
"""Per cents, below which the scale is dark and its text white."""
ROADS = shapely.union_all(
    [
        shapely.LineString([(111_500, 6_160_500), (118_000, 6_158_800), (126_500, 6_163_500)]),
        shapely.LineString([(123_500, 6_157_500), (121_800, 6_164_500), (124_500, 6_170_500)]),
        shapely.LineString([(113_500, 6_165_500), (118_500, 6_164_200), (122_000, 6_163_800)]),
    ]
)
CATALOGUE = """
index = { code = "ljud", name = "Ljud" }
[[dimension]]
code = "boende"
name = "Boende"
[[indicator]]
code = "L1"
name = "Mark under 55 dB"
dimension = "boende"
numerator = "m² under 55 dB"
denominator = "m²"
direction = "high"
"""
RUN = """
[run]
title = "Buller (påhittat)"
city = "Malmö"
periods = ["2025"]
synthetic = true
[areas]
division = "geso"
[index]
catalogue = "ljud.toml"
[[source]]
name = "Bullerkartan (påhittad)"
file = "buller.tif"
kind = "raster"
[[source.measure]]
indicator = "L1"
statistic = "share_over"
limit = 55
complement = true
"""


def write_noise(path: Path, areas: gpd.GeoDataFrame) -> tuple[np.ndarray, list[float]]:
    """Write a raster that is louder close to three roads, and return it with its extent."""
    west, south, east, north = areas.total_bounds
    columns, rows = int((east - west) / CELL) + 1, int((north - south) / CELL) + 1
    xs = west + CELL * (np.arange(columns) + 0.5)
    ys = north - CELL * (np.arange(rows) + 0.5)
    away = shapely.distance(shapely.points(*np.meshgrid(xs, ys)), ROADS)
    noise = (75 - 15 * np.log10(1 + away / 40)).astype("float32")
    where = rasterio.Affine(CELL, 0, west, 0, -CELL, north)
    said = {"width": columns, "height": rows, "count": 1, "dtype": "float32", "crs": 3008}
    with rasterio.open(path, "w", driver="GTiff", nodata=-9999, transform=where, **said) as out:
        out.write(noise, 1)
    return noise, [west, west + columns * CELL, north - rows * CELL, north]


def residents(areas: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Make up where people live: in clusters around a place in each area."""
    rng = np.random.default_rng(2025)
    home = areas.geometry.representative_point().iloc[rng.integers(0, len(areas), 40_000)]
    spread = rng.normal(0, 900, (2, home.size))
    return home.x.to_numpy() + spread[0], home.y.to_numpy() + spread[1]


def draw(ax: Axes, areas: gpd.GeoDataFrame, title: str) -> None:
    """Draw the areas' borders over what is there."""
    areas.boundary.plot(ax=ax, color="#1c2830", linewidth=0.7)
    west, south, east, north = areas.total_bounds
    ax.set(xlim=(west - 200, east + 200), ylim=(south - 200, north + 200))
    ax.set_title(title, fontsize=11, loc="left")
    ax.set_axis_off()


def main() -> None:
    """Run, and draw what went in beside what came out."""
    areas = geolyft.load_areas("geso")
    figure, axes = plt.subplots(1, 3, figsize=(13, 5.2), dpi=90, layout="constrained")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        noise, extent = write_noise(here / "buller.tif", areas)
        (here / "ljud.toml").write_text(CATALOGUE, encoding="utf-8")
        (here / "run.toml").write_text(RUN, encoding="utf-8")
        seen = geolyft.run(here / "run.toml").publication.observations
    quiet = seen[seen["area"] != "city"].set_index("area")["value"]
    shown = axes[0].imshow(noise, extent=extent, cmap="magma", vmin=40, vmax=75)
    figure.colorbar(shown, ax=axes[0], label="dB", orientation="horizontal", shrink=0.7)
    draw(axes[0], areas, "In: noise, cells of 50 m (made up)")
    areas.assign(quiet=quiet).plot(
        "quiet", ax=axes[1], cmap="BrBG", vmin=0, vmax=100, legend=True,
        legend_kwds={"label": "% of the ground under 55 dB", "orientation": "horizontal",
                     "shrink": 0.7},
    )  # fmt: skip
    draw(axes[1], areas, "A run's indicator, exact by coverage")
    for code, place in areas.representative_point().items():
        ink = "white" if quiet[code] < DARK else "black"
        axes[1].annotate(
            f"{quiet[code]:.0f}", (place.x, place.y), ha="center", fontsize=9, color=ink
        )
    x, y = residents(areas)
    people = geolyft.count_on_grid(pd.Series(x), y=pd.Series(y), crs=3008, cell=250)
    west, north = people.grid.west, people.grid.north
    rows, columns = people.grid.rows, people.grid.columns
    place = [west, west + columns * 250, north - rows * 250, north]
    shown = axes[2].imshow(people.values, extent=place, cmap="viridis_r")
    label = "residents, rounded to 5"
    figure.colorbar(shown, ax=axes[2], label=label, orientation="horizontal", shrink=0.7)
    draw(axes[2], areas, "Out: residents per 250 m; fewer than 10: empty")
    figure.savefig(IMAGE, metadata={"Software": None})


if __name__ == "__main__":
    main()
