"""The part of a page outside its table rows: title, shell, headings, figures with their labels, list items.

Figures are read by meaning: a label is a text that the vocabulary knows, its value is what stands beside it in the
smallest box that holds more than the label. Menus, breadcrumbs, tabs, dialogs, links and hidden copies are not
content; a label in one of them is never read.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import cached_property, lru_cache

from lxml import etree

from extractors.elements import SKIPPED_TAGS, boxes_in, has_blank_slot, is_hidden, is_loading, typed
from extractors.remarks import is_badge
from extractors.texts import clean, not_assessed, shown
from extractors.ways import (
    Chunk,
    Element,
    Place,
    going_on,
    is_bare_unit,
    joined,
    own_lines,
    ways,
    with_bare_ways,
    without_changes,
)

__all__ = [
    "BRACKETED",
    "COLON",
    "FURNITURE_TAGS",
    "HEADINGS",
    "INLINE",
    "MAX_LABEL",
    "SKIPPED_TAGS",
    "Chunk",
    "Element",
    "Outline",
    "Place",
    "bare_key",
    "is_bare_unit",
    "is_hidden",
    "label_key",
]

FURNITURE_TAGS = frozenset({"nav", "a", "button", "footer", "dialog"})
FURNITURE_ROLES = frozenset(
    {"navigation", "tablist", "tab", "menu", "menubar", "dialog", "tooltip", "alertdialog", "alert", "marquee"}
)
INLINE = frozenset(
    {"span", "a", "label", "sup", "sub", "small", "big", "code", "abbr", "time", "data", "output", "q", "cite", "var"}
)
"""Elements whose texts stand on one line; every other one begins a line of its own."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
COLON = re.compile(r"[:：]")
PUNCTUATION = re.compile(r"[\s:：*()（）\[\]【】,，、.。·•\-–—_/?？!！…'’\"“”ⓘℹ↑↓▲▼△▽⇅▾▴☆★]+")
BRACKETED = re.compile(r"(?<=\S)\s*[(（][^()（）]*[)）][\s:：↑↓▲▼△▽⇅▾▴ⓘℹ]*$")
INLINE_BLANK = re.compile(r"(?:[:：]\s*|\s)[-‐‑‒–—―−]{1,3}$")
"""How a text ends that holds a label and says that it has no value: "好评率： --"."""
PERCENT = re.compile(r"\d+(?:[.,]\d+)? ?%")
MAX_LABEL = 60
FRONT_ENDS = re.compile(r"\s|(?<=[^\d\s.,:+-])(?=[\d+-])")


@lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    """A label without case, spaces and punctuation: what labels and words are compared by."""
    return PUNCTUATION.sub("", clean(text)).casefold()


def bare_key(text: str) -> str:
    """The key of a label without what stands in brackets behind it: "响应时长 (分钟)", "Price (US $)"."""
    return label_key(BRACKETED.sub("", text))


