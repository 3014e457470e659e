"""What the ledger of releases holds of users: whose rows, what was counted, and the counts."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geolyft.action.access.exposure import UNKNOWN
from geolyft.action.access.settings import SITED, UNREACHED
from geolyft.action.stages.exponering import CHAPTER as EXPOSED
from geolyft.action.stages.platser_forslag import CHAPTER as SITES
from geolyft.action.stages.tillganglighet import CHAPTER, CODE
from geolyft.frames import CITY, EVERYONE
from geolyft.pipeline.access.exposed import exposed_names
from geolyft.pipeline.access.publish import table_names
from geolyft.pipeline.access.read import read_users
from geolyft.read.delivery import kinds_of, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from geolyft.action.access.exposure import ExposureSettings
    from geolyft.action.access.settings import AccessSettings
    from geolyft.action.access.users import CountingSettings
    from geolyft.columns import Kind
    from geolyft.read.delivery import Delivery
    from geolyft.run_file.config import Config


def open_counting(config: Config) -> list[CountingSettings]:
    """Return what counts users whom nobody has protected: kinds of places, and rasters."""
    return [each for each in config.counting if each.is_open]


def columns_of(said: CountingSettings) -> list[str]:
    """Return the columns of the users' file that are read."""
    weight = [said.users.weight] if said.users.weight else []
    return sorted({*said.users.among, *weight})


def mark_of(config: Config, said: CountingSettings, areas: gpd.GeoDataFrame, key: bytes) -> str:
    """Return a keyed fingerprint of the users, whatever their order."""
    users = read_users(config, said, areas)
    x, y = users.xy.round(3).T
    rows = pd.DataFrame({"x": x, "y": y, "weight": users.weights})
    hashes = pd.util.hash_pandas_object(rows, index=False).to_numpy(dtype=np.uint64)
    return hmac.new(key, np.sort(hashes).tobytes(), hashlib.sha256).hexdigest()


def files_of_counting(config: Config) -> dict[str, list[str]]:
    """Return by source what places, lines and rasters are known by: their files' SHA-256."""
    return {
        each.source: [sha256(config.path(file)) for file in each.files]
        for each in open_counting(config)
    }


def files_in_manifest(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the same from a delivery: what is not a user's file has its SHA-256 there."""
    found: dict[str, list[str]] = {}
    for each in manifest["inputs"]:
        if "sha256" in each:
            found.setdefault(each["source"], []).append(each["sha256"])
    return found


def definitions(
    config: Config, files: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield source, reference, what is counted, and how: other places count other people."""
    period = config.run.periods[-1]
    for said in open_counting(config):
        how = said.how(files.get(said.source, []))
        yield said.source, period, said.code, json.dumps(how, sort_keys=True)


def origins_of_counting(config: Config) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return the source and reference of every open count of users."""
    period = config.run.periods[-1]
    return {
        (period, code, EVERYONE): (said.source, period)
        for said in open_counting(config)
        for code in said.bases
    }


def counts_of_users(
    delivery: Delivery, config: Config, levels: Sequence[tuple[str, str]]
) -> Iterator[pd.DataFrame]:
    """Yield every published count of users.

    Parameters
    ----------
    levels
        What the ledger calls each level of the delivery, and the word its layers begin with; the
        run's own areas first.
    """
    kinds = kinds_of(CHAPTER.columns, CODE)
    for place, name in zip(config.access, table_names(config), strict=True):
        if place.is_open:
            for level, rows in _levels(delivery, name, kinds, levels):
                yield _counts(rows, place).assign(level=level)
            city = delivery.table(name, kinds=kinds)
            yield from _sited(delivery, place, city[city["area"] == CITY], levels[0][0])
    kinds = kinds_of(EXPOSED.columns, EXPOSED.code)
    for raster, name in zip(config.exposure, exposed_names(config), strict=True):
        if raster.is_open:
            for level, rows in _levels(delivery, name, kinds, levels):
                yield _exposed(rows, raster).assign(level=level)


def _levels(
    delivery: Delivery,
    name: str,
    kinds: Mapping[str, Kind],
    levels: Sequence[tuple[str, str]],
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the name of each level and its rows: a table of the run's own areas, else a layer."""
    for n, (level, word) in enumerate(levels):
        rows = delivery.table(name, kinds=kinds) if n == 0 else delivery.rows(f"{word}_{name}")
        yield level, rows.rename(columns={f"{word}_kod": "area"})


def _sited(
    delivery: Delivery, said: AccessSettings, city: pd.DataFrame, level: str
) -> Iterator[pd.DataFrame]:
    """Yield how many get a place near by the new ones, where the run has any."""
    if said.siting is None:
        return
    sites = delivery.table(SITES.code, kinds=kinds_of(SITES.columns, SITES.code))
    gains = sites.loc[sites["typ"] == said.code, "nya_inom"].iloc[0]
    shown = city.assign(antal_utom=city["antal"] - gains)
    if pd.isna(gains):
        shown = shown.assign(antal=float("nan"), status="hidden")
    counts = _counts(shown.assign(antal_nas_inte=float("nan")), said)
    yield counts.assign(level=level, indicator=SITED.format(code=said.code))


def _counts(rows: pd.DataFrame, said: AccessSettings) -> pd.DataFrame:
    whole = rows.astype({"antal": "float64", "antal_utom": "float64", "antal_nas_inte": "float64"})
    plain = whole.assign(indicator=said.code, numerator=whole["antal"] - whole["antal_utom"])
    lost = whole[(whole["area"] == CITY) & whole["antal_nas_inte"].notna()]
    lost = lost.assign(indicator=UNREACHED.format(code=said.code), numerator=lost["antal_nas_inte"])
    return _as_released(pd.concat([plain, lost]).rename(columns={"antal": "denominator"}), said)


def _exposed(rows: pd.DataFrame, said: ExposureSettings) -> pd.DataFrame:
    counts = ["antal", "antal_over", "antal_utan_varde", "antal_alla"]
    whole = rows.astype(dict.fromkeys(counts, "float64"))
    plain = whole.assign(indicator=said.code, numerator=whole["antal_over"])
    unknown = whole[(whole["area"] == CITY) & whole["antal_alla"].notna()]
    unknown = unknown.assign(
        indicator=UNKNOWN.format(code=said.code),
        numerator=unknown["antal_utan_varde"],
        antal=unknown["antal_alla"],
    )
    return _as_released(pd.concat([plain, unknown]).rename(columns={"antal": "denominator"}), said)


def _as_released(rows: pd.DataFrame, said: CountingSettings) -> pd.DataFrame:
    columns = ["area", "period", "indicator", "numerator", "denominator", "status"]
    told = rows[columns].assign(sex=EVERYONE, grouping="", label="", source=said.source)
    return told.assign(reference=rows["period"])
