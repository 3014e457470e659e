"""One sheet of an .xlsx file, streamed; what Excel has done to the cells is looked at first."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree import ElementTree as ET

import numpy as np

from geolyft.alone import remarks
from geolyft.errors import ReadError, brief, nearest
from geolyft.optional import optional
from geolyft.read.understand.files import sha256_of
from geolyft.read.understand.grid import Column, TextGrid, strings
from geolyft.read.understand.limits import MOST_COLUMNS, MOST_SHEET, check_size
from geolyft.read.understand.rows import (
    choose,
    clean_header,
    name_nameless,
    refuse_sums,
    refuse_title,
    split_footer,
)
from geolyft.read.values.codes import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from geolyft.read.understand.model import TextOptions

    Rows = list[Any]  # of tuples of cells

_MOST_UNPACKED: Final = 400_000_000
_MOST_RATIO: Final = 250  # sheets full of repeated text reach about 60
_RATIO_MATTERS_FROM: Final = 20_000_000
_BLOCK: Final = 1 << 20
_TAG: Final = re.compile(rb"<(?:\w+:)?(row|mergeCell)\b([^>]*)>")
_MERGED: Final = re.compile(rb"""\bref=["'][A-Z]+(\d+):""")
_ROW: Final = re.compile(rb"""\br=["'](\d+)""")
_HIDDEN: Final = re.compile(rb"""\bhidden=["'](?:1|true)""")
_LETTERS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.')
_DATES: Final = (dt.date, dt.time, dt.timedelta)


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
    hidden = _hidden_rows(file, name, range(top + 1, len(values) + 1))
    names = clean_header(values[top], where=where)
    refuse_title(names, _width(values[top + 1 :]), where=where)
    body = _body(values, top, hidden, options, where)
    cells = [values[row - 1] for row in body.rows]
    names = name_nameless(
        names, lambda at: any(_filled(row[at]) for row in cells), cells[0], where=where
    )
    taken = {}
    for each in choose([n for n in names if n], numbers=numbers, columns=columns, where=where):
        at, place = names.index(each), f"{where}, column {each}, row "
        taken[each] = _column(values, formulas, at, body.rows, place, number=each in numbers)
    return TextGrid(
        name=where,
        kind="excel",
        sha256=sha256_of(file, "excel"),
        columns=taken,
        rows=body.rows,
        sheet=name,
        footer_rows=body.footer,
        blank_rows=body.blank,
        hidden_rows=len(hidden.intersection(body.rows)),
        dropped_rows=body.dropped,
    )


class _Body(NamedTuple):
    rows: list[int]  # those with data, counted from 1
    footer: int
    blank: int
    dropped: int


def _body(
    values: Rows, top: int, hidden: frozenset[int], options: TextOptions, where: str
) -> _Body:
    """Part the rows below the header into those with data and those that are only counted."""
    below, sums = values[top + 1 :], options.footer == "detect"
    body, footer = split_footer(below, len(values[top]), sums=sums)
    filled = [top + 2 + at for at, row in enumerate(body) if any(map(_filled, row))]
    rows = [row for row in filled if options.hidden_rows != "drop" or row not in hidden]
    if not rows:
        remedy = "give a sheet with data"
        raise ReadError("read-header-only", "has a header and no rows", remedy=remedy, where=where)
    if sums:
        refuse_sums([values[row - 1] for row in rows], rows, where=where)
    return _Body(rows, footer, len(below) - footer - len(filled), len(filled) - len(rows))


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
        with remarks(), file.open("rb") as opened:
            book = openpyxl.load_workbook(opened, read_only=True, data_only=values)
            name = _sheet(book, sheet, file.name)
            # The size a sheet says it has is what its writer guessed before the rows came.
            book[name].reset_dimensions()
            rows = _bounded(book[name].iter_rows(values_only=not values), file.name)
            return name, [tuple(map(_shown, row)) for row in rows] if values else list(rows)
    except ReadError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever the broken XML happens to trip over
        raise _damaged(file.name) from None


