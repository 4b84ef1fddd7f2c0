"""Gold and silver medal: one rule a file."""
