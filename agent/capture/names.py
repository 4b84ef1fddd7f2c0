"""File names inside a capture: relative, with ``/`` between the parts, and never out of the folder."""

from __future__ import annotations

import re

MANIFEST = "capture.json"
"""The file that describes all others."""
_DRIVE = re.compile(r"[A-Za-z]:")


def parts(name: str) -> tuple[str, ...] | None:
    """The parts of a file name, none when it names the folder itself; None when it would leave the folder anywhere.

    A backslash and a drive letter are harmless here and dangerous on Windows, so they are refused everywhere; Windows
    also drops dots and spaces at the end of a part, so that ".. " would be "..".
    """
    if "\\" in name or name.startswith("/") or any(ord(sign) < 32 for sign in name):
        return None
    found = tuple(part for part in name.split("/") if part not in ("", "."))
    return None if any(not part.strip(". ") or _DRIVE.match(part) for part in found) else found
