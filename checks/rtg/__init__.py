"""Store rating: one rule a file."""
