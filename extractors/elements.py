"""What single elements of a page are: hidden, still waiting for their values, fields that hold one."""

from __future__ import annotations

from extractors.cells import HIDDEN_STYLE
from extractors.ways import Element

SKIPPED_TAGS = frozenset(
    {"script", "style", "noscript", "template", "svg", "colgroup", "head", "select", "option", "meter", "progress"}
)


def is_hidden(element: Element) -> bool:
    """Whether an element hides itself (its ancestors are the walk's business)."""
    return (
        element.get("aria-hidden") == "true"
        or element.get("hidden") is not None
        or bool(HIDDEN_STYLE.search(element.get("style") or ""))
    )


def boxes_in(element: Element) -> list[Element]:
    """The elements directly inside one that may hold a text."""
    return [child for child in element if isinstance(child.tag, str) and child.tag not in SKIPPED_TAGS]


def typed(element: Element) -> str | None:
    """What a field shows that only shows it, or that holds a number; the field of a page's number is none of those."""
    if element.tag != "input":
        return None
    shows = element.get("readonly") is not None or element.get("disabled") is not None
    number = element.get("type") == "number" or element.get("role") == "spinbutton"
    if not (shows or number) or element.get("type", "text") not in ("text", "number"):
        return None
    paging = any("pagination" in (box.get("class") or "") for box in element.iterancestors())
    return None if paging else element.get("value")


def is_loading(element: Element) -> bool:
    """Whether an element stands in a box that still waits for its values: what it shows may be a placeholder."""
    boxes = (element, *element.iterancestors())
    return any(box.get("aria-busy") == "true" or "skeleton" in (box.get("class") or "").lower() for box in boxes)


def has_blank_slot(element: Element) -> bool:
    """Whether the boxes after a label are there and hold no text: a value that was never filled in."""
    following = [s for s in element.itersiblings() if isinstance(s.tag, str) and s.tag not in SKIPPED_TAGS]
    return bool(following) and not any("".join(s.itertext()).strip() or _is_filled(s) for s in following)


def _is_filled(element: Element) -> bool:
    return any(typed(field) for field in element.iter("input"))
