"""Excel: read any ledger, write the standard ones."""
