"""What is no share of an area and has rules of its own: grids, events, places, medians."""
