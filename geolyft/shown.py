"""How public values show themselves: a line at a prompt, a small table in a notebook.

A frame is shown by its size, never by its rows: those of a file may be people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

_LINE: Final = 60
_FEW: Final = 4
_ROWS: Final = 20
_INDEX: Final = ["area", "name", "index", "index_low", "index_high", "status"]
"""Columns of the index that a notebook shows: no place, for none is shown without its range."""


class Shown:
    """A value that says what it holds and not all of it.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(repr=False)
    ... class Made(Shown):
    ...     title: str
    ...     rows: list[int]
    >>> Made("Malmö", list(range(100)))
    Made(title='Malmö', rows=100 items)
    """

    def _fields(self) -> dict[str, Any]:
        """Return what there is to show."""
        return {name: each for name, each in vars(self).items() if not name.startswith("_")}

    def __repr__(self) -> str:
        """Return a short line."""
        fields = ", ".join(f"{name}={in_short(each)}" for name, each in self._fields().items())
        return f"{type(self).__name__}({fields})"

    def __str__(self) -> str:
        """Return the same line."""
        return repr(self)

    def _repr_html_(self) -> str:
        """Return a small table of the fields, for a notebook."""
        rows = (
            f"<tr><th>{escape(name)}</th><td>{escape(in_short(each))}</td></tr>"
            for name, each in self._fields().items()
        )
        return f"<table><caption>{escape(type(self).__name__)}</caption>{''.join(rows)}</table>"


def in_short(value: Any) -> str:  # noqa: ANN401 - whatever a field holds
    """Say a value in a few words: frames, arrays and collections by their size.

    Examples
    --------
    >>> import pandas as pd
    >>> in_short(pd.DataFrame({"a": [1, 2]})), in_short(("x", "y")), in_short({"a": 1})
    ('2 rows × 1 columns', "('x', 'y')", "{'a': 1}")
    """
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        rows, *columns = shape
        return f"{rows} rows × {columns[0]} columns" if columns else f"{rows} values"
    if isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str)):
        return _of_many(value)
    if isinstance(value, Shown):
        line = repr(value)
        return line if len(line) <= _LINE else f"{type(value).__name__}(…)"
    line = " ".join(repr(value).split())
    return line if len(line) <= _LINE else line[: _LINE - 1] + "…"


def _of_many(value: Mapping[Any, Any] | Sequence[Any]) -> str:
    """Say a collection whole where it is small, by its first keys or its length where not."""
    plain = value.values() if isinstance(value, Mapping) else value
    small = len(value) <= _FEW and all(isinstance(each, str | int | float) for each in plain)
    line = repr(value) if small else ""
    if small and len(line) <= _LINE:
        return line
    size = f"{len(value)} items"
    if not isinstance(value, Mapping):
        return size
    first = ", ".join(str(key) for key in islice(value, _FEW))
    return f"{size}: {first}{', …' if len(value) > _FEW else ''}"


def index_html(index: pd.DataFrame, title: str, period: str) -> str:
    """Return the index of a period as a table for a notebook, empty cells empty.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["area", "period", *_INDEX[1:]]
    >>> index = pd.DataFrame([["1", "2025", "Norr", 96.04, 95.0, None, "ok"]], columns=columns)
    >>> "<td>96.0</td>" in index_html(index, "Malmö", "2025")
    True
    """
    rows = index.loc[index["period"] == period, _INDEX].astype("object")
    table = rows.map(_cell).to_html(index=False, border=0, max_rows=_ROWS)
    return f"<p><b>{escape(title)}, {escape(period)}</b></p>{table}"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.1f}"
    return "" if value is None else str(value)
