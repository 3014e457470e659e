"""Make a synthetic address-level register of Malmö, as the files a city would deliver.

Run from the repository::

    python examples/register/generate.py
    geolyft run examples/register/run.toml

Everything is made up. The same arguments and versions give the same bytes; README.md says what
the people are calibrated to and what is assumed.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from city import City, load_city, logit, share_of
from people import ADULT, live_a_year, settle
from traits import (
    base_rates,
    educate,
    rates_in,
    redraw,
    register,
    struck,
    who_and_where,
    yes_no,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    Form = Literal["parquet", "csv"]

YEARS: Final = (2021, 2022, 2023, 2024)
MALMO: Final = 367_886  # residents 2025-12-31, the sum of the shipped figures
FEWEST: Final = 2_000  # below this most DeSO would have nobody in some group
SYNTHETIC: Final = "SYNTETISKA DATA"
HERE: Final = Path(__file__).resolve().parent

_CHILDREN: Final = (6, 19)
_YEAR_9: Final = 16  # the age reached in the year one leaves year 9
_LEAVERS: Final = {19: 0.78, 20: 0.08}  # the share of each age that leaves upper secondary school
_SAMPLE: Final = 14_000
_SAMPLE_SHARE: Final = 0.25
_SURVEY_EVERY: Final = 2
_ELECTION_EVERY: Final = 4
_OPEN_ELECTION: Final = 2022
_UTF8: Final = ("elever", "enkat")
_TURNOUT_A_YEAR: Final = -0.09  # log odds: from about 81 % in 2018 to 75 % in 2022
_TURNOUT_NOISE: Final = 0.08


def election_before(year: int) -> int:
    """Return the year of the latest parliamentary election.

    Examples
    --------
    >>> election_before(2021), election_before(2022)
    (2018, 2022)
    """
    return year - (year - _OPEN_ELECTION) % _ELECTION_EVERY


def survey_before(year: int) -> int:
    """Return the year of the latest survey: even years.

    Examples
    --------
    >>> survey_before(2021), survey_before(2022)
    (2020, 2022)
    """
    return year - year % _SURVEY_EVERY


def generate(
    out: Path, *, residents: int, years: Sequence[int], seed: int, form: Form = "parquet"
) -> list[Path]:
    """Write every file of the register; return their paths.

    Parameters
    ----------
    out
        The folder, made if it is not there.
    residents
        Residents at the start and at the end of every year.
    years
        The years to write; those between are lived through and not written.
    form
        How the register of residents is written.
    """
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    written = []
    for name, table in tables(load_city(), residents, years, rng):
        written.append(out / f"{name}.{form if name.startswith('befolkning') else 'csv'}")
        write(table, written[-1])
    note = out / f"{SYNTHETIC}.txt"
    note.write_text(_note(residents, years, seed), encoding="utf-8", newline="\r\n")
    return [*written, note]


def tables(
    city: City, residents: int, years: Sequence[int], rng: np.random.Generator
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each file's name and table."""
    first = min(years)
    surveys = {survey_before(year) for year in years}
    homes, people = settle(city, residents, rng)
    base, trend = base_rates(city, rng)
    rates = rates_in(base, trend, first - 1, rng)
    educate(people, homes, rates, rng)
    if min(surveys) < first:
        # The first edition rests on a survey held before its year.
        yield f"enkat_{min(surveys)}", survey(people, homes, rates, rng)
    for year in range(first, max(years) + 1):
        start = people
        rates = rates_in(base, trend, year, rng)
        people, dead = live_a_year(start, homes, city, rng)
        educate(people, homes, rates, rng)
        redraw(people, homes, rng)
        if year in surveys:
            yield f"enkat_{year}", survey(people, homes, rates, rng)
        if year in years:
            yield f"befolkning_{year}", register(people, homes, rates, rng)
            yield f"kvarboende_{year}", stayers(start, people, dead, homes)
            yield f"fritid_{year}", leisure(people, homes, rates, rng)
            yield f"elever_ak9_{year}", pupils(people, homes, rates)
            yield f"avgangna_gymnasiet_{year}", leavers(people, homes, rates, rng)
    for year in sorted({election_before(year) for year in years}):
        yield f"valdeltagande_{year}", election(city, residents, year, rng)


def stayers(
    start: pd.DataFrame, end: pd.DataFrame, dead: NDArray[np.int64], homes: pd.DataFrame
) -> pd.DataFrame:
    """Say of everyone who lived here at the start of a year, and where, what became of them."""
    geso = homes["geso"].to_numpy()
    before = geso[start["home"]]
    home = end.set_index("number")["home"].reindex(start["number"])
    here = home.notna().to_numpy()
    # Restpost and strays have no area to leave: within the city they have stayed.
    same = here & (start["hidden"].to_numpy() | (geso[home.fillna(0).astype(int)] == before))
    became = np.select(
        [same, here, start["number"].isin(dead)],
        ["samma område", "annat område i staden", "avliden"],
        "utanför staden",
    )
    return _row_per_person(start, homes).assign(bor_kvar=yes_no(same), vid_årets_slut=became)


