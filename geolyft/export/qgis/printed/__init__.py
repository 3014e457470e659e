"""The printed pages of the QGIS project: one map, and an atlas with a page per area."""
