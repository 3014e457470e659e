"""Add to the made-up register what a city does: efforts, places, plans with an effect, events.

After ``generate.py``: ``python examples/register/action.py``, then
``geolyft run examples/register/action/run.toml``. All of it is synthetic. Two areas get a made-up
effort in 2023, and from then on `EFFECT` percentage points fewer of their children are without any
activity than they would have been; nothing else is changed. One plan is about that, one about an
area where nothing was done.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.action.effects.plan import Plan
from geolyft.action.effects.registered import register_plan
from geolyft.action.efforts.form import tables
from geolyft.divisions.areas import load_areas
from geolyft.join.points import assign_points

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE: Final = Path(__file__).resolve().parent
EFFECT: Final = 8.0
START: Final = 2023
CHOSEN: Final = ("2", "9")
"""Two of Malmö's fourteen, far apart and neither the highest nor the lowest."""
ADDED: Final = """[efforts]
file = "insatser.csv"

[effects]
registered = "effektplaner.jsonl"

[[events]]
name = "Felanmälan (syntetisk)"
file = "handelser.csv"
x = "x"
y = "y"
crs = 3008
time = "tid"
kind = "typ"

[lagesbild]
cycle_days = 730

{access}[[source]]"""
_ACCESS: Final = """[[access]]
code = "{code}"
name = "{name}"
part = "{part}"
within = {within}

[access.places]
file = "{code}.csv"
x = "x"
y = "y"
crs = 3008
name = "namn"
capacity = "platser"

[access.users]
file = "../{data}/befolkning_{year}.parquet"
x = "x"
y = "y"
crs = 3008
max_outside = 0.01
who = "{who}"
{whom}

"""
_KINDS: Final = (
    {"code": "forskola", "name": "Förskola", "part": "skola", "within": 500,
     "who": "barn 0–5 år", "whom": "among.alder = { max = 5 }"},
    {"code": "motesplats", "name": "Mötesplats", "part": "motesplats", "within": 1000,
     "who": "alla invånare", "whom": "everyone = true"},
)  # fmt: skip
_SIZES: Final = {"forskola": 90.0, "motesplats": 9000.0}
"""Those whom a place of the kind is for, for each place."""
_PLANS: Final = (
    {"id": "aktiviteter", "title": "Öppen fritid (påhittad)", "areas": CHOSEN, "effort": "S1"},
    {"id": "ingenting", "title": "Ingenting gjordes (påhittad)", "areas": ["5", "12"]},
    {"id": "ensam", "title": "Bara ett område (påhittad)", "areas": ["9"], "effort": "S1"},
)
_SMALL: Final = 5
CROWDED: Final = (119_000.0, 6_163_000.0)
"""Within 700 m of it events are three times as common as elsewhere, by resident."""
_REACH: Final = 700.0
_EVENTS_A_YEAR: Final = 9000
_TYPES: Final = {"buller": 0.45, "skadegörelse": 0.35, "nedskräpning": 0.2}


def add(data: Path, out: Path, *, seed: int) -> list[Path]:
    """Write all of it, and return the paths.

    Parameters
    ----------
    data
        The folder of the register.
    out
        A folder beside it, made if it is not there.
    """
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    years = sorted(int(each.stem.rpartition("_")[2]) for each in data.glob("fritid_*.csv"))
    written = [with_effect(data, out, year, rng) for year in years]
    events = pd.concat([events_in(data, year, rng) for year in years[-2:]], ignore_index=True)
    written.append(_csv(events.assign(syntetisk="ja"), out / "handelser.csv"))
    written += [_places(data, out, years[-1], said["code"], rng) for said in _KINDS]
    written += [*_efforts(out), _plans(out), _run_file(data, out, years[-1])]
    return written


def with_effect(data: Path, out: Path, year: int, rng: np.random.Generator) -> Path:
    """Write a year's children again, with the effect in it."""
    path = data / f"fritid_{year}.csv"
    table = pd.read_csv(path, sep=";", decimal=",", encoding="cp1252")
    if year >= START:
        area = _area(table)
        for code in CHOSEN:
            here = (area == code).to_numpy()
            without = np.flatnonzero(here & (table["antal_aktiviteter"] == 0).to_numpy())
            moved = min(round(EFFECT / 100 * here.sum()), len(without))
            at = table.columns.get_loc("antal_aktiviteter")
            table.iloc[rng.choice(without, moved, replace=False), at] = 1
    return _csv(table, out / path.name)


