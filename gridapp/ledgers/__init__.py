"""Excel: read any ledger, write standard ledgers. The only package that knows workbooks; it knows no store."""
