"""Own points become counts that may be shown, and the map of them: members among visitors."""

from pathlib import Path

import geolyft

FILE, OUT = Path(__file__).parent / "data/besokare.csv", Path("out/examples/medlemmar")
MEMBERS: geolyft.CatalogueFile = {
    "index": {"code": "kultur", "name": "Kultur"}, "dimension": [{"code": "k", "name": "Kultur"}],
    "indicator": [{"code": "M1", "dimension": "k", "name": "Medlemmar", "direction": "high",
                   "numerator": "medlemmar", "denominator": "besökare"}]}  # fmt: skip
RUN: geolyft.RunFile = {
    "run": {"title": "Våra besökare", "city": "Malmö", "periods": ["2025"], "synthetic": True},
    "areas": {"division": "geso"}, "index": {"catalogue": MEMBERS},
    "source": [{"name": "Besökare", "file": str(FILE.resolve()), "kind": "points", "x": "x",
                "y": "y", "crs": 3008, "measure": [
                    {"indicator": "M1", "counted": {"medlem": {"one_of": ["ja"]}}}]}]}  # fmt: skip
geolyft.run(RUN, out=OUT)
print(geolyft.open(OUT).layer("indikatorer")[["geso_namn", "M1", "M1_lag", "M1_hog"]].round(1))
