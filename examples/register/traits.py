"""What the register knows of each synthetic person: rates per DeSO and year, and how they fall.

Two rates are the open figures themselves. The others are assumed: a level for the city, how much
it follows hardship, and how much it varies besides. Rates move on a log-odds scale, so none can
pass 0 or 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
from city import TENURES, City, logit, share_of
from people import ADULT, LUCK, PENSION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ANCHOR: Final = 2024  # the year the open figures describe
EDUCATION: Final = (
    "förgymnasial kortare än 9 år",
    "förgymnasial 9 år",
    "gymnasial",
    "eftergymnasial",
)
UNKNOWN: Final = "okänd"
SCHOOL_AGE: Final = 16


class Rate(NamedTuple):
    """A rate where hardship is at its mean, its log-odds step per standard deviation, and noise.

    Noise is the standard deviation of the areas' own level, and of each DeSO's within its area.
    """

    level: float
    hardship: float
    noise: float = 0.15


RATES: Final = {
    "aid": Rate(0.040, 0.65),  # economic assistance for 10 to 12 months, of 20-64
    "crowded": Rate(0.110, 0.60),  # by norm 2, of residents
    "leisure": Rate(0.40, 0.40),  # no activity, of 6-19
    "school": Rate(0.17, 0.55),  # not eligible for vocational programmes, of pupils in year 9
    "leaver": Rate(0.33, 0.40),  # not eligible for higher education, of leavers
    "survey": Rate(0.56, 0.30),  # does not answer, of those sampled
    "short": Rate(0.045, 0.70),  # less than nine years of school, of adults
    "nine": Rate(0.085, 0.45),  # nine years
    "higher": Rate(0.47, -0.45),  # post-secondary
}
"""Assumed; all but the last are shares of what is *not* wished for."""

_TREND: Final = 0.015  # log-odds a year in the whole city, towards the better
_TREND_OF_AREA: Final = 0.035  # standard deviation of the areas' own trends
_NOISE_OF_YEAR: Final = 0.030  # standard deviation per DeSO and year

# How far a person's luck is that of the household's money. Assumed.
_SHARED: Final = {
    "work": 0.45,
    "aid": 0.6,
    "leisure": 0.3,
    "school": 0.3,
    "leaver": 0.25,
    "survey": 0.15,
}
_CROWDED_BY_MONEY: Final = 0.5
_REDRAWN: Final = 0.2  # of all luck, a year
_PART_YEAR: Final = 0.012  # of residents who were here all year: not in full-year households
_HOUSEHOLD_UNKNOWN: Final = 0.04


def base_rates(city: City, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return log odds per DeSO in the anchor year, and their yearly trend."""
    figures = city.figures
    base = {
        "work": logit(1 - figures["employed_share_2024"] / 100),
        "poor": logit(figures["low_econ_share_2024"] / 100),
    }
    area = city.geso.index.get_indexer(figures["geso"])
    for name, rate in RATES.items():
        own = rng.normal(0, rate.noise, len(city.geso))[area] + rng.normal(0, rate.noise, len(area))
        base[name] = logit(rate.level) + rate.hardship * figures["hardship"].to_numpy() + own
    trend = {name: (-_TREND + rng.normal(0, _TREND_OF_AREA, len(city.geso)))[area] for name in base}
    return pd.DataFrame(base, index=figures.index), pd.DataFrame(trend, index=figures.index)


