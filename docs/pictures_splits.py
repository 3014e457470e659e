"""Draw each DeSO that lies in several GeSO: its addresses, the border, and how it was split.

Run from the repository, after ``boundaries/build.py``::

    python docs/pictures_splits.py --source ../shared/data

The dots are the city's open addresses, which say where and not how many; none is named.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "boundaries"))

from build import Originals, dissolve, read_originals  # noqa: E402 - boundaries/ is no package

mpl.use("Agg")

PICTURE = ROOT / "docs" / "images" / "splits.png"
COLUMNS = 5
COLOURS = ("#1b6ca8", "#c2571a", "#5b8c3a", "#7a4fa3")
INSIDE, AROUND, BORDER, OUTLINE = "#222222", "#c4c4c4", "#b3123c", "#222222"


def draw(
    axis: plt.Axes, walk: pd.DataFrame, shape: gpd.GeoSeries, geso: gpd.GeoSeries, data: Originals
) -> None:
    """Draw one DeSO, each side in its colour, and say by area, by addresses and how sure."""
    outline = shape.iloc[0]
    points = data.addresses
    around = points.iloc[points.sindex.query(outline.buffer(120), predicate="intersects")]
    mine = around.intersects(outline)
    lines = []
    for colour, row in zip(COLOURS, walk.itertuples(), strict=False):
        side = geso[row.target].intersection(outline)
        gpd.GeoSeries([side]).plot(ax=axis, color=colour, alpha=0.22)
        place = side.representative_point()
        axis.text(place.x, place.y, row.target, color=colour, fontsize=15, weight="bold",
                  ha="center", va="center")  # fmt: skip
        lines.append(f"{row.target}: {row.weight_area:.2f} → {row.weight:.2f} ± {row.error:.2f}")
    around[~mine].plot(ax=axis, markersize=1.5, color=AROUND)
    around[mine].plot(ax=axis, markersize=2.5, color=INSIDE)
    geso.boundary.plot(ax=axis, color=BORDER, linewidth=1.2)
    shape.boundary.plot(ax=axis, color=OUTLINE, linewidth=0.9)
    low_x, low_y, high_x, high_y = outline.buffer(80).bounds
    axis.set(xlim=(low_x, high_x), ylim=(low_y, high_y))
    axis.set_axis_off()
    sure = walk["certainty"].iloc[0]
    axis.set_title(f"{shape.index[0][4:]} ({sure})\n" + "\n".join(lines), fontsize=9, loc="left")


def main() -> None:
    """Read the arguments and draw all of them on one sheet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="folder of the open originals")
    data = read_originals(parser.parse_args().source)
    geso = dissolve(data.delomraden, data.geso_names).set_index("geso_kod").geometry
    deso = data.deso.set_index("deso_kod").geometry
    path = ROOT / "boundaries" / "crosswalk_deso2025_geso.csv"
    walks = pd.read_csv(path, dtype={"source": "str", "target": "str"})
    split = walks[walks["method"] == "addresses"]
    codes = split["source"].unique()
    rows = -(-len(codes) // COLUMNS)
    figure, axes = plt.subplots(rows, COLUMNS, figsize=(3.2 * COLUMNS, 3.9 * rows))
    for axis, code in zip(axes.flat, codes, strict=False):
        draw(axis, split[split["source"] == code], deso.loc[[code]], geso, data)
    for axis in axes.flat[len(codes) :]:
        axis.set_axis_off()
    figure.tight_layout()
    figure.savefig(PICTURE, dpi=90, metadata={"Software": None})


if __name__ == "__main__":
    main()
