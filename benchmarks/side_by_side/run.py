"""Every engine side by side in one run, results compared before a time counts.

Run from the repository::

    make bench                  # all sizes, into docs/benchmarks.md
    make bench SIZES=1e5,1e6
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from engines import ENGINES, FLOORS, SLOW
from inputs import levels, nation, write_points, write_raster
from register import ENGINES as REGISTER

import geolyft

HERE: Final = Path(__file__).resolve().parent
RESULTS: Final = HERE.parents[1] / "out" / "bench" / "results.json"
MANY: Final = 10_000_000
COLUMNS: Final = 100
Same = Callable[[pd.DataFrame, dict[str, pd.DataFrame]], bool]


def main() -> None:
    """Make the inputs in a temporary folder, run everything, and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", default="1e5,1e6,1e7")
    asked.add_argument("--times", type=int, default=5, help="how often below ten million")
    asked.add_argument("--cells", default="10,1", help="metres of the rasters' cells")
    asked.add_argument("--skip", default="", help="engines to leave out, by the start of the name")
    asked.add_argument("--residents", default="367886", help="of the made-up register")
    said = asked.parse_args()
    sizes = [int(float(size)) for size in said.sizes.split(",") if size]
    cells = [float(cell) for cell in said.cells.split(",") if cell]
    skip = tuple(name for name in said.skip.split(",") if name)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(Path(folder), skip, said.times)
        for part in (*(partial(bench.points, size) for size in sizes), bench.interpolation):
            bench.keep(part())
        bench.keep(bench.zonal(cells))
        bench.keep(bench.register(said.residents))
    subprocess.run([sys.executable, HERE / "report.py"], check=True)


