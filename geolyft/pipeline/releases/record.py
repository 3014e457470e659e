"""What a delivery published of sources that nobody had protected, as a release for the ledger.

It is read from the delivery's own files: what they hold is what is public.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely
from pydantic import ValidationError

from geolyft.divisions.areas import DIVISIONS
from geolyft.errors import ReadError
from geolyft.export.releases import add_to_ledger, own_key
from geolyft.frames import CITY, EVERYONE, POPULATION
from geolyft.pipeline.access.released import (
    counts_of_users,
    files_in_manifest,
    origins_of_counting,
)
from geolyft.pipeline.account.provenance import MERGED
from geolyft.pipeline.counting.gather import editions
from geolyft.pipeline.releases.events import counts_of_events
from geolyft.pipeline.releases.marks import definitions_of, sources_of
from geolyft.read.delivery import UNREADABLE, Delivery
from geolyft.read.releases import TABLES, Ledger
from geolyft.run_file.config import Config

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from datetime import date
    from pathlib import Path

_ID_LENGTH: Final = 12
Origin = dict[tuple[str, str, str], tuple[str, str]]
"""Period, indicator and sex to the source and the reference year they are of."""


def add_release(
    folder: Path,
    ledger: Path,
    *,
    day: date,
    config: Config | None = None,
    known: Container[str] | None = None,
) -> tuple[str, bool]:
    """Add a delivery to the ledger of releases; adding it twice is adding it once.

    Parameters
    ----------
    day
        When it was released, for whoever reads the list.
    config
        The run that made it, while its sources are at hand: their rows are then known again. By
        default they are known by their names and columns.

    Returns
    -------
    tuple[str, bool]
        The release's name, and whether it was new.

    Raises
    ------
    ReadError
        ``verify-manifest``, or ``releases-run`` when the delivery is damaged, or was made by
        another version of geolyft or of another run. ``releases-meanwhile`` when another release
        than those known was added.
    """
    delivery = Delivery(folder)
    whole = delivery.verify().intact
    try:
        release = released(delivery, day) if whole else None
    except (*UNREADABLE, ValidationError, LookupError):
        release = None
    if release is None:
        what = "is not as its manifest says, or not what this version of geolyft writes"
        remedy = "see geolyft verify, and make the delivery again"
        raise ReadError("releases-run", what, remedy=remedy, where=folder.name)
    key = own_key(ledger)
    if config is not None:
        name = release["release"]["release"].item()
        _check_made_by(config, release, delivery)
        division = delivery.manifest["division"]
        areas = delivery.areas(division["level"], division["crs"])
        marked = sources_of(config, key, areas=areas).assign(release=name)
        release = Ledger({**release.tables, "source": marked})
    return release["release"]["release"].item(), add_to_ledger(ledger, release, known=known)


def _check_made_by(config: Config, release: Ledger, delivery: Delivery) -> None:
    """Refuse a run that counts other people, or of other sources, than the release does."""
    places = files_in_manifest(delivery.manifest)
    said = {"definition": definitions_of(config, places), "source": sources_of(config, None)}
    for table, now in said.items():
        then = release[table][list(now.columns)]
        if set(now.itertuples(index=False, name=None)) != set(
            then.itertuples(index=False, name=None)
        ):
            what = f"was made of others than {config.file_name} says"
            remedy = "give the run file that made it, or none"
            raise ReadError("releases-run", what, remedy=remedy, where=delivery.folder.name)


def released(delivery: Delivery, day: date) -> Ledger:
    """Return what a delivery published, as one release.

    Raises one of ``UNREADABLE`` when a file is not what this version writes.
    """
    manifest = delivery.manifest
    config = Config.model_validate(manifest["config"])
    tables = {
        "level": pd.DataFrame(
            [(name, manifest["division"]["crs"]) for name in levels_of_delivery(manifest)],
            columns=["level", "crs"],
        ),
        "area": _shapes(delivery),
        "source": sources_of(config, None),
        "definition": definitions_of(config, files_in_manifest(manifest)),
        "count": _counts(delivery, config),
    }
    said = {
        "title": config.run.title,
        "periods": json.dumps(config.run.periods),
        "threshold": config.protection.threshold,
        "base": config.protection.base,
    }
    return release_of(said, tables, day)


def release_of(said: Mapping[str, object], tables: Mapping[str, pd.DataFrame], day: date) -> Ledger:
    """Return what was published as one release, with the name that follows from it.

    Parameters
    ----------
    said
        ``title, periods, threshold, base``.
    tables
        Every other table of the ledger.
    """
    name = _name(said, tables)
    whole = {
        **tables,
        "release": pd.DataFrame([{**said, "added": day.isoformat(), "withdrawn": ""}]),
    }
    laid = {
        table: whole[table].assign(release=name)[list(columns)] for table, columns in TABLES.items()
    }
    return Ledger(laid).typed()


def _name(said: Mapping[str, object], tables: Mapping[str, pd.DataFrame]) -> str:
    """Return a release's name: of what was published, so that the same has the same name."""
    whole = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for table in ("level", "definition", "count"):
        whole.update(tables[table].to_csv(index=False).encode())
    return whole.hexdigest()[:_ID_LENGTH]


def level_name(division: str | None, digest: str) -> str:
    """Return what a ledger calls a division: its code, or what tells a user's own from others.

    Examples
    --------
    >>> level_name("geso", ""), level_name(None, "0123456789abcdef0123")
    ('geso', 'areas 0123456789abcdef')
    """
    return division or f"areas {digest[:16]}"


