"""Captures: what a visit to the backend saw, saved as files; read here and written here, judged elsewhere."""
