"""What stands in the cells of a layer, as plain values of the kind each field says.

A missing value is None, whatever the frame holds for it, and a column keeps its kind when every
cell of it is missing. What is here is the same in every format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import pandas as pd
import pyarrow as pa

from geolyft.export.layers.tables import SYNTHETIC
from geolyft.frames import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geolyft.columns import Kind
    from geolyft.export.layer import Field, Layer
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

Cell: TypeAlias = str | float | int | bool | None
_TYPES: Final[Mapping[Kind, tuple[Callable[..., Cell], pa.DataType]]] = {
    "text": (str, pa.string()),
    "number": (float, pa.float64()),
    "whole": (int, pa.int64()),
    "truth": (bool, pa.bool_()),
}
"""Each kind of field in Python and in Arrow."""
_TITLE_KEY: Final = "GDAL:OGR:alternative_name"
_COMMENT_KEY: Final = "GDAL:OGR:comment"


def plain_cells(layer: Layer, field: Field) -> list[Cell]:
    """Return a column's values as Python's own.

    Examples
    --------
    >>> from geolyft.export.layer import Field, Layer
    >>> count = Field(name="n", kind="whole", alias="Antal", comment="")
    >>> table = Layer(name="t", about="tabell", level="", period="", title="", abstract="",
    ...               frame=pd.DataFrame({"n": [3.0, None]}), fields=(count,))
    >>> plain_cells(table, count)
    [3, None]
    """
    plain, _ = _TYPES[field.kind]
    values = layer.frame[field.name].to_list()
    return [None if _is_missing(value) else plain(value) for value in values]


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value != value  # noqa: PLR0124 - NaN and NaT


def in_words(cells: Sequence[Cell], field: Field, words: Words) -> Sequence[Cell]:
    """Return a column of statuses in words, and any other as it is."""
    if field.name != "status" and not field.name.endswith("_status"):
        return cells
    return [_say_status(cell, words) if isinstance(cell, str) else cell for cell in cells]


def _say_status(status: str, words: Words) -> str:
    if not set(status.split("+")) <= set(STATUSES):
        return status
    return words.status(status) or words.say("formats.status_ok")


def arrow_table(layer: Layer) -> pa.Table:
    """Return the fields of a layer, without geometry, in the types their kinds say.

    Titles and comments travel with each field, under the names GDAL knows.
    """
    fields, columns = [], []
    for field in layer.fields:
        _, kind = _TYPES[field.kind]
        about = {_TITLE_KEY: field.alias, _COMMENT_KEY: field.comment}
        fields.append(pa.field(field.name, kind, metadata=about))
        columns.append(pa.array(plain_cells(layer, field), type=kind))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def metadata_of(layer: Layer, publication: Publication) -> dict[str, object]:
    """Return what a layer is and what its fields mean, ready for JSON.

    Invented figures are said to be so in the title, where every program shows it.
    """
    mark = publication.synthetic and SYNTHETIC not in layer.title
    return {
        "title": f"{SYNTHETIC}. {layer.title}" if mark else layer.title,
        "abstract": layer.abstract,
        "level": layer.level,
        "period": layer.period,
        "synthetic": publication.synthetic,
        "fields": {
            field.name: {"alias": field.alias, "comment": field.comment, "decimals": field.decimals}
            for field in layer.fields
        },
    }
