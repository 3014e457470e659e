"""SCB's index is a mean of three bad shares, and its type is relative to the nation of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geolyft.findings.scb_index import SecondOpinion, socioeconomic_index
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from geolyft.indicators.catalogue import Catalogue

SAID = SecondOpinion(indicators=("E3", "U1", "E2"), national={"2022": (14.0, 7.0)})


def three(*values: float, area: str = "1", period: str = "2022") -> list[tuple[object, ...]]:
    return [(area, period, code, v) for code, v in zip(("E3", "U1", "E2"), values, strict=True)]


def test_the_index_is_the_mean_of_three_bad_shares_whatever_their_direction(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = seen(*three(70.0, 20.0, 96.0), *three(80.0, 16.0, 96.0, area=CITY))
    made = socioeconomic_index(table, catalogue.decide({"U1": "högst"}), SAID).set_index("area")
    assert made.loc["1", "index"] == pytest.approx((30 + 20 + 4) / 3)
    assert made.loc[CITY, "index"] == pytest.approx((20 + 16 + 4) / 3)


@pytest.mark.parametrize(
    ("index", "kind"),
    [(28.0, 1), (27.9, 2), (21.0, 2), (20.9, 3), (14.0, 3), (13.9, 4), (7.0, 4), (6.9, 5)],
)
def test_types_are_parted_by_the_national_mean_and_deviations(
    index: float, kind: int, seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = seen(*three(100 - index, index, 100 - index))
    made = socioeconomic_index(table, catalogue.decide({"U1": "högst"}), SAID)
    assert made["type"].tolist() == [kind]


def test_without_national_limits_or_a_share_nothing_is_guessed(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    decided = catalogue.decide({"U1": "högst"})
    other_year = socioeconomic_index(seen(*three(70.0, 20, 96, period="2023")), decided, SAID)
    assert other_year["type"].isna().all()
    assert socioeconomic_index(seen(*three(70.0, 20, 96)[:2]), decided, SAID).empty
