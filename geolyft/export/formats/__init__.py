"""The formats other programs want, by the name a run file uses: to add one is to add a line here.

A writer takes the layers, the delivery's folder and the publication, or the publication and the
folder, and writes a folder or a file of its own there. The same layers give the same bytes.
Writers are loaded when they are used: the names alone are all a run file needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication


@dataclass(frozen=True, kw_only=True)
class OutputFormat:
    """One format, its functions named as ``module:function``.

    Parameters
    ----------
    writer
        Writes it.
    of_layers
        Whether it is written from the layers, or from the publication alone.
    requires
        Refuses, before any work is done, where an optional package is not installed.
    """

    writer: str
    of_layers: bool = True
    requires: str = ""

    def check(self) -> None:
        """Refuse where a package the format needs is not installed."""
        if self.requires:
            _load(self.requires)()

    def write(self, layers: Sequence[Layer], folder: Path, publication: Publication) -> None:
        """Write the format into a delivery's folder."""
        given = (layers, folder, publication) if self.of_layers else (publication, folder)
        _load(self.writer)(*given)


FORMATS: Final = MappingProxyType(
    {
        "geoparquet": OutputFormat(writer="geolyft.export.formats.geoparquet:write_geoparquet"),
        "flatgeobuf": OutputFormat(writer="geolyft.export.formats.flatgeobuf:write_flatgeobuf"),
        "geojson": OutputFormat(writer="geolyft.export.formats.geojson:write_geojson"),
        "excel": OutputFormat(
            writer="geolyft.export.formats.workbook.page:write_excel",
            requires="geolyft.export.formats.workbook.page:require_openpyxl",
        ),
        "webstyles": OutputFormat(writer="geolyft.export.formats.webstyles:write_web_styles"),
        "pdf": OutputFormat(
            writer="geolyft.export.formats.pdf:write_pdfs",
            of_layers=False,
            requires="geolyft.export.formats.pdf:require_weasyprint",
        ),
        "pictures": OutputFormat(
            writer="geolyft.export.pictures:write_pictures",
            of_layers=False,
            requires="geolyft.export.pictures:require_matplotlib",
        ),
    }
)
"""Every format a run file may ask for."""


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
    for name in formats:
        FORMATS[name].check()


def _load(function: str) -> Any:  # noqa: ANN401 - two kinds of function, named by a text
    module, _, name = function.partition(":")
    return getattr(import_module(module), name)
