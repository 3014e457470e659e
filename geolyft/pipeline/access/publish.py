"""What may be published of access: tables of the run's areas and of smaller ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.disclosure.summaries import protect_summaries
from geolyft.frames import CITY, RESIDUAL, combine_status
from geolyft.pipeline.access.count import UNREACHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.action.access.settings import AccessSettings
    from geolyft.disclosure.door import Published
    from geolyft.pipeline.access.count import Counted, Ways
    from geolyft.run_file.config import Config

TABLE: Final = "tillganglighet"
STEPS: Final = {"median": 50.0, "places": 0.1, "shared": 1.0}
"""What is rounded to what, where the users are persons that nobody has protected."""


def table_names(config: Config) -> list[str]:
    """Return what the table, and the layer, of each kind of place is called: the first is plain."""
    codes = [each.code for each in config.access]
    return [TABLE, *(f"{TABLE}_{code}" for code in codes[1:])][: len(codes)]


def parted(
    config: Config, published: Sequence[Published]
) -> tuple[list[Published], list[pd.DataFrame]]:
    """Return what is published of the sources, and by level what is of access."""
    names = {each.source for each in config.access}
    own = [each.observations["source"].isin(names) for each in published]
    rest = [
        replace(each, observations=each.observations[~is_own].reset_index(drop=True))
        for each, is_own in zip(published, own, strict=True)
    ]
    of_access = [e.observations[is_own] for e, is_own in zip(published, own, strict=True)]
    return rest, of_access


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
            "antal_nas_inte": float("nan"),
            "status": [combine_status(each, synthetic) for each in rows["status"]],
        }
    )
    lost = seen[seen["indicator"] == UNREACHED.format(code=said.code)].set_index("area")
    if CITY in lost.index:
        table.loc[CITY, "antal_nas_inte"] = lost.loc[CITY, "numerator"]
    return table.rename_axis("area").reset_index()


def _minutes(metres: pd.Series[float], said: AccessSettings) -> pd.Series[float]:
    """Return minutes on foot, where somebody has said how fast that is."""
    if said.walk_kmh is None:
        return metres * float("nan")
    return metres / (said.walk_kmh * 1000 / 60)
