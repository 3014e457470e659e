"""The pages of a delivery as they lead to one another: every page ends with the way to the rest."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geolyft.export.publication import Publication

MAP: Final = "karta.html"
LIST: Final = "omraden/index.html"
REPORT: Final = "rapport.html"


def pages_beside(
    publication: Publication, page: str, *, files: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Return the address from a page, and the title, of each other page of its delivery.

    Parameters
    ----------
    page
        Its own place in the delivery, such as ``omraden/8.html``.
    files
        Workbooks that are there too.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> made = SimpleNamespace(lang="sv", chapters=())
    >>> pages_beside(made, "omraden/8.html")[0]
    ('../karta.html', 'Kartan')
    """
    words = load_words(publication.lang)
    titles = {MAP: words.say("html.beside_map"), LIST: words.say("html.beside_areas")}
    for chapter in publication.chapters:
        title = chapter.words[publication.lang].get("title", "")
        titles |= {name: title for name in chapter.pages if "/" not in name}
    titles[REPORT] = words.say("html.beside_report")
    titles |= {file: words.say("html.beside_workbook") for file in files}
    folder = posixpath.dirname(page) or "."
    return [
        (posixpath.relpath(each, folder), title) for each, title in titles.items() if each != page
    ]
