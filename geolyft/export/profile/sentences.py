"""How an area stands, in a sentence or two that say no more than the figures do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.index.scales import side_of_city

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.export.figures.reader import Reader
    from geolyft.export.words import Words

_LAST_NUMBER: Final = 12


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


def say(reader: Reader, key: str, **parts: object) -> str:
    """Return a text of the profiles with the city's name filled in."""
    return reader.words.say(f"profile.{key}", city=reader.publication.city, **parts)


def headline(
    standings: Sequence[Standing], *, area: str, period: str, city: str, words: Words
) -> str:
    """Say in how many dimensions an area is below the city, and in which that is sure.

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
    >>> text.removeprefix("Under Malmö i tre av fyra dimensioner; ")
    'skillnaden är säkerställd i två: ekonomi och utbildning. Nära Malmö i en.'
    """
    known = [each for each in standings if each.difference is not None]
    if not known:
        none = words.say("profile.head_none", area=area, period=period, city=city)
        return " ".join([none, *_withheld(standings, words)])
    below = sorted((each for each in known if side_of_city(_difference(each)) < 0), key=_difference)
    if not below:
        return " ".join([_above(known, city, words), *_absent(standings, words)])
    sentences = [_below(below, known, city, words), *_rest(known, city, words)]
    return " ".join([*sentences, *_absent(standings, words)])


def _difference(each: Standing) -> float:
    return each.difference or 0.0


def _below(below: list[Standing], known: list[Standing], city: str, words: Words) -> str:
    """Say where an area is below the city: of sureness only what is known."""
    parts = {"city": city, "n": count(len(below), words), "all": count(len(known), words)}
    names = _names(below, words)
    if len(known) == 1:
        head = words.say("profile.head_below_one", list=names, **parts)
        return _single(head, below[0].distinct, words)
    head = words.say(f"profile.head_below_{_share(len(below), len(known))}", **parts)
    if any(each.distinct is None for each in below):
        return words.say("profile.head_unknown", head=head, list=names)
    sure = [each for each in below if each.distinct]
    if not sure:
        return words.say("profile.head_sure_none", head=head, list=names)
    if len(below) == 1:
        return words.say("profile.head_sure_one", head=head, list=names)
    n = _of(len(sure), len(below), words)
    return words.say("profile.head_sure", head=head, n=n, list=_names(sure, words))


def _of(part: int, whole: int, words: Words) -> str:
    """Say how many of some: three, all three, both."""
    return words.say(f"profile.of_{_share(part, whole)}", n=count(part, words))


def _rest(known: list[Standing], city: str, words: Words) -> list[str]:
    """Say where the others are, so that nobody takes what is not named for better."""
    sides = [side_of_city(_difference(each)) for each in known]
    near, over = sides.count(0), sides.count(1)
    if not near and not over:
        return []
    which = "mixed" if near and over else "near" if near else "over"
    parts = {"near": count(near, words), "over": count(over, words)}
    return [words.say(f"profile.head_rest_{which}", city=city, **parts)]


def _share(part: int, whole: int) -> str:
    """Return how a part of a whole is said: no language says "all two"."""
    if part < whole:
        return "some"
    return "both" if whole == 2 else "all"  # noqa: PLR2004 - a pair


def _single(head: str, distinct: bool | None, words: Words) -> str:  # noqa: FBT001 - three answers
    if distinct is None:
        return words.say("profile.head_unknown_single", head=head)
    return words.say(f"profile.head_single_{'sure' if distinct else 'unsure'}", head=head)


def _above(known: list[Standing], city: str, words: Words) -> str:
    """Say that an area is nowhere far below the city, and where it is surely above."""
    key = "one" if len(known) == 1 else _share(len(known), len(known))
    head = words.say(f"profile.head_above_{key}", city=city, all=count(len(known), words))
    over = sorted((each for each in known if _difference(each) > 0), key=_difference)[::-1]
    if not over or any(each.distinct is None for each in over):
        return words.say("profile.head_unknown_single", head=head)
    if len(known) == 1:
        return _single(head, over[0].distinct, words)
    sure = [each for each in over if each.distinct]
    if not sure:
        return words.say("profile.head_over_none", head=head)
    n = _of(len(sure), len(known), words)
    return words.say("profile.head_over", head=head, n=n, list=_names(sure, words))


def _absent(standings: Sequence[Standing], words: Words) -> list[str]:
    """Say which dimensions have no value, and why; a hidden one is not called missing."""
    gone = [each for each in standings if each.difference is None]
    missing = [each for each in gone if not each.hidden]
    sentences = []
    if missing:
        sentences.append(words.say("profile.head_missing", list=_names(missing, words)))
    return sentences + _withheld(gone, words)


def _withheld(standings: Sequence[Standing], words: Words) -> list[str]:
    hidden = [each for each in standings if each.hidden]
    return [words.say("profile.head_hidden", list=_names(hidden, words))] if hidden else []


def _names(standings: Sequence[Standing], words: Words) -> str:
    return words.listed([inline(each.name) for each in standings])


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
