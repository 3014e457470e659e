"""The sections of the report in order, and the page they become."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.reader import reader_of
from geolyft.export.html.beside import REPORT
from geolyft.export.html.page import render
from geolyft.export.report.phrases import say
from geolyft.export.report.sections.disclosure import disclosure
from geolyft.export.report.sections.doubts import doubts
from geolyft.export.report.sections.ledger import inputs, ledger, sources
from geolyft.export.report.sections.making import framework, gaps, selection
from geolyft.export.report.sections.overview import overview
from geolyft.export.report.sections.quality import quality
from geolyft.export.report.sections.results import back, others, telling
from geolyft.export.report.sections.structure import scaling, structure, weighting
from geolyft.export.report.sections.trust import trust

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geolyft.export.figures.reader import Reader
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Section


SECTIONS: Final[Sequence[Callable[[Reader], Section]]] = (
    *(overview, doubts),
    *(framework, selection, gaps, structure, scaling, weighting, trust, back, others, telling),
    *(quality, disclosure, ledger, sources, inputs),
)
"""In order: the picture, the handbook's ten steps, and what they rest on."""


def render_report(publication: Publication) -> str:
    """Return the page as text; see `geolyft.export.report.write_report`."""
    reader = reader_of(publication)
    return render(
        "report/rapport.html",
        reader,
        ("html/sida.css", "report/rapport.css"),
        page=REPORT,
        codes=reader.codes,
        say=partial(say, reader),
        sections=[section(reader) for section in SECTIONS],
        periods=", ".join(publication.periods),
    )
