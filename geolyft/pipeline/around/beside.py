"""What a run reads beside its sources: efforts, plans, events, further figures, background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geolyft.pipeline.access.read import access_files
from geolyft.pipeline.around.action import efforts_files, efforts_inputs, read_efforts
from geolyft.pipeline.around.against import against_files, against_inputs, read_against
from geolyft.pipeline.around.background import background_files, background_inputs, read_backgrounds
from geolyft.pipeline.around.effects import plan_files, plan_inputs, read_plans
from geolyft.pipeline.counting.events import count_events, event_files
from geolyft.pipeline.releases.events_before import recall_events

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from geolyft.action.effects.registered import Registered
    from geolyft.action.efforts.register import Register
    from geolyft.divisions.background import Background
    from geolyft.pipeline.around.against import OfLevel
    from geolyft.pipeline.counting.events import Events
    from geolyft.run_file.config import Config


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What was read, each nothing where the run names none; all of it may be published."""

    register: Register | None
    plans: list[Registered]
    events: Events | None
    background: tuple[Background, ...]
    against: Mapping[str, OfLevel]

    @property
    def doubts(self) -> tuple[str, ...]:
        """What the register's own words leave open."""
        return tuple(self.register.doubts) if self.register else ()

    def inputs(self, config: Config) -> list[dict[str, object]]:
        """Return what the files are, as the manifest has it of every input."""
        return [
            *efforts_inputs(config, self.register),
            *background_inputs(config, self.background),
            *plan_inputs(config),
            *against_inputs(config, self.against),
            *(self.events.inputs if self.events else ()),
        ]


def read_beside(config: Config, areas: gpd.GeoDataFrame) -> Beside:
    """Read all of it before anything is counted: what is refused is refused at once.

    Raises
    ------
    GeolyftError
        What the readers of each refuse.
    """
    return Beside(
        register=read_efforts(config, areas),
        plans=read_plans(config),
        events=count_events(config, areas, recall_events(config, areas)),
        background=read_backgrounds(config, areas),
        against=read_against(config, areas),
    )


def files_beside(config: Config) -> list[Path]:
    """Return every file that a run names beside its sources: none may lie in the delivery."""
    of = (
        *(efforts_files, background_files, access_files),
        *(plan_files, event_files, against_files),
    )
    return [file for files in of for file in files(config)]
