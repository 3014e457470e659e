"""The stages of a run, in order: gather, aggregate, protect, score, combine, publish."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.aggregate import aggregate
from geolyft.analysis import HOW_SURE_COLUMNS, Inner, Scored, analyse, how_sure, run_noise, stories
from geolyft.boundaries import load_areas
from geolyft.carry import carry_forward
from geolyft.composite import combine, contributions, fit_scales, rebase, score, weigh
from geolyft.config import Config, load_config
from geolyft.crosswalks import load_crosswalk
from geolyft.disclosure import protect, protect_counts
from geolyft.errors import ConfigError, GeolyftWarning, brief
from geolyft.export.delivery import check_destination, new_delivery, write_manifest
from geolyft.export.geopackage import write_geopackage
from geolyft.export.publication import (
    INDEX_COLUMNS,
    INDEX_COLUMNS_AFTER,
    Publication,
)
from geolyft.export.tables import write_index, write_observations, write_tables
from geolyft.frames import CITY, EVERYONE, RESIDUAL, combine_status
from geolyft.gather import Level, Progress, editions, gather, no_progress
from geolyft.gathered import CHILDREN, POPULATION, Gathered
from geolyft.groups import shares_by_group
from geolyft.noise import intervals
from geolyft.normalise import normalise
from geolyft.notes import notes_on
from geolyft.provenance import provenance, source_notes
from geolyft.scales import read_scales
from geolyft.sensitivity import rank_ranges

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
        check_destination(Path(out), inputs=[config.file, *(e.path for e in editions(config))])
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
    inner = (Level(name=said.division, areas=load_areas(said.division)) for said in config.inside)
    levels = [Level(name="", areas=areas), *inner]
    # Reading and placing is most of the work; explaining and writing is the rest.
    gathered, *inside = gather(
        config, levels, progress=lambda step, share: progress(step, 0.7 * share)
    )
    progress("index", 0.7)
    scored = score_gathered(config, catalogue, areas, gathered)
    small = [
        Inner(
            level=level.name,
            scored=score_gathered(config, catalogue, level.areas, own, scales=scored.scales),
            walk=load_crosswalk(said.crosswalk),
        )
        for said, level, own in zip(config.inside, levels[1:], inside, strict=True)
    ]
    tables = analyse(config, scored, small=small)
    index = _index_table(config, areas, scored, tables)
    notes = notes_on(config, catalogue, scored.observations, index)
    made_from = provenance(config, catalogue, areas, gathered, scored.scales)
    return Publication(
        title=config.run.title,
        city=config.run.city,
        lang=config.run.lang,
        division=config.areas.level or config.areas.division or "omrade",
        catalogue=catalogue,
        base_period=_base(config, scored),
        periods=config.run.periods,
        synthetic=config.run.synthetic,
        areas=areas,
        observations=scored.observations,
        index=index,
        scores=_explained(config, scored),
        scales=scored.scales,
        population=scored.people[["area", "period", POPULATION]],
        sources=source_notes(config),
        tables=tables,
        stories=stories(config, scored, tables),
        warnings=notes,
        provenance={**made_from, "warnings": list(notes)},
    )


def score_gathered(
    config: Config,
    catalogue: Catalogue,
    areas: gpd.GeoDataFrame,
    gathered: Gathered,
    *,
    scales: pd.DataFrame | None = None,
) -> Scored:
    """Aggregate, protect, score and combine what was gathered on one level.

    Parameters
    ----------
    scales
        Scales that are fitted already; by default those of an earlier delivery the run names, or
        new ones.
    """
    said = config.index
    observations = _observe(config, catalogue, areas, gathered)
    if config.run.carry:
        observations = carry_forward(observations, config.run.periods, oldest=config.run.carry)
    parts = gathered.parts()
    noise = run_noise(config)
    observations = observations.assign(**intervals(observations, noise, parts))
    if scales is None and said.scales:
        scales = read_scales(config.path(said.scales), catalogue)
    if scales is None:
        scales = fit_scales(observations, catalogue, base_period=config.run.base)
    scores = (
        score(observations, scales)
        if said.normalisation == "goalpost"
        else normalise(observations, catalogue, said.normalisation, base_period=config.run.base)
    )
    weighed = weigh(
        scores,
        catalogue,
        minimum_indicators=said.minimum_indicators,
        minimum_dimensions=said.minimum_dimensions,
    )
    index = combine(weighed, catalogue, how=said.aggregation)
    if said.normalisation != "goalpost":
        index = rebase(index, catalogue, base_period=config.run.base)
    return Scored(
        catalogue=catalogue,
        observations=observations,
        scales=scales,
        scores=scores,
        weighed=weighed,
        index=index,
        people=_people(config, gathered, list(areas.index)),
        parts=parts,
        groups=_by_group(config, gathered),
    )


def _base(config: Config, scored: Scored) -> str:
    """Return the period in which the city is 100: that of the scales, where these are kept."""
    kept = scored.scales["base_period"]
    return str(kept.iloc[0]) if config.index.scales and len(kept) else config.run.base


def _explained(config: Config, scored: Scored) -> pd.DataFrame:
    """Return what each indicator gives the index; only the default index is such a sum."""
    explained = contributions(scored.weighed)
    if config.index.comparable:
        return explained
    return explained.assign(contribution=float("nan"), difference=float("nan"))


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
    (gathered,) = gather(config, [Level(name="", areas=read_areas(config))])
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
        write_tables(publication, folder / "tabeller")
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
    config: Config, areas: gpd.GeoDataFrame, scored: Scored, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Lay out a row per area and period, the city first, also where there is no index."""
    key = ["area", "period"]
    names = pd.concat([pd.Series({CITY: config.run.city}), areas["name"]])
    table = pd.MultiIndex.from_product(
        [config.run.periods, names.index], names=["period", "area"]
    ).to_frame(index=False)
    combined = scored.index[scored.index["sex"] == EVERYONE]
    ranks = rank_ranges(
        scored.scores,
        scored.catalogue,
        config.index.aggregation,
        minimum_indicators=config.index.minimum_indicators,
        minimum_dimensions=config.index.minimum_dimensions,
    )
    for more in (combined, ranks, how_sure(tables)):
        table = table.merge(more, on=key, how="left")
    table["name"] = table["area"].map(names)
    table["n_indicators"] = table["n_indicators"].fillna(0).astype("int64")
    empty = combine_status("missing", "synthetic" if config.run.synthetic else "")
    table["status"] = table["status"].fillna(empty)
    dimensions = [dimension.code for dimension in scored.catalogue.dimensions]
    return table[[*INDEX_COLUMNS, *dimensions, *INDEX_COLUMNS_AFTER, *HOW_SURE_COLUMNS]]


