"""What a run says of itself: where figures are from, how they were audited, what to heed."""
