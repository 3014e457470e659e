"""What may be published of access: tables of the run's areas and of smaller ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.access.settings import SITED, UNREACHED
from geolyft.action.stages.platser_forslag import CHAPTER
from geolyft.action.stages.platser_forslag import CODE as SITES
from geolyft.action.stages.tillganglighet import CODE
from geolyft.disclosure.own_rules.summaries import protect_summaries
from geolyft.export.words import load_words
from geolyft.frames import CHILDREN, CITY, POPULATION, RESIDUAL, combine_status
from geolyft.join.area_lookup import first_positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geolyft.action.access.settings import AccessSettings
    from geolyft.action.siting.solve import Sites
    from geolyft.indicators.catalogue import Language
    from geolyft.pipeline.access.counted import Counted, Ways
    from geolyft.run_file.config import Config

STEPS: Final = {"median": 50.0, "places": 0.1, "shared": 1.0}
"""What is rounded to what, where the users are persons that nobody has protected."""


def table_names(config: Config) -> list[str]:
    """Return what the table, and the layer, of each kind of place is called: the first is plain."""
    codes = [each.code for each in config.access]
    return [CODE, *(f"{CODE}_{code}" for code in codes[1:])][: len(codes)]


def access_tables(
    config: Config, counted: Counted, observations: Sequence[pd.DataFrame]
) -> list[dict[str, pd.DataFrame]]:
    """Return by level the table of each kind of place."""
    return [
        {
            name: _table(config, ways, level, seen)
            for name, ways in zip(table_names(config), counted.ways, strict=True)
        }
        for level, seen in enumerate(observations)
    ]


def _table(config: Config, ways: Ways, level: int, seen: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each area and the city."""
    said = ways.said
    rows = seen[(seen["indicator"] == said.code) & (seen["area"] != RESIDUAL)].set_index("area")
    summaries = protect_summaries(
        ways.summaries[level], STEPS, config.protection, exempt=not said.is_open
    ).reindex(rows.index)
    synthetic = "synthetic" if config.run.synthetic else ""
    table = pd.DataFrame(
        {
            "period": rows["period"],
            "typ": said.code,
            "typ_namn": said.name,
            "vem": said.users.who,
            "grans_m": said.within,
            "langs_nat": said.network is not None,
            "antal": rows["denominator"],
            "andel_inom": rows["value"],
            "antal_utom": rows["denominator"] - rows["numerator"],
            "median_m": summaries["median"].round(0),
            "median_minuter": _minutes(summaries["median"], said),
            "antal_inom_avstand": summaries["places"],
            "tvastegs": summaries["shared"] if said.places.capacity else float("nan"),
        }
    )
    lost = seen[seen["indicator"] == UNREACHED.format(code=said.code)].set_index("area")
    table["antal_nas_inte"] = lost["numerator"].reindex(table.index)
    table["status"] = [combine_status(each, synthetic) for each in rows["status"]]
    return table.rename_axis("area").reset_index()


def sites_table(
    config: Config,
    counted: Counted,
    seen: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    people: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Return the new places of every kind, with what they change, or no table.

    Parameters
    ----------
    seen
        What is published of access on the run's own areas.
    people
        Residents and children, as published.
    """
    made = [_sites(each, seen, areas, people, config) for each in counted.ways if each.sited]
    return {SITES: pd.concat(made, ignore_index=True)} if made else {}


def _sites(
    ways: Ways,
    seen: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    people: pd.DataFrame,
    config: Config,
) -> pd.DataFrame:
    said, sited, lang = ways.said, ways.sited, config.run.lang
    if sited is None or said.siting is None:
        return pd.DataFrame()
    x, y = sited.xy.T
    position = first_positions(areas.geometry.to_numpy(), x.copy(), y.copy())
    area = [str(areas.index[each]) if each >= 0 else "" for each in position]
    by_code = seen.set_index(["indicator", "area"])
    latest = people[people["period"] == config.run.periods[-1]].set_index("area")
    share = 100 * latest[CHILDREN] / latest[POPULATION]
    within = by_code.loc[said.code]["value"]
    ties = str(len(sited.sites.ties))
    goal = {"distance": "kortast väg", "covered": "flest inom gränsen"}[said.siting.goal]
    table = pd.DataFrame(
        {
            "typ": said.code,
            "typ_namn": said.name,
            f"{config.areas.word}_kod": area,
            "nummer": range(1, len(x) + 1),
            "x": x.round(1),
            "y": y.round(1),
            "mal": goal,
            "hur_sakert": _how_surely(sited.sites, lang),
            "lika_bra": ties if sited.sites.is_whole else CHAPTER.say(lang, "at_least", n=ties),
            "andel_fore": within[CITY],
            "nya_inom": by_code.loc[(SITED.format(code=said.code), CITY), "numerator"],
            "barn_andel": share.reindex(area).astype("float64").to_numpy(),
            "andel_omrade": within.reindex(area).to_numpy(),
        }
    )
    english = {} if lang == "sv" else CHAPTER.columns.english(SITES, {})
    return table.replace({column: dict(words) for column, words in english.items()})


def _how_surely(sites: Sites, lang: Language) -> str:
    """Say that a choice is proven, or how far it may be from the best."""
    if sites.is_proven:
        return CHAPTER.say(lang, "proven")
    return CHAPTER.say(lang, "found", gap=load_words(lang).number(100 * sites.gap, decimals=1))


def _minutes(metres: pd.Series[float], said: AccessSettings) -> pd.Series[float]:
    """Return minutes on foot, where somebody has said how fast that is."""
    if said.walk_kmh is None:
        return metres * float("nan")
    return metres / (said.walk_kmh * 1000 / 60)
