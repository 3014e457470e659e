"""The figures that a run holds its index against: read, matched with the areas, and made tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geolyft.divisions.areas import load_areas
from geolyft.errors import JoinError, brief
from geolyft.findings.against import hold_against
from geolyft.findings.stages.samband import CHAPTER, CODE
from geolyft.frames import CITY
from geolyft.pipeline.access.exposed import exposed_names
from geolyft.pipeline.access.publish import table_names
from geolyft.read import read_table
from geolyft.read.delivery import sha256
from geolyft.read.understand.files import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from geolyft.findings.against import AgainstSettings
    from geolyft.run_file.config import Config


@dataclass(frozen=True, kw_only=True)
class OfLevel:
    """Figures by area, and the name of the level that they are of; empty for the run's areas."""

    figures: pd.Series[float]
    level: str


def against_files(config: Config) -> list[Path]:
    """Return the files of figures that a run names, each once."""
    return list(dict.fromkeys(config.path(each.file) for each in config.against if each.file))


def read_against(config: Config, areas: gpd.GeoDataFrame) -> dict[str, OfLevel]:
    """Read the figures of files, by the code of each, with the level whose codes the file has.

    Raises
    ------
    GeolyftError
        ``join-unknown``, ``join-duplicate``, or when a file cannot be read.
    """
    return {each.code: _values(config, each, areas) for each in config.against if each.file}


def against_inputs(config: Config, read: Mapping[str, OfLevel]) -> list[dict[str, object]]:
    """Return what the files are, as the manifest has it of every input."""
    return [
        {
            "source": said.name,
            "period": config.run.periods[-1],
            "path": config.path(said.file).name,
            "kind": kind_of(config.path(said.file)),
            "rows": len(read[said.code].figures),
            "sha256": sha256(config.path(said.file)),
        }
        for said in config.against
        if said.file
    ]


def against_tables(
    config: Config,
    read: Mapping[str, OfLevel],
    index: pd.DataFrame,
    users: Mapping[str, pd.DataFrame],
    *,
    level: str = "",
) -> dict[str, pd.DataFrame]:
    """Return the table of each figure that a level has: the first is called without its code.

    Parameters
    ----------
    index
        The level's table of the index.
    users
        The tables of places and rasters on the level.
    level
        The name of a level of small areas; by default the run's own areas.
    """
    latest = index[index["period"] == config.run.periods[-1]]
    codes = [str(code) for code in latest["area"] if code != CITY]
    made = {}
    for n, said in enumerate(config.against):
        if said.file and read[said.code].level != level:
            continue
        values = read[said.code].figures if said.file else _of_users(config, said, users)
        table = hold_against(said, values, latest, areas=codes, tested=not level)
        if config.run.lang != "sv":
            english = CHAPTER.columns.english(CODE, {})
            table = table.replace({name: dict(words) for name, words in english.items()})
        made[f"{CODE}_{said.code}" if n else CODE] = table
    return made


def _of_users(
    config: Config, said: AgainstSettings, users: Mapping[str, pd.DataFrame]
) -> pd.Series[float]:
    """Return the share within the limit of a kind of place, or above that of a raster."""
    if said.exposure is not None:
        codes, names = (each.code for each in config.exposure), exposed_names(config)
        code, column = said.exposure, "andel_over"
    else:
        codes, names = (each.code for each in config.access), table_names(config)
        code, column = said.access or "", "andel_inom"
    table = users[dict(zip(codes, names, strict=True))[code]]
    return table.set_index("area")[column].astype("float64")


def _values(config: Config, said: AgainstSettings, areas: gpd.GeoDataFrame) -> OfLevel:
    """Return a file's figure by area; areas without a row have none."""
    file, area, column = config.path(said.file or ""), said.area or "", said.column or ""
    table = read_table(file, numbers=[column], columns=[area, column], sheet=said.sheet)
    values = table.frame.set_index(area)[column].astype("float64")
    if twice := sorted({str(each) for each in values.index[values.index.duplicated()]}):
        what = f"column {brief(area)} has {len(twice)} areas twice, such as {brief(twice[0])}"
        raise JoinError("join-duplicate", what, remedy="keep one row an area", where=file.name)
    named = {*map(str, values.index)} - {CITY}
    for level, known in _codes(config, areas).items():
        if named <= known:
            return OfLevel(figures=values, level=level)
    unknown = sorted(named - {*map(str, areas.index)})
    what = f"column {brief(area)} has {len(unknown)} codes that are no areas of the run"
    what += f", such as {brief(unknown[0])}"
    remedy = "use the codes of the run's areas or of one [[inside]], and leave other rows out"
    raise JoinError("join-unknown", what, remedy=remedy, where=file.name)


def _codes(config: Config, areas: gpd.GeoDataFrame) -> dict[str, set[str]]:
    """Return the codes of the run's areas, and of the small areas that it does not merge."""
    small = (each.division for each in config.inside if not each.group)
    return {"": {*map(str, areas.index)}} | {
        each: {*map(str, load_areas(each).index)} for each in small
    }
