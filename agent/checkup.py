"""One line of `shoplint doctor`: what was looked at, whether it is as it should be, and the command that mends it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from checks.text import Text


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ``needed`` False: audits work without it all the same."""

    name: str
    ok: bool
    text: Text
    fix: str | None = None
    needed: bool = True


def editing(path: Path) -> str:
    """The command that opens a file in the user's editor."""
    editor = os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "nano")
    return f"{editor} {path}"


def is_open_to_others(path: Path) -> bool:
    """Whether other users of this machine may read a file or folder; False where the system does not say."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & 0o077)
