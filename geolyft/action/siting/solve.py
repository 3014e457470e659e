"""The best sites, proven: p-median and maximal covering as whole-number programmes.

Hakimi, S. L. (1964). Optimum locations of switching centers. Operations Research 12, 450-459.
Church, R. and ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional
Science Association 32, 101-118.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from geolyft.errors import JoinError
from geolyft.late import scipy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geolyft.frames import Floats

Goal = Literal["distance", "covered"]
_PROVEN: Final = 1e-6
"""The gap at which a programme's answer is proven the best."""
_MOST_TIES: Final = 20


@dataclass(frozen=True, kw_only=True)
class Sites:
    """Chosen candidates.

    Parameters
    ----------
    chosen
        Their positions, ascending.
    value
        What the goal comes to: metres times weights, or the weight that is covered; of the existing
        places too.
    gap
        How far at most, as a share of the value, the best could be from it; 0 is proven.
    ties
        Every choice that is as good, the chosen one first; not all where `is_whole` is false.
    is_whole
        Whether there was time to find every tie.
    """

    chosen: tuple[int, ...]
    value: float
    gap: float
    ties: tuple[tuple[int, ...], ...]
    is_whole: bool

    @property
    def is_proven(self) -> bool:
        """Whether no other choice is better."""
        return self.gap <= _PROVEN


@dataclass(frozen=True, kw_only=True)
class _Programme:
    """Minimise ``cost`` over candidates (0 or 1, first) and what hangs on them."""

    cost: Floats
    constraints: list[Any]
    upper: Floats
    sites: int
    fixed: float
    sign: int

    def solve(self, cuts: list[Any], seconds: float) -> Any:  # noqa: ANN401 - scipy has no types
        optimize = scipy("optimize")
        whole = np.zeros(len(self.cost))
        whole[: self.sites] = 1
        return optimize.milp(
            self.cost,
            integrality=whole,
            bounds=optimize.Bounds(0, self.upper),
            constraints=[*self.constraints, *cuts],
            options={"mip_rel_gap": 0.0, "time_limit": max(seconds, 1.0)},
        )


def best_sites(
    metres: Floats,
    weights: Floats,
    *,
    new: int,
    goal: Goal = "distance",
    existing: Floats | None = None,
    limit: float = inf,
    seconds: float = 60.0,
) -> Sites:
    """Return where new places serve most.

    Parameters
    ----------
    metres
        From each user, a row, to each candidate; finite.
    weights
        How many each user stands for.
    new
        How many candidates to choose.
    goal
        ``distance``: metres to the nearest place, times weights, are fewest. ``covered``: most have
        a place within the `limit`.
    existing
        Metres from each user to the nearest place that there is already; infinite for none.
    limit
        Metres, itself included; for ``covered``.
    seconds
        How long to search. The best that was found then is returned, with its gap.

    Raises
    ------
    JoinError
        ``siting-candidates`` for fewer candidates than places; ``siting-time`` where nothing was
        found in time.

    Examples
    --------
    >>> users, sites = np.array([0.0, 1, 2, 6, 7, 8, 20]), np.array([1.0, 7, 20, 4])
    >>> metres, weights = abs(users[:, None] - sites), np.array([5.0, 3, 4, 6, 2, 5, 1])
    >>> best_sites(metres, weights, new=2)
    Sites(chosen=(0, 1), value=33.0, gap=0.0, ties=((0, 1),), is_whole=True)
    >>> best_sites(metres, weights, new=2, goal="covered", limit=2).value
    25.0
    """
    n = metres.shape[1]
    if not 0 < new <= n:
        what = f"{new} places cannot be chosen among {n} candidates"
        remedy = "give more candidates, or ask for fewer places"
        raise JoinError("siting-candidates", what, remedy=remedy, where="siting")
    before = np.full(len(metres), inf) if existing is None else existing
    make = _covering if goal == "covered" else _median
    programme = make(metres, weights, before, new, limit)
    until = time.monotonic() + seconds
    first = programme.solve([], seconds)
    if first.x is None:
        remedy = "give it more seconds, or fewer candidates"
        raise JoinError("siting-time", "nothing was found in time", remedy=remedy, where="siting")
    best, chosen = float(first.fun), _chosen(first, n)
    # HiGHS says its gap also of what it stopped at; without a proof there are no ties to find.
    gap = 0.0 if first.status == 0 else float(first.mip_gap)
    ties, whole = [chosen], gap <= _PROVEN
    while whole and len(ties) < _MOST_TIES:
        left = until - time.monotonic()
        more = programme.solve([_not_again(each, len(programme.cost)) for each in ties], left)
        if more.x is None or more.status != 0 or left <= 0:
            whole = more.status == 2  # noqa: PLR2004 - scipy's word for: there is no other choice
            break
        if more.fun > best + 1e-7 * max(1.0, abs(best)):
            break
        ties.append(_chosen(more, n))
    whole &= len(ties) < _MOST_TIES
    value = programme.fixed + programme.sign * best
    return Sites(chosen=chosen, value=value, gap=gap, ties=tuple(ties), is_whole=whole)


