"""What a profile of an area says, one part to a module."""
