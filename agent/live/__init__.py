"""The live half: a browser that only reads, walks the seller backend and writes what it saw into a capture."""
