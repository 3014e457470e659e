"""What cells of the register say together: keys, periods, shares, places, costs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from geolyft.action.efforts.cells import is_number, is_protected, number
from geolyft.action.efforts.form import EFFORTS, KEY, PLACES, TIMES, tables
from geolyft.errors import GeolyftError, brief, nearest
from geolyft.read.values.dates import ends_before, is_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geolyft.action.efforts.gazetteer import Gazetteer
    from geolyft.action.efforts.sheets import Sheet

CITYWIDE: Final = "hela staden"
UNKNOWN: Final = "ej angiven"
_ROUNDING: Final = 0.001
"""How far from 1 shares may sum: thirds are written with three decimals."""


def faults_of_keys(sheets: Mapping[str, Sheet]) -> Iterator[GeolyftError]:
    """Yield keys that occur twice, and places and times of rows that are not there."""
    efforts = sheets[EFFORTS]
    keys = efforts.frame[KEY]
    first: dict[str, int] = {}
    for row, key in enumerate(keys):
        if key and first.setdefault(key, row) != row:
            what = f"the key {brief(key)} stands in row {efforts.lines[first[key]]} too"
            remedy = "give each row its own key, such as the effort's with -1 and -2"
            yield GeolyftError("efforts-key", what, remedy=remedy, where=efforts.at(row, KEY))
    for sheet in (sheets[PLACES], sheets[TIMES]):
        for row, key in enumerate(sheet.frame[KEY]):
            if key and key not in first:
                meant = "" if is_protected(sheet, row) else f": {brief(key)}{nearest(key, first)}"
                what = f"the table {EFFORTS} has no such row{meant}"
                remedy = f"correct the key, or add its row to {EFFORTS}"
                yield GeolyftError("efforts-unknown", what, remedy=remedy, where=sheet.at(row, KEY))


def faults_of_periods(sheet: Sheet) -> Iterator[GeolyftError]:
    """Yield periods that end before they begin."""
    pairs = (("start", "slut"), ("giltig_fran", "giltig_till"))
    for first, last in ((a, b) for a, b in pairs if {a, b} <= set(sheet.frame)):
        for row, (start, end) in enumerate(zip(sheet.frame[first], sheet.frame[last], strict=True)):
            known = all(not text or is_date(text) for text in (start, end))
            if known and ends_before(start, end):
                what = f"{last} {end} is before {first} {start}"
                yield GeolyftError(
                    "efforts-period", what, remedy="correct one of them", where=sheet.at(row, last)
                )


def faults_of_shares(sheet: Sheet) -> Iterator[GeolyftError]:
    """Yield rows whose places' shares do not sum to 1, or are given for some places only."""
    for _, rows in sheet.frame.groupby(KEY, sort=False):
        given = [text for text in rows["andel"] if text]
        where = sheet.at(int(rows.index[0]), "andel")
        if given and len(given) < len(rows):
            what = f"{len(given)} of {len(rows)} places of the row have a share"
            remedy = "give all of them one, or none: then the parts are equal"
            yield GeolyftError("efforts-share", what, remedy=remedy, where=where)
        elif given and (total := _sum(given)) is not None and abs(total - 1) > _ROUNDING:
            what = f"the shares of the row's {len(rows)} places sum to {total:.3f}"
            remedy = "make them sum to 1; what has no known place is a place too, ej angiven"
            yield GeolyftError("efforts-shares", what, remedy=remedy, where=where)


def _sum(texts: list[str]) -> float | None:
    # What is no number is told of the cell itself.
    return sum(map(number, texts)) if all(map(is_number, texts)) else None


def faults_of_places(sheet: Sheet, known: Gazetteer) -> Iterator[GeolyftError]:
    """Yield places whose area does not exist, or contradicts what else the row says."""
    for row, place in enumerate(sheet.frame.to_dict("records")):
        secret = is_protected(sheet, row)
        name, code, sure = place["delomrade"], place["kod"], place["plats_sakerhet"].casefold()
        of_name = known.area_of(name)
        if name and not of_name:
            what = "there is no such sub-area" + _shown(name, known.meant(name), secret=secret)
            remedy = "correct the name, or leave it empty and give kod"
            yield _fault("efforts-area", what, remedy, sheet.at(row, "delomrade"))
        if code and code not in known.areas:
            what = "there is no such area" + _shown(code, nearest(code, known.areas), secret=secret)
            remedy = f"use one of {', '.join(known.areas)}"
            yield _fault("efforts-area", what, remedy, sheet.at(row, "kod"))
        elif code and of_name and code != of_name:
            what = "the sub-area lies in another area"
            what += "" if secret else f": {brief(name)} is in {of_name}, not in {code}"
            remedy = "correct kod, or leave it empty: it follows from the sub-area"
            yield _fault("efforts-contradiction", what, remedy, sheet.at(row, "kod"))
        if (name or code) and sure in (CITYWIDE, UNKNOWN):
            what = f"an area is given, and plats_sakerhet says {sure}"
            remedy = "say how sure the area is, or take it away"
            yield _fault("efforts-contradiction", what, remedy, sheet.at(row, "plats_sakerhet"))
        if not (name or code or place["plats_namn"]) and sure not in (CITYWIDE, UNKNOWN, ""):
            what = f"plats_sakerhet says {sure}, and no place is given"
            remedy = f"give the place, or say {UNKNOWN}"
            yield _fault("efforts-contradiction", what, remedy, sheet.at(row, "plats_sakerhet"))


def _shown(text: str, meant: str, *, secret: bool) -> str:
    return "" if secret else f": {brief(text)}{meant}"


def _fault(code: str, what: str, remedy: str, where: str) -> GeolyftError:
    return GeolyftError(code, what, remedy=remedy, where=where)


def faults_of_costs(sheet: Sheet) -> Iterator[GeolyftError]:
    """Yield costs without a unit, and those in another unit than most."""
    units = sheet.frame["kostnad_enhet"].str.casefold()
    given = [unit for unit in units if unit]
    usual = Counter(given).most_common(1)[0][0] if given else ""
    for row, (cost, unit) in enumerate(zip(sheet.frame["kostnad"], units, strict=True)):
        if cost and not unit and is_number(cost):
            what, remedy = "the cost has no unit", "write kr or tkr"
        elif unit and unit != usual:
            what = f"the unit is {brief(unit)}, and {usual} in most rows"
            remedy = f"write every cost in {usual}"
        else:
            continue
        yield _fault("efforts-cost", what, remedy, sheet.at(row, "kostnad_enhet"))


def faults_of_protected(sheets: Mapping[str, Sheet]) -> Iterator[GeolyftError]:
    """Yield texts that hold the name of a protected place, wherever they stand."""
    places = sheets[PLACES]
    secret = [row for row in range(len(places.frame)) if is_protected(places, row)]
    names = {places.frame["plats_namn"].iloc[row].casefold() for row in secret} - {""}
    for sheet in sheets.values():
        for name in (name for name, each in tables()[sheet.table].items() if each.kind == "text"):
            for row, text in enumerate(sheet.frame[name]):
                own = sheet.table == PLACES and row in secret
                if not own and any(each in text.casefold() for each in names):
                    what = "the text holds the name of a protected place"
                    remedy = "take the name away, here and wherever it is published"
                    yield _fault("efforts-protected", what, remedy, sheet.at(row, name))
