"""Exit codes, one line on stderr, and an example in every help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import click
import geopandas as gpd
import pandas as pd
import pytest
from small_run import CANARY, write_small_run

from geolyft import cli as cli_module
from geolyft.cli import cli, main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Said:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


class Run(Protocol):
    def __call__(self, *arguments: object) -> Said: ...


@pytest.fixture
def geolyft(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["geolyft", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as left:
            status = int(left.code or 0)
        caught = capsys.readouterr()
        return Said(status, caught.out, caught.err)

    return call


def commands(
    group: click.Group = cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.mark.parametrize(("path", "command"), list(commands()), ids=str)
def test_every_command_shows_an_example_that_starts_with_itself(
    path: tuple[str, ...], command: click.Command
) -> None:
    assert f"geolyft {' '.join(path)}" in (command.help or "")


def test_every_promised_command_is_there() -> None:
    names = {" ".join(path) for path, _ in commands()}
    assert names == {
        "demo", "run", "check", "assign", "areas", "indicators", "compare", "verify",
        "boundaries fetch",
    }  # fmt: skip


def test_a_run_says_where_it_went_and_its_warnings_one_a_line(
    geolyft: Run, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    said = geolyft("run", path)
    assert said.status == 0
    assert said.out == f"{'out/run'}\n".replace("/", os.sep)
    assert said.err
    assert all(line.startswith("geolyft: ") for line in said.err.splitlines())
    assert geolyft("verify", "out/run").out == "intact\n"


def test_checking_computes_nothing(geolyft: Run, tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = write_small_run(tmp_path / "in", squares)
    before = sorted(tmp_path.rglob("*"))
    said = geolyft("check", path, "--json")
    assert (said.status, json.loads(said.out)["ok"]) == (0, True)
    assert sorted(tmp_path.rglob("*")) == before


def test_checking_refuses_the_forbidden_choices_that_running_refuses(
    geolyft: Run, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    path.write_text(path.read_text() + "[protection]\nbase = 1\n")
    said = geolyft("check", path)
    assert (said.status, said.out) == (3, "")
    assert said.err.startswith("geolyft: protect-threshold: run.toml: ")


def test_no_arguments_show_the_help(geolyft: Run) -> None:
    said = geolyft()
    assert said.status == 2
    assert "geolyft demo" in said.err


BROKEN = [
    ("votes.csv", "1 400", "1 400;9", 2, "read-ragged"),
    ("votes.csv", "1 400", "många", 2, "read-not-a-number"),
    ("votes.csv", "1;1 400", "9;1 400", 2, "join-unknown"),
    ("votes.csv", "1 400", "3 400", 2, "aggregate-share"),
    ("votes.csv", "kod;", "kåd;", 2, "read-column-missing"),
    ("run.toml", 'city = "Provstad"', "", 2, "run-form"),
    ("run.toml", "[areas]", "[area]", 2, "run-form"),
    ("run.toml", "votes.csv", "voter.csv", 2, None),
    ("run.toml", "crs = 3008", "crs = 3006", 2, None),
    ("run.toml", 'indicator = "C"', 'indicator = "Z"', 2, "run-indicator"),
    ("run.toml", 'indicator = "B"', 'indicator = "A"', 2, "run-twice"),
    ("run.toml", "{period}", "{year}", 2, "run-path"),
    ("run.toml", 'women = "K"', 'women = "Kvinna"', 2, "run-sex"),
    ("run.toml", "[index]", "[protection]\nthreshold = 1\n[index]", 3, "protect-threshold"),
    ("run.toml", "[index]", "[index]\nminimum_dimensions = 9", 2, "run-minimum"),
    ("catalogue.toml", 'code = "B"', 'code = "A"', 2, "catalogue-contradiction"),
    ("catalogue.toml", "[index]", "[index", 2, "catalogue-form"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "status", "code"), BROKEN, ids=[f"{b[0]}-{b[2]}" for b in BROKEN]
)
def test_a_refusal_is_one_line_with_its_code_and_leaves_nothing(  # noqa: PLR0917 - a row of the table above
    geolyft: Run,
    tmp_path: Path,
    squares: gpd.GeoDataFrame,
    file: str,
    old: str,
    new: str,
    status: int,
    code: str | None,
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    encoding = "cp1252" if file.endswith(".csv") else "utf-8"
    text = (path.parent / file).read_text(encoding=encoding)
    assert old in text
    (path.parent / file).write_text(text.replace(old, new, 1), encoding=encoding)
    said = geolyft("run", path, "--out", tmp_path / "out")
    assert said.status == status, said.err
    lines = said.err.splitlines()
    assert len(lines) == 1, said.err
    assert lines[0].startswith(f"geolyft: {code or ''}")
    assert CANARY not in said.err
    assert not (tmp_path / "out").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_an_output_that_cannot_be_written_exits_with_4(
    geolyft: Run, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    (tmp_path / "out").write_text("mine")
    said = geolyft("run", path, "--out", tmp_path / "out")
    assert said.status == 4
    assert said.err.startswith("geolyft: output-occupied: out: ")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    "arguments",
    [("run",), ("nonsense",), ("run", "absent.toml"), ("assign", "absent.csv"), ("verify", ".")],
)
def test_wrong_usage_exits_with_2_and_one_line(geolyft: Run, arguments: tuple[str, ...]) -> None:
    said = geolyft(*arguments)
    assert said.status == 2
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith("geolyft: ")


def test_a_bug_exits_with_1_and_shows_no_data(
    geolyft: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(cli_module, "check", broken)
    monkeypatch.setattr(cli_module, "load_config", lambda _: None)
    said = geolyft("check", "run.toml")
    assert said.status == 1
    assert CANARY not in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".gpkg"])
def test_assigned_points_are_written_and_counted(geolyft: Run, tmp_path: Path, ending: str) -> None:
    table = pd.DataFrame(
        {"id": ["01", "02", "03"], "x": [118531.17, None, 118000.0],
         "y": [6164797.76, None, 6164000.0]}
    )  # fmt: skip
    table.to_csv(tmp_path / "points.csv", index=False)
    said = geolyft(
        "assign", "points.csv", "--areas", "geso", "--x", "x", "--y", "y", "--crs", "3008",
        "--out", f"placed{ending}", "--json",
    )  # fmt: skip
    assert said.status == 0, said.err
    assert json.loads(said.out) == {"total": 3, "placed": 2, "outside": 0, "unplaced": 1}
    path = tmp_path / f"placed{ending}"
    if ending == ".gpkg":
        made = gpd.read_file(path)
        assert made.crs.to_epsg() == 3008
    else:
        made = pd.read_parquet(path) if ending == ".parquet" else pd.read_csv(path, dtype=str)
    assert made["id"].tolist() == ["01", "02", "03"]
    assert made["area"].notna().tolist() == [True, False, True]


def test_lists_come_as_tables_and_as_json(geolyft: Run) -> None:
    assert "geso" in geolyft("areas").out
    codes = [row["code"] for row in json.loads(geolyft("indicators", "--json").out)]
    assert codes == ["D1", "D2", "D3", "U1", "U2", "U3", "E1", "E2", "E3", "B1", "B2", "B3"]


def test_help_and_version_come_without_a_traceback() -> None:
    for argument in ("-h", "--version"):
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "geolyft", argument], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0
        assert "geolyft" in done.stdout
