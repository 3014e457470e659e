"""Exit codes, one line on stderr, and an example in every help."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from small_run import CANARY, write_small_run

import geolyft as geolyft_package
from geolyft.cli import cli, main
from geolyft.errors import GeolyftWarning
from geolyft.read.releases import TABLES, VERSION
from geolyft.terminal import Bar, Talk

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        "boundaries fetch", "fetch scb", "releases add", "releases list", "releases show",
        "effects compute", "effects register",
        "releases withdraw", "efforts template", "efforts check", "efforts diff", "move", "place",
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
    answer = json.loads(said.out)
    assert (said.status, answer["ok"]) == (0, True)
    assert len(answer["inputs"]) == len(answer["files"])
    register = [each for each in answer["files"] if each["source"] == "Register"]
    # Of people nobody has protected a check knows as much as the manifest.
    counts = [n for each in register for n in (each["rows"], *each["placed"].values())]
    assert all(n is None or n % 5 == 0 for n in counts)
    assert {each["separator"] for each in register} == {";"}
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
    ("run.toml", "min = 20", "min = nan", 2, "run-form"),
    ("run.toml", "min = 20", "min = 65", 2, "run-form"),
    ("run.toml", 'area = "kod"', 'area = "kod"\nencoding = "swedish"', 2, "read-encoding"),
    ("run.toml", 'area = "kod"', 'area = "kod"\nseparator = ";;"', 2, "read-options"),
    ("run.toml", 'area = "kod"', 'area = "kod"\nthousands = "0"', 2, "read-options"),
    ("run.toml", 'x = "x"', 'x = "pnr"', 2, None),
    ("votes.csv", "1;1 400", "19121212-1212;1 400", 2, "join-unknown"),
    ("people_2023.csv", "kon;", "19121212-1212;", 2, "read-column-missing"),
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

    monkeypatch.setattr("geolyft.pipeline.dry_run.inspect", broken)
    monkeypatch.setattr("geolyft.load_config", lambda _: None)
    said = geolyft("check", "run.toml")
    assert said.status == 1
    assert CANARY not in said.err
    assert len(said.err.splitlines()) == 1


def write_points(path: Path, **more: list[object]) -> None:
    place = {"x": [118531.17, None, 118000.0], "y": [6164797.76, None, 6164000.0]}
    pd.DataFrame({**more, **place}).to_csv(path, index=False)


ASSIGN = ("assign", "points.csv", "--areas", "geso", "--x", "x", "--y", "y", "--crs", "3008")


def test_a_share_that_is_no_number_switches_no_check_off(geolyft: Run, tmp_path: Path) -> None:
    write_points(tmp_path / "points.csv")
    said = geolyft(*ASSIGN, "--max-outside", "nan", "--out", "placed.csv")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("geolyft: join-share: ")
    assert not (tmp_path / "placed.csv").exists()


def test_rows_that_are_not_written_are_warned_of(geolyft: Run, tmp_path: Path) -> None:
    write_points(tmp_path / "points.csv", id=["a", "b", "c"])
    with (tmp_path / "points.csv").open("a", encoding="utf-8") as file:
        file.write("\n\nKälla: påhittad,,\n")
    said = geolyft(*ASSIGN, "--max-outside", "1", "--out", "placed.csv")
    assert said.status == 0
    for warned in ("1 note or sum rows after the table set aside", "2 blank rows set aside"):
        assert f"geolyft: points.csv: {warned}\n" in said.err


@pytest.mark.parametrize(
    ("column", "ending"),
    [("area", ".csv"), ("Area", ".parquet"), ("FID", ".gpkg"), ("geom", ".gpkg"),
     ("Geometry", ".gpkg")],
)  # fmt: skip
def test_a_column_the_output_needs_for_itself_is_refused_by_name(
    geolyft: Run, tmp_path: Path, column: str, ending: str
) -> None:
    write_points(tmp_path / "points.csv", **{column: ["a", "b", "c"]})
    said = geolyft(*ASSIGN, "--out", f"placed{ending}")
    assert said.status == 2
    assert said.err.startswith(
        f"geolyft: assign-column: points.csv: has a column called '{column}'"
    )
    assert [p.name for p in tmp_path.iterdir()] == ["points.csv"]


def test_assigning_to_csv_leaves_the_users_own_data_as_they_were(
    geolyft: Run, tmp_path: Path
) -> None:
    write_points(tmp_path / "points.csv", id=["-5", "+46701", "-3.5"], fid=["a", "-", "=1"])
    assert geolyft(*ASSIGN, "--out", "placed.csv").status == 0
    back = pd.read_csv(tmp_path / "placed.csv", dtype="str")
    assert back["id"].tolist() == ["-5", "+46701", "-3.5"]
    assert back["fid"].tolist() == ["a", "-", "'=1"]


@pytest.mark.parametrize("out", ["a\nb.csv", "x" * 300 + ".csv", "points.csv/deep/placed.csv"])
def test_a_file_that_cannot_be_there_is_refused_before_work(
    geolyft: Run, tmp_path: Path, out: str
) -> None:
    write_points(tmp_path / "points.csv")
    said = geolyft(*ASSIGN, "--out", out)
    assert (said.status, len(said.err.splitlines())) == (4, 1)
    assert said.err.startswith("geolyft: output-write: ")
    assert [p.name for p in tmp_path.iterdir()] == ["points.csv"]


def test_the_points_themselves_and_folders_are_never_replaced(geolyft: Run, tmp_path: Path) -> None:
    write_points(tmp_path / "points.csv")
    (tmp_path / "folder.csv").mkdir()
    before = (tmp_path / "points.csv").read_bytes()
    for out in ("points.csv", "folder.csv"):
        said = geolyft(*ASSIGN, "--out", out)
        assert (said.status, said.err.split()[1]) == (4, "output-occupied:")
    assert (tmp_path / "points.csv").read_bytes() == before


def test_points_without_any_place_are_refused(geolyft: Run, tmp_path: Path) -> None:
    nowhere = pd.DataFrame({"id": ["1"], "x": [None], "y": [None]})
    nowhere.to_csv(tmp_path / "points.csv", index=False)
    assert geolyft(*ASSIGN, "--out", "placed.csv").err.startswith("geolyft: join-unplaced: ")


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".gpkg"])
def test_assigned_points_are_written_and_counted(geolyft: Run, tmp_path: Path, ending: str) -> None:
    write_points(tmp_path / "points.csv", id=["01", "02", "03"])
    said = geolyft(*ASSIGN, "--out", f"placed{ending}", "--json")
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


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"--crs": "3006"}, "check the CRS"),
        ({"--crs": None}, "give crs, such as --crs 3008"),
        ({"--x": "y", "--y": "x"}, "swap --x (east) and --y (north)"),
        ({"--x": None}, "give --x (east) and --y (north)"),
    ],
)
def test_the_way_out_is_named_as_the_command_names_it(
    geolyft: Run, tmp_path: Path, changed: dict[str, str | None], says: str
) -> None:
    write_points(tmp_path / "points.csv")
    options = dict(zip(ASSIGN[2::2], ASSIGN[3::2], strict=True)) | changed
    given = [part for option in options.items() if option[1] for part in option]
    said = geolyft(*ASSIGN[:2], *map(str, given), "--out", "placed.csv")
    assert said.status == 2
    assert says in said.err


def test_latitude_and_longitude_swapped_are_told_from_points_outside(
    geolyft: Run, tmp_path: Path
) -> None:
    degrees = pd.DataFrame({"lat": [55.6, 55.59, 55.61], "lon": [13.0, 13.01, 13.02]})
    degrees.to_csv(tmp_path / "points.csv", index=False)
    given = ("assign", "points.csv", "--areas", "geso", "--crs", "4326", "--out", "placed.csv")
    said = geolyft(*given, "--x", "lat", "--y", "lon")
    assert "read-places-swapped: points.csv: 3 of 3 points" in said.err
    assert "swap --x (east) and --y (north)" in said.err
    assert geolyft(*given, "--x", "lon", "--y", "lat").status == 0


def test_too_many_outside_may_be_allowed_by_the_option_that_is_named(
    geolyft: Run, tmp_path: Path
) -> None:
    far = pd.DataFrame({"x": [118531.17, 150000.0], "y": [6164797.76, 6164797.76]})
    far.to_csv(tmp_path / "points.csv", index=False)
    said = geolyft(*ASSIGN, "--out", "placed.csv")
    assert said.err.endswith("or allow more with --max-outside\n")
    assert geolyft(*ASSIGN, "--out", "placed.csv", "--max-outside", "0.5").status == 0


def test_an_areas_file_without_crs_has_an_option_of_its_own(geolyft: Run, tmp_path: Path) -> None:
    write_points(tmp_path / "points.csv")
    shape = shapely.box(110_000, 6_150_000, 130_000, 6_170_000)
    gpd.GeoDataFrame({"kod": ["1"]}, geometry=[shape]).to_parquet(tmp_path / "areas.parquet")
    command = [part if part != "geso" else "areas.parquet" for part in ASSIGN]
    said = geolyft(*command, "--out", "placed.csv")
    assert (said.status, "--areas-crs 3008" in said.err) == (2, True)
    assert geolyft(*command, "--areas-crs", "3008", "--out", "placed.csv").status == 0


def test_an_interrupt_is_one_line(geolyft: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("geolyft.load_config", interrupted)
    said = geolyft("check", "run.toml")
    assert (said.status, said.out, said.err) == (1, "", "geolyft: interrupted\n")


def test_only_geolyft_warns_as_geolyft_and_says_it_once(
    geolyft: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def warning(*_: object) -> None:
        warnings.warn("theirs", RuntimeWarning, stacklevel=1)
        warnings.warn("theirs too", DeprecationWarning, stacklevel=1)
        for _time in range(2):
            warnings.warn("ours", GeolyftWarning, stacklevel=1)

    monkeypatch.setattr("geolyft.load_config", warning)
    monkeypatch.setattr("geolyft.pipeline.dry_run.inspect", lambda _: [])
    said = geolyft("check", "run.toml")
    assert (said.status, said.err) == (0, "geolyft: ours\n")


def test_a_name_that_steers_the_terminal_is_shown_harmless(geolyft: Run) -> None:
    said = geolyft("verify", "a\x1b[31m\nb")
    assert said.status == 2
    assert said.err.rstrip("\n").isprintable()


def test_an_area_is_found_by_the_names_people_use(geolyft: Run) -> None:
    said = json.loads(geolyft("areas", "--find", "mollan", "--json").out)
    assert [(each["name"], each["area"], each["within"]) for each in said] == [
        ("Möllan", "9", "Möllevången")
    ]
    assert "16-98" in geolyft("areas", "--find", "amiralsgatan 20").out
    unknown = geolyft("areas", "--find", "zzzz")
    assert (unknown.status, unknown.out) == (2, "")
    assert "areas-unknown: nothing is called 'zzzz'" in unknown.err
    assert "give a part of the name" in unknown.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [("areas",), ("-h",)])
def test_a_full_standard_output_exits_with_4_and_one_line(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "geolyft", *arguments],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("geolyft: output-write: ")


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_that_leaves_is_no_error_message() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "geolyft", "areas"],
        stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


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


def test_published_runs_lie_side_by_side(
    geolyft: Run, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    run_file = write_small_run(tmp_path / "run", squares)
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        said = [geolyft("run", run_file, "--out", "ut", "--publish") for _ in range(2)]
    assert [each.status for each in said] == [0, 0]
    folders = [Path(each.out.strip()) for each in said]
    assert len(set(folders)) == 2
    assert all((folder / "manifest.json").exists() for folder in folders)
    assert not (tmp_path / "ut").exists(), "nothing is at a name that will be used again"


@pytest.mark.filterwarnings("ignore")
def test_a_ledger_that_another_program_writes_to_is_called_that_and_how_to_go_on(
    geolyft: Run, squares: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.connect", partial(sqlite3.connect, timeout=0))
    run_file, ledger = write_small_run(tmp_path / "run", squares), tmp_path / "run" / "l.sqlite"
    with run_file.open("a") as opened:
        opened.write('[releases]\nfile = "l.sqlite"\n')
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        for name, columns in TABLES.items():
            other.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
        other.execute(f"PRAGMA user_version = {VERSION}")
        other.execute("BEGIN EXCLUSIVE")
        said = geolyft("releases", "list", "--file", ledger)
        assert said.status == 2
        assert said.err.startswith("geolyft: read-open: l.sqlite: is being written to by another")
        other.execute("ROLLBACK")
        other.execute("PRAGMA journal_mode = WAL")  # others may read while it writes
        other.execute("BEGIN IMMEDIATE")
        said = geolyft("run", run_file, "--out", "ut", "--publish")
        (folder,) = tmp_path.glob("ut_*")
        assert said.status == 4
        assert f"geolyft releases add {folder} --run {run_file} --file {ledger}" in said.err
    assert geolyft(*said.err.split("geolyft ")[-1].split()).status == 0
    assert len(json.loads(geolyft("releases", "list", "--file", ledger, "--json").out)) == 1


@pytest.mark.filterwarnings("ignore")
def test_what_is_released_while_a_run_is_made_keeps_it_out_of_the_ledger(
    geolyft: Run, squares: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_file, ledger = write_small_run(tmp_path / "run", squares), tmp_path / "run" / "l.sqlite"
    with run_file.open("a") as opened:
        opened.write('[releases]\nfile = "l.sqlite"\n')
    other = run_file.with_name("other.toml")
    other.write_text(run_file.read_text("utf-8").replace("Provstaden", "En annan"), "utf-8")
    make = geolyft_package.run

    def beside(*asked: object, **how: object) -> object:
        made = make(*asked, **how)
        monkeypatch.setattr(geolyft_package, "run", make)
        assert geolyft("run", other, "--out", "annan", "--publish").status == 0
        return made

    monkeypatch.setattr(geolyft_package, "run", beside)
    said = geolyft("run", run_file, "--out", "ut", "--publish")
    assert (said.status, said.err.split(":")[1].strip()) == (2, "releases-meanwhile")
    assert "make it again" in said.err
    kept = json.loads(geolyft("releases", "list", "--file", ledger, "--json").out)
    assert [each["title"] for each in kept] == ["En annan"]
    assert geolyft("run", run_file, "--out", "ut", "--publish").status == 0


# ---- what every command takes, and what scripts ask for --------------------------------------


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `check` give a note and an answer, and read nothing."""

    def warning(*_: object) -> None:
        warnings.warn("ours", GeolyftWarning, stacklevel=1)

    monkeypatch.setattr("geolyft.load_config", warning)
    monkeypatch.setattr("geolyft.pipeline.dry_run.inspect", lambda _: [])


