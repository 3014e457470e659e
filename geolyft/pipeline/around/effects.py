"""What a run says of effects: the plans, read before anything is counted, and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.action.effects.panel import Published, panel_of
from geolyft.action.effects.plan import read_plan
from geolyft.action.effects.registered import read_register, with_plans
from geolyft.action.stages import effekter
from geolyft.divisions.areas import DIVISIONS
from geolyft.errors import ConfigError, brief
from geolyft.pipeline.earlier import read_published
from geolyft.pipeline.opened import open as open_delivery
from geolyft.read.delivery import sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from geolyft.action.effects.registered import Registered
    from geolyft.pipeline.scoring.score import Scored
    from geolyft.pipeline.scoring.tables import Inner
    from geolyft.run_file.config import Config


def plan_files(config: Config) -> list[Path]:
    """Return the files of plans that a run names, the register first."""
    if config.effects is None:
        return []
    named = (config.effects.registered, *config.effects.plans)
    return [path for path in map(config.path, named) if path.exists()]


def read_plans(config: Config) -> list[Registered]:
    """Return the plans that a run holds against its figures.

    Raises
    ------
    ConfigError
        ``effects-file``, ``effects-form``, ``effects-unregistered``, ``effects-changed`` or
        ``effects-late``.
    ReadError
        ``effects-register``.
    """
    if config.effects is None:
        return []
    file = config.path(config.effects.registered)
    if not file.exists() and not config.effects.plans:
        what = f"the register of plans {brief(file.name, 60)} does not exist"
        remedy = "register a plan (geolyft effects register), or name plans"
        raise ConfigError("effects-file", what, remedy=remedy, where=config.file_name)
    plans = [read_plan(config.path(each)) for each in config.effects.plans]
    return with_plans(read_register(file), plans)


def check_kept(config: Config, registered: Sequence[Registered]) -> None:
    """Refuse a run that carries a delivery on without a plan that was registered there.

    Raises
    ------
    ConfigError
        ``effects-gone``.
    ReadError
        ``verify-differs``.
    """
    if config.run.earlier is None:
        return
    tables = open_delivery(config.path(config.run.earlier)).tables
    if effekter.STAGE.code not in tables:
        return
    then = tables[effekter.STAGE.code]
    kept = {each.plan.mark for each in registered}
    gone = then[~then["avtryck"].isin(kept) & ~then["utforskande"].astype("bool")]
    if len(gone):
        what = f"{len(gone)} plans of the earlier delivery are not in the run"
        what += f", such as {brief(gone['plan_id'].iloc[0])}"
        remedy = "name the register that has them in [effects]: what had no effect is shown as well"
        raise ConfigError("effects-gone", what, remedy=remedy, where=config.file_name)


def plan_inputs(config: Config) -> list[dict[str, object]]:
    """Return which files the plans stand in: plans are published, and so are their hashes."""
    source = effekter.STAGE.chapter.say(config.run.lang, "title")
    return [
        {
            "source": source,
            "period": config.run.periods[-1],
            "path": path.name,
            "kind": path.suffix.lstrip("."),
            "rows": len(read_register(path)) if path.suffix == ".jsonl" else 1,
            "sha256": sha256(path),
        }
        for path in plan_files(config)
    ]


def published_of(scored: Scored, small: Iterable[Inner]) -> Published:
    """Return the published figures that effects are computed from."""
    inner = list(small)
    return Published(
        observations=scored.observations,
        index=scored.index,
        catalogue=scored.catalogue,
        small={DIVISIONS[each.level].level: each.scored.observations for each in inner},
        lies_in={DIVISIONS[each.level].level: each.lies_in for each in inner},
    )


def published_in(folder: Path) -> Published:
    """Return the published figures of a delivery.

    Raises
    ------
    ReadError
        ``verify-manifest``, ``verify-differs`` or ``earlier-lacks``.
    """
    delivered = open_delivery(folder)
    index, observations = delivered.index, delivered.observations
    catalogue = read_published(delivered.files).manifest.definition.catalogue
    return Published(observations=observations, index=index, catalogue=catalogue)


def check_plans(registered: Sequence[Registered], published: Published) -> None:
    """Refuse plans of areas, indicators or levels that the run does not have.

    Raises
    ------
    ConfigError
        See `geolyft.action.effects.panel.panel_of`.
    """
    for each in registered:
        panel_of(each.plan, published)
