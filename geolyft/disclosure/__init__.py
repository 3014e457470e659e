"""Nobody is disclosed: what is hidden, rounded and audited before anything is published."""

from geolyft.disclosure.protect import Protection, protect_counts, round_counts

__all__ = ["Protection", "protect_counts", "round_counts"]
