"""What a place can take, shared by those who reach it: the two-step floating catchment area.

Luo, W. and Wang, F. (2003). Measures of spatial accessibility to health care in a GIS environment:
synthesis and a case study in the Chicago region. Environment and Planning B 30, 865-884. There is
no decay with distance: one made for minutes and given metres is 0 for all, and nothing says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geolyft.action.access.reached import sums

if TYPE_CHECKING:
    from geolyft.action.access.reached import Reached
    from geolyft.frames import Floats


@dataclass(frozen=True, kw_only=True, repr=False)
class Shared:
    """Capacity shared by users.

    Parameters
    ----------
    per_user
        What falls to each user: 0 for one who reaches no place.
    unused
        The capacity of places that nobody reaches. Weights times `per_user`, and this, sum to the
        whole capacity.
    """

    per_user: Floats
    unused: float


def two_step(reached: Reached, weights: Floats, capacity: Floats) -> Shared:
    """Return each user's part of the capacity within reach.

    Parameters
    ----------
    reached
        Users against places within the limit.
    weights
        How many persons (or addresses) each user stands for.
    capacity
        What each place can take, in its own unit.

    Examples
    --------
    >>> from geolyft.action.access.reached import straight
    >>> reached = straight(np.array([[0.0, 0], [9, 9]]), np.array([[3.0, 4], [99, 99]]), limit=5)
    >>> shared = two_step(reached, np.array([4.0, 1.0]), np.array([20.0, 7.0]))
    >>> shared.per_user.tolist(), shared.unused
    ([5.0, 0.0], 7.0)
    """
    asking = sums(reached.place, weights[reached.user], reached.places)
    is_used = asking > 0
    ratio = np.divide(capacity, asking, out=np.zeros(reached.places), where=is_used)
    per_user = sums(reached.user, ratio[reached.place], reached.users)
    return Shared(per_user=per_user, unused=float(capacity[~is_used].sum()))
