"""Who lives how far from what: nearest place, share within a limit, places within it."""
