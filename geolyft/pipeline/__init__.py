"""A run: its stages in order, what an earlier delivery gives, and what differs between two."""

from typing import TYPE_CHECKING

from geolyft.optional import names_from

if TYPE_CHECKING:
    from geolyft.pipeline.dry_run import check
    from geolyft.pipeline.run import Result, publish

__all__ = ["Result", "check", "publish"]

__getattr__ = names_from(__name__, {"Result": "run", "check": "dry_run", "publish": "run"})
