"""Files of points in batches: the bytes, the sums and the refusals of the whole."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
from small_run import CANARY, RUN, in_malmo, people, write_small_run

from geolyft.assign import assign_file
from geolyft.divisions.areas import load_areas
from geolyft.errors import GeolyftError, GeolyftWarning, ReadError
from geolyft.export.geo import points as points_module
from geolyft.frames import RESIDUAL
from geolyft.indicators.measures import Condition, Measure, rows_that_meet
from geolyft.join.points import assign_points, audit_points
from geolyft.pipeline.counting import gather as gather_module
from geolyft.pipeline.counting.point_counts import CountPlan, count_part, frame_of
from geolyft.pipeline.run import run
from geolyft.read import (
    FileSeen,
    TextOptions,
    open_points,
    read_points,
    seen_in,
)
from geolyft.read import look as _look
from geolyft.read import stream as _stream
from geolyft.read.formats import csv as _csv
from geolyft.read.understand import text as _text
from geolyft.run_file.config import load_config
from geolyft.run_file.sources import SexColumn, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SIZE = 5000


def in_batches_of(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_stream, "BATCH", rows)
    monkeypatch.setattr(_look, "BATCH", rows)


def residents(size: int = SIZE) -> pd.DataFrame:
    """Make points over Malmö with columns of every kind, and gaps that start late in the file."""
    rng = np.random.default_rng(11)
    west, south, east, north = load_areas("geso").total_bounds
    late = np.arange(size) > size * 3 // 4
    table = pd.DataFrame(
        {
            "id": [f"{n:05}" for n in range(size)],
            "x": rng.uniform(west, east, size),
            "y": rng.uniform(south, north, size),
            "age": pd.array(rng.integers(0, 99, size), "Int64"),
            "moved": pd.array(rng.random(size) < 0.3, "boolean"),
            "income": rng.normal(300, 90, size),
            "since": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 99, size), "h"),
            "kind": pd.Categorical(rng.choice(["hyra", "ägt"], size)),
        }
    )
    table.loc[late & (rng.random(size) < 0.2), ["age", "moved", "income", "since"]] = None
    table.loc[late & (rng.random(size) < 0.1), "x"] = np.nan
    return table


def as_layer(table: pd.DataFrame) -> gpd.GeoDataFrame:
    shapes = gpd.points_from_xy(table["x"], table["y"], crs=3008)
    layer = gpd.GeoDataFrame(table.drop(columns=["x", "y"]), geometry=shapes)
    layer.loc[table["x"].isna(), "geometry"] = None
    return layer.astype({"kind": "str"})


def write_parquet(path: Path, size: int = SIZE) -> dict[str, Any]:
    table = pa.Table.from_pandas(residents(size), preserve_index=False)
    pq.write_table(table, path, row_group_size=size // 7)
    return {"x": "x", "y": "y", "crs": 3008}


def write_geoparquet(path: Path) -> dict[str, Any]:
    as_layer(residents()).to_parquet(path, row_group_size=SIZE // 7)
    return {}


def write_geoarrow(path: Path) -> dict[str, Any]:
    layer, encoding = as_layer(residents()), "geoarrow"
    layer.to_parquet(path, row_group_size=SIZE // 7, geometry_encoding=encoding)
    return {}


def write_gpkg(path: Path) -> dict[str, Any]:
    pyogrio.write_dataframe(as_layer(residents()), path, layer="p", geometry_type="Point")
    return {}


def write_csv(path: Path) -> dict[str, Any]:
    residents().to_csv(path, index=False)
    return {"x": "x", "y": "y", "crs": 3008}


FILES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "table.parquet": write_parquet,
    "shapes.parquet": write_geoparquet,
    "coordinates.parquet": write_geoarrow,
    "points.gpkg": write_gpkg,
    "points.csv": write_csv,
}


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".gpkg"])
@pytest.mark.parametrize("name", FILES)
def test_the_size_of_a_batch_changes_no_byte(
    name: str, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = FILES[name](tmp_path / name)
    monkeypatch.setattr(points_module, "_GROUP", 1700)
    made = []
    for batch in (1 << 20, 1000, 333):
        in_batches_of(batch, monkeypatch)
        monkeypatch.setattr(_csv, "_CHUNK", batch)
        out = tmp_path / f"placed{ending}"
        audit = assign_file(tmp_path / name, areas="geso", out=out, max_outside=1, **place)
        made.append((audit, out.read_bytes()))
        out.unlink()
    assert made[0] == made[1] == made[2]
    assert made[0][0].total == SIZE


@pytest.mark.parametrize("name", FILES)
def test_a_batch_at_a_time_gives_the_areas_of_the_whole(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = FILES[name](tmp_path / name)
    whole = read_points(tmp_path / name, **place)
    areas = load_areas("geso")
    x, y = whole.frame["x"], whole.frame["y"]
    expected = assign_points(x, areas, y=y, crs=whole.crs, max_outside=1)
    in_batches_of(700, monkeypatch)
    monkeypatch.setattr(_csv, "_CHUNK", 700)
    out = tmp_path / "placed.parquet"
    assign_file(tmp_path / name, areas="geso", out=out, max_outside=1, **place)
    made = pd.read_parquet(out)
    pd.testing.assert_series_equal(made["area"], expected, check_names=False)
    # A typed file's own cells come back: also the one coordinate of a place that lacks the other.
    is_place = whole.frame["x"].notna()
    for column in whole.frame.columns.difference(["moved", "age", "since"]):
        rows = is_place if column in {"x", "y"} else slice(None)
        pd.testing.assert_series_equal(
            made.loc[rows, column],
            whole.frame.loc[rows, column],
            check_dtype=False,
            check_categorical=False,
        )
    for column in ("moved", "age"):
        assert made[column].isna().tolist() == whole.frame[column].isna().tolist()


def test_whole_numbers_and_truth_values_stay_what_they_are(tmp_path: Path) -> None:
    place = write_parquet(tmp_path / "p.parquet")
    out = tmp_path / "placed.parquet"
    assign_file(tmp_path / "p.parquet", areas="geso", out=out, max_outside=1, **place)
    said = pq.read_schema(out)
    assert [str(said.field(name).type) for name in ("age", "moved", "area")] == [
        "int64", "bool", "large_string",
    ]  # fmt: skip
    made = pd.read_parquet(out)
    assert (made["age"].dtype, made["moved"].dtype) == ("Int64", "boolean")
    assert made["age"].isna().any()


LATE = [
    ("x", np.inf, "read-infinite"),
    ("income", "mycket", "read-not-a-number"),
]


def spoiled(path: Path, column: str, value: object) -> None:
    table = residents().astype({"kind": "str"})
    if isinstance(value, str):
        table[column] = table[column].astype("str").fillna("")
    table.loc[SIZE - 3, column] = value
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), path, row_group_size=800)


@pytest.mark.parametrize(("column", "value", "code"), LATE)
def test_what_is_wrong_in_the_last_batch_is_refused_with_its_row_and_leaves_nothing(
    column: str, value: object, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_batches_of(500, monkeypatch)
    path = tmp_path / "p.parquet"
    spoiled(path, column, value)
    with pytest.raises(ReadError) as refusal:
        list(open_points(path, x="x", y="y", crs=3008, numbers=["income"]).batches())
    assert refusal.value.code == code
    assert f"row {SIZE - 2}, column {column}" in refusal.value.where
    if column == "x":
        with pytest.raises(ReadError):
            assign_file(path, areas="geso", out=tmp_path / "o.parquet", x="x", y="y", crs=3008)
        assert [each.name for each in tmp_path.iterdir()] == ["p.parquet"]


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".gpkg"])
def test_what_only_all_batches_tell_is_refused_and_leaves_nothing(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_batches_of(500, monkeypatch)
    table = residents()
    refused = {
        "join-outside": table.assign(y=table["y"] + 9000),
        "read-places-swapped": table.assign(x=table["y"], y=table["x"]),
        "read-places-degrees": table.assign(x=13.0, y=55.6),
        "join-unplaced": table.assign(x=np.nan),
        "read-header-only": table[:0],
    }
    for code, wrong in refused.items():
        wrong.to_parquet(tmp_path / "p.parquet", index=False)
        with pytest.raises(GeolyftError) as refusal:
            assign_file(
                tmp_path / "p.parquet", areas="geso", out=tmp_path / f"o{ending}",
                x="x", y="y", crs=3008,
            )  # fmt: skip
        assert refusal.value.code == code
        assert [each.name for each in tmp_path.iterdir()] == ["p.parquet"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"crs": None}, "read-crs-missing"),
        ({"crs": 99999}, "read-crs-unknown"),
        ({"y": "x"}, "read-points-columns"),
        ({"y": "north"}, "read-column-missing"),
        ({"max_outside": np.nan}, "join-share"),
        ({"engine": "local", "scheduler": "tcp://127.0.0.1:1"}, "engine-scheduler"),
    ],
)
def test_a_wrong_crs_or_column_is_refused_before_a_row_is_read(
    change: dict[str, Any], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = write_parquet(tmp_path / "p.parquet")
    monkeypatch.setattr(_stream, "typed_table", None)
    with pytest.raises(GeolyftError) as refusal:
        assign_file(
            tmp_path / "p.parquet", areas="geso", out=tmp_path / "o.csv", **{**place, **change}
        )
    assert refusal.value.code == code


def test_number_signs_are_found_in_the_whole_file_before_the_first_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only the last of the texts decides that the comma of the others is a decimal one.
    texts = ["118,531"] * 2000 + ["118531,25"]
    table = pa.table({"x": texts, "y": ["6164797"] * 2001})
    pq.write_table(table, tmp_path / "p.parquet", row_group_size=500)
    in_batches_of(300, monkeypatch)
    file = open_points(tmp_path / "p.parquet", x="x", y="y", crs=3008)
    read = pd.concat([batch.frame for batch in file.batches()])
    assert read["x"].tolist() == [118.531] * 2000 + [118531.25]
    pq.write_table(table.slice(0, 2000), tmp_path / "p.parquet", row_group_size=500)
    with pytest.raises(ReadError, match=r"1,234 could mean one or one thousand"):
        open_points(tmp_path / "p.parquet", x="x", y="y", crs=3008)


def test_a_crowd_over_many_batches_is_counted_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = residents()
    home = load_areas("geso").representative_point().iloc[0]
    table.loc[::9, ["x", "y"]] = home.x, home.y
    table.to_parquet(tmp_path / "p.parquet", index=False)
    in_batches_of(100, monkeypatch)
    with pytest.warns(GeolyftWarning, match="share one place") as caught:
        audit = assign_file(
            tmp_path / "p.parquet", areas="geso", out=tmp_path / "o.csv", x="x", y="y", crs=3008,
            max_outside=1,
        )  # fmt: skip
    crowd = len(range(0, SIZE, 9))
    assert str(caught[0].message) == (
        f"p.parquet: {crowd} of {audit.placed} points share one place: a default coordinate?"
    )


def test_a_damaged_row_group_is_refused(tmp_path: Path) -> None:
    place = write_parquet(tmp_path / "p.parquet")
    data = bytearray((tmp_path / "p.parquet").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = b"\xff" * 3000
    (tmp_path / "p.parquet").write_bytes(data)
    with pytest.raises(ReadError) as refusal:
        assign_file(tmp_path / "p.parquet", areas="geso", out=tmp_path / "o.csv", **place)
    assert refusal.value.code == "read-damaged"
    assert [each.name for each in tmp_path.iterdir()] == ["p.parquet"]


HEAD = "id;x;y;namn\n"
ROWS = "".join(f"{n:04};{118_000 + n},5;{6_163_000 + n};å{n}\n" for n in range(400))
LAST = "0400;118000,5;6163000;ö\n"
TEXTS = {
    "plain": HEAD + ROWS,
    "one row": HEAD + LAST,
    "header only": HEAD,
    "blank": " \n \n",
    "no header": ROWS,
    "blank lines": "\n\n" + HEAD + ROWS.replace("0100;", "\n0100;") + "\n\n",
    "sep": "sep=;\n" + HEAD + ROWS,
    "footer": HEAD + ROWS + "\nKälla: SCB\nUttag 2024\n",
    "sum": HEAD + ROWS + "Summa;118000,5;6163000;\n",
    "sum among the rows": HEAD + ROWS + "Summa;118000,5;6163000;\n" + LAST * 300,
    "ragged": HEAD + ROWS + "0400;118000,5;6163000;ö;mer\n" + LAST,
    "trailing": HEAD + ROWS.replace("\n", ";\n"),
    "quotes": HEAD + ROWS + '0400;118000,5;6163000;"ö\n' + LAST * 30,
    "swallowed": HEAD + ROWS + '0400;118000,5;6163000;"ö\n' + LAST * 3 + '";"\n',
    "quoted line": HEAD + ROWS + '0400;118000,5;6163000;"ö\nstrand"\n',
    "text": HEAD + ROWS + "0400;okänd;6163000;ö\n",
    "marks": HEAD + ROWS + "0400;..;6163000;ö\n0401;;;\n",
    "mixed signs": HEAD + ROWS + "0400;118000.5;6163000;ö\n",
    "ambiguous": HEAD + "0400;118,531;6163000;ö\n" * 300,
    "decided last": HEAD + "0400;118,531;6163000;ö\n" * 300 + LAST,
    "thousands": HEAD + "0400;118 531,5;6 163 000;ö\n" * 300,
    "infinite": HEAD + ROWS + "0400;inf;6163000;ö\n",
    "degrees": HEAD + "0400;13,25;55,5;ö\n" * 300,
    "swapped": HEAD + "0400;6163000,5;118000;ö\n" * 300,
    "twice": "id;x;y;ID\n" + ROWS,
    "nameless": "id;x;y;\n" + ROWS,
    "title": "Invånare\n" + HEAD + ROWS,
    "garbled late": HEAD + ROWS + "0400;118000,5;6163000;Ã¶\n",
    "binary late": HEAD + ROWS + "0400;118000,5;6163000;\0\n",
}


def answer(read: Callable[[], tuple[pd.DataFrame, object]]) -> object:
    """Return the refusal's code and place, or what was read and understood."""
    try:
        frame, understood = read()
    except ReadError as refusal:
        return refusal.code, refusal.where
    return frame.to_csv(), understood


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", TEXTS)
def test_text_in_chunks_is_read_and_refused_as_the_whole(
    name: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(TEXTS[name].encode(encoding))
    place = {"x": "x", "y": "y", "crs": 3008}

    def whole() -> tuple[pd.DataFrame, object]:
        read = read_points(path, **place)
        return read.frame, read.understood

    def chunked() -> tuple[pd.DataFrame, object]:
        file = open_points(path, **place)
        batches = list(file.batches())
        understood = file.finish(sum(map(seen_in, batches), FileSeen()))
        return pd.concat([each.frame for each in batches], ignore_index=True), understood

    expected = answer(whole)
    # A footer of a few rows has to fit into a chunk, blocks may cut a letter in two.
    for chunk, block in ((250, 1 << 22), (250, 7), (10_000, 1000)):
        monkeypatch.setattr(_csv, "_CHUNK", chunk)
        monkeypatch.setattr(_text, "_BLOCK", block)
        assert answer(chunked) == expected


def test_an_encoding_that_was_said_is_believed_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes((HEAD + ROWS).encode("cp1252"))
    for encoding in ("utf-8", "swedish", "cp1252"):
        options, said = TextOptions(encoding=encoding), []
        for read in (read_points, open_points):
            try:
                read(path, x="x", y="y", crs=3008, options=options)
                said.append("read")
            except ReadError as refusal:
                said.append(str(refusal))
        assert said[0] == said[1]


def test_warnings_between_batches_are_the_callers(tmp_path: Path) -> None:
    place = write_gpkg(tmp_path / "p.gpkg")
    batches = open_points(tmp_path / "p.gpkg", **place).batches(rows=1000)
    next(batches)
    with pytest.warns(UserWarning, match="mine"):
        warnings.warn("mine", UserWarning, stacklevel=1)
    assert sum(len(batch.frame) for batch in batches) == SIZE - 1000


def test_parts_are_all_row_groups_once(tmp_path: Path) -> None:
    write_parquet(tmp_path / "p.parquet")
    file = open_points(tmp_path / "p.parquet", x="x", y="y", crs=3008)
    assert file.groups == 8
    for rows in (1, 700, 2000, 4000):
        parts = file.parts(rows)
        assert [each for part in parts for each in part or ()] == list(range(8))
        assert all(a and b and a.stop == b.start for a, b in pairwise(parts))
    assert file.parts(SIZE) == [None]


def register(folder: Path, areas: gpd.GeoDataFrame, kind: str) -> Path:
    """Write the small run with its people in a typed format, and by sex, group and child."""
    path = write_small_run(folder, areas)
    for year in (2023, 2024):
        table = people(areas, year=year)
        if kind == "parquet":
            pq.write_table(
                pa.Table.from_pandas(table, preserve_index=False),
                folder / f"people_{year}.parquet", row_group_size=600,
            )  # fmt: skip
        elif kind == "gpkg":
            shapes = gpd.points_from_xy(table["x"], table["y"], crs=3008)
            layer = gpd.GeoDataFrame(table.drop(columns=["x", "y"]), geometry=shapes)
            layer.loc[table["x"].isna(), "geometry"] = None
            pyogrio.write_dataframe(layer, folder / f"people_{year}.gpkg", geometry_type="Point")
    said = RUN.replace(
        "population = true\n",
        "population = true\nchildren = { alder = { max = 17 } }\n"
        "groups = { alder = { column = 'alder', breaks = [30, 60] } }\n",
    )
    said = said.replace("people_{period}.csv", f"people_{{period}}.{kind}")
    if kind == "gpkg":
        said = said.replace('x = "x"\ny = "y"\ncrs = 3008\n', "")
    path.write_text(said, encoding="utf-8")
    return path


def delivered(path: Path, out: Path) -> dict[str, bytes]:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        run(path, out=out)
    return {
        file.relative_to(out).as_posix(): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file()
    }


@pytest.mark.parametrize("kind", ["parquet", "gpkg", "csv"])
def test_a_run_gives_the_same_bytes_whatever_the_batch(
    kind: str, tmp_path: Path, squares: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = register(tmp_path / "in", squares, kind)
    whole = delivered(path, tmp_path / "whole")
    in_batches_of(130, monkeypatch)
    monkeypatch.setattr(_csv, "_CHUNK", 300)
    monkeypatch.setattr(gather_module, "PART_ROWS", 1000)
    assert delivered(path, tmp_path / "parts") == whole
    assert not any(CANARY.encode() in content for content in whole.values())


def test_a_run_gives_the_figures_of_csv_from_every_format(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    names = ["resultat.csv", "index.csv", "resultat.parquet", "tabeller/grupper.csv"]
    made = [
        {name: files.get(name) for name in names}
        for kind in ("csv", "parquet", "gpkg")
        for files in [delivered(register(tmp_path / kind, squares, kind), tmp_path / f"out-{kind}")]
    ]
    assert made[0] == made[1] == made[2]
    assert made[0]["resultat.parquet"]


def counted_by_pandas(
    people: pd.DataFrame, measures: Sequence[Measure], area: pd.Series, sex: pd.Series
) -> pd.DataFrame:
    """Count with groupby what the tally counts with positions."""
    made = {}
    for measure in measures:
        among = rows_that_meet(people, measure.among)
        hit = among & rows_that_meet(people, measure.counted or {})
        rows = pd.DataFrame({"area": area, "numerator": hit, "denominator": among}).astype(
            {"numerator": float, "denominator": float}
        )
        made[measure.indicator, "alla"] = rows.groupby("area").sum()
        for one, members in rows.groupby(sex):
            made[measure.indicator, one] = members.groupby("area").sum()
    return pd.concat(made, names=["indicator", "sex"])


def test_persons_are_counted_by_area_and_sex_with_the_residual(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    rows = "x;y;alder;kon;arbetar\n5;5;30;K;1\n5;5;40;M;0\n5;5;50;?;1\n500;5;60;M;1\n"
    (tmp_path / "p.csv").write_text(rows, encoding="utf-8")
    works = Measure(
        indicator="E1",
        among={"alder": Condition(min=35)},
        counted={"arbetar": Condition(one_of=("1",))},
    )
    source = Source(
        name="r", file="p.csv", kind="points", x="x", y="y", crs=3008, measure=(works,),
        sex=SexColumn(column="kon", women="K", men="M"),
    )  # fmt: skip
    file = open_points(tmp_path / "p.csv", x="x", y="y", crs=3008, numbers=["alder"])
    plan = CountPlan(file=file, source=source, shapes=(tuple(squares.geometry.to_wkb()),))
    tally = count_part(plan, None).levels[0]
    codes = [*squares.index, RESIDUAL]
    table = frame_of(tally.counts, ["E1"], codes, ["alla", "kvinnor", "män"])
    table = table.set_index(["area", "sex"])[["numerator", "denominator"]]
    assert table.loc[("1", "alla")].tolist() == [1, 2]
    assert table.loc[("1", "män")].tolist() == [0, 1]
    assert table.loc[("1", "kvinnor")].tolist() == [0, 0]
    assert table.loc[("2", "alla")].tolist() == [0, 0]
    assert table.loc[(RESIDUAL, "män")].tolist() == [1, 1]


@pytest.mark.parametrize("batch", [97, 1000, 1 << 20])
def test_the_counts_of_batches_are_those_of_all_rows_at_once(
    batch: int, tmp_path: Path, squares: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_config(register(tmp_path, squares, "parquet"))
    source, areas = config.sources[0], in_malmo(squares)
    in_batches_of(batch, monkeypatch)
    # In order of sex, so that no batch but one has both.
    table = people(squares, year=2024).sort_values("kon", kind="stable", ignore_index=True)
    table.loc[:200, "x"] -= 500  # outside
    table.to_parquet(tmp_path / "p.parquet", index=False)
    file = open_points(
        tmp_path / "p.parquet", x="x", y="y", crs=3008, numbers=["alder"],
        columns=["kon", "alder", "arbetar", "trangbodd"],
    )  # fmt: skip
    plan = CountPlan(file=file, source=source, shapes=(tuple(areas.geometry.to_wkb()),))
    tally = count_part(plan, None)
    assert set(tally.occurring["kon"].rows) == {"K", "M"}
    place = assign_points(table["x"], areas, y=table["y"], crs=3008, max_outside=1)
    sex = table["kon"].map({"K": "kvinnor", "M": "män"})
    measured = [measure.indicator for measure in source.measures]
    codes = [*areas.index, RESIDUAL]
    made = frame_of(tally.levels[0].counts, measured, codes, ["alla", "kvinnor", "män"])
    expected = counted_by_pandas(table, source.measures, place.fillna(RESIDUAL), sex)
    parts = made.set_index(["indicator", "sex", "area"])[["numerator", "denominator"]]
    assert parts.to_dict("index") == expected.reindex(parts.index, fill_value=0).to_dict("index")
    assert made.loc[made["area"] == RESIDUAL, "denominator"].max() > 200
    young = (table["alder"] <= 17).groupby(place.fillna(RESIDUAL)).sum().reindex(codes)
    assert tally.levels[0].people[:, 1].tolist() == young.tolist()
    assert sum(c[:, :, 1].sum() for (name, _), c in tally.levels[0].groups.items()) > 0
    assert tally.levels[0].places.audit() == audit_points(place, table["x"].notna())


def test_what_a_file_was_understood_to_be_is_the_same_whatever_the_batch(tmp_path: Path) -> None:
    table = residents().assign(income=lambda t: t["income"].fillna(0).map("{:.1f}".format))
    table.loc[::50, "income"] = ".."
    table.to_parquet(tmp_path / "p.parquet", index=False)
    said = []
    for rows in (100, 999, SIZE):
        file = open_points(tmp_path / "p.parquet", x="x", y="y", crs=3008, numbers=["income"])
        seen = sum(map(seen_in, file.batches(rows=rows)), FileSeen())
        said.append(file.finish(seen))
    assert said[0] == said[1] == said[2]
    assert said[0].marks[".."] == SIZE // 50
    whole = read_points(tmp_path / "p.parquet", x="x", y="y", crs=3008, numbers=["income"])
    assert said[0] == whole.understood


def test_the_progress_of_a_large_file_is_told_as_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = write_parquet(tmp_path / "p.parquet")
    in_batches_of(500, monkeypatch)
    told: list[float] = []
    assign_file(
        tmp_path / "p.parquet", areas="geso", out=tmp_path / "o.csv", max_outside=1, **place,
        progress=lambda _, share: told.append(share),
    )  # fmt: skip
    assert len(told) >= 10
    assert told == sorted(told)
    assert told[-1] == 1
