"""Events on areas, types and hours: one table with all its sums, protected and audited as one.

An attacker with the table knows every shown count within its rounding, that what was hidden for
its own sake is below the threshold (and which counts these are, which the table does not say), and
that parts sum to their totals. Linear programmes find the least and the most that each small count
can then be; where that is too narrow, more is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.protect import check_protection, round_counts
from geolyft.disclosure.raw import Raw, opened
from geolyft.errors import DisclosureError
from geolyft.frames import CITY, EVERYONE, RESIDUAL
from geolyft.late import scipy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geolyft.disclosure.protect import Protection
    from geolyft.frames import Floats

    Bools = NDArray[np.bool_]

EVENT_KEY: Final = ["area", "period", "kind", "band"]
_ROUNDS: Final = 200
_TRIES: Final = 24
_OPTIMAL: Final = 0
_SLACK: Final = 1e-6


def publish_events(
    counted: Raw[pd.DataFrame],
    protection: Protection,
    *,
    areas: Sequence[str],
    protected_by: str = "",
) -> pd.DataFrame:
    """Return counts of events that may be published, given that all of them are.

    Parameters
    ----------
    counted
        ``area, period, kind, band, count``; areas that are none of `areas` are the residual.
    protected_by
        Who has already protected the counts; without it geolyft does.

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
        cube = _cube(rows, [*areas, RESIDUAL], kinds, bands)
        shown = cube.astype(float) if protected_by else _shown(cube, protection)
        places = product([*areas, RESIDUAL, CITY], [*kinds, EVERYONE], [*bands, EVERYONE])
        frame = pd.DataFrame(list(places), columns=["area", "kind", "band"])
        made.append(frame.assign(period=period, count=shown.ravel()))
    every = pd.concat(made) if made else pd.DataFrame(columns=[*EVENT_KEY, "count"])
    every = every[every["area"] != RESIDUAL].reset_index(drop=True)
    status = every["count"].isna().map({True: "hidden", False: "ok"}).astype("str")
    return every.assign(status=status)[[*EVENT_KEY, "count", "status"]]


def _cube(
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


def _shown(cube: NDArray[np.int64], rule: Protection) -> Floats:
    """Return the counts as they are shown: missing where they, or what they give away, are few."""
    few = cube < rule.threshold
    hidden = few.copy()
    hidden[-2] = True  # the residual is nowhere shown
    rounded = round_counts(pd.Series(cube.ravel().astype(float)), rule.base)
    counts: Floats = np.asarray(rounded, dtype=np.float64).reshape(cube.shape)
    lines = _lines(cube.shape)
    for _ in range(_ROUNDS):
        narrow = _Attack(counts, few, hidden, rule, lines).narrow()
        if not narrow.any():
            return np.where(hidden, np.nan, counts)
        hidden = _more(counts, hidden, narrow, lines)
    what = f"{int(narrow.sum())} small counts of events could be worked out"
    raise DisclosureError("audit-unsafe", what, remedy="take fewer types, or larger areas")


def _lines(shape: tuple[int, ...]) -> list[NDArray[np.int64]]:
    """Return the cells of each sum, the total last."""
    numbers = np.arange(int(np.prod(shape))).reshape(shape)
    return [line for axis in range(3) for line in np.moveaxis(numbers, axis, -1).reshape(
        -1, shape[axis])]  # fmt: skip


def _more(counts: Floats, hidden: Bools, narrow: Bools, lines: list[NDArray[np.int64]]) -> Bools:
    """Hide, in each sum that a narrow cell is in, the smallest count that is still shown."""
    flat, more = counts.ravel(), hidden.ravel().copy()
    of = narrow.ravel()
    for line in lines:
        shown = line[~hidden.ravel()[line]]
        if of[line].any() and len(shown):
            more[shown[np.argmin(flat[shown])]] = True
    if (more == hidden.ravel()).all():
        what = "small counts of events could be worked out, and nothing more can be hidden"
        raise DisclosureError("audit-unsafe", what, remedy="take fewer types, or larger areas")
    return more.reshape(hidden.shape)


@dataclass(frozen=True)
class _Attack:
    """What an attacker finds out about counts that are hidden because they are few."""

    counts: Floats
    few: Bools
    hidden: Bools
    rule: Protection
    lines: list[NDArray[np.int64]]

    def narrow(self) -> Bools:
        """Say which small counts are known within less than the asked width."""
        few = np.flatnonzero(self.few)
        least, most = (np.full(self.counts.size, each) for each in (np.inf, -np.inf))

        def look(aim: Floats) -> None:
            found = self._solved(aim)
            np.minimum(least, found, out=least)
            np.maximum(most, found, out=most)

        rng = np.random.default_rng(0)
        for _ in range(_TRIES):
            aim = np.zeros(self.counts.size)
            aim[few] = rng.choice([-1.0, 1.0], len(few))
            look(aim)
        # Two solutions that are far enough apart prove a cell safe; the others are asked for.
        for cell in few:
            for sign in (1.0, -1.0):
                if most[cell] - least[cell] < self.rule.asked_width - _SLACK:
                    aim = np.zeros(self.counts.size)
                    aim[cell] = sign
                    look(aim)
        wide = most - least >= self.rule.asked_width - _SLACK
        found: Bools = self.few & ~wide.reshape(self.few.shape)
        return found

    def _solved(self, aim: Floats) -> Floats:
        best = scipy("optimize").linprog(
            aim,
            A_eq=self._sums,
            b_eq=np.zeros(len(self.lines)),
            bounds=self._bounds,
            method="highs",
        )
        if best.status != _OPTIMAL:
            what = "published counts of events contradict one another"
            raise DisclosureError("audit-infeasible", what, remedy="report it: this is a fault")
        found: Floats = best.x
        return found

    @cached_property
    def _sums(self) -> Any:  # noqa: ANN401 - scipy has no types
        rows = np.concatenate([np.full(len(line), n) for n, line in enumerate(self.lines)])
        signs = np.concatenate([[*np.ones(len(line) - 1), -1.0] for line in self.lines])
        where, shape = (rows, np.concatenate(self.lines)), (len(self.lines), self.counts.size)
        return scipy("sparse").coo_array((signs, where), shape=shape).tocsc()

    @cached_property
    def _bounds(self) -> Floats:
        """Return what is known of each count by itself."""
        threshold, base = self.rule.threshold, self.rule.base
        low = np.maximum(self.counts - base // 2, threshold)
        high = self.counts + (base - 1) // 2
        low, high = np.where(self.hidden, 0, low), np.where(self.hidden, 1e6, high)
        low, high = np.where(self.few, 0, low), np.where(self.few, threshold - 1, high)
        return np.column_stack([low.ravel(), high.ravel()])
