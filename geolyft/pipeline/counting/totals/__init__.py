"""A table of totals becomes counts on areas."""
