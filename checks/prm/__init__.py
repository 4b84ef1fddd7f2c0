"""Premium operation: one rule a file."""
