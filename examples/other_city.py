"""Another city with three indicators: counts and areas in frames, an index with its certainty."""

from pathlib import Path

import geolyft

DATA = Path(__file__).parent / "data"
CATALOGUE: geolyft.CatalogueFile = {
    "index": {"code": "trivsel", "name": "Trivsel"}, "dimension": [{"code": "v", "name": "Vardag"}],
    "indicator": [{"code": "T1", "dimension": "v", "name": "Otrygga", "direction": "low",
                   "numerator": "otrygga", "denominator": "invånare från 16 år"},
                  {"code": "N1", "dimension": "v", "name": "Nära park", "direction": "high",
                   "numerator": "med park inom 300 m", "denominator": "invånare"},
                  {"code": "K1", "dimension": "v", "name": "Nära buss", "direction": "high",
                   "numerator": "med buss inom 400 m", "denominator": "invånare"}]}  # fmt: skip
areas = geolyft.load_areas(DATA / "stadsdelar.geojson", code="kod", name="namn")
counts = geolyft.read_table(DATA / "raknat.csv", numbers=["numerator", "denominator"]).frame
made = geolyft.make_index(counts, areas, catalogue=CATALOGUE, protected_by="påhittat")
print(made[["name", "period", "index", "index_low", "index_high", "distinct"]].round(1))
