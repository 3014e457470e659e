"""The layers of a delivery in the formats other programs want, by the name a run file uses.

Every writer takes the layers, the delivery's folder and the publication, and writes a folder or a
file of its own there. The same layers give the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.formats.flatgeobuf import write_flatgeobuf
from geolyft.export.formats.geojson import write_geojson
from geolyft.export.formats.geoparquet import write_geoparquet
from geolyft.export.formats.pdf import require_weasyprint, write_pdfs
from geolyft.export.formats.webstyles import write_web_styles
from geolyft.export.formats.workbook.page import require_openpyxl, write_excel
from geolyft.export.pictures import require_matplotlib, write_pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

    Writer: TypeAlias = Callable[[Sequence[Layer], Path, Publication], None]


def _pdf(_layers: Sequence[Layer], folder: Path, publication: Publication) -> None:
    write_pdfs(publication, folder)


def _pictures(_layers: Sequence[Layer], folder: Path, publication: Publication) -> None:
    write_pictures(publication, folder)


FORMATS: Final[Mapping[str, Writer]] = {
    "geoparquet": write_geoparquet,
    "flatgeobuf": write_flatgeobuf,
    "geojson": write_geojson,
    "excel": write_excel,
    "webstyles": write_web_styles,
    "pdf": _pdf,
    "pictures": _pictures,
}
"""Writer of each format."""


def check_formats(formats: Iterable[str]) -> None:
    """Refuse formats that need a package which is not installed, before any work is done.

    Raises
    ------
    OutputError
        ``format-extra``.

    Examples
    --------
    >>> check_formats(["geojson"])
    """
    needed = {
        "excel": require_openpyxl,
        "pdf": require_weasyprint,
        "pictures": require_matplotlib,
    }
    for name in formats:
        if name in needed:
            needed[name]()
