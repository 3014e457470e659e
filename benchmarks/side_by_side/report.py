"""The last run as a page and a plot: docs/benchmarks.md and docs/images/bench.svg."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import matplotlib as mpl
import pandas as pd
from engines import FLOORS, READ

mpl.use("svg")
import matplotlib.pyplot as plt

ROOT: Final = Path(__file__).resolve().parents[2]
RESULTS: Final = ROOT / "out" / "bench" / "results.json"
PACKAGES: Final = (
    "geopandas",
    "shapely",
    "duckdb",
    "sedonadb",
    "dask-geopandas",
    "tobler",
    "exactextract",
    "rasterio",
    "rasterstats",
    "pyarrow",
    "numpy",
)
TITLES: Final = {
    "assign": "Points to areas, x and y read",
    "values": "Points to areas, and sum and count of twelve values",
}
TARGETS: Final = (
    ("assign", "geopandas.sjoin within", "100 times as fast"),
    ("assign", "SedonaDB", "5 times as fast"),
    ("values", "geopandas.sjoin within", "40 times as fast"),
    ("values", READ, "at most 1.5 times its time"),
)
HEAD: Final = """\
<!-- Written by benchmarks/side_by_side/report.py from the last `make bench`. Do not edit. -->

# Benchmarks

`make bench` runs every engine side by side, each in a process of its own, on the same files. A
result is compared with the others' before its time counts: counts equal, sums to a billionth,
tobler's totals to a millionth (it keeps weights in single precision), rasters' means within the
bounds geolyft states. Seconds are medians; × is the ratio to geolyft. Other work shares the
machine, so only ratios within one run mean anything. Memory is the process's peak beyond what it
had after its imports, at the largest size.

Points are uniform over the city's box and read warm from Parquet; twelve values have 2 % missing.
Areas are {levels}. The floors place nothing: one reads the same columns, the other also counts them
by stripes of x, batch by batch, as if the areas were known. A register run's counts come from the
files of `examples/register`; its floor reads them with pyarrow, and the whole run protects, scores,
explains and writes as well.

{cores} cores; {versions}.

