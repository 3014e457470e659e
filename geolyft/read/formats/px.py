"""SCB's PX files: keywords with their values, then the numbers of a cube in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geolyft.errors import ReadError
from geolyft.read.formats.cube import Dimension, cube_grid
from geolyft.read.understand.files import sha256_of
from geolyft.read.understand.grid import Column, TextGrid, strings
from geolyft.read.understand.text import decode

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from geolyft.read.understand.model import TextOptions

# KEY[sv]("dimension")=values; a semicolon within quotes ends nothing.
_KEYWORD: Final = re.compile(
    r'\s*([A-Z0-9_-]+)(?:\[([^\]]*)\])?(?:\("([^"]*)"(?:,[^)]*)?\))?\s*=((?:[^;"]|"[^"]*")*);'
)
_DATA: Final = re.compile(r"(?:^|;)\s*DATA\s*=")
_QUOTED: Final = re.compile(r'"([^"]*)"')
_CELL: Final = re.compile(r'"[^"]*"|[^\s",;]+')
_CODE_PAGE: Final = re.compile(rb'CODEPAGE\s*=\s*"([\w-]+)"')
_HEAD: Final = 4096


def read_px(
    file: Path, *, numbers: Collection[str], columns: Collection[str] | None, options: TextOptions
) -> TextGrid:
    """Read a cube as a long table: a column of codes per dimension, and ``value``."""
    where = file.name
    data = file.read_bytes()
    named = _CODE_PAGE.search(data[:_HEAD])
    stated = named[1].decode() if named and not data.startswith(b"\xef\xbb\xbf") else None
    text, encoding = decode(data, encoding=options.encoding or stated, where=where)
    start = _DATA.search(text)
    if not start:
        raise _unclear(where, "has no DATA")
    if not text.rstrip("\x00\x1a \t\r\n").endswith(";"):
        # Of a file that breaks off the last number may be the beginning of one.
        raise _unclear(where, "breaks off: its DATA does not end with ;")
    keywords = _keywords(text[: start.start() + 1])
    cells = [cell.strip('"') for cell in _CELL.findall(text, start.end())]
    dimensions = _dimensions(keywords, where)
    if ("KEYS", dimensions[0].name) in keywords:
        raise _unclear(where, "is a sparse PX file (KEYS)")
    return cube_grid(
        dimensions,
        Column(text=strings(cells)),
        TextGrid(
            name=where,
            kind="px",
            sha256=sha256_of(file, "px"),
            columns={},
            rows=(),
            encoding=encoding,
            decimal=".",
        ),
        numbers=numbers,
        columns=columns,
    )


def _keywords(head: str) -> dict[tuple[str, str], list[str]]:
    """Return the values of each keyword, by keyword and dimension; translations are left out."""
    keywords: dict[tuple[str, str], list[str]] = {}
    for keyword, language, dimension, values in _KEYWORD.findall(head):
        if not language:
            keywords[keyword, dimension] = _QUOTED.findall(values)
    return keywords


def _dimensions(keywords: dict[tuple[str, str], list[str]], where: str) -> list[Dimension]:
    names = keywords.get(("STUB", ""), []) + keywords.get(("HEADING", ""), [])
    dimensions = []
    for name in names:
        labels = keywords.get(("VALUES", name), [])
        codes = keywords.get(("CODES", name)) or labels
        dimensions.append(Dimension(name, codes, labels if len(labels) == len(codes) else []))
    if not dimensions or not all(dimension.codes for dimension in dimensions):
        raise _unclear(where, "does not name its dimensions and their values")
    if any(len(set(each.codes)) < len(each.codes) for each in dimensions):
        raise _unclear(where, "has a code of a dimension twice")
    return dimensions


def _unclear(where: str, what: str) -> ReadError:
    remedy = "fetch it again, or choose JSON-stat 2 or CSV from the same table"
    return ReadError("read-px", what, remedy=remedy, where=where)
