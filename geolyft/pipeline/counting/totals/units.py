"""Whether a column of shares holds fractions or per cents: what can be both is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.errors import ConfigError, ReadError, brief
from geolyft.indicators.selection import selected

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.pipeline.counting.ledger import Edition
    from geolyft.pipeline.counting.totals.rows import Picked
    from geolyft.read import Understood

_APART: Final = 5
"""So many times the largest of the low ones is the smallest of the others, where two units meet."""
_NEAR: Final = 2
"""So far beyond the others, as a factor, the low ones may lie as fractions."""
_WHOLE: Final = 1.00000001


def refuse_unclear_units(picked: Picked, understood: Understood, edition: Edition) -> None:
    """Refuse a column of shares that can be read in two units, unless file or run says which.

    Raises
    ------
    ConfigError
        ``run-unit``.
    ReadError
        ``read-unit-contradiction`` where file and run say two things.
    """
    where = edition.path.name
    _refuse_counts_in_per_cent(understood, edition)
    for n, measure in enumerate(edition.source.measures):
        if measure.share is None:
            continue
        if measure.share in understood.per_cent:
            if measure.unit == "fraction":
                what = f"column {brief(measure.share)} says per cent, and unit says fraction"
                raise ReadError("read-unit-contradiction", what, remedy="leave unit out",
                                where=where)  # fmt: skip
            continue
        shares = picked.blocks[str(n)][measure.share]
        above = shares[shares > _WHOLE]
        if measure.unit == "fraction" and len(above):
            what = f"is declared as fractions, and {len(above)} are above 1{_first(above)}"
            raise _refusal(measure.share, what, "correct the file, or the unit", where)
        what = unclear(shares) if measure.unit is None else ""
        if what:
            remedy = 'say unit = "fraction" or unit = "per cent" of the measure'
            raise _refusal(measure.share, what, remedy, where)


def _refuse_counts_in_per_cent(understood: Understood, edition: Edition) -> None:
    source = edition.source
    counts = [each for m in source.measures for each in m.totals if str(each) != m.share]
    columns = {selected(each).column for each in (*counts, *source.people.values())}
    wrong = sorted(columns.intersection(understood.per_cent))
    if wrong:
        what = "says per cent, and persons are to be read of it"
        remedy = "name the column of counts, or give this one as share with its denominator"
        raise _refusal(wrong[0], what, remedy, edition.path.name)


def unclear(shares: pd.Series) -> str:
    """Return why shares can be fractions as well as per cents, or nothing.

    All of them up to 1 can. So can some up to 1 that lie far below the others, and would lie among
    them as fractions; low per cents, which go over into higher ones, cannot.

    Examples
    --------
    >>> import pandas as pd
    >>> unclear(pd.Series([0.1, 0.2]))
    'has no share above 1'
    >>> unclear(pd.Series([0.7, 75.0], index=["A", "B"]))
    "has 1 of 2 shares up to 1 that would be like the others as fractions, first of 'A'"
    >>> unclear(pd.Series([0.4, 0.9, 1.8, 15.0])) or unclear(pd.Series([0.7, 15.0]))
    ''
    """
    known = shares[shares > 0]
    low, high = known[known <= 1], known[known > 1]
    if low.empty:
        return ""
    if high.empty:
        return "has no share above 1"
    apart = high.min() >= _APART * low.max()
    alike = 100 * low.min() * _NEAR >= high.min() and 100 * low.max() <= _NEAR * high.max()
    if not (apart and alike):
        return ""
    count = f"{len(low)} of {len(known)} shares"
    return f"has {count} up to 1 that would be like the others as fractions{_first(low)}"


def _first(shares: pd.Series) -> str:
    return f", first of {brief(shares.index[0])}"


def _refusal(column: str, what: str, remedy: str, where: str) -> ConfigError:
    return ConfigError("run-unit", f"column {brief(column)} {what}", remedy=remedy, where=where)
