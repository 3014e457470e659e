"""Whatever fails while a delivery is written: the old one is whole, and nothing is left."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from faulty_disk import KINDS, failures
from small_run import write_small_run

from geolyft.errors import OutputError
from geolyft.export.delivery import writing

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


@pytest.mark.needs("cc")
def test_a_disk_that_fails_at_any_write_leaves_the_old_delivery_whole(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    run_file = write_small_run(tmp_path / "in", squares)
    made = failures(tmp_path, run_file, most=10)
    assert {each["error"] for each in made} == {*KINDS}
    assert {each["call"] for each in made} >= {"open", "write", "fsync"}
    wrong = [
        each
        for each in made
        if (each["code"], each.get("exit"), each["same"]) != ("output-write", 4, True)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("statement", "refused"),
    [("INSERT INTO a VALUES (zeroblob(1000000))", True), ("SELECT * FROM nowhere", False)],
)
def test_what_sqlite_says_of_the_disk_is_told_from_a_wrong_statement(
    tmp_path: Path, statement: str, *, refused: bool
) -> None:
    database = sqlite3.connect(tmp_path / "small.sqlite")
    database.execute("CREATE TABLE a (b)")
    database.execute("PRAGMA max_page_count = 2")
    with pytest.raises(OutputError if refused else sqlite3.OperationalError), writing("a.gpkg"):
        database.execute(statement)
    database.close()