class Bench:
    """The inputs in a folder, and what is run on them."""

    def __init__(self, folder: Path, skip: tuple[str, ...], times: int) -> None:
        self.folder = folder
        self.skip = skip
        self.times = times
        self.rows: list[dict[str, Any]] = []
        self.levels = levels()
        self.level_names = {name: len(areas) for name, areas in self.levels.items()}
        for name, areas in self.levels.items():
            areas.to_parquet(folder / f"{name}.parquet")
        self.bounds = tuple(next(iter(self.levels.values())).total_bounds)

    def keep(self, rows: list[dict[str, Any]]) -> None:
        """Write all results so far: an hour's measuring is not lost with its last minute."""
        self.rows = sorted([*self.rows, *rows], key=lambda row: row.get("size", math.inf))
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        found = {"cores": os.cpu_count(), "level": self.level_names, "rows": self.rows}
        RESULTS.write_text(json.dumps(found, indent=1), encoding="utf-8")

    def points(self, size: int) -> list[dict[str, Any]]:
        """Count points by area, with and without twelve values, for every level."""
        rows = []
        path = self.folder / "points.parquet"
        write_points(path, size, self.bounds)
        times = self.times if size < MANY else min(self.times, 3)
        for level in self.levels:
            for values in (False, True):
                said = {"task": "points", "points": str(path), "values": values}
                said["areas"] = str(self.folder / f"{level}.parquet")
                key = {"what": "values" if values else "assign", "size": size, "level": level}
                rows += self._side_by_side(list(ENGINES), said, key, times, same_counts)
        path.unlink()
        return rows

    def interpolation(self) -> list[dict[str, Any]]:
        """Move a hundred columns: the city's DeSO to GeSO, and a made-up nation."""
        pairs = {
            "209 → 14": (geolyft.load_areas("deso2025"), geolyft.load_areas("geso")),
            "6 160 → 290": nation(),
        }
        rows = []
        engines = ["geolyft", "geolyft, stored table", "tobler"]
        for name, (small, large) in pairs.items():
            rng = np.random.default_rng(1)
            totals = pd.DataFrame(
                rng.integers(100, 3000, (len(small), COLUMNS)).astype(float),
                index=small.index,
                columns=[f"c{n}" for n in range(COLUMNS)],
            )
            said = {"task": "interpolation"}
            for part, frame in (("small", small.join(totals)), ("large", large)):
                said[part] = str(self.folder / f"{part}.parquet")
                frame.to_parquet(said[part])
            rows += self._side_by_side(
                engines, said, {"what": "interpolation", "level": name}, 3, same_totals
            )
        return rows

    def zonal(self, cells: list[float]) -> list[dict[str, Any]]:
        """Take the mean of rasters in the first level's areas."""
        rows = []
        engines = ["geolyft blocks", "geolyft exact", "rasterstats"]
        for cell in cells:
            path = self.folder / "raster.tif"
            write_raster(path, cell, self.bounds)
            level = next(iter(self.levels))
            said = {"task": "zonal", "raster": str(path)}
            said["areas"] = str(self.folder / f"{level}.parquet")
            key = {"what": "zonal", "level": f"{cell:g} m"}
            rows += self._side_by_side(engines, said, key, 3 if cell > 2 else 1, within_bounds)  # noqa: PLR2004
            path.unlink()
        return rows

    def register(self, residents: str) -> list[dict[str, Any]]:
        """Count what a full register run is made from; the floor reads its files."""
        example = HERE.parents[1] / "examples" / "register"
        maker = [sys.executable, example / "generate.py", "--residents", residents]
        subprocess.run([*maker, "--out", self.folder / "data"], check=True, capture_output=True)
        run_file = self.folder / "run.toml"
        shutil.copy(example / "run.toml", run_file)
        said = {"task": "register", "run_file": str(run_file)}
        key = {"what": "register", "level": f"{int(residents):,} residents".replace(",", " ")}
        return self._side_by_side(list(REGISTER), said, key, 1, same_rows)

    def _side_by_side(
        self, engines: list[str], said: dict[str, Any], key: dict[str, Any], times: int, same: Same
    ) -> list[dict[str, Any]]:
        rows, results = [], {}
        for engine in engines:
            if self.skip and engine.startswith(self.skip):
                continue
            often = 1 if engine in SLOW and key.get("size", 0) >= MANY else times
            row = {**key, "engine": engine, **self._child(engine, said, often)}
            if "seconds" in row:
                row["median"] = statistics.median(row["seconds"])
                results[engine] = pd.read_parquet(self.folder / "result.parquet")
            rows.append(row)
            print(" ", *key.values(), engine, row.get("median", row.get("absent")), flush=True)
        for row in rows:
            if row["engine"] in results and row["engine"] not in FLOORS:
                row["same"] = same(results[row["engine"]], results)
                if not row["same"]:
                    raise SystemExit(f"{row['engine']} gives another result: {key}")
        return rows

    def _child(self, engine: str, said: dict[str, Any], times: int) -> dict[str, Any]:
        out = self.folder / "result.parquet"
        out.unlink(missing_ok=True)
        asked = json.dumps({**said, "engine": engine, "times": times, "out": str(out)})
        done = subprocess.run(
            [sys.executable, HERE / "child.py", asked], capture_output=True, text=True, check=False
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines()
            return {"absent": f"failed: {lines[-1][:100] if lines else done.returncode}"}
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer


def same_counts(found: pd.DataFrame, results: dict[str, pd.DataFrame]) -> bool:
    """Say whether counts are equal, and sums to a billionth, to the first engine's."""
    first = next(iter(results.values()))
    wanted = first[first["n"] > 0].sort_index()
    mine = found.loc[found["n"] > 0, wanted.columns].sort_index()
    if not mine.index.equals(wanted.index):
        return False
    counts = [c for c in wanted if not c.startswith("sum_")]
    sums = [c for c in wanted if c.startswith("sum_")]
    equal = (mine[counts].to_numpy() == wanted[counts].to_numpy()).all()
    return bool(equal and np.allclose(mine[sums], wanted[sums], rtol=1e-9, atol=0))


def same_totals(found: pd.DataFrame, results: dict[str, pd.DataFrame]) -> bool:
    """Say whether totals are equal to a millionth; tobler keeps weights in single precision."""
    first = next(iter(results.values()))
    return bool(np.allclose(found, first, rtol=1e-6, atol=1e-3))


def same_rows(found: pd.DataFrame, results: dict[str, pd.DataFrame]) -> bool:
    """Say whether a table, where there is one, has geolyft's rows."""
    return found.empty or found.equals(results["geolyft"])


def within_bounds(found: pd.DataFrame, results: dict[str, pd.DataFrame]) -> bool:
    """Say whether means lie within the bounds that geolyft's blocks give."""
    blocks = results["geolyft blocks"]
    mine, slack = found["value"], 1e-6
    inside = (mine >= blocks["low"] - slack) & (mine <= blocks["high"] + slack)
    return bool(inside.all())


if __name__ == "__main__":
    main()
