"""What stands out in an area against the city, and its story: a few plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from geolyft.certainty.draws import INDEX
from geolyft.export.standing import Standing, headline, movement
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from geolyft.export.words import Words
    from geolyft.indicators.catalogue import Catalogue

Kind = Literal["strength", "challenge"]


def strengths(
    scores: pd.DataFrame,
    *,
    k: int = 3,
    near: float = 0.0,
    observations: pd.DataFrame | None = None,
    certainty: pd.DataFrame | None = None,
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
        With these, ``sure`` says whether the city's value lies outside the area's interval. What is
        sure stands before what is not.
    certainty
        What `geolyft.certainty.draws.summarise_draws` returns: where it judges a difference, that
        is what ``sure`` says.

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
    if observations is not None:
        sure = _sure(observations, certainty)
        areas = areas.merge(sure, on=["area", "period", "indicator"], how="left")
    sides = [
        _furthest(areas[areas["difference"] > near], "strength", k),
        _furthest(areas[areas["difference"] < -near], "challenge", k),
    ]
    columns = ["area", "period", "indicator", "difference", "kind", "rank"]
    table = pd.concat(sides)[[*columns, *([] if observations is None else ["sure"])]]
    order = table.assign(last=table["kind"] == "challenge")
    order = order.sort_values(["period", "area", "last", "rank"])
    return order.drop(columns="last").reset_index(drop=True)


def _furthest(areas: pd.DataFrame, kind: Kind, k: int) -> pd.DataFrame:
    sure = areas["sure"].eq(other=True) if "sure" in areas else True
    away = areas.assign(away=areas["difference"].abs(), kind=kind, first=sure)
    # Equal distances go by code, so that the order of rows decides nothing.
    away = away.sort_values(
        ["area", "period", "first", "away", "indicator"], ascending=[True, True, False, False, True]
    )
    away["rank"] = away.groupby(["area", "period"]).cumcount() + 1
    return away[away["rank"] <= k]


def _sure(observations: pd.DataFrame, certainty: pd.DataFrame | None) -> pd.DataFrame:
    everyone = observations[observations["sex"] == EVERYONE]
    city = everyone[everyone["area"] == CITY].set_index(["period", "indicator"])["value"]
    rows = everyone.join(city.rename("city"), on=["period", "indicator"])
    rows["sure"] = (rows["low"] > rows["city"]) | (rows["high"] < rows["city"])
    key = ["area", "period", "indicator"]
    if certainty is not None:
        judged = certainty.rename(columns={"what": "indicator"})[[*key, "distinct"]]
        rows = rows.merge(judged, on=key, how="left")
        rows["sure"] = rows["distinct"].astype("boolean").fillna(rows["sure"]).astype(bool)
    return rows[[*key, "sure"]]


def in_words(
    index: pd.DataFrame,
    standing: pd.DataFrame,
    catalogue: Catalogue,
    words: Words,
    *,
    city: str,
    period: str,
    certainty: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
    hidden: Collection[tuple[str, str]] = (),
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
    certainty
        What `geolyft.certainty.draws.summarise_draws` returns.
    changes
        What `geolyft.findings.change.change` returns.
    hidden
        The areas and dimensions of which a part is hidden.

    Returns
    -------
    dict
        Area to its sentences, in order: dimensions surely below and above the city, what is
        missing, challenges, strengths, change.
    """
    lang = words.lang
    everyone = index[(index["sex"] == EVERYONE) & (index["period"] == period)]
    everyone = everyone.set_index("area")
    labels = {i.code: i.label(lang) for i in catalogue.indicators}
    sure = _judged(certainty, period)
    moved = _moved(changes)
    sentences = {}
    for area in (str(code) for code in everyone.index if code != CITY):
        dimensions = [
            Standing(
                name=each.title(lang),
                difference=_distance(everyone, each.code, area),
                distinct=sure.get((each.code, area)),
                hidden=(area, each.code) in hidden,
            )
            for each in catalogue.dimensions
        ]
        mine = standing[(standing["area"] == area) & (standing["period"] == period)]
        sentences[area] = (
            headline(dimensions, area=area, period=period, city=city, words=words),
            *_on_standing(mine, words, city, labels),
        )
        if area in moved:
            said = movement(moved[area], moved.get(CITY), city=city, words=words)
            sentences[area] = (*sentences[area], *said)
    return sentences


def _distance(index: pd.DataFrame, code: str, area: str) -> float | None:
    away = index[code].astype("float64")
    return None if away[[area, CITY]].isna().any() else float(away[area] - away[CITY])


def _judged(certainty: pd.DataFrame | None, period: str) -> dict[tuple[str, str], bool]:
    if certainty is None:
        return {}
    rows = certainty[certainty["period"] == period]
    keys = zip(rows["what"], rows["area"], strict=True)
    return dict(zip(keys, rows["distinct"].eq(other=True).tolist(), strict=True))


def _moved(changes: pd.DataFrame | None) -> dict[str, dict[str, object]]:
    """Return the rows of the index that may be compared, by area."""
    if changes is None:
        return {}
    rows = changes[(changes["what"] == INDEX) & changes["comparable"].astype(bool)]
    named = ({str(k): v for k, v in row.items()} for row in rows.to_dict("records"))
    return {str(row["area"]): row for row in named}


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
                f"explain.item_{kind}",
                name=labels[str(row["indicator"])],
                points=words.number(abs(float(row["difference"]))),
            )
            for _, row in rows.iterrows()
        ]
        if items:
            text = words.say(f"explain.{kind}", city=city, list=words.listed(items))
            sentences.append(text)
    return tuple(sentences)
