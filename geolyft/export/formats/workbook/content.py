"""The workbook for colleagues: what it is, a sheet per period, and how the figures were made.

Texts are text, however they begin; what is missing is an empty cell. Excel shows numbers with the
signs of the reader's own language. This module needs openpyxl.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from geolyft.export.formats.cells import in_words, plain_cells
from geolyft.export.formats.workbook.readme import readme_lines
from geolyft.export.layers.excel import clean_text
from geolyft.export.layers.tables import SYNTHETIC
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from geolyft.export.formats.cells import Cell
    from geolyft.export.formats.workbook.readme import Line
    from geolyft.export.formats.workbook.sheets import Sheet
    from geolyft.export.layer import Field, Layer
    from geolyft.export.publication import Publication

_NARROW, _WIDE = 9, 45
_README_WIDTHS: Final = (34, 60, 28, 24, 24, 60)
_RED: Final = "FFB3261E"


@dataclass(frozen=True)
class _Look:
    font: Font
    fill: PatternFill


_PLAIN: Final = _Look(Font(), PatternFill())
_HEAD: Final = _Look(Font(bold=True), PatternFill("solid", fgColor="FFE8EEF0"))
_LOOKS: Final[Mapping[str, _Look]] = {
    "title": _Look(Font(bold=True, size=16), PatternFill()),
    "head": _Look(Font(bold=True, size=12), PatternFill()),
    "columns": _HEAD,
    "banner": _Look(Font(bold=True, color="FFFFFFFF"), PatternFill("solid", fgColor=_RED)),
}


def make_book(sheets: Sequence[Sheet], publication: Publication) -> Workbook:
    """Return the workbook: the page to read first, then the sheets in their order."""
    words = load_words(publication.lang)
    book = Workbook()
    book.properties.creator = "geolyft"
    book.properties.title = clean_text(publication.title)
    # A new workbook has one sheet of no use.
    del book["Sheet"]
    _fill_readme(book.create_sheet(words.say("formats.readme")), readme_lines(sheets, publication))
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for place, field in enumerate(sheet.layer.fields, start=1):
            cells = in_words(plain_cells(sheet.layer, field), field, words)
            _fill_column(page, place, field, cells)
        _arrange(page, sheet.layer, synthetic=publication.synthetic)
    return book


def _fill_readme(page: Worksheet, lines: Sequence[Line]) -> None:
    for place, width in enumerate(_README_WIDTHS, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    for row, line in enumerate(lines, start=1):
        look = _LOOKS.get(line.kind, _PLAIN)
        for place, text in enumerate(line.texts, start=1):
            if text:
                _put(page, row, place, text, look)
            # A sentence runs on over the empty cells beside it.
            page.cell(row, place).alignment = Alignment(
                vertical="top", wrap_text=line.kind == "row"
            )


def _fill_column(page: Worksheet, place: int, field: Field, cells: Sequence[Cell]) -> None:
    _put(page, 1, place, field.alias, _HEAD)
    page.cell(1, place).alignment = Alignment(vertical="top", wrap_text=True)
    number_format = _number_format(field)
    for row, value in enumerate(cells, start=2):
        if value is not None:
            _put(page, row, place, value)
        page.cell(row, place).number_format = number_format
    longest = max((_length(value, field) for value in cells), default=0)
    word = max(map(len, field.alias.split()), default=0)
    # Room for the arrow of the filter, beside the heading's longest word.
    width = min(max(longest + 2, word + 4, _NARROW), _WIDE)
    page.column_dimensions[get_column_letter(place)].width = width


def _arrange(page: Worksheet, layer: Layer, *, synthetic: bool) -> None:
    """Keep headings in sight and on every printed page; say that figures are invented."""
    # An area's code and name stay too.
    page.freeze_panes = "C2" if layer.is_spatial else "A2"
    page.auto_filter.ref = page.dimensions
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if synthetic and page.oddHeader is not None:
        page.oddHeader.center.text = SYNTHETIC
        page.sheet_properties.tabColor = _RED


def _put(page: Worksheet, row: int, place: int, value: Cell, look: _Look | None = None) -> None:
    """Fill a cell; a text is one also when it begins like a formula, and stays one if edited."""
    cell = page.cell(row, place)
    if isinstance(value, str):
        cell.value = clean_text(value)
        cell.data_type = "s"
        cell.quotePrefix = True
    else:
        cell.value = value
    if look:
        cell.font, cell.fill = look.font, look.fill


def _number_format(field: Field) -> str:
    """Return Excel's code; it is written in English and shown in the reader's language."""
    decimals = f".{'0' * field.decimals}" if field.decimals else ""
    formats = {"text": "@", "number": f"#,##0{decimals}", "whole": "#,##0", "truth": "General"}
    return formats[field.kind]


def _length(value: Cell, field: Field) -> int:
    if isinstance(value, float):
        return len(f"{value:,.{field.decimals}f}")
    return 0 if value is None else max(map(len, str(value).split("\n")))
