"""The audit itself: one rule a file."""
