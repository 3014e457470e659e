"""The Excel workbook as a file: it needs openpyxl, and the same input gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from geolyft.errors import OutputError
from geolyft.export.formats.workbook.sheets import sheets_of
from geolyft.optional import optional

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

FILE: Final = "omradeslyft.xlsx"
"""The workbook, inside the delivery."""
# openpyxl writes the clock into the workbook and into every part of it.
_TIME: Final = (2026, 1, 1, 0, 0, 0)
_DATED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


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
    (folder / FILE).write_bytes(_timeless(raw.getvalue()))


def require_openpyxl() -> None:
    """Refuse where openpyxl is not installed.

    Raises
    ------
    OutputError
        ``format-extra``.
    """
    optional("openpyxl", "excel", FILE, error=OutputError, code="format-extra")


def _timeless(book: bytes) -> bytes:
    """Return the same workbook with one time everywhere."""
    moment = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*_TIME).encode("ascii")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _DATED.sub(rb"\g<1>" + moment, content)
            part = zipfile.ZipInfo(name, _TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0  # else it says on which system it was written
            new.writestr(part, content)
    return out.getvalue()
