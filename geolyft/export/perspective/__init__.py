"""The page of perspectives: children, other lenses, the sexes and human rights, on one template."""
