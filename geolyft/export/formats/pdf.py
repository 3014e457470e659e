"""Profiles as tagged PDF (PDF/UA): each area alone, and all of them as one book.

The same markup as the pages, set by WeasyPrint. It is an optional package, and what it needs of
the system (Pango) is not Python's to install.
"""

from __future__ import annotations

import importlib
import io
import warnings
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any, Final, NoReturn

from markupsafe import Markup

from geolyft.errors import OutputError
from geolyft.export.html.page import environment, own
from geolyft.export.profile.page import FOLDER, STYLES, Profile, Profiles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.publication import Publication

BOOK: Final = "alla.pdf"
"""All areas in one file."""
_VARIANT: Final = "pdf/ua-1"


def write_pdfs(publication: Publication, folder: Path) -> None:
    """Write ``omraden/<kod>.pdf`` for each area, and all of them as ``omraden/alla.pdf``.

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
    book = profiles.book
    made = {area: profiles.of(area) for area in book.codes}
    for area, profile in made.items():
        title = book.say("page_title", area=book.title(area), period=book.period)
        text = render_paper(profiles, [profile], title=title)
        (pages / f"{book.stems[area]}.pdf").write_bytes(tagged(text))
    title = book.say("book_title", period=book.period)
    text = render_paper(profiles, list(made.values()), title=title, contents=True)
    (pages / BOOK).write_bytes(tagged(text))


def require_weasyprint() -> None:
    """Refuse where WeasyPrint is not installed, or where Pango is not.

    Raises
    ------
    OutputError
        ``format-extra``.
    """
    try:
        # Without a library WeasyPrint prints advice of its own, and without HarfBuzz-Subset, which
        # it can do without, it warns that it one day cannot.
        with redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            importlib.import_module("weasyprint")
    except ImportError:
        what, remedy = "needs the package weasyprint", 'install it: pip install "geolyft[pdf]"'
    except OSError:
        # WeasyPrint opens Pango while it is imported.
        what = "needs the library Pango, which weasyprint draws text with"
        remedy = "install it: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    else:
        return
    raise OutputError("format-extra", what, remedy=remedy, where=f"{FOLDER}/{BOOK}")


def render_paper(
    profiles: Profiles, areas: Sequence[Profile], *, title: str, contents: bool = False
) -> str:
    """Return the markup of some areas' profiles, ready to be set.

    Parameters
    ----------
    contents
        Whether a cover and a list of contents come first.
    """
    book = profiles.book
    styles = [own(name) for name in (*STYLES, "formats/bok.css")]
    return (
        environment()
        .get_template("formats/bok.html")
        .render(
            publication=book.publication,
            words=book.words,
            say=book.say,
            areas=areas,
            title=title,
            contents=contents,
            styles=[Markup(style) for style in styles],  # noqa: S704 - our own
        )
    )


def tagged(text: str) -> bytes:
    """Set a page of HTML as PDF/UA; it may ask for no other file.

    Parameters
    ----------
    text
        The whole page, its language and title in it.
    """
    weasyprint: Any = importlib.import_module("weasyprint")
    made: bytes = weasyprint.HTML(string=text, url_fetcher=_refuse).write_pdf(pdf_variant=_VARIANT)
    return made


def _refuse(url: str, *_args: object, **_options: object) -> NoReturn:
    """Refuse to fetch anything: our pages are whole, so a page that asks is not ours."""
    urls: Any = importlib.import_module("weasyprint.urls")
    raise urls.FatalURLFetchingError(url)
