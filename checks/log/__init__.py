"""Logistics synchronisation: one rule a file."""
