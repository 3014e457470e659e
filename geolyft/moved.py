"""Where the modules of version 0.1.0 that documents named are now: their old names still import."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

MOVED: Final = MappingProxyType(
    {
        "analysis": "pipeline.scoring.tables",
        "area_grid": "join.area_lookup",
        "auditor": "disclosure.tables",
        "blocks": "divisions.blocks",
        "boundaries": "divisions.areas",
        "carry": "pipeline.counting.carry_forward",
        "composite": "index.combine",
        "crossing": "divisions.deso_change",
        "crosswalks": "divisions.crosswalks",
        "disclosure.audit": "disclosure.tables",
        "disclosure.families": "disclosure.together.families",
        "disclosure.on_grid": "disclosure.own_rules.on_grid",
        "explain": "findings.causes",
        "groups": "findings.groups",
        "inequality": "findings.inequality",
        "inside": "findings.inside",
        "joint": "certainty.importance",
        "means": "index.means",
        "noise": "certainty.noise",
        "normalise": "index.normalise",
        "scales": "index.scales",
        "second_opinion": "findings.scb_index",
        "sensitivity": "certainty.sensitivity",
        "sobol": "certainty.sobol",
        "stories": "findings.stories",
        "targets": "findings.targets",
        "timeline": "findings.change",
        "transforms": "index.transforms",
        "uncertainty": "certainty.draws",
    }
)
"""Old module to new one, both below ``geolyft``.

``disclosure``, ``indicators``, ``join``, ``pipeline`` and ``rasters`` are not here: these names are
folders now, which hand on what the modules had.
"""


class MovedModules(MetaPathFinder, Loader):
    """Finds a module under its old name: the very module, so that no type exists twice."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: object = None
    ) -> ModuleSpec | None:
        """Say that an old name can be loaded here; of other names nothing."""
        package, _, name = fullname.partition(".")
        return ModuleSpec(fullname, self) if package == "geolyft" and name in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Hand over the module that the old name stands for."""
        new = f"geolyft.{MOVED[spec.name.partition('.')[2]]}"
        # Above this call are five frames of the import system, which Python leaves out by itself.
        warnings.warn(f"{spec.name} is now {new}", DeprecationWarning, stacklevel=2)
        module = import_module(new)
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Undo what the import system wrote: the module keeps the name it has."""
        module.__spec__ = self._own_spec


sys.meta_path.append(MovedModules())
