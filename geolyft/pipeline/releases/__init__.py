"""What the city has published of its registers: added to a ledger, and known to the next run."""
