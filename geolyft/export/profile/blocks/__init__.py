"""What a profile says of an area, a part to a module."""
