"""What every workbook needs: texts that a sheet can hold, and the same bytes twice."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

LONGEST_TEXT: Final = 32_767
"""Signs that a cell can hold."""

# openpyxl writes the clock into the workbook and into every part of it.
_TIME: Final = (2026, 1, 1, 0, 0, 0)
_DATED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def clean_text(text: str) -> str:
    r"""Take away what a sheet cannot hold, and keep what it would read as an escape.

    Examples
    --------
    >>> clean_text("a\x00b _x0041_")
    'ab _x005F_x0041_'
    """
    return _ESCAPE.sub("_x005F_", _CONTROL.sub("", text))[:LONGEST_TEXT]


def timeless(book: bytes) -> bytes:
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
