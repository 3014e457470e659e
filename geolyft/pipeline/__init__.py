"""A run: its stages in order, what an earlier delivery gives, and what differs between two."""

from geolyft.pipeline.run import Result, check, publish

__all__ = ["Result", "check", "publish"]