class Outline:
    """The visible texts of a page in reading order, with ways to find a label's value."""

    def __init__(self, tree: Element | None) -> None:
        self.tree = tree
        self.chunks: list[Chunk] = []
        self._line = 0
        self._apart = True
        if tree is not None:
            self._walk(tree)

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
                    self._add(typed(element) or element.text, element, content, heading)
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
        return [
            label_key(c.text) if len(c.text) <= MAX_LABEL and not INLINE_BLANK.search(c.text) else ""
            for c in self.content
        ]

    @cached_property
    def bare_keys(self) -> list[str]:
        """Like ``keys``, without brackets behind the label; blank where there are none."""
        bracketed = (len(c.text) <= MAX_LABEL and BRACKETED.search(c.text) for c in self.content)
        return [bare_key(c.text) if found else "" for c, found in zip(self.content, bracketed, strict=True)]

    def find(self, wanted: Mapping[str, int], known: frozenset[str], aside: Container[str] = ()) -> Iterator[Place]:
        """Places where one of the labels ``wanted`` stands, the plainest label first, with what may be its value.

        ``known`` holds every label of the page: a value ends where the next label begins. A label whose value slot
        is blank has no ways to be read. Of the same label the one with its value behind a colon comes after the one
        alone, the one in a heading last, for most headings name a section and no figure. What is only a text that
        begins with the label comes after all of them and is not sure. A text ``aside`` on the label's line is a remark
        on the label, such as its weight, where a value stands as well.
        """
        found: list[tuple[int, int, int, Place]] = []
        begun = []
        for index, chunk in enumerate(self.content):
            key = next((key for key in (self.keys[index], self.bare_keys[index]) if key in wanted), None)
            if key is not None:
                place = self._beside(index, known, wanted, aside)
                kind = 2 if chunk.heading else 0
                if is_loading(chunk.element):
                    kind, place = 3, place if not all(map(not_assessed, place.ways)) else Place(chunk.text, [], [])
                found.append((wanted[key], kind, index, place))
            elif (inline := _label_before_colon(chunk.text, wanted)) is not None:
                key, label, rest = inline
                below = list(self._below(index, known))
                place = Place(label, [rest, *(c.text for c in below)], going_on(rest, chunk, below))
                found.append((wanted[key], 1, index, place))
            elif (split := _label_in_front(chunk.text, wanted)) is not None:
                behind = [c.text for c in self._below(index, known)]
                begun.append(Place(split[0], [split[1], *behind], [split[1]], sure=False, begun=True))
        yield from (with_bare_ways(place) for *_, place in sorted(found, key=lambda one: one[:3]))
        yield from map(with_bare_ways, begun)

    def _below(self, index: int, known: frozenset[str]) -> list[Chunk]:
        """What stands in the same box as a line that holds both label and value, up to the next label."""
        box = self.content[index].element.getparent()
        return list(self._until_label(self._inside(index, 1, box), known)) if box is not None else []

    def _beside(
        self, index: int, known: frozenset[str], wanted: Container[str] = (), aside: Container[str] = ()
    ) -> Place:
        chunk = self.content[index]
        element = chunk.element
        nothing = Place(chunk.text, [], [])
        if chunk.heading:
            return self._below_heading(index, known)
        if has_blank_slot(element):
            return nothing
        if (slot := self._slot_below(element, known)) is not None:
            value = self.chunks_of(slot)
            return Place(chunk.text, [c.text for c in value], ways(value) if value else [])
        box = element
        while (parent := box.getparent()) is not None:
            box = parent
            after = self._inside(index, 1, box)
            before = self._inside(index, -1, box)
            remarks = []
            while after and after[0].line == chunk.line and _is_remark(after[0].text, known, aside):
                remarks += [after[0].text] if after[0].text in aside else []
                del after[0]  # "Weight 30%" beside the label is no value of it
            if not after and not before:
                if has_blank_slot(box):
                    return nothing
                continue
            value = list(self._until_label(after, known))
            # A card may show the value above its label; what belongs to another label is no value of this one.
            line = [c for c in before if not c.heading and c.line == before[0].line]
            told = any(c.text[-1] in ":：" or (label_key(c.text) in known and not is_bare_unit(c.text)) for c in line)
            own = [] if told else ways(line[::-1])[:1]
            others = (c for c in before if not c.heading and label_key(c.text) not in wanted)
            labels = [c for c in others if label_key(c.text) in known]
            above = own if all(self._has_its_value(label, line, box) for label in labels) else []
            kept = without_changes(value)
            value = kept if kept or above else value
            if above and value and _stands_above(chunk, before, above[0], ways(value)[0]):
                return Place(chunk.text, [c.text for c in value], [*above, *ways(value)])
            if not value:
                own = (above if after else own) or remarks
                return Place(chunk.text, own, own)
            return Place(chunk.text, [c.text for c in value], [*ways(value), *above, *own_lines(value), *remarks])
        return nothing

    def _slot_below(self, element: Element, known: frozenset[str]) -> Element | None:
        """The box of a label's value where a row of labels stands above a row of as many values."""
        row = element.getparent()
        while row is not None and len(boxes_in(row)) == 1:
            element, row = row, row.getparent()
        below = None if row is None else next((box for box in row.itersiblings() if isinstance(box.tag, str)), None)
        if row is None or below is None or below.tag != row.tag or (row.text or "").strip():
            return None
        labels, slots = boxes_in(row), boxes_in(below)
        if not 1 < len(labels) == len(slots) or any(not self._is_label(box, known) for box in labels):
            return None
        if any(_starts_label(text, known) for box in slots for text in self.texts_of(box)[:1]):
            return None
        further = next((box for box in below.itersiblings() if isinstance(box.tag, str)), None)
        if further is not None and len(more := boxes_in(further)) == len(slots) and not self._is_label(more[0], known):
            return None  # rows of a list
        return slots[labels.index(element)]

    def _is_label(self, box: Element, known: frozenset[str]) -> bool:
        texts = self.texts_of(box)
        return len(texts) == 1 and label_key(texts[0]) in known

    def _has_its_value(self, label: Chunk, line: list[Chunk], box: Element) -> bool:
        """Whether a label stands in a box inside ``box`` with a value of its own, which is not ``line``."""
        part = label.element
        while part is not None and part.getparent() is not box:
            part = part.getparent()
        if part is None or any(label is piece or _is_within(piece.element, part) for piece in line):
            return False
        return any(c is not label and not c.heading for c in self.content if _is_within(c.element, part))

    def _below_heading(self, index: int, known: frozenset[str]) -> Place:
        """The value in a card whose label is its heading; a heading over more than one thing is no label."""
        chunk = self.content[index]
        box = chunk.element
        while (parent := box.getparent()) is not None:
            box = parent
            after = [c for c in self._inside(index, 1, box) if c.element is not chunk.element]
            if after:
                value = list(self._until_label(after, known))
                alone = not any(c.heading for c in [*after, *self._inside(index, -1, box)])
                return Place(chunk.text, [c.text for c in value], ways(value) if value and alone else [], sure=False)
        return Place(chunk.text, [], [])

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