![Seconds by number of points](images/bench.svg)
"""


def main() -> None:
    """Write the page and the plot."""
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    rows = pd.DataFrame(found["rows"])
    if "absent" not in rows:
        rows["absent"] = None
    levels = " and ".join(f"{count} {name}" for name, count in found["level"].items())
    said = ", ".join(f"{name} {v}" for name in PACKAGES if (v := _version(name)))
    parts = [HEAD.format(levels=levels, cores=found["cores"], versions=said)]
    parts += _targets(rows)
    parts += _points(rows)
    parts += _others(rows)
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(parts), encoding="utf-8")
    plot(rows[rows["what"].isin(list(TITLES))], ROOT / "docs" / "images" / "bench.svg")


def _targets(rows: pd.DataFrame) -> list[str]:
    """Return what was aimed at beside what was reached, at the largest size and first level."""
    points = rows[rows["what"].isin(list(TITLES))]
    if points.empty:
        return []
    size, level = int(points["size"].max()), points["level"].iloc[0]
    largest = points[(points["size"] == size) & (points["level"] == level)]
    seconds = largest.set_index(["what", "engine"])["median"]
    lines = ["| | aimed at | reached |", "| --- | --- | --- |"]
    for what, engine, said in TARGETS:
        if (what, engine) in seconds:
            ratio = seconds[what, engine] / seconds[what, "geolyft"]
            reached = f"{1 / ratio:.2f} ×" if engine == READ else f"{ratio:.1f} ×"
            lines.append(f"| {TITLES[what]}: {engine} | {said} | {reached} |")
    title = f"## At {size:,} points".replace(",", " ") + f", {level}\n"
    return [title, "\n".join(lines) + "\n"]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _points(rows: pd.DataFrame) -> list[str]:
    parts = []
    for what, title in TITLES.items():
        for level in rows.loc[rows["what"] == what, "level"].unique():
            mine = rows[(rows["what"] == what) & (rows["level"] == level)]
            parts.append(f"## {title}: {level}\n")
            parts.append(_table(mine, sorted(mine["size"].unique())))
    return parts


def _table(rows: pd.DataFrame, sizes: list[float]) -> str:
    """Return seconds and the ratio to geolyft for each size, growth and memory at the largest."""
    names = [f"{size:,.0f}".replace(",", " ") for size in sizes]
    head = [f"{name} | ×" for name in names]
    head += [f"growth {n} → {m}" for n, m in zip(names[:-1][-1:], names[-1:], strict=False)]
    lines = [f"| engine | {' | '.join(head)} | memory, MB |"]
    lines.append("| --- |" + " --- |" * (lines[0].count("|") - 2))
    for engine, mine in rows.groupby("engine", sort=False):
        by_size = mine.set_index("size")
        cells = []
        for size in sizes:
            ours = rows[(rows["engine"] == "geolyft") & (rows["size"] == size)]["median"]
            cells += _cell(by_size["median"].get(size), ours.iloc[0] if len(ours) else None)
        median = by_size["median"] if "median" in by_size else pd.Series(dtype=float)
        if len(sizes) > 1:
            grown = median.get(sizes[-1], float("nan")) / median.get(sizes[-2], float("nan"))
            cells.append(_number(grown, 1))
        taken = by_size["peak"].last_valid_index()
        last = by_size.loc[sizes[-1] if taken is None else taken]
        memory = f"{last['peak'] - last['before']:.0f}" if pd.notna(last.get("peak")) else ""
        absent = f" ({last['absent']})" if isinstance(last["absent"], str) else ""
        lines.append(f"| {engine}{absent} | {' | '.join([*cells, memory])} |")
    return "\n".join(lines) + "\n"


def _cell(seconds: float | None, ours: float | None) -> list[str]:
    if seconds is None or pd.isna(seconds):
        return ["–", ""]
    ratio = _number(seconds / ours, 2) if ours else ""
    return [f"{seconds:.3g}", ratio]


def _number(value: float, digits: int) -> str:
    return "" if pd.isna(value) else f"{value:.{digits}f}"


def _others(rows: pd.DataFrame) -> list[str]:
    parts = []
    titles = {
        "interpolation": ("Areas to areas, 100 columns", "geolyft"),
        "zonal": ("Mean of a raster in each area", "geolyft blocks"),
        "register": ("The counts of a full register run, on three divisions", "geolyft"),
    }
    for what, (title, ours) in titles.items():
        mine = rows[rows["what"] == what]
        if mine.empty:
            continue
        lines = [f"## {title}\n", "| | engine | seconds | × | memory, MB |"]
        lines.append("| --- | --- | --- | --- | --- |")
        for row in mine.itertuples():
            same = mine[(mine["level"] == row.level) & (mine["engine"] == ours)]["median"]
            cells = _cell(row.median, same.iloc[0] if len(same) else None)
            memory = _number(row.peak - row.before, 0)
            absent = f" ({row.absent})" if isinstance(row.absent, str) else ""
            lines.append(f"| {row.level} | {row.engine}{absent} | {' | '.join(cells)} | {memory} |")
        parts.append("\n".join(lines) + "\n")
    return parts


def plot(rows: pd.DataFrame, path: Path) -> None:
    """Draw seconds by number of points, both on logarithmic scales."""
    mpl.rcParams.update({"svg.hashsalt": "geolyft", "svg.fonttype": "none", "font.size": 9})
    level = rows["level"].iloc[0]
    drawn, axes = plt.subplots(1, 2, figsize=(10, 4.6), sharey=True, layout="constrained")
    for axis, (what, title) in zip(axes, TITLES.items(), strict=True):
        mine = rows[(rows["what"] == what) & (rows["level"] == level)]
        for engine, line in mine.groupby("engine", sort=False):
            ours = engine == "geolyft"
            line_of = "--" if engine == READ else ":"
            style = {"color": "grey", "linestyle": line_of} if engine in FLOORS else {}
            axis.plot(
                line["size"],
                line["median"],
                marker="o",
                linewidth=3 if ours else 1.2,
                label=engine,
                **style,
            )
        axis.set(xscale="log", yscale="log", title=f"{title}\n({level})", xlabel="points")
        axis.grid(visible=True, which="major", alpha=0.3)
    axes[0].set_ylabel("seconds")
    lines, names = axes[0].get_legend_handles_labels()
    drawn.legend(lines, names, loc="outside lower center", ncols=3, frameon=False)
    drawn.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
