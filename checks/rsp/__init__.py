"""Response times: one rule a file."""
