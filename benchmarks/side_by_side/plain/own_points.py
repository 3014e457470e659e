"""Members among visitors with geopandas and folium: counts are hidden and rounded one by one."""

from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd

ROOT, OUT = Path(__file__).parents[3], Path("out/plain/medlemmar.html")
areas = gpd.read_file(ROOT / "boundaries/geso.gpkg").rename(columns={"geso_kod": "kod"})
people = pd.read_csv(ROOT / "examples/data/besokare.csv", sep=";", decimal=",")
placed = people.dropna(subset=["x", "y"])
points = gpd.GeoDataFrame(placed, geometry=gpd.points_from_xy(placed["x"], placed["y"]), crs=3008)
joined = points.sjoin(areas, how="left", predicate="within")
counts = (
    joined.assign(member=joined["medlem"] == "ja").groupby("kod")["member"].agg(["sum", "size"])
)
few = (counts["sum"] < 10) | (counts["size"] - counts["sum"] < 10)
rounded = (counts / 5 + 0.5).apply(np.floor) * 5
areas["M1"] = areas["kod"].map((100 * rounded["sum"] / rounded["size"]).mask(few))
p = rounded["sum"] / rounded["size"]
z, n = 1.96, rounded["size"]
middle, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
areas["low"] = areas["kod"].map(100 * (middle - half) / (1 + z**2 / n))
areas["high"] = areas["kod"].map(100 * (middle + half) / (1 + z**2 / n))
page = folium.Map(tiles=None)
folium.Choropleth(
    areas, data=areas, columns=["kod", "M1"], key_on="feature.properties.kod", legend_name="%"
).add_to(page)
tip = folium.GeoJsonTooltip(["kod", "M1", "low", "high"])
folium.GeoJson(areas, tooltip=tip, style_function=lambda _: {"fillOpacity": 0}).add_to(page)
page.fit_bounds(areas.to_crs(4326).total_bounds.reshape(2, 2)[:, ::-1].tolist())
OUT.parent.mkdir(parents=True, exist_ok=True)
page.save(OUT)
