"""Points and small areas are placed on the areas, and every count closes."""

from geolyft.join.points import assign_points, audit_points

__all__ = ["assign_points", "audit_points"]
