"""Everything geolyft raises or warns: one family, stable codes.

A message says what, how much, and the way out, and never shows a person's data.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_SAID: ContextVar[Callable[[int], str] | None] = ContextVar("said", default=None)

CODES: Final[dict[str, str]] = {
    "access-network": "The lines that users of places move along are no lines.",
    "access-places": "Places of a kind are none, or one of them has no coordinates.",
    "access-weights": "A weight of users, or a capacity of places, is missing or negative.",
    "aggregate-negative": "A total is negative by more than its publisher's noise explains.",
    "aggregate-share": "A share is below 0 or above 100 per cent by more than noise explains.",
    "allocation-rules": "Fewer than three rules of an allocation have figures.",
    "allocation-weights": "What an allocation weighs by is negative, missing or all 0.",
    "areas-code": "An area's code is missing, repeated, reserved, not clean, a list or a formula.",
    "areas-column": "The column of area codes or names is missing or cannot be told.",
    "areas-crs": "The areas' CRS is missing or not in metres.",
    "areas-geometry": "Areas are empty, invalid or no polygons.",
    "areas-overlap": "Areas overlap by more than what rounding leaves.",
    "areas-shipped": "A file that belongs to the installation is missing.",
    "areas-unknown": "No area, division or place has the name that was asked for.",
    "assign-column": "The points have a column whose name the output needs for itself.",
    "audit-infeasible": "Published figures contradict one another, or an audit has no sure answer.",
    "audit-unsafe": "Hidden cells could be worked out, and hiding more does not help.",
    "background-label": "A layer of places for the background has no column of names.",
    "background-outside": "Nothing of a layer for the background lies near the areas.",
    "background-personal": "Names for the background may be personal, or their file is a source.",
    "background-shapes": "A layer for the background is not what its kind is drawn with.",
    "blocks-columns": "The change table lacks a column or a code.",
    "blocks-duplicate": "A pair of the change table, or an area of a year, occurs twice.",
    "blocks-unknown": "An area is of neither division, or has no residents or larger area.",
    "blocks-validity": "A table has figures for areas that were no areas that year.",
    "catalogue-contradiction": "The catalogue contradicts itself or leaves something undefined.",
    "catalogue-file": "The catalogue cannot be read.",
    "catalogue-form": "The catalogue is no TOML, or has a key or value that does not belong.",
    "catalogue-reading": "The run decides a question in a way the catalogue does not list.",
    "catalogue-unknown": "The catalogue has no such indicator.",
    "catalogue-weight": "A weight is no positive number.",
    "compare-damaged": "A delivery to be compared is not whole, or not as its manifest says.",
    "crosswalk-code": "A code in a crosswalk is missing or no clean text.",
    "crosswalk-columns": "A crosswalk lacks source, target or weight.",
    "crosswalk-crs": "What a crosswalk is computed from is not all in one CRS.",
    "crosswalk-duplicate": "A crosswalk has a pair of areas twice.",
    "crosswalk-sum": "The weights of a source do not sum to 1, so totals would change.",
    "crosswalk-unknown": "No crosswalk is shipped under the name, and there is no such file.",
    "crosswalk-weight": "A weight is missing, negative or infinite.",
    "database-connection": "The database does not answer, or does not let the user in.",
    "database-table": "The database has no such table, or it may not be read as one layer.",
    "delivery-lacks": "A delivery has no table, layer or period of the name that was asked for.",
    "delivery-method": "A change is asked for of an index whose errors over time are not known.",
    "earlier-base": "The run names another base period than the earlier delivery has.",
    "earlier-damaged": "The earlier delivery's files are not the ones in its manifest.",
    "earlier-definition": "The index is not made as in the earlier delivery.",
    "earlier-division": "The run's areas, or what they are called, are not the earlier delivery's.",
    "earlier-lacks": "The earlier delivery has not what a later one needs of it.",
    "earlier-period": "A period is in the earlier delivery too, or lies before its last one.",
    "earlier-scales": "The run names other scales than those of the earlier delivery.",
    "earlier-synthetic": "Made-up and real figures would stand in one delivery.",
    "effects-area": "A plan names an area that has no figures.",
    "effects-changed": "A plan is not as it was registered.",
    "effects-file": "A plan or the register of plans cannot be read.",
    "effects-form": "A plan has a key or a value that does not belong.",
    "effects-gone": "A plan that the earlier delivery holds is not in the run any more.",
    "effects-indicator": "A plan is about a figure that the catalogue lacks.",
    "effects-late": "A plan was registered when its first figure could be known.",
    "effects-level": "A plan is about a level that the run does not have, or no figure of it.",
    "effects-register": "A line of the register of plans was changed, removed or is none.",
    "effects-units": "A plan holds some small areas of several areas to be independent.",
    "effects-unregistered": "A plan is not registered, and does not say that it is exploratory.",
    "efforts-area": "A place of the register names an area or sub-area that does not exist.",
    "efforts-board": "The register has no row of the board that was asked for.",
    "efforts-choice": "A cell of the register holds none of its column's values.",
    "efforts-clock": "A time of day in the register is none.",
    "efforts-column": "A table of the register lacks a column, or has one that nobody knows.",
    "efforts-contradiction": "A place's sub-area, code and how sure it is contradict one another.",
    "efforts-cost": "A cost is no number, has no unit, or stands in another unit than the others.",
    "efforts-date": "A date in the register is none.",
    "efforts-empty": "A cell of the register that has to be filled is empty.",
    "efforts-key": "Two rows of the register have one key.",
    "efforts-period": "A period in the register ends before it begins.",
    "efforts-personal": "A text of the register holds an identity number, a telephone or a mail.",
    "efforts-protected": "The name of a protected place stands in another text of the register.",
    "efforts-share": "A place's share is no number from 0 to 1, or is given for some places only.",
    "efforts-shares": "The shares of a row's places do not sum to 1.",
    "efforts-table": "A table of the register is missing.",
    "efforts-theme": "A theme or an indicator of the register is not in the catalogue.",
    "efforts-unknown": "A place or a time is of a row that the table of efforts does not have.",
    "engine-package": "The engine dask needs the optional package distributed.",
    "engine-scheduler": "No dask scheduler answers, or one is named for the local engine.",
    "events-kind": "Events have no type, or one that stands for all.",
    "events-same-point": "Events stand on one point, or name no place below the county.",
    "events-time": "No event has a time in the run's periods.",
    "explain-period": "A change is asked for between periods that are not both scored.",
    "fetch-changed": "The publisher's file, or the query, is not the one of before.",
    "fetch-content": "What was downloaded is not the kind of file it should be.",
    "fetch-extra": "Downloading needs the optional package pooch.",
    "fetch-name": "There is no original or table of that name, or nothing of it is asked for.",
    "fetch-network": "The publisher's server did not deliver the file.",
    "fetch-register": "The register of fetched files in the cache cannot be read.",
    "frame-columns": "A frame given to a stage lacks a column.",
    "frame-duplicate": "An indicator has two scales.",
    "frame-number": "A column of numbers in a frame holds something else, or infinity.",
    "frame-text": "Codes in a frame are no text, so that they would join nothing.",
    "frame-unknown": "A frame has an area, period, indicator, sex or status that nobody knows.",
    "groups-unknown": "A gap is asked for with a group that the data do not have.",
    "index-base": "An indicator has no value for the city in the base period.",
    "index-constant": "An indicator is the same in every area, so it has no scale.",
    "index-empty": "No indicator has figures in the base period.",
    "index-pair": "A normalisation and a mean cannot be used together.",
    "index-positive": "A mean is not defined, because a score is 0 or below.",
    "index-reference": "The city's value is 0, so nothing can be measured in per cent of it.",
    "index-variant": "The variants lack the one they are to be compared with.",
    "inside-population": "A small area's residents are missing or negative.",
    "inside-unplaced": "A small area lies in no larger area, so its residents would be lost.",
    "inside-years": "More years of small areas are pooled than the run has editions.",
    "join-absent": "Areas of the crosswalk have no row in the table.",
    "join-coordinates": "Coordinates are infinite or no numbers, or x and y are not as many.",
    "join-crs": "The points have no CRS, or another than the areas.",
    "join-duplicate": "An area has several rows in a table of totals.",
    "join-geometry": "Geometry that should be points is something else.",
    "join-label": "A code stands in one cell with the name of another area.",
    "join-outside": "More points than allowed lie outside every area.",
    "join-residual": "A code is both an area and named as belonging to none.",
    "join-share": "The share of points that may lie outside is no number from 0 to 1.",
    "join-targets": "A crosswalk leads to areas that are not the run's.",
    "join-unknown": "A table has area codes that the crosswalk does not know.",
    "join-unplaced": "Not a single point has coordinates.",
    "observations-columns": "Observations lack a column.",
    "observations-duplicate": "Two observations have the same area, period, sex and indicator.",
    "format-extra": "A format needs an optional package that is not installed.",
    "output-format": "The file's ending names no format that is written, or one for fewer rows.",
    "output-occupied": "The output's place holds something that is no earlier delivery.",
    "output-open": "Another program has the GeoPackage of the earlier delivery open.",
    "output-write": "The output cannot be written: name, rights, space, or a program has it open.",
    "place-many": "There are no places in the file, or more than can be answered at a time.",
    "place-outside": "More of a place lies outside the run's areas than inside.",
    "place-shape": "A place is no valid polygon.",
    "protect-empty": "Every cell of a grid has too few people to be shown.",
    "protect-overlap": "Areas overlap those of an earlier release of the same register in part.",
    "protect-place-difference": "A place and another that is published differ by a few residents.",
    "protect-place-few": "A place has too few residents for anything to be said of it.",
    "protect-released": "A register's year was released under another rule than this run has.",
    "protect-threshold": "Register data would be published with too little protection.",
    "raster-band": "No band is named, or its values are packed or no real numbers.",
    "raster-crs": "The raster's CRS is missing, not in metres, or another than the areas'.",
    "raster-format": "The file is no GeoTIFF, or is damaged.",
    "raster-grid": "The raster is rotated, or its cells do not fit in those of the other.",
    "raster-nodata": "What cells without data hold is not said, or said in two ways.",
    "raster-overlap": "No area lies on the raster.",
    "raster-statistic": "A statistic is asked for in a way that means nothing.",
    "raster-weights": "Weights of cells are negative.",
    "read-column-missing": "A column that was asked for is not in the file.",
    "read-crs-contradiction": "The file says one CRS and another was declared.",
    "read-crs-missing": "Neither the file nor the request says in which CRS the coordinates are.",
    "read-crs-unknown": "The named CRS does not exist.",
    "read-cube-size": "A cube has too many cells, or not as many as its dimensions need.",
    "read-changed": "The file was written to while it was read.",
    "read-damaged": "The file breaks off or does not hold what its first bytes promise.",
    "read-decimal-ambiguous": "Nothing decides whether 1,234 means one or one thousand.",
    "read-decimal-mixed": "Some numbers have a decimal comma and others a decimal point.",
    "read-directory": "The path is a folder, not a file.",
    "read-empty": "The file or the sheet holds nothing.",
    "read-encoding": "The bytes are not text in the given or found encoding.",
    "read-excel-date": "Some cells of a column are dates: Excel makes dates of codes such as 3-4.",
    "read-excel-error": "A cell is an Excel error such as #REF!, or a truth value among numbers.",
    "read-excel-formula": "A formula was saved without its result.",
    "read-excel-merged": "Cells of the table are merged, so all but one of them are empty.",
    "read-excel-sheet": "The workbook has several sheets and none was named, or not the one named.",
    "read-excel-size": "The workbook unpacks to far more than a table of statistics needs.",
    "read-format": "The content is of no known format, or not of the one in the file's name.",
    "read-header-duplicate": "Two columns have the same name, or names that differ only in case.",
    "read-header-empty": "No column has a name, or a second header row has some of the names.",
    "read-header-only": "There are columns and not one row.",
    "read-header-title": "A title stands where the header should.",
    "read-infinite": "An infinite number, or one too large to be held, stands in a number column.",
    "read-json-stat": "The file is not a whole JSON-stat 2 data set.",
    "read-layer": "The file has several layers and none was named, or not the one named.",
    "read-missing-file": "There is no such file.",
    "read-mojibake": "Letters are garbled, as when å has become Ã¥.",
    "read-needs-package": "The format needs a package that is not installed.",
    "read-not-a-number": "A number column has a text that is neither a number nor a known mark.",
    "read-open": "Another program is writing to the file.",
    "read-options": "A separator or a thousands sign was named that cannot be one.",
    "read-path": "The path has signs that GDAL takes for something else, or is too long for it.",
    "read-places-degrees": "Most coordinates look like degrees, and the CRS is in metres.",
    "read-places-infinite": "A coordinate is infinite.",
    "read-places-metres": "Most coordinates look like metres, and the CRS is in degrees.",
    "read-places-outside": "Most coordinates lie outside the area where the CRS is used.",
    "read-places-swapped": "Most coordinates fit the CRS only with x and y swapped.",
    "read-points-columns": "The coordinate columns are not named, or clash with another column.",
    "read-points-geometry": "Features that should be points are something else.",
    "read-px": "The PX file lacks a part, or is of the sparse kind.",
    "read-quotes": "A quotation mark is not closed, or swallows rows.",
    "read-ragged": "Rows have more or fewer cells than the header.",
    "read-remote": "The path is a URL or a virtual path; only files on disk are read.",
    "read-separator": "More than one character could separate the columns.",
    "read-shapefile-parts": "A part of the shapefile is missing.",
    "read-size": "The file holds or makes far more than it could need: see the limits, --limits.",
    "read-sum-row": "Rows among the data are sums of others and would be counted twice.",
    "read-trailing-separator": "Every row ends with a separator and the header does not.",
    "read-unit-contradiction": "The file says per cent, and the column was declared as fractions.",
    "read-unit-mixed": "Some numbers of a column say per cent and others do not.",
    "read-unreadable": "The file may not be read by this user.",
    "releases-file": "The ledger of releases, or its key, cannot be read.",
    "releases-meanwhile": "Another release was added while a run was made without it.",
    "releases-run": "A delivery or a grid cannot be added to the ledger, or the run names none.",
    "releases-unknown": "The ledger has no such release, or several that begin so.",
    "run-ages": "Bounds or breaks cut a class of ages that points have.",
    "run-crs": "The CRS of the output does not exist, or is none for maps.",
    "run-file": "The run file cannot be read.",
    "run-form": "The run file is no TOML, or has a key or value that does not belong.",
    "run-indicator": "The run measures an indicator that its catalogue does not have.",
    "run-minimum": "The run asks for more indicators or dimensions than there are.",
    "run-name": "Two sources have one name, or a source has an edition the run does not make.",
    "run-noise": "A publisher's noise is to be estimated, and no parts and totals tell it.",
    "run-path": "A source's file does not exist, or its name has an unknown placeholder.",
    "run-sex": "The column of sex lacks the texts that the run names.",
    "run-texts": "None of the texts that a condition names occurs in its column.",
    "run-where": "A `where` names values that its column does not have, or ages that classes cut.",
    "run-twice": "An indicator is measured twice for the same edition and sex.",
    "run-unit": "Whether a column of shares holds fractions or per cents is not clear.",
    "siting-candidates": "More new places are asked for than there are candidates, or none.",
    "siting-time": "No choice of new places was found in the time that was given.",
    "targets-year": "A target year is not after the last period, or a period is no year.",
    "timeline-break": "A change is asked for across a break.",
    "timeline-definition": "An indicator is not what it was in the delivery whose scales are used.",
    "timeline-manifest": "The earlier delivery has no readable scales.",
    "timeline-noise": "A change is asked for across the start of a publisher's noise.",
    "timeline-partial": "A change is asked for of scores that lack an indicator.",
    "timeline-scale": "Two runs that are compared stand on different scales.",
    "verify-differs": "Files of a delivery are not the ones in its manifest.",
    "verify-manifest": "The folder has no manifest, or a damaged one.",
}
"""Every stable code and what it means; the page of errors in docs/ is made from it."""


class GeolyftWarning(UserWarning):
    """Something the reader of the result has to know, though the work went on."""


Objection = tuple[str, str, str]
"""Code, what is wrong, and the way out: a refusal before it is known of which file."""


class GeolyftError(Exception):
    """A refusal: the input, the request or the destination has to change.

    Parameters
    ----------
    code
        Stable, documented in ``CODES``; scripts may rely on it.
    what
        What is wrong and how much of it, with values cut short and never personal.
    remedy
        The way out, as an instruction.
    where
        File, row and column as far as they are known.

    Examples
    --------
    >>> str(GeolyftError("join-outside", "40 of 40 points fall outside every area",
    ...                  remedy="check the CRS", where="residents.csv"))
    'residents.csv: 40 of 40 points fall outside every area; check the CRS'
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, code: str, what: str, *, remedy: str, where: str = "") -> None:
        self.code = code
        self.what = what
        self.remedy = remedy
        self.where = where
        super().__init__(f"{where}: {what}; {remedy}" if where else f"{what}; {remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        """Let a refusal come whole from a worker in another process."""
        return _again, (type(self), self.code, self.what, self.remedy, self.where)


def _again(kind: type[GeolyftError], code: str, what: str, remedy: str, where: str) -> GeolyftError:
    return kind(code, what, remedy=remedy, where=where)


class ReadError(GeolyftError):
    """A file cannot be understood, or is understood and not acceptable."""


class AreaError(GeolyftError):
    """Polygons, codes or crosswalks that cannot carry statistics."""


class JoinError(GeolyftError):
    """Points or totals that cannot be placed on the areas."""


class CatalogueError(GeolyftError):
    """An indicator catalogue that contradicts itself."""


class ConfigError(GeolyftError):
    """A run file that cannot be run."""


class IndexComputationError(GeolyftError):
    """An index that is not defined for these numbers."""


class DisclosureError(GeolyftError):
    """Refused: publishing this could reveal something about a person."""

    exit_code: ClassVar[int] = 3


class LacksError(ReadError, KeyError):
    """A delivery has nothing of the name that was asked for; a mapping's ``KeyError`` too."""

    __str__ = Exception.__str__


class FaultsError(GeolyftError):
    """Everything that is wrong with a file, told in one go.

    Parameters
    ----------
    faults
        Each a refusal of its own, with its code and place. The refusal's own code is the first's.

    Examples
    --------
    >>> fault = GeolyftError("read-empty", "is empty", remedy="fill it", where="a.csv")
    >>> str(FaultsError([fault, fault]))
    'a.csv: is empty (and 1 more); fill it'
    """

    def __init__(self, faults: Sequence[GeolyftError]) -> None:
        self.faults = tuple(faults)
        first, more = self.faults[0], len(self.faults) - 1
        what = f"{first.what} (and {more} more)" if more else first.what
        super().__init__(first.code, what, remedy=first.remedy, where=first.where)

    def __reduce__(self) -> tuple[object, ...]:
        """Let the faults come whole from a worker in another process."""
        return type(self), (self.faults,)


class OutputError(GeolyftError):
    """The delivery could not be written; nothing is left at its final path."""

    exit_code: ClassVar[int] = 4


_APART: Final = re.compile(r"[-+–\s]")
# Ten digits are a personal identity number or a telephone; an area code has fewer in a row.
_MANY_DIGITS: Final = re.compile(r"\d{10}")
_MAIL: Final = re.compile(r"\S@\S")


def is_personal(text: str) -> bool:
    """Say whether a text may hold an identity number, a telephone number or an e-mail address.

    Examples
    --------
    >>> [is_personal(text) for text in ("19121212-1212", "a@b.se", "1280C1010_DeSO2025")]
    [True, True, False]
    """
    return bool(_MANY_DIGITS.search(_APART.sub("", text)) or _MAIL.search(text))


def brief(value: object, limit: int = 30) -> str:
    """Cut a value short for a message, and leave out one that could be personal.

    Examples
    --------
    >>> brief("Möllevången")
    "'Möllevången'"
    >>> brief("x" * 50, limit=5)
    "'xxxxx…'"
    >>> brief("121212-1212")
    "'…'"
    """
    text = str(value)
    if is_personal(text):
        return repr("…")
    return repr(text if len(text) <= limit else text[:limit] + "…")


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a clause that names what was probably meant, or nothing.

    Examples
    --------
    >>> nearest("gesoo", ["geso", "deso2025"]), nearest("x", ["geso"])
    (" (did you mean 'geso'?)", '')
    """
    known = {each.casefold(): each for each in names}
    match = get_close_matches(name.casefold(), known, n=1)
    return f" (did you mean {brief(known[match[0]])}?)" if match else ""


@contextmanager
def unprotected(said: Callable[[int], str]) -> Iterator[None]:
    """Speak of a file that nobody has protected: no cell of it, and of numbers what may be said.

    It holds in the thread that enters it. Refusals and warnings made meanwhile ask `count` and
    `content` for their words.

    Parameters
    ----------
    said
        Returns what may be said of a number of rows.

    Examples
    --------
    >>> with unprotected(lambda n: "few" if n < 10 else str(n)):
    ...     f"{count(8)} of {count(60)}, first {content('Alva Ek')}"
    'few of 60, first a text of 7 signs'
    """
    token = _SAID.set(said)
    try:
        yield
    finally:
        _SAID.reset(token)


def count(number: int) -> str:
    """Say a number of a file's rows, exact unless the file is `unprotected`."""
    said = _SAID.get()
    return said(int(number)) if said else str(number)


def content(cell: object) -> str:
    """Say a file's cell as `brief` does, and of one that is `unprotected` how long it is."""
    return f"a text of {len(str(cell))} signs" if _SAID.get() else brief(cell)
