"""A run carries an earlier delivery on: its periods come first, as they were published.

What is computed from them, the index above all, is computed anew together with the new periods, on
the scales of the earlier delivery. Its figures themselves are never made, protected or rounded
again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from pydantic import BaseModel, Field, ValidationError

from geolyft.certainty.errors.counted import COUNTED_COLUMNS, no_correlations
from geolyft.certainty.errors.splits import Splits
from geolyft.certainty.noise import PARTS_COLUMNS, Noise
from geolyft.disclosure.door import GROUP_KEY
from geolyft.disclosure.together.pairs import PAIR
from geolyft.errors import ConfigError, Objection, OutputError, ReadError, brief
from geolyft.export.publication import SourceNote
from geolyft.findings.change import Break
from geolyft.findings.levels import INSIDE
from geolyft.frames import CITY, check_observations
from geolyft.index.scales import read_scales
from geolyft.indicators.catalogue import Catalogue
from geolyft.pipeline.account.provenance import digest
from geolyft.pipeline.scoring.score import Figures
from geolyft.read.delivery import UNREADABLE, Delivery
from geolyft.run_file.tables import IndexSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from geolyft.run_file.config import Config

_METHOD: Final = ("normalisation", "aggregation", "minimum_indicators", "minimum_dimensions")


class _Definition(BaseModel):
    base_period: str
    index: IndexSettings
    catalogue: Catalogue


class _Division(BaseModel):
    level: str
    sha256: str
    crosswalks: dict[str, str]


class _Correlation(BaseModel):
    counted: tuple[dict[str, str | float], ...]


class _Uncertainty(BaseModel):
    correlation: _Correlation
    noise: tuple[Noise, ...]
    parts: tuple[dict[str, str | int | float | None], ...]
    splits: dict[str, tuple[dict[str, str | float], ...]]


class PublishedManifest(BaseModel):
    """What a later delivery needs of an earlier one's manifest."""

    periods: tuple[str, ...] = Field(min_length=1)
    synthetic: bool
    definition: _Definition
    division: _Division
    uncertainty: _Uncertainty
    breaks: tuple[Break, ...]
    sources: tuple[SourceNote, ...]
    inputs: tuple[dict[str, Any], ...]
    ledger: tuple[dict[str, Any], ...]
    earlier: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A delivery that a run carries on; the figures of its tables `inside` are nowhere else."""

    folder: str
    digest: str
    manifest: PublishedManifest
    figures: Figures
    inside: Mapping[str, pd.DataFrame]


def read_earlier(config: Config, catalogue: Catalogue, areas: gpd.GeoDataFrame) -> Earlier | None:
    """Return the delivery that a run carries on, or nothing where it names none.

    Raises
    ------
    ReadError
        ``verify-manifest`` when the folder is no delivery, ``earlier-damaged`` when its files are
        not the ones in its manifest, ``earlier-lacks`` when it has not what a later one needs.
    ConfigError
        ``earlier-period``, ``earlier-division``, ``earlier-definition``, ``earlier-synthetic``,
        ``earlier-base`` or ``earlier-scales`` when the two do not fit together, ``run-name`` when
        a source has an edition of neither.
    IndexComputationError
        See `geolyft.index.scales.read_scales`.
    """
    if config.run.earlier is None:
        return None
    delivery = Delivery(config.path(config.run.earlier).resolve())
    _check_intact(delivery)
    earlier = read_published(delivery)
    for code, what, remedy in _objections(config, earlier, areas):
        raise ConfigError(code, what, remedy=remedy, where=config.file_name)
    read_scales(delivery.folder, catalogue)
    _check_definition(config, catalogue, earlier)
    return earlier


def check_outside(config: Config, out: Path) -> None:
    """Refuse to write into the delivery that a run carries on.

    Raises
    ------
    OutputError
        ``output-occupied``.
    """
    folder = config.run.earlier
    if folder is not None and out.resolve().is_relative_to(config.path(folder).resolve()):
        what = "is the earlier delivery that the run carries on, or lies in it"
        raise OutputError("output-occupied", what, remedy="choose another --out", where=out.name)


def whole_run(config: Config, earlier: Earlier | None) -> Config:
    """Return the run as it would be had it made all periods, on the earlier delivery's scales."""
    if earlier is None:
        return config
    then = earlier.manifest
    run = {
        "periods": (*then.periods, *config.run.periods),
        "base_period": then.definition.base_period,
    }
    return config.model_copy(
        update={
            "run": config.run.model_copy(update=run),
            "index": config.index.model_copy(update={"scales": config.run.earlier}),
            # A break stays one, also when the later run file forgets it.
            "breaks": tuple(dict.fromkeys((*then.breaks, *config.breaks))),
        }
    )


