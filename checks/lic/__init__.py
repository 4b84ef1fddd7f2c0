"""Licences, identity, compliance: one rule a file."""