def events_in(data: Path, year: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return made-up events near where people live, more of them in the evening in some areas."""
    homes = pd.read_parquet(data / f"befolkning_{year}.parquet", columns=["x", "y"]).dropna()
    size = min(_EVENTS_A_YEAR, len(homes))
    away = np.hypot(homes["x"] - CROWDED[0], homes["y"] - CROWDED[1])
    weights = np.where(away < _REACH, 3.0, 1.0)
    seed = int(rng.integers(2**31))
    where = homes.sample(size, weights=weights, replace=True, random_state=seed)
    place = where[["x", "y"]] + rng.normal(0, 40, (size, 2))
    late = rng.random(size) < np.where(_area(place).isin(["1", "8"]), 0.5, 0.1)
    hour = np.where(late, rng.integers(18, 23, size), rng.integers(0, 24, size))
    minutes = 60 * hour + rng.integers(0, 60, size)
    day = pd.Timestamp(year, 1, 1) + pd.to_timedelta(rng.integers(0, 365, size), unit="D")
    when = pd.Series(day + pd.to_timedelta(minutes, unit="min")).dt.strftime("%Y-%m-%d %H:%M")
    kinds = rng.choice(list(_TYPES), size, p=list(_TYPES.values()))
    table = place.round(1).reset_index(drop=True).assign(tid=when, typ=kinds)
    return table[["tid", "typ", "x", "y"]]


def _places(data: Path, out: Path, year: int, code: str, rng: np.random.Generator) -> Path:
    """Write made-up places of a kind, each near a home of somebody whom it is for."""
    columns = ["x", "y", "alder"]
    homes = pd.read_parquet(data / f"befolkning_{year}.parquet", columns=columns).dropna()
    users = homes[homes["alder"] <= _SMALL] if code == "forskola" else homes
    size = max(3, round(len(users) / _SIZES[code]))
    where = users.sample(size, random_state=int(rng.integers(2**31)))[["x", "y"]]
    table = (where + rng.normal(0, 60, (size, 2))).round(1).reset_index(drop=True)
    names = [f"{code} {n} (påhittad)" for n in range(1, size + 1)]
    room = (_SIZES[code] * rng.uniform(0.6, 1.4, size)).round().astype(int)
    return _csv(table.assign(namn=names, platser=room, syntetisk="ja"), out / f"{code}.csv")


def _area(table: pd.DataFrame) -> pd.Series[str]:
    xs, ys = (table[axis].to_numpy(dtype="float64") for axis in ("x", "y"))
    return assign_points(xs, load_areas("geso"), y=ys, crs=3008, max_outside=0.2).set_axis(
        table.index
    )


def _efforts(out: Path) -> list[Path]:
    """Write a register of two made-up efforts."""
    same = {"malgrupp": "barn", "status": "pågår", "kalla": "syntetisk", "start": str(START)}
    efforts = [
        {"rad_id": "S1", "insats_id": "S1", "namn": "Öppen fritid (påhittad)",
         "namnd": "Fritidsnämnden", "tema": "delaktighet", **same},
        {"rad_id": "S2", "insats_id": "S2", "namn": "Kvällsvandring (påhittad)",
         "namnd": "Tekniska nämnden", "tema": "trygghet", **same, "malgrupp": "alla"},
    ]  # fmt: skip
    places = [{"rad_id": "S1", "kod": code} for code in CHOSEN] + [{"rad_id": "S2", "kod": "1"}]
    times = [{"rad_id": "S2", "veckodag": "lördag", "fran": "18:00", "till": "23:00"}]
    rows = {
        "insatser": efforts,
        "insatser_platser": [{**each, "plats_sakerhet": "uttryckligt namn"} for each in places],
        "insatser_tider": times,
    }
    names = {"insatser": "insatser", "insatser_platser": "platser", "insatser_tider": "tider"}
    form = tables()
    return [
        _csv(pd.DataFrame(each, columns=list(form[names[name]])), out / f"{name}.csv")
        for name, each in rows.items()
    ]


def _plans(out: Path) -> Path:
    """Register the plans, as if on a day before anything began."""
    file = out / "effektplaner.jsonl"
    file.unlink(missing_ok=True)
    same = {"board": "Fritidsnämnden", "start": str(START), "indicator": "D2", "direction": "up"}
    for said in _PLANS:
        plan = Plan.model_validate({**same, "smallest": 6.0, **said})
        register_plan(file, plan, dt.date(2022, 11, 1))
    return file


def _run_file(data: Path, out: Path, year: int) -> Path:
    """Write the register's run file with all that was added."""
    said = (HERE / "run.toml").read_text(encoding="utf-8")
    said = said.replace('"data/fritid_', '"fritid_').replace('"data/', f'"../{data.name}/')
    file = out / "run.toml"
    access = "".join(_ACCESS.format(data=data.name, year=year, **kind) for kind in _KINDS)
    added = ADDED.replace("{access}", access)
    file.write_text(said.replace("[[source]]", added, 1), encoding="utf-8", newline="\n")
    return file


def _csv(table: pd.DataFrame, path: Path) -> Path:
    table.to_csv(path, sep=";", decimal=",", index=False, encoding="cp1252", lineterminator="\r\n")
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Add it, and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE / "data", help="default %(default)s")
    parser.add_argument("--out", type=Path, help="default: action, beside the data")
    parser.add_argument("--seed", type=int, default=2023137, help="same seed, same bytes")
    said = parser.parse_args(arguments)
    for path in add(said.data, said.out or said.data.parent / "action", seed=said.seed):
        print(f"{path.stat().st_size:>12,}  {path}")


if __name__ == "__main__":
    main()
