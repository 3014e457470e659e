"""The stages of a run, in order: gather, aggregate, protect, score, combine, publish."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geolyft.alone import own_texts
from geolyft.errors import GeolyftWarning
from geolyft.export.delivery import check_destination
from geolyft.export.geo.geotiff import needs_rasterio
from geolyft.join.engine import Progress, no_progress
from geolyft.pipeline.around.beside import files_beside
from geolyft.pipeline.counting.gather import editions
from geolyft.pipeline.deliver import deliver, portal_record, schema_of
from geolyft.pipeline.earlier import check_outside
from geolyft.pipeline.steps.asked import Asked
from geolyft.pipeline.steps.publication import publication_of
from geolyft.pipeline.steps.released import Released
from geolyft.pipeline.steps.told import Told
from geolyft.run_file.config import Config, load_config
from geolyft.shown import Shown

if TYPE_CHECKING:
    from geolyft.export.publication import Publication
    from geolyft.typed import RunFile


@dataclass(frozen=True, kw_only=True, repr=False)
class Result(Shown):
    """What a run made.

    Parameters
    ----------
    folder
        Where the delivery is, or nothing when none was asked for.
    """

    publication: Publication
    folder: Path | None

    def _repr_html_(self) -> str:
        """Return the index of the last period."""
        return self.publication._repr_html_()


def run(
    config: Config | RunFile | str | Path,
    *,
    out: str | Path | None = None,
    progress: Progress = no_progress,
) -> Result:
    """Take one run from its files to the published result.

    Parameters
    ----------
    config
        A run, the path of its file, or a dict that says the same.
    out
        The folder of the delivery; an earlier delivery there is replaced whole. Without it nothing
        is written.
    progress
        Called before each step with its name and the share of the work that is done.

    Raises
    ------
    GeolyftError
        Whatever is refused on the way; nothing is then left at `out`.

    Examples
    --------
    >>> import warnings
    >>> from geolyft.divisions.areas import demo_folder
    >>> with warnings.catch_warnings(action="ignore"):
    ...     result = run(demo_folder() / "run.toml")
    >>> index = result.publication.index.set_index("area")["index"]
    >>> float(index["city"]), index.idxmin()
    (100.0, '10')
    """
    if not isinstance(config, Config):
        config = load_config(config)
    schema = schema_of(config)
    if out is not None:
        check_outside(config, Path(out))
        counted = (file for edition in editions(config) for file in edition.files)
        check_destination(Path(out), inputs=[config.file, *counted, *files_beside(config)])
        if schema is not None:
            schema.check()
        if config.events:
            needs_rasterio()
    publication = publish(config, progress=progress)
    for note in (*publication.warnings, *publication.set_aside):
        warnings.warn(note, GeolyftWarning, stacklevel=2)
    if out is not None:
        deliver(
            publication,
            Path(out),
            crs=config.run.crs,
            formats=config.delivery.formats,
            schema=schema,
            tell=portal_record(config),
            progress=progress,
        )
    return Result(publication=publication, folder=None if out is None else Path(out))


@own_texts()
def publish(config: Config, *, progress: Progress = no_progress) -> Publication:
    """Compute everything that may leave the program."""
    asked = Asked.read(config)
    released = Released.of(asked, progress=progress)
    return publication_of(asked, released, Told.of(asked, released))
