"""One engine on one task in a process of its own: seconds, peak memory and the result.

Called by run.py with a JSON object; prints one.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

Task = Callable[[], pd.DataFrame]


def points(said: dict[str, Any]) -> Task:
    """Make the task of counting points, and maybe twelve values, by area."""
    from engines import ENGINES  # noqa: PLC0415 - another task does not need them
    from inputs import VALUES  # noqa: PLC0415

    engine = ENGINES[said["engine"]]()
    areas = gpd.read_parquet(said["areas"])
    values = VALUES if said["values"] else []

    def task() -> pd.DataFrame:
        found = engine(Path(said["points"]), areas, values)
        return found.set_index("area") if "area" in found else found

    return task


def interpolation(said: dict[str, Any]) -> Task:
    """Make the task of moving a hundred columns from small zones to large ones."""
    small, large = (gpd.read_parquet(said[each]) for each in ("small", "large"))
    columns = [column for column in small if str(column).startswith("c")]
    if said["engine"] == "tobler":
        from tobler.area_weighted import area_interpolate  # noqa: PLC0415

        def tobler() -> pd.DataFrame:
            done = area_interpolate(small, large, extensive_variables=columns, allocate_total=False)
            return done[columns].set_axis(large.index)

        return tobler
    import geolyft  # noqa: PLC0415

    totals = pd.DataFrame(small[columns])
    stored = geolyft.crosswalk_by_area(small, large) if "stored" in said["engine"] else None

    def ours() -> pd.DataFrame:
        walk = stored or geolyft.crosswalk_by_area(small, large)
        return geolyft.move_totals(totals, walk).totals.reindex(large.index).fillna(0.0)

    return ours


def zonal(said: dict[str, Any]) -> Task:
    """Make the task of a raster's mean in each area."""
    areas = gpd.read_parquet(said["areas"])
    if said["engine"] == "rasterstats":
        from rasterstats import zonal_stats  # noqa: PLC0415

        def rasterstats() -> pd.DataFrame:
            found = zonal_stats(areas, said["raster"], stats=["mean"])
            return pd.DataFrame({"value": [each["mean"] for each in found]}, index=areas.index)

        return rasterstats
    from geolyft import zonal_statistics  # noqa: PLC0415

    method = said["engine"].removeprefix("geolyft ")

    def ours() -> pd.DataFrame:
        made = zonal_statistics(said["raster"], areas, indicator="X", period="2025", method=method)
        seen = made.observations.set_index("area").loc[areas.index]
        return pd.DataFrame(seen[["value", "low", "high"]])

    return ours


def register(said: dict[str, Any]) -> Task:
    """Make the task of counting, or only reading, what a register run is made from."""
    from register import ENGINES  # noqa: PLC0415

    return partial(ENGINES[said["engine"]], Path(said["run_file"]))


def main() -> None:
    """Run the task as often as asked, and say how long each time took."""
    said = json.loads(sys.argv[1])
    warnings.simplefilter("ignore")
    tasks = {
        "points": points,
        "interpolation": interpolation,
        "zonal": zonal,
        "register": register,
    }
    try:
        task = tasks[said["task"]](said)
    except ImportError as absent:
        print(json.dumps({"absent": str(absent)}))
        return
    before = peak()
    seconds = []
    for _ in range(said["times"]):
        start = time.perf_counter()
        found = task()
        seconds.append(time.perf_counter() - start)
    found.sort_index().to_parquet(said["out"])
    print(json.dumps({"seconds": seconds, "before": before, "peak": peak()}))


def peak() -> float:
    """Return the most memory this process has had so far, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Of this program only; getrusage also counts what started it.
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
