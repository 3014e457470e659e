"""What bytes, headers, numbers and coordinates are understood to be, or why they are not."""
