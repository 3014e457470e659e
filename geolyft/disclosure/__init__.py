"""Nobody is disclosed: what is hidden, rounded and audited before anything is published."""

from geolyft.disclosure.protect import Protection, hide_second, protect_counts, round_counts

__all__ = ["Protection", "hide_second", "protect_counts", "round_counts"]
