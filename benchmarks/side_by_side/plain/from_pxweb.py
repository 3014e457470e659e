"""Dwellings by DeSO to GeSO with tobler: by area, for it knows of no dwellings."""

import json
from itertools import product
from pathlib import Path

import geopandas as gpd
import pandas as pd
from tobler.area_weighted import area_interpolate

ROOT, OUT = Path(__file__).parents[3], Path("out/plain/hyresratt.gpkg")
cube = json.loads((ROOT / "examples/data/pxweb.json").read_text(encoding="utf-8"))
codes = [list(cube["dimension"][name]["category"]["index"]) for name in cube["id"]]
cells = pd.DataFrame(product(*codes), columns=cube["id"]).assign(value=cube["value"])
cells["deso"] = cells["Region"].str.removesuffix("_DeSO2025")
wide = cells.pivot(index="deso", columns="Upplatelseform", values="value")
deso = gpd.read_file(ROOT / "boundaries/deso2025.gpkg").merge(
    wide, left_on="deso_kod", right_index=True
)
geso = gpd.read_file(ROOT / "boundaries/geso.gpkg")
moved = area_interpolate(deso, geso, extensive_variables=["1", "2", "3"])
geso["hyresratt_procent"] = 100 * moved["1"] / moved[["1", "2", "3"]].sum(axis=1)
OUT.parent.mkdir(parents=True, exist_ok=True)
geso.to_file(OUT, layer="hyresratt")
print(geso[["geso_kod", "hyresratt_procent"]].round(1).to_string())
