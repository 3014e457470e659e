"""One sheet of an .xlsx file, streamed; what Excel has done to the cells is looked at first."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import numpy as np

from geolyft.errors import ReadError, brief
from geolyft.optional import optional
from geolyft.read.understand.files import nearest, sha256_of
from geolyft.read.understand.grid import Column, TextGrid, strings
from geolyft.read.understand.rows import (
    choose,
    clean_header,
    refuse_nameless,
    refuse_sums,
    refuse_title,
    split_footer,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from geolyft.read.understand.model import TextOptions

    Rows = list[Any]  # of tuples of cells

_MOST_UNPACKED: Final = 400_000_000
_MOST_RATIO: Final = 250  # sheets full of repeated text reach about 60
_RATIO_MATTERS_FROM: Final = 20_000_000
_BLOCK: Final = 1 << 20
_MERGE: Final = re.compile(rb'<mergeCell\s[^>]*ref="[A-Z]+(\d+):[A-Z]+(\d+)"')
_DATES: Final = (dt.date, dt.time, dt.timedelta)
_WHOLE: Final = 1e15  # beyond this Excel itself has lost digits


def read_excel(
    file: Path,
    *,
    numbers: Collection[str],
    columns: Collection[str] | None,
    options: TextOptions,
    sheet: str | None,
) -> TextGrid:
    """Read the asked columns of one sheet."""
    where = file.name
    openpyxl = optional("openpyxl", "excel", where)
    _refuse_bomb(file)
    name, values, formulas = _load(openpyxl, file, sheet)
    if options.skip_rows >= len(values):
        remedy = "give fewer skip_rows"
        raise ReadError("read-empty", "has no row below them", remedy=remedy, where=where)
    top = options.skip_rows + next(
        (at for at, row in enumerate(values[options.skip_rows :]) if any(map(_filled, row))), 0
    )
    _refuse_merged(file, name, range(top + 1, len(values) + 1))
    names = clean_header(values[top], where=where)
    body, footer_rows = values[top + 1 :], 0
    refuse_title(names, _width(body), where=where)
    if options.footer == "detect":
        body, footer_rows = split_footer(body, len(names))
        refuse_sums(body, top + 2, where=where)
    rows = [top + 2 + at for at, row in enumerate(body) if any(map(_filled, row))]
    if not rows:
        remedy = "give a sheet with data"
        raise ReadError("read-header-only", "has a header and no rows", remedy=remedy, where=where)
    refuse_nameless(names, lambda at: any(_filled(row[at]) for row in body), where=where)
    wanted = choose(names, numbers=numbers, columns=columns, where=where)
    taken = {
        each: _column(values, formulas, names.index(each), rows, f"{where}, column {each}, row ")
        for each in wanted
    }
    return TextGrid(
        name=where,
        kind="excel",
        sha256=sha256_of(file, "excel"),
        columns=taken,
        rows=rows,
        sheet=name,
        footer_rows=footer_rows,
    )


def _refuse_bomb(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise _damaged(file.name) from None
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if unpacked > _MOST_UNPACKED or (
        unpacked > _RATIO_MATTERS_FROM and unpacked / packed > _MOST_RATIO
    ):
        what = f"unpacks from {packed / 1e6:.1f} to {unpacked / 1e6:.0f} million bytes"
        remedy = "delete its empty formatted rows, or export the sheet as CSV"
        raise ReadError("read-excel-size", what, remedy=remedy, where=file.name)


def _damaged(where: str) -> ReadError:
    remedy = "open it in the program it came from and save it again, or fetch it again"
    return ReadError("read-damaged", "is damaged or incomplete", remedy=remedy, where=where)


def _load(openpyxl: Any, file: Path, sheet: str | None) -> tuple[str, Rows, Rows]:  # noqa: ANN401
    """Return the sheet's name, its cells with their values, and with their formulas."""
    name, values = _rows(openpyxl, file, sheet, values=True)
    while values and not any(map(_filled, values[-1])):
        values.pop()
    if not values:
        remedy = "name a sheet with a table"
        raise ReadError("read-empty", f"sheet {name!r} is empty", remedy=remedy, where=file.name)
    width = _width(values)
    values = [(*row[:width], *[None] * (width - len(row))) for row in values]
    # A cell that is empty here may be a formula whose result was never saved.
    gaps = any(cell is None for row in values for cell in row)
    return name, values, _rows(openpyxl, file, name, values=False)[1] if gaps else values


