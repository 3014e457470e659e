"""Delimited text, streamed: only the asked columns are kept."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TextIO

import numpy as np
import pyarrow as pa

from geolyft.errors import ReadError, brief, count
from geolyft.read.understand.files import sha256_of, stamp_of
from geolyft.read.understand.grid import Column, TextGrid, strings
from geolyft.read.understand.limits import MOST_BLANK, check_size
from geolyft.read.understand.rows import (
    choose,
    clean_header,
    name_nameless,
    refuse_sums,
    refuse_title,
    split_footer,
)
from geolyft.read.understand.text import Scan, decode, find_separator, scan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from geolyft.read.understand.files import Stamp
    from geolyft.read.understand.model import TextOptions

_CHUNK: Final = 50_000
_SAMPLE_LINES: Final = 60


class _Chunk(NamedTuple):
    rows: list[Any]  # lists of text; Any, since a list of lists is not a list of sequences
    first_row: int


def read_csv(
    file: Path, *, numbers: Collection[str], columns: Collection[str] | None, options: TextOptions
) -> TextGrid:
    """Read the asked columns of a text file as text."""
    where = file.name
    text, encoding = decode(file.read_bytes(), encoding=options.encoding, where=where)
    if not text.strip():
        raise ReadError("read-empty", "is empty", remedy="give a file with a table", where=where)
    stream, skipped, separator = start_of(io.StringIO(text, newline=""), options, where)
    _, names = _names(stream, separator, where)
    wanted = choose([n for n in names if n], numbers=numbers, columns=columns, where=where)
    gathered = _Gathered(names, wanted, where, options, quoted='"' in text)
    for chunk, last in _chunks(_rows_below(stream, separator, where), skipped + 2, where):
        gathered.add(chunk, last=last)
    return TextGrid(
        name=where,
        kind="csv",
        sha256=sha256_of(file, "csv"),
        columns=gathered.columns(),
        rows=gathered.row_numbers(),
        encoding=encoding,
        separator=separator,
        footer_rows=gathered.footer_rows,
        blank_rows=gathered.blank_rows,
    )


@dataclass(frozen=True, kw_only=True)
class CsvFile:
    """A text file of any size whose letters, header and separator are known.

    Parameters
    ----------
    header
        The columns' headings, empty where there is none.
    names
        What the columns are called: a place for a heading that lacks, and nothing without cells.
    wanted
        The names of the columns to read.
    sha256, stamp
        Of the bytes that were looked at, and when they were written.
    """

    file: Path
    scan: Scan
    options: TextOptions
    separator: str | None
    header: tuple[str, ...]
    names: tuple[str, ...]
    wanted: tuple[str, ...]
    sha256: str
    stamp: Stamp

    def line_end(self) -> str:
        """Return the signs that end the first line."""
        with _opened(self.file, self.scan) as opened:
            return "\r\n" if opened.readline().endswith("\r\n") else "\n"

    def grids(self) -> Iterator[TextGrid]:
        """Yield the rows with data, some tens of thousands at a time."""
        where = self.file.name
        with _opened(self.file, self.scan) as opened:
            stream, skipped, separator = start_of(opened, self.options, where)
            yield from self._grids(_rows_below(stream, separator, where), skipped + 2)

    def grids_of(self, stream: TextIO, first_row: int) -> Iterator[TextGrid]:
        """Yield the rows of the file's last lines, the first of which is that row of the file."""
        yield from self._grids(_reader(stream, self.separator), first_row)

    def grid(
        self,
        columns: dict[str, Column],
        rows: NDArray[np.int64],
        *,
        footer_rows: int = 0,
        blank_rows: int = 0,
    ) -> TextGrid:
        """Return rows of the file, and what is known of it."""
        return TextGrid(
            name=self.file.name,
            kind="csv",
            sha256=self.sha256,
            columns=columns,
            rows=rows,
            encoding=self.scan.encoding,
            separator=self.separator,
            footer_rows=footer_rows,
            blank_rows=blank_rows,
        )

    def _grids(self, reader: Iterator[list[str]], first_row: int) -> Iterator[TextGrid]:
        names, wanted, where = list(self.names), list(self.wanted), self.file.name
        blank = 0  # of chunks without a row, which are told with the next one
        for chunk, last in _chunks(reader, first_row, where):
            gathered = _Gathered(names, wanted, where, self.options, quoted=self.scan.quoted)
            gathered.add(chunk, last=last)
            blank += gathered.blank_rows
            rows = gathered.row_numbers()
            if len(rows):
                yield self.grid(
                    gathered.columns(), rows, footer_rows=gathered.footer_rows, blank_rows=blank
                )
                blank = 0


