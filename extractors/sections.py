"""What stands below a title: the boxes of a section, however title and content are wrapped.

A title may stand directly above its content, in a head of its own beside a note ("head > title + note"), or be no
heading at all, as in the cards of the component library. A section ends where the next title of its rank begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractors.outline import FURNITURE_TAGS, HEADINGS, INLINE, SKIPPED_TAGS, Chunk, Element, Outline, is_hidden
from extractors.outline import label_key as key_of

NO_HEADING = 7
CELLS = frozenset({"td", "th", "tr", "table"})
TOP = frozenset({"body", "html", "main"})
NO_SLOT = INLINE | FURNITURE_TAGS | {"i", "hr", "img"}


def section(outline: Outline, is_title: Callable[[str], bool]) -> list[Element]:
    """The boxes of the items below a title; a real heading speaks before a text that only stands like one."""
    titles = [chunk for chunk in outline.content if is_title(key_of(chunk.text))]
    headings = [chunk for chunk in titles if chunk.heading]
    for chunk in headings or titles:
        if chunk.heading or not _in_a_cell(chunk.element):
            return _below(_title_element(chunk), outline)
    return []


def items(outline: Outline, boxes: list[Element]) -> Iterator[Element]:
    """The boxes of single items: one that wraps others is opened, one that holds an item's lines is not."""
    for box in boxes:
        inner = [child for child in box if isinstance(child.tag, str) and outline.texts_of(child)]
        if len(inner) == 1 or (inner and all(_lines(outline, child) > 1 for child in inner)):
            yield from items(outline, inner)
        else:
            yield box


def _below(title: Element, outline: Outline) -> list[Element]:
    """The boxes that follow a title, or the head it stands in; a note beside it in that head is no content."""
    rank = _rank(title)
    beside: list[Element] = []
    node = title
    while node is not None and node.tag not in TOP:
        after = _following(node, rank, outline)
        if any(box.tag not in INLINE for box in after.boxes):
            return after.boxes
        if after.blank and (beside or rank == NO_HEADING):
            return []  # the slot of the content is there and holds nothing
        beside = beside or after.boxes
        if after.ended:
            return beside
        node = node.getparent()
    return beside


@dataclass(frozen=True)
class After:
    """What stands after an element in its box: what holds text, whether a slot is blank, and whether a title ends it.

    Below a text that is no heading nothing but a blank slot says that its section is over.
    """

    boxes: list[Element]
    blank: bool
    ended: bool


def _following(node: Element, rank: int, outline: Outline) -> After:
    found: list[Element] = []
    blank = False
    for box in node.itersiblings():
        if not isinstance(box.tag, str) or box.tag in SKIPPED_TAGS or is_hidden(box):
            continue
        if any(_rank(inner) <= rank < NO_HEADING for inner in box.iter(*HEADINGS)):
            return After(found, blank, ended=True)
        if outline.texts_of(box):
            found.append(box)
        else:
            blank = blank or (not found and box.tag not in NO_SLOT)
    return After(found, blank, ended=False)


def _title_element(chunk: Chunk) -> Element:
    element = chunk.element
    while chunk.heading and _rank(element) == NO_HEADING and element.get("role") != "heading":
        element = element.getparent()
    return element


def _rank(element: Element) -> int:
    if element.tag in HEADINGS:
        return int(element.tag[1])
    level = element.get("aria-level") or ""
    return int(level) if element.get("role") == "heading" and level.isdigit() else NO_HEADING


def _in_a_cell(element: Element) -> bool:
    return element.tag in CELLS or any(above.tag in CELLS for above in element.iterancestors())


def _lines(outline: Outline, box: Element) -> int:
    return len({chunk.line for chunk in outline.chunks_of(box)})
