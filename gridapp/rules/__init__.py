"""What the rule books say: pure functions over single values, no store, no files but the rule packs."""
