"""What a person at a terminal, or a script, is told: lines, tables, a bar, and an exit code."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from geolyft.errors import GeolyftError, OutputError, ReadError

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator
    from typing import IO

    import pandas as pd

BUG: Final = 1
"""The exit code when geolyft itself is wrong."""

_PATIENCE: Final = 2.0  # seconds before a bar is worth looking at
_WIDTH: Final = 30
_CLEANING: Final = 2.0  # seconds in which one signal after another says the same
_CLEAR: Final = "\r\033[K"


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
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    if isinstance(problem, OSError):
        from_help = Path(frame.filename).parent.name == "click"
        return answer(_deaf(problem) if from_help else _unread(problem))
    where = f"{type(problem).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
    return f"bug: {where}; please report it with the command you gave", BUG


def _unread(problem: OSError) -> ReadError:
    """Return the refusal of what failed outside all that is written, which has its own."""
    what = f"the system says: {problem.strerror or type(problem).__name__}"
    remedy = "check the disk the input lies on, and how many files may be open"
    return ReadError("read-unreadable", what, remedy=remedy)


def end_as_interrupted() -> None:
    """Let whoever ends the program, or closes its terminal, leave as little behind as Ctrl-C.

    Both signals may come, one soon after the other: the second does not break off the cleaning.
    One that is ignored from the start (nohup) stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # in another program, which answers for its signals itself
    last = -_CLEANING

    def interrupt(*_: object) -> None:
        nonlocal last
        if time.monotonic() - last > _CLEANING:
            last = time.monotonic()
            raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        each = getattr(signal, name, None)
        if each is not None and signal.getsignal(each) is signal.SIG_DFL:
            signal.signal(each, interrupt)


def open_streams() -> None:
    """Let no file that is opened later take the place of a standard stream that is closed.

    What is written to one is then refused as by a full disk, and never lands in a delivery.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


@contextlib.contextmanager
def in_place() -> Iterator[None]:
    """Tell of what is done, whether anybody can hear it: nothing of it is undone by a full pipe."""
    try:
        yield
    except BrokenPipeError:
        pass
    except OutputError as deaf:
        say(str(deaf))


def print_line(text: str) -> None:
    """Print a line of the answer.

    Raises
    ------
    BrokenPipeError
        When nobody reads on.
    OutputError
        ``output-write`` when it cannot be written for another reason.
    """
    try:
        click.echo(text)
    except OSError as problem:
        if isinstance(problem, BrokenPipeError):
            _leave(sys.stdout)
            raise
        raise _deaf(problem) from None


def _deaf(problem: OSError) -> OutputError:
    _leave(sys.stdout)
    what = f"cannot be written ({problem.strerror})"
    remedy, where = "check where it is sent", "standard output"
    return OutputError("output-write", what, remedy=remedy, where=where)


def _leave(stream: IO[str]) -> None:
    """Let what is left to write go nowhere, so that Python does not try once more at its end."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


_LOGGED: Final = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ |\Z")
"""The beginning of a log, or of an empty file."""


def check_log(path: Path) -> None:
    """Refuse to add to what is another file, such as one that is read, or a pipe nobody reads.

    Raises
    ------
    OutputError
        ``output-occupied``.
    """
    taken = path.is_fifo()
    if path.is_file() and os.access(path, os.R_OK):
        with path.open("rb") as opened:
            taken = _LOGGED.match(opened.readline(100)) is None
    if taken:
        what, remedy = "exists and is no log", "choose another --log"
        raise OutputError("output-occupied", what, remedy=remedy, where=path.name)


