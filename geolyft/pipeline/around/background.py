"""What a run shows around its areas, and what may be said of the files it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.divisions.background import numbered, read_background, shipped_names
from geolyft.errors import ConfigError
from geolyft.pipeline.counting.gather import editions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from geolyft.divisions.background import Background
    from geolyft.run_file.config import Config


def background_files(config: Config) -> list[Path]:
    """Return the files of the background a run names."""
    return [config.path(each.file) for each in config.map.background]


def read_backgrounds(config: Config, areas: gpd.GeoDataFrame) -> tuple[Background, ...]:
    """Read the layers a run names, over the shipped names where its areas are shipped ones.

    Raises
    ------
    GeolyftError
        ``background-…``, or when a file cannot be read.
    """
    counted = {file.resolve() for edition in editions(config) for file in edition.files}
    for file in background_files(config):
        if file.resolve() in counted:
            what = "is a source of figures and named as a background, which shows every row"
            remedy = "give a file that holds nothing but the background"
            raise ConfigError("background-personal", what, remedy=remedy, where=file.name)
    layers = [
        read_background(
            config.path(each.file),
            kind=each.kind,
            areas=areas,
            layer=each.layer,
            label=each.label,
            crs=each.crs,
        )
        for each in config.map.background
    ]
    names = [shipped_names(areas)] if config.areas.division is not None else []
    return numbered([*layers, *names])


def background_inputs(config: Config, layers: Sequence[Background]) -> list[dict[str, object]]:
    """Return what the files of the background are, as the manifest has it of every input."""
    return [
        {
            "source": each.code,
            "period": config.run.periods[-1],
            "path": each.understood.path,
            "kind": each.understood.kind,
            "rows": each.understood.rows,
            "sha256": each.understood.sha256,
        }
        for each in layers
        if each.understood is not None
    ]
