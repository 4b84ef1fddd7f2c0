"""Seller level: one rule a file."""
