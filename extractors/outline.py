"""The part of a page outside its table rows: title, shell, headings, figures with their labels, list items.

Figures are read by meaning: a label is a text that the vocabulary knows, its value is what stands beside it in the
smallest box that holds more than the label. Menus, breadcrumbs, tabs, dialogs, links and hidden copies are not
content; a label in one of them is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from lxml import etree

from extractors.markup import HIDDEN_STYLE
from extractors.texts import ALL_UNITS, clean, shown

Element = Any

SKIPPED_TAGS = frozenset({"script", "style", "noscript", "template", "svg", "colgroup", "head", "select", "option"})
FURNITURE_TAGS = frozenset({"nav", "a", "button", "footer", "dialog"})
FURNITURE_ROLES = frozenset(
    {"navigation", "tablist", "tab", "menu", "menubar", "dialog", "tooltip", "alertdialog", "alert", "marquee"}
)
INLINE = frozenset(
    {"span", "a", "label", "sup", "sub", "small", "big", "code", "abbr", "time", "data", "output", "q", "cite", "var"}
)
"""Elements whose texts stand on one line; every other one begins a line of its own."""
MENU_ID = re.compile(r"menu", re.IGNORECASE)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
COLON = re.compile(r"[:：]")
PUNCTUATION = re.compile(r"[\s:：*()（）\[\]【】,，、.。·•\-–—_/?？!！…'’\"“”ⓘℹ↑↓▲▼△▽⇅▾▴☆★]+")
BRACKETED = re.compile(r"(?<=\S)\s*[(（][^()（）]*[)）]\s*[:：]?$")
MAX_LABEL = 60
MOST_PIECES = 8
FRONT_ENDS = re.compile(r"\s|(?<=[^\d\s.,:+-])(?=[\d+-])")
TIME_UNITS = frozenset({"小时", "分钟", "秒", "h", "m", "s", "hours", "minutes", "seconds"})
UNITS = frozenset(unit.casefold() for unit in ALL_UNITS) | TIME_UNITS
LONGEST_UNIT = 14


@dataclass(slots=True)
class Chunk:
    """A piece of text and the element that holds it; ``content`` is False for menus, links, tabs and the like.

    ``line`` numbers the line on which a piece stands, ``apart`` says that white space parts it from the piece before.
    """

    text: str
    element: Element
    content: bool
    heading: bool
    line: int = 0
    apart: bool = True


@dataclass(slots=True)
class Place:
    """Where a label stands: the label as shown, the texts of its value, and the ways in which they may be read.

    The first way is the most likely: pieces that stand on one line are one text. No way at all is a blank value.
    """

    label: str
    texts: list[str]
    ways: list[str]
    sure: bool = True


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


def bare_key(text: str) -> str:
    """The key of a label without what stands in brackets behind it: "响应时长 (分钟)", "Price (US $)"."""
    return label_key(BRACKETED.sub("", text))


@dataclass
class Outline:
    """The visible texts of a page in reading order, with ways to find a label's value."""

    tree: Element | None
    chunks: list[Chunk] = field(default_factory=list)
    _line: int = 0
    _apart: bool = True

    def __post_init__(self) -> None:
        if self.tree is not None:
            self._walk(self.tree)

    def _walk(self, tree: Element) -> None:
        """Collect the visible texts; a loop and no recursion, for markup may be nested without end."""
        walker = etree.iterwalk(tree, events=("start", "end"))
        states = [(True, False)]
        for event, element in walker:
            if element.tag not in INLINE:
                self._line += 1
            if event == "start":
                content, heading = states[-1]
                skipped = element.tag in SKIPPED_TAGS or is_hidden(element)
                if skipped:
                    walker.skip_subtree()
                content = content and not _is_furniture(element)
                heading = heading or element.tag in HEADINGS or element.get("role") == "heading"
                states.append((content, heading))
                if not skipped:
                    self._add(element.text, element, content, heading)
            else:
                states.pop()
                content, heading = states[-1]
                self._add(element.tail, element.getparent(), content, heading)

    def _add(self, text: str | None, element: Element, content: bool, heading: bool) -> None:
        if element is None or not text:
            return
        if text.isspace() or not (kept := shown(text)):
            self._apart = True
            return
        apart = self._apart or text[0].isspace()
        self.chunks.append(Chunk(kept, element, content, heading, self._line, apart))
        self._apart = text[-1].isspace()

    @cached_property
    def lines(self) -> list[str]:
        """The content line by line: pieces that stand on one line joined."""
        found: dict[int, list[Chunk]] = {}
        for chunk in self.content:
            found.setdefault(chunk.line, []).append(chunk)
        return [joined(chunks) for chunks in found.values()]

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

    @cached_property
    def bare_keys(self) -> list[str]:
        """Like ``keys``, without brackets behind the label; blank where there are none."""
        bracketed = (len(c.text) <= MAX_LABEL and BRACKETED.search(c.text) for c in self.content)
        return [bare_key(c.text) if found else "" for c, found in zip(self.content, bracketed, strict=True)]

    def find(self, wanted: Mapping[str, int], known: frozenset[str]) -> Iterator[Place]:
        """Places where one of the labels ``wanted`` stands, the plainest label first, with what may be its value.

        ``known`` holds every label of the page: a value ends where the next label begins. A label whose value slot
        is blank has no ways to be read. Headings come last, for they name a section and no figure; what is only a
        text that begins with the label comes after them and is not sure.
        """
        keys = self.keys if any(key in wanted for key in self.keys) else self.bare_keys
        places = [i for i, key in enumerate(keys) if key in wanted]
        for index in sorted(places, key=lambda i: (self.content[i].heading, wanted[keys[i]])):
            yield self._beside(index, known)
        inline = []
        for index, chunk in enumerate(self.content):
            label, _, rest = COLON.sub(":", chunk.text, count=1).partition(":")
            if rest.strip() and (key := label_key(label)) in wanted and index not in places:
                inline.append((wanted[key], index, label, rest.strip()))
        for _, index, label, rest in sorted(inline):
            yield Place(label, [rest, *(c.text for c in self._below(index, known))], [rest])
        for index, chunk in enumerate(self.content):
            if index not in places and (split := _label_in_front(chunk.text, wanted)):
                below = [c.text for c in self._below(index, known)]
                yield Place(split[0], [split[1], *below], [split[1]], sure=False)

    def _below(self, index: int, known: frozenset[str]) -> list[Chunk]:
        """What stands in the same box as a line that holds both label and value, up to the next label."""
        box = self.content[index].element.getparent()
        return list(self._until_label(self._inside(index, 1, box), known)) if box is not None else []

    def _beside(self, index: int, known: frozenset[str]) -> Place:
        chunk = self.content[index]
        element = chunk.element
        nothing = Place(chunk.text, [], [])
        if chunk.heading or _has_blank_slot(element):
            return nothing
        box = element
        while (parent := box.getparent()) is not None:
            box = parent
            after = self._inside(index, 1, box)
            before = self._inside(index, -1, box)
            if not after and not before:
                if _has_blank_slot(box):
                    return nothing
                continue
            value = list(self._until_label(after, known))
            # A card may show the value above its label; what belongs to another label is no value of this one.
            line = [c for c in before if not c.heading and c.line == before[0].line]
            own = ways(line[::-1])[:1] if line else []
            above = own if not any(_starts_label(c.text, known) for c in before) else []
            if not value:
                own = above if after else own
                return Place(chunk.text, own, own)
            return Place(chunk.text, [c.text for c in value], [*ways(value), *above])
        return nothing

    def _inside(self, index: int, step: int, box: Element) -> list[Chunk]:
        found = []
        index += step
        while 0 <= index < len(self.content) and _is_within(self.content[index].element, box):
            found.append(self.content[index])
            index += step
        return found

    @staticmethod
    def _until_label(chunks: list[Chunk], known: frozenset[str]) -> Iterator[Chunk]:
        for chunk in chunks:
            if chunk.heading or _starts_label(chunk.text, known):
                return
            yield chunk

    def texts_of(self, element: Element) -> list[str]:
        """The visible texts inside one element."""
        return [chunk.text for chunk in self.chunks_of(element)]

    def chunks_of(self, element: Element) -> list[Chunk]:
        """The visible pieces of text inside one element."""
        return [chunk for chunk in self.chunks if _is_within(chunk.element, element)]


