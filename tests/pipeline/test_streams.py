"""The exit code says what became of the delivery, not of the streams that tell of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from small_run import write_small_run

from geolyft.read.delivery import Delivery

if TYPE_CHECKING:
    import geopandas as gpd

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")

BROKEN = (">/dev/full", "2>/dev/full", "| true", "2>&-", ">&-", "<&- >&- 2>&-",
          "--log /dev/full")  # fmt: skip


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
