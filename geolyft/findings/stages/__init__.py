"""The stages after scoring that declare themselves: a new one is named here, and nowhere else.

A stage is a module with a ``STAGE`` and a TOML file of the same name: what it computes, and what
every output makes of it. See `geolyft.findings.stages.stage` and `geolyft.export.chapter`.
"""

from geolyft.findings.stages import index_mater, linser, scb_index
from geolyft.findings.stages.stage import Stage

STAGES: tuple[Stage, ...] = (index_mater.STAGE, scb_index.STAGE, linser.STAGE)
"""In the order of the report."""
