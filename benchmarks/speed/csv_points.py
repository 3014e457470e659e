"""Measure how fast a CSV of points is read and counted, beside pyarrow, geopandas and a revision.

``python benchmarks/speed/csv_points.py --sizes 1e5,1e6,3e6 --of b718102`` prints rows a second and
memory: medians by turns, each time in a process of its own with everything imported before the
clock starts. Counts have to be equal. The floor parses the same columns and counts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from writing import of_revision

from geolyft import load_areas
from geolyft.indicators.measures import Condition, Measure
from geolyft.pipeline.counting.point_counts import CountPlan, count_part
from geolyft.read import FileSeen, open_points, seen_in
from geolyft.run_file.sources import SexColumn, Source

ROOT: Final = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks" / "side_by_side"))

from child import peak  # noqa: E402 - it is found once its folder is

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBERS: Final = ["x", "y", "alder", "inkomst"]
TEXTS: Final = ["kon", "arbetar"]
GROWN: Final = 16
LOW: Final = 150_000


def main() -> None:
    """Measure, or do one task in a process of its own."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", default="1e5,1e6,3e6")
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--of", help="a revision to measure besides, by turns")
    asked.add_argument("task", nargs="?", choices=TASKS, help=argparse.SUPPRESS)
    asked.add_argument("file", nargs="?", type=Path, help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.task:
        print(json.dumps(once(TASKS[said.task], said.file)))
        return
    with TemporaryDirectory(prefix="csv-") as folder:
        versions = {"": ROOT}
        if said.of:
            versions[f" of {said.of}"] = of_revision(said.of, Path(folder) / "other")
        for size in said.sizes.split(","):
            measure(int(float(size)), Path(folder) / "points.csv", said.times, versions)


def measure(size: int, file: Path, times: int, versions: dict[str, Path]) -> None:
    """Print the medians of all tasks on a file of so many rows."""
    write(file, size)
    runs = {
        task + version: (task, root)
        for task in TASKS
        for version, root in versions.items()
        if task.startswith("geolyft") or not version
    }
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in runs}
    for _ in range(times):
        for name, (task, root) in runs.items():
            path = os.environ | {"PYTHONPATH": str(root)}
            words = [sys.executable, __file__, task, str(file)]
            made = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, env=path)
            found[name].append(json.loads(made.stdout))
    counts = {json.dumps(each["counts"]) for ran in found.values() for each in ran}
    if len(counts - {"null"}) != 1:
        raise SystemExit(f"the counts differ: {counts}")
    print(f"{size:,} rows, {file.stat().st_size / 1e6:.0f} MB, median of {times}")
    for name, ran in found.items():
        wall, busy, more = (
            statistics.median(each[key] for each in ran) for key in ("wall", "busy", "memory")
        )
        print(
            f"  {name:34} {size / wall:12,.0f} rows a second {wall:8.2f} s "
            f"{busy:8.2f} s of processors {more:6.0f} MB"
        )


def once(task: Callable[[Path], object], file: Path) -> dict[str, object]:
    """Return how long a task took, what it needed, and what it counted."""
    warnings.simplefilter("ignore")
    before, wall, busy = peak(), time.perf_counter(), time.process_time()
    counts = task(file)
    return {
        "wall": time.perf_counter() - wall,
        "busy": time.process_time() - busy,
        "memory": peak() - before,
        "counts": counts,
    }


def write(file: Path, size: int) -> None:
    """Write so many made-up people, as a Swedish program would."""
    rng = np.random.default_rng(1)
    west, south, east, north = load_areas("geso").total_bounds
    people = {
        "id": np.arange(size),
        "x": rng.uniform(west, east, size).round(1),
        "y": rng.uniform(south, north, size).round(1),
        "kon": rng.choice(["K", "M"], size),
        "alder": rng.integers(0, 100, size),
        "arbetar": rng.choice(["ja", "nej"], size),
        "inkomst": rng.integers(0, 900_000, size),
    }
    pd.DataFrame(people).to_csv(file, sep=";", decimal=",", index=False)


def _open(file: Path) -> Any:  # noqa: ANN401 - of either version
    columns = ["alder", "arbetar", "inkomst", "kon"]
    return open_points(file, x="x", y="y", crs=3008, numbers=["alder", "inkomst"], columns=columns)


def read(file: Path) -> None:
    """Read all batches, and keep none."""
    opened, seen = _open(file), FileSeen()
    for batch in opened.batches():
        seen += seen_in(batch)
    opened.finish(seen)


def count(file: Path) -> list[list[int]]:
    """Count the grown who work, and all with a low income, by area and sex."""
    grown = {"alder": Condition(min=GROWN)}
    works = Measure(indicator="A", among=grown, counted={"arbetar": Condition(one_of=("ja",))})
    low = Measure(indicator="B", counted={"inkomst": Condition(max=LOW)})
    source = Source(
        name="p", file="p.csv", kind="points", x="x", y="y", crs=3008, measure=(works, low),
        sex=SexColumn(column="kon", women="K", men="M"),
    )  # fmt: skip
    shapes = (tuple(load_areas("geso").geometry.to_wkb()),)
    tally = count_part(CountPlan(file=_open(file), source=source, shapes=shapes), None)
    counts: list[list[int]] = tally.levels[0].counts[:, 0, :-1].sum(axis=1).tolist()
    return counts


def pandas(file: Path) -> list[list[int]]:
    """Count the same with pandas and a spatial join."""
    people = pd.read_csv(file, sep=";", decimal=",", usecols=[*NUMBERS, *TEXTS])
    points = gpd.GeoDataFrame(
        people, geometry=gpd.points_from_xy(people["x"], people["y"]), crs=3008
    )
    placed = gpd.sjoin(points, load_areas("geso")[["geometry"]], predicate="intersects")
    placed = placed[~placed.index.duplicated()]
    grown, low = placed["alder"] >= GROWN, placed["inkomst"] <= LOW
    parts = [(grown & (placed["arbetar"] == "ja"), grown), (low, low | True)]
    # By area and sex, though only the sums over both are held against the others.
    key = [placed["area"], placed["kon"]]
    return [[int(part.groupby(key).sum().sum()) for part in each] for each in parts]


def floor(file: Path) -> None:
    """Parse the same columns with pyarrow, block by block."""
    kinds = dict.fromkeys(NUMBERS, pa.float64()) | dict.fromkeys(TEXTS, pa.string())
    reader = pa_csv.open_csv(
        file,
        parse_options=pa_csv.ParseOptions(delimiter=";"),
        convert_options=pa_csv.ConvertOptions(
            column_types=kinds, include_columns=[*kinds], decimal_point=","
        ),
    )
    for _ in reader:
        pass


TASKS: Final[dict[str, Callable[[Path], object]]] = {
    "geolyft reads": read,
    "geolyft reads and counts": count,
    "geopandas and pandas": pandas,
    "floor: pyarrow parses": floor,
}


if __name__ == "__main__":
    main()
