"""What bytes, headers and rows are understood to be, or why they are not."""
