"""The stages of a run, in order: gather, aggregate, protect, score, combine, publish."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.aggregate import aggregate
from geolyft.boundaries import load_areas
from geolyft.composite import combine, contributions, fit_scales, score, weigh
from geolyft.config import Config, load_config
from geolyft.disclosure import protect, protect_counts
from geolyft.errors import ConfigError, GeolyftWarning, brief
from geolyft.export.delivery import check_destination, new_delivery, write_manifest
from geolyft.export.geopackage import write_geopackage
from geolyft.export.publication import (
    INDEX_COLUMNS,
    INDEX_COLUMNS_AFTER,
    Publication,
)
from geolyft.export.tables import write_index, write_observations
from geolyft.frames import CITY, EVERYONE, RESIDUAL, combine_status
from geolyft.gather import POPULATION, Gathered, Progress, editions, gather, no_progress
from geolyft.notes import notes_on
from geolyft.provenance import provenance, source_notes
from geolyft.sensitivity import rank_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geolyft.indicators import Catalogue


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run made.

    Parameters
    ----------
    publication
        The published frames.
    folder
        Where the delivery is, or nothing when none was asked for.
    """

    publication: Publication
    folder: Path | None


def run(
    config: Config | str | Path,
    *,
    out: str | Path | None = None,
    progress: Progress = no_progress,
) -> Result:
    """Take one run from its files to the published result.

    Parameters
    ----------
    config
        A run, or the path of its file.
    out
        The folder of the delivery; an earlier delivery there is replaced whole. Without it nothing
        is written.
    progress
        Called before each step with its name and the share of the work that is done.

    Raises
    ------
    GeolyftError
        Whatever is refused on the way; nothing is then left at `out`.

    Examples
    --------
    >>> import warnings
    >>> from geolyft.boundaries import demo_folder
    >>> with warnings.catch_warnings(action="ignore"):
    ...     made = run(demo_folder() / "run.toml")
    >>> index = made.publication.index.set_index("area")["index"]
    >>> float(index["city"]), index.idxmin()
    (100.0, '10')
    """
    if not isinstance(config, Config):
        config = load_config(config)
    if out is not None:
        check_destination(Path(out))
    publication = publish(config, progress=progress)
    for note in publication.warnings:
        warnings.warn(note, GeolyftWarning, stacklevel=2)
    if out is not None:
        deliver(publication, Path(out), crs=config.run.crs, progress=progress)
    return Result(publication=publication, folder=None if out is None else Path(out))


def publish(config: Config, *, progress: Progress = no_progress) -> Publication:
    """Compute everything that may leave the program."""
    catalogue = config.catalogue()
    areas = read_areas(config)
    # Reading and placing is most of the work; writing is the rest.
    gathered = gather(config, areas, progress=lambda step, share: progress(step, 0.8 * share))
    progress("index", 0.8)
    observations = _observe(config, catalogue, areas, gathered)
    scales = fit_scales(observations, catalogue, base_period=config.run.base)
    minimums = {
        "minimum_indicators": config.index.minimum_indicators,
        "minimum_dimensions": config.index.minimum_dimensions,
    }
    scores = score(observations, scales)
    weighed = weigh(scores, catalogue, **minimums)
    ranks = rank_ranges(scores, catalogue, **minimums)
    index = _index_table(config, areas, combine(weighed, catalogue), ranks, catalogue)
    notes = notes_on(config, catalogue, observations, index)
    return Publication(
        title=config.run.title,
        city=config.run.city,
        lang=config.run.lang,
        division=config.areas.level or config.areas.division or "omrade",
        catalogue=catalogue,
        base_period=config.run.base,
        periods=config.run.periods,
        synthetic=config.run.synthetic,
        areas=areas,
        observations=observations,
        index=index,
        scores=contributions(weighed),
        scales=scales,
        population=_population(config, gathered, list(areas.index)),
        sources=source_notes(config),
        warnings=notes,
        provenance={
            **provenance(config, catalogue, areas, gathered, scales),
            "warnings": list(notes),
        },
    )