def rates_in(
    base: pd.DataFrame, trend: pd.DataFrame, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return log odds per DeSO in a year."""
    return base + trend * (year - ANCHOR) + rng.normal(0, _NOISE_OF_YEAR, base.shape)


def redraw(people: pd.DataFrame, homes: pd.DataFrame, rng: np.random.Generator) -> None:
    """Let a part of all luck change from one year to the next, in place."""
    for frame, names in ((people, LUCK), (homes, ("money", "room"))):
        for name in names:
            fresh = rng.random(len(frame))
            frame[name] = np.where(rng.random(len(frame)) < _REDRAWN, fresh, frame[name])


def struck(
    name: str,
    people: pd.DataFrame,
    homes: pd.DataFrame,
    rates: pd.DataFrame,
    offset: Floats | float = 0.0,
) -> NDArray[np.bool_]:
    """Say whom a rate falls on, among people who are all in its base.

    A person follows the household's money or the own luck, so that indicators go together; both
    are evenly drawn, so the rate holds either way.
    """
    of_home = people["home"].to_numpy()
    shared = people["alone"].to_numpy() < _SHARED[name]
    luck = np.where(shared, homes["money"].to_numpy()[of_home], people[name].to_numpy())
    deso = homes["deso"].to_numpy()[of_home]
    return luck < _chance(rates[name], deso, offset)


def _chance(rate: pd.Series[float], deso: NDArray[np.int64], offset: Floats | float) -> Floats:
    """Return each person's chance; offsets differ within a DeSO and leave its level."""
    each = np.broadcast_to(np.asarray(offset, dtype=np.float64), deso.shape)
    size = np.bincount(deso, minlength=len(rate))
    mean = np.bincount(deso, weights=each, minlength=len(rate)) / np.maximum(size, 1)
    return share_of(rate.to_numpy()[deso] + each - mean[deso])


def educate(
    people: pd.DataFrame, homes: pd.DataFrame, rates: pd.DataFrame, rng: np.random.Generator
) -> None:
    """Give a level to those who are old enough and have none yet, in place; it stays theirs."""
    new = np.flatnonzero((people["education"] < 0) & (people["age"] >= ADULT))
    deso = homes["deso"].to_numpy()[people["home"].to_numpy()[new]]
    women = np.where(people["woman"].to_numpy()[new], 0.1, -0.1)
    short, nine = (share_of(rates[each].to_numpy()[deso] - women) for each in ("short", "nine"))
    higher = share_of(rates["higher"].to_numpy()[deso] + 2 * women)
    draw = rng.random(len(new))
    level = np.select([draw < short, draw < short + nine, draw >= 1 - higher], [0, 1, 3], 2)
    unknown = np.where(people["arrived"].to_numpy()[new], 0.12, 0.015)
    education = people["education"].to_numpy(copy=True)
    education[new] = np.where(rng.random(len(new)) < unknown, len(EDUCATION), level)
    people["education"] = education


def register(
    people: pd.DataFrame, homes: pd.DataFrame, rates: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the city's register of residents at the end of a year, one row per person."""
    full_year = ~people["arrived"].to_numpy() & (rng.random(len(people)) >= _PART_YEAR)
    home = homes.loc[people["home"]].reset_index(drop=True)
    poor = home["money"].to_numpy() < share_of(rates["poor"])[home["deso"]]
    tenure = np.asarray(TENURES)[home["tenure"]]
    return who_and_where(people, homes).assign(
        forvarvsarbetar=yes_no(_works(people, homes, rates)),
        bistand_manader=_months_of_aid(people, homes, rates, rng),
        helarshushall=yes_no(full_year),
        lag_ekonomisk_standard=pd.Series(yes_no(poor)).where(full_year),
        trangbodd=_crowded(people, homes, rates),
        upplatelseform=np.where(people["hidden"], UNKNOWN, tenure),
        utbildningsniva=_education_texts(people),
    )


def who_and_where(people: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """Return number, coordinates (none for the restpost), sex and age."""
    place = homes.loc[people["home"], ["x", "y"]].reset_index(drop=True)
    hidden = people["hidden"].to_numpy()
    return pd.DataFrame(
        {
            "person_id": "syn-" + people["number"].astype("str").str.zfill(7).to_numpy(),
            "x": place["x"].mask(hidden),
            "y": place["y"].mask(hidden),
            "kon": np.where(people["woman"], "K", "M"),
            "alder": people["age"].to_numpy(dtype=np.int16),
        }
    )


def yes_no(holds: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Write truth as a register does.

    Examples
    --------
    >>> yes_no(np.array([True, False])).tolist()
    ['ja', 'nej']
    """
    return np.where(holds, "ja", "nej")


def _of_working_age(people: pd.DataFrame) -> tuple[NDArray[np.bool_], pd.DataFrame]:
    """Return who is 20 to 64, and just those people: the base of two rates."""
    member = people["age"].between(ADULT, PENSION - 1).to_numpy(copy=True)
    return member, people[member]


def _works(people: pd.DataFrame, homes: pd.DataFrame, rates: pd.DataFrame) -> NDArray[np.bool_]:
    """Say who works: fewer of the youngest, the oldest and women."""
    works, base = _of_working_age(people)
    by_age = np.interp(base["age"], [20, 24, 30, 55, 64], [0.6, 0.3, -0.1, -0.1, 0.5])
    offset = by_age + np.where(base["woman"], 0.12, -0.12)
    works[works] = ~struck("work", base, homes, rates, offset)
    return works


def _months_of_aid(
    people: pd.DataFrame, homes: pd.DataFrame, rates: pd.DataFrame, rng: np.random.Generator
) -> NDArray[np.int8]:
    adult, base = _of_working_age(people)
    long = adult.copy()
    long[adult] = struck("aid", base, homes, rates, np.where(base["woman"], -0.05, 0.05))
    some = adult & ~long & (rng.random(len(people)) < 0.03)  # noqa: PLR2004 - assumed
    months = np.where(some, rng.integers(1, 10, len(people)), 0)
    return np.where(long, rng.integers(10, 13, len(people)), months).astype(np.int8)


def _crowded(people: pd.DataFrame, homes: pd.DataFrame, rates: pd.DataFrame) -> NDArray[np.str_]:
    """Say who lives in a crowded home: a whole household does, and larger ones more often."""
    of_home = people["home"].to_numpy()
    persons = np.bincount(of_home, minlength=len(homes))[of_home]
    offset = np.interp(persons, [1, 2, 3, 6], [-3.0, -0.6, 0.3, 1.2])
    by_money = homes["alone"] < _CROWDED_BY_MONEY
    luck = homes["room"].where(~by_money, homes["money"]).to_numpy()[of_home]
    crowded = luck < _chance(rates["crowded"], homes["deso"].to_numpy()[of_home], offset)
    unknown = (homes["alone"].to_numpy() >= 1 - _HOUSEHOLD_UNKNOWN)[of_home]
    return np.where(unknown | people["hidden"].to_numpy(), UNKNOWN, yes_no(crowded))


def _education_texts(people: pd.DataFrame) -> NDArray[np.object_]:
    texts = np.array([*EDUCATION, UNKNOWN, None], dtype=object)  # the last one, -1, has none yet
    schooled = (people["education"] < 0) & (people["age"] >= SCHOOL_AGE)
    return np.where(schooled, EDUCATION[1], texts[people["education"]])
