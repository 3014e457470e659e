"""How an area stands, in plain words: what stands out against the city, said in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from geolyft.frames import CITY, EVERYONE
from geolyft.index.scales import side_of_city

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.words import Words
    from geolyft.indicators.catalogue import Catalogue

Kind = Literal["strength", "challenge"]


def strengths(
    scores: pd.DataFrame, *, k: int = 3, near: float = 0.0, observations: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Find what stands out in each area against the city of the same period.

    Parameters
    ----------
    scores
        What `geolyft.index.scales.score` returns, the city among the areas.
    k
        How many strengths, and how many challenges, an area has at most.
    near
        Points within which an indicator is neither.
    observations
        With these, ``sure`` says whether the city's value lies outside the area's interval.

    Returns
    -------
    pandas.DataFrame
        ``area, period, indicator, difference`` (points on the indicator's scale, above zero is
        better than the city), ``kind`` (strength or challenge), ``rank`` (1 stands out most) and,
        if asked for, ``sure``.

    Examples
    --------
    >>> scores = pd.DataFrame({"area": ["1", "1", "city", "city"], "period": "2025", "sex": "alla",
    ...     "indicator": ["E1", "E2"] * 2, "score": [80.0, 105.0, 100.0, 100.0]})
    >>> strengths(scores)[["indicator", "difference", "kind"]].values.tolist()
    [['E2', 5.0, 'strength'], ['E1', -20.0, 'challenge']]
    """
    everyone = scores[scores["sex"] == EVERYONE]
    city = everyone[everyone["area"] == CITY].set_index(["period", "indicator"])["score"]
    areas = everyone[everyone["area"] != CITY].join(city.rename("city"), on=["period", "indicator"])
    areas["difference"] = areas["score"] - areas["city"]
    sides = [
        _furthest(areas[areas["difference"] > near], "strength", k),
        _furthest(areas[areas["difference"] < -near], "challenge", k),
    ]
    columns = ["area", "period", "indicator", "difference", "kind", "rank"]
    table = pd.concat(sides)[columns]
    if observations is not None:
        table = table.merge(_sure(observations), on=["area", "period", "indicator"], how="left")
    order = table.assign(last=table["kind"] == "challenge")
    order = order.sort_values(["period", "area", "last", "rank"])
    return order.drop(columns="last").reset_index(drop=True)


def _furthest(areas: pd.DataFrame, kind: Kind, k: int) -> pd.DataFrame:
    away = areas.assign(away=areas["difference"].abs(), kind=kind)
    # Equal distances go by code, so that the order of rows decides nothing.
    away = away.sort_values(
        ["area", "period", "away", "indicator"], ascending=[True, True, False, True]
    )
    away["rank"] = away.groupby(["area", "period"]).cumcount() + 1
    return away[away["rank"] <= k]


def _sure(observations: pd.DataFrame) -> pd.DataFrame:
    everyone = observations[observations["sex"] == EVERYONE]
    city = everyone[everyone["area"] == CITY].set_index(["period", "indicator"])["value"]
    rows = everyone.join(city.rename("city"), on=["period", "indicator"])
    rows["sure"] = (rows["low"] > rows["city"]) | (rows["high"] < rows["city"])
    return rows[["area", "period", "indicator", "sure"]]


