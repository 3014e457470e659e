"""What is published together: a total and its parts, areas in areas, and bases in each other."""
