"""The whole day without hands: an office and two grids take in ledgers, visit, exchange bundles, decide a conflict, and are photographed."""
