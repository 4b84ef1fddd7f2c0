"""The command line: ``shoplint``. Nothing heavy is imported before the command that needs it."""

from agent.cli.main import main

__all__ = ["main"]
