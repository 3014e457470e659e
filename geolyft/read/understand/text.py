"""Bytes become text, and the separator is found: what cannot be decided is refused."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from geolyft.errors import ReadError, brief

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK: Final = 1 << 22
SEPARATORS: Final = (";", ",", "\t", "|")
_SAMPLE_ROWS: Final = 60

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTINUATION: Final = bytes(range(0x80, 0xC0)).decode("cp1252", errors="ignore")
_MOJIBAKE: Final = re.compile(f"[ÃÂ][{re.escape(_CONTINUATION)}]|â€|\N{REPLACEMENT CHARACTER}")
_SUSPECT: Final = "ÃÂâ\N{REPLACEMENT CHARACTER}"
# What å ä ö of DOS (86 84 94) and of old Macs (8C) become when read as cp1252.
_OTHER_SIGNS: Final = "†„”Œ"
_OTHER_CODE_PAGE: Final = re.compile(f"[a-z][{_OTHER_SIGNS}][a-z]")


def decode(data: bytes, *, encoding: str | None, where: str) -> tuple[str, str]:
    """Return the text and its encoding.

    UTF-8 is tried on the whole file before cp1252: text in cp1252 with any å, ä or ö is not valid
    UTF-8, so the order decides. Afterwards the text is looked at for letters no Swede writes.
    """
    name = encoding or _encoding_of(data)
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise _undecodable(name, f"{where}, row {row}") from None
    except (LookupError, ValueError):  # a name that is none, or has a NUL
        raise _no_encoding(name, where) from None
    _refuse_wrong_letters(text, name, where)
    return text.removeprefix("\ufeff"), name


def _undecodable(encoding: str, where: str) -> ReadError:
    remedy = "save the file as UTF-8, or give its encoding"
    return ReadError("read-encoding", f"a byte is not valid {encoding}", remedy=remedy, where=where)


def _no_encoding(encoding: str, where: str) -> ReadError:
    what = f"there is no encoding {brief(encoding)}"
    remedy = 'give encoding = "utf-8" or "cp1252"'
    return ReadError("read-encoding", what, remedy=remedy, where=where)


@dataclass(frozen=True)
class Scan:
    """What one look at all of a text file has shown: its encoding, and whether it has quotes."""

    encoding: str
    quoted: bool
    blank: bool


def scan(file: Path, *, encoding: str | None) -> Scan:
    """Look at a text file of any size as `decode` does, a block at a time.

    Raises
    ------
    ReadError
        As `decode`.
    """
    where = file.name
    with file.open("rb") as opened:
        marked = _marked(opened.read(4))
    if encoding or marked:
        return _scan(file, encoding or marked or "utf-8", where)
    try:
        return _scan(file, "utf-8", where)
    except ReadError as refusal:
        if refusal.code != "read-encoding":
            raise
    return _scan(file, "cp1252", where)


def _scan(file: Path, encoding: str, where: str) -> Scan:
    """Decode all of a file; garbled letters are refused once all of it could be decoded."""
    garbled: ReadError | None = None
    rows, tail, quoted, blank = 0, "", False, True
    for text in _blocks(file, encoding, where):
        quoted, blank = quoted or '"' in text, blank and not text.strip()
        if garbled is None:
            try:
                # A garbled letter is at most three signs, which may lie in two blocks.
                _refuse_wrong_letters(tail + text, encoding, where, first_row=rows + 1)
            except ReadError as refusal:
                garbled = refusal
        rows += (tail + text).count("\n") - text[-2:].count("\n")
        tail = text[-2:]
    if garbled is not None:
        raise garbled
    return Scan(encoding, quoted, blank)


def _blocks(file: Path, encoding: str, where: str) -> Iterator[str]:
    rows = 1
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        with file.open("rb") as opened:
            while block := opened.read(_BLOCK):
                yield decoder.decode(block)
                rows += block.count(b"\n")
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        rows += error.object.count(b"\n", 0, error.start)
        raise _undecodable(encoding, f"{where}, row {rows}") from None
    except (LookupError, ValueError):  # a name that is none, or has a NUL
        raise _no_encoding(encoding, where) from None


def _marked(data: bytes) -> str | None:
    """Return the encoding that a file's first bytes say."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    # UTF-16 without a BOM: every other byte of plain letters and digits is zero.
    return "utf-16-le" if data[1:2] == b"\0" and data[3:4] == b"\0" else None


def _encoding_of(data: bytes) -> str:
    marked = _marked(data)
    if marked is not None:
        return marked
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _refuse_wrong_letters(text: str, encoding: str, where: str, *, first_row: int = 1) -> None:
    if "\0" in text:
        remedy = "give a text file under .csv, and other formats under their own file ending"
        raise ReadError("read-format", "holds binary data", remedy=remedy, where=where)
    wrong = _MOJIBAKE.search(text) if is_garbled(text) else None
    if wrong is None and encoding == "cp1252" and _any_of(_OTHER_SIGNS, text):
        wrong = _OTHER_CODE_PAGE.search(text)
    if wrong:
        row = text.count("\n", 0, wrong.start()) + first_row
        raise ReadError(
            "read-mojibake",
            f"read as {encoding} the letters are garbled, as when å becomes Ã¥: the text was "
            "saved in another encoding, twice, or in two",
            remedy='export it again as UTF-8, or give its encoding, such as "cp850" for DOS',
            where=f"{where}, row {row}",
        )


def is_garbled(text: str) -> bool:
    """Say whether text shows UTF-8 read as another encoding."""
    return _any_of(_SUSPECT, text) and _MOJIBAKE.search(text) is not None


def _any_of(signs: str, text: str) -> bool:
    # Looking for four letters is many times faster than a pattern, and mostly enough.
    return any(sign in text for sign in signs)


def find_separator(lines: list[str], *, where: str) -> str | None:
    """Return the character between cells, or None for a file of one column.

    A separator splits the header; of several that do, one has to split all rows alike.
    """
    splits = {each: _widths(lines, each) for each in SEPARATORS if each in lines[0]}
    able = [each for each, widths in splits.items() if widths and widths[0] > 1]
    even = [each for each in able if set(splits[each]) == {splits[each][0]}]
    if len(able) == 1 or len(even) == 1:
        return able[0] if len(able) == 1 else even[0]
    if able:
        signs = " and ".join("tab" if each == "\t" else repr(each) for each in able)
        what = f"both {signs} could separate the columns"
        remedy = 'give separator = ";" or the one that does'
        raise ReadError("read-separator", what, remedy=remedy, where=where)
    _refuse_title(lines, where)
    return None


def _refuse_title(lines: list[str], where: str) -> None:
    """Refuse a first line without a separator above lines that all have one."""
    for each in SEPARATORS:
        widths = [width for width in _widths(lines, each) if width > 1]
        if len(widths) > len(lines) // 2 and len(set(widths)) == 1:
            what = "the first row is one cell and the rows below are several: it looks like a title"
            remedy = "give skip_rows = the number of rows above the header, or delete them"
            raise ReadError("read-header-title", what, remedy=remedy, where=where)


def _widths(lines: list[str], separator: str) -> list[int]:
    reader = csv.reader(lines, delimiter=separator)
    try:
        # Rows of one cell are blank lines or notes: they tell nothing about the separator.
        rows = [len(row) for row in islice(reader, _SAMPLE_ROWS)]
    except csv.Error:
        return []
    return rows[:1] + [width for width in rows[1:] if width > 1]