def open_csv(
    file: Path, *, numbers: Collection[str], columns: Collection[str] | None, options: TextOptions
) -> CsvFile:
    """Look at all letters and the header of a text file that is to be read in chunks."""
    where, stamp = file.name, stamp_of(file)
    with ThreadPoolExecutor(1) as beside:
        digest = beside.submit(sha256_of, file, "csv")
        seen = scan(file, encoding=options.encoding)
    if seen.blank:
        raise ReadError("read-empty", "is empty", remedy="give a file with a table", where=where)
    with _opened(file, seen) as opened:
        stream, _, separator = start_of(opened, options, where)
        header, names = _names(stream, separator, where)
    wanted = choose([n for n in names if n], numbers=numbers, columns=columns, where=where)
    return CsvFile(
        file=file,
        scan=seen,
        options=options,
        separator=separator,
        header=tuple(header),
        names=tuple(names),
        wanted=tuple(wanted),
        sha256=digest.result(),
        stamp=stamp,
    )


@contextmanager
def _opened(file: Path, seen: Scan) -> Iterator[TextIO]:
    with file.open(encoding=seen.encoding, newline="") as opened:
        if opened.read(1) != "\ufeff":
            opened.seek(0)
        yield opened


def start_of(stream: TextIO, options: TextOptions, where: str) -> tuple[TextIO, int, str | None]:
    """Return the text from its header on, the rows above it, and the separator."""
    skipped = 0
    while skipped < options.skip_rows and stream.readline():
        skipped += 1
    position = stream.tell()
    separator = options.separator
    first = stream.readline()
    while first and not first.strip():
        check_size("blank lines above a header", skipped, MOST_BLANK, where=where)
        position, first, skipped = stream.tell(), stream.readline(), skipped + 1
    if first[:4].lower() == "sep=":  # what Excel writes for Excel
        named = first[4:].rstrip("\r\n")[:1]
        separator, position, skipped = separator or named or None, stream.tell(), skipped + 1
    stream.seek(position)
    if separator is not None:
        _check_separator(separator, where)
    else:
        sample = "".join(stream.readline() for _ in range(_SAMPLE_LINES)).splitlines(keepends=True)
        separator = find_separator(sample, where=where) if sample else None
        stream.seek(position)
    return stream, skipped, separator


def _check_separator(separator: str, where: str) -> None:
    if len(separator) != 1 or separator in '"\r\n':
        what = f"the separator {brief(separator)} is not one character that could separate cells"
        remedy = 'give separator = ";" or the one that does'
        raise ReadError("read-options", what, remedy=remedy, where=where)


def _names(stream: TextIO, separator: str | None, where: str) -> tuple[list[str], list[str]]:
    """Return the columns' headings and names, which those without first cells have not either."""
    position = stream.tell()
    rows = _take(_reader(stream, separator), _SAMPLE_LINES, where)
    stream.seek(position)
    if not rows:
        raise ReadError("read-empty", "is empty", remedy="give a file with a table", where=where)
    header, below = clean_header(rows[0], where=where), rows[1:]
    refuse_title(header, len(header), where=where)
    return header, name_nameless(
        header, lambda at: any(any(row[at : at + 1]) for row in below), (below or [[]])[0],
        where=where,
    )  # fmt: skip


def _reader(stream: TextIO, separator: str | None) -> Iterator[list[str]]:
    # Without a separator every line is one cell: a control sign no text file has stands in.
    return csv.reader(stream, delimiter=separator or "\x1f", strict=True)


def _rows_below(stream: TextIO, separator: str | None, where: str) -> Iterator[list[str]]:
    """Return the rows below the header, on which the stream stands."""
    reader = _reader(stream, separator)
    _take(reader, 1, where)
    return reader


def _take(reader: Iterator[list[str]], count: int, where: str) -> list[list[str]]:
    try:
        return list(islice(reader, count))
    except csv.Error as problem:
        is_long = "field limit" in str(problem)  # which a text is that swallows rows, or a long one
        what = "a quotation mark opens a cell and does not close it, or closes it too early"
        raise ReadError(
            "read-quotes",
            f"a cell has more than {csv.field_size_limit()} signs" if is_long else what,
            remedy="close the quotation mark that swallows rows, or shorten the cell"
            if is_long
            else "close it, or write quotation marks within a cell twice",
            where=f"{where}, at or before line {getattr(reader, 'line_num', 0)}",
        ) from None


