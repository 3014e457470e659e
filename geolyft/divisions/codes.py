"""Codes of areas as publishers write them become those of a crosswalk, or are told apart.

SCB ends codes with the year of their division (``1280C1010_DeSO2025``), PxWeb puts code and name
in one cell (``1280C1010 (Malmö)``, ``1280 Malmö``), and tables hold rows of municipalities too.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.divisions.areas import clean_deso
from geolyft.divisions.crosswalks import CROSSWALKS, load_crosswalk
from geolyft.errors import JoinError, brief, content
from geolyft.read.values.folded import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from geolyft.divisions.crosswalks import Crosswalk

_WRITTEN: Final = re.compile(
    r"(?P<code>\S+?)(?:_(?P<ending>(?:DeSO|RegSO)[0-9]{4}))?(?: (?P<label>.+))?", re.IGNORECASE
)
_SMALL: Final = re.compile(r"(?P<place>[0-9]{4})(?:[A-Z][0-9]+|[0-9]{4})")
_LARGER: Final = re.compile(r"[0-9]{2}(?:[0-9]{2})?|riket|sverige", re.IGNORECASE)
_MOST: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Matched:
    """What became of the codes of a table, as they stand in it.

    Parameters
    ----------
    found
        Text to the code of the crosswalk it means.
    larger
        Codes of a municipality, county or the nation that may hold all the others: totals.
    elsewhere
        Codes of other municipalities and larger regions.
    other_year
        Codes of another year's division that stand beside the year's own.
    unknown
        All the rest.
    how
        How many were found as ``ending``, ``label`` or ``name``, beside those that are the same.
    """

    found: dict[str, str] = field(default_factory=dict)
    larger: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    other_year: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    how: dict[str, int] = field(default_factory=dict)


def match_codes(
    texts: Iterable[str],
    crosswalk: Crosswalk,
    *,
    names: pd.Series[str] | None = None,
    where: str = "",
) -> Matched:
    """Match the codes of a table with a crosswalk's sources.

    Parameters
    ----------
    texts
        As they stand in the table.
    names
        Names of the areas by their codes, for a table that has names where codes should be. They
        are used when no code is found, and no two are the same. A code that stands with the name
        of another area is refused.

    Raises
    ------
    JoinError
        ``join-unknown`` when codes end with another year than the crosswalk's, ``join-duplicate``
        when two of them are one area's, ``join-label`` when a code stands with another's name.

    Examples
    --------
    >>> crosswalk = load_crosswalk("deso2025_geso")
    >>> match_codes(["1280C1010_DeSO2025", "1280C1020 (Malmö)", "1280 Malmö"], crosswalk).found
    {'1280C1010_DeSO2025': '1280C1010', '1280C1020 (Malmö)': '1280C1020'}
    """
    given = pd.Series(pd.unique(pd.Series(list(texts), dtype="str")), dtype="str")
    known = set(crosswalk.table["source"])
    written = [(t, _WRITTEN.fullmatch(f)) for t, f in zip(given, folded(given), strict=True)]
    parsed = [_Parsed.of(text, parts, known) for text, parts in written]
    if names is not None and not any(each.code in known for each in parsed):
        by_name = _by_name(parsed, names)
        if by_name.found:
            return by_name
    kept, other_year = _of_the_year(parsed, crosswalk, known, where)
    _refuse_twins(kept, where)
    if names is not None:
        _refuse_labels(kept, names, where)
    found = {each.text: each.code for each in kept if each.code in known}
    rest = [each for each in kept if each.code not in known]
    sorted_out = _sort_out(rest, known)
    how = Counter(each.how for each in kept if each.code in known and each.how)
    return Matched(found=found, other_year=other_year, how=dict(how), **sorted_out)


@dataclass(frozen=True)
class _Parsed:
    """A text as a code, the division it says it is of, and what stood around the code."""

    text: str
    code: str
    ending: str
    how: str
    label: str = ""

    @classmethod
    def of(cls, text: str, parts: re.Match[str] | None, known: Collection[str]) -> _Parsed:
        clean = parts[0] if parts else text
        if parts is None or clean in known:
            return cls(text, clean, "", "")
        ending = (parts["ending"] or "").lower()
        how = "ending" if ending else "label" if parts["label"] else ""
        return cls(text, parts["code"], ending, how, (parts["label"] or "").strip("()"))


def _of_the_year(
    parsed: list[_Parsed], crosswalk: Crosswalk, known: Collection[str], where: str
) -> tuple[list[_Parsed], list[str]]:
    """Keep the codes of the crosswalk's own year where another year's stand beside them."""
    endings = {each.ending for each in parsed} - {""}
    if not endings:
        return parsed, []
    own, bare = crosswalk.source.lower(), {e.code for e in parsed if not e.ending}
    marked = {each.code for each in parsed if each.ending == own}
    if own in endings:
        # Bare codes are of the division before it, where the own year's are marked.
        whole = set(known) <= marked
        kept = [e for e in parsed if e.ending == own or not (e.ending or _gone(e, marked, whole))]
    elif _is_dated(own) and set(known) <= bare:
        kept = [each for each in parsed if not each.ending]
    elif _is_dated(own) or len(endings) > 1:
        raise _another_year(sorted(endings), crosswalk, where)
    else:
        kept = parsed
    names = {each.text for each in kept}
    return kept, [each.text for each in parsed if each.text not in names]


def _gone(each: _Parsed, marked: Collection[str], whole: bool) -> bool:  # noqa: FBT001 - private
    """Say whether a bare code beside marked ones is of another year's division."""
    return each.code in marked or (whole and _SMALL.fullmatch(each.code) is not None)


