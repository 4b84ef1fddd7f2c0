"""A lock file that the system lets go of by itself when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self


class LockHeld(Exception):
    """Somebody else holds the lock."""


class FileLock:
    """Holds ``path`` while the block runs; LockHeld at once when somebody else does. Released, the file is gone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._number: int | None = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def take(self) -> None:
        while self._number is None:
            number = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            try:
                _lock(number)
                if self._is_there(number):
                    self._number, number = number, -1
            finally:
                if number >= 0:
                    os.close(number)

    def release(self) -> None:
        """Let go; a lock that is not held stays as it is."""
        if self._number is None:
            return
        number, self._number = self._number, None
        if sys.platform != "win32":  # Windows removes no open file; there the empty file stays
            self.path.unlink(missing_ok=True)
        os.close(number)

    def _is_there(self, number: int) -> bool:
        """Whether the locked file is still the one at the path: its last holder may just have removed it."""
        try:
            return os.path.samestat(os.fstat(number), self.path.stat())
        except FileNotFoundError:
            return False


if sys.platform == "win32":
    import msvcrt

    def _lock(number: int) -> None:
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise LockHeld from error

else:
    import fcntl

    def _lock(number: int) -> None:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockHeld from error
