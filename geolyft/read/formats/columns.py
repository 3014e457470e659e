"""Numbers of a Parquet file, row group by row group, for sums that never hold the whole file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from geolyft.errors import ReadError, brief
from geolyft.read.formats.typed import damaged, is_numeric, open_parquet
from geolyft.read.understand.files import kind_of, local_file
from geolyft.read.understand.rows import choose, clean_header

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

_ROWS: Final = 1 << 18
"""Rows at a time."""
_PART_ROWS: Final = (1 << 17, 1 << 20)
"""Rows of a part at least: enough for opening the file to cost little, few enough to share."""
_PARTS: Final = 16


@dataclass(frozen=True, kw_only=True)
class NumberFile:
    """A Parquet file and those of its columns that are read, all of them numbers.

    Parameters
    ----------
    parts
        Ranges of row groups, which depend on the file alone; `tables` reads one of them.
    """

    file: Path
    columns: tuple[str, ...]
    rows: int
    parts: tuple[range, ...]

    def tables(self, part: range, columns: tuple[str, ...] | None = None) -> Iterator[Any]:
        """Yield a part's columns as Arrow tables of float64, unknown values as null."""
        wanted = columns or self.columns
        schema = pa.schema([(name, pa.float64()) for name in wanted])
        # A reader of its own: threads may not share one.
        opened = open_parquet(self.file, streamed=True)
        try:
            for batch in opened.iter_batches(
                _ROWS, row_groups=list(part), columns=list(wanted), use_threads=False
            ):
                yield pa.Table.from_batches([batch]).select(list(wanted)).cast(schema, safe=False)
        except (pa.ArrowException, OSError):
            raise damaged(self.file.name) from None


def open_numbers(path: str | os.PathLike[str], columns: tuple[str, ...]) -> NumberFile:
    """Open columns of numbers of a Parquet file, of any size.

    Raises
    ------
    ReadError
        ``read-format`` for another format, ``read-column-missing``, ``read-not-a-number`` for a
        column of another type, and what any reader refuses of a file.
    """
    file = local_file(path)
    if kind_of(file) != "parquet":
        remedy = "write the points as Parquet (geolyft assign does)"
        raise ReadError("read-format", "is no Parquet file", remedy=remedy, where=file.name)
    opened = open_parquet(file, streamed=True)
    schema = opened.schema_arrow
    wanted = tuple(dict.fromkeys(columns))
    clean_header(list(schema.names), where=file.name)
    choose(list(schema.names), numbers=wanted, columns=wanted, where=file.name)
    for name in wanted:
        if not is_numeric(schema.field(name).type):
            what = f"column {brief(name)} is of type {schema.field(name).type}"
            remedy = "write it as a column of numbers"
            raise ReadError("read-not-a-number", what, remedy=remedy, where=file.name)
    return NumberFile(
        file=file,
        columns=wanted,
        rows=opened.metadata.num_rows,
        parts=tuple(_parts(opened.metadata)),
    )


def _parts(metadata: Any) -> Iterator[range]:  # noqa: ANN401 - pyarrow is not typed
    # Of the file alone: sums of parts are the same whoever adds them.
    least, most = _PART_ROWS
    enough = min(max(metadata.num_rows // _PARTS, least), most)
    first = rows = 0
    for group in range(metadata.num_row_groups):
        rows += metadata.row_group(group).num_rows
        if rows >= enough or group + 1 == metadata.num_row_groups:
            yield range(first, group + 1)
            first, rows = group + 1, 0
