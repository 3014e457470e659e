"""What was counted where, and what had no place, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.publication import Publication


def audit_tables(publication: Publication) -> dict[str, pd.DataFrame]:
    """Return what was counted where, and what had no place: ``granskning`` and its files."""
    said = publication.provenance
    files = [{**each, **_placed(each)} for each in _rows(said, "inputs")]
    columns = publication.columns
    return {
        name: pd.DataFrame(rows)
        .rename(columns=columns.sources(name))
        .reindex(columns=columns.names(name, {}))
        for name, rows in (("granskning", _rows(said, "ledger")), ("granskning_filer", files))
    }


def _placed(read: Mapping[str, object]) -> dict[str, object]:
    """Return how many rows of a file found an area: points, or the small areas of totals."""
    said = read.get("placed")
    counts = said if isinstance(said, dict) else {}
    if "sources" not in counts:
        return {name: counts.get(name) for name in ("placed", "outside", "unplaced")}
    residual = counts["residual_sources"]
    return {"placed": counts["sources"] - residual, "outside": residual}


def _rows(provenance: Mapping[str, object], name: str) -> list[dict[str, object]]:
    rows = provenance.get(name, [])
    return rows if isinstance(rows, list) else []
