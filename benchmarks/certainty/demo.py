"""How often the demo's intervals hold: its splits drawn alone, and with chance, noise and bases.

The published figures are taken for the truth. Each world draws the small areas anew, moves them
with weights that are off by their errors, and is held against the published interval, laid around
what that world would have published. Prints the last table on coverage in docs/method.md
(``make coverage``).
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.certainty.errors.correlation import INDEPENDENT
from geolyft.certainty.errors.splits import error_axes
from geolyft.certainty.noise import DEFAULT_NOISE
from geolyft.divisions.areas import demo_folder
from geolyft.frames import CITY, EVERYONE
from geolyft.index.combine import combine, weigh
from geolyft.index.scales import score
from geolyft.pipeline.counting.gather import editions, gather
from geolyft.pipeline.counting.totals.closing import with_estimated_noise
from geolyft.pipeline.levels import levels_of, read_areas
from geolyft.pipeline.run import publish
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    from geolyft.certainty.noise import Noise
    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.export.publication import Publication
    from geolyft.run_file.config import Config

_BATCH: Final = 100


@dataclass(frozen=True)
class Moved:
    """Small areas' counts of one source, and the weights they are moved with."""

    figures: pd.DataFrame
    crosswalk: Crosswalk
    noise: Noise
    """Of the publisher's cells, in figures that are given as shares in whole per cents."""

    def weights(self, rng: np.random.Generator) -> pd.DataFrame:
        """Return the weights of one world, each off by its error as declared: normal, uncut."""
        table = self.crosswalk.table[["source", "target", "weight"]]
        table = table.set_axis(["part", "area", "weight"], axis=1)
        axes = error_axes(self.crosswalk)
        drawn = axes.groupby(["part", "axis"], as_index=False).size()
        drawn = drawn.assign(z=rng.standard_normal(len(drawn)))
        off = axes.merge(drawn[["part", "axis", "z"]], on=["part", "axis"])
        off = off.assign(off=off["error"] * off["z"]).groupby(["part", "area"])["off"].sum()
        table = table.merge(off.reset_index(), on=["part", "area"], how="left")
        return table.assign(weight=table["weight"] + table["off"].fillna(0))

    def counts(self, rng: np.random.Generator, *, alone: bool) -> pd.DataFrame:
        """Return the small areas' counts of one world."""
        seen = self.figures[["indicator", "part", "numerator", "denominator"]]
        if alone:
            return seen
        base, share = seen["denominator"], seen["numerator"] / seen["denominator"]
        noisy, n = seen["indicator"].isin(self.noise.indicators), len(seen)
        (rule,) = DEFAULT_NOISE
        half = rule.share_unit / 200
        share = (share + rng.uniform(-half, half, n) * noisy).clip(0, 1)
        sd = self.noise.known_sd * self.noise.denominator_cells**0.5
        added = rng.normal(0, sd, n) + rule.base_change * base * rng.normal(size=n)
        base = (base + added * noisy).clip(1)
        return seen.assign(numerator=share * base, denominator=base)


def one_world(sources: list[Moved], rng: np.random.Generator, *, alone: bool) -> pd.DataFrame:
    """Return the shares of one world, the city's among them."""
    moved = [each.counts(rng, alone=alone).merge(each.weights(rng), on="part") for each in sources]
    rows = pd.concat(moved)
    counts = rows[["numerator", "denominator"]].mul(rows["weight"], axis=0)
    by_area = counts.groupby([rows["area"], rows["indicator"]]).sum().reset_index()
    if not alone:
        # Chance as the intervals have it: of so many persons with the area's share.
        base = by_area["denominator"].round().astype(int)
        share = (by_area["numerator"] / by_area["denominator"]).clip(0, 1)
        by_area["numerator"] += rng.binomial(base, share) - base * share
    city = by_area.groupby("indicator", as_index=False)[["numerator", "denominator"]].sum()
    table = pd.concat([by_area, city.assign(area=CITY)], ignore_index=True)
    return table.assign(value=100 * table["numerator"] / table["denominator"])


def drawn_worlds(
    config: Config, publication: Publication, sources: list[Moved], worlds: int, *, alone: bool
) -> pd.DataFrame:
    """Return ``area, what, value`` of every world: the shares, and the index of them."""
    catalogue, rng, found = publication.catalogue, np.random.default_rng(1), []
    for start in range(0, worlds, _BATCH):
        some = [
            one_world(sources, rng, alone=alone).assign(period=str(n))
            for n in range(start, min(start + _BATCH, worlds))
        ]
        seen = pd.concat(some, ignore_index=True).assign(sex=EVERYONE, status="ok")
        with warnings.catch_warnings(action="ignore"):
            weighed = weigh(
                score(seen, publication.scales), catalogue, **config.index.minimums.as_keywords
            )
        index = combine(weighed, catalogue)[["area", "index"]]
        found.append(index.set_axis(["area", "value"], axis=1).assign(what="index"))
        found.append(seen[["area", "indicator", "value"]].rename(columns={"indicator": "what"}))
    return pd.concat(found, ignore_index=True)


def published(publication: Publication) -> pd.DataFrame:
    """Return ``area, what, truth, low, high`` of the latest period."""
    seen = publication.observations
    seen = seen[(seen["sex"] == EVERYONE) & (seen["period"] == publication.periods[-1])]
    sure = publication.tables["osakerhet"]
    sure = sure[(sure["what"] == "index") & (sure["period"] == publication.periods[-1])]
    tables = [seen.rename(columns={"indicator": "what"}), sure]
    columns = ["area", "what", "value", "low", "high"]
    both = pd.concat([table[columns] for table in tables], ignore_index=True)
    return both.dropna().rename(columns={"value": "truth"})


def main() -> None:
    """Print for each area how often the index and B3 are held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1500)
    worlds = parser.parse_args().worlds
    said = load_config(demo_folder() / "run.toml")
    # The worlds' errors are drawn one by one.
    settings = said.uncertainty.model_copy(update={"correlation": INDEPENDENT})
    said = said.model_copy(update={"uncertainty": settings})
    config, _ = with_estimated_noise(said, list(editions(said)))
    with warnings.catch_warnings(action="ignore"):
        publication = publish(said)
        gathered = gather(config, levels_of(config, read_areas(config)))[0]
    sources = [
        Moved(counts[counts["denominator"] > 0], crosswalk, config.uncertainty.noise[0])
        for counts, crosswalk in gathered.small
        if len(counts)
    ]
    truth = published(publication)
    tables = {}
    for alone in (True, False):
        drawn = drawn_worlds(config, publication, sources, worlds, alone=alone)
        rows = drawn.merge(truth, on=["area", "what"])
        off = rows["truth"] - rows["value"]
        rows["held"] = off.between(rows["low"] - rows["truth"], rows["high"] - rows["truth"])
        tables[alone] = rows.groupby(["what", "area"])["held"].mean() * 100
    print("| area | index, splits alone | index, all | B3, splits alone | B3, all |")
    print("| --- | --- | --- | --- | --- |")
    for area in [*publication.areas.index, CITY]:
        cells = [tables[alone].get((what, area)) for what in ("index", "B3") for alone in (1, 0)]
        print(f"| {area} | {' | '.join(f'{cell:.1f}' for cell in cells)} |")


if __name__ == "__main__":
    main()
