"""One TOML file describes one run, checked whole before anything is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, PrivateAttr

from geolyft.action.access.exposure import ExposureSettings
from geolyft.action.access.settings import AccessSettings
from geolyft.action.settings import (
    AllocationSettings,
    EffectsSettings,
    EffortsSettings,
    EventsSettings,
    SituationSettings,
)
from geolyft.disclosure.protect import Protection, check_protection
from geolyft.divisions.crosswalks import CROSSWALKS
from geolyft.errors import ConfigError, Objection, brief
from geolyft.export.formats import check_formats
from geolyft.findings.against import AgainstSettings
from geolyft.findings.change import Break
from geolyft.findings.scb_index import SecondOpinion
from geolyft.form import Form, form_of, load_form
from geolyft.frames import CHILDREN, EVERYONE, POPULATION
from geolyft.index.means import reweigh
from geolyft.indicators.catalogue import Catalogue, Language, load_catalogue
from geolyft.indicators.lens import CHILD_LENS, Lens, every_lens
from geolyft.join.engine import check_engine
from geolyft.read.understand.files import refuse_remote
from geolyft.run_file.delivery import (
    DeliverySettings,
    MapSettings,
    PortalSettings,
    ReleasesSettings,
    check_output_crs,
)
from geolyft.run_file.sources import Source
from geolyft.run_file.tables import (
    AreasSettings,
    IndexSettings,
    InsideSettings,
    Run,
    TargetSettings,
    UncertaintySettings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.action.access.users import CountingSettings
    from geolyft.typed import RunFile


class Config(Form):
    """A whole run. Build one with `load_config`, or in code with the same names."""

    run: Run
    areas: AreasSettings
    index: IndexSettings = IndexSettings()
    protection: Protection = Protection()
    uncertainty: UncertaintySettings = UncertaintySettings()
    breaks: tuple[Break, ...] = Field(default=(), alias="break")
    target: TargetSettings | None = None
    delivery: DeliverySettings = DeliverySettings()
    map: MapSettings = MapSettings()
    portal: PortalSettings | None = None
    releases: ReleasesSettings | None = None
    inside: tuple[InsideSettings, ...] = ()
    second_opinion: SecondOpinion | None = None
    efforts: EffortsSettings | None = None
    allocation: AllocationSettings | None = None
    access: Annotated[tuple[AccessSettings, ...], Field(max_length=8)] = ()
    exposure: Annotated[tuple[ExposureSettings, ...], Field(max_length=8)] = ()
    against: Annotated[tuple[AgainstSettings, ...], Field(max_length=8)] = ()
    effects: EffectsSettings | None = None
    events: tuple[EventsSettings, ...] = ()
    lagesbild: SituationSettings = SituationSettings()
    lens: Annotated[tuple[Lens, ...], Field(max_length=8)] = ()
    sources: Annotated[tuple[Source, ...], Field(alias="source", min_length=1)]
    # Where the run file is, which no file says of itself.
    _path: Path = PrivateAttr(default=Path("run.toml"))

    def placed(self, path: Path) -> Config:
        """Return the run as read from a path, which relative paths in it start from."""
        placed = self.model_copy()
        placed._path = path  # noqa: SLF001 - its own class
        return placed

    @property
    def file(self) -> Path:
        """Where the run was read from."""
        return self._path

    @property
    def file_name(self) -> str:
        """The run file's name, for messages."""
        return self._path.name

    def path(self, file: str) -> Path:
        """Return where a file that the run names is.

        Raises
        ------
        ReadError
            ``read-remote``.
        """
        refuse_remote(file)
        return self._path.parent / file

    def in_language(self, lang: Language) -> Config:
        """Return the same run with outputs in another language."""
        return self.model_copy(update={"run": self.run.model_copy(update={"lang": lang})})

    @property
    def lenses(self) -> tuple[Lens, ...]:
        """The groups of residents that the run looks at, children first where any are counted."""
        children = any(source.children for source in self.sources)
        every = every_lens(self.lens, children=children, lang=self.run.lang)
        return tuple(each for each in every if each.counts_some)

    @property
    def people(self) -> list[str]:
        """The columns of a frame of people: residents, and those that each lens counts."""
        return list(dict.fromkeys([POPULATION, CHILDREN, *(each.column for each in self.lenses)]))

    @property
    def counting(self) -> tuple[CountingSettings, ...]:
        """Everything that counts users beside the index."""
        return (*self.access, *self.exposure)

    def exempt(self) -> set[str]:
        """Return the names of the sources that need no protection, or have it already."""
        protected = {source.name for source in self.sources if not source.is_open}
        return protected | {each.source for each in self.counting if not each.is_open}

    @property
    def counts_open(self) -> int:
        """How many sources, places and rasters count persons that nobody has protected."""
        sources = sum(each.is_open for each in self.sources)
        return sources + sum(each.is_open for each in self.counting)

    def known_groups(self) -> dict[tuple[str, str], list[str]]:
        """Return, by source and name, the groupings whose groups give nobody away, and bands."""
        return {
            (source.name, name): grouping.bands
            for source in self.sources
            for name, grouping in source.groups.items()
            if grouping.breaks or not source.is_open
        }

    def years_of(self, level: str) -> int:
        """Return how many editions the figures of a level are of together."""
        return next((each.years for each in self.inside if each.division == level), 1)

    def perturbed(self) -> set[str]:
        """Return the names of the sources of totals that their publisher has protected."""
        return {s.name for s in self.sources if s.protected_by and s.kind == "totals"}

    def catalogue(self) -> Catalogue:
        """Return the run's catalogue with its decided readings."""
        said = self.index.catalogue
        catalogue = load_catalogue(self.path(said) if isinstance(said, str) else said)
        return reweigh(catalogue.decide(self.index.readings), self.index.weights)


