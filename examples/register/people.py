"""Synthetic homes and the people in them: who lives where, and who moves each year.

The homes stand still and the people move between them, so that an area keeps its size and its
tenures. Every person carries a few numbers between 0 and 1, drawn evenly, that decide how the
area's rates turn out for just that person (see `traits.py`); low is bad luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from city import CRS, TENURES, City, draw_points, share_out, tenure_shares

from geolyft.join.points import assign_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

LUCK: Final = ("work", "aid", "leisure", "school", "leaver", "survey")
"""The numbers each person carries."""

HIDDEN_SHARE: Final = 0.005  # protected identity or no fixed address: the restpost
ADULT: Final = 20
PENSION: Final = 65
OLDEST: Final = 100
_HOMES_PER_ADULT: Final = 0.62
_HOMES_PER_BUILDING: Final = 12
_STRAY_PER_HOMES: Final = 20_000
_STRAY_AT_LEAST: Final = 3

# Shares of homes a year, for a household whose oldest is of middle age. Assumed.
_MOVES: Final = np.array([0.20, 0.14, 0.06, 0.20])  # in the order of TENURES
_LEAVES_PER_MOVE: Final = 0.45
_NEAR: Final = 12.0  # how far, in DeSO along the list, most moves go
_LEAVES_HOME: Final = 0.15  # of young adults who live with somebody a generation older
_BIRTHS: Final = 0.065  # per woman of the ages below
_FERTILE: Final = (20, 42)
_GENERATION: Final = 16
_YOUNG_UNTIL: Final = 30


def settle(
    city: City, residents: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return homes and people, as many as asked, distributed as in the open figures.

    Age is open in three bands only; within a band a plain profile is assumed.
    """
    figures = city.figures
    deso = np.repeat(np.arange(len(figures)), share_out(residents, figures["residents"]))
    age = _ages(figures, deso, rng)
    woman = rng.random(residents) < (figures["women"] / figures["residents"]).to_numpy()[deso]
    adults = np.bincount(deso[age >= ADULT], minlength=len(figures))
    homes_in = np.maximum(np.rint(_HOMES_PER_ADULT * adults).astype(np.int64), 1)
    homes = _homes(city, np.repeat(np.arange(len(figures)), homes_in), rng)
    home = _households(deso, age >= ADULT, homes_in, rng)
    return homes, newcomers(1, age, woman, home, rng)


