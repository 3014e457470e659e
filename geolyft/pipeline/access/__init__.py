"""Users of places are counted on areas, protected with the rest, and released with it."""
