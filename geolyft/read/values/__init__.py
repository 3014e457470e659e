"""What a cell means: a number, a code, a place."""
