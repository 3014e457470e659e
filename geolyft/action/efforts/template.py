"""The register as a workbook to fill in: three sheets, with lists to choose from."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geolyft.action.efforts.form import EFFORTS, PLACES, TIMES, tables
from geolyft.errors import OutputError
from geolyft.export.delivery import check_place, new_file
from geolyft.export.layers.excel import clean_text, timeless
from geolyft.optional import optional

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.action.efforts.form import Column
    from geolyft.action.efforts.gazetteer import Gazetteer
    from geolyft.action.efforts.register import Register
    from geolyft.indicators.catalogue import Catalogue, Language

_LISTS: Final = "listor"
_ROWS: Final = 2000
"""Rows that lists are laid out for."""
_WIDTHS: Final = {"namn": 38, "beskrivning": 46, "namnd": 34, "plats_namn": 28}
_TEXT: Final = "@"


def write_template(
    path: Path,
    *,
    catalogue: Catalogue,
    known: Gazetteer,
    register: Register | None = None,
    lang: Language = "sv",
) -> None:
    """Write the register's workbook, empty or with what a register holds.

    Read again it is the same register. Every column is formatted as text, so that Excel makes no
    date of ``2024-09`` and no number of a code.

    Parameters
    ----------
    path
        Ends with ``.xlsx``; what stands there is replaced.

    Raises
    ------
    OutputError
        ``format-extra`` without openpyxl, ``output-format`` for another ending, ``output-write``.
    """
    if path.suffix.casefold() != ".xlsx":
        remedy = "give a name that ends with .xlsx"
        raise OutputError("output-format", "is no workbook", remedy=remedy, where=path.name)
    openpyxl = optional("openpyxl", "excel", path.name, error=OutputError, code="format-extra")
    check_place(path)
    book = openpyxl.Workbook()
    book.remove(book.active)
    chosen = _Lists(openpyxl, book)
    for table, columns in tables().items():
        sheet = book.create_sheet(table)
        frame = getattr(register, _FRAMES[table]) if register else None
        for place, column in enumerate(columns.values(), start=1):
            _lay_out(openpyxl, sheet, place, column, lang)
            chosen.offer(sheet, place, column, _values(column, catalogue, known))
            if frame is not None:
                _fill(sheet, place, frame[column.name])
        sheet.freeze_panes = "B2"
    chosen.write()
    with new_file(path) as draft, io.BytesIO() as raw:
        book.save(raw)
        draft.write_bytes(timeless(raw.getvalue()))


_FRAMES: Final = {EFFORTS: "efforts", PLACES: "places", TIMES: "times"}


def _values(column: Column, catalogue: Catalogue, known: Gazetteer) -> list[str]:
    if column.name == "delomrade":
        return [name for name, _ in known.small.values()]
    if column.name == "kod":
        return list(known.areas)
    return list(dict.fromkeys(column.values(catalogue).values()))


def _lay_out(openpyxl: Any, sheet: Any, place: int, column: Column, lang: Language) -> None:  # noqa: ANN401
    letter = openpyxl.utils.get_column_letter(place)
    head = sheet.cell(row=1, column=place, value=column.name)
    head.font = openpyxl.styles.Font(bold=column.required)
    help_text = column.en if lang == "en" else column.sv
    head.comment = openpyxl.comments.Comment(help_text, "geolyft", width=320, height=110)
    # A column's format holds for the cells that are still empty.
    sheet.column_dimensions[letter].width = _WIDTHS.get(column.name, 18)
    sheet.column_dimensions[letter].number_format = _TEXT


def _fill(sheet: Any, place: int, values: pd.Series) -> None:  # noqa: ANN401
    for row, value in enumerate(values, start=2):
        if pd.isna(value) or value == "":
            continue
        cell = sheet.cell(row=row, column=place)
        if isinstance(value, str):
            cell.value, cell.data_type = clean_text(value), "s"
            cell.number_format = _TEXT
        else:
            cell.value = value


class _Lists:
    """The sheet of values, and the drop-downs that take theirs from it."""

    def __init__(self, openpyxl: Any, book: Any) -> None:  # noqa: ANN401
        self.openpyxl, self.book = openpyxl, book
        self.values: dict[str, list[str]] = {}

    def offer(self, sheet: Any, place: int, column: Column, values: list[str]) -> None:  # noqa: ANN401
        """Give a column of a sheet a drop-down; a cell that may hold several takes any text."""
        if not values:
            return
        self.values[f"{sheet.title}.{column.name}"] = values
        own = self.openpyxl.utils.get_column_letter(len(self.values))
        rule = self.openpyxl.worksheet.datavalidation.DataValidation(
            type="list",
            formula1=f"{_LISTS}!${own}$2:${own}${len(values) + 1}",
            allow_blank=True,
            showErrorMessage=column.kind == "choice",
        )
        letter = self.openpyxl.utils.get_column_letter(place)
        rule.add(f"{letter}2:{letter}{_ROWS + 1}")
        sheet.add_data_validation(rule)

    def write(self) -> None:
        """Write the values, last in the workbook."""
        sheet = self.book.create_sheet(_LISTS)
        for place, (name, values) in enumerate(self.values.items(), start=1):
            for row, value in enumerate([name, *values], start=1):
                cell = sheet.cell(row=row, column=place)
                cell.value, cell.data_type, cell.number_format = value, "s", _TEXT
