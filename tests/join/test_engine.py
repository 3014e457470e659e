"""Who does the work changes nothing: a real dask scheduler and two worker processes."""

from __future__ import annotations

import os
import pickle
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from needs import module
from test_large_files import (
    delivered,
    register,
    residents,
    write_geoparquet,
    write_gpkg,
    write_parquet,
)

from geolyft import assign as assign_module
from geolyft.assign import assign_file
from geolyft.errors import ConfigError, GeolyftError, JoinError, ReadError
from geolyft.join.engine import open_engine
from geolyft.join.point_sums import sum_points
from geolyft.pipeline.counting import gather as gather_module
from geolyft.pipeline.run import run
from geolyft.read.formats import columns as _columns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd


distributed = module("distributed")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
    ) as cluster:
        cluster.wait_for_workers(2, timeout=60)
        yield str(cluster.scheduler_address)


@pytest.fixture
def many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assign_module, "PART_ROWS", 700)
    monkeypatch.setattr(gather_module, "PART_ROWS", 700)


@pytest.mark.usefixtures("many_parts")
@pytest.mark.parametrize("write", [write_parquet, write_geoparquet, write_gpkg])
@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_workers_give_the_bytes_and_the_audit_of_this_process(
    write: type, ending: str, tmp_path: Path, scheduler: str
) -> None:
    name = "p.gpkg" if write is write_gpkg else "p.parquet"
    place = {**write(tmp_path / name), "areas": "geso", "max_outside": 1}
    here, there = tmp_path / f"here{ending}", tmp_path / f"there{ending}"
    audit = assign_file(tmp_path / name, out=here, **place)
    same = assign_file(tmp_path / name, out=there, **place, engine="dask", scheduler=scheduler)
    assert audit == same
    assert here.read_bytes() == there.read_bytes()


@pytest.mark.usefixtures("many_parts")
def test_a_run_on_workers_is_the_same_delivery_down_to_the_byte(
    tmp_path: Path, squares: gpd.GeoDataFrame, scheduler: str
) -> None:
    path = register(tmp_path / "in", squares, "parquet")
    here = delivered(path, tmp_path / "here")
    said = path.read_text(encoding="utf-8")
    said = said.replace("[run]\n", f'[run]\nengine = "dask"\nscheduler = "{scheduler}"\n', 1)
    path.write_text(said, encoding="utf-8")
    assert delivered(path, tmp_path / "there") == here


@pytest.mark.usefixtures("many_parts")
def test_the_work_is_done_by_two_other_processes(scheduler: str) -> None:
    with open_engine("dask", scheduler) as engine:
        done = list(engine.map(process_of, "plan", list(range(40))))
    assert [part for part, _ in done] == list(range(40))
    assert len({process for _, process in done}) == 2


def process_of(_plan: str, part: int) -> tuple[int, int]:
    time.sleep(0.01)
    return part, os.getpid()


@pytest.mark.usefixtures("many_parts")
def test_a_refusal_on_a_worker_is_the_refusal_here(tmp_path: Path, scheduler: str) -> None:
    table = residents()
    table.loc[len(table) - 3, "y"] = float("inf")
    table.to_parquet(tmp_path / "p.parquet", index=False, row_group_size=700)
    said = []
    for engine in ({}, {"engine": "dask", "scheduler": scheduler}):
        with pytest.raises(ReadError) as refusal:
            assign_file(
                tmp_path / "p.parquet", areas="geso", out=tmp_path / "o.csv", x="x", y="y",
                crs=3008, **engine,
            )  # fmt: skip
        said.append((refusal.value.code, str(refusal.value)))
    assert said[0] == said[1]
    assert [each.name for each in tmp_path.iterdir()] == ["p.parquet"]


@pytest.mark.usefixtures("many_parts")
@pytest.mark.needs("distributed")
def test_a_cluster_of_this_machine_is_started_and_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters = []

    def start(**said: Any) -> distributed.LocalCluster:  # noqa: ANN401
        clusters.append(distributed_cluster(**said))
        return clusters[-1]

    distributed_cluster = distributed.LocalCluster
    monkeypatch.setattr(distributed, "LocalCluster", start)
    place = {**write_parquet(tmp_path / "p.parquet"), "areas": "geso", "max_outside": 1}
    audit = assign_file(tmp_path / "p.parquet", out=tmp_path / "o.csv", **place, engine="dask")
    assert audit.total == len(residents())
    assert all(cluster.status.name == "closed" for cluster in clusters)
    assert len(clusters) == 1


@pytest.mark.needs("distributed")
def test_an_address_without_a_scheduler_is_refused(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    place = {**write_parquet(tmp_path / "p.parquet"), "areas": "geso", "max_outside": 1}
    with pytest.raises(ConfigError) as refusal:
        assign_file(
            tmp_path / "p.parquet", out=tmp_path / "o.csv", **place, engine="dask",
            scheduler="nowhere",
        )  # fmt: skip
    assert refusal.value.code == "engine-scheduler"
    path = register(tmp_path / "in", squares, "parquet")
    said = path.read_text(encoding="utf-8").replace("[run]\n", '[run]\nscheduler = "tcp://a:1"\n')
    path.write_text(said, encoding="utf-8")
    with pytest.raises(ConfigError) as refusal:
        run(path)
    assert refusal.value.code == "engine-scheduler"


def test_without_the_package_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"geolyft\[dask\]") as refusal, open_engine("dask"):
        pass
    assert refusal.value.code == "engine-package"


def test_a_refusal_survives_its_way_between_processes() -> None:
    refusal: GeolyftError = JoinError("join-crs", "what", remedy="remedy", where="file")
    back = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - our own bytes
    assert type(back) is JoinError
    assert (back.code, str(back)) == (refusal.code, str(refusal))


def test_sums_of_columns_are_the_same_to_the_bit(
    tmp_path: Path,
    squares: gpd.GeoDataFrame,
    scheduler: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_columns, "_PART_ROWS", (500, 500))
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.uniform(0, 20, (4000, 3)), columns=["x", "y", "v"])
    frame.to_parquet(tmp_path / "points.parquet", index=False, row_group_size=300)
    here, there = (
        sum_points(tmp_path / "points.parquet", squares, ["v"], crs=3008, **who)
        for who in ({}, {"engine": "dask", "scheduler": scheduler})
    )
    assert here.sums.to_numpy().tobytes() == there.sums.to_numpy().tobytes()
    assert here.audit == there.audit
    assert here.points.sum() == 4000
