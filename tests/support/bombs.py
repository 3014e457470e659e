"""Small files that hold, or say to hold, far more than fits anywhere: each by its code."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from needs import is_there, module
from shapely import box

import geolyft
from geolyft.read import RasterFile, open_raster, read_layer, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

READERS: Final[dict[str, Callable[[Path], object]]] = {
    "table": read_table,
    "layer": read_layer,
    "run": geolyft.load_config,
    "catalogue": geolyft.load_catalogue,
    "raster": lambda file: open_raster(RasterFile(path=file)).__enter__(),
}


def texts() -> Iterator[tuple[str, str, str, str]]:
    """Yield name, who reads it, the code it is refused by, and what is in it."""
    yield "multiplied.json", "table", "read-cube-size", _cube(7)
    yield "beyond.json", "table", "read-cube-size", _cube(40)
    yield "long_code.json", "table", "read-cube-size", _cube(5, code="x" * 20_000)
    yield "nested.json", "table", "read-damaged", '{"id":' + "[" * 100_000
    yield "digits.json", "table", "read-damaged", '{"size":[' + "9" * 100_000 + "]}"
    yield "nested.geojson", "layer", "read-damaged", '{"type":"Feature","a":' + "[" * 100_000
    yield "multiplied.px", "table", "read-cube-size", _px(7, 14)
    yield "quotes.px", "table", "read-px", 'A="' * 20_000
    yield "spaces.px", "table", "read-px", "A" * 40_000 + "\nDATA=1;"
    yield "endless.px", "table", "read-px", ('A("' + "a" * 30 + '",') * 2_000
    yield "columns.csv", "table", "read-size", ";".join(map(str, range(20_000))) + "\n1\n"
    yield "separators.csv", "table", "read-size", ";" * 1_000_000 + "\n"
    yield "lines.csv", "table", "read-size", "\n" * 1_000_000 + "c;n\na;1\n"
    yield "quotes.csv", "table", "read-quotes", "c;n\n" + '"' * 1_000_001
    yield "digits.csv", "table", "read-quotes", "c;n\n1;" + "9" * 1_000_000
    yield "dotted.toml", "run", "run-file", "a" + ".a" * 50_000 + "=1\n"
    yield "dotted_table.toml", "run", "run-file", "[a" + ".a" * 50_000 + "]\n"
    yield "nested.toml", "run", "run-form", "a=" + "[" * 50_000
    yield "long.toml", "catalogue", "catalogue-file", 'x="' + "a" * 1_000_000 + '"\n'
    yield "tables.toml", "run", "run-form", "".join(f"[a{n}]\n" for n in range(20_000))


def _cube(size: int, code: str = "") -> str:
    codes = {"category": {"index": [f"{code}{n}" for n in range(10)]}}
    names = [f"d{n}" for n in range(size)]
    return json.dumps({"class": "dataset", "id": names, "size": [10] * size,
                       "dimension": dict.fromkeys(names, codes), "value": {}})  # fmt: skip


def _px(size: int, values: int) -> str:
    names = [f"d{n}" for n in range(size)]
    codes = ",".join(f'"{n}"' for n in range(values))
    stub = ",".join(f'"{name}"' for name in names)
    return f"STUB={stub};\n" + "".join(f'VALUES("{n}")={codes};\n' for n in names) + "DATA=1;\n"


def write_bombs(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """Write each bomb, and yield its file, who reads it and the code it is refused by."""
    for name, reader, code, text in texts():
        (folder / name).write_text(text)
        yield folder / name, reader, code
    for name, table in _tables():
        pq.write_table(table, folder / name, compression="zstd", row_group_size=1 << 30)
        yield folder / name, "table", "read-size"
    sheets = {"corner": ("A1", "XFD1048576"), "square": ("A1", "EZZ1048576")}
    for name, corners in sheets.items() if is_there("openpyxl") else ():
        yield _sheet(folder / f"{name}.xlsx", corners), "table", "read-size"
    yield _endless(folder / "endless.gpkg", ""), "layer", "read-size"
    yield _endless(folder / "silent.gpkg", "WHERE i < 0"), "layer", "read-size"
    for reader, code in (("table", "read-format"), ("run", "run-file")):
        os.mkfifo(folder / f"pipe.{reader}")
        yield folder / f"pipe.{reader}", reader, code


def _tables() -> Iterator[tuple[str, Any]]:
    many = np.zeros(20_000_000, np.int8)
    same = pa.DictionaryArray.from_arrays(pa.array(many), pa.array(["x" * 20]))
    yield "rows.parquet", pa.table({"c": same})
    yield "text.parquet", pa.table({"c": pa.array(["x" * 50_000_000], pa.large_string())})


def _square() -> gpd.GeoDataFrame:
    shape = box(118_000, 6_164_000, 119_000, 6_165_000)
    return gpd.GeoDataFrame({"kod": ["1"]}, geometry=[shape], crs=3008)


def _sheet(file: Path, corners: tuple[str, ...]) -> Path:
    """Write a workbook of which the only cells lie as far apart as there can be."""
    book = module("openpyxl").Workbook()
    for corner in corners:
        book.active[corner] = "a"
    book.save(file)
    return file


_ENDLESS: Final = """
CREATE VIEW endless AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r)
SELECT i AS fid, (SELECT geom FROM plain) AS geom, 'a' AS kod FROM r"""


def _endless(file: Path, where: str) -> Path:
    """Write a GeoPackage of which the only layer is a view that never ends."""
    _square().to_file(file, layer="plain")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"{_ENDLESS} {where}")
        database.execute("UPDATE gpkg_contents SET table_name = 'endless', identifier = 'endless'")
        database.execute("UPDATE gpkg_geometry_columns SET table_name = 'endless'")
    return file


def damaged_geoparquet(folder: Path) -> Iterator[Path]:
    """Write GeoParquet of which what it says of its geometry is wrong in one place each."""
    square = _square()
    square.to_parquet(folder / "whole.parquet")
    whole = pq.read_table(folder / "whole.parquet")
    said = json.loads(whole.schema.metadata[b"geo"])
    column = said["columns"]["geometry"]
    wrong: list[Any] = [
        [], 5, "x", {}, {**said, "primary_column": "nowhere"}, {**said, "primary_column": 5},
        {**said, "columns": []}, {**said, "columns": {}}, {**said, "columns": {"geometry": None}},
        *({**said, "columns": {"geometry": {**column, "crs": crs}}} for crs in ("x", 5, [1], {})),
        *({**said, "columns": {"geometry": {**column, "encoding": e}}} for e in ("x", 5, "point")),
    ]  # fmt: skip
    texts = [json.dumps(each).encode() for each in wrong]
    for n, text in enumerate([*texts, b'{"a":', b"\xff\xfe", b"[" * 100_000]):
        file = folder / f"damaged_{n:02}.parquet"
        pq.write_table(whole.replace_schema_metadata({b"geo": text}), file)
        yield file
