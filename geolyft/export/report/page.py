"""The sections of the report in order, and the page they become."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from geolyft.export.figures.reader import reader_of
from geolyft.export.html.page import environment, package_text, policy
from geolyft.export.report.phrases import say
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
    *(quality, ledger, sources, inputs),
)
"""In order: the picture, the handbook's ten steps, and what they rest on."""


def render_report(publication: Publication) -> str:
    """Return the page as text; see `geolyft.export.report.write_report`."""
    reader = reader_of(publication)
    styles = [package_text("html/sida.css"), package_text("report/rapport.css")]
    return (
        environment()
        .get_template("report/rapport.html")
        .render(
            publication=publication,
            codes=reader.codes,
            say=partial(say, reader),
            words=reader.words,
            sections=[section(reader) for section in SECTIONS],
            periods=", ".join(publication.periods),
            policy=policy([], styles),
            styles=[Markup(style) for style in styles],  # noqa: S704 - our own
        )
    )
