"""The counts of a full register run by other hands: pyarrow alone, and geopandas with pandas.

Each takes the run file of the made-up register, reads every file of points that it names, and
returns ``numerator`` and ``denominator`` by division, period, indicator, sex and area. The floor
only reads.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from geolyft import load_config, run
from geolyft.frames import EVERYONE, RESIDUAL
from geolyft.pipeline.counting.gather import editions, gather
from geolyft.pipeline.levels import levels_of, read_areas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from geolyft.indicators.measures import Condition
    from geolyft.pipeline.counting.ledger import CountedAreas, Edition
    from geolyft.run_file.config import Config
    from geolyft.run_file.sources import Source

KEY: Final = ["level", "period", "indicator", "sex", "area"]
PARTS: Final = ["numerator", "denominator"]
READ: Final = "floor: pyarrow reads"
WHOLE: Final = "geolyft, the whole run"
_LATIN: Final = "cp1252"


def _of_points(config: Config) -> Iterator[Edition]:
    return (each for each in editions(config) if each.source.kind == "points")


def _encoding(file: Path) -> str:
    try:
        file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return _LATIN
    return "utf-8-sig"


def floor(run_file: Path) -> pd.DataFrame:
    """Read all columns of every file, once for each time that it is named."""
    for edition in _of_points(load_config(run_file)):
        if edition.path.suffix == ".parquet":
            pq.read_table(edition.path)
            continue
        pa_csv.read_csv(
            edition.path,
            pa_csv.ReadOptions(encoding=_encoding(edition.path)),
            pa_csv.ParseOptions(delimiter=";"),
            pa_csv.ConvertOptions(decimal_point=",", column_types={"x": pa.float64()}),
        )
    return _keyed(pd.DataFrame(columns=[*KEY, *PARTS]))


def pandas(run_file: Path) -> pd.DataFrame:
    """Count with pandas and a spatial join, as a person writes it who knows the files."""
    config = load_config(run_file)
    levels = levels_of(config, read_areas(config))
    counts = []
    for edition in _of_points(config):
        people = _read(edition.path)
        at = gpd.points_from_xy(people["x"], people["y"], crs=levels[0].areas.crs)
        points = gpd.GeoDataFrame(people, geometry=at)
        counts += [_counted(points, edition, level) for level in levels]
    return _keyed(pd.concat(counts))


def _read(file: Path) -> pd.DataFrame:
    if file.suffix == ".parquet":
        return pd.read_parquet(file)
    return pd.read_csv(file, sep=";", decimal=",", encoding=_encoding(file))


def _counted(points: gpd.GeoDataFrame, edition: Edition, level: CountedAreas) -> pd.DataFrame:
    placed = gpd.sjoin(points, level.areas[["geometry"]], predicate="intersects")
    placed = placed[~placed.index.duplicated()]
    counts = []
    for measure in edition.source.measures:
        among = _meets(placed, measure.among)
        counted = among & _meets(placed, measure.counted or {})
        parts = pd.DataFrame({"numerator": counted, "denominator": among})
        for sex, rows in _sexes(placed, edition.source).items():
            of_sex = parts[rows].groupby(placed.loc[rows, "area"]).sum().reset_index()
            told = {"level": level.name, "period": edition.period, "sex": sex}
            counts.append(of_sex.assign(**told, indicator=measure.indicator))
    return pd.concat(counts)


def _sexes(placed: pd.DataFrame, source: Source) -> dict[str, pd.Series[bool]]:
    everyone = {EVERYONE: pd.Series(data=True, index=placed.index)}
    if source.sex is None:
        return everyone
    of_row = placed[source.sex.column]
    return {**everyone, "kvinnor": of_row == source.sex.women, "män": of_row == source.sex.men}


def _meets(people: pd.DataFrame, conditions: Mapping[str, Condition]) -> pd.Series[bool]:
    met = pd.Series(data=True, index=people.index)
    for column, wanted in conditions.items():
        if wanted.one_of:
            met &= people[column].isin(list(wanted.one_of))
        if wanted.min is not None:
            met &= people[column] >= wanted.min
        if wanted.max is not None:
            met &= people[column] <= wanted.max
    return met


def ours(run_file: Path) -> pd.DataFrame:
    """Count with geolyft, which checks, reads and counts the files of totals besides."""
    config = load_config(run_file)
    levels = levels_of(config, read_areas(config))
    with warnings.catch_warnings(action="ignore"):
        gathered = gather(config, levels)
    counts = [
        pd.concat(each.counts).assign(level=level.name)
        for level, each in zip(levels, gathered, strict=True)
    ]
    of_points = {source.name for source in config.sources if source.kind == "points"}
    table = pd.concat(counts)
    return _keyed(table[table["source"].isin(of_points) & (table["area"] != RESIDUAL)])


def whole(run_file: Path) -> pd.DataFrame:
    """Make the delivery: all counts, protected, scored, explained and written."""
    run(run_file, out=run_file.parent / "out")
    return _keyed(pd.DataFrame(columns=[*KEY, *PARTS]))


def _keyed(table: pd.DataFrame) -> pd.DataFrame:
    counts = table.set_index(KEY)[PARTS].astype("int64").sort_index()
    return counts[counts.any(axis=1)]


ENGINES: Final[dict[str, Callable[[Path], pd.DataFrame]]] = {
    WHOLE: whole,
    "geolyft": ours,
    "geopandas and pandas": pandas,
    READ: floor,
}
