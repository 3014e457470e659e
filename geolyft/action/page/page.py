"""The sections of the page in order, and the page they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.action.page.boards import boards, differing, register
from geolyft.action.page.first import allocation, priorities
from geolyft.action.page.matrix import gaps, matrix, overlaps, unknown
from geolyft.action.page.told import Told
from geolyft.export.html.page import render

if TYPE_CHECKING:
    from geolyft.export.publication import Publication

PAGE: Final = "insatser.html"


def efforts_page(publication: Publication) -> str:
    """Return the page of needs and efforts; it works without a script and asks for nothing.

    What nobody knows stands first, and nothing on it says that an area has no efforts.
    """
    told = Told(publication)
    sections = [
        *(unknown(told), matrix(told), gaps(told), overlaps(told), priorities(told)),
        *allocation(told),
        *(boards(told), differing(told), register(told)),
    ]
    return render(
        "report/rapport.html",
        told.reader,
        ("html/sida.css", "report/rapport.css"),
        page=PAGE,
        say=told.say,
        sections=sections,
        periods=", ".join(publication.periods),
    )