def merged_name(division: str, digest: str) -> str:
    """Return what a ledger calls small areas of a division of which some were merged."""
    return f"{division} {digest[:16]}"


def levels_of_delivery(manifest: Mapping[str, dict[str, Any]]) -> list[str]:
    """Return the divisions of a delivery, the areas of the run first."""
    config = Config.model_validate(manifest["config"])
    own = level_name(config.areas.division, str(manifest["division"]["sha256"]))
    merged = manifest["division"].get(MERGED, {})
    return [
        own,
        *(
            merged_name(each.division, merged[each.division]["sha256"])
            if each.group
            else each.division
            for each in config.inside
        ),
    ]


def _words(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each level of a delivery, and the word that its layers begin with."""
    inside = manifest["config"].get("inside", [])
    words = [manifest["division"]["level"]]
    words += [DIVISIONS[each["division"]].level for each in inside]
    yield from zip(levels_of_delivery(manifest), words, strict=True)


def _shapes(delivery: Delivery) -> pd.DataFrame:
    """Return the polygons that are no shipped division's: of those the code says enough."""
    division = delivery.manifest["division"]
    parts = [pd.DataFrame(columns=["level", "area", "shape"])]
    for level, word in _words(delivery.manifest):
        if " " in level:
            areas = delivery.areas(word, division["crs"])
            shapes = shapely.to_wkb(areas.geometry.to_numpy())
            parts.append(pd.DataFrame({"level": level, "area": areas.index, "shape": shapes}))
    return pd.concat(parts)


def _counts(delivery: Delivery, config: Config) -> pd.DataFrame:
    """Return every published count of the run's own periods; those before are a release's own."""
    columns = list(TABLES["count"])[1:]
    near = counts_of_users(delivery, config, list(_words(delivery.manifest)))
    events = counts_of_events(delivery, config, levels_of_delivery(delivery.manifest)[0])
    parts = [*_of_page(delivery, config), _of_groups(delivery, config), *near, *events]
    counts = pd.concat([part[columns] for part in parts if len(part)] or [Ledger.empty()["count"]])
    return counts.sort_values(columns[:8], ignore_index=True)


def origins(config: Config) -> Origin:
    """Return the source of every open figure; a period that is carried has its own in another."""
    found: Origin = {}
    for edition in editions(config):
        source, period = edition.source, edition.period
        if not source.is_open:
            continue
        for measure in source.measures:
            sexes = ("alla", "kvinnor", "män") if source.sex else (measure.sex,)
            of = (source.name, measure.reference or edition.reference)
            found |= {(period, measure.indicator, sex): of for sex in sexes}
        people = [POPULATION, *source.among_residents] if source.population else []
        of = (source.name, edition.reference)
        found |= {(period, name, EVERYONE): of for name in people}
    return found | origins_of_counting(config)


def _of_page(delivery: Delivery, config: Config) -> Iterator[pd.DataFrame]:
    texts, of = delivery.page["texts"], origins(config)
    levels = zip(levels_of_delivery(delivery.manifest), delivery.page["levels"], strict=True)
    for name, level in levels:
        areas = [*(area["code"] for area in level["areas"]), CITY]
        for (period, indicator, sex), (source, reference) in of.items():
            if indicator in config.people:
                figures = _people(delivery, level, indicator, period, areas)
            else:
                figures = level["figures"].get(sex, {}).get(period, {}).get(indicator, {})
            rows = {
                "numerator": figures.get("numerator"),
                "denominator": figures.get("denominator"),
                "status": _named(figures.get("status", []), texts),
            }
            if rows["denominator"] is None:
                continue
            yield (
                pd.DataFrame({"area": areas, **rows})
                .assign(
                    level=name,
                    period=period,
                    indicator=indicator,
                    sex=sex,
                    grouping="",
                    label="",
                    source=source,
                    reference=reference,
                )
                .astype({"numerator": "float64", "denominator": "float64"})
            )


def _named(status: object, texts: list[str]) -> object:
    """Return statuses that a page says by the place of their text, one for all or one each."""
    if isinstance(status, list):
        return [texts[each] if isinstance(each, int) else each for each in status]
    return texts[status] if isinstance(status, int) else status


def _people(
    delivery: Delivery, level: Mapping[str, dict[str, list[float]]], what: str, period: str,
    areas: list[str],
) -> dict[str, object]:  # fmt: skip
    """Return residents, or those of a lens, as if they were the base of a share."""
    if what == POPULATION:
        counts = level["population"].get(period)
    else:
        table = delivery.people
        of = table[table["period"] == period].set_index("area")[what]
        counts = of.reindex(areas).tolist() if set(of.index) == set(areas) else None
    if counts is None:
        return {}
    status = ["hidden" if pd.isna(count) else "ok" for count in counts]
    return {"denominator": counts, "status": status}


def _of_groups(delivery: Delivery, config: Config) -> pd.DataFrame:
    table = delivery.table("grupper")
    if table.empty:
        return table
    names = {source.name for source in config.sources if source.is_open}
    own = table["source"].isin(names) & table["period"].isin(config.run.periods)
    of, level = origins(config), levels_of_delivery(delivery.manifest)[0]
    keys = zip(table["period"], table["indicator"], strict=True)
    years = [of.get((period, indicator, EVERYONE), ("", ""))[1] for period, indicator in keys]
    named = table.assign(level=level, sex=EVERYONE, reference=years)
    return named[own].rename(columns={"group_by": "grouping", "group": "label"})
