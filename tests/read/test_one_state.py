"""What is read is one state of a file: one that is written to meanwhile is called that."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pyogrio
import pytest
from shapely import Point

from geolyft.errors import ReadError
from geolyft.read import FileSeen, open_points, read_layer, read_table, seen_in, tables
from geolyft.read.formats import vector
from geolyft.read.understand.files import check_unchanged, stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

PX: Final = 'STUB="a";VALUES("a")="1","2";DATA=1 2;'
CUBE: Final = (
    '{"class":"dataset","id":["a"],"size":[1],"value":[1],'
    '"dimension":{"a":{"category":{"index":["1"]}}}}'
)
HOLDS: Final = """
import sqlite3, sys
file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
file.execute("ROLLBACK")
"""
TEXTS: Final = {"a.csv": "c;n\na;1\n", "a.px": PX, "a.json": CUBE}
FILES: Final = [*TEXTS, "a.parquet", "a.gpkg", "a.fgb", "a.geojson", "a.shp"]
LAYERS: Final = [name for name in FILES if name not in TEXTS]


def written(folder: Path, name: str, rows: int = 2) -> Path:
    """Write a file that can be read."""
    file = folder / name
    if name in TEXTS:
        file.write_text(TEXTS[name], encoding="utf-8")
        return file
    places = [Point(118_000 + n, 6_164_000) for n in range(rows)]
    frame = gpd.GeoDataFrame({"kod": [f"a{n}" for n in range(rows)]}, geometry=places, crs=3008)
    if name == "a.geojson":
        frame = frame.to_crs(4326)
    frame.to_parquet(file) if name == "a.parquet" else frame.to_file(file)
    return file


def more(file: Path) -> None:
    """Write another whole state, or for text one that goes on."""
    if file.name in TEXTS:
        file.write_text(TEXTS[file.name] + "\n", encoding="utf-8")
    else:
        file.unlink()
        written(file.parent, file.name, rows=40)


def half(file: Path) -> None:
    """Leave the file as one that is being written is."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, change: Callable[[Path], None]
) -> None:
    """Let a file change just after it was looked at, before it is read."""
    looked = module.kind_of

    def kind_of(file: Path) -> str:
        kind = looked(file)
        change(file)
        return str(kind)

    monkeypatch.setattr(module, "kind_of", kind_of)


@pytest.mark.parametrize("change", [more, half, lambda file: file.unlink()])
@pytest.mark.parametrize("name", FILES)
def test_a_table_that_changes_while_it_is_read_is_refused_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Path], None]
) -> None:
    file = written(tmp_path, name)
    read_table(file)
    meanwhile(monkeypatch, tables, change)
    with pytest.raises(ReadError, match="wait until nothing writes to it") as refused:
        read_table(file)
    assert refused.value.code == "read-changed"


@pytest.mark.parametrize("change", [more, half, lambda file: file.unlink()])
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_that_changes_while_it_is_read_is_refused_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Path], None]
) -> None:
    file = written(tmp_path, name)
    read_layer(file)
    meanwhile(monkeypatch, vector, change)
    with pytest.raises(ReadError) as refused:
        read_layer(file)
    assert refused.value.code == "read-changed"


@pytest.mark.parametrize("name", LAYERS)
def test_points_that_change_while_they_are_read_are_refused_as_that(
    tmp_path: Path, name: str
) -> None:
    file = written(tmp_path, name)
    points = open_points(file)
    seen = sum(map(seen_in, points.batches()), FileSeen())
    more(file)
    with pytest.raises(ReadError) as refused:
        points.finish(seen)
    assert refused.value.code == "read-changed"


@pytest.mark.parametrize("name", LAYERS)
def test_points_of_a_file_that_is_cut_are_refused(tmp_path: Path, name: str) -> None:
    file = written(tmp_path, name)
    points = open_points(file)
    half(file)
    with pytest.raises(ReadError):
        points.finish(sum(map(seen_in, points.batches()), FileSeen()))


@pytest.fixture
def impatient() -> Iterator[None]:
    """Let GDAL not wait for another program: it gives it five seconds, and asks several times."""
    pyogrio.set_gdal_config_options({"SQLITE_BUSY_TIMEOUT": "10"})
    yield
    pyogrio.set_gdal_config_options({"SQLITE_BUSY_TIMEOUT": None})


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("read", [read_table, read_layer, open_points])
def test_a_geopackage_that_another_program_writes_to_is_called_that(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    file = written(tmp_path, "a.gpkg")
    # A lock is a process's: this one's own would be none to it.
    run = [sys.executable, "-c", HOLDS, str(file)]
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ReadError, match="being written to by another program") as refused:
            read(file)
        other.communicate("let go\n")
    assert refused.value.code == "read-open"
    assert "save there what is to be kept" in refused.value.remedy
    read(file)


def test_a_rewrite_of_the_same_size_within_a_tick_of_the_clock_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    for n in range(40):
        file.write_text(f"c;n\na;{n:02}\n", encoding="utf-8")
        stamp = stamp_of(file)
        file.write_text("c;n\na;99\n", encoding="utf-8")
        assert stamp_of(file) != stamp


def test_another_file_of_the_same_size_and_time_is_seen(tmp_path: Path) -> None:
    file, other = tmp_path / "a.csv", tmp_path / "b.csv"
    file.write_text("c;n\na;1\n", encoding="utf-8")
    other.write_text("c;n\na;2\n", encoding="utf-8")
    stamp, was = stamp_of(file), file.stat()
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
    other.replace(file)
    assert file.stat().st_mtime_ns == was.st_mtime_ns
    with pytest.raises(ReadError, match="was changed while it was read"):
        check_unchanged(file, stamp)


@pytest.mark.parametrize(("age", "waits"), [(0.0, True), (0.01, True), (1.0, False), (-5.0, False)])
def test_a_file_of_this_very_moment_is_looked_at_a_tick_later(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    age: float,
    waits: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    file, waited = tmp_path / "a.csv", [0.0]
    file.write_text("c;n\na;1\n", encoding="utf-8")
    written = file.stat().st_mtime
    monkeypatch.setattr("geolyft.read.understand.files.time.time", lambda: written + age)
    monkeypatch.setattr("geolyft.read.understand.files.time.sleep", waited.append)
    stamp_of(file)
    assert (sum(waited) > 0) == waits
    assert not waits or age + sum(waited) >= 0.015
