"""Sums of columns of points by area: as pandas would have them, and every count closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geolyft import GeolyftWarning, assign_points, sum_points
from geolyft.errors import AreaError, JoinError, ReadError
from geolyft.join.points import PointAudit
from geolyft.read.formats import columns as _columns

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


def people(count: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"x": rng.uniform(-1, 21, count), "y": rng.uniform(-1, 21, count)})
    frame["whole"] = rng.integers(0, 9, count)
    frame["part"] = rng.normal(0, 1e3, count)
    frame.loc[frame.index % 7 == 0, "part"] = np.nan
    frame.loc[frame.index % 11 == 0, ["x", "y"]] = np.nan
    return frame


def written(folder: Path, frame: pd.DataFrame, rows: int = 100) -> Path:
    path = folder / "points.parquet"
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, row_group_size=rows)
    return path


def by_hand(frame: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    codes = assign_points(frame["x"], areas, y=frame["y"], crs=3008, max_outside=1.0)
    return frame.groupby(codes.fillna("residual"))


@pytest.mark.parametrize(("rows", "part"), [(1, 10**6), (37, 10**6), (37, 300), (5000, 300)])
def test_sums_are_those_of_all_points_at_once(
    tmp_path: Path,
    squares: gpd.GeoDataFrame,
    rows: int,
    part: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_columns, "_PART_ROWS", (part, part))
    monkeypatch.setattr(_columns, "_ROWS", 64)
    frame = people(900)
    path = written(tmp_path, frame, rows)
    made = sum_points(path, squares, ["whole", "part"], crs=3008, max_outside=1.0)
    wanted = by_hand(frame, squares)
    names = ["whole", "part"]
    assert (made.points == wanted.size()[made.points.index]).all()
    assert (made.known == wanted[names].count().loc[made.points.index]).all().all()
    expected = wanted[names].sum(min_count=1).loc[made.points.index].astype(float)
    assert_frame_equal(made.sums, expected, check_names=False, rtol=1e-12)
    placed = int(wanted.size().drop("residual").sum())
    located = int(frame[["x", "y"]].notna().all(axis=1).sum())
    assert made.audit == PointAudit(
        total=900, placed=placed, outside=located - placed, unplaced=900 - located
    )


@given(st.integers(0, 300), st.integers(1, 60))
def test_every_count_closes(
    tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame, count: int, rows: int
) -> None:
    frame = people(count, seed=count).iloc[1:]  # the first has no place
    path = written(tmp_path_factory.mktemp("sums"), frame, rows)
    made = sum_points(path, squares, ["whole"], crs=3008, max_outside=1.0)
    assert made.points.sum() == made.audit.total == len(frame)
    assert made.points["residual"] == made.audit.outside + made.audit.unplaced
    assert np.nansum(made.sums["whole"]) == frame["whole"].sum()


def test_threads_change_no_bit(
    tmp_path: Path, squares: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_columns, "_PART_ROWS", (300, 300))
    path = written(tmp_path, people(5000))
    one, many = (
        sum_points(path, squares, ["part"], crs=3008, max_outside=1.0, threads=threads)
        for threads in (1, 7)
    )
    assert one.sums.to_numpy().tobytes() == many.sums.to_numpy().tobytes()


def test_nan_in_the_file_is_as_unknown_as_null(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    table = pa.table({"x": [1.0, 2, 3], "y": [1.0, 2, 3], "v": [1.0, float("nan"), None]})
    path = tmp_path / "points.parquet"
    pq.write_table(table, path)
    made = sum_points(path, squares, ["v"], crs=3008)
    assert made.sums["v"].tolist()[:1] == [1.0]
    assert made.known["v"].sum() == 1
    assert made.sums["v"].isna().sum() == 4


def test_half_a_coordinate_is_no_place(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = written(tmp_path, pd.DataFrame({"x": [1.0, np.nan], "y": [1.0, 1.0]}))
    made = sum_points(path, squares, crs=3008)
    assert (made.audit.placed, made.audit.unplaced) == (1, 1)


def test_a_default_coordinate_is_warned_of(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    frame = people(900).fillna(5.0)
    frame.loc[:200, ["x", "y"]] = 5.0
    path = written(tmp_path, frame)
    with pytest.warns(GeolyftWarning, match="share one place"):
        sum_points(path, squares, crs=3008, max_outside=1.0)


def test_what_cannot_be_summed_is_refused_first(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    frame = people(50).assign(name="A")
    path = written(tmp_path, frame)
    with pytest.raises(JoinError) as wrong:
        sum_points(path, squares, crs=3006)
    assert wrong.value.code == "join-crs"
    with pytest.raises(ReadError) as missing:
        sum_points(path, squares, ["nothing"], crs=3008)
    assert missing.value.code == "read-column-missing"
    with pytest.raises(ReadError) as text:
        sum_points(path, squares, ["name"], crs=3008)
    assert text.value.code == "read-not-a-number"
    with pytest.raises(JoinError) as outside:
        sum_points(path, squares, crs=3008, max_outside=0.0)
    assert outside.value.code == "join-outside"
    (tmp_path / "points.csv").write_text("x,y\n1,1\n", "utf-8")
    with pytest.raises(ReadError) as kind:
        sum_points(tmp_path / "points.csv", squares, crs=3008)
    assert kind.value.code == "read-format"


def test_areas_that_are_none_are_refused_before_the_file_is_opened(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    with pytest.raises(AreaError) as refused:
        sum_points(tmp_path / "none.parquet", squares.to_crs(4326), crs=4326)
    assert refused.value.code == "areas-crs"


def test_infinite_coordinates_are_refused(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = written(tmp_path, pd.DataFrame({"x": [1.0, np.inf], "y": [1.0, 1.0]}))
    with pytest.raises(JoinError) as wrong:
        sum_points(path, squares, crs=3008)
    assert wrong.value.code == "join-coordinates"