def leisure(
    people: pd.DataFrame, homes: pd.DataFrame, rates: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return children with their number of activities; girls have fewer, and older children."""
    children = _those(people, people["age"].between(*_CHILDREN))
    offset = 0.06 * (children["age"] - 12) + np.where(children["woman"], 0.12, -0.12)
    none = struck("leisure", children, homes, rates, offset.to_numpy())
    several = 1 + np.minimum(rng.poisson(0.6, len(children)), 4)
    return _row_per_person(children, homes).assign(antal_aktiviteter=np.where(none, 0, several))


def pupils(people: pd.DataFrame, homes: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Return the year's pupils of year 9; girls are eligible more often."""
    cohort = _those(people, people["age"] == _YEAR_9)
    short = struck("school", cohort, homes, rates, np.where(cohort["woman"], -0.15, 0.15))
    return _row_per_person(cohort, homes).assign(behorig_yrkesprogram=yes_no(~short))


def leavers(
    people: pd.DataFrame, homes: pd.DataFrame, rates: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return those who left upper secondary school in the year; women are eligible more often."""
    share = people["age"].map(_LEAVERS).fillna(0.0)
    cohort = _those(people, rng.random(len(people)) < share)
    short = struck("leaver", cohort, homes, rates, np.where(cohort["woman"], -0.25, 0.25))
    return _row_per_person(cohort, homes).assign(hogskolebehorig=yes_no(~short))


def survey(
    people: pd.DataFrame, homes: pd.DataFrame, rates: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return a sample of adults and whether they answered; women and older people do more often."""
    adults = np.flatnonzero(people["age"] >= ADULT)
    size = min(_SAMPLE, int(len(adults) * _SAMPLE_SHARE))
    chosen = np.zeros(len(people), dtype=bool)
    chosen[rng.permutation(adults)[:size]] = True
    sample = _those(people, chosen)
    offset = -0.02 * (sample["age"] - 50) + np.where(sample["woman"], -0.15, 0.15)
    silent = struck("survey", sample, homes, rates, offset.to_numpy())
    return _row_per_person(sample, homes).assign(svarat=yes_no(~silent))


def election(city: City, residents: int, year: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return votes per valdistrikt near the level of the open ones, and never the same counts."""
    real = city.turnout
    size = real["entitled"] * residents / MALMO * rng.lognormal(0, 0.05, len(real))
    entitled = np.maximum(size.round().astype(int), 2)
    entitled += entitled == real["entitled"]
    level = logit(real["voted"] / real["entitled"]) + _TURNOUT_A_YEAR * (year - _OPEN_ELECTION)
    chance = share_of(level + rng.normal(0, _TURNOUT_NOISE, len(real)))
    voted = pd.Series(rng.binomial(entitled, chance), index=real.index)
    voted -= (voted == real["voted"]) & (voted > 0)
    counts = pd.DataFrame({"röstberättigade": entitled, "röstande": voted})
    return counts.rename_axis("valdistrikt").reset_index()


def _those(people: pd.DataFrame, chosen: ArrayLike) -> pd.DataFrame:
    return people[np.asarray(chosen, dtype=bool)].reset_index(drop=True)


def _row_per_person(people: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    return who_and_where(people, homes).rename(columns={"kon": "kön", "alder": "ålder"})


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, or as the CSV of a Swedish office."""
    if path.suffix == ".parquet":
        said = {
            SYNTHETIC: "ja",
            "beskrivning": f"{SYNTHETIC}: påhittade personer, verkliga områden",
        }
        arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(said)
        pq.write_table(arrow, path, compression="zstd")
        return
    # Both encodings of the real world: old systems write cp1252, newer ones UTF-8 with a BOM.
    encoding = "utf-8-sig" if path.stem.startswith(_UTF8) else "cp1252"
    swedish = {name: _decimal_comma(table[name]) for name in ("x", "y") if name in table}
    table.assign(**swedish, syntetisk="ja").to_csv(
        path, sep=";", index=False, encoding=encoding, lineterminator="\r\n"
    )


def _decimal_comma(numbers: pd.Series[float]) -> pd.Series[str]:
    """Write numbers with a comma; much faster than pandas' own, which calls Python for each."""
    texts = pc.cast(pa.array(numbers, from_pandas=True), pa.string())
    return pd.Series(pc.replace_substring(texts, ".", ",").to_pandas(), index=numbers.index)


def _note(residents: int, years: Sequence[int], seed: int) -> str:
    told = ", ".join(map(str, sorted(years)))
    return (
        f"{SYNTHETIC}\n\nAllt i den här mappen är påhittat av examples/register/generate.py och "
        "säger ingenting om verkliga personer eller områden.\n"
        f"Invånare: {residents}. År: {told}. Frö: {seed}.\n"
    )


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--residents", type=int, default=MALMO, help=f"default {MALMO}")
    parser.add_argument("--years", type=int, nargs="+", default=list(YEARS), metavar="YEAR")
    parser.add_argument("--seed", type=int, default=2023137, help="same seed, same bytes")
    parser.add_argument("--out", type=Path, default=HERE / "data", help="default %(default)s")
    parser.add_argument(
        "--format",
        choices=("parquet", "csv"),
        default="parquet",
        help="of the register of residents; run.toml expects parquet",
    )
    said = parser.parse_args(arguments)
    if said.residents < FEWEST:
        parser.error(f"--residents {said.residents}: give {FEWEST} or more")
    return said


def main(arguments: Sequence[str] | None = None) -> None:
    """Generate, and say what was written."""
    said = parse(arguments)
    written = generate(
        said.out,
        residents=said.residents,
        years=sorted(set(said.years)),
        seed=said.seed,
        form=said.format,
    )
    for path in written:
        print(f"{path.stat().st_size:>12,}  {path}")


if __name__ == "__main__":
    main()
