"""New places of one kind, and what they change for those whom they are for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geolyft.action.access.reached import straight
from geolyft.action.siting.demand import gathered
from geolyft.action.siting.solve import best_sites

if TYPE_CHECKING:
    from geolyft.action.access.settings import SitingSettings
    from geolyft.action.siting.solve import Sites
    from geolyft.frames import Floats


@dataclass(frozen=True, kw_only=True, repr=False)
class Sited:
    """Where new places were put.

    Parameters
    ----------
    xy
        Coordinates in metres, a row each.
    nearest
        Metres from each user to the nearest place, the new ones among them.
    """

    xy: Floats
    sites: Sites
    nearest: Floats


def site(
    said: SitingSettings,
    users: Floats,
    weights: Floats,
    candidates: Floats,
    *,
    places: Floats,
    limit: float,
) -> Sited:
    """Return where new places serve most, beside those that there are, in straight lines.

    The best is proven for users gathered on a grid; what it changes is counted with each of them.
    """
    demand, weighs = gathered(users, weights)
    apart = demand[:, None, :] - candidates[None, :, :]
    sites = best_sites(
        np.hypot(apart[..., 0], apart[..., 1]),
        weighs,
        new=said.new,
        goal=said.goal,
        existing=straight(demand, places, limit=limit).nearest,
        limit=limit,
        seconds=said.seconds,
    )
    chosen = candidates[list(sites.chosen)]
    after = straight(users, np.vstack([places, chosen]), limit=limit).nearest
    return Sited(xy=chosen, sites=sites, nearest=after)
