"""One TOML file describes one run, checked whole before anything is read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import Field, PrivateAttr

from geolyft.disclosure.protect import Protection, check_protection
from geolyft.divisions.crosswalks import CROSSWALKS
from geolyft.errors import ConfigError, brief
from geolyft.export.formats import check_formats
from geolyft.findings.change import Break
from geolyft.findings.scb_index import SecondOpinion
from geolyft.form import Form, load_form
from geolyft.frames import EVERYONE
from geolyft.index.means import reweigh
from geolyft.indicators.catalogue import Catalogue, Language, load_catalogue
from geolyft.run_file.delivery import DeliverySettings, PortalSettings, check_output_crs
from geolyft.run_file.sources import Source
from geolyft.run_file.tables import (
    AreasSettings,
    IndexSettings,
    InsideSettings,
    Run,
    TargetSettings,
    UncertaintySettings,
)


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
    portal: PortalSettings | None = None
    inside: tuple[InsideSettings, ...] = ()
    second_opinion: SecondOpinion | None = None
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
        """Return where a file that the run names is."""
        return self._path.parent / file

    def in_language(self, lang: Language) -> Config:
        """Return the same run with outputs in another language."""
        return self.model_copy(update={"run": self.run.model_copy(update={"lang": lang})})

    def exempt(self) -> set[str]:
        """Return the names of the sources that need no protection, or have it already."""
        return {source.name for source in self.sources if not source.is_open}

    def catalogue(self) -> Catalogue:
        """Return the run's catalogue with its decided readings."""
        file = self.index.catalogue
        catalogue = load_catalogue(self.path(file) if file else None)
        return reweigh(catalogue.decide(self.index.readings), self.index.weights)


def load_config(path: str | Path) -> Config:
    """Read a run file, and check it as far as it and its catalogue go.

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
    path = Path(path)
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
    open_sources = len(config.sources) - len(config.exempt())
    check_protection(config.protection, open_sources=open_sources, where=config.file_name)
    if config.run.crs is not None:
        check_output_crs(config.run.crs)
    check_formats(config.delivery.formats)
    _check_minimums(config, catalogue)
    _check_sources(config)
    _check_measures(config, catalogue)
    _check_names(config, catalogue)
    _check_levels(config)


def _check_measures(config: Config, catalogue: Catalogue) -> None:
    measured = [
        (measure.indicator, period, measure.sex)
        for source in config.sources
        for measure in source.measures
        for period in config.run.periods
        if source.reference(period) is not None
    ]
    residents = [
        ("population", period, EVERYONE)
        for source in config.sources
        for period in config.run.periods
        if source.population and source.reference(period) is not None
    ]
    opinion = config.second_opinion
    named = {indicator for indicator, _, _ in measured} | set(opinion.indicators if opinion else ())
    unknown = sorted(named - set(catalogue.codes))
    if unknown:
        raise _refusal(
            config,
            "run-indicator",
            f"{brief(unknown[0])} is measured or named, and the catalogue lacks it",
            f"use one of {', '.join(catalogue.codes)}",
        )
    for key, times in Counter(measured + residents).items():
        if times > 1:
            raise _refusal(
                config,
                "run-twice",
                f"{key[0]} in {key[1]} ({key[2]}) is measured {times} times",
                "keep one measure of each indicator, edition and sex",
            )


def _check_names(config: Config, catalogue: Catalogue) -> None:
    """Refuse breaks and noise that speak of nothing: a slip of the pen would go unseen."""
    noise = config.uncertainty.noise
    indicators = {each.indicator for each in config.breaks} - {"*"}
    indicators |= {code for each in noise for code in each.indicators}
    unknown = sorted(indicators - set(catalogue.codes))
    if unknown:
        raise _refusal(
            config,
            "run-indicator",
            f"a break or noise speaks of {brief(unknown[0])}, which the catalogue lacks",
            f"use one of {', '.join(catalogue.codes)}",
        )
    names = {source.name for source in config.sources}
    nobody = sorted({each.source for each in noise} - names - {"*"})
    if nobody:
        raise _refusal(
            config,
            "run-name",
            f"noise speaks of the source {brief(nobody[0])}, which the run lacks",
            "use the name of one of the run's sources",
        )


def _check_levels(config: Config) -> None:
    for inside in config.inside:
        leads_to = CROSSWALKS[inside.crosswalk][1]
        if leads_to != config.areas.division:
            raise _refusal(
                config,
                "join-targets",
                f"inside: crosswalk {inside.crosswalk} leads to {leads_to}, not to the run's areas",
                "use a crosswalk to the division of the run",
            )
    last = config.run.periods[-1]
    if config.target and last.isdigit() and config.target.year <= int(last):
        raise _refusal(
            config,
            "targets-year",
            f"the target year {config.target.year} is not after the last edition {last}",
            "choose a later year",
        )


def _check_minimums(config: Config, catalogue: Catalogue) -> None:
    settings = config.index
    largest = max(len(catalogue.of(d.code)) for d in catalogue.dimensions)
    for name, value, limit in (
        ("minimum_indicators", settings.minimum_indicators, largest),
        ("minimum_dimensions", settings.minimum_dimensions, len(catalogue.dimensions)),
    ):
        if value is not None and value > limit:
            raise _refusal(
                config,
                "run-minimum",
                f"{name} is {value}, the catalogue has {limit}",
                f"set {name} to at most {limit}",
            )


def _check_sources(config: Config) -> None:
    names = [source.name for source in config.sources]
    for source in config.sources:
        if names.count(source.name) > 1:
            raise _refusal(
                config,
                "run-name",
                f"two sources are called {brief(source.name)}",
                "give each source its own name",
            )
        unknown = set(source.editions) - set(config.run.periods)
        if unknown and config.run.earlier is None:
            raise _refusal(
                config,
                "run-name",
                f"source {brief(source.name)} has editions {', '.join(sorted(unknown))}, "
                "which the run does not make",
                f"use {', '.join(config.run.periods)}",
            )


def _refusal(config: Config, code: str, what: str, remedy: str) -> ConfigError:
    return ConfigError(code, what, remedy=remedy, where=config.file_name)