class Talk:
    """What a command tells beside its answer: on stderr, and in a log where one is kept.

    Parameters
    ----------
    quiet
        Whether notes and progress are left out.
    debug
        Whether a bug is shown with its traceback.
    steps
        Whether progress is told in lines, to a program.
    """

    def __init__(self) -> None:
        self.quiet = self.debug = self.steps = False
        self._log: logging.Logger | None = None
        self._said: set[str] = set()

    def keep(self, path: Path, command: str) -> None:
        """Add what is told from here on to a file.

        Raises
        ------
        OutputError
            ``output-write``, ``output-occupied`` for a file that is none of logs.
        """
        import logging  # noqa: PLC0415 - few ask for a log

        check_log(path)
        logging.raiseExceptions = False  # a log on a full disk ends no run
        try:
            handler = logging.FileHandler(path, encoding="utf-8")
        except OSError as problem:
            what = f"cannot be written ({problem.strerror})"
            remedy = "choose another --log"
            raise OutputError("output-write", what, remedy=remedy, where=path.name) from None
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        self._log = logging.getLogger("geolyft.command")
        self._log.setLevel(logging.INFO)
        self._log.propagate = False  # to this file and nowhere else
        self._log.addHandler(handler)
        self._log.info("%s", command)

    def note(self, message: Warning | str, *_: object, **__: object) -> None:
        """Show a warning the first time it is given; it can stand for `warnings.showwarning`."""
        line = one_line(str(message))
        if line in self._said:
            return
        self._said.add(line)
        if self._log:
            self._log.warning("%s", line)
        if not self.quiet:
            say(line)

    def refuse(self, line: str) -> None:
        """Show a refusal."""
        if self._log:
            self._log.error("%s", one_line(line))
        say(one_line(line))

    def done(self, status: int) -> None:
        """Say in the log how it ended."""
        if self._log:
            self._log.info("exit code %d", status)
            for handler in [*self._log.handlers]:
                self._log.removeHandler(handler)
                with contextlib.suppress(OSError):
                    handler.close()

    def trace(self, problem: BaseException) -> None:
        """Show where a bug is, if that is asked for."""
        if self.debug and not isinstance(problem, GeolyftError | click.ClickException):
            traceback.print_exception(problem)


def say(line: str) -> None:
    """Print a line of geolyft's on stderr, in place of what a bar has drawn."""
    aside(f"{_CLEAR if sys.stderr.isatty() else ''}geolyft: {line}\n")


def aside(text: str) -> None:
    """Write to stderr; that nobody can be told changes nothing of what is done."""
    try:
        click.echo(text, nl=False, err=True)
    except OSError:
        _leave(sys.stderr)


class Bar:
    """A progress bar after two seconds of work, for a person who is watching.

    Parameters
    ----------
    talk
        Whether anything is told.
    """

    def __init__(self, talk: Talk | None = None) -> None:
        self.begun = time.monotonic()
        self.watched = sys.stderr.isatty() and not (talk and talk.quiet)
        self.told = -1 if talk and talk.steps else None

    def __call__(self, step: str, share: float) -> None:
        """Draw how much is done, and what comes next, in one line of the terminal."""
        if self.told is not None:
            self._tell(step, int(100 * share))
            return
        if self.watched and time.monotonic() - self.begun > _PATIENCE:
            full = round(share * _WIDTH)
            bar = "█" * full + "·" * (_WIDTH - full)
            width = shutil.get_terminal_size().columns - 1
            aside(f"{_CLEAR}{f'{bar} {step}'[:width]}")

    def _tell(self, step: str, done: int) -> None:
        if done != self.told:
            self.told = done
            aside(f"geolyft: {done:3} % {step}\n")

    def clear(self) -> None:
        """Leave an empty line for what comes next."""
        if self.watched:
            aside(_CLEAR)


def print_out(content: object, *, as_json: bool) -> None:
    """Print one JSON value, or the lines of a list."""
    if as_json:
        print_line(json.dumps(content, ensure_ascii=False))
    else:
        for line in content if isinstance(content, list) else ():
            print_line(str(line))


def print_table(table: pd.DataFrame, *, as_json: bool) -> None:
    """Print a table as JSON records, or in columns."""
    if as_json:
        print_line(table.to_json(orient="records", force_ascii=False))
    else:
        print_line(table.to_string(index=False) if len(table) else " ".join(table.columns))


def one_line(text: str) -> str:
    """Return a text without breaks or signs that steer a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