def follow(earlier: Earlier | None, figures: Figures, config: Config) -> Figures:
    """Return a run's own figures after those of the delivery that it carries on."""
    if earlier is None:
        return figures
    then = earlier.figures
    groups = _joined(then.groups, figures.groups)
    names = {"*", *(source.name for source in config.sources)}
    return Figures(
        observations=check_observations(_joined(then.observations, figures.observations)),
        people=_joined(then.people, figures.people),
        groups=groups.sort_values(GROUP_KEY, ignore_index=True),
        parts=_joined(then.parts, figures.parts).drop_duplicates(["source", "area"]),
        splits=then.splits.then(figures.splits),
        # Who is in figures of both nobody can tell: the earlier rows are not here.
        counted=_joined(then.counted, figures.counted)
        .drop_duplicates(PAIR)
        .sort_values(PAIR, ignore_index=True),
        # What the run says of a source holds for its earlier figures too; of sources that it no
        # longer has, what was said then.
        noise=(*figures.noise, *(each for each in then.noise if each.source not in names)),
    )


def all_sources(earlier: Earlier | None, notes: Sequence[SourceNote]) -> tuple[SourceNote, ...]:
    """Return the run's sources, and those of the delivery that it carries on.

    Examples
    --------
    >>> all_sources(None, [SourceNote(name="SCB", references=("2024",))])[0].references
    ('2024',)
    """
    then = {each.name: each for each in earlier.manifest.sources} if earlier else {}
    both = []
    for each in notes:
        before = then.pop(each.name, each)
        indicators = tuple(sorted({*before.indicators, *each.indicators}))
        references = tuple(sorted({*before.references, *each.references}))
        both.append(replace(each, indicators=indicators, references=references))
    return (*both, *then.values())


def record(
    earlier: Earlier | None,
    content: Mapping[str, Any],
    whole: Config,
    sources: Sequence[SourceNote],
) -> dict[str, Any]:
    """Return a manifest's content with what a later delivery needs, and where all comes from.

    Parameters
    ----------
    content
        What `geolyft.pipeline.account.provenance.provenance` says of the run itself.
    """
    more = {
        "periods": list(whole.run.periods),
        "breaks": [each.model_dump(mode="json") for each in whole.breaks],
        "sources": [asdict(each) for each in sources],
        "earlier": [],
    }
    if earlier is None:
        return {**content, **more}
    then = earlier.manifest
    link = {"folder": earlier.folder, "sha256": earlier.digest, "periods": list(then.periods)}
    crosswalks = {**then.division.crosswalks, **content["division"]["crosswalks"]}
    return {
        **content,
        **more,
        "definition": {**content["definition"], "base_period": whole.run.base},
        "division": {**content["division"], "crosswalks": crosswalks},
        "inputs": [*then.inputs, *content["inputs"]],
        "ledger": [*then.ledger, *content["ledger"]],
        "earlier": [*then.earlier, link],
    }


