"""What a report is made of: sections of text, lists, tables and drawings, before any markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup


@dataclass(frozen=True)
class Text:
    """A paragraph; `look` says what it is: ``note``, ``care``, ``absent`` or ``formula``."""

    kind: ClassVar[str] = "text"
    text: str
    look: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    kind: ClassVar[str] = "points"
    items: Sequence[str]
    look: str = ""


@dataclass(frozen=True)
class Terms:
    """Terms with one or more lines about each."""

    kind: ClassVar[str] = "terms"
    items: Sequence[tuple[str, Sequence[str]]]
    look: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of a table.

    Parameters
    ----------
    note
        A second, quieter line.
    look
        ``text`` for words, which start at the left; numbers end at the right.
    svg
        A drawing in the text's place; its own name says what it shows.
    href
        A page of the delivery that the text leads to.
    """

    text: str
    note: str = ""
    look: str = ""
    svg: Markup | None = None
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table; its first cell names it."""

    cells: tuple[Cell, ...]
    look: str = ""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table.

    Parameters
    ----------
    code
        Its name on the page.
    head
        A cell for each column.
    """

    kind: ClassVar[str] = "grid"
    code: str
    caption: str
    head: tuple[Cell, ...]
    rows: tuple[Row, ...]
    note: str = ""
    look: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A drawing, its legend, and what stands below it.

    Parameters
    ----------
    keys
        The legend's drawings and what each means.
    """

    kind: ClassVar[str] = "figure"
    svg: Markup
    legend: str = ""
    keys: tuple[tuple[Markup, str], ...] = ()
    caption: str = ""


Block = Text | Heading | Points | Terms | Grid | Figure
Texts: TypeAlias = "list[str | Cell]"
"""A row of a table as it is said: texts, and cells where more is to be said of one."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section with a heading; `number` is that of the handbook's steps."""

    code: str
    title: str
    blocks: tuple[Block, ...]
    number: str = ""


def words_cell(text: str, note: str = "") -> Cell:
    """Return a cell of words."""
    return Cell(text=text, note=note, look="text")


def short_cell(text: str) -> Cell:
    """Return a cell of a few words that stay on one line."""
    return Cell(text=text, look="text nowrap")


def drawn_cell(svg: Markup) -> Cell:
    """Return a cell with a drawing, as wide as it needs to be read."""
    return Cell(text="", look="drawn", svg=svg)


def grid(
    code: str,
    caption: str,
    head: Sequence[str | Cell],
    rows: Iterable[Sequence[str | Cell] | Row],
    *,
    note: str = "",
    look: str = "",
) -> Grid:
    """Return a table from plain texts: the first column holds words, the others numbers.

    Examples
    --------
    >>> table = grid("a", "A", ["Area", "Index"], [["1", "97,2"]])
    >>> table.rows[0].cells[1]
    Cell(text='97,2', note='', look='', svg=None, href='')
    """
    body = tuple(row if isinstance(row, Row) else Row(cells=_cells(row)) for row in rows)
    return Grid(code=code, caption=caption, head=_cells(head), rows=body, note=note, look=look)


def row_of(cells: Sequence[str | Cell], *, look: str) -> Row:
    """Return a row from plain texts; ``total`` is the look of the city's and of a sum."""
    return Row(cells=_cells(cells), look=look)


def _cells(row: Sequence[str | Cell]) -> tuple[Cell, ...]:
    return tuple(
        each if isinstance(each, Cell) else Cell(text=each, look="" if place else "text")
        for place, each in enumerate(row)
    )
