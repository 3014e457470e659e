"""Events on areas, types and hours: one table with all its sums, protected and audited as one.

An attacker with the table knows every shown count within its rounding, and that parts sum to their
totals. One knows besides which of the hidden counts are below the threshold, which the table does
not say; others believe it of all. Where the auditor finds one of them to know too much, more is
hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.auditor.further import cheapest_further
from geolyft.disclosure.auditor.judge import by_bounds, one_by_one
from geolyft.disclosure.auditor.knowledge.bases import rounded_from
from geolyft.disclosure.auditor.knowledge.family import NONE, Family, Sums
from geolyft.disclosure.protect import check_protection, round_counts
from geolyft.disclosure.raw import Raw, opened
from geolyft.errors import DisclosureError
from geolyft.frames import CITY, EVERYONE, RESIDUAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geolyft.disclosure.auditor.judge import Verdict
    from geolyft.disclosure.auditor.knowledge.family import Ints, Truths
    from geolyft.disclosure.protect import Protection
    from geolyft.frames import Floats

EVENT_KEY: Final = ["area", "period", "kind", "band"]
_ROUNDS: Final = 200
_CLOSELY: Final = 2
"""Of those who look inside of areas, for so many programmes are solved."""


@dataclass(frozen=True, kw_only=True)
class EventsBefore:
    """What earlier releases say of a run's events.

    Parameters
    ----------
    hidden
        ``EVENT_KEY`` of the counts that one of them hid.
    is_same
        Whether all of them were of the same events, by their rows, under the same rule: only then
        what is made of finer counts, which no file has, is the same again.
    """

    hidden: pd.DataFrame
    is_same: bool = True


NO_EVENTS_BEFORE: Final = EventsBefore(hidden=pd.DataFrame(columns=EVENT_KEY, dtype="str"))


def publish_events(
    counted: Raw[pd.DataFrame],
    protection: Protection,
    *,
    areas: Sequence[str],
    protected_by: str = "",
    again: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return counts of events that may be published, given that all of them are.

    Parameters
    ----------
    counted
        ``area, period, kind, band, count``; areas that are none of `areas` are the residual.
    protected_by
        Who has already protected the counts; without it geolyft does.
    again
        ``EVENT_KEY`` of counts that an earlier release hid: they are hidden again.

    Returns
    -------
    pandas.DataFrame
        ``EVENT_KEY, count, status``: every area and the city (`CITY`) by every type and band, and
        by ``alla`` of each. Missing where hidden; a period without any event has no rows.

    Raises
    ------
    DisclosureError
        ``protect-threshold``, ``audit-unsafe`` or ``audit-infeasible``.

    Examples
    --------
    >>> from geolyft.disclosure.protect import Protection
    >>> rows = [["1", "2024", "buller", "dag", 43], ["2", "2024", "buller", "dag", 31]]
    >>> raw = Raw(pd.DataFrame(rows, columns=[*EVENT_KEY, "count"]))
    >>> publish_events(raw, Protection(), areas=["1", "2"])["count"].tolist()[:2]
    [45.0, 45.0]
    """
    check_protection(protection, open_sources=0 if protected_by else 1)
    table = opened(counted)
    kinds, bands = (sorted(table[name].unique()) for name in ("kind", "band"))
    made = []
    for period, rows in table.groupby("period"):
        cube = cube_of(rows, [*areas, RESIDUAL], kinds, bands)
        places = product([*areas, RESIDUAL, CITY], [*kinds, EVERYONE], [*bands, EVERYONE])
        frame = pd.DataFrame(list(places), columns=["area", "kind", "band"]).assign(period=period)
        stays = _are_in(frame, again)
        shown = cube.astype(float).ravel()
        if not protected_by:
            shown = table_of(cube, protection, stays).safe(protection).shown
        made.append(frame.assign(count=shown))
    every = pd.concat(made) if made else pd.DataFrame(columns=[*EVENT_KEY, "count"])
    every = every[every["area"] != RESIDUAL].reset_index(drop=True)
    status = every["count"].isna().map({True: "hidden", False: "ok"}).astype("str")
    return every.assign(status=status)[[*EVENT_KEY, "count", "status"]]


def _are_in(frame: pd.DataFrame, again: pd.DataFrame | None) -> Truths:
    if again is None:
        return np.zeros(len(frame), dtype=bool)
    hidden = pd.MultiIndex.from_frame(again[EVENT_KEY])
    return np.asarray(pd.MultiIndex.from_frame(frame[EVENT_KEY]).isin(hidden))


def cube_of(
    rows: pd.DataFrame, areas: Sequence[str], kinds: Sequence[str], bands: Sequence[str]
) -> NDArray[np.int64]:
    """Return the counts by area, type and band, the sum over each last."""
    place = [{code: n for n, code in enumerate(codes)} for codes in (areas, kinds, bands)]
    inner = np.zeros([len(each) for each in place], dtype=np.int64)
    known = rows["area"].where(rows["area"].isin(list(areas)), RESIDUAL)
    at = [each.map(of) for each, of in zip((known, rows["kind"], rows["band"]), place, strict=True)]
    np.add.at(inner, tuple(np.asarray(each, dtype=np.int64) for each in at), rows["count"])
    for axis in range(3):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    return inner