def _joined(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Put one table after the other; an empty one has no say in the columns' types."""
    full = [each for each in (first, second) if len(each)]
    return pd.concat(full, ignore_index=True) if full else second


def _check_intact(delivery: Delivery) -> None:
    files = delivery.verify()
    wrong = [*files.changed, *files.missing, *files.unlisted]
    if wrong:
        raise ReadError(
            "earlier-damaged",
            f"{len(wrong)} files of the earlier delivery are changed, missing or not its own, "
            f"first {brief(wrong[0], 60)}",
            remedy="see geolyft verify, and get the delivery again as it was made",
            where=delivery.folder.name,
        )


def read_published(delivery: Delivery) -> Earlier:
    """Read what a delivery published, and all that a later run needs of it.

    Raises
    ------
    ReadError
        ``earlier-lacks``.
    """
    try:
        manifest = PublishedManifest.model_validate(delivery.manifest)
        figures = Figures(
            observations=check_observations(delivery.observations),
            people=delivery.people,
            groups=delivery.table("grupper", GROUP_KEY),
            parts=pd.DataFrame(list(manifest.uncertainty.parts), columns=PARTS_COLUMNS),
            splits=Splits.of_records(manifest.uncertainty.splits),
            counted=_counted(manifest.uncertainty.correlation),
            noise=manifest.uncertainty.noise,
        )
        inside = {name: delivery.table(name) for name in INSIDE}
    except UNREADABLE as problem:
        what = "manifest.json" if isinstance(problem, ValidationError) else "a table"
        raise ReadError(
            "earlier-lacks",
            f"{what} of the earlier delivery is not what this version of geolyft writes",
            remedy="make the earlier delivery again with this version",
            where=delivery.folder.name,
        ) from None
    return Earlier(
        folder=delivery.folder.name,
        digest=delivery.digest,
        manifest=manifest,
        figures=figures,
        inside=inside,
    )


def _counted(said: _Correlation) -> pd.DataFrame:
    table = pd.DataFrame(list(said.counted), columns=COUNTED_COLUMNS)
    return table.astype(no_correlations().dtypes)


def _objections(config: Config, earlier: Earlier, areas: gpd.GeoDataFrame) -> Iterator[Objection]:
    """Yield what speaks against carrying a delivery on, the plainest first."""
    yield from _objections_to_periods(config, earlier.manifest)
    yield from _objections_to_scales(config, earlier.manifest)
    yield from _objections_to_areas(config, earlier, areas)


def _objections_to_periods(config: Config, then: PublishedManifest) -> Iterator[Objection]:
    run, known = config.run, {*then.periods, *config.run.periods}
    both = [period for period in run.periods if period in then.periods]
    if both:
        remedy = "leave them out of periods; what is published is not made again"
        yield "earlier-period", f"{len(both)} periods are in both, first {both[0]}", remedy
    elif then.periods[-1] > run.periods[0]:
        what = (
            f"the earlier delivery goes to {then.periods[-1]}, the run starts at {run.periods[0]}"
        )
        yield "earlier-period", what, "make all periods in one run"
    if then.synthetic != run.synthetic:
        kinds = ("real", "synthetic")
        what = f"the earlier delivery is {kinds[then.synthetic]}, the run {kinds[run.synthetic]}"
        yield "earlier-synthetic", what, "keep made-up and real figures apart"
    for source in config.sources:
        if not known.issuperset(source.editions):
            what = f"source {brief(source.name)} has editions that neither delivery makes"
            yield "run-name", what, f"use {', '.join(sorted(known))}"


def _objections_to_scales(config: Config, then: PublishedManifest) -> Iterator[Objection]:
    run, scales, base = config.run, config.index.scales, then.definition.base_period
    if run.base_period not in ("", base):
        what = f"base_period is {run.base_period}, and the earlier delivery's {base}"
        yield "earlier-base", what, "leave base_period out"
    folder = config.path(str(run.earlier)).resolve()
    if scales is not None and config.path(scales).resolve() != folder:
        what = f"scales are to be kept from {brief(scales)} and not from the earlier delivery"
        yield "earlier-scales", what, "leave scales out"


def _objections_to_areas(
    config: Config, earlier: Earlier, areas: gpd.GeoDataFrame
) -> Iterator[Objection]:
    then, now = earlier.manifest.division, config.areas.word
    remedy = "use the earlier delivery's areas, or make all periods in one run"
    codes = set(earlier.figures.observations["area"]) - {CITY}
    alone = sorted(codes.symmetric_difference(areas.index))
    if alone:
        what = f"{len(alone)} areas are in the run or the earlier delivery only, first "
        yield "earlier-division", what + brief(alone[0]), remedy
    elif then.sha256 != digest(areas):
        what = f"names or borders of the {len(areas)} areas are not the earlier delivery's"
        yield "earlier-division", what, remedy
    elif then.level != now:
        what = f"an area is called {now}, and {then.level} in the earlier delivery's layers"
        yield "earlier-division", what, f"set level to {then.level}"


def _check_definition(config: Config, catalogue: Catalogue, earlier: Earlier) -> None:
    """Refuse an index made in another way; that it counts the same is checked with its scales."""
    definition = earlier.manifest.definition
    then, now = _method(definition.catalogue, definition.index), _method(catalogue, config.index)
    differs = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    if differs:
        what = f"{len(differs)} parts of the index are not what they were, first {differs[0]}"
        remedy = "use the earlier run's [index] and catalogue, or make all periods in one run"
        raise ConfigError("earlier-definition", what, remedy=remedy, where=config.file_name)


def _method(catalogue: Catalogue, index: IndexSettings) -> dict[str, object]:
    """Return what the index depends on, by name; titles and notes are none of it."""
    return {
        **{name: getattr(index, name) for name in _METHOD},
        "the order of dimensions": [each.code for each in catalogue.dimensions],
        "the order of indicators": catalogue.codes,
        **{each.code: each.weight for each in catalogue.dimensions},
        **{each.code: (each.dimension, each.weight, each.lag) for each in catalogue.indicators},
    }
