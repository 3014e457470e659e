"""A page per area."""
