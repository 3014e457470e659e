"""The exit code says what became of the delivery, not of the streams that tell of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from small_run import write_small_run
from whole_files import PLAN

from geolyft.read.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")

BROKEN = (">/dev/full", "2>/dev/full", "| true", "2>&-", ">&-", "<&- >&- 2>&-",
          "--log /dev/full", "--progress 2>/dev/full", "--progress 2>&-")  # fmt: skip


def said(command: str) -> tuple[int, str]:
    """Run a command of ours with its streams as a shell has them."""
    done = subprocess.run(  # noqa: S602 - our own command, and the shell is what is tried
        f"{sys.executable} -m geolyft {command}; exit ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize("streams", BROKEN)
def test_nobody_who_listens_loses_no_delivery(
    streams: str, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    run_file, out = write_small_run(tmp_path / "in", squares), tmp_path / "out"
    status, told = said(f"run {run_file} --out {out} {streams}")
    assert (status, Delivery(out).verify().intact) == (0, True)
    assert "Traceback" not in told
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert said(f"verify {out} {streams.replace('--log', '--quiet --log')}")[0] == 0
    (out / "index.csv").unlink()
    assert said(f"verify {out} --json {streams}")[0] == 2


@pytest.mark.parametrize("streams", [">/dev/full", ">&-"])
def test_an_answer_that_is_the_standard_output_is_not_given_without_it(streams: str) -> None:
    status, told = said(f"areas {streams}")
    assert status == 4
    assert told.startswith("geolyft: output-write: standard output: cannot be written (")


@pytest.mark.parametrize("streams", ["2>/dev/full", "2>&-"])
def test_a_refusal_nobody_hears_is_one(streams: str) -> None:
    assert said(f"run nowhere.toml {streams}") == (2, "")


@pytest.mark.parametrize("command", [
    "effects register plan.toml", "efforts template --out out.xlsx",
    "move small.csv --area kod --column folk --crosswalk crosswalk.csv --out out.csv",
])  # fmt: skip
def test_what_is_written_is_no_failure_because_nobody_is_told(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "small.csv").write_text("kod;folk\na;100\n")
    (tmp_path / "crosswalk.csv").write_text("source,target,weight\na,1,1\n")
    before = {*tmp_path.iterdir()}
    status, told = said(f"{command} >/dev/full")
    assert (status, len({*tmp_path.iterdir()} - before)) == (0, 1)
    assert told.startswith("geolyft: standard output: cannot be written (")


@pytest.mark.parametrize("spoil", [
    lambda file: file.write_text("kod;ja\n1;2\n"), os.mkfifo,
])  # fmt: skip
def test_a_log_is_added_to_nothing_but_a_log(
    spoil: Callable[[Path], object], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    assert [said(f"areas --log {log}")[0] for _ in range(2)] == [0, 0]
    assert log.read_text().count("exit code 0") == 2
    log.unlink()
    spoil(log)
    before = log.stat()
    status, told = said(f"areas --log {log}")
    assert (status, log.stat()) == (4, before)
    assert told == "geolyft: output-occupied: log: exists and is no log; choose another --log\n"
