"""The perspectives of a delivery, one after another, and the page they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.html.page import render
from geolyft.export.perspective.content import perspective
from geolyft.export.perspective.told import Told

if TYPE_CHECKING:
    from geolyft.export.publication import Publication

PAGE: Final = "perspektiv.html"


def perspective_page(publication: Publication) -> str:
    """Return the page of perspectives; it works without a script and asks for nothing."""
    told = Told(publication)
    return render(
        "report/rapport.html",
        told.reader,
        ("html/sida.css", "report/rapport.css"),
        page=PAGE,
        say=told.say,
        sections=[perspective(told, lens) for lens in told.lenses],
        periods=", ".join(publication.periods),
    )
