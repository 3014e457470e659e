"""Build the gazetteer: which GeSO the names that people use lead to.

Run from the repository, after ``build.py``::

    python boundaries/build_places.py --source ../shared/data

Delområden and aliases are listed, streets are computed from where their addresses lie. No address
goes into the file: of a street that lies in several GeSO only the first and the last number of each
stretch.
"""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from build import CRS, write_table
from homes import code_at

from geolyft.divisions.gazetteer.places import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ADDRESS = r"^(?P<street>\D+?) (?P<number>\d+)"
SEPARATOR = ", "


def read_addresses(source: Path) -> pd.DataFrame:
    """Read each address's ``street, number, delomrade, geso``; what lies in no GeSO is left out."""
    table = pd.read_parquet(source / "malmo_adresser.parquet")
    parts = table["adress"].str.strip().str.extract(ADDRESS)
    if parts["number"].isna().any():
        raise SystemExit(f"{int(parts['number'].isna().sum())} addresses are no street and number")
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(table["x"], table["y"]), crs=CRS)
    shapes = gpd.read_file(source / "delomraden.gpkg").set_index("delomr_kod").geometry
    code = code_at(points, shapes)
    return parts.assign(number=parts["number"].astype(int), delomrade=code).dropna()


def streets(addresses: pd.DataFrame, delomraden: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Yield a row for each street and GeSO, in order."""
    known = delomraden.set_index("delomr_kod")
    addresses = addresses.assign(area=addresses["delomrade"].map(known["geso_kod"]))
    for street, held in addresses.groupby("street"):
        areas = sorted(set(held["area"]), key=int)
        for area in areas:
            codes = sorted(set(held.loc[held["area"] == area, "delomrade"]))
            yield {
                "kind": "street",
                "name": str(street),
                "area": area,
                "within": SEPARATOR.join(known["delomr_namn"][codes]),
                "odd": stretches(held, area, odd=True) if len(areas) > 1 else "",
                "even": stretches(held, area, odd=False) if len(areas) > 1 else "",
            }


def stretches(held: pd.DataFrame, area: str, *, odd: bool) -> str:
    """Return the numbers of one side that lie in an area, as ``1-23 101``.

    A stretch goes from number to number as long as no number in between lies elsewhere.
    """
    side = held[held["number"] % 2 == int(odd)]
    inside = {int(n): area in set(of) for n, of in side.groupby("number")["area"]}
    runs = (list(run) for lies, run in groupby(inside, key=inside.__getitem__) if lies)
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def listed(delomraden: pd.DataFrame, aliases: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Yield a row for each alias and GeSO, and one for each delområde.

    An alias is led to delområden by their names: two of the codes beside them are no delområde's.
    """
    known = delomraden.set_index("delomr_namn")["geso_kod"]
    aliases = aliases.sort_values("namn")
    for name, names in zip(aliases["namn"], aliases["delomr_namn"].str.split(";"), strict=True):
        for area, inside in known.loc[names].groupby(known, sort=False):
            within = SEPARATOR.join(inside.index)
            yield {"kind": "alias", "name": name, "area": str(area), "within": within}
    for row in delomraden.sort_values(["delomr_namn", "delomr_kod"]).itertuples():
        yield {"kind": "delomrade", "name": str(row.delomr_namn), "area": str(row.geso_kod)}


def build(source: Path) -> pd.DataFrame:
    """Return the gazetteer."""
    delomraden = pd.read_csv(source / "delomraden.csv", dtype=str)
    aliases = pd.read_csv(source / "platsalias.csv", dtype=str)
    of_streets = streets(read_addresses(source), delomraden)
    rows = [*listed(delomraden, aliases), *of_streets]
    return pd.DataFrame(rows, columns=list(COLUMNS)).fillna("")


def main() -> None:
    """Read the arguments, write the gazetteer, say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="folder of the open originals")
    parser.add_argument("--out", type=Path, default=HERE, help="where the gazetteer goes")
    arguments = parser.parse_args()
    places = build(arguments.source)
    write_table(places, arguments.out / "places.csv")
    for kind, rows in places.groupby("kind", sort=False):
        several = rows.loc[rows["name"].duplicated(), "name"].nunique()
        print(f"{kind}: {rows['name'].nunique()} names, {several} of them in several areas")


if __name__ == "__main__":
    main()
