"""What a person at a terminal, or a script, is told: lines, tables, a bar, and an exit code."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from geolyft.errors import GeolyftError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

BUG: Final = 1
"""The exit code when geolyft itself is wrong."""

_PATIENCE: Final = 2.0  # seconds before a bar is worth looking at
_WIDTH: Final = 30


def answer(problem: BaseException) -> tuple[str, int]:
    """Return the line for a person and the exit code for a script; a bug shows no data."""
    if isinstance(problem, GeolyftError):
        return f"{problem.code}: {problem}", problem.exit_code
    if isinstance(problem, KeyboardInterrupt | click.exceptions.Abort):
        return "interrupted", BUG
    if isinstance(problem, click.ClickException):
        return f"usage: {problem.format_message()}; see geolyft -h", 2
    if isinstance(problem, MemoryError):
        return "memory: the input does not fit into memory; give it in smaller files", 2
    if isinstance(problem, OSError) and problem.filename is None:
        # Files have names: this is the standard output, such as one sent to a full disk.
        leave_stdout()
        what = f"output-write: standard output: cannot be written ({problem.strerror})"
        return f"{what}; check where it is sent", OutputError.exit_code
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{type(problem).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
    return f"bug: {where}; please report it with the command you gave", BUG


def leave_stdout() -> None:
    """Let what is left to write go nowhere, so that Python does not try once more at its end."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Bar:
    """A progress bar after two seconds of work, for a person who is watching."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.watched = sys.stderr.isatty()

    def __call__(self, step: str, share: float) -> None:
        """Draw how much is done, and what comes next."""
        if self.watched and time.monotonic() - self.begun > _PATIENCE:
            full = round(share * _WIDTH)
            bar = "█" * full + "·" * (_WIDTH - full)
            click.echo(f"\r\033[K{bar} {step}", nl=False, err=True)

    def clear(self) -> None:
        """Leave an empty line for what comes next."""
        if self.watched:
            click.echo("\r\033[K", nl=False, err=True)


def show_once() -> Callable[..., None]:
    """Return what shows each warning the first time it is given."""
    seen: set[str] = set()

    def show(message: Warning | str, *_: object, **__: object) -> None:
        line = one_line(str(message))
        if line not in seen:
            seen.add(line)
            click.echo(f"geolyft: {line}", err=True)

    return show


def print_out(content: object, *, as_json: bool) -> None:
    """Print one JSON value, or the lines of a list."""
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        for line in content if isinstance(content, list) else ():
            click.echo(str(line))


def print_table(table: pd.DataFrame, *, as_json: bool) -> None:
    """Print a table as JSON records, or in columns."""
    if as_json:
        click.echo(table.to_json(orient="records", force_ascii=False))
    else:
        click.echo(table.to_string(index=False))


def one_line(text: str) -> str:
    """Return a text without breaks or signs that steer a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
