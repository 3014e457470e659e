"""A run is checked without writing it, and says what its files were understood to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geolyft.errors import ConfigError, brief
from geolyft.pipeline.access.users import count_users, parted
from geolyft.pipeline.around.action import check_allocation
from geolyft.pipeline.around.beside import read_beside
from geolyft.pipeline.around.effects import check_kept, check_plans, published_of
from geolyft.pipeline.counting.gather import editions
from geolyft.pipeline.counting.totals.closing import with_estimated_noise
from geolyft.pipeline.earlier import read_earlier
from geolyft.pipeline.levels import count_levels, levels_of, read_areas, score_levels
from geolyft.pipeline.scoring.score import figures_of, protect_levels
from geolyft.read import said_of
from geolyft.run_file.config import Config, load_config

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geolyft.typed import RunFile


_WHY: Final = {
    "where": "rows by where",
    "leave_out": "codes by leave_out",
    "sums": "sums of others",
    "elsewhere": "codes of other regions",
    "other_year": "codes of another year",
}


def check(config: Config | RunFile | str | Path) -> list[str]:
    """Check a run without writing it: files, columns, codes, CRS, forbidden choices and figures.

    All is read, counted, protected and scored; what explains a result is not computed.

    Returns
    -------
    list of str
        What the earlier delivery and each file were understood to be.

    Raises
    ------
    GeolyftError
        The first thing that would stop the run.

    Examples
    --------
    >>> import warnings
    >>> from geolyft.divisions.areas import demo_folder
    >>> with warnings.catch_warnings(action="ignore"):
    ...     said = check(demo_folder() / "run.toml")
    >>> said[0].partition(";")[0]
    'turnout2022.csv: csv, 210 rows'
    """
    return [sentence(each) for each in inspect(config)]


def inspect(config: Config | RunFile | str | Path) -> list[dict[str, Any]]:
    """Check a run as `check` does, and return what it understood, ready for JSON.

    Returns
    -------
    list of dict
        A record per file: what it was read as, which rows do not count, how its codes were matched
        or its points placed. Numbers of persons nobody has protected are those of the manifest:
        rounded, or none.

    Raises
    ------
    GeolyftError
        As `check`.
    """
    if not isinstance(config, Config):
        config = load_config(config)
    areas, catalogue = read_areas(config), config.catalogue()
    earlier = read_earlier(config, catalogue, areas)
    beside = read_beside(config, areas)
    check_kept(config, beside.plans)
    _refuse_absent(config)
    levels = levels_of(config, areas)
    config, estimates = with_estimated_noise(config, list(editions(config)))
    levels, gathered, memory = count_levels(config, levels)
    reached = count_users(config, levels)
    published = protect_levels(
        config, catalogue, levels, gathered, memory, beside=reached.observations
    )
    published, _ = parted(config, published)
    figures = [figures_of(config, *each) for each in zip(gathered, published, strict=True)]
    scored, small = score_levels(config, catalogue, levels, figures, earlier)
    check_allocation(config, areas, scored)
    check_plans(beside.plans, published_of(scored, small))
    records: list[dict[str, Any]] = [*gathered[0].inputs, *reached.inputs, *beside.inputs(config)]
    records += [{**estimate, "kind": "noise"} for estimate in estimates]
    if earlier is None:
        return records
    periods = list(earlier.manifest.periods)
    return [{"path": earlier.folder, "kind": "delivery", "periods": periods}, *records]


def _refuse_absent(config: Config) -> None:
    for edition in editions(config):
        for absent in (file for file in edition.files if not file.exists()):
            raise ConfigError(
                "run-path",
                f"file {brief(absent.name, 60)} of source {brief(edition.source.name)} "
                "does not exist",
                remedy="check the path; it starts from the run file's folder",
                where=config.file_name,
            )


def sentence(read: Mapping[str, Any]) -> str:
    """Return a record of `inspect` as one plain line."""
    if read["kind"] == "delivery":
        return f"{read['path']}: delivery, {', '.join(read['periods'])}"
    if read["kind"] == "noise":
        told = f"noise of {read['sd']:.2f} per cell, from {read['rows']} sums of {read['cells']}"
        return f"{read['path']}: {told} cells against {read['total']}"
    first = f"{read['path']}: {read['kind']}, {_count(read['rows'])} rows"
    same = [f"same rows as for {period}" for period in read.get("same_rows_as", ())]
    return "; ".join([first, *said_of(read), *same, *_on_places(read.get("placed", {}))])


def _on_places(placed: Mapping[str, Any]) -> Iterator[str]:
    """Yield how points were placed, or codes matched, as far as it is not the plain way."""
    if "outside" in placed:
        outside, unplaced = (_said(placed[name]) for name in ("outside", "unplaced"))
        yield f"points outside {outside}, unplaced {unplaced}"
    for name, how in (("matched", "area codes by"), ("left_out", "left out")):
        counted = [f"{n} {_WHY.get(why, why)}" for why, n in placed.get(name, {}).items()]
        if counted:
            yield f"{how}: {', '.join(counted)}"


def _said(number: int | None) -> str:
    # A number that is hidden need not be small: one of few is never hidden alone.
    return "not said" if number is None else str(number)


def _count(number: int | None) -> str:
    return "a few" if number is None else str(number)
