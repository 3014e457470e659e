"""Where high and low figures lie beside each other: Moran's I and Getis and Ord's Gi*."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.frames import Floats


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
