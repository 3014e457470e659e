"""A profile's page as its parts: tables, texts and drawings, read back from the markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pandas as pd

from geolyft.export.profile.page import Profiles, render_profile
from geolyft.frames import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.export.publication import Publication


_known: dict[int, tuple[Publication, Profiles]] = {}


def profiles_of(publication: Publication) -> Profiles:
    """Return a publication's profiles, worked out once: frames cannot be hashed."""
    if id(publication) not in _known:
        # Kept with it, so that its id is nobody else's.
        _known[id(publication)] = (publication, Profiles(publication))
    return _known[id(publication)][1]


def article(publication: Publication, area: str) -> ET.Element:
    page = render_profile(profiles_of(publication), area)
    text = page[page.index("<article") : page.index("</article>") + len("</article>")]
    return ET.fromstring(text)  # noqa: S314 - our own page


def section(root: ET.Element, name: str) -> ET.Element | None:
    """Return the section under a heading, by the end of the heading's id."""
    return next(
        (
            each
            for each in root.iter("section")
            if any(h.attrib.get("id", "").endswith(f"-{name}") for h in each.iter("h2"))
        ),
        None,
    )


def text_of(element: ET.Element | None) -> str:
    """Return the text without what drawings say, with a space between cells."""
    return re.sub(r"[ \n]+", " ", "".join(_texts(element))).strip()


def _texts(element: ET.Element | None) -> Iterator[str]:
    if element is None:
        return
    yield element.text or ""
    for child in element:
        if child.tag != "svg":
            yield from _texts(child)
        if child.tag in ("td", "th", "li"):
            yield " "
        yield child.tail or ""


def rows(root: ET.Element, name: str) -> dict[str, list[str]]:
    """Return a section's table: the row's heading to its cells."""
    found = section(root, name)
    assert found is not None, name
    return {
        text_of(row.find("th")): [text_of(cell) for cell in row.findall("td")]
        for part in ("tbody", "tfoot")
        for body in found.iter(part)
        for row in body.findall("tr")
    }


def shown(value: float) -> float:
    # numpy rounds halves otherwise than what is shown.
    return round(float(value), 1) + 0.0


def seen(publication: Publication, code: str, area: str) -> pd.Series | None:
    all_rows = publication.observations
    found = all_rows[
        (all_rows["indicator"] == code)
        & (all_rows["area"] == area)
        & (all_rows["period"] == publication.periods[-1])
        & (all_rows["sex"] == EVERYONE)
    ]
    row = found.iloc[0] if len(found) else None
    if row is None or pd.isna(row["value"]) or "hidden" in row["status"]:
        return None
    return row


def charts(root: ET.Element, name: str) -> dict[str, ET.Element]:
    return {
        text_of(row.find("th")): row.find(".//svg")
        for row in section(root, name).iter("tr")
        if row.find("td") is not None
    }


def points_of(chart: ET.Element) -> tuple[float | None, float | None]:
    """Return where the city's line and the area's dot stand in a row."""
    line, dot = chart.find("line"), chart.find("circle")
    return (
        None if line is None else float(line.attrib["x1"]),
        None if dot is None else float(dot.attrib["cx"]),
    )


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("\u202f", "").replace(",", "."))


def joined(root: ET.Element) -> list[int]:
    """Return how many lines join the points of each drawing of a trend."""
    return [
        sum(line.attrib.get("stroke-width") == "1.8" for line in figure.iter("line"))
        for figure in section(root, "utveckling").iter("figure")
    ]