def load_config(source: str | Path | RunFile) -> Config:
    """Read a run file, and check it as far as it and its catalogue go.

    Parameters
    ----------
    source
        A TOML file, or a dict that says the same. Relative paths start from the file, or from
        where Python was started.

    Raises
    ------
    ConfigError
        ``run-file``, ``run-form``, ``run-indicator`` or ``run-minimum``.

    Examples
    --------
    >>> from geolyft.divisions.areas import demo_folder
    >>> load_config(demo_folder() / "run.toml").run.city
    'Malmö'
    """
    if isinstance(source, Mapping):
        config = form_of(Config, source, error=ConfigError, prefix="run", where="run")
    else:
        path = Path(source)
        config = load_form(Config, path, error=ConfigError, prefix="run").placed(path)
    check_config(config)
    return config


def check_config(config: Config) -> None:
    """Refuse a run whose parts contradict each other.

    Raises
    ------
    ConfigError
        ``run-indicator``, ``run-twice``, ``run-minimum`` or ``run-name``.
    DisclosureError
        ``protect-threshold``.
    """
    catalogue = config.catalogue()
    check_protection(config.protection, open_sources=config.counts_open, where=config.file_name)
    if config.run.crs is not None:
        check_output_crs(config.run.crs)
    check_formats(config.delivery.formats)
    check_engine(config.run.engine, config.run.scheduler, where=config.file_name)
    for code, what, remedy in _objections(config, catalogue):
        raise ConfigError(code, what, remedy=remedy, where=config.file_name)


def _objections(config: Config, catalogue: Catalogue) -> Iterator[Objection]:
    """Yield what speaks against a run, the plainest first."""
    yield from _objections_to_minimums(config.index, catalogue)
    yield from _objections_to_sources(config)
    yield from _objections_to_measures(config, catalogue)
    yield from _objections_to_names(config, catalogue)
    yield from _objections_to_lenses(config, catalogue)
    yield from _objections_to_counting(config, catalogue)
    yield from _objections_to_against(config)
    yield from _objections_to_levels(config)


def _objections_to_minimums(settings: IndexSettings, catalogue: Catalogue) -> Iterator[Objection]:
    largest = max(len(catalogue.of(d.code)) for d in catalogue.dimensions)
    limits = {"minimum_indicators": largest, "minimum_dimensions": len(catalogue.dimensions)}
    for name, limit in limits.items():
        value = getattr(settings, name)
        if value is not None and value > limit:
            what = f"{name} is {value}, the catalogue has {limit}"
            yield "run-minimum", what, f"set {name} to at most {limit}"


def _objections_to_sources(config: Config) -> Iterator[Objection]:
    names, periods = Counter(source.name for source in config.sources), config.run.periods
    for source in config.sources:
        name, unknown = brief(source.name), ", ".join(sorted(set(source.editions) - set(periods)))
        if names[source.name] > 1:
            yield "run-name", f"two sources are called {name}", "give each source its own name"
        if unknown and config.run.earlier is None:
            what = f"source {name} has editions {unknown}, which the run does not make"
            yield "run-name", what, f"use {', '.join(periods)}"


def _objections_to_measures(config: Config, catalogue: Catalogue) -> Iterator[Objection]:
    editions = [
        (source, period)
        for source in config.sources
        for period in config.run.periods
        if source.reference(period) is not None
    ]
    measured = [
        (m.indicator, period, m.sex) for source, period in editions for m in source.measures
    ]
    residents = [
        ("population", period, EVERYONE) for source, period in editions if source.population
    ]
    opinion = config.second_opinion
    named = {indicator for indicator, _, _ in measured} | set(opinion.indicators if opinion else ())
    named |= {config.allocation.share} if config.allocation else set()
    if unknown := sorted(named - set(catalogue.codes)):
        what = f"{brief(unknown[0])} is measured or named, and the catalogue lacks it"
        yield "run-indicator", what, f"use one of {', '.join(catalogue.codes)}"
    for (indicator, period, sex), times in Counter(measured + residents).items():
        if times > 1:
            what = f"{indicator} in {period} ({sex}) is measured {times} times"
            yield "run-twice", what, "keep one measure of each indicator, edition and sex"


