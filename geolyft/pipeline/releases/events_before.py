"""What a run has to keep of events that were released before.

They are published again on the same areas only, and no count that was hidden is shown: so a later
delivery shows nothing of the same events that an earlier one did not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.disclosure.own_rules.events import EVENT_KEY, NO_EVENTS_BEFORE, EventsBefore
from geolyft.errors import DisclosureError, brief
from geolyft.frames import has_status
from geolyft.pipeline.account.provenance import digest
from geolyft.pipeline.releases.events import EVENTS, open_events, sources_of_events
from geolyft.pipeline.releases.marks import as_sources
from geolyft.pipeline.releases.recall import recognised
from geolyft.pipeline.releases.record import level_name
from geolyft.read.releases import read_key, read_ledger

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geolyft.run_file.config import Config


def recall_events(config: Config, areas: gpd.GeoDataFrame) -> EventsBefore:
    """Return what the run's ledger says of its events.

    Raises
    ------
    DisclosureError
        ``protect-overlap`` when they were released on other areas.
    ReadError
        ``releases-file``.
    """
    if config.releases is None or not open_events(config):
        return NO_EVENTS_BEFORE
    file = config.path(config.releases.file)
    ledger, key = read_ledger(file), read_key(file)
    then = ledger["source"][ledger["source"]["source"].str.startswith(EVENTS)]
    wanted = set(then.loc[then["mark"] != "", "reference"])
    now = as_sources(sources_of_events(config, key, areas, wanted), key)
    known = recognised(then, now).merge(ledger["release"], on="release")
    counts = ledger["count"].merge(
        known[["release", "reference"]].drop_duplicates(), on=["release", "reference"]
    )
    counts = counts[counts["source"].str.startswith(EVENTS)]
    _check_areas(config, counts, level_name(config.areas.division, digest(areas)))
    hidden = counts[has_status(counts["status"], "hidden")]
    hidden = hidden.rename(columns={"indicator": "kind", "label": "band"})
    same = (known["by"] == "rows") & (known["threshold"] == config.protection.threshold)
    by_file = same.groupby([known[name] for name in ("release", "source", "reference")]).any()
    return EventsBefore(hidden=hidden[EVENT_KEY].drop_duplicates(), is_same=bool(by_file.all()))


def _check_areas(config: Config, counts: pd.DataFrame, own: str) -> None:
    other = counts[counts["level"] != own]
    for row in other.itertuples():
        raise DisclosureError(
            "protect-overlap",
            f"{brief(row.source)} of {row.reference} was released on other areas ({row.release}): "
            "the difference can be a few events",
            remedy="use the areas of that release, or leave that period or its events out",
            where=config.file_name,
        )
