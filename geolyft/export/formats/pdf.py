"""Profiles as tagged PDF (PDF/UA): each area alone, and all as one book; and pages of stages.

The same markup as the pages, set by WeasyPrint. It is an optional package, and what it needs of
the system (Pango) is not Python's to install.
"""

from __future__ import annotations

import importlib
import io
import warnings
from contextlib import redirect_stdout
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn

from geolyft.errors import OutputError
from geolyft.export.html.page import render
from geolyft.export.profile.page import FOLDER, STYLES, Profiles
from geolyft.export.profile.sentences import say
from geolyft.optional import optional

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.profile.figures import Block
    from geolyft.export.publication import Publication

BOOK: Final = "alla.pdf"
"""All areas in one file."""
_VARIANT: Final = "pdf/ua-1"


def write_pdfs(publication: Publication, folder: Path) -> None:
    """Write ``omraden/<kod>.pdf`` for each area, and all of them as ``omraden/alla.pdf``.

    The pages of stages that are for paper too, such as ``lagesbild/<kod>.html``, become PDF beside
    themselves.

    The same publication, the same WeasyPrint and the same fonts give the same bytes. Without the
    library HarfBuzz-Subset they do not: the fonts then have the hour in them, and take longer.

    Parameters
    ----------
    folder
        The delivery's; the files go beside the pages.

    Raises
    ------
    OutputError
        ``format-extra`` without WeasyPrint, or without the libraries it needs.

    Examples
    --------
    >>> from geolyft.export.formats.pdf import write_pdfs
    >>> write_pdfs(publication, Path("out"))  # doctest: +SKIP
    """
    require_weasyprint()
    pages = folder / FOLDER
    pages.mkdir(exist_ok=True)
    profiles = Profiles(publication)
    reader = profiles.reader
    by_area = {area: profiles.of(area) for area in reader.codes}
    for area, profile in by_area.items():
        title = say(reader, "page_title", area=reader.title(area), period=reader.period)
        text = render_paper(profiles, [profile], title=title)
        (pages / f"{profiles.stems[area]}.pdf").write_bytes(tagged(text))
    title = say(reader, "book_title", period=reader.period)
    text = render_paper(profiles, list(by_area.values()), title=title, contents=True)
    (pages / BOOK).write_bytes(tagged(text))
    for chapter in (each for each in publication.chapters if each.paper):
        for name, text in chapter.texts_of(publication).items():
            path = (folder / name).with_suffix(".pdf")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(tagged(text))


def require_weasyprint() -> None:
    """Refuse where WeasyPrint is not installed, or where Pango is not.

    Raises
    ------
    OutputError
        ``format-extra``.
    """
    where = f"{FOLDER}/{BOOK}"
    try:
        # Without a library WeasyPrint prints advice of its own, and without HarfBuzz-Subset, which
        # it can do without, it warns that it one day cannot.
        with redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            optional("weasyprint", "pdf", where, error=OutputError, code="format-extra")
    except OSError:
        # WeasyPrint opens Pango while it is imported.
        raise OutputError(
            "format-extra",
            "needs the library Pango, which weasyprint draws text with",
            remedy="install it: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
            "libharfbuzz-subset0",
            where=where,
        ) from None


def render_paper(
    profiles: Profiles, areas: Sequence[Block], *, title: str, contents: bool = False
) -> str:
    """Return the markup of some areas' profiles, ready to be set.

    Parameters
    ----------
    contents
        Whether a cover and a list of contents come first.
    """
    return render(
        "formats/bok.html",
        profiles.reader,
        (*STYLES, "formats/bok.css"),
        say=partial(say, profiles.reader),
        areas=areas,
        title=title,
        contents=contents,
    )


def tagged(text: str) -> bytes:
    """Set a page of HTML as PDF/UA; it may ask for no other file.

    Parameters
    ----------
    text
        The whole page, its language and title in it.
    """
    weasyprint: Any = importlib.import_module("weasyprint")
    paper: bytes = weasyprint.HTML(string=text, url_fetcher=_refuse).write_pdf(pdf_variant=_VARIANT)
    return paper


def _refuse(url: str, *_args: object, **_options: object) -> NoReturn:
    """Refuse to fetch anything: our pages are whole, so a page that asks is not ours."""
    urls: Any = importlib.import_module("weasyprint.urls")
    raise urls.FatalURLFetchingError(url)
