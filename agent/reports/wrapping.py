"""Lines that break where Chinese and English may break.

A terminal library breaks at spaces only, so a Chinese sentence would be taken for one long word and leave half a line
empty. Here a line may also end between two wide characters, but never before a closing mark or after an opening one.
"""

from __future__ import annotations

import re

from rich.cells import cell_len

CLOSING = "，。！？；：、）」』】》〉”’…,.!?;:)]}%"
OPENING = "（「『【《〈“‘([{"
_PIECE = re.compile(rf"\s+|[{re.escape(OPENING)}]*(?:(?:(?!\s)[!-\u2e7f])+|\S\ufe0f?)[{re.escape(CLOSING)}]*")
"""Spaces, a word, or one sign of those from U+2E80 on, which are wide but for a few (U+FE0F makes a picture of a sign).

One range that begins low: of each range of a pattern every sign is visited when the pattern is compiled.
"""


def wrapped(text: str, width: int, first: int = 0) -> list[str]:
    """The text in lines of at most ``width`` cells; ``first`` cells of the first line are already taken."""
    lines: list[str] = []
    line, room = "", width - first
    for piece in _PIECE.findall(text):
        size = cell_len(piece)
        if size <= room:
            line, room = line + piece, room - size
            continue
        if piece.isspace():
            lines.append(line)
            line, room = "", width
            continue
        if line:
            lines.append(line)
        for part in _cut(piece, width)[:-1]:
            lines.append(part)
        line = _cut(piece, width)[-1]
        room = width - cell_len(line)
    lines.append(line)
    return [found.rstrip() for found in lines]


def _cut(piece: str, width: int) -> list[str]:
    """A piece that is longer than a whole line, such as an address, in parts that fit."""
    parts, part, size = [], "", 0
    for char in piece:
        cells = cell_len(char)
        if size + cells > width and part:
            parts.append(part)
            part, size = "", 0
        part, size = part + char, size + cells
    return [*parts, part]