def _chosen(found: Any, n: int) -> tuple[int, ...]:  # noqa: ANN401 - scipy has no types
    return tuple(np.flatnonzero(found.x[:n] > 0.5).tolist())  # noqa: PLR2004 - 0 or 1


def _not_again(chosen: tuple[int, ...], size: int) -> Any:  # noqa: ANN401 - scipy has no types
    row = np.zeros((1, size))
    row[0, list(chosen)] = 1
    return scipy("optimize").LinearConstraint(row, -inf, len(chosen) - 1)


def _median(metres: Floats, weights: Floats, before: Floats, new: int, _limit: float) -> _Programme:
    """Return the p-median: each user saves the way to the nearest place that is nearer."""
    n = metres.shape[1]
    # Without a place before, the furthest candidate stands for it: some candidate is chosen.
    now = np.where(np.isfinite(before), before, metres.max(axis=1))
    user, site = np.nonzero((metres < now[:, None]) & (weights > 0)[:, None])
    saved = weights[user] * (now[user] - metres[user, site])
    return _programme(n, new, -saved, site, user, fixed=float(weights @ now), sign=1)


def _covering(
    metres: Floats, weights: Floats, before: Floats, new: int, limit: float
) -> _Programme:
    """Return maximal covering: each user who is not covered yet counts once a place is near."""
    n, covered = metres.shape[1], before <= limit
    user, site = np.nonzero((metres <= limit) & (~covered & (weights > 0))[:, None])
    near = np.unique(user)
    sparse, optimize = scipy("sparse"), scipy("optimize")
    row = np.searchsorted(near, user)
    by_site = sparse.coo_array((np.ones(len(user)), (row, site)), shape=(len(near), n))
    rule = sparse.hstack([-by_site, sparse.eye_array(len(near))]).tocsr()
    rules = [optimize.LinearConstraint(rule, -inf, 0)] if len(near) else []
    cost = np.concatenate([np.zeros(n), -weights[near]])
    fixed = float(weights[covered].sum())
    return _Programme(
        cost=cost,
        constraints=[_so_many(n, new, len(cost)), *rules],
        upper=np.ones(len(cost)),
        sites=n,
        fixed=fixed,
        sign=-1,
    )


def _programme(
    n: int,
    new: int,
    cost: Floats,
    site: NDArray[np.intp],
    user: NDArray[np.intp],
    *,
    fixed: float,
    sign: int,
) -> _Programme:
    """Return a programme of users that go to at most one site each, and to chosen ones alone."""
    sparse, optimize = scipy("sparse"), scipy("optimize")
    pairs, each = len(cost), np.arange(len(cost))
    ones = np.ones(pairs)
    goes = sparse.coo_array((ones, (each, n + each)), shape=(pairs, n + pairs))
    chosen = sparse.coo_array((ones, (each, site)), shape=(pairs, n + pairs))
    _, row = np.unique(user, return_inverse=True)
    shape = (int(row.max(initial=-1)) + 1, n + pairs)
    once = sparse.coo_array((ones, (row, n + each)), shape=shape)
    rules = [
        optimize.LinearConstraint((goes - chosen).tocsr(), -inf, 0),
        optimize.LinearConstraint(once.tocsr(), -inf, 1),
    ]
    return _Programme(
        cost=np.concatenate([np.zeros(n), cost]),
        constraints=[_so_many(n, new, n + pairs), *(rules if pairs else [])],
        upper=np.ones(n + pairs),
        sites=n,
        fixed=fixed,
        sign=sign,
    )


def _so_many(n: int, new: int, size: int) -> Any:  # noqa: ANN401 - scipy has no types
    row = np.zeros((1, size))
    row[0, :n] = 1
    return scipy("optimize").LinearConstraint(row, new, new)