def in_words(
    index: pd.DataFrame,
    standing: pd.DataFrame,
    catalogue: Catalogue,
    words: Words,
    *,
    city: str,
    period: str,
    changes: pd.DataFrame | None = None,
    before: str = "",
) -> dict[str, tuple[str, ...]]:
    """Say in plain sentences how each area stands, about areas and never about people.

    Parameters
    ----------
    index
        What `geolyft.index.combine.combine` returns, the city among the areas.
    standing
        What :func:`strengths` returns. Where it says what is sure, only that is put in words.
    words
        The texts of a language, with a section ``explain``.
    city
        The city's name in sentences.
    changes, before
        What `geolyft.findings.causes.change_of_index` returns, and the period it counts from.

    Returns
    -------
    dict
        Area to its sentences, in order: dimensions below the city, what is missing, challenges,
        strengths, change.
    """
    lang = words.lang
    everyone = index[(index["sex"] == EVERYONE) & (index["period"] == period)]
    everyone = everyone.set_index("area")
    titles = {d.code: d.title(lang) for d in catalogue.dimensions}
    labels = {i.code: i.label(lang) for i in catalogue.indicators}
    codes = list(titles)
    moved = pd.DataFrame() if changes is None else changes[changes["sex"] == EVERYONE]
    sentences = {}
    for area in (code for code in everyone.index if code != CITY):
        distance = everyone.loc[area, codes].astype(float) - everyone.loc[CITY, codes].astype(float)
        standings = standing[(standing["area"] == area) & (standing["period"] == period)]
        of_area = moved[moved["area"] == area] if len(moved) else moved
        sentences[str(area)] = (
            *_on_dimensions(distance.rename(titles), words, city),
            *_on_standing(standings, words, city, labels),
            *_on_change(of_area, words, city, before, period),
        )
    return sentences


def _on_dimensions(distance: pd.Series[float], words: Words, city: str) -> tuple[str, ...]:
    known = distance.dropna()
    below = known[known.map(side_of_city) < 0].sort_values(kind="stable")
    parts: dict[str, object] = {
        "city": city,
        "n": _count(len(below), words),
        "all": _count(len(known), words),
        "list": words.listed([str(name) for name in below.index]),
    }
    sentences = []
    if len(known):
        which = "none" if below.empty else "all" if len(below) == len(known) else "some"
        # "Under Malmö i alla en dimensioner" is no Swedish.
        which = f"{which}_one" if len(known) == 1 else which
        sentences.append(words.say(f"explain.below_{which}", **parts))
    missing = [str(name) for name in distance.index[distance.isna()]]
    if missing:
        sentences.append(words.say("explain.missing", list=words.listed(missing)))
    return tuple(sentences)


def _on_standing(
    standings: pd.DataFrame, words: Words, city: str, labels: Mapping[str, str]
) -> tuple[str, ...]:
    if "sure" in standings:
        standings = standings[standings["sure"].eq(True)]
    sentences = []
    for kind in ("challenge", "strength"):
        rows = standings[standings["kind"] == kind].sort_values("rank")
        items = [
            words.say(
                "explain.item",
                name=labels[str(row["indicator"])],
                points=words.number(abs(float(row["difference"]))),
            )
            for _, row in rows.iterrows()
        ]
        if items:
            text = words.say(f"explain.{kind}", city=city, list=words.listed(items))
            sentences.append(text)
    return tuple(sentences)


def _on_change(
    moved: pd.DataFrame, words: Words, city: str, before: str, after: str
) -> tuple[str, ...]:
    if moved.empty:
        return ()
    row = moved.iloc[0]
    shifts = {"area": float(row["moved"]), "city_moved": float(row["city_moved"])}
    parts: dict[str, object] = {name: _direction(shift, words) for name, shift in shifts.items()}
    text = words.say("explain.change", city=city, before=before, after=after, **parts)
    distance = words.say(
        "explain.relative", city=city, points=_signed(float(row["relative"]), words)
    )
    return (text, distance)


def _direction(shift: float, words: Words) -> str:
    amount = words.number(abs(shift))
    shown = any(digit in "123456789" for digit in amount)
    way = ("up" if shift > 0 else "down") if shown else "still"
    return words.say(f"explain.{way}", points=amount)


def _signed(value: float, words: Words) -> str:
    text = words.number(value)
    return f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text


def _count(number: int, words: Words) -> str:
    return words.say(f"explain.number_{number}") if number <= _LAST_NUMBER else str(number)


_LAST_NUMBER: Final = 12