def _starts_label(text: str, known: frozenset[str]) -> bool:
    """Whether a text is a label, known or with a colon at its end, alone or with its value behind the colon."""
    if text[-1] in ":：" or label_key(text) in known or (len(text) <= MAX_LABEL and bare_key(text) in known):
        return True
    label, colon, _ = COLON.sub(":", text[: MAX_LABEL + 1], count=1).partition(":")
    return bool(colon) and (label_key(label) in known or bare_key(label) in known)


def _label_before_colon(text: str, wanted: Container[str]) -> tuple[str, str, str] | None:
    """A label, as key and as shown, and its value in one text: "纠纷率：1.96%", "好评率 (近30天): 98%", "退货率 --"."""
    parted = _parted(text)
    if parted is None:
        return None
    keys, label, rest = parted
    key = next((key for key in keys if key in wanted), None)
    return None if key is None else (key, label, rest)


@lru_cache(maxsize=4096)
def _parted(text: str) -> tuple[tuple[str, str], str, str] | None:
    """What may be a label, by both its keys and as shown, and what stands behind it."""
    label, _, rest = COLON.sub(":", text, count=1).partition(":")
    if not rest and (blank := INLINE_BLANK.search(text)):
        label, rest = text[: blank.start()], blank[0]
    if not rest.strip() or len(label) > 2 * MAX_LABEL:
        return None
    return (label_key(label), bare_key(label)), label, rest.strip()


def _label_in_front(text: str, wanted: Container[str]) -> tuple[str, str] | None:
    """A label and its value in one text without a colon, the longest label: "店铺健康分 83.4", "Dispute rate 1.96%"."""
    return next(((label, rest) for key, label, rest in reversed(_fronts(text)) if key in wanted), None)


@lru_cache(maxsize=4096)
def _fronts(text: str) -> tuple[tuple[str, str, str], ...]:
    """The beginnings of a text that may be labels, as key and as shown, each with what follows it."""
    if len(text) > MAX_LABEL or not any(char.isdigit() for char in text):
        return ()
    cuts = [(text[: found.start()], text[found.start() :].strip()) for found in FRONT_ENDS.finditer(text)]
    return tuple((label_key(label), label.strip(), rest) for label, rest in cuts if rest)


def _is_furniture(element: Element) -> bool:
    """Whether an element belongs to the shell (menu, link, tab, dialog) rather than to the page's content."""
    return (
        (element.tag in FURNITURE_TAGS and not _closes_a_part(element))
        or element.get("role") in FURNITURE_ROLES
        or "menu" in (element.get("id") or "").lower()
    )


def _closes_a_part(element: Element) -> bool:
    """Whether a footer is that of a part of the page, such as a card, and not the page's own."""
    return element.tag == "footer" and any(box.tag in ("section", "article") for box in element.iterancestors())


def _stands_above(label: Chunk, before: list[Chunk], above: str, below: str) -> bool:
    """Whether a card begins with its value: a rate (or a dash) alone above the label, and a bare rate below both."""
    alone = before[0].line != label.line and len({chunk.line for chunk in before}) == 1
    told = PERCENT.fullmatch(above) or (not_assessed(above) and above != "/")
    return alone and bool(told) and PERCENT.fullmatch(below) is not None


def _is_remark(text: str, known: frozenset[str], aside: Container[str]) -> bool:
    """Whether a text beside a label holds another label with its value, or is one of those that are no value there."""
    return text in aside or is_badge(text) or _label_in_front(text, known) is not None


def _is_within(element: Element, box: Element) -> bool:
    while element is not None:
        if element is box:
            return True
        element = element.getparent()
    return False