@pytest.mark.usefixtures("notes")
def test_quiet_leaves_notes_out_and_keeps_the_answer_and_refusals(geolyft: Run) -> None:
    said = geolyft("check", "run.toml", "--json", "--quiet")
    assert (said.status, said.err) == (0, "")
    assert json.loads(said.out)["ok"]
    assert "verify-manifest" in geolyft("verify", "nowhere", "--quiet").err


@pytest.mark.usefixtures("notes")
def test_a_log_gets_the_command_its_notes_and_how_it_ended(geolyft: Run, tmp_path: Path) -> None:
    assert geolyft("check", "run.toml", "--quiet", "--log", "job.log").status == 0
    assert geolyft("verify", "nowhere", "--log", "job.log").status == 2
    lines = [line.split(" ", 2)[2] for line in (tmp_path / "job.log").read_text().splitlines()]
    assert lines[:3] == ["INFO geolyft check", "WARNING ours", "INFO exit code 0"]
    assert lines[3] == "INFO geolyft verify"
    assert lines[4].startswith("ERROR verify-manifest: ")
    assert lines[5:] == ["INFO exit code 2"]
    refused = geolyft("verify", "nowhere", "--log", "no/folder/job.log")
    assert (refused.status, "job.log: cannot be written" in refused.err) == (4, True)


