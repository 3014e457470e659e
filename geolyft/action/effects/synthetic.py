"""A synthetic control: the mix of other areas that moved as the chosen ones did before.

Outcomes alone, and weights that are shares: with covariates the weights hang on a search that
moves when an area of weight 0 is left out. Levels are taken off, so that an area that stands lower
than all others still has a control: it is compared in how it moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.action.effects.permutation import every_set, p_of
from geolyft.late import scipy

if TYPE_CHECKING:
    from geolyft.frames import Floats

_EVEN: Final = 1e-4
"""How much evenness counts beside the fit; among mixes that fit as well there is then one."""


def simplex_weights(target: Floats, donors: Floats) -> Floats:
    """Return the shares of donors whose mix is nearest to a target.

    Parameters
    ----------
    target
        A figure for each year before.
    donors
        A row for each of those years, a column for each donor.

    Returns
    -------
    array
        At least 0, sum 1. Several mixes may fit as well: the most even of them.

    Notes
    -----
    With columns z = donor - target the nearest mix is the point of their hull nearest to 0. Least
    squares of (Z u, sum u) to (0, 1) under u >= 0 has it in its direction: for u = s w the best s
    leaves q / (1 + q), q = |Z w|^2, which falls with q. So one non-negative least squares finds it.

    Examples
    --------
    >>> donors = np.array([[0.0, 4.0], [0.0, 4.0]])
    >>> simplex_weights(np.array([1.0, 1.0]), donors).round(3).tolist()
    [0.75, 0.25]
    """
    apart = donors - target[:, None]
    scale = float(np.abs(apart).max()) or 1.0
    n = donors.shape[1]
    rows = np.vstack([apart / scale, _EVEN * np.eye(n), np.ones((1, n))])
    aim = np.zeros(len(rows))
    aim[-1] = 1.0
    found, _ = scipy("optimize").nnls(rows, aim)
    weights: Floats = found / found.sum()
    return weights


def gap(before: Floats, after: Floats, chosen: list[int]) -> tuple[float, Floats]:
    """Return how much further chosen areas moved than their control, and the control's weights.

    Parameters
    ----------
    before, after
        A row for each year, a column for each area.
    chosen
        Columns; the others are donors.

    Returns
    -------
    tuple
        The gap in the figures' unit, and a weight for each area, 0 for the chosen.
    """
    others = [n for n in range(before.shape[1]) if n not in set(chosen)]
    moved_before, moved_after = before - before.mean(axis=0), after - before.mean(axis=0)
    weights = simplex_weights(moved_before[:, chosen].mean(axis=1), moved_before[:, others])
    control = float((moved_after[:, others] @ weights).mean())
    placed = np.zeros(before.shape[1])
    placed[others] = weights
    return float(moved_after[:, chosen].mean()) - control, placed


def p_of_gap(before: Floats, after: Floats, own: float, *, chosen: int, most: int) -> float:
    """Return the share of all sets of areas whose gap is at least as far from 0; ties count.

    Parameters
    ----------
    most
        Of more sets than this nothing is said: each has a control of its own to be found.
    """
    sets = every_set(before.shape[1], chosen)
    if len(sets) > most:
        return float("nan")
    gaps = np.array([gap(before, after, each.tolist())[0] for each in sets])
    return p_of(gaps, own)
