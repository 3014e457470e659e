"""Every source becomes counts on areas, and every count is entered in the ledger."""
