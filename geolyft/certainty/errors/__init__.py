"""Errors of figures: drawn by what they are of, common to the same people, and those of splits."""
