"""The command line and everything around it: capturing, history, reports."""

__version__ = "0.1.0"
