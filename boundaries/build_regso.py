"""Build the RegSO of 2025 and their crosswalk to GeSO from the DeSO they are made of.

Run from the repository, after ``build.py``::

    python boundaries/build_regso.py
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
from build import exact_shares, write_layer, write_table

from geolyft.divisions.composed import combine_sources
from geolyft.divisions.crosswalks import load_crosswalk
from geolyft.read import read_table

HERE = Path(__file__).resolve().parent
FIGURES = HERE.parent / "examples" / "demo" / "deso2025.csv"


def dissolve(deso: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join each RegSO's DeSO; shared borders stay shared because they are the same vertices."""
    whole = deso.dissolve("regso_kod", method="coverage").reset_index()
    return whole[["regso_kod", "geometry"]].sort_values("regso_kod", ignore_index=True)


def main() -> None:
    """Write the layer and its two crosswalks, and say how many RegSO are split."""
    deso = gpd.read_file(HERE / "deso2025.gpkg")
    regso = dissolve(deso)
    write_layer(
        regso,
        HERE / "regso2025.gpkg",
        title="RegSO 2025, Malmö, för kartor",
        about="Sammanfogade ur den generaliserade DeSO-indelningen; gränser upp till 45 m fel.",
    )
    within = deso[["deso_kod", "regso_kod"]].set_axis(["source", "target"], axis=1)
    write_table(
        within.assign(weight=1.0, method="nested", certainty="exact"),
        HERE / "crosswalk_deso2025_regso2025.csv",
        float_format="%.6f",
    )
    figures = read_table(FIGURES, numbers=["residents", "dw_total"]).frame.set_index("deso_kod")
    moved = combine_sources(
        load_crosswalk("deso2025_geso").table,
        deso.set_index("deso_kod")["regso_kod"].to_dict(),
        {"weight": figures["residents"], "weight_dwellings": figures["dw_total"]},
    )
    for weight in ("weight", "weight_dwellings"):
        moved[weight] = exact_shares(moved[weight], moved["source"])
    split = moved["source"].duplicated(keep=False)
    moved["method"] = split.map({True: "residents of its DeSO", False: "nested"})
    last = ["method", "certainty"]
    table = moved[[*moved.columns.difference(last, sort=False), *last]]
    write_table(table, HERE / "crosswalk_regso2025_geso.csv", float_format="%.6f")
    print(f"{len(regso)} RegSO, {moved.loc[split, 'source'].nunique()} of them split")


if __name__ == "__main__":
    main()
