"""What a result was made from: sources, ledger and versions, without clock or machine."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geolyft.certainty.noise import PARTS_COLUMNS
from geolyft.disclosure.protect import protect_counts
from geolyft.export.publication import SourceNote
from geolyft.pipeline.counting.gather import editions
from geolyft.pipeline.counting.ledger import LEDGER_COLUMNS, Gathered

if TYPE_CHECKING:
    import geopandas as gpd

    from geolyft.indicators.catalogue import Catalogue
    from geolyft.pipeline.score import Scored
    from geolyft.run_file.config import Config

# Who did the work, and where, is no part of what came out.
_NOT_OF_THE_RESULT: Final = {"run": {"engine", "scheduler"}}
_VERSIONED: Final = ("geolyft", "geopandas", "numpy", "pandas", "pyogrio", "pyproj", "shapely")
_ROWS: Final = ("rows", "footer_rows", "blank_rows", "hidden_rows", "dropped_rows")
_OF_RASTERS: Final = ("exactextract", "rasterio")


def source_notes(config: Config) -> tuple[SourceNote, ...]:
    """Return where a run's figures come from, as shown to readers."""
    references: dict[str, set[str]] = {}
    for edition in editions(config):
        years = {measure.reference or edition.reference for measure in edition.source.measures}
        references.setdefault(edition.source.name, set()).update(years or {edition.reference})
    return tuple(
        SourceNote(
            name=source.name,
            publisher=source.publisher,
            licence=source.licence,
            note=source.note,
            indicators=tuple(sorted({measure.indicator for measure in source.measures})),
            references=tuple(sorted(references.get(source.name, ()))),
        )
        for source in config.sources
    )


def _ledger(config: Config, gathered: Gathered) -> list[dict[str, object]]:
    """Return the ledger as it may be published; every line still closes.

    Counts of a source that its publisher has protected are exact. Of others ``city`` is the city's
    total as ``resultat`` rounds it, so that the two agree, and ``residual`` is rounded on its own;
    ``areas`` is the difference, which can be a rounding base or two from the sum of published
    areas. A residual below the threshold is not shown, nor are areas that would give it away.
    """
    exempt = config.exempt()
    lines: list[dict[str, object]] = []
    for line in gathered.ledger:
        kept = line[0] in exempt
        counts = protect_counts(pd.Series(line[4:]), config.protection, exempt=kept)
        areas, residual, city = (None if pd.isna(count) else float(count) for count in counts)
        if line[5] == 0:
            residual = 0.0
        known = None not in (areas, residual, city)
        counted = {"areas": round(city - residual, 9) if known else None, "residual": residual}
        entry = dict(zip(LEDGER_COLUMNS, line, strict=True))
        lines.append({**entry, **counted, "city": city, "exact": kept})
    return lines


def provenance(
    config: Config,
    catalogue: Catalogue,
    areas: gpd.GeoDataFrame,
    gathered: Gathered,
    scored: Scored,
) -> dict[str, Any]:
    """Return what goes into the manifest."""
    parts = scored.parts[PARTS_COLUMNS].astype("object")
    return {
        "geolyft": version("geolyft"),
        "title": config.run.title,
        "synthetic": config.run.synthetic,
        "config": config.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude=_NOT_OF_THE_RESULT
        ),
        "definition": {
            "catalogue": catalogue.model_dump(mode="json", by_alias=True),
            "base_period": config.run.base,
            "index": config.index.model_dump(mode="json"),
            "protection": config.protection.model_dump(mode="json"),
        },
        "division": {
            "level": config.areas.word,
            "areas": len(areas),
            "crs": areas.crs.to_string(),
            "sha256": digest(areas),
            "crosswalks": gathered.crosswalks,
        },
        "inputs": [published_input(config, record) for record in gathered.inputs],
        "scales": scored.scales.to_dict(orient="records"),
        "uncertainty": {
            "noise": [each.model_dump(mode="json", exclude_defaults=True) for each in scored.noise],
            "parts": parts.where(parts.notna(), None).to_dict(orient="records"),
        },
        "ledger": _ledger(config, gathered),
        "versions": _versions(config),
    }


def _versions(config: Config) -> dict[str, str]:
    rasters = _OF_RASTERS if any(source.is_raster for source in config.sources) else ()
    names = {name: version(name) for name in (*_VERSIONED, *rasters)}
    return {"python": platform.python_version(), **names}


def published_input(config: Config, record: dict[str, object]) -> dict[str, object]:
    """Return what is known of an input; numbers of persons in it only as they may be published."""
    source = next(each for each in config.sources if each.name == record["source"])
    placed = record["placed"]
    if source.kind != "points" or source.protected_by or not isinstance(placed, dict):
        return record
    of_rows = {name: record[name] for name in _ROWS if name in record}
    persons = pd.Series({**placed, **of_rows}, dtype="float64")
    published = protect_counts(persons, config.protection, exempt=False).mask(persons == 0, 0.0)
    counts = {name: None if pd.isna(n) else int(n) for name, n in published.items()}
    # How often a mark stands in a column is a number of persons too; which marks is not.
    marks = record.get("marks")
    marks = sorted(marks) if isinstance(marks, dict) else []
    rows: dict[str, object] = {name: counts.pop(name) for name in of_rows}
    return {**record, **rows, "placed": counts, "marks": marks}


def digest(areas: gpd.GeoDataFrame) -> str:
    """Return a fingerprint of codes, names and polygons that does not depend on file format."""
    fingerprint = hashlib.sha256()
    for code, name, shape in zip(areas.index, areas["name"], areas.geometry, strict=True):
        fingerprint.update(f"{code}\0{name}\0".encode())
        fingerprint.update(shape.normalize().wkb)
    return fingerprint.hexdigest()
