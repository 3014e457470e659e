"""What shells complete: commands, options, choices, and what geolyft ships beside files."""

from __future__ import annotations

import os
import pty
import select
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.shell_completion import get_completion_class

import geolyft
from geolyft.cli import cli

ROOT = Path(geolyft.__file__).parents[1]
PATIENCE = 60


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("typed", "begun", "offered"),
    [
        ([], "as", {"assign"}),
        (["assign", "a.csv"], "--ar", {"--areas", "--areas-crs"}),
        (["assign", "a.csv", "--areas"], "", {"geso", "deso2025", "regso2025"}),
        (["assign", "a.csv", "--areas"], "de", {"deso2025"}),
        (["assign", "a.csv", "--areas", "geso"], "--points", {"--points-layer"}),
        (["move", "a.csv", "--crosswalk"], "deso2018", {"deso2018_geso"}),
        (["run", "run.toml", "--lang"], "", {"sv", "en"}),
        (["efforts"], "d", {"diff"}),
    ],
)
def test_every_shell_is_offered_what_fits(
    shell: str, typed: list[str], begun: str, offered: set[str]
) -> None:
    kind = get_completion_class(shell)
    assert kind is not None
    found = kind(cli, {}, "geolyft", "_GEOLYFT_COMPLETE").get_completions(typed, begun)
    assert {each.value for each in found if each.type == "plain"} == offered


@pytest.mark.parametrize(
    "typed", [["run"], ["assign"], ["assign", "a.csv", "--areas"], ["move", "a", "--crosswalk"]]
)
def test_where_a_file_may_stand_the_shell_adds_files(typed: list[str]) -> None:
    kind = get_completion_class("bash")
    assert kind is not None
    found = kind(cli, {}, "geolyft", "_GEOLYFT_COMPLETE").get_completions(typed, "x")
    assert [(each.value, each.type) for each in found] == [("x", "file")]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_a_real_bash_completes_a_division_and_then_a_file(tmp_path: Path) -> None:
    program = tmp_path / "geolyft"
    said = f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m geolyft "$@"\n'
    program.write_text(said, encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "omraden.gpkg").touch()
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603 - a shell, and a program made here
        [shutil.which("bash") or "", "--norc", "--noprofile", "-i"],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PS1": "> ", "TERM": "dumb"},
    ) as bash:  # fmt: skip
        try:
            os.write(ours, b'eval "$(_GEOLYFT_COMPLETE=bash_source geolyft)"; echo rea""dy\n')
            assert "ready" in read_until(ours, "ready")
            os.write(ours, b"geolyft assign a.csv --areas des\t")
            assert "deso2025" in read_until(ours, "deso2025")
            os.write(ours, b"\x15geolyft assign a.csv --areas omr\t")
            assert "omraden.gpkg" in read_until(ours, "omraden.gpkg")
        finally:
            bash.kill()
            os.close(ours)
            os.close(theirs)


def read_until(terminal: int, text: str) -> str:
    """Return what a terminal shows, up to a text."""
    shown, end = "", time.monotonic() + PATIENCE
    while text not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 4096).decode(errors="replace")
    return shown