def _objections_to_names(config: Config, catalogue: Catalogue) -> Iterator[Objection]:
    """Yield breaks and noise that speak of nothing: a slip of the pen would go unseen."""
    noise = config.uncertainty.noise
    indicators = {each.indicator for each in config.breaks} - {"*"}
    indicators |= {code for each in noise for code in each.indicators}
    indicators |= set(config.uncertainty.correlation.years_of)
    if unknown := sorted(indicators - set(catalogue.codes)):
        what = f"{brief(unknown[0])} of a break, noise or correlation is not in the catalogue"
        yield "run-indicator", what, f"use one of {', '.join(catalogue.codes)}"
    names = {source.name for source in config.sources}
    if nobody := sorted({each.source for each in noise} - names - {"*"}):
        what = f"noise speaks of the source {brief(nobody[0])}, which the run lacks"
        yield "run-name", what, "use the name of one of the run's sources"


def _objections_to_lenses(config: Config, catalogue: Catalogue) -> Iterator[Objection]:
    """Yield lenses that count nobody, and counts that are nobody's."""
    names = Counter(each.name for each in config.lens)
    codes = {*catalogue.codes, *(each.code for each in catalogue.dimensions)}
    if taken := sorted(name for name, n in names.items() if n > 1 or name in codes):
        what = f"the lens {brief(taken[0])} has the name of another lens or of the catalogue"
        yield "run-name", what, "give each lens a name of its own"
    counted = {name for source in config.sources for name in source.lens}
    said = {each.column for each in config.lens if each.counts_some} - {CHILDREN}
    if alone := sorted(said ^ counted):
        known = f"[[lens]] and lens.{alone[0]} of a source"
        what = f"the lens {brief(alone[0])} is in only one of {known}"
        yield "run-name", what, "say what it is called in the one and whom it counts in the other"
    if CHILD_LENS.name in names and not any(source.children for source in config.sources):
        what = "no source counts the children of the lens 'barn'"
        yield "run-name", what, "give a source children"


def _objections_to_counting(config: Config, catalogue: Catalogue) -> Iterator[Objection]:
    """Yield kinds of places, and rasters, that are called as something else of the run."""
    codes = Counter(each.code for each in config.counting)
    known = {*catalogue.codes, *(each.code for each in catalogue.dimensions), *config.people}
    known |= {source.name for source in config.sources}
    taken = {code for code, n in codes.items() if n > 1 or code in known}
    taken |= {each.code for each in config.counting if each.source in known}
    for code in sorted(taken):
        what = f"access or exposure has the code {brief(code)} of another, an indicator or a source"
        yield "run-name", what, "give each kind of place, and each raster, a code of its own"


def _objections_to_against(config: Config) -> Iterator[Objection]:
    """Yield further figures that are called alike, or are of nothing that the run counts."""
    codes = Counter(each.code for each in config.against)
    for code in sorted(code for code, n in codes.items() if n > 1):
        what = f"against has the code {brief(code)} {codes[code]} times"
        yield "run-name", what, "give each figure a code of its own"
    for kind in ("access", "exposure"):
        known = [each.code for each in getattr(config, kind)]
        for each in config.against:
            code = getattr(each, kind)
            if code is not None and code not in known:
                what = f"against names the {kind} {brief(code)}, which the run lacks"
                remedy = f"use one of {', '.join(known)}" if known else f"add [[{kind}]]"
                yield "run-name", what, remedy


def _objections_to_levels(config: Config) -> Iterator[Objection]:
    for inside in config.inside:
        name, leads_to = inside.crosswalk, CROSSWALKS[inside.crosswalk][1]
        if leads_to != config.areas.division:
            what = f"inside: crosswalk {name} leads to {leads_to}, not to the run's areas"
            yield "join-targets", what, "use a crosswalk to the division of the run"
        if inside.years > len(config.run.periods):
            what = f"inside: {inside.years} years are pooled, and the run has fewer editions"
            yield "inside-years", what, f"pool {len(config.run.periods)} at most"
    last = config.run.periods[-1]
    if config.target and last.isdigit() and config.target.year <= int(last):
        what = f"the target year {config.target.year} is not after the last edition {last}"
        yield "targets-year", what, "choose a later year"
