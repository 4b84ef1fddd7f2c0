"""What a file is, by its first bytes; names lie."""

from __future__ import annotations

from checks.text import Text, plain

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
HEAD = 1024
"""Bytes that are enough to tell."""

_KNOWN = (
    (b"%PDF", plain("PDF")),
    (b"\x89PNG", plain("PNG")),
    (b"\xff\xd8\xff", plain("JPEG")),
    (b"GIF8", plain("GIF")),
    (b"\xd0\xcf\x11\xe0", Text("旧版 Excel 或带密码的 Office 文件", "an old Excel file, or one with a password")),
    (b"Rar!", plain("RAR")),
    (b"7z\xbc\xaf", plain("7z")),
    (b"SQLite format 3", plain("SQLite")),
    (b"PK", plain("ZIP")),
    (GZIP, plain("gzip")),
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def binary(head: bytes) -> Text | None:
    """The name of a format that is no text, "binary" for an unknown one; None for what may be text."""
    for start, name in _KNOWN:
        if head.startswith(start):
            return name
    if b"\0" in head and not head.startswith(_WIDE):
        return Text("二进制数据", "binary data")
    return None
