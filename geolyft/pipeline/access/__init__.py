"""Users are counted on areas beside the index, protected with the rest, and released with it."""
