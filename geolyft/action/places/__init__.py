"""What is known of a place: any polygon, held against its area and the city."""
