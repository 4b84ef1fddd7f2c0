"""The history in a browser: Datasette on the database, read-only, with pages of our own in front.

Nothing here is imported before `shoplint serve` is called.
"""
