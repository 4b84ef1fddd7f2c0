"""Everything that can go wrong in a way a user can mend, one class each.

    ShoplintError
    └── HistoryError            the history database
        ├── HistoryTooNew       written by a newer version
        ├── HistoryLocked       another program is writing it
        ├── HistoryReadOnly     the file or its folder cannot be written or opened
        ├── HistoryFull         no space is left for it
        ├── HistoryCorrupt      it is damaged, or no database at all
        ├── HistoryForeign      it is the database of another program
        ├── HistoryMissing      there is none yet
        └── RunNotFound         it holds no such run, or several

Each carries one sentence in both languages: what was wanted, what was found instead, what to do next.
"""

from __future__ import annotations

from typing import ClassVar

from checks.text import Text


class ShoplintError(Exception):
    """Base of all errors that are shown as one sentence; ``exit_code`` is the command's."""

    exit_code: ClassVar[int] = 2

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class HistoryError(ShoplintError):
    """The history cannot be used."""


class HistoryTooNew(HistoryError):
    """The database was written by a newer version."""


class HistoryLocked(HistoryError):
    """Another program held the database for longer than we wait."""


class HistoryReadOnly(HistoryError):
    """The file or its folder cannot be written or opened."""


class HistoryFull(HistoryError):
    """No space is left for the database."""


class HistoryCorrupt(HistoryError):
    """The file is damaged, or is no database at all."""


class HistoryForeign(HistoryError):
    """The file is the database of another program."""


class HistoryMissing(HistoryError):
    """No run was ever saved there."""


class RunNotFound(HistoryError):
    """No run has that id, or several begin with it."""
