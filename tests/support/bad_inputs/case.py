"""A bad input: one file that is spoiled, how it is read, and the code it is to be refused by."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unittest import mock

from whole_files import CANARY

from geolyft.cli import main
from geolyft.errors import CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Spoil = Callable[[Path], object]
    """Spoils one file in the folder of whole ones."""

CHECK: Final = ("check", "run.toml")
CHECK_PEOPLE: Final = ("check", "people.toml")
FOREIGN: Final = re.compile(
    r"Traceback|Error\b|Exception|[Pp]ydantic|Value error|Invalid[A-Z]|Errno|dtype|NoneType"
    r"|pandas|pyarrow|\bArrow|pyogrio|shapely|GEOS|rasterio|sqlite3|openpyxl|calamine|numpy"
    r"|codec|<class|does not fit$|\bNone\b|0x[0-9a-f]{6}",
)
"""Words of other libraries, which help nobody who only has a file."""


@dataclass(frozen=True)
class Bad:
    """A bad input.

    Parameters
    ----------
    name
        What is wrong with it.
    code
        What it is refused by; ``usage`` where the command itself is wrong.
    spoil
        What makes a whole file bad.
    command
        How it is read.
    exit_code
        What the command ends with.
    """

    name: str
    code: str
    spoil: Spoil
    command: tuple[str, ...] = CHECK
    exit_code: int = 2


def faults_of(bad: Bad, whole: Path, folder: Path) -> list[str]:
    """Return what is wrong with how a bad input is refused; nothing where the law holds."""
    needs_delivery = any("delivery" in each for each in (*bad.command, bad.name))
    leave = shutil.ignore_patterns(*([] if needs_delivery else ["delivery"]))
    shutil.copytree(whole, folder, ignore=leave)
    bad.spoil(folder)
    before = state_of(folder)
    exit_code, answer, said = command_line(folder, *bad.command, "--quiet")
    faults = [*_of_words(said, bad.code), *_of_people(said + answer, folder)]
    if exit_code != bad.exit_code:
        faults.append(f"exit code {exit_code}, expected {bad.exit_code}")
    if answer:
        faults.append(f"an answer: {answer[:80]}")
    if state_of(folder) != before:
        faults.append("something was written")
    return [f"{bad.name}: {fault}; said: {said.strip()}" for fault in faults]


def command_line(folder: Path, *arguments: str) -> tuple[int | str | None, str, str]:
    """Run the command line in a folder; return exit code, standard output and stderr."""
    out, err, status = io.StringIO(), io.StringIO(), None
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["geolyft", *arguments]),
        mock.patch("geolyft.cli.end_as_interrupted"),
    ):
        try:
            main()
            status = 0
        except SystemExit as done:
            status = done.code
    return status, out.getvalue(), err.getvalue()


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what lies in a folder, by size and time."""
    every = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): (p.stat().st_size, p.stat().st_mtime_ns) for p in every}


def _of_words(said: str, code: str) -> Iterator[str]:
    """Yield where stderr is not one line a refusal with code, what, and the way out."""
    lines = said.splitlines()
    if not lines:
        yield "nothing is said"
        return
    codes = [match[1] if (match := re.match(r"geolyft: ([a-z-]+): ", e)) else "" for e in lines]
    if codes[0] != code:
        yield f"code {codes[0]}, expected {code}"
    if unknown := set(codes) - {*CODES, "usage"}:
        yield f"no code: {unknown}"
    if "; " not in lines[0]:
        yield "no way out"
    if foreign := FOREIGN.search(said):
        yield f"another library's words: {foreign[0]}"
    if max(map(len, lines)) > 600:
        yield "a line of more than 600 signs"


def _of_people(said: str, folder: Path) -> Iterator[str]:
    if CANARY in said:
        yield "the content of a person's row"
    if str(folder.parent) in said:
        yield "a path of the machine"


def texts(
    file: str, of: Mapping[str, tuple[str, str]], command: tuple[str, ...] = CHECK
) -> Iterator[Bad]:
    """Yield bad inputs from what is written to a file instead, by name: the code and the text."""
    for name, (code, text) in of.items():
        yield Bad(f"{file}: {name}", code, writes(file, text), command)


def edits(
    file: str,
    of: Mapping[str, tuple[str, str, str]],
    command: tuple[str, ...] = CHECK,
    exit_code: int = 2,
) -> Iterator[Bad]:
    """Yield bad inputs from what is changed in a file, by name: the code, what, and into what."""
    for name, (code, old, new) in of.items():
        yield Bad(f"{file}: {name}", code, replaces(file, old, new), command, exit_code)


def nothing(_: Path) -> None:
    """Leave every file whole."""


def gone(file: str) -> Spoil:
    """Take a file away."""
    return lambda folder: (folder / file).unlink()


def pipe(file: str) -> Spoil:
    """Put a pipe that nobody writes into in a file's place."""

    def spoil(folder: Path) -> None:
        (folder / file).unlink(missing_ok=True)
        os.mkfifo(folder / file)

    return spoil


def writes(file: str, content: str | bytes) -> Spoil:
    """Write a file."""
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / file).write_bytes(data)


def edited(file: str, change: Callable[[str], str]) -> Spoil:
    """Change a file's text."""

    def edit(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(change(text), encoding="utf-8", newline="")

    return edit


def replaces(file: str, old: str, new: str) -> Spoil:
    """Replace a part of a file's text, which has to be there."""

    def change(text: str) -> str:
        if old not in text:
            raise AssertionError(f"{file} has no {old!r} to spoil")
        return text.replace(old, new, 1)

    return edited(file, change)
