"""The planners' map: one page, and all it may know."""
