"""The history: what every run found, kept in one SQLite file.

``runs`` holds the shapes that go in and come out, ``states`` says what is new, persisting or resolved without any
database; neither imports SQLite. ``database.History`` saves and reads; import it when a command needs it, because
sqlite-utils is slow to load.
"""
