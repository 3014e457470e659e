"""The sections of the report in order, and the page they become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from geolyft.export.html.page import environment, package_text, policy
from geolyft.export.report.plan import index_map
from geolyft.export.report.run import Run
from geolyft.export.report.sections.doubts import doubts
from geolyft.export.report.sections.ledger import inputs, ledger, sources
from geolyft.export.report.sections.making import framework, gaps, selection
from geolyft.export.report.sections.overview import overview
from geolyft.export.report.sections.quality import quality
from geolyft.export.report.sections.results import back, others, telling
from geolyft.export.report.sections.structure import scaling, structure, weighting
from geolyft.export.report.sections.trust import trust

if TYPE_CHECKING:
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Section


def sections_of(run: Run) -> list[Section]:
    """Return every section: the picture, the handbook's ten steps, and what they rest on."""
    return [
        overview(run, index_map(run)),
        doubts(run),
        framework(run),
        selection(run),
        gaps(run),
        structure(run),
        scaling(run),
        weighting(run),
        trust(run),
        back(run),
        others(run),
        telling(run),
        quality(run),
        ledger(run),
        sources(run),
        inputs(run),
    ]


def render_report(publication: Publication) -> str:
    """Return the page as text; see `geolyft.export.report.write_report`."""
    run = Run(publication)
    styles = [package_text("html/sida.css"), package_text("report/rapport.css")]
    return (
        environment()
        .get_template("report/rapport.html")
        .render(
            publication=publication,
            run=run,
            say=run.say,
            words=run.words,
            sections=sections_of(run),
            periods=", ".join(publication.periods),
            policy=policy([], styles),
            styles=[Markup(style) for style in styles],  # noqa: S704 - our own
        )
    )