def joined(chunks: list[Chunk]) -> str:
    """Pieces of one line as a person reads them."""
    return "".join(f" {c.text}" if c.apart else c.text for c in chunks).strip()


def ways(chunks: list[Chunk]) -> list[str]:
    """How the texts behind a label may be read: with all pieces of its line, with fewer of them, the first alone.

    A unit that stands alone belongs to the number before it, on whatever line.
    """
    line = [chunk for chunk in chunks[:MOST_PIECES] if chunk.line == chunks[0].line]
    found = [joined(line[:count]) for count in range(len(line), 0, -1)]
    if len(line) == 1 and len(chunks) > 1 and is_bare_unit(chunks[1].text):
        found.insert(0, chunks[0].text + chunks[1].text)
    return list(dict.fromkeys(found))


def is_bare_unit(text: str) -> bool:
    """Whether a text is a unit without a number: %, 天, points."""
    return text in ("%", "‰", "％") or (len(text) <= LONGEST_UNIT and text.casefold() in UNITS)


def _starts_label(text: str, known: frozenset[str]) -> bool:
    """Whether a text is a label, alone or with its value behind a colon."""
    if label_key(text) in known:
        return True
    label, colon, _ = COLON.sub(":", text[: MAX_LABEL + 1], count=1).partition(":")
    return bool(colon) and label_key(label) in known


def _label_in_front(text: str, wanted: Mapping[str, int]) -> tuple[str, str] | None:
    """A label and its value in one text without a colon: "店铺健康分 83.4", "Dispute rate 1.96%"."""
    if len(text) > MAX_LABEL or not any(char.isdigit() for char in text):
        return None
    for found in FRONT_ENDS.finditer(text):
        label, rest = text[: found.start()], text[found.start() :].strip()
        if rest and label_key(label) in wanted:
            return label.strip(), rest
    return None


def _is_furniture(element: Element) -> bool:
    """Whether an element belongs to the shell (menu, link, tab, dialog) rather than to the page's content."""
    return (
        (element.tag in FURNITURE_TAGS and not _closes_a_part(element))
        or element.get("role") in FURNITURE_ROLES
        or bool(MENU_ID.search(element.get("id") or ""))
    )


def _closes_a_part(element: Element) -> bool:
    """Whether a footer is that of a part of the page, such as a card, and not the page's own."""
    return element.tag == "footer" and any(box.tag in ("section", "article") for box in element.iterancestors())


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