def newcomers(
    first: int,
    age: NDArray[np.int64],
    woman: NDArray[np.bool_],
    home: Ints,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return people with everything they carry, numbered from `first`."""
    count = len(age)
    return pd.DataFrame(
        {
            "number": np.arange(first, first + count),
            "woman": woman,
            "age": age,
            "home": home,
            "hidden": rng.random(count) < HIDDEN_SHARE,
            "arrived": False,
            "education": np.full(count, -1, dtype=np.int8),
            "alone": rng.random(count),
            **{name: rng.random(count) for name in LUCK},
        }
    )


def _ages(figures: pd.DataFrame, deso: Ints, rng: np.random.Generator) -> Ints:
    total = figures["residents"].to_numpy()
    young = (figures["residents_0_19"].to_numpy() / total)[deso]
    working = (figures["residents_20_64"].to_numpy() / total)[deso]
    chance = rng.random(len(deso))
    band = (chance >= young).astype(np.int64) + (chance >= young + working)
    age = np.empty(len(deso), dtype=np.int64)
    for number, (low, high) in enumerate(((0, ADULT), (ADULT, PENSION), (PENSION, OLDEST))):
        members = np.flatnonzero(band == number)
        age[members] = draw_ages(low, high, len(members), rng)
    return age


def draw_ages(low: int, high: int, count: int, rng: np.random.Generator) -> Ints:
    """Draw ages from `low` to below `high`: many around 30, ever fewer after 62."""
    ages = np.arange(low, high)
    profile = 1 + 0.8 * np.exp(-(((ages - 30) / 8) ** 2))
    profile *= np.exp(-((np.maximum(ages - 62, 0) / 17) ** 2))
    return rng.choice(ages, size=count, p=profile / profile.sum())


def _homes(city: City, deso: Ints, rng: np.random.Generator) -> pd.DataFrame:
    limits = tenure_shares(city.figures).cumsum(axis=1)[deso]
    limits[:, -1] = 1.0  # a sum of shares may end a hair below it
    tenure = (rng.random(len(deso))[:, None] >= limits).sum(axis=1)
    place = _addresses(city, deso, tenure == TENURES.index("äganderätt"), rng)
    stray = rng.permutation(len(deso))[: max(_STRAY_AT_LEAST, len(deso) // _STRAY_PER_HOMES)]
    place[stray] = draw_points(city.outside, len(stray), rng)
    geso = assign_points(place[:, 0], city.geso, y=place[:, 1], crs=CRS)
    return pd.DataFrame(
        {
            "deso": deso,
            "tenure": tenure,
            "x": place[:, 0],
            "y": place[:, 1],
            "geso": geso.fillna("").to_numpy(),
            "money": rng.random(len(deso)),
            "room": rng.random(len(deso)),
            "alone": rng.random(len(deso)),
        }
    )


def _addresses(
    city: City, deso: Ints, detached: NDArray[np.bool_], rng: np.random.Generator
) -> Floats:
    """Place homes: an owned one has its own address, the others share buildings in their DeSO."""
    shared = np.bincount(deso[~detached], minlength=len(city.figures))
    buildings = np.ceil(shared / _HOMES_PER_BUILDING).astype(np.int64)
    building = (rng.random(len(deso)) * buildings[deso]).astype(np.int64)
    # Numbers from the count of homes on cannot be those of buildings.
    own = len(deso) + np.arange(len(deso))
    key = np.stack([deso, np.where(detached, own, building)], axis=1)
    addresses, of_home = np.unique(key, axis=0, return_inverse=True)
    counts = np.bincount(addresses[:, 0], minlength=len(city.figures))
    points = [draw_points(p, n, rng) for p, n in zip(city.polygons, counts, strict=True)]
    return np.vstack(points)[of_home.ravel()]


def _households(
    deso: Ints, adult: NDArray[np.bool_], homes_in: Ints, rng: np.random.Generator
) -> Ints:
    """Give every home an adult, then spread other adults over 60 % and children over 30 % of them.

    The first homes of a DeSO so become families, the last ones people who live alone.
    """
    before: Ints = np.cumsum(adult) - adult
    starts = np.searchsorted(deso, np.arange(len(homes_in)))
    starts = np.minimum(starts, max(len(deso) - 1, 0))
    rank: Ints = before - before[starts][deso]
    available = homes_in[deso]
    spread = (rng.random(len(deso)) * np.where(adult, 0.6, 0.3) * available).astype(np.int64)
    first_home = np.concatenate([[0], np.cumsum(homes_in)[:-1]])
    return first_home[deso] + np.where(adult & (rank < available), rank, spread)


def live_a_year(
    people: pd.DataFrame, homes: pd.DataFrame, city: City, rng: np.random.Generator
) -> tuple[pd.DataFrame, Ints]:
    """Let everybody age a year, some die, move, leave, be born and arrive.

    The number of residents stays what it was.

    Returns
    -------
    tuple
        The people at the end of the year, and the numbers of those who died.
    """
    dies = rng.random(len(people)) < np.minimum(3e-5 * np.exp(0.095 * people["age"]), 0.6)
    living = people[~dies].assign(age=lambda each: each["age"] + 1, arrived=False)
    new_home, leaves = _moves(living, homes, city, rng)
    stays = ~leaves[living["home"].to_numpy()]
    living = living[stays].assign(home=new_home[living.loc[stays, "home"].to_numpy()])
    living = _leave_home(living, rng)
    first = int(people["number"].max()) + 1
    born = _births(living, first, len(people) - len(living), rng)
    there = pd.concat([living, born], ignore_index=True)
    arrived = _arrivals(there, len(homes), first + len(born), len(people) - len(there), rng)
    after = pd.concat([there, arrived], ignore_index=True)
    return after, people.loc[dies, "number"].to_numpy()


def _moves(
    people: pd.DataFrame, homes: pd.DataFrame, city: City, rng: np.random.Generator
) -> tuple[Ints, NDArray[np.bool_]]:
    """Return each home's household's next home, and which households leave the city."""
    oldest = np.full(len(homes), -1)
    np.maximum.at(oldest, people["home"].to_numpy(), people["age"].to_numpy())
    chance = _MOVES[homes["tenure"]] * np.interp(oldest, [20, 25, 35, 50, 70], [2, 2, 1, 0.5, 0.3])
    draw = rng.random(len(homes))
    lived_in = oldest >= 0
    leaves = lived_in & (draw < _LEAVES_PER_MOVE * chance)
    moves = np.flatnonzero(lived_in & ~leaves & (draw < (1 + _LEAVES_PER_MOVE) * chance))
    free = np.concatenate([moves, np.flatnonzero(leaves | ~lived_in)])
    free = rng.permutation(free)[: len(moves)]
    # Most move to somewhere near: both lists are sorted by place, but not quite.
    place = _along(city)[homes["deso"]]
    ordered = [
        each[np.argsort(place[each] + rng.normal(0, _NEAR, len(each)), kind="stable")]
        for each in (moves, free)
    ]
    new_home = np.arange(len(homes))
    new_home[ordered[0]] = ordered[1]
    return new_home, leaves


def _along(city: City) -> Ints:
    """Give each DeSO a number; those of one area, and of neighbouring codes, lie together."""
    order = city.geso.index.get_indexer(city.figures["geso"]).argsort(kind="stable")
    along = np.empty(len(order), dtype=np.int64)
    along[order] = np.arange(len(order))
    return along


def _leave_home(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Let some young adults who live with the older generation move in with somebody else."""
    home, age = people["home"].to_numpy(), people["age"].to_numpy()
    oldest = np.zeros(home.max() + 1, dtype=np.int64)
    np.maximum.at(oldest, home, age)
    with_parents = (age >= ADULT) & (age < _YOUNG_UNTIL) & (oldest[home] >= age + _GENERATION)
    goes = with_parents & (rng.random(len(people)) < _LEAVES_HOME)
    return people.assign(home=np.where(goes, rng.choice(home, size=len(home)), home))


def _births(
    people: pd.DataFrame, first: int, at_most: int, rng: np.random.Generator
) -> pd.DataFrame:
    able = people["woman"] & people["age"].between(*_FERTILE)
    mothers = people.loc[able & (rng.random(len(people)) < _BIRTHS), "home"].to_numpy()
    mothers = mothers[: max(at_most, 0)]
    girls = rng.random(len(mothers)) < 0.486  # noqa: PLR2004 - 105 or 106 boys to 100 girls
    return newcomers(first, np.zeros(len(mothers), dtype=np.int64), girls, mothers, rng)


def _arrivals(
    people: pd.DataFrame, n_homes: int, first: int, count: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Fill the empty homes: an adult in each as far as they reach, the rest with them."""
    lived_in = np.zeros(n_homes, dtype=bool)
    lived_in[people["home"]] = True
    empty = rng.permutation(np.flatnonzero(~lived_in))[:count]
    others = rng.choice(empty if len(empty) else np.arange(n_homes), size=count - len(empty))
    age = draw_ages(ADULT, 50, count, rng)
    child = (np.arange(count) >= len(empty)) & (rng.random(count) < 0.4)  # noqa: PLR2004 - assumed
    age[child] = draw_ages(0, ADULT, int(child.sum()), rng)
    woman = rng.random(count) < 0.5  # noqa: PLR2004 - one half
    home = np.concatenate([empty, others])
    return newcomers(first, age, woman, home, rng).assign(arrived=True)
