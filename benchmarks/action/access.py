"""Malmö's addresses against its preschools, and what siting and networks cost.

    python benchmarks/action/access.py --source DIR

DIR has ``malmo_adresser.parquet`` and ``malmo_forskolor.csv``, which are not shipped.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

import geolyft
from geolyft.action.access.network import Network, along
from geolyft.action.access.reached import straight
from geolyft.action.siting.solve import best_sites

WITHIN: Final = 500
CLOSE: Final = 0.1
KNOWN: Final = {"city": 14.1, "3": 26.7, "8": 0.0, "9": 0.0, "10": 0.0}
"""Per cent of addresses that have further, as counted by other means."""


def measured(source: Path) -> None:
    """Hold the shares that have further against those that are known."""
    begun = time.process_time()
    homes = pd.read_parquet(source / "malmo_adresser.parquet", columns=["x", "y"])
    schools = pd.read_csv(source / "malmo_forskolor.csv", usecols=["x", "y"])
    points = [gpd.GeoSeries.from_xy(each["x"], each["y"], crs=3008) for each in (homes, schools)]
    told = geolyft.access(*points, within=WITHIN)
    area = geolyft.assign_points(points[0], geolyft.load_areas("geso"))
    far = 100 * (told["places"] == 0)
    shares = {**far.groupby(area).mean().to_dict(), "city": far.mean()}
    seconds = time.process_time() - begun
    for name, known in KNOWN.items():
        print(f"{name}: {shares[name]:.1f} % have further than {WITHIN} m (known: {known})")
        if abs(shares[name] - known) > CLOSE:
            raise SystemExit(f"{name} is not as known")
    print(f"in {seconds:.1f} s of one processor")


def timed() -> None:
    """Say what 370 000 residents × 100 places take, and 500 × 60 with 5 new ones."""
    rng = np.random.default_rng(1)
    begun = time.process_time()
    straight(rng.uniform(0, 2e4, (370_000, 2)), rng.uniform(0, 2e4, (100, 2)), limit=WITHIN)
    print(f"370 000 x 100, straight lines: {time.process_time() - begun:.1f} s")
    side = 173
    grid = np.arange(side) * 115.0
    nodes = np.column_stack([axis.ravel() for axis in np.meshgrid(grid, grid)])
    at = np.arange(side * side).reshape(side, side)
    start = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    end = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    streets = Network(nodes=nodes, start=start, end=end, one_way=np.zeros(len(start), dtype=bool))
    homes, places = rng.uniform(0, grid[-1], (370_000, 2)), rng.uniform(0, grid[-1], (100, 2))
    begun = time.process_time()
    along(streets, homes, places, limit=WITHIN)
    print(f"370 000 x 100, {len(nodes)} nodes: {time.process_time() - begun:.1f} s")
    users, sites = rng.uniform(0, 1e4, (500, 2)), rng.uniform(0, 1e4, (60, 2))
    apart = users[:, None] - sites[None]
    begun = time.process_time()
    found = best_sites(np.hypot(apart[..., 0], apart[..., 1]), np.ones(500), new=5)
    seconds = time.process_time() - begun
    print(f"p-median 500 x 60, 5 new: {seconds:.1f} s, proven {found.is_proven}, {found.ties}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    measured(parser.parse_args().source)
    timed()
