"""Whose page it is: the store's name in the shell, the part of a page around its content.

The places are data (data/site.toml, [shell]). A name is believed where it stands as a name: in its own box, beside the
login id, in the head; never in a heading, a table, a menu, a dialog, and, when it is not the configured one, never in a
link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractors.outline import COLON, Chunk, Outline, label_key
from extractors.selectors import select
from extractors.vocabulary import Vocabulary

CONTENT_TAGS = frozenset({"main", "table"})
CHOICES = frozenset({"menu", "menubar", "listbox", "option", "dialog", "alertdialog", "tooltip"})
"""Roles of boxes that may name other stores as well."""
LINKS = frozenset({"a", "button", "nav", "li", "footer"})
NEAR = 4
"""How many texts before and behind a login id are its neighbours."""
LEVELS = 3
"""How many boxes may be wrapped around nothing but the login id."""


def store_shown(outline: Outline, words: Vocabulary, wanted: str | None = None) -> str | None:
    """The store's name in the shell; ``wanted``, the configured one, as soon as the page shows it; None when the
    shell shows none."""
    if wanted and (found := _standing(outline, label_key(wanted))):
        return found
    return None if outline.tree is None else _Shell(outline, outline.tree, words).name()


def _standing(outline: Outline, key: str) -> str | None:
    """The text that is the configured name, wherever it stands as one."""
    for chunk in outline.chunks:
        if not chunk.heading and label_key(chunk.text) == key and not _chosen(chunk.element):
            return chunk.text
    return None


def _around(element: Any) -> Iterator[Any]:
    yield element
    yield from element.iterancestors()


def _chosen(element: Any) -> bool:
    """Whether an element stands in the content's tables, or in a box that offers something to choose."""
    return any(box.tag in ("table", "dialog") or box.get("role") in CHOICES for box in _around(element))


def _linked(element: Any) -> bool:
    return any(box.tag in LINKS or box.get("role") in ("link", "button", "tab") for box in _around(element))


class _Shell:
    """The texts of one page that may be the shell's."""

    def __init__(self, outline: Outline, tree: Any, words: Vocabulary) -> None:
        self.outline = outline
        self.tree = tree
        self.data = words.site.shell
        self.no_name = re.compile(self.data["no_name"], re.IGNORECASE)
        self.login_id = re.compile(self.data["login_id"])
        self.account = re.compile(self.data["account"])
        self.regions = frozenset(select(self.data["regions"], tree))
        self.head = list(self._head())

    def name(self) -> str | None:
        """The name by the first way that leads to one."""
        return self._placed() or self._beside(self.head, self.login_id) or self._titled() or self._anywhere()

    def _head(self) -> Iterator[Chunk]:
        """The texts before the content's first heading or table, and those of the head's own boxes."""
        before = True
        for chunk in self.outline.chunks:
            boxes = list(_around(chunk.element)) if before or self.regions else []
            inner = any(box.tag in CONTENT_TAGS or box.get("role") == "main" for box in boxes)
            own = not inner and not self.regions.isdisjoint(boxes)
            before = before and (own or not (inner or (chunk.heading and chunk.content)))
            if (before or own) and not chunk.heading:
                yield chunk

    def _placed(self) -> str | None:
        """What stands in the box of the name."""
        places = frozenset(select(self.data["names"], self.tree))
        for chunk in self.head if places else ():
            if not places.isdisjoint(_around(chunk.element)) and self._may_be_name(chunk, linked=True):
                return chunk.text
        return None

    def _beside(self, chunks: list[Chunk], login_id: re.Pattern[str]) -> str | None:
        """The neighbour of the login id in the id's own box: the text before it, else the one behind it."""
        for index, chunk in enumerate(chunks):
            if not login_id.match(_without_label(chunk.text)) or _chosen(chunk.element):
                continue
            box = _own_box(chunk)
            reach = 1 if box.tag == "body" else NEAR
            near = [*chunks[max(index - reach, 0) : index][::-1], *chunks[index + 1 : index + 1 + reach]]
            for other in near:
                if box in _around(other.element) and self._may_be_name(other):
                    return other.text
        return None

    def _titled(self) -> str | None:
        """The one text of the head that its element's title attribute repeats."""
        called = {label_key(part) for part in re.split(r"\s[-–|]\s", self.outline.title)}
        found = {
            chunk.text
            for chunk in self.head
            if label_key(chunk.element.get("title") or "") == label_key(chunk.text)
            and label_key(chunk.text) not in called
            and not self.regions.isdisjoint(_around(chunk.element))
            and self._may_be_name(chunk)
        }
        return found.pop() if len(found) == 1 else None

    def _anywhere(self) -> str | None:
        """Beside an id of the platform's own form, wherever it stands outside headings and tables."""
        chunks = [chunk for chunk in self.outline.chunks if not chunk.heading]
        return self._beside(chunks, self.account)

    def _may_be_name(self, chunk: Chunk, *, linked: bool = False) -> bool:
        text = chunk.text
        if self.login_id.match(_without_label(text)) or self.no_name.match(text) or _chosen(chunk.element):
            return False
        return linked or not _linked(chunk.element)


def _without_label(text: str) -> str:
    """A login id without the label before it: "Login ID: ops@shop.example"."""
    return COLON.split(text, maxsplit=1)[-1].strip()


def _own_box(chunk: Chunk) -> Any:
    """The smallest box that holds more than the login id."""
    box = chunk.element
    for _ in range(LEVELS):
        if " ".join("".join(box.itertext()).split()) != chunk.text or box.getparent() is None:
            break
        box = box.getparent()
    return box