def _is_dated(division: str) -> bool:
    return re.fullmatch(r"(?:deso|regso)[0-9]{4}", division) is not None


def _another_year(endings: list[str], crosswalk: Crosswalk, where: str) -> JoinError:
    fitting = [name for name, (source, target) in CROSSWALKS.items()
               if source in endings and target == crosswalk.target]  # fmt: skip
    ended = " and ".join(endings)
    return JoinError(
        "join-unknown",
        f"area codes end with {ended}, and crosswalk {crosswalk.name} is of {crosswalk.source}",
        remedy=f'use crosswalk = "{fitting[0]}"' if fitting else "use a crosswalk of that year",
        where=where,
    )


def _refuse_twins(kept: list[_Parsed], where: str) -> None:
    seen: dict[str, str] = {}
    for each in kept:
        if each.code in seen:
            raise JoinError(
                "join-duplicate",
                f"{content(seen[each.code])} and {content(each.text)} are one area",
                remedy="take one of them away, or list it in leave_out",
                where=where,
            )
        seen[each.code] = each.text


def _refuse_labels(kept: list[_Parsed], names: pd.Series[str], where: str) -> None:
    """Refuse a code beside the name of another area: one of the two is wrong."""
    clean = folded(names).str.casefold()
    if clean.duplicated().any():
        # Names that several areas share tell none of them apart.
        return
    name_of = dict(zip(names.index, clean, strict=True))
    others = set(clean)
    labels = folded(pd.Series([each.label for each in kept], dtype="str")).str.casefold()
    for each, label in zip(kept, labels, strict=True):
        if each.code in name_of and label in others and label != name_of[each.code]:
            raise JoinError(
                "join-label",
                f"{content(each.text)} names another area than {brief(each.code)}, which is "
                f"{brief(str(names[each.code]))}",
                remedy="correct the code or the name, or give a column of codes alone",
                where=where,
            )


def _by_name(parsed: list[_Parsed], names: pd.Series[str]) -> Matched:
    clean = folded(names)
    code_of = {} if clean.duplicated().any() else dict(zip(clean, names.index, strict=True))
    texts = [each.text for each in parsed]
    named = dict(zip(texts, folded(pd.Series(texts, dtype="str")), strict=True))
    found = {text: str(code_of[name]) for text, name in named.items() if name in code_of}
    kinds = _sort_out([each for each in parsed if each.text not in found], set(names.index))
    return Matched(found=found, how={"name": len(found)}, **kinds)


def _sort_out(rest: list[_Parsed], known: Collection[str]) -> dict[str, list[str]]:
    """Tell totals and other municipalities from codes that mean nothing here."""
    matches = [_SMALL.fullmatch(code) for code in known]
    # Without codes that begin with a municipality nothing says what lies elsewhere.
    own = {match["place"] if match else "" for match in matches}
    kinds: dict[str, list[str]] = {"larger": [], "elsewhere": [], "unknown": []}
    for each in rest:
        kinds[_kind(each.code, set() if "" in own else own)].append(each.text)
    return kinds


def _kind(code: str, own: Collection[str]) -> str:
    small = _SMALL.fullmatch(code)
    if small:
        return "elsewhere" if own and small["place"] not in own else "unknown"
    if not _LARGER.fullmatch(code) or (code in own and len(own) > 1):
        return "unknown"
    return "larger" if not own or code in own else "elsewhere"


def best_crosswalk(texts: Iterable[str], target: str) -> str:
    """Return the shipped crosswalk to a division that knows most of some codes, or nothing.

    Examples
    --------
    >>> best_crosswalk(["12800101", "12800102"], "geso")
    'valdistrikt2022_geso'
    """
    bare = set(clean_deso(pd.Series(list(texts), dtype="str")))
    known = {
        name: len(bare & set(load_crosswalk(name).table["source"]))
        for name, ends in CROSSWALKS.items()
        if ends[1] == target
    }
    best = max(known, key=known.__getitem__, default="")
    return best if best and known[best] > _MOST * len(bare) else ""
