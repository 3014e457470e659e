"""Events in the ledger of releases: whose they are, and what was published of them."""

from __future__ import annotations

import hashlib
import hmac
import json
import warnings
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.action.stages.handelser_typer import STAGE
from geolyft.disclosure.own_rules.events import EVENT_KEY
from geolyft.errors import GeolyftWarning
from geolyft.frames import EVERYONE
from geolyft.pipeline.counting.events import protector_of, read_events
from geolyft.pipeline.counting.fine_events import fine_level
from geolyft.read.delivery import kinds_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import geopandas as gpd

    from geolyft.action.settings import EventsSettings
    from geolyft.read.delivery import Delivery
    from geolyft.run_file.config import Config

EVENTS: Final = "events "
"""What the names of their sources begin with."""
_WHAT: Final = "events"
_BAND: Final = "tid"


def sources_of_events(
    config: Config,
    key: bytes | None,
    areas: gpd.GeoDataFrame | None,
    references: Collection[str] | None,
) -> Iterator[tuple[str, str, str, str]]:
    """Yield source, reference, columns and mark of events that nobody has protected.

    Parameters
    ----------
    key, areas
        Without one of them there are no marks.
    references
        The years of which marks are wanted; all by default.
    """
    for said in open_events(config):
        columns = json.dumps(sorted({said.time, *([said.kind] if said.kind else [])}))
        marks = {} if key is None or areas is None else _marks(config, said, areas, key, references)
        for period in config.run.periods:
            yield f"{EVENTS}{said.name}", period, columns, marks.get(period, "")


def definitions_of_events(config: Config) -> Iterator[tuple[str, str, str, str]]:
    """Yield source, reference, what is counted, and how.

    All files are one table, and the surface and the small areas are made of it: with another file,
    other cells or other small areas the difference can be of a few.
    """
    events = open_events(config)
    of = [{"time": each.time, "kind": each.kind or f"= {each.name}"} for each in events]
    of.sort(key=lambda each: sorted(each.items()))
    how = {
        "of": of,
        "cell": config.lagesbild.cell,
        "inside": fine_level(config),
        "width": config.protection.asked_width,
    }
    for said in events:
        for period in config.run.periods:
            yield f"{EVENTS}{said.name}", period, _WHAT, json.dumps(how, sort_keys=True)


def counts_of_events(delivery: Delivery, config: Config, level: str) -> Iterator[pd.DataFrame]:
    """Yield every published count of events; a type stands where others have an indicator.

    They are said to be of the first file, for of all of them together no file is the source.
    """
    table = delivery.table(STAGE.code, kinds=kinds_of(STAGE.chapter.columns, STAGE.code))
    if table.empty or not open_events(config):
        return
    if config.run.lang != "sv":
        words = STAGE.chapter.columns.english(STAGE.code, {})
        back = {name: {there: own for own, there in of.items()} for name, of in words.items()}
        table = table.assign(**{name: table[name].replace(back[name]) for name in ("typ", "tid")})
    counts = table[["area", "period", "status"]].assign(
        level=level,
        reference=table["period"],
        indicator=table["typ"],
        label=table["tid"],
        sex=EVERYONE,
        grouping=_BAND,
        source=f"{EVENTS}{open_events(config)[0].name}",
        numerator=np.nan,
        denominator=table["antal"].astype("float64"),
    )
    yield counts


def open_events(config: Config) -> tuple[EventsSettings, ...]:
    """Return the events of a run, where nobody has protected them."""
    return () if protector_of(config) else config.events


def _marks(
    config: Config,
    said: EventsSettings,
    areas: gpd.GeoDataFrame,
    key: bytes,
    references: Collection[str] | None,
) -> dict[str, str]:
    """Return by period a keyed fingerprint of its events, whatever their order."""
    wanted = [p for p in config.run.periods if references is None or p in references]
    if not wanted:
        return {}
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        rows, _ = read_events(config, said, areas)
    rows = rows[["x", "y", "date", *EVENT_KEY]].astype(dict.fromkeys(EVENT_KEY, "str"))
    rows[["x", "y"]] = rows[["x", "y"]].round(3)
    hashes = pd.util.hash_pandas_object(rows, index=False).to_numpy(dtype=np.uint64)
    found = {}
    for period in wanted:
        of = np.sort(hashes[(rows["period"] == period).to_numpy()])
        found[period] = hmac.new(key, of.tobytes(), hashlib.sha256).hexdigest()
    return found
