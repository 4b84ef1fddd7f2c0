"""Readers of captured pages and order exports: what a page says, as data."""