def _chunks(
    reader: Iterator[list[str]], first_row: int, where: str
) -> Iterator[tuple[_Chunk, bool]]:
    """Give the rows in chunks, the last one saying so and long enough to hold any footer."""
    current = _take(reader, _CHUNK, where)
    while True:
        following = _take(reader, _CHUNK, where) if len(current) == _CHUNK else []
        if len(following) < _CHUNK:
            yield _Chunk(current + following, first_row), True
            return
        yield _Chunk(current, first_row), False
        first_row += len(current)
        current = following


class _Gathered:
    """The wanted columns of the chunks seen so far."""

    def __init__(
        self, names: list[str], wanted: list[str], where: str, options: TextOptions, *, quoted: bool
    ) -> None:
        self._names, self._wanted, self._where = names, wanted, where
        self._keep_footer, self._quoted = options.footer == "keep", quoted
        self._parts: dict[str, list[Any]] = {name: [] for name in wanted}
        self._rows: list[np.ndarray[Any, np.dtype[np.int64]]] = []
        self.footer_rows = self.blank_rows = 0

    def add(self, chunk: _Chunk, *, last: bool) -> None:
        rows = chunk.rows
        while last and rows and not any(rows[-1]):
            rows.pop()
        below = len(rows)
        if last:
            sums = not self._keep_footer
            rows, self.footer_rows = split_footer(rows, len(self._names), sums=sums)
        numbers = np.arange(chunk.first_row, chunk.first_row + len(rows))
        if not self._keep_footer:
            refuse_sums(rows, numbers, where=self._where)
        self._check(rows, chunk.first_row)
        if not all(map(any, rows)):
            filled = [position for position, row in enumerate(rows) if any(row)]
            rows, numbers = [rows[position] for position in filled], numbers[filled]
        turned = list(zip(*rows, strict=True)) or [()] * len(self._names)
        self.blank_rows += below - self.footer_rows - len(rows)
        if "" in self._names:
            self._refuse_nameless(turned)
        cells = dict(zip(self._names, turned, strict=True))
        for name in self._wanted:
            self._parts[name].extend(strings(cells[name]).chunks)
        self._rows.append(numbers)

    def columns(self) -> dict[str, Column]:
        """Return what was gathered; a table without a row is refused."""
        if not sum(map(len, self._rows)):
            what = "has a header and no rows"
            remedy = "give a file with data"
            raise ReadError("read-header-only", what, remedy=remedy, where=self._where)
        return {
            name: Column(text=pa.chunked_array(parts, type=pa.large_string()))
            for name, parts in self._parts.items()
        }

    def row_numbers(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.concatenate(self._rows)

    def _refuse_nameless(self, turned: list[tuple[str, ...]]) -> None:
        for position, name in enumerate(self._names):
            if not name and any(turned[position]):
                what = f"column {position + 1} has cells far down and no name"
                remedy = "give every column a name"
                raise ReadError("read-header-empty", what, remedy=remedy, where=self._where)

    def _check(self, rows: list[Any], first_row: int) -> None:
        width = len(self._names)
        widths = set(map(len, rows)) - {0}
        if widths - {width}:
            if first_row < _CHUNK:
                refuse_title(self._names, max(widths), where=self._where)
            self._refuse_width(rows, first_row, width)
        if self._quoted and any("\n" in cell or "\r" in cell for row in rows for cell in row):
            self._refuse_swallowed(rows, first_row, width)

    def _refuse_width(self, rows: list[Any], first_row: int, width: int) -> None:
        ragged = [position for position, row in enumerate(rows) if row and len(row) != width]
        trailing = all(len(rows[at]) == width + 1 and not rows[at][-1] for at in ragged)
        raise ReadError(
            "read-trailing-separator" if trailing else "read-ragged",
            f"{count(len(ragged))} of {count(len(rows))} rows have "
            + ("one more separator" if trailing else "another number of cells")
            + f" than the header; its columns are {width}, this row's cells {len(rows[ragged[0]])}",
            remedy="end the header and the rows alike"
            if trailing
            else "quote cells that contain the separator, and complete short rows",
            where=f"{self._where}, row {first_row + ragged[0]}",
        )

    def _refuse_swallowed(self, rows: list[Any], first_row: int, width: int) -> None:
        # A cell that holds a line with as many commas or semicolons as a row has is a row.
        for position, row in enumerate(rows):
            for line in (line for cell in row for line in cell.splitlines()[1:]):
                if width > 1 and max(line.count(each) for each in ";,\t|") >= width - 1:
                    raise ReadError(
                        "read-quotes",
                        "a quoted cell contains what looks like whole rows",
                        remedy="close the quotation mark, or write marks within a cell twice",
                        where=f"{self._where}, row {first_row + position}",
                    )
