"""The texts of the profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader


def say(reader: Reader, key: str, **parts: object) -> str:
    """Return a text of the profiles; it may name the city, the base period and the latest one."""
    known = {"city": reader.publication.city, "base": reader.publication.base_period}
    return reader.words.say(f"profile.{key}", **{**known, "period": reader.period, **parts})
