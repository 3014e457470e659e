"""What an attacker knows or believes: counts, between what they lie, and what sums to what."""
