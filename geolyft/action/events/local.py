"""Where high and low figures lie beside each other: Moran's I and Getis and Ord's Gi*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.frames import Floats

DRAWS: Final = 19_999
_SAME: Final = 1e-9


def neighbour_matrix(neighbours: Mapping[str, Sequence[str]], codes: Sequence[str]) -> Floats:
    """Return 1 for each pair of neighbours among the codes, in their order.

    Examples
    --------
    >>> neighbour_matrix({"a": ["b"], "b": ["a"], "c": []}, ["a", "b", "c"]).sum(axis=1).tolist()
    [1.0, 1.0, 0.0]
    """
    place = {code: n for n, code in enumerate(codes)}
    near = np.zeros((len(codes), len(codes)))
    for code in codes:
        for other in neighbours.get(code, ()):
            if other in place:
                near[place[code], place[other]] = 1.0
    return near


def by_row(near: Floats) -> Floats:
    """Return weights that sum to 1 in each row that has any."""
    sums = near.sum(axis=1, keepdims=True)
    weights: Floats = np.divide(near, sums, out=np.zeros_like(near), where=sums > 0)
    return weights


def morans_i(values: Floats, weights: Floats) -> float:
    """Return Moran's I: about -1 / (n - 1) by chance, towards 1 where like lies beside like.

    Examples
    --------
    >>> near = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0.0]])
    >>> round(morans_i(np.array([1.0, 2, 3]), near), 3)
    0.0
    """
    z = values - values.mean()
    return float(len(z) / weights.sum() * (z @ weights @ z) / (z @ z))


def local_moran(values: Floats, near: Floats) -> Floats:
    """Return the local I of each place, by row-standardised weights (Anselin 1995).

    Scaled with n - 1, as esda does it.
    """
    z = values - values.mean()
    local: Floats = (len(z) - 1) * z * (by_row(near) @ z) / (z @ z)
    return local


def gi_star(values: Floats, near: Floats) -> Floats:
    """Return Gi* of each place as a z-score: high where it and its neighbours are high.

    Binary weights, the place itself among its neighbours (Ord and Getis 1995).

    Examples
    --------
    >>> near = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0.0]])
    >>> gi_star(np.array([1.0, 2, 9]), near).round(2).tolist()
    [-1.4, nan, 0.84]
    """
    n, with_own = len(values), near + np.eye(len(values))
    sums, squares = with_own.sum(axis=1), (with_own**2).sum(axis=1)
    spread = np.sqrt((values**2).mean() - values.mean() ** 2)
    below = spread * np.sqrt((n * squares - sums**2) / (n - 1))
    above = with_own @ values - values.mean() * sums
    # A place whose neighbours are all places is like the whole: of it nothing is said.
    scores: Floats = np.divide(above, below, out=np.full(n, np.nan), where=below > 0)
    return scores


def p_of_neighbours(values: Floats, near: Floats, *, draws: int = DRAWS) -> Floats:
    """Return how often chance gives neighbours as far from the rest as each place has.

    The figures of all other places are dealt out anew, the place's own stays (Anselin 1995). Given
    that, Gi* and the local I grow with the same sum, that of the neighbours: one p is of both. It
    is two-sided, and no single high figure makes all places around it surely high.

    Parameters
    ----------
    draws
        How many deals; always the same ones.

    Returns
    -------
    array
        NaN of a place without neighbours.

    Examples
    --------
    >>> near = np.eye(40, k=1) + np.eye(40, k=-1)
    >>> values = np.r_[np.full(5, 9.0), np.arange(35) % 3]
    >>> p_of_neighbours(values, near)[[2, 20]].round(2).tolist()
    [0.01, 0.99]
    """
    n, sums = len(values), near @ values
    most = int(near.sum(axis=1).max(initial=0))
    rng = np.random.default_rng(0)
    others = rng.permuted(np.tile(np.arange(n - 1), (draws, 1)), axis=1)[:, :most]
    p = np.full(n, np.nan)
    for place in np.flatnonzero(near.any(axis=1)):
        rest = np.delete(values, place)
        dealt = rest[others[:, : int(near[place].sum())]].sum(axis=1)
        slack = _SAME * max(1.0, float(np.abs(dealt).max()))
        above, below = (dealt >= sums[place] - slack).sum(), (dealt <= sums[place] + slack).sum()
        p[place] = min(1.0, 2 * (1 + min(above, below)) / (draws + 1))
    return p
