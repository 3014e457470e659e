"""The first step: what a run is to make, and all that it reads before anything is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from geolyft.pipeline.around.beside import read_beside
from geolyft.pipeline.around.effects import check_kept
from geolyft.pipeline.counting.gather import editions
from geolyft.pipeline.counting.totals.closing import with_estimated_noise
from geolyft.pipeline.earlier import read_earlier, whole_run
from geolyft.pipeline.levels import levels_of, read_areas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from geolyft.indicators.catalogue import Catalogue
    from geolyft.pipeline.around.beside import Beside
    from geolyft.pipeline.counting.ledger import CountedAreas
    from geolyft.pipeline.earlier import Earlier
    from geolyft.run_file.config import Config


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a run is to make, and what it reads beside its sources.

    Parameters
    ----------
    said
        The run file as it stands.
    config
        The same with the noise of its sources, which may have been estimated.
    whole
        The run with the periods that it carries on from an earlier delivery.
    levels
        The run's areas, and small areas inside them.
    """

    said: Config
    config: Config
    whole: Config
    catalogue: Catalogue
    areas: gpd.GeoDataFrame
    levels: Sequence[CountedAreas]
    beside: Beside
    earlier: Earlier | None
    estimates: Sequence[Mapping[str, object]]

    @classmethod
    def read(cls, said: Config) -> Self:
        """Read it: what is refused is refused before anything is counted.

        Raises
        ------
        GeolyftError
            What the readers of each part refuse.
        """
        catalogue = said.catalogue()
        areas = read_areas(said)
        beside = read_beside(said, areas)
        earlier = read_earlier(said, catalogue, areas)
        check_kept(said, beside.plans)
        whole, levels = whole_run(said, earlier), levels_of(said, areas)
        config, estimates = with_estimated_noise(said, list(editions(said)))
        return cls(
            said=said,
            config=config,
            whole=whole,
            catalogue=catalogue,
            areas=areas,
            levels=levels,
            beside=beside,
            earlier=earlier,
            estimates=estimates,
        )
