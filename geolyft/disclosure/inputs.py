"""What may be said of a file nobody has protected: no hash, and no exact number of its rows."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from geolyft.disclosure.protect import Protection, round_counts
from geolyft.errors import unprotected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

_ASIDE: Final = ("footer_rows", "blank_rows", "hidden_rows", "dropped_rows")
"""Rows that say how a file is laid out. That there are none says nothing of persons."""


def published_input(
    record: Mapping[str, Any], protection: Protection, *, persons: bool
) -> dict[str, object]:
    """Return what is known of an input as it may be published.

    Parameters
    ----------
    persons
        Whether its rows are persons.

    Examples
    --------
    >>> seen = {"rows": 1003, "sha256": "0", "marks": {"..": 2},
    ...         "placed": {"total": 1003, "placed": 993, "outside": 10, "unplaced": 0}}
    >>> published_input(seen, Protection(), persons=True)["placed"]
    {'total': 1005, 'placed': 995, 'outside': None, 'unplaced': None}
    """
    # Beside path, rows and columns the hash of a small table is found by search.
    known = {name: value for name, value in record.items() if name != "sha256"}
    if not persons:
        return known
    placed = dict(record["placed"])
    whole = placed.pop("total")
    marks = [mark for mark, n in record.get("marks", {}).items() if n >= protection.threshold]
    aside = {name: record[name] for name in _ASIDE if record.get(name)}
    return {
        **known,
        "rows": _count(record["rows"], protection),
        **{name: _count(n, protection) for name, n in aside.items()},
        "placed": {"total": _count(whole, protection), **published_parts(placed, protection)},
        "marks": sorted(marks),
    }


def published_parts(parts: Mapping[str, int], protection: Protection) -> dict[str, int | None]:
    """Return numbers of persons that sum to a published one: a hidden one is never alone.

    Examples
    --------
    >>> published_parts({"a": 4, "b": 40, "c": 400}, Protection())
    {'a': None, 'b': None, 'c': 400}
    """
    counts = {name: _count(number, protection) for name, number in parts.items()}
    few = [name for name, count in counts.items() if count is None]
    if len(few) > 1:
        return dict.fromkeys(parts)
    # By what is published, so that nothing else decides.
    others = sorted((count, name) for name, count in counts.items() if count is not None)
    second = [name for _, name in others[: len(few)]]
    return {name: None if name in second else count for name, count in counts.items()}


def said_count(number: int, protection: Protection) -> str:
    """Say a number of persons in a message as it may be published.

    Examples
    --------
    >>> [said_count(number, Protection()) for number in (8, 19_897)]
    ['fewer than 10', 'about 19895']
    """
    published = _count(number, protection)
    return f"fewer than {protection.threshold}" if published is None else f"about {published}"


def unsaid(protection: Protection | None) -> AbstractContextManager[None]:
    """While it lasts, messages say no more of a file's rows than `said_count`; or all, with none.

    Examples
    --------
    >>> from geolyft.errors import count
    >>> with unsaid(Protection()):
    ...     count(8)
    'fewer than 10'
    """
    if protection is None:
        return nullcontext()
    return unprotected(partial(said_count, protection=protection))


def _count(number: float, protection: Protection) -> int | None:
    """Return one number as `geolyft.disclosure.protect.protect_counts` does many."""
    if number < protection.threshold:
        return None
    return int(round_counts(float(number), protection.base))
