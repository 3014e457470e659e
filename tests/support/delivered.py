"""What a delivery's own bytes say of people, read anew: the tables, the page and the manifest."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from functools import cached_property
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


EVERYONE, ALL, CITY, RESIDUAL = "{}", "alla", "city", "residual"
DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
TEXT = dict.fromkeys(
    ("area", "period", "reference", "sex", "group", "group_by", "source", "indicator", "typ"), str
)
ACCESS = {"typ": "indicator", "antal_utom": "numerator", "antal": "denominator"}
EXPOSED = {"typ": "indicator", "antal_over": "numerator", "antal": "denominator"}
UNKNOWN = "{} unknown"
FIGURES = ["area", "period", "sex", "indicator", "group", "numerator", "denominator", "status"]


class Delivered:
    """Tables, page and manifest of a delivery."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.sources = {each["name"]: each for each in self.manifest["config"]["source"]}

    def table(self, name: str) -> pd.DataFrame:
        """Return a table; an empty one has no file."""
        path = self.folder / f"{name}.csv"
        return pd.read_csv(path, dtype=TEXT) if path.exists() else pd.DataFrame()

    @cached_property
    def page(self) -> dict[str, Any]:
        """What ``karta.html`` holds."""
        found = DATA.search((self.folder / "karta.html").read_text(encoding="utf-8"))
        return json.loads(found[1])  # type: ignore[index]

    @cached_property
    def own(self) -> pd.DataFrame:
        """The results, with what they are of."""
        return self.table("resultat").assign(group="")

    @cached_property
    def of(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Source and reference year, by indicator and period."""
        seen = self.own[self.own["source"].notna()]
        keys = zip(seen["indicator"], seen["period"], strict=True)
        found = dict(zip(keys, zip(seen["source"], seen["reference"], strict=True), strict=True))
        for name, source in self.sources.items():
            lenses = [*source.get("lens", {}), *(["barn"] if source.get("children") else [])]
            for what in ["population", *lenses] if source.get("population") is True else []:
                for period in self.manifest["config"]["run"]["periods"]:
                    year = source.get("editions", {}).get(period, period)
                    found[what, period] = name, year
        for each in self.manifest["config"].get("access", []):
            if not each["users"].get("protected_by"):
                periods = self.manifest["config"]["run"]["periods"]
                found |= {(each["code"], period): (each["name"], period) for period in periods}
        period = self.manifest["config"]["run"]["periods"][-1]
        for code, source in self.exposure.items():
            found |= {(each, period): (source, period) for each in (code, UNKNOWN.format(code))}
        return found

    @cached_property
    def exposure(self) -> dict[str, str]:
        """The source of who lives in a raster's cells, by code, where nobody protected them."""
        rasters = self.manifest["config"].get("exposure", [])
        of = (each["code"] for each in rasters if not each["users"].get("protected_by"))
        return {code: f"exposure {code}" for code in of}

    def bases(self, source: str) -> dict[str, str]:
        """Return whom each indicator of a source is a share of, as the run file has it.

        Who has a value in a raster is one of those who live there.
        """
        if source in self.exposure.values():
            code = source.removeprefix("exposure ")
            return {code: json.dumps({"value": True}), UNKNOWN.format(code): EVERYONE}
        measures = self.sources.get(source, {}).get("measure", [])
        of = {m["indicator"]: json.dumps(m.get("among", {}), sort_keys=True) for m in measures}
        return defaultdict(lambda: EVERYONE, of)

    def figures(self) -> Iterator[pd.DataFrame]:
        """Yield every figure there is: of areas, of bands, of small areas, of residents."""
        yield self.own[self.own["source"].notna()][FIGURES]
        groups = self.table("tabeller/grupper")
        if len(groups):
            yield groups[groups["group"] != ALL].assign(sex=ALL)[FIGURES]
        for level in self.page["levels"][1:]:
            yield from self._inside(level)
        people = self.table("tabeller/befolkning")
        yield _people(people, "population", people["population"])
        lenses = self.table("tabeller/linser")
        if len(lenses):
            both = lenses.merge(people, on=["area", "period"])
            yield _people(both, both["lins"], both["antal"])
        for path in sorted(self.folder.glob("tabeller/tillganglighet*.csv")):
            near = self.table(f"tabeller/{path.stem}").rename(columns=ACCESS)
            yield near.assign(sex=ALL, group="")[FIGURES]
        for path in sorted(self.folder.glob("tabeller/exponering*.csv")):
            yield from self._exposed(self.table(f"tabeller/{path.stem}"))

    def _exposed(self, table: pd.DataFrame) -> Iterator[pd.DataFrame]:
        """Yield those above a limit, and of the city those without a value, where it says them."""
        above = table.rename(columns=EXPOSED).assign(sex=ALL, group="")
        yield above[FIGURES]
        city = above[(above["area"] == CITY) & above["antal_alla"].notna()]
        sides = {"numerator": city["antal_utan_varde"], "denominator": city["antal_alla"]}
        named = [UNKNOWN.format(code) for code in city["indicator"]]
        yield city.assign(**sides, indicator=named)[FIGURES]

    def is_nobody(self, source: str, of: str, group: str) -> bool:
        """Say whether a band lies beyond those of whom a figure is: that is no secret."""
        for grouping in self.sources.get(source, {}).get("groups", {}).values():
            among = json.loads(of).get(grouping["column"], {})
            edges = [-math.inf, *grouping.get("breaks", []), math.inf]
            for low, high in pairwise(edges):
                name = f"{low:g}-<{high:g}" if math.isfinite(high) else f"{low:g}+"
                if group == (name if math.isfinite(low) else f"<{high:g}"):
                    return among.get("min", low) >= high or among.get("max", high) < low
        return False

    def users(self) -> dict[str, str]:
        """Return the lens that users are: the same rows of the same file.

        Of a raster these are all users: of them some have a value in it.
        """
        config, found = self.manifest["config"], {}
        last = config["run"]["periods"][-1]
        for source, each in product(self.sources.values(), config.get("access", [])):
            file = source["file"].format(reference=last, period=last)
            lenses = {"barn": source.get("children"), **source.get("lens", {})}
            for name, among in lenses.items():
                if among and file == each["users"]["file"] and among == each["users"].get("among"):
                    found[each["code"]] = name
        for source, each in product(self.sources.values(), config.get("exposure", [])):
            file = source["file"].format(reference=last, period=last)
            if source.get("population") and file == each["users"]["file"]:
                lenses = {"barn": source.get("children"), **source.get("lens", {})}
                whom = {json.dumps(among or {}): name for name, among in lenses.items()}
                whom[json.dumps({})] = "population"
                same = whom.get(json.dumps(each["users"].get("among") or {}))
                if same:
                    found[UNKNOWN.format(each["code"])] = same
        return found

    def partial(self) -> set[tuple[str, str]]:
        """Return area and raster where many have no value."""
        found = set()
        for path in self.folder.glob("tabeller/exponering*.csv"):
            table = self.table(f"tabeller/{path.stem}")
            some = table[table["status"].str.contains("partial")]
            found |= set(zip(some["area"], some["typ"], strict=True))
        return found

    def _inside(self, level: dict[str, Any]) -> Iterator[pd.DataFrame]:
        codes = [area["code"] for area in level["areas"]]
        for sex, of_sex in level["figures"].items():
            for period, of_period in of_sex.items():
                for indicator, of in of_period.items():
                    if "numerator" in of:
                        sides = {name: of[name][: len(codes)] for name in FIGURES[5:7]}
                        said = pd.DataFrame({"area": codes, **sides}).assign(
                            sex=sex, period=period, indicator=indicator, group="")  # fmt: skip
                        yield said.assign(status=self._said(of["status"], len(codes)))
        for period, counts in level["population"].items():
            people = pd.DataFrame({"area": codes, "population": counts[: len(codes)]})
            yield _people(people.assign(period=period), "population", people["population"])

    def _said(self, status: int | str | list[int | str], size: int) -> list[str]:
        every = status[:size] if isinstance(status, list) else [status] * size
        texts = self.page["texts"]
        return [texts[each] if isinstance(each, int) else each for each in every]

    def inside(self) -> Iterator[pd.DataFrame]:
        """Yield which small areas lie in which larger ones; that is public."""
        from geolyft.divisions.crosswalks import CROSSWALKS, load_crosswalk  # noqa: PLC0415

        levels = [each["division"] for each in self.manifest["config"].get("inside", [])]
        levels.append(self.manifest["config"]["areas"].get("division"))
        for name, ends in CROSSWALKS.items():
            if set(ends) <= set(levels) and "blocks" not in name:
                table = load_crosswalk(name).table
                yield table.loc[table["weight"] > 0, ["source", "target"]]


def _people(people: pd.DataFrame, what: object, counts: pd.Series[float]) -> pd.DataFrame:
    said = people.assign(sex=ALL, group="", indicator=what, numerator=counts)
    said["denominator"] = people["population"]
    said["status"] = counts.isna().map({True: "hidden", False: "ok"})
    return said[FIGURES]
