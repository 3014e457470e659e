"""The register's three tables as they stand in files, before anything is checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.efforts.form import EFFORTS, tables
from geolyft.errors import GeolyftError, ReadError
from geolyft.read import TextOptions, read_table
from geolyft.read.understand.files import kind_of, local_file
from geolyft.read.values.folded import folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# A row of a register is never a sum or a note, whatever an effort is called.
_OPTIONS: Final = TextOptions(footer="keep")
_NO_ROWS: Final = "read-header-only"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table as read: all texts, none missing.

    Parameters
    ----------
    where
        The file, and the sheet of a workbook.
    lines
        The row of the file that each row was.
    """

    table: str
    where: str
    frame: pd.DataFrame
    lines: Sequence[int]

    def at(self, row: int, column: str) -> str:
        """Return where a cell is, as a person finds it."""
        return f"{self.where}, row {self.lines[row]}, column {column}"

    def whole(self) -> Sheet:
        """Return the same rows with every column of the form, empty where the file lacks one."""
        return replace(
            self, frame=self.frame.reindex(columns=[*tables()[self.table]], fill_value="")
        )


def no_rows(table: str, where: str = "") -> Sheet:
    """Return a table that has its columns and no row."""
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in tables()[table]})
    return Sheet(table=table, where=where, frame=frame, lines=())


def files_of(file: Path) -> dict[str, Path]:
    """Return the file of each table: one workbook, or a CSV with two beside it.

    Examples
    --------
    >>> from pathlib import Path
    >>> {table: path.name for table, path in files_of(Path("insatser.csv")).items()}
    {'insatser': 'insatser.csv', 'platser': 'insatser_platser.csv', 'tider': 'insatser_tider.csv'}
    """
    if file.suffix.casefold() in (".xlsx", ".xlsm"):
        return dict.fromkeys(tables(), file)
    beside = {t: file.with_name(f"{file.stem}_{t}{file.suffix}") for t in tables()}
    return beside | {EFFORTS: file}


def read_sheets(file: Path) -> tuple[dict[str, Sheet], list[GeolyftError]]:
    """Read the three tables, and say which are missing.

    Raises
    ------
    ReadError
        When a file cannot be understood at all.
    """
    sheets: dict[str, Sheet] = {}
    missing: list[GeolyftError] = []
    for table, path in files_of(file).items():
        try:
            sheets[table] = _read(table, path)
        except ReadError as problem:
            if problem.code not in ("read-missing-file", "read-excel-sheet"):
                raise
            missing.append(_missing(table, path))
    return sheets, missing


def _missing(table: str, path: Path) -> GeolyftError:
    remedy = "geolyft efforts template writes all three tables; one without rows keeps its header"
    return GeolyftError(
        "efforts-table", f"the table {table} is missing", remedy=remedy, where=path.name
    )


def _read(table: str, path: Path) -> Sheet:
    sheet = table if kind_of(local_file(path)) == "excel" else None
    where = f"{path.name}, sheet {sheet}" if sheet else path.name
    try:
        read = read_table(path, options=_OPTIONS, sheet=sheet)
    except ReadError as problem:
        if problem.code != _NO_ROWS:
            raise
        return no_rows(table, where)
    frame = read.frame.fillna("").apply(folded)
    return Sheet(table=table, where=where, frame=frame, lines=[int(n) for n in read.lines])