@dataclass(frozen=True, kw_only=True)
class Table:
    """Counts of events with all their sums, and which of them are hidden.

    Parameters
    ----------
    rounded
        By count: what is shown where it is not hidden.
    few
        Whether it is below the threshold.
    nowhere
        Whether no table has it, such as what lies in no area.
    sums, axis
        What sums to what, and along which axis: areas, types, times, or places inside of areas.
    """

    rounded: Floats
    few: Truths
    nowhere: Truths
    hidden: Truths
    sums: Sums
    axis: Ints

    @property
    def shown(self) -> Floats:
        """What is shown, missing where it is hidden."""
        return np.where(self.hidden, np.nan, self.rounded)

    def safe(self, rule: Protection, *, standing: int = 0, along: int | None = None) -> Table:
        """Return the table with so much more hidden that nobody knows a small count.

        Parameters
        ----------
        standing
            So many counts, the first, are published whatever is found.
        along
            An axis that all have looked along who are asked now; by default all are.

        Raises
        ------
        DisclosureError
            ``audit-unsafe`` where hiding more does not help.
        """
        hidden, number = self.hidden.copy(), np.arange(len(self.hidden))
        for _ in range(_ROUNDS):
            known = _known(pd.Series(self.rounded).mask(hidden), self.sums, rule)
            asked = hidden & ~self.nowhere
            views = list(_views(known, self.few, asked, self.axis, along=along))
            verdicts, unsafe = _seen(views, rule.asked_width, closely=len(views) if along is None
                                     else _CLOSELY)  # fmt: skip
            if not any(each.any() for each in unsafe):
                return replace(self, hidden=hidden)
            owner = np.where(hidden | (number < standing), NONE, number)
            chosen = cheapest_further(verdicts, unsafe, [owner] * len(verdicts), self.rounded)
            if not chosen:
                break
            hidden[chosen] = True
        what = "small counts of events could be worked out, and hiding more does not help"
        raise DisclosureError("audit-unsafe", what, remedy="take fewer types, or larger areas")


def table_of(cube: NDArray[np.int64], rule: Protection, again: Truths) -> Table:
    """Return a table in which all is hidden that is few.

    Parameters
    ----------
    cube
        Counts by area, type and time, the sum over each last, and before it what lies in no area.
    again
        What is hidden whatever it is.
    """
    few = (cube < rule.threshold).ravel()
    nowhere = np.zeros(cube.shape, dtype=bool)
    nowhere[-2] = True
    rounded = round_counts(pd.Series(cube.ravel().astype(float)), rule.base)
    sums, axis = _sums(cube.shape)
    return Table(
        rounded=np.asarray(rounded, dtype=np.float64),
        few=few,
        nowhere=nowhere.ravel(),
        hidden=few | nowhere.ravel() | again,
        sums=sums,
        axis=axis,
    )


def _sums(shape: tuple[int, ...]) -> tuple[Sums, Ints]:
    """Return what sums to what, the total of each axis last; and along which axis."""
    numbers = np.arange(int(np.prod(shape)))
    wholes, parts, sizes = [], [], []
    for axis, size in enumerate(shape):
        lines = np.moveaxis(numbers.reshape(shape), axis, -1).reshape(-1, size)
        wholes.append(lines[:, -1])
        parts.append(lines[:, :-1])
        sizes.append(np.full(len(lines), size - 1))
    whole, every = np.concatenate(wholes), np.concatenate(sizes)
    of = np.repeat(np.arange(len(whole)), every)
    axes = np.repeat(np.arange(len(shape)), [len(each) for each in wholes])
    return Sums(whole=whole, of=of, part=np.concatenate([each.ravel() for each in parts])), axes


def _known(shown: pd.Series[float], sums: Sums, rule: Protection) -> Family:
    """Return what each count lies between by itself; nothing is believed yet."""
    low, high = rounded_from(shown, rule)
    size = len(shown)
    nothing = np.zeros(size, dtype=bool)
    return Family(
        low=low,
        high=high,
        sums=sums,
        one=np.arange(size),
        other=np.full(size, NONE),
        hidden=nothing,
        few=nothing,
        threshold=rule.threshold,
        belief=np.full(size, NONE),
        doubt=np.zeros(0, dtype=np.int64),
    )


def _views(
    known: Family, few: Truths, hidden: Truths, axis: Ints, *, along: int | None
) -> Iterator[Family]:
    """Yield the table as who knows which counts are few has it, then as who takes all to be.

    The latter look at all sums, and at those along fewer axes.
    """
    yield replace(known, hidden=few, few=few)
    every = range(int(axis.max()) + 1)
    for size in reversed(every):
        for some in combinations(every, size + 1):
            if along is None or along in some:
                sums = known.sums.only(np.isin(axis, some))
                yield replace(known, sums=sums, hidden=hidden, few=hidden)


def _seen(views: list[Family], width: int, *, closely: int) -> tuple[list[Verdict], list[Truths]]:
    """Return what each sees, by bounds; where these say nothing, programmes are solved too.

    Parameters
    ----------
    closely
        For so many of them, who know or believe most.
    """
    verdicts = [by_bounds(each) for each in views]
    unsafe = [each.narrow(width) for each in verdicts]
    if not any(each.any() for each in unsafe):
        solved = [one_by_one(each, width=width) for each in verdicts[:closely]]
        verdicts = [*solved, *verdicts[closely:]]
        unsafe = [*(each.unsafe(width) for each in solved), *unsafe[closely:]]
    return verdicts, unsafe
