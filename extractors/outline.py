"""The part of a page outside its table rows: title, shell, headings, figures with their labels, list items.

Figures are read by meaning: a label is a text that the vocabulary knows, its value is what stands beside it in the
smallest box that holds more than the label. Menus, breadcrumbs, tabs, dialogs, links and hidden copies are not
content; a label in one of them is never read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from lxml import etree

from extractors.texts import clean, shown

Element = Any

SKIPPED_TAGS = frozenset({"script", "style", "noscript", "template", "svg", "colgroup", "head", "select", "option"})
FURNITURE_TAGS = frozenset({"nav", "a", "button", "footer"})
FURNITURE_ROLES = frozenset({"navigation", "tablist", "tab", "menu", "menubar", "dialog", "tooltip", "alertdialog"})
MENU_ID = re.compile(r"menu", re.IGNORECASE)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
COLON = re.compile(r"[:：]")
PUNCTUATION = re.compile(r"[\s:：*()（）,，.。·•\-–—_/?？!！…]+")
MAX_LABEL = 60


@dataclass(slots=True)
class Chunk:
    """A piece of text and the element that holds it; ``content`` is False for menus, links, tabs and the like."""

    text: str
    element: Element
    content: bool
    heading: bool


def is_hidden(element: Element) -> bool:
    """Whether an element hides itself (its ancestors are the walk's business)."""
    return (
        element.get("aria-hidden") == "true"
        or element.get("hidden") is not None
        or bool(HIDDEN_STYLE.search(element.get("style") or ""))
    )


@lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    """A label without case, spaces and punctuation: what labels and words are compared by."""
    return PUNCTUATION.sub("", clean(text)).casefold()


@dataclass
class Outline:
    """The visible texts of a page in reading order, with ways to find a label's value."""

    tree: Element | None
    chunks: list[Chunk] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.tree is not None:
            self._walk(self.tree)

    def _walk(self, tree: Element) -> None:
        """Collect the visible texts; a loop and no recursion, for markup may be nested without end."""
        walker = etree.iterwalk(tree, events=("start", "end", "comment"))
        states = [(True, False)]
        skipped = False
        for event, element in walker:
            content, heading = states[-1]
            if event == "comment":
                self._add(element.tail, element.getparent(), content, heading)
            elif event == "start":
                skipped = element.tag in SKIPPED_TAGS or is_hidden(element)
                if skipped:
                    walker.skip_subtree()
                content = content and not _is_furniture(element)
                heading = heading or element.tag in HEADINGS
                states.append((content, heading))
                if not skipped:
                    self._add(element.text, element, content, heading)
            else:
                states.pop()
                content, heading = states[-1]
                self._add(element.tail, element.getparent(), content, heading)

    def _add(self, text: str | None, element: Element, content: bool, heading: bool) -> None:
        if element is not None and text and not text.isspace() and (kept := shown(text)):
            self.chunks.append(Chunk(kept, element, content, heading))

    @cached_property
    def title(self) -> str:
        """The document's title."""
        found = None if self.tree is None else self.tree.find(".//title")
        return clean("".join(found.itertext())) if found is not None else ""

    @cached_property
    def content(self) -> list[Chunk]:
        return [chunk for chunk in self.chunks if chunk.content]

    @cached_property
    def keys(self) -> list[str]:
        """The label keys of the content chunks, in step with ``content``."""
        return [label_key(chunk.text) if len(chunk.text) <= MAX_LABEL else "" for chunk in self.content]

    def find(self, wanted: frozenset[str], known: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
        """Places where one of the labels ``wanted`` stands: the label as shown and the texts of its value.

        ``known`` holds every label of the page: a value ends where the next label begins. A label whose value slot
        is blank gives an empty list. Headings come last, for they name a section and no figure.
        """
        places = [i for i, key in enumerate(self.keys) if key in wanted]
        for index in sorted(places, key=lambda i: self.content[i].heading):
            yield self.content[index].text, self._beside(index, known)
        for index, chunk in enumerate(self.content):
            label, _, rest = COLON.sub(":", chunk.text, count=1).partition(":")
            if rest.strip() and label_key(label) in wanted and index not in places:
                yield label, [rest.strip()]

    def _beside(self, index: int, known: frozenset[str]) -> list[str]:
        chunk = self.content[index]
        element = chunk.element
        if chunk.heading:
            return []
        if _has_blank_slot(element):
            return []
        box = element
        while (parent := box.getparent()) is not None:
            box = parent
            after = self._inside(index, 1, box)
            before = self._inside(index, -1, box)
            if not after and not before:
                if _has_blank_slot(box):
                    return []
                continue
            return list(self._until_label(after, known)) or [c.text for c in before if not c.heading][:1]
        return []

    def _inside(self, index: int, step: int, box: Element) -> list[Chunk]:
        found = []
        index += step
        while 0 <= index < len(self.content) and _is_within(self.content[index].element, box):
            found.append(self.content[index])
            index += step
        return found

    @staticmethod
    def _until_label(chunks: list[Chunk], known: frozenset[str]) -> Iterator[str]:
        for chunk in chunks:
            if chunk.heading or label_key(chunk.text) in known:
                return
            yield chunk.text

    def section(self, is_title: Callable[[str], bool]) -> list[Element]:
        """The boxes of the items below a heading: the heading's following siblings, opened where one wraps a list."""
        for chunk in self.content:
            if chunk.heading and is_title(label_key(chunk.text)):
                heading = chunk.element
                while heading.tag not in HEADINGS:
                    heading = heading.getparent()
                return [sibling for sibling in heading.itersiblings() if isinstance(sibling.tag, str)]
        return []

    def texts_of(self, element: Element) -> list[str]:
        """The visible texts inside one element."""
        return [chunk.text for chunk in self.chunks if _is_within(chunk.element, element)]


def _is_furniture(element: Element) -> bool:
    """Whether an element belongs to the shell (menu, link, tab, dialog) rather than to the page's content."""
    return (
        element.tag in FURNITURE_TAGS
        or element.get("role") in FURNITURE_ROLES
        or bool(MENU_ID.search(element.get("id") or ""))
    )


def _has_blank_slot(element: Element) -> bool:
    """Whether the boxes after a label are there and hold no text: a value that was never filled in."""
    following = [s for s in element.itersiblings() if isinstance(s.tag, str) and s.tag not in SKIPPED_TAGS]
    return bool(following) and not any("".join(s.itertext()).strip() for s in following)


def _is_within(element: Element, box: Element) -> bool:
    while element is not None:
        if element is box:
            return True
        element = element.getparent()
    return False
