"""The allocation by the rules of each lens as a stage; `fordelning` has the others."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.priorities.allocation import allocate
from geolyft.action.stages.fordelning import exposed_of, per_lens, weights_of
from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    from geolyft.action.known import Known
    from geolyft.action.settings import AllocationSettings


def _compute(known: Known, settings: AllocationSettings) -> pd.DataFrame:
    parts = allocate(settings.sum, weights_of(known, settings))
    exposed = exposed_of(known, settings.share)["andel"]
    rows = []
    for lens in known.lenses:
        rule, rule_of_exposed = per_lens(lens)
        counts = known.residents(lens.column)
        rows.append(
            pd.DataFrame(
                {
                    "period": known.period,
                    "lins": lens.name,
                    "lins_namn": lens.label,
                    "antal": counts,
                    "vagt_antal": counts * exposed / 100,
                    "per_person": parts[rule],
                    "per_utsatt": parts[rule_of_exposed],
                    "enhet": settings.unit,
                }
            )
        )
    made = pd.concat(rows) if rows else pd.DataFrame()
    return made.rename_axis("area").reset_index()


STAGE: Final = Stage("fordelning_lins", _compute, setting="allocation", folder=files(__package__))
