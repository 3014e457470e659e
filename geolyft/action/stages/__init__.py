"""The stages of action that declare themselves; see `geolyft.findings.stages`."""

from geolyft.action.stages import (
    behov_insats,
    behov_lins,
    behov_matris,
    effekter,
    effekter_ar,
    fordelning,
    fordelning_lins,
    handelser,
    handelser_nara,
    handelser_runtom,
    handelser_typer,
    insatser,
    lagesbild,
    motsagelser,
    namnder,
    prioritering,
)
from geolyft.findings.stages.stage import Stage

STAGES: tuple[Stage, ...] = (
    *(behov_insats.STAGE, behov_matris.STAGE, behov_lins.STAGE, prioritering.STAGE),
    *(fordelning.STAGE, fordelning_lins.STAGE, insatser.STAGE, namnder.STAGE, motsagelser.STAGE),
    *(effekter.STAGE, effekter_ar.STAGE),
    *(handelser.STAGE, handelser_typer.STAGE, handelser_nara.STAGE, handelser_runtom.STAGE),
    lagesbild.STAGE,
)
"""In the order of the report."""
