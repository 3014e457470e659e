"""From indicators to one number: scales, scores, and the mean of them."""
