"""Writes files so that they are whole or not there, whatever stops the process or the machine."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

_ASIDE = ".aside-"


def make_folder(path: Path) -> None:
    """Make a folder that its owner alone may enter; one that is there keeps its mode."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(path.parent)


def write_aside(path: Path, body: bytes) -> None:
    """Write a file aside in the same folder, bring it to the disk, then give it its name; for its owner alone."""
    number, aside = tempfile.mkstemp(prefix=_ASIDE, dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove what a killed writer left aside, here and one folder down."""
    for aside in (*folder.glob(f"{_ASIDE}*"), *folder.glob(f"*/{_ASIDE}*")):
        aside.unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    """Bring a new name in a folder to the disk; Windows does so by itself."""
    if sys.platform == "win32":
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