def _rows(openpyxl: Any, file: Path, sheet: str | None, *, values: bool) -> tuple[str, Rows]:  # noqa: ANN401
    try:
        # openpyxl warns of drop-down lists and styles it does not know; none of them is data.
        with warnings.catch_warnings(), file.open("rb") as opened:
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(opened, read_only=True, data_only=values)
            name = _sheet(book, sheet, file.name)
            rows = book[name].iter_rows(values_only=not values)
            return name, [_plain(row) for row in rows] if values else list(rows)
    except ReadError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever the broken XML happens to trip over
        raise _damaged(file.name) from None


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return the values of cells; a number shown with leading zeros is the text it shows."""
    return tuple(
        str(cell.value).zfill(len(cell.number_format))
        if isinstance(cell.value, int) and set(cell.number_format) == {"0"} and cell.value >= 0
        else _error(cell)
        for cell in row
    )


class _ErrorValue(str):
    """What a formula gives when it fails, such as ``#REF!``; never a text of its own."""

    __slots__ = ()


def _error(cell: Any) -> Any:  # noqa: ANN401
    return _ErrorValue(cell.value) if cell.data_type == "e" else cell.value


def _sheet(book: Any, sheet: str | None, where: str) -> str:  # noqa: ANN401
    names = [each.title for each in book.worksheets]
    if sheet is None and len(names) == 1:
        return str(names[0])
    if sheet in names and sheet is not None:
        return sheet
    what = (
        f"there is no sheet {brief(sheet)}{nearest(sheet, names)}" if sheet else "no sheet is named"
    )
    raise ReadError(
        "read-excel-sheet",
        f"{what}; there are {', '.join(map(brief, names))}",
        remedy="give sheet = one of them",
        where=where,
    )


def _refuse_merged(file: Path, sheet: str, rows: range) -> None:
    with zipfile.ZipFile(file) as archive, archive.open(_part_of(archive, sheet)) as part:
        before = b""
        while block := part.read(_BLOCK):
            for match in _MERGE.finditer(before + block):
                if int(match[1]) in rows:
                    raise ReadError(
                        "read-excel-merged",
                        "cells of the table are merged, so only one of them has the value",
                        remedy="unmerge them and fill every cell",
                        where=f"{file.name}, row {int(match[1])}",
                    )
            before = block[-100:]


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the part of the package that holds a sheet."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - size is bounded; expat bounds entities
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    target = {link.get("Id"): link.get("Target", "") for link in links}
    for each in book.findall(".//{*}sheet"):
        if each.get("name") == sheet:
            link = next(value for key, value in each.items() if key.endswith("}id"))
            return posixpath.normpath(posixpath.join("/xl", target[link])).lstrip("/")
    raise _damaged(sheet)


def _width(rows: Rows) -> int:
    return max((at + 1 for row in rows for at, cell in enumerate(row) if _filled(cell)), default=0)


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _column(values: Rows, formulas: Rows, position: int, rows: list[int], where: str) -> Column:
    cells = [values[row - 1][position] for row in rows]
    for row, cell in zip(rows, cells, strict=True):
        formula = formulas[row - 1][position] if position < len(formulas[row - 1]) else None
        if cell is None and formula is not None:
            what = "a formula has no saved result"
            remedy = "open the file in Excel and save it, or paste the values"
            raise ReadError("read-excel-formula", what, remedy=remedy, where=f"{where}{row}")
        if isinstance(cell, _ErrorValue | bool):
            what = "the cell is an error or a truth value"
            remedy = "correct the formula, or write the value as text"
            raise ReadError("read-excel-error", what, remedy=remedy, where=f"{where}{row}")
    _refuse_some_dates(cells, rows, where)
    typed = [cell if isinstance(cell, int | float) else np.nan for cell in cells]
    text = strings([_as_text(cell) for cell in cells])
    return Column(text=text, typed=np.array(typed, dtype=np.float64))


def _refuse_some_dates(cells: list[Any], rows: list[int], where: str) -> None:
    """Refuse dates among other cells: Excel makes dates of codes such as 3-4."""
    dates = [isinstance(cell, _DATES) for cell in cells]
    filled = sum(map(_filled, cells))
    if any(dates) and sum(dates) != filled:
        raise ReadError(
            "read-excel-date",
            f"{sum(dates)} of {filled} cells are dates: Excel makes dates of codes such as 3-4",
            remedy="format the column as text and enter the codes again",
            where=f"{where}{rows[dates.index(True)]}",
        )


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, dt.date) else "" if cell is None else str(cell)
