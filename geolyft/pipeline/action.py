"""What a run says of efforts: its register, read before anything is counted, and their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.action.efforts.gazetteer import gazetteer
from geolyft.action.efforts.register import read_register
from geolyft.action.known import Known
from geolyft.action.stages import STAGES
from geolyft.pipeline.stages import columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from geolyft.action.efforts.register import Register
    from geolyft.pipeline.score import Scored
    from geolyft.run_file.config import Config


def read_efforts(config: Config, areas: gpd.GeoDataFrame) -> Register | None:
    """Read the register a run names, or nothing where it names none.

    Raises
    ------
    FaultsError
        Everything that is wrong with it.
    """
    if config.efforts is None:
        return None
    known = gazetteer(areas, division=config.areas.division)
    file = config.path(config.efforts.file)
    return read_register(file, catalogue=config.catalogue(), known=known)


def act(
    config: Config,
    areas: gpd.GeoDataFrame,
    scored: Scored,
    tables: Mapping[str, pd.DataFrame],
    register: Register | None,
) -> dict[str, pd.DataFrame]:
    """Return the tables of efforts, by name; none without a register."""
    if register is None or config.efforts is None:
        return {}
    known = Known(
        register=register,
        places=gazetteer(areas, division=config.areas.division),
        settings=config.efforts,
        catalogue=scored.catalogue,
        tables=tables,
        index=scored.index,
        people=scored.people,
        period=config.run.periods[-1],
        level=config.areas.word,
    )
    declared, codes = columns(), scored.catalogue.column_codes
    made = {stage.code: stage.compute(known, None) for stage in STAGES}
    return {
        code: table[declared.names(code, codes, level=known.level)].reset_index(drop=True)
        for code, table in made.items()
        if len(table)
    }
