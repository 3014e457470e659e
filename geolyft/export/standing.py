"""How an area stands to the city and how it moved, in sentences that say no more than is sure.

The map, the profiles and the list of areas say these sentences and no others, so that none of them
counts in another way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.export.words import beside_zero

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.words import Words

_LAST_NUMBER: Final = 12
_PAIR: Final = 2


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an area stands in one dimension.

    Parameters
    ----------
    difference
        Points to the city of the same period; none where either has no value.
    distinct
        Whether the interval of the difference does not hold 0; none where that is not known.
    hidden
        Whether the value is withheld to protect individuals.
    """

    name: str
    difference: float | None
    distinct: bool | None = None
    hidden: bool = False


def headline(
    standings: Sequence[Standing], *, area: str, period: str, city: str, words: Words
) -> str:
    """Say in which dimensions an area is surely below and above the city, and where it is not sure.

    Parameters
    ----------
    standings
        One for each dimension, in order.

    Examples
    --------
    >>> from geolyft.export.words import load_words
    >>> four = [
    ...     Standing(name="Delaktighet", difference=-8.0, distinct=False),
    ...     Standing(name="Utbildning", difference=-9.0, distinct=True),
    ...     Standing(name="Ekonomi", difference=-12.0, distinct=True),
    ...     Standing(name="Boende", difference=3.0, distinct=True),
    ... ]
    >>> text = headline(four, area="10", period="2024", city="Malmö", words=load_words("sv"))
    >>> text.removeprefix("Statistiskt säkerställt under Malmö 2024 i två av fyra dimensioner: ")
    'ekonomi och utbildning; över i en: boende. Ingen säkerställd skillnad i en: delaktighet.'
    """
    known = [each for each in standings if each.difference is not None]
    whole = _Whole(count=len(known), place={"city": city, "period": period}, words=words)
    if not known:
        sentences = [words.say("explain.head_none", area=area, **whole.place)]
    else:
        sentences = [*_judged(known, whole), *_unjudged(known, whole)]
    return " ".join([*sentences, *_absent(standings, words, is_all=not known)])


@dataclass(frozen=True, kw_only=True)
class _Whole:
    """What every sentence names, and how many dimensions have a value."""

    count: int
    place: Mapping[str, str]
    words: Words

    def say(self, key: str, some: Sequence[Standing], **parts: object) -> str:
        named = {"which": self._which(len(some)), "list": _names(some, self.words)}
        number = count(len(some), self.words)
        return self.words.say(f"explain.head_{key}", n=number, **named, **self.place, **parts)

    def _which(self, part: int) -> str:
        """Say how many of the dimensions: no language says "all two"."""
        key = "some" if part < self.count else {1: "one", _PAIR: "both"}.get(self.count, "all")
        n, whole = count(part, self.words), count(self.count, self.words)
        return self.words.say(f"explain.which_{key}", n=n, all=whole)


def _judged(known: Sequence[Standing], whole: _Whole) -> list[str]:
    """Say where an area is surely below or above, and where neither is sure."""
    ordered = sorted(known, key=_difference)
    below = [each for each in ordered if each.distinct and _difference(each) < 0]
    above = [each for each in reversed(ordered) if each.distinct and _difference(each) > 0]
    level = [each for each in known if each.distinct is False]
    sentences = []
    if below and above:
        more = {"n_above": count(len(above), whole.words), "above": _names(above, whole.words)}
        sentences.append(whole.say("mixed", below, **more))
    elif below or above:
        sentences.append(whole.say("below" if below else "above", below or above))
    if level:
        sentences.append(whole.say("rest" if below or above else "level", level))
    return sentences


def _unjudged(known: Sequence[Standing], whole: _Whole) -> list[str]:
    """Say whose figures are lower, where nobody has told how sure that is."""
    unknown = [each for each in known if each.distinct is None]
    lower = [each for each in sorted(unknown, key=_difference) if _difference(each) < 0]
    if not unknown:
        return []
    said = whole.say("lower", lower) if lower else whole.say("not_lower", unknown)
    return [said, whole.words.say("explain.head_unjudged")]


def _difference(each: Standing) -> float:
    return each.difference or 0.0


def _absent(standings: Sequence[Standing], words: Words, *, is_all: bool) -> list[str]:
    """Say which dimensions have no value, and why; a hidden one is not called missing."""
    gone = [each for each in standings if each.difference is None]
    hidden = [each for each in gone if each.hidden]
    missing = [] if is_all else [each for each in gone if not each.hidden]
    return [
        words.say(f"explain.head_{key}", list=_names(some, words))
        for key, some in (("missing", missing), ("hidden", hidden))
        if some
    ]


def _names(standings: Sequence[Standing], words: Words) -> str:
    return words.listed([inline(each.name) for each in standings])


def movement(
    moved: Mapping[str, object], city_moved: Mapping[str, object] | None, *, city: str, words: Words
) -> list[str]:
    """Say how an area's index moved and how the city's did: a direction only where it is sure.

    Parameters
    ----------
    moved, city_moved
        Rows of ``forandring`` that are comparable: ``first, last, change, low, high, exceeds``.

    Examples
    --------
    >>> from geolyft.export.words import load_words
    >>> row = {"first": "2021", "last": "2024", "change": 1.34, "low": -0.5, "high": 3.1}
    >>> movement({**row, "exceeds": False}, None, city="Malmö", words=load_words("sv"))[0]
    'Från 2021 till 2024 är indexet inte säkert förändrat (+1,3 poäng, osäkerhet −0,5 till +3,1).'
    """
    sentences = [_moved("moved", moved, words)]
    if city_moved is not None:
        sentences.append(_moved("city", city_moved, words, city=city))
    return sentences


def _moved(key: str, row: Mapping[str, object], words: Words, **parts: object) -> str:
    change, low, high = (float(str(row[name])) for name in ("change", "low", "high"))
    way = "unsure" if not row["exceeds"] else "up" if change > 0 else "down"
    low, high = beside_zero(low), beside_zero(high)
    change = beside_zero(change) if row["exceeds"] else change
    signed = {"change": words.signed(change), "low": words.signed(low), "high": words.signed(high)}
    years = {"first": row["first"], "last": row["last"], "points": words.number(abs(change))}
    return words.say(f"explain.{key}_{way}", **signed, **years, **parts)


def inline(name: str) -> str:
    """Return a name as it stands inside a sentence: small first letter, save in abbreviations.

    Examples
    --------
    >>> inline("Ekonomi"), inline("EU-stöd"), inline("")
    ('ekonomi', 'EU-stöd', '')
    """
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def count(number: int, words: Words) -> str:
    """Write a small number in letters.

    Examples
    --------
    >>> from geolyft.export.words import load_words
    >>> count(3, load_words("sv")), count(13, load_words("sv"))
    ('tre', '13')
    """
    return words.say(f"explain.number_{number}") if number <= _LAST_NUMBER else str(number)
