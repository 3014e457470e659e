"""Rules in QGIS's own expression language.

Only names of columns stand in an expression, never a value or a text from the data.
"""

from __future__ import annotations

from geolyft.export.figures.classes import DECIMALS
from geolyft.export.figures.rules import AllOf, AnyOf, Between, Empty, Has, Holds, Not, Test


def expression(test: Test) -> str:
    r"""Write a test as a QGIS expression.

    Examples
    --------
    >>> expression(Between("index", 85.0, 95.0))
    'round("index", 1) >= 85 AND round("index", 1) < 95'
    >>> expression(AllOf((Empty("index"), Has("status", "hidden"))))
    '("index" IS NULL) AND ("status" LIKE \'%hidden%\')'
    """
    match test:
        case Between(column, low, high):
            text = _between(column, low, high)
        case Empty(column):
            text = f"{quoted(column)} IS NULL"
        case Has(column, part):
            text = f"{quoted(column)} LIKE '%{part}%'"
        case Holds(column):
            text = f"coalesce({quoted(column)}, false)"
        case Not(inner):
            text = f"NOT ({expression(inner)})"
        case AllOf(tests):
            text = " AND ".join(f"({expression(each)})" for each in tests)
        case AnyOf(tests):
            text = " OR ".join(f"({expression(each)})" for each in tests)
    return text


def quoted(column: str) -> str:
    """Name a column in an expression.

    Examples
    --------
    >>> quoted('a"b')
    '"a""b"'
    """
    escaped = column.replace('"', '""')
    return f'"{escaped}"'


def _between(column: str, low: float | None, high: float | None) -> str:
    # A value belongs to the class of the number people see.
    shown = f"round({quoted(column)}, {DECIMALS})"
    parts = [] if low is None else [f"{shown} >= {low:g}"]
    parts += [] if high is None else [f"{shown} < {high:g}"]
    return " AND ".join(parts)
