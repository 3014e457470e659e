"""Where new places serve most, beside those that there are."""
