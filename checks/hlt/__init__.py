"""Store health: one rule a file."""
