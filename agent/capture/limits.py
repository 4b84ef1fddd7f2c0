"""How large a capture may be. Real ones stay far below; what goes beyond is an archive bomb or a mistake.

A list of 20,000 orders on one page is about 100 MB of HTML and shrinks to a twentieth; DEFLATE at its best shrinks to a
thousandth, which only made-up data reaches.
"""

MOST_ENTRIES = 20_000
"""Entries of one archive."""

MOST_DIRECTORY = MOST_ENTRIES * 256
"""Bytes of an archive's list of contents, which is read whole before the entries can be counted."""

MOST_TOTAL = 4 << 30
"""Bytes of all entries of one archive, expanded."""

MOST_FILE = 256 << 20
"""Bytes of one page, expanded: the most that is held in memory."""

MOST_MANIFEST = 32 << 20
"""Bytes of capture.json; 1,000 pages need less than one megabyte."""

MOST_RESPONSE = 64 << 20
"""Bytes of one kept JSON answer."""

MOST_RATIO = 200
"""Expanded size to packed size of one file..."""

RATIO_FROM = 8 << 20
"""...which counts only beyond this many expanded bytes."""

CHUNK = 1 << 20
"""Bytes read at a time."""