def _by_group(config: Config, gathered: Gathered) -> pd.DataFrame:
    """Return the published figures of every grouping; nothing finer has left the registers."""
    made = [
        shares_by_group(of, column="group").assign(source=source, group_by=name)
        for (source, name), of in _groupings(gathered)
    ]
    if not made:
        return pd.DataFrame(columns=["area", "period", "indicator", "group_by", "group"])
    table = pd.concat(made, ignore_index=True)
    table = protect(table, config.protection, exempt=config.exempt())
    if config.run.synthetic:
        table["status"] = table["status"].map(lambda said: combine_status(said, "synthetic"))
    key = ["area", "period", "indicator", "group_by", "group"]
    return table.sort_values(key, ignore_index=True)[[*key, *table.columns.difference(key)]]


def _groupings(gathered: Gathered) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    if gathered.groups:
        counts = pd.concat(gathered.groups, ignore_index=True)
        for (source, name), of in counts.groupby(["source", "group_by"]):
            yield (str(source), str(name)), of


def _people(config: Config, gathered: Gathered, codes: Sequence[str]) -> pd.DataFrame:
    """Return published residents and children per area, the city's as the sum of all of them."""
    counts = [POPULATION, CHILDREN]
    if not gathered.people:
        return pd.DataFrame(columns=["area", "period", *counts]).astype(
            dict.fromkeys(counts, float)
        )
    raw = pd.concat(gathered.people, ignore_index=True).reindex(
        columns=["area", "period", "source", *counts]
    )
    by_source = raw.groupby(["period", "source"], as_index=False)[counts]
    city = by_source.sum(min_count=1).assign(area=CITY)
    raw = pd.concat([raw[raw["area"] != RESIDUAL], city], ignore_index=True)
    exempt = raw["source"].isin(config.exempt())
    for name in counts:
        own = protect_counts(raw[name], config.protection, exempt=False)
        raw[name] = raw[name].where(exempt, own)
    order = raw["area"].map({code: n for n, code in enumerate([CITY, *codes])})
    ordered: pd.DataFrame = raw.assign(order=order).sort_values(
        ["period", "order"], ignore_index=True
    )
    return ordered[["area", "period", *counts]]
