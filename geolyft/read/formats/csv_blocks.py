"""Delimited text of many rows, parsed by Arrow, a block of lines at a time.

Only where the bytes prove that the careful reader in `geolyft.read.formats.csv` would say the same:
the proof is `check_lines`, what Arrow itself refuses, and the careful reader on the last lines,
below which no note or sum can stand. Everything else is the careful reader's, refusals first.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from geolyft.errors import ReadError
from geolyft.read.formats.csv import start_of
from geolyft.read.understand.files import changed
from geolyft.read.understand.grid import Column, TextGrid
from geolyft.read.understand.lines import UnusualError, check_lines
from geolyft.read.understand.rows import clean_header
from geolyft.read.values.numbers import Shown, shown_by, shown_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from geolyft.read.formats.csv import CsvFile

    Evidence = frozenset[tuple[str, str]]

Part = TypeVar("Part")
Done = TypeVar("Done")

BLOCK: Final = 1 << 23
"""Bytes of a block."""
TAIL: Final = 1000
"""Lines at the end that are read carefully: far more than the 200 that can be notes."""
_THREADS: Final = 2
_ARROW_BLOCK: Final = 1 << 20
_LINE: Final = ord("\n")
_BOM: Final = codecs.BOM_UTF8
_UTF8: Final = "utf-8"
# In all of them a byte that looks like a line's end is one, so that lines can be cut from bytes.
_KNOWN: Final = frozenset({_UTF8, "cp1252", "iso8859-1", "iso8859-15", "cp850", "mac-roman"})


class Seen(NamedTuple):
    """What a block has shown: its lines, its rows with data, and the numbers of each column."""

    lines: int
    rows: int
    numbers: dict[str, Shown]


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """Where the blocks of a file's lines begin; the last of them is read carefully.

    Parameters
    ----------
    edges
        Also where the last one ends.
    first_row
        The row in the file that the first begins with.
    seen, decimal
        What each has shown, and the decimal sign, once all have been looked at.
    verbatim
        Numbers, too, are wanted as they are written.
    """

    text: CsvFile
    edges: tuple[int, ...]
    first_row: int
    seen: tuple[Seen, ...] = ()
    decimal: str = ","
    verbatim: bool = False

    def __len__(self) -> int:
        """Return how many blocks there are."""
        return len(self.edges) - 1

    @property
    def rows(self) -> int:
        """How many rows with data there are."""
        return sum(each.rows for each in self.seen)

    @property
    def evidence(self) -> Evidence:
        """What all numbers show of their signs, see `style_evidence`."""
        names = dict.fromkeys(name for seen in self.seen for name in seen.numbers)
        shown = [[seen.numbers[n] for seen in self.seen if n in seen.numbers] for n in names]
        return shown_together(sum(column, Shown()).evidence for column in shown)

    def grids(self, at: int) -> Iterator[TextGrid]:
        """Yield the rows of a block.

        Raises
        ------
        ReadError
            When the file is no longer what it was.
        """
        first, text = self.first_row + sum(each.lines for each in self.seen[:at]), self.text
        if at == len(self) - 1:
            yield from self._careful(first)
            return
        shown, marks = self.seen[at].numbers, text.options.marks
        plain = [name for name in shown if shown[name].are_numbers(self.decimal, marks)]
        typed = [] if self.verbatim else plain
        try:
            cells = self._parse(self._bytes(at), text.wanted, typed)
        except (UnusualError, UnicodeDecodeError):
            raise changed(text.file.name) from None
        columns = {
            name: Column(text=None, typed=cells.column(name).to_numpy())
            if name in typed
            else Column(text=cells.column(name))
            for name in text.wanted
        }
        yield text.grid(columns, np.arange(first, first + cells.num_rows))

    def look_at(self, at: int, numbers: Sequence[str]) -> Seen:
        """Return what a block shows, or raise `UnusualError`."""
        if at == len(self) - 1:
            grids = list(self._careful(self.first_row))
            tails = [{name: grid.columns[name].text for name in numbers} for grid in grids]
            shown = {n: sum((shown_by(tail[n]) for tail in tails), Shown()) for n in numbers}
            return Seen(0, sum(len(grid.rows) for grid in grids), shown)
        block = self._bytes(at)
        sums = self.text.options.footer != "keep"
        lines = check_lines(block, self.text.separator or "", sums=sums)
        nameless = [each for each in self._names() if each not in self.text.names]
        cells = self._parse(block, [*numbers, *nameless])
        if cells.num_rows != lines or any(map(_filled, cells.select(nameless).columns)):
            raise UnusualError
        return Seen(lines, lines, {name: shown_by(cells.column(name)) for name in numbers})

    def _names(self) -> list[str]:
        """Return a name for each column; those that have none begin with a space as no other."""
        return [name or f" {n}" for n, name in enumerate(self.text.names)]

    def _bytes(self, at: int) -> bytes:
        """Return a block in UTF-8."""
        with self.text.file.open("rb") as opened:
            opened.seek(self.edges[at])
            block = opened.read(self.edges[at + 1] - self.edges[at])
        encoding = _encoding(self.text)
        return block if encoding == _UTF8 else block.decode(encoding).encode(_UTF8)

    def _parse(self, block: bytes, wanted: Sequence[str], typed: Sequence[str] = ()) -> Any:  # noqa: ANN401 - pyarrow is not typed
        """Return the wanted columns, those that are typed as numbers and the others as text."""
        kinds = {name: pa.float64() if name in typed else pa.large_string() for name in wanted}
        try:
            return pa_csv.read_csv(
                pa.BufferReader(block),
                pa_csv.ReadOptions(
                    column_names=self._names(),
                    block_size=_ARROW_BLOCK,
                    use_threads=False,
                ),
                pa_csv.ParseOptions(
                    delimiter=self.text.separator,
                    quote_char='"' if self.text.scan.quoted else False,
                    ignore_empty_lines=False,
                ),
                pa_csv.ConvertOptions(
                    include_columns=list(kinds),
                    column_types=kinds,
                    decimal_point=self.decimal,
                    null_values=[],
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid:
            raise UnusualError from None

    def _careful(self, first_row: int) -> Iterator[TextGrid]:
        text = io.StringIO(self._bytes(len(self) - 1).decode(_UTF8), newline="")
        return self.text.grids_of(text, first_row)


def look_at_blocks(text: CsvFile, numbers: Sequence[str]) -> Blocks | None:
    """Look at all bytes of a file, or return nothing where the careful reader has to read it."""
    blocks = _cut(text)
    if blocks is None:
        return None
    looks = in_order(lambda at: blocks.look_at(at, numbers), range(len(blocks)))
    try:
        return replace(blocks, seen=tuple(looks))
    except (UnusualError, ReadError):
        return None


def in_order(work: Callable[[Part], Done], parts: Iterable[Part]) -> Iterator[Done]:
    """Yield what is made of each part, in their order, a few made ahead of the one asked for."""
    waiting: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for part in parts:
            waiting.append(pool.submit(work, part))
            if len(waiting) > _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _cut(text: CsvFile) -> Blocks | None:
    """Return a file's blocks, none of which was looked at."""
    if _encoding(text) not in _KNOWN or text.separator is None or not text.separator.isascii():
        return None
    with text.file.open("rb") as opened:
        header = _header(opened.read(BLOCK), text)
        tail = _tail(opened, opened.seek(0, io.SEEK_END))
        if header is None or tail <= header[0]:
            return None
        edges = [header[0]]
        while edges[-1] < tail:
            opened.seek(edges[-1] + BLOCK)
            opened.readline()
            edges.append(min(opened.tell(), tail))
        end = opened.seek(0, io.SEEK_END)
    return Blocks(text=text, edges=(*edges, end), first_row=header[1])


