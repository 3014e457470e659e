"""What a figure looks like everywhere: rounded, classed, coloured, and told in words."""