def test_debug_shows_where_a_bug_is_and_no_refusal_as_one(
    geolyft: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("the bug")

    monkeypatch.setattr("geolyft.verify", broken)
    assert "Traceback" not in geolyft("verify", ".").err
    said = geolyft("verify", ".", "--debug")
    assert said.status == 1
    assert "Traceback" in said.err
    assert "the bug" in said.err
    assert said.err.splitlines()[-1].startswith("geolyft: bug: ")
    assert "Traceback" not in geolyft("assign", "none.csv", "--debug").err


def test_a_run_says_for_scripts_where_it_went_and_what_it_noted(
    geolyft: Run, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    said = geolyft("run", write_small_run(tmp_path / "run", squares), "--out", "ut", "--json")
    answer = json.loads(said.out)
    assert answer["folder"] == "ut"
    assert answer["periods"] == ["2023", "2024"]
    assert "karta.html" in answer["files"]
    assert [f"geolyft: {each}" for each in answer["warnings"]] == said.err.splitlines()


def test_a_comparison_exits_with_5_when_asked_and_names_what_differs(
    geolyft: Run, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    run_file = write_small_run(tmp_path / "run", squares)
    geolyft("run", run_file, "--out", "a", "--quiet")
    votes = tmp_path / "run" / "votes.csv"
    votes.write_text(votes.read_text(encoding="cp1252").replace("1 400", "1 420"), "cp1252")
    geolyft("run", run_file, "--out", "b", "--quiet")
    assert geolyft("compare", "a", "a", "--exit-code").status == 0
    assert geolyft("compare", "a", "b").status == 0
    said = geolyft("compare", "a", "b", "--exit-code")
    assert said.status == 5
    assert "data (votes.csv)" in said.out
    assert "Sydväst" in said.out
    answer = json.loads(geolyft("compare", "a", "b", "--json").out)
    assert (answer["differ"], answer["named"]) == (True, {"data": ["votes.csv"]})


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("assign", "p.csv", "--areas", "gesoo", "--out", "a.csv"), "did you mean 'geso'?"),
        (("assign", "p.csv", "--areas", "x", "--out", "a.csv"), "use one of geso, deso2025"),
    ],
)
def test_a_shipped_name_that_is_nearly_right_is_told(
    geolyft: Run, arguments: tuple[str, ...], meant: str, tmp_path: Path
) -> None:
    write_points(tmp_path / "p.csv")
    said = geolyft(*arguments)
    assert said.status == 2
    assert meant in said.err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('city = "Provstad"', "", "run.city: is missing"),
        ('city = "Provstad"', "city = 1", "run.city: has to be a text"),
        ('kind = "points"', 'kind = "point"', "source.0.kind: has to be 'totals', 'points'"),
        ("crs = 3008", 'crs = "three"', "source.0.crs: has to be a whole number"),
        ("population = true", "populaton = true", "populaton: is no key here (did you mean"),
        (
            "[areas]",
            "[areas]\ndivision = 'geso'",
            "areas: give one of division (a shipped one), file and postgis",
        ),
        ("[index]", "[inside]", "inside: has to be a list"),
        ("[index]", "index = 1\n[protection]", "areas.index: is no key here"),
        (
            "[[source.measure]]",
            "[source.where]\nx = { min = -1 }\n[[source.measure]]",
            "has to be at least 0",
        ),
    ],
)
def test_a_run_file_is_refused_in_words_of_ours(
    geolyft: Run, squares: gpd.GeoDataFrame, tmp_path: Path, old: str, new: str, told: str
) -> None:
    run_file = write_small_run(tmp_path / "run", squares)
    text = run_file.read_text(encoding="utf-8")
    run_file.write_text(text.replace(old, new, 1), encoding="utf-8")
    said = geolyft("check", run_file)
    assert said.status == 2
    assert told in said.err
    for theirs in ("Value error", "Input should", "Field required", "permitted", "pydantic"):
        assert theirs not in said.err


@pytest.mark.parametrize("shell", ["bash_source", "zsh_source", "fish_source"])
def test_shells_get_what_completes_commands(
    geolyft: Run, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    monkeypatch.setenv("_GEOLYFT_COMPLETE", shell)
    assert "_GEOLYFT_COMPLETE=" in geolyft().out
    monkeypatch.setenv("_GEOLYFT_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", "geolyft comp")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert "compare" in geolyft().out


def test_a_note_does_not_stick_to_the_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("geolyft.terminal._PATIENCE", -1.0)
    talk = Talk()
    bar = Bar(talk)
    bar("a step with a name that is far too long for the line", 0.5)
    talk.note("look here")
    drawn = capsys.readouterr().err.split("\r\033[K")
    assert max(map(len, drawn)) < 40, "one line of the terminal"
    assert drawn[-1] == "geolyft: look here\n"


def test_an_interrupt_while_modules_load_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'click': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\n",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-m", "geolyft", "areas"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "geolyft: interrupted\n")


def test_the_version_loads_neither_pandas_nor_what_reads_metadata() -> None:
    code = (
        "import sys\nsys.argv = ['geolyft', '--version']\nfrom geolyft.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'pandas', 'numpy', 'importlib.metadata', 'logging'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
