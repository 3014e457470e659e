"""What a run says of efforts: its register, read before anything is counted, and their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.action.efforts.gazetteer import gazetteer
from geolyft.action.efforts.register import no_register, read_register
from geolyft.action.known import Known
from geolyft.action.settings import EffortsSettings
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
    """Return the tables of action that the run file asks for, by name.

    Raises
    ------
    GeolyftError
        ``allocation-rules`` or ``allocation-weights``.
    """
    known = Known(
        register=register or no_register(),
        places=gazetteer(areas, division=config.areas.division),
        settings=config.efforts or EffortsSettings(file=""),
        catalogue=scored.catalogue,
        tables=tables,
        observations=scored.observations,
        index=scored.index,
        people=scored.people,
        period=config.run.periods[-1],
        level=config.areas.word,
    )
    declared, codes = columns(), scored.catalogue.column_codes
    asked = {stage: getattr(config, stage.setting) for stage in STAGES}
    made = {stage.code: stage.compute(known, said) for stage, said in asked.items() if said}
    in_words = {code: _in_language(table, code, config, codes) for code, table in made.items()}
    return {
        code: table[declared.names(code, codes, level=known.level)].reset_index(drop=True)
        for code, table in in_words.items()
        if len(table)
    }


def _in_language(
    table: pd.DataFrame, code: str, config: Config, codes: Mapping[str, tuple[str, ...]]
) -> pd.DataFrame:
    """Return a table whose own words are in the run's language."""
    if config.run.lang == "sv":
        return table
    words = columns().english(code, codes)
    said = {name: table[name].replace(dict(words)) for name, words in words.items()}
    return table.assign(**said)
