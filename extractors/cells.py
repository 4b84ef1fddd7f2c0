"""What the cells of a row say, and what they hold that nobody sees or that only an icon tells."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

Element = Any

HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARKS = b"display:none,display: none,display :,visibility:,tooltip, hidden>, hidden=, hidden , hidden/"
_HIDING = tuple(_MARKS.split(b","))
_UNSEEN = etree.XPath("descendant::*[@hidden or @style or @role='tooltip']")
UNSEEN_TAGS = frozenset({"script", "style", "template"})
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
CELLS = frozenset({"td", "th"})
NAMES_OF_ICONS = ("aria-label", "title", "alt")
ICONS = "data-shoplint-icons"
"""The attribute of the tree, and of no page, that tells the icons a box held."""


def hides_anything(html: bytes) -> bool:
    """Whether something in a page may be hidden; in most pages nothing is, and their rows need no search."""
    low = html.lower()
    return any(mark in low for mark in _HIDING)


def drop_unseen(tr: Element, hides: bool) -> None:
    """Take out of the cells what nobody sees there: scripts, and hidden texts and tooltips if the page ``hides`` any.

    What follows them stays.
    """
    for element in (*tr.iter(*UNSEEN_TAGS), *(_UNSEEN(tr) if hides else ())):
        if element.tag in CELLS or not _is_unseen(element):
            continue
        tail = f" {element.tail}" if element.tail else element.tail
        element.clear()  # takes the tail along
        element.tail = tail


def _is_unseen(element: Element) -> bool:
    if element.tag in UNSEEN_TAGS or element.get("role") == "tooltip" or element.get("hidden") is not None:
        return True
    return HIDDEN_STYLE.search(element.get("style") or "") is not None


def whole(chunks: list[str]) -> list[str]:
    """The chunks of a cell without invisible marks around them; decimals in an element of their own put behind their
    number."""
    if any(chunk[0] in INVISIBLE or chunk[-1] in INVISIBLE for chunk in chunks):
        chunks = [kept for chunk in chunks if (kept := chunk.strip(INVISIBLE).strip())]
    for n in range(len(chunks) - 1, 0, -1):
        if chunks[n][0] == "." and chunks[n][1:2].isdigit() and chunks[n - 1][-1].isdigit():
            chunks[n - 1 : n + 1] = [chunks[n - 1] + chunks[n]]
    return chunks


def keep_icons(root: Element) -> None:
    """Write on the box of an icon what it is called and looks like, before the icon goes."""
    for icon in root.iter("i", "em", "b"):
        box = icon.getparent()
        if len(icon) or (icon.text or "").strip() or box is None:
            continue
        told = [value for name in (*NAMES_OF_ICONS, "class") if (value := icon.get(name))]
        if told:
            box.set(ICONS, "\n".join([*filter(None, [box.get(ICONS)]), *told]))


def unsaid_in(cell: Element) -> list[str]:
    """The names and classes of the elements in a cell; none for a mere box."""
    found = []
    for element in cell.iter():
        for name in NAMES_OF_ICONS:
            if value := element.get(name):
                found.append(value)
    if len(cell) and (css := " ".join(element.get("class") or "" for element in cell.iter() if not len(element))):
        found.append(css)
    return found