def _bounded(rows: Iterable[Any], where: str) -> Iterator[Any]:
    """Yield the rows of a sheet, each to its last filled cell, until they are more than is read.

    One cell in the last corner says that all are there.
    """
    cells = widest = 0
    for at, row in enumerate(rows, start=1):
        filled = next((n for n in range(len(row), 0, -1) if _has_value(row[n - 1])), 0)
        widest, cells = max(widest, filled), cells + len(row)
        check_size("columns", widest, MOST_COLUMNS, where=where)
        check_size("cells", max(cells, at * widest), MOST_SHEET, where=where)
        yield row[:filled]


def _has_value(cell: Any) -> bool:  # noqa: ANN401 - a cell, or its value
    return _filled(getattr(cell, "value", cell))


class _ErrorValue(str):
    """What a formula gives when it fails, such as ``#REF!``; never a text of its own."""

    __slots__ = ()


class _PerCent(float):
    """A number of per cents, which Excel shows with a per cent sign."""

    __slots__ = ()


def _shown(cell: Any) -> Any:  # noqa: ANN401
    """Return a cell's value; a number shown as per cent or with leading zeros is what it shows."""
    value = cell.value
    if cell.data_type == "e":
        return _ErrorValue(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    form = cell.number_format
    if "%" in form:
        # Only a bare sign multiplies; one in quotes or after a backslash is a letter.
        scale = 2 if "%" in _LETTERS.sub("", form) else 0
        return _PerCent(Decimal(repr(value)).scaleb(scale))
    if isinstance(value, int) and set(form) == {"0"} and value >= 0:
        return str(value).zfill(len(form))
    return value


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


def _hidden_rows(file: Path, sheet: str, rows: range) -> frozenset[int]:
    """Return the rows that a filter or a person has hidden, or refuse merged cells in the table."""
    hidden, row = set(), 0
    with zipfile.ZipFile(file) as archive, archive.open(_part_of(archive, sheet)) as part:
        for tag, said in _tags(part):
            if tag == b"mergeCell" and (merged := _MERGED.search(said)) and int(merged[1]) in rows:
                raise ReadError(
                    "read-excel-merged",
                    "cells of the table are merged, so only one of them has the value",
                    remedy="unmerge them and fill every cell",
                    where=f"{file.name}, row {int(merged[1])}",
                )
            if tag == b"row":
                number = _ROW.search(said)
                row = int(number[1]) if number else row + 1
                if _HIDDEN.search(said):
                    hidden.add(row)
    return frozenset(hidden)


def _tags(part: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the rows and merges of a sheet, each with its attributes."""
    text = b""
    while block := part.read(_BLOCK):
        text += block
        # The last tag may go on in the next block.
        whole = text.rfind(b"<")
        yield from _TAG.findall(text, 0, whole)
        text = text[whole:]
    yield from _TAG.findall(text)


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


def _column(
    values: Rows, formulas: Rows, position: int, rows: list[int], where: str, *, number: bool
) -> Column:
    cells = [values[row - 1][position] for row in rows]
    for row, cell in zip(rows, cells, strict=True):
        formula = formulas[row - 1][position] if position < len(formulas[row - 1]) else None
        if cell is None and formula is not None:
            what = "a formula has no saved result"
            remedy = "open the file in Excel and save it, or paste the values"
            raise ReadError("read-excel-formula", what, remedy=remedy, where=f"{where}{row}")
        if isinstance(cell, _ErrorValue) or (number and isinstance(cell, bool)):
            what = "the cell is an error or a truth value"
            remedy = "correct the formula, or write the value as text"
            raise ReadError("read-excel-error", what, remedy=remedy, where=f"{where}{row}")
    _refuse_some_dates(cells, rows, where)
    typed = [cell if isinstance(cell, int | float) else np.nan for cell in cells]
    return Column(
        text=strings([_as_text(cell) for cell in cells]),
        typed=np.array(typed, dtype=np.float64),
        per_cent=np.array([isinstance(cell, _PerCent) for cell in cells]),
    )


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
    return "" if cell is None else text_of(cell)
