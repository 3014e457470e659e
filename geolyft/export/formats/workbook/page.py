"""The Excel workbook as a file: it needs openpyxl, and the same input gives the same bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from geolyft.errors import OutputError
from geolyft.export.formats.workbook.sheets import sheets_of
from geolyft.export.layers.excel import timeless
from geolyft.optional import optional

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

FILE: Final = "omradeslyft.xlsx"
"""The workbook, inside the delivery."""


def write_excel(layers: Sequence[Layer], folder: Path, publication: Publication) -> None:
    """Write ``omradeslyft.xlsx``: a page to read first, and a sheet per period and table.

    Parameters
    ----------
    folder
        The delivery's.

    Raises
    ------
    OutputError
        ``format-extra`` without openpyxl.
    """
    require_openpyxl()
    from geolyft.export.formats.workbook.content import make_book  # noqa: PLC0415 - needs openpyxl

    raw = io.BytesIO()
    make_book(sheets_of(layers, publication), publication).save(raw)
    (folder / FILE).write_bytes(timeless(raw.getvalue()))


def require_openpyxl() -> None:
    """Refuse where openpyxl is not installed.

    Raises
    ------
    OutputError
        ``format-extra``.
    """
    optional("openpyxl", "excel", FILE, error=OutputError, code="format-extra")
