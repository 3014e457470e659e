"""What a result was made from: sources, ledger and versions, without clock or machine."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geolyft.certainty.noise import PARTS_COLUMNS
from geolyft.disclosure.releases import NO_MEMORY, Memory
from geolyft.divisions.coverage import MENDED
from geolyft.export.publication import SourceNote
from geolyft.frames import CITY, EVERYONE, POPULATION, RESIDUAL, lenses_of
from geolyft.pipeline.counting.gather import editions
from geolyft.pipeline.counting.ledger import LINE, CountedAreas, Gathered, Line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from geolyft.disclosure.auditor.result import AuditResult
    from geolyft.disclosure.door import Published
    from geolyft.indicators.catalogue import Catalogue
    from geolyft.pipeline.scoring.score import Scored
    from geolyft.run_file.config import Config

# Who did the work, and where, is no part of what came out.
_NOT_OF_THE_RESULT: Final = {"run": {"engine", "scheduler"}}
_VERSIONED: Final = ("geolyft", "geopandas", "numpy", "pandas", "pyogrio", "pyproj", "shapely")
MERGED: Final = "merged"
_OF_RASTERS: Final = ("exactextract", "rasterio")


def source_notes(config: Config) -> tuple[SourceNote, ...]:
    """Return where a run's figures come from, as shown to readers."""
    references: dict[str, set[str]] = {}
    for edition in editions(config):
        years = {measure.reference or edition.reference for measure in edition.source.measures}
        references.setdefault(edition.source.name, set()).update(years or {edition.reference})
    users = ((f"{each.name}: {each.users.who}", each.users) for each in config.counting)
    beside = [
        *((name, each.publisher, each.licence) for name, each in users),
        *((each.name, each.publisher, each.licence) for each in config.exposure),
        *((each.name, each.publisher, each.licence) for each in config.against if each.file),
    ]
    last = (config.run.periods[-1],)
    latest = (
        SourceNote(name=name, publisher=publisher, licence=licence, references=last)
        for name, publisher, licence in beside
    )
    counted = (
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
    return (*counted, *latest)


def ledger(config: Config, booked: Sequence[Line], published: Published) -> list[dict[str, object]]:
    """Return what was counted as it may be published; every line closes.

    Counts of a source that its publisher has protected are exact. Of others the city's and the
    residual's are those that `geolyft.disclosure.door.publish_counts` lets through, and ``areas``
    is the difference, which can be a rounding base or two from the sum of published areas. Where
    the residual is hidden, the areas would give it away.
    """
    exempt, of_city, of_residual = config.exempt(), _of(CITY, published), _of(RESIDUAL, published)
    lines = []
    for line in booked:
        # Beyond the areas nothing of a raster is counted; what is hidden is of people.
        beyond = 0.0 if line[0] in exempt else None
        city, residual = of_city.get(line), of_residual.get(line, beyond)
        areas = None if city is None or residual is None else round(city - residual, 9)
        counted = {"areas": areas, "residual": residual, "city": city}
        entry: dict[str, object] = dict(zip(LINE, line, strict=True))
        lines.append({**entry, **counted, "exact": entry["source"] in exempt})
    return lines


def _of(area: str, published: Published) -> dict[Line, float]:
    """Return the published counts of an area by what they are of."""
    seen, people = published.observations, published.people
    seen = seen[(seen["area"] == area) & (seen["sex"] == EVERYONE)]
    seen = seen.melt(["source", "period", "indicator"], ["numerator", "denominator"], "count", "n")
    people = people[people["area"] == area]
    names = [POPULATION, *lenses_of(people)]
    people = people.melt(["source", "period"], names, "count", "n")
    both = pd.concat([seen, people.assign(indicator=people["count"])]).dropna(subset="n")
    counts = [both[name].tolist() for name in (*LINE, "n")]
    return {tuple(line): round(count, 9) for *line, count in zip(*counts, strict=True)}


def provenance(
    config: Config,
    catalogue: Catalogue,
    areas: gpd.GeoDataFrame,
    gathered: Gathered,
    scored: Scored,
    *,
    inputs: Sequence[Mapping[str, object]],
    lines: Sequence[Mapping[str, object]],
    levels: Sequence[CountedAreas] = (),
    estimates: Sequence[Mapping[str, object]] = (),
    memory: Memory = NO_MEMORY,
    audit: AuditResult | None = None,
) -> dict[str, Any]:
    """Return what goes into the manifest.

    Parameters
    ----------
    inputs
        What every file was understood to be.
    lines
        The ledger.
    levels
        What the figures are of.
    estimates
        What the noise in published cells was estimated from, where the run asked for that.
    memory
        What earlier releases tell; without a ledger of releases none are named.
    audit
        What the audit found, of a run that has a source nobody has protected.
    """
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
            "index": config.index.model_dump(mode="json", by_alias=True),
            "protection": config.protection.model_dump(mode="json"),
        },
        "division": {
            "level": config.areas.word,
            "areas": len(areas),
            "crs": areas.crs.to_string(),
            "sha256": digest(areas),
            "crosswalks": gathered.crosswalks,
            **({MENDED: areas.attrs[MENDED]} if MENDED in areas.attrs else {}),
            **_merged(levels),
        },
        "inputs": list(inputs),
        "scales": scored.scales.to_dict(orient="records"),
        "uncertainty": {
            "noise": [each.model_dump(mode="json", exclude_defaults=True) for each in scored.noise],
            "cell_sd": list(estimates),
            "correlation": {
                **config.uncertainty.correlation.record(catalogue),
                "counted": scored.counted.to_dict(orient="records"),
            },
            "parts": parts.where(parts.notna(), None).to_dict(orient="records"),
            "splits": scored.splits.as_records(),
        },
        "disclosure": _disclosure(config, audit, memory),
        "ledger": list(lines),
        "versions": _versions(config),
    }


def _disclosure(config: Config, audit: AuditResult | None, memory: Memory) -> dict[str, object]:
    rule, releases = config.protection, list(memory.releases) if memory.kept else None
    if audit is None:
        return {"releases": releases}
    method = {"method": "threshold, rounding, audit"}
    how = {**method, "threshold": rule.threshold, "base": rule.base}
    return {**how, **asdict(audit), "releases": releases}


def _merged(levels: Sequence[CountedAreas]) -> dict[str, object]:
    """Return, by division, what the small areas became that stand together."""
    merged = {
        level.name: {
            "areas": len(level.areas),
            "sha256": digest(level.areas),
            "hidden_before": round(level.merging.before, 3),
            "hidden_after": round(level.merging.after, 3),
        }
        for level in levels
        if level.merging is not None
    }
    return {MERGED: merged} if merged else {}


def _versions(config: Config) -> dict[str, str]:
    rasters = _OF_RASTERS if any(source.is_raster for source in config.sources) else ()
    names = {name: version(name) for name in (*_VERSIONED, *rasters)}
    return {"python": platform.python_version(), **names}


def digest(areas: gpd.GeoDataFrame) -> str:
    """Return a fingerprint of codes, names and polygons that does not depend on file format."""
    fingerprint = hashlib.sha256()
    for code, name, shape in zip(areas.index, areas["name"], areas.geometry, strict=True):
        fingerprint.update(f"{code}\0{name}\0".encode())
        fingerprint.update(shape.normalize().wkb)
    return fingerprint.hexdigest()
