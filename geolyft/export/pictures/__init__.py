"""Static maps for slides and documents: PNG, SVG and PDF of every theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.pictures.content import static_maps
from geolyft.export.pictures.needs import require_matplotlib

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.publication import Publication

FOLDER: Final = "bilder"
"""Where they lie inside a delivery."""

__all__ = ["FOLDER", "require_matplotlib", "write_pictures"]


def write_pictures(publication: Publication, folder: Path) -> None:
    """Write ``bilder/<tema>.png`` (300 dpi), ``.svg`` and ``.pdf`` of the latest period.

    A map for the index, and for each dimension, indicator, change and certainty that has a figure.
    The same publication gives the same bytes.

    Parameters
    ----------
    folder
        The delivery's.

    Raises
    ------
    OutputError
        ``format-extra`` without matplotlib.

    Examples
    --------
    >>> from geolyft.export.pictures import write_pictures
    >>> write_pictures(publication, Path("out"))  # doctest: +SKIP
    """
    require_matplotlib()
    from geolyft.export.pictures.page import draw  # noqa: PLC0415 - needs matplotlib

    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    for plan in static_maps(publication):
        for ending, content in draw(plan, publication).items():
            (place / f"{plan.code}.{ending}").write_bytes(content)