def check(config: Config | str | Path) -> list[str]:
    """Check a run without computing it: files, columns, codes, CRS and forbidden choices.

    Returns
    -------
    list of str
        What each file was understood to be.

    Raises
    ------
    GeolyftError
        The first thing that would stop the run.
    """
    if not isinstance(config, Config):
        config = load_config(config)
    for edition in editions(config):
        if not edition.path.exists():
            raise ConfigError(
                "run-path",
                f"file {brief(edition.path.name, 60)} of source {brief(edition.source.name)} "
                "does not exist",
                remedy="check the path; it starts from the run file's folder",
                where=config.file_name,
            )
    gathered = gather(config, read_areas(config))
    return [f"{i['path']}: {i['kind']}, {i['rows']} rows" for i in gathered.inputs]


def read_areas(config: Config) -> gpd.GeoDataFrame:
    """Return the polygons a run is for."""
    said = config.areas
    if said.division is not None:
        return load_areas(said.division)
    return load_areas(
        config.path(said.file or ""), code=said.code, name=said.name, layer=said.layer, crs=said.crs
    )


def deliver(
    publication: Publication,
    out: Path,
    *,
    crs: int | None = None,
    progress: Progress = no_progress,
) -> None:
    """Write a publication as a delivery, whole or not at all.

    Raises
    ------
    OutputError
        See `geolyft.export.delivery.new_delivery`.
    """
    from geolyft.export.webmap import write_map  # noqa: PLC0415 - folium is slow to import

    with new_delivery(out) as folder:
        progress("omradeslyft.gpkg", 0.85)
        write_geopackage(publication, folder / "omradeslyft.gpkg", crs=crs)
        write_observations(publication, folder / "resultat.parquet")
        write_observations(publication, folder / "resultat.csv")
        write_index(publication, folder / "index.csv")
        progress("karta.html", 0.95)
        write_map(publication, folder / "karta.html")
        write_manifest(folder, publication.provenance)


def _observe(
    config: Config, catalogue: Catalogue, areas: gpd.GeoDataFrame, gathered: Gathered
) -> pd.DataFrame:
    """Aggregate and protect; from here on nothing has seen an unprotected count."""
    raw = aggregate(
        pd.concat(gathered.counts, ignore_index=True),
        areas=list(areas.index),
        periods=config.run.periods,
        catalogue=catalogue,
    )
    observations = protect(raw, config.protection, exempt=config.exempt())
    if config.run.synthetic:
        status = observations["status"].map(lambda said: combine_status(said, "synthetic"))
        observations["status"] = status
    return observations


def _index_table(
    config: Config,
    areas: gpd.GeoDataFrame,
    combined: pd.DataFrame,
    ranks: pd.DataFrame,
    catalogue: Catalogue,
) -> pd.DataFrame:
    """Lay out a row per area and period, the city first, also where there is no index."""
    names = pd.concat([pd.Series({CITY: config.run.city}), areas["name"]])
    frame = pd.MultiIndex.from_product(
        [config.run.periods, names.index], names=["period", "area"]
    ).to_frame(index=False)
    everyone = combined[combined["sex"] == EVERYONE]
    table = frame.merge(everyone, on=["area", "period"], how="left")
    table = table.merge(ranks, on=["area", "period"], how="left")
    table["name"] = table["area"].map(names)
    table["n_indicators"] = table["n_indicators"].fillna(0).astype("int64")
    empty = combine_status("missing", "synthetic" if config.run.synthetic else "")
    table["status"] = table["status"].fillna(empty)
    dimensions = [dimension.code for dimension in catalogue.dimensions]
    return table[[*INDEX_COLUMNS, *dimensions, *INDEX_COLUMNS_AFTER]]


def _population(config: Config, gathered: Gathered, codes: Sequence[str]) -> pd.DataFrame:
    """Return published residents per area, the city's as the sum of all of them."""
    if not gathered.population:
        return pd.DataFrame({"area": [], "period": [], POPULATION: []})
    raw = pd.concat(gathered.population, ignore_index=True)
    city = raw.groupby(["period", "source"], as_index=False)[POPULATION].sum().assign(area=CITY)
    raw = pd.concat([raw[raw["area"] != RESIDUAL], city], ignore_index=True)
    exempt = raw["source"].isin(config.exempt())
    own = protect_counts(raw[POPULATION], config.protection, exempt=False)
    raw[POPULATION] = raw[POPULATION].where(exempt, own)
    order = raw["area"].map({code: n for n, code in enumerate([CITY, *codes])})
    ordered: pd.DataFrame = raw.assign(order=order).sort_values(
        ["period", "order"], ignore_index=True
    )
    return ordered[["area", "period", POPULATION]]
