"""Tables that are no text: workbooks, Parquet, and what is named as something else."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd
from needs import module
from whole_files import VOTES

from bad_inputs.case import Bad, replaces, writes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from bad_inputs.case import Spoil

    Fill = Callable[[Worksheet], object]

openpyxl = module("openpyxl")


def workbooks() -> Iterator[Bad]:
    """Yield every bad table that is no text."""
    for name, (code, file, make) in _named().items():
        yield Bad(f"{file}: {name}", code, _instead(file, make))
    for name, (code, fill) in SHEETS.items():
        yield Bad(f"sheet.xlsx: {name}", code, _instead("sheet.xlsx", partial(_workbook, fill)))
    for name, (code, columns) in TYPED.items():
        yield Bad(
            f"typed.parquet: {name}", code, _instead("typed.parquet", partial(_parquet, **columns))
        )


def _instead(file: str, make: Callable[[], bytes]) -> Spoil:
    """Let the run read another file than its table."""

    def spoil(folder: Path) -> None:
        writes(file, make())(folder)
        replaces("run.toml", "votes.csv", file)(folder)

    return spoil


def _named() -> dict[str, tuple[str, str, Callable[[], bytes]]]:
    """Return files that the run reads in place of its table: code, name, content."""
    return {
        "gzip": ("read-format", "votes.csv.gz", _gzip),
        "gzip cut off": ("read-format", "cut.csv.gz", lambda: _gzip()[:20]),
        "an old workbook": (
            "read-format", "votes.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        "a workbook with a password": (
            "read-format", "votes.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        "CSV named xlsx": ("read-format", "votes.xlsx", VOTES.encode),
        "CSV named parquet": ("read-format", "votes.parquet", VOTES.encode),
        "CSV named gpkg": ("read-format", "votes.gpkg", VOTES.encode),
        "CSV named px": ("read-px", "votes.px", VOTES.encode),
        "CSV named json": ("read-format", "votes.json", VOTES.encode),
        "ODS": ("read-format", "votes.ods", _open_document),
        "7z": ("read-format", "votes.csv", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(range(256))),
        "a picture": ("read-format", "votes.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        "a zip of a CSV": ("read-format", "votes.zip", _zipped),
        "a workbook cut off": ("read-damaged", "votes.xlsx", lambda: _workbook(_plain)[:900]),
        "a zip that is no workbook": ("read-damaged", "votes.xlsx", _zipped),
        "Parquet cut off": ("read-damaged", "votes.parquet", lambda: _parquet()[:-20]),
        "other SQLite": ("read-format", "votes.gpkg", lambda: b"SQLite format 3\0" + bytes(100)),
        "a description of a layer named gpkg": (
            "read-format", "votes.gpkg", lambda: b'<OGRVRTDataSource><OGRVRTLayer name="a"/>'),
    }  # fmt: skip


def _gzip() -> bytes:
    return gzip.compress(VOTES.encode(), mtime=0)


def _zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr(zipfile.ZipInfo("votes.csv"), VOTES)
    return made.getvalue()


def _open_document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        said = "application/vnd.oasis.opendocument.spreadsheet"
        packed.writestr(zipfile.ZipInfo("mimetype"), said)
    return made.getvalue()


def _workbook(fill: Fill) -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    fill(book.active)
    book.save(made)
    return made.getvalue()


def _plain(sheet: Worksheet) -> None:
    for line in VOTES.splitlines():
        sheet.append([int(cell) if cell.isdecimal() else cell for cell in line.split(";")])


def _cell(place: str, value: object) -> Fill:
    def fill(sheet: Worksheet) -> None:
        _plain(sheet)
        sheet[place] = value

    return fill


def _merged(sheet: Worksheet) -> None:
    _plain(sheet)
    sheet.merge_cells("A2:A3")


def _merged_header(sheet: Worksheet) -> None:
    sheet.append(["kod", "2024", None])
    sheet.merge_cells("B1:C1")
    sheet.append([None, "ja", "folk"])
    for row in ((1, 2, 4), (2, 2, 5), (3, 3, 6), (4, 1, 7)):
        sheet.append(row)


def _title(sheet: Worksheet) -> None:
    sheet.append(["Röster 2024"])
    _plain(sheet)


def _two_sheets(sheet: Worksheet) -> None:
    _plain(sheet)
    _plain(sheet.parent.create_sheet("Gammal"))


def _dates(sheet: Worksheet) -> None:
    _plain(sheet)
    sheet["A2"] = dt.date(2024, 1, 1)
    sheet["A2"].number_format = "d-mmm"


SHEETS: Final[dict[str, tuple[str, Fill]]] = {
    "no rows": ("read-header-only", lambda sheet: sheet.append(["kod", "ja", "folk"])),
    "nothing": ("read-empty", lambda _: None),
    "two sheets and none named": ("read-excel-sheet", _two_sheets),
    "merged codes": ("read-excel-merged", _merged),
    "merged names of columns": ("read-excel-merged", _merged_header),
    "a title above": ("read-header-title", _title),
    "a formula without its result": ("read-excel-formula", _cell("B2", "=1+1")),
    "an error": ("read-excel-error", _cell("B2", "#REF!")),
    "a division by 0": ("read-excel-error", _cell("B2", "#DIV/0!")),
    "a truth value among numbers": ("read-excel-error", _cell("B2", value=True)),
    "a code that became a date": ("read-excel-date", _dates),
    "a text among numbers": ("read-not-a-number", _cell("B2", "många")),
    "a comment among numbers": ("read-not-a-number", _cell("B2", "1400 *")),
    "an area nobody knows": ("join-unknown", _cell("A2", 9)),
    "an area twice": ("join-duplicate", _cell("A2", 2)),
    "a name twice": ("read-header-duplicate", _cell("B1", "folk")),
    "negative persons": ("aggregate-negative", _cell("B2", -1400)),
}

_COLUMNS: Final = {"kod": ["1", "2", "3", "4"], "ja": [1400, 1500, 1650, 1800],
                   "folk": [2000, 2100, 2200, 2300]}  # fmt: skip
TYPED: Final[dict[str, tuple[str, dict[str, object]]]] = {
    "no rows": ("read-header-only", {"kod": [], "ja": [], "folk": []}),
    "infinite": ("read-infinite", {"ja": [1e3, 1.0, float("inf"), 2.0]}),
    "texts for numbers": ("read-not-a-number", {"ja": ["1", "2", "tre", "4"]}),
    "dates for numbers": ("read-not-a-number", {"ja": pd.date_range("2024-01-01", periods=4)}),
    "lists for numbers": ("read-not-a-number", {"ja": [[1], [2], [3], [4]]}),
    "truth values for numbers": ("read-not-a-number", {"ja": [True, False, True, False]}),
    "codes in halves": ("join-unknown", {"kod": [1.5, 2.0, 3.0, 4.0]}),
    "codes missing": ("join-unknown", {"kod": ["1", "2", None, "4"]}),
    "codes of bytes": ("join-unknown", {"kod": [b"\xff", b"\xfe", b"\xfd", b"\xfc"]}),
    "another column": ("read-column-missing", {"folk": None}),
}


def _parquet(**changes: object) -> bytes:
    columns = {name: of for name, of in (_COLUMNS | changes).items() if of is not None}
    made = io.BytesIO()
    pd.DataFrame(columns).to_parquet(made)
    return made.getvalue()
