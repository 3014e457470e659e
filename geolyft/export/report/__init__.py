"""How the index was made in this run: one page to read and to print, and nothing from a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.report.page import render_report

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.publication import Publication

__all__ = ["render_report", "write_report"]


def write_report(publication: Publication, path: Path) -> None:
    """Write the report of a run as one HTML file.

    It follows the ten steps of the OECD and JRC's Handbook on Constructing Composite Indicators,
    filled from what the run published and said of itself; a step with nothing to tell says so. It
    works without a script, and the same publication gives the same bytes.

    Parameters
    ----------
    path
        Where to write; its folder exists.

    Examples
    --------
    >>> from geolyft.export.report import write_report
    >>> write_report(publication, Path("out/rapport.html"))  # doctest: +SKIP
    """
    path.write_bytes(render_report(publication).encode("utf-8"))