def _header(head: bytes, text: CsvFile) -> tuple[int, int] | None:
    """Return where the line below the header begins, and its row."""
    encoding = _encoding(text)
    marked = len(_BOM) if encoding == _UTF8 and head.startswith(_BOM) else 0
    lines = head[marked : head.rfind(b"\n") + 1].decode(encoding)
    options = replace(text.options, separator=text.separator)
    stream, skipped, separator = start_of(io.StringIO(lines, newline=""), options, text.file.name)
    line = stream.readline()
    try:
        (cells,) = csv.reader([line], delimiter=separator or "", strict=True)
    except (csv.Error, ValueError):
        return None
    if not line.endswith("\n") or len(cells) != len(text.names):
        return None
    # A column without a name is called by its place, or not at all where it has no cells.
    said = zip(clean_header(cells, where=""), text.names, strict=True)
    if any(name != known for name, known in said if name):
        return None
    return marked + len(lines[: stream.tell()].encode(encoding)), skipped + 2


def _encoding(text: CsvFile) -> str:
    name = codecs.lookup(text.scan.encoding).name
    return _UTF8 if name in {"utf-8-sig", "ascii"} else name


def _tail(opened: BinaryIO, size: int) -> int:
    """Return where the last lines begin; 0 where there are not so many."""
    back = 1 << 16
    while True:
        opened.seek(max(0, size - back))
        ends = np.flatnonzero(np.frombuffer(opened.read(), dtype=np.uint8) == _LINE)
        if len(ends) > TAIL:
            return max(0, size - back) + int(ends[-TAIL - 1]) + 1
        if back >= size:
            return 0
        back *= 4


def _filled(cells: Any) -> bool:  # noqa: ANN401 - pyarrow is not typed
    return bool(pc.any(pc.not_equal(cells, "")).as_py())
