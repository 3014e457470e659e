"""Sources are known again: by a keyed fingerprint of their rows, or by what the run says of them.

The fingerprint is the same whatever the file is called, in whatever order its rows stand. It is in
the ledger of releases and nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geolyft.pipeline.access.released import columns_of, definitions, mark_of, open_counting
from geolyft.pipeline.counting.gather import editions, open_edition
from geolyft.pipeline.releases.events import definitions_of_events, sources_of_events
from geolyft.read import read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd

    from geolyft.pipeline.counting.ledger import Edition
    from geolyft.run_file.config import Config

_Source = tuple[str, str, str, str]
"""Name, reference year, columns, and mark."""


def key_name(key: bytes | None) -> str:
    """Return what tells one key from another, and nothing of the key.

    Examples
    --------
    >>> key_name(b"key") == key_name(b"other"), key_name(None)
    (False, '')
    """
    return "" if key is None else hmac.new(key, b"name", hashlib.sha256).hexdigest()[:16]


def sources_of(
    config: Config,
    key: bytes | None,
    *,
    areas: gpd.GeoDataFrame | None = None,
    references: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the run's sources that nobody has protected, by reference year.

    Parameters
    ----------
    key
        What fingerprints are made with; without one sources are known by what is said of them.
    areas
        The run's own; without them users have no fingerprint.
    references
        The years of which fingerprints are wanted; all by default.

    Returns
    -------
    pandas.DataFrame
        ``source, reference, columns, key, mark``.
    """
    rows: list[_Source] = []
    for edition in _open_editions(config):
        wanted = references is None or not _years(edition).isdisjoint(references)
        wanted &= not edition.source.is_raster
        mark = _mark(edition, key) if key and wanted else ""
        names = json.dumps(sorted(edition.source.columns()[0]), ensure_ascii=False)
        rows += [(edition.source.name, year, names, mark) for year in sorted(_years(edition))]
    rows += _users(config, key if areas is not None else None, areas)
    rows += sources_of_events(config, key, areas, references)
    return as_sources(rows, key)


def as_sources(rows: Iterable[_Source], key: bytes | None) -> pd.DataFrame:
    """Return ``source, reference, columns, key, mark`` of some sources, each year once."""
    of = ["source", "reference"]
    table = pd.DataFrame(list(rows), columns=[*of, "columns", "mark"], dtype="str")
    marked = table["mark"] != ""
    table.insert(3, "key", marked.map({True: key_name(key), False: ""}).astype("str"))
    return table.drop_duplicates(of)


def _users(config: Config, key: bytes | None, areas: gpd.GeoDataFrame | None) -> Iterator[_Source]:
    """Yield users of places and rasters as sources."""
    for said in open_counting(config):
        mark = "" if key is None or areas is None else mark_of(config, said, areas, key)
        names = json.dumps(columns_of(said), ensure_ascii=False)
        yield said.source, config.run.periods[-1], names, mark


def definitions_of(config: Config, files: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return who is counted, by source, reference year and what is counted.

    Parameters
    ----------
    files
        What places, lines and rasters are known by, see
        `geolyft.pipeline.access.released.files_of_counting`.

    Returns
    -------
    pandas.DataFrame
        ``source, reference, what, definition``: of indicators, people, sexes and groupings.
    """
    rows = [
        (edition.source.name, year, what, json.dumps(said, sort_keys=True))
        for edition in _open_editions(config)
        for year in sorted(_years(edition))
        for what, said in _definitions(edition)
    ]
    rows += definitions(config, files)
    rows += definitions_of_events(config)
    columns = ["source", "reference", "what", "definition"]
    return pd.DataFrame(rows, columns=columns, dtype="str").drop_duplicates(columns[:3])


def _years(edition: Edition) -> set[str]:
    """Return the years that an edition's figures are of."""
    said = {measure.reference for measure in edition.source.measures if measure.reference}
    return {edition.reference, *said}


def _open_editions(config: Config) -> Iterator[Edition]:
    return (edition for edition in editions(config) if edition.source.is_open)


def _definitions(edition: Edition) -> Iterator[tuple[str, object]]:
    """Yield what an edition counts; columns' names are a part of it, the file's name is none."""
    source = edition.source
    said = source.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    rows = {"where": said.get("where")}
    for measure in source.measures:
        form = measure.model_dump(
            mode="json", exclude_defaults=True, exclude={"indicator", "sex", "reference"}
        )
        by_sex = "" if measure.sex == "alla" else f" {measure.sex}"
        yield f"{measure.indicator}{by_sex}", {**rows, **form}
    for name in ("population", "children", "sex"):
        if said.get(name):
            yield name, {**rows, name: said[name]}
    for name, whom in said.get("lens", {}).items():
        yield name, {**rows, "lens": whom}
    for group in source.groups.values():
        yield f"groups {group.column}", list(group.breaks)


def _mark(edition: Edition, key: bytes) -> str:
    """Return a keyed fingerprint of the rows that the run reads, whatever their order."""
    rows = [_hashes(frame) for frame in _frames(edition)]
    every = np.sort(np.concatenate(rows)) if rows else np.empty(0, dtype=np.uint64)
    return hmac.new(key, every.tobytes(), hashlib.sha256).hexdigest()


def _frames(edition: Edition) -> Iterator[pd.DataFrame]:
    source = edition.source
    if source.kind == "points":
        yield from (batch.frame for batch in open_edition(edition).batches())
    elif source.kind == "totals":
        columns, numbers = source.columns()
        yield read_table(
            edition.path,
            numbers=sorted(numbers),
            columns=sorted(columns),
            options=edition.options(),
            sheet=source.sheet,
        ).frame


def _hashes(frame: pd.DataFrame) -> np.ndarray:
    texts = [name for name in frame if frame[name].dtype.kind != "f"]
    plain = frame[sorted(map(str, frame))].astype(dict.fromkeys(texts, "str"))
    return pd.util.hash_pandas_object(plain, index=False).to_numpy(dtype=np.uint64)
