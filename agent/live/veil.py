"""Decides what of a page may be seen in a picture of it, and where on it the things are that findings speak of.

Nothing may be seen unless something speaks for it: a known label, the value of a field that is nobody's data
(data/pictures.toml), a word of a state. What the scrubber knows to be personal never may. Texts are known by their
place in the page's text as one long line without white space, so that the page in front of the camera is proved to be
the one that was judged here: where the two lines differ, no picture is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import tomli
from lxml import etree

from agent.live.places import Element, Places, box_of, cells_of, parted
from agent.live.scrub import EMAIL, LOGIN_ID, MASKED_NAME, PHONE, rules
from extractors.outline import label_key
from extractors.vocabulary import Vocabulary

BLANKS = "\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
"""White space, as Python and the page's script must both understand it."""
_BLANK = re.compile(f"[{BLANKS}]+")
_CODE = re.compile("[A-Z]{2}")
SKIPPED = ("script", "style", "noscript", "template", "iframe", "textarea", "xmp", "noembed", "noframes", "plaintext")
"""Elements whose texts are none of the page's."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
NUMBERS = re.compile(r"[\d\s:/.,%+\-–~≥≤<>()x×]{1,40}")
FIGURE = re.compile(r"(?!(?:\D*\d){7})[\d\s.,%+\-–/≥≤]{1,16}")
"""A figure that stands before its label: too short for a number to call."""
COUNTRY = "country"
"""The group of words.toml whose words may be names of persons too: they count under their own labels only."""
SESSION = re.compile(r"(?:session|conversation)-?id$", re.IGNORECASE)
LINKED = re.compile(r"(?:dispute|issue|refund|violation|product|item|order|tradeOrder)_?id", re.IGNORECASE)
MOST_LABEL = 40
MOST_VALUES = 4
"""Texts behind a label that are taken for its value."""
MOST_VALUE = 120
MOST_SPOTS = 600
MOST_TEXTS = 80
MOST_IN_BOX = 24
"""Texts of a box that still shows one figure."""


@dataclass(frozen=True)
class Spot:
    """Something on the page that a finding may speak of: its extent in the line, the ids and texts that may be seen."""

    kind: str
    start: int
    end: int
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    head: tuple[int, int] | None = None
    """The extent of the titles of its columns."""


@dataclass(frozen=True)
class Plan:
    """The page as one line, the extents that may be seen, and the spots."""

    line: str
    shown: tuple[tuple[int, int], ...]
    spots: tuple[Spot, ...]


def plan(html: str, kind: str, vocabulary: Vocabulary) -> Plan | None:
    """What may be seen of a page of this kind; None when nothing is known of the kind."""
    if kind not in _fields() or kind not in vocabulary.kinds:
        return None
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root: Any = etree.parse(BytesIO(html.encode("utf-8", "replace")), parser).getroot()
    body = None if root is None else root.find("body")
    if body is None:
        return None
    return _Survey(root, body, kind, vocabulary).plan()


@cache
def _fields() -> dict[str, dict[str, Any]]:
    """data/pictures.toml."""
    return tomli.loads((files("agent") / "data" / "pictures.toml").read_text("utf-8"))


@dataclass
class Piece:
    """A text of the page, or a part of one, with its extent in the line."""

    text: str
    holder: Element
    start: int
    end: int
    shown: bool


@dataclass
class _Label:
    """A label that was read: its field, the box in which it holds, and who holds the first text behind it."""

    name: str
    box: Element
    holder: Element | None = None
    texts: int = 0


@dataclass
class _Survey:
    """One page, gone through once in reading order."""

    root: Element
    body: Element
    kind: str
    vocabulary: Vocabulary
    pieces: list[Piece] = field(default_factory=list)
    _length: int = 0
    _label: _Label | None = None
    boxes: list[Element] = field(default_factory=list)
    """The boxes that hold a figure and its label."""

    def __post_init__(self) -> None:
        known = self.vocabulary.kinds[self.kind]
        figures = {key: name for name, labels in known.figures.items() for key in labels}
        self.figures = frozenset(figures)
        self.labels: Mapping[str, str] = {**known.columns, **figures, **known.parts}
        cells = cells_of(self.root, dict(known.columns))
        self.columns = {cell: name for cell, name in cells if (cell.get("colspan") or "1") == "1"}
        kept = {label_key(word) for word in rules()["words"]["keep"]}
        self.words = (known.titles | kept | self.vocabulary.empty_keys) - {""}
        groups = self.vocabulary.groups.items()
        self.states = frozenset(key for name, group in groups if name != COUNTRY for key in group.exact)
        account = re.compile(self.vocabulary.site.shell["account"])
        self.personal = (EMAIL.search, PHONE.search, MASKED_NAME.search, LOGIN_ID.fullmatch, account.fullmatch)

    # --- which texts may be seen ------------------------------------------------------------------------------

    def plan(self) -> Plan:
        for place in Places(self.root, self.kind, rules(), self.vocabulary):
            holder = place.element.getparent() if place.tail else place.element
            around = {holder, *holder.iterancestors()}
            if self.body not in around or any(element.tag in SKIPPED for element in around):
                continue
            self._enter(around)
            if place.before:
                self._add(place.before, holder, True)
            for text, shown in self._parts(place.text, place.what, holder):
                self._add(text, holder, shown)
        self._figures_before_labels()
        line = "".join(_BLANK.sub("", piece.text) for piece in self.pieces)
        seen = tuple((piece.start, piece.end) for piece in self.pieces if piece.shown and piece.end > piece.start)
        return Plan(line, seen, tuple(_spots(self)))

    def _enter(self, around: set[Element]) -> None:
        """A label holds no longer than its box."""
        if self._label is not None and self._label.box not in around:
            self._label = None

    def _add(self, text: str, holder: Element, shown: bool) -> None:
        bare = _BLANK.sub("", text)
        end = self._length + len(bare) + sum(sign > "\uffff" for sign in bare)
        self.pieces.append(Piece(text, holder, self._length, end, shown))
        self._length = end

    def _parts(self, text: str, what: str | None, holder: Element) -> Iterator[tuple[str, bool]]:
        """The text, or its label and its value apart, each with whether it may be seen."""
        if any(looks(text.strip()) for looks in self.personal):
            yield text, False
            return
        label, colon, rest = parted(text)
        key = label_key(label) if len(label) <= MOST_LABEL else ""
        if label_key(text) in self.words:
            yield text, True
        elif what is not None or key not in self.labels or (rest.strip() and not colon):
            yield text, what is None and self._is_open(text, holder)
        else:
            self._take(key, holder)
            before = text[: len(text) - len(rest)]
            yield before, True
            if rest:
                yield rest, self._is_open(rest, holder)

    def _take(self, key: str, holder: Element) -> None:
        box = box_of(holder)
        self._label = _Label(self.labels[key], box)
        if key in self.figures and box.tag != "body":
            self.boxes.append(box)

    def _is_open(self, text: str, holder: Element) -> bool:
        """Whether a value may be seen, by its label, else by its column; a word of a state always."""
        if not text.strip() or len(text) > MOST_VALUE:
            return False
        if self._label is not None and not self._allowed(self._label.name, text):
            return False
        if self._label is not None and self._is_value(self._label, text, holder):
            return True
        cell = next((one for one in (holder, *holder.iterancestors()) if one.tag == "td"), None)
        if cell is None:
            return label_key(text) in self.states
        name = self.columns.get(cell, "")
        return self._allowed(name, text) if name else False

    def _is_value(self, label: _Label, text: str, holder: Element) -> bool:
        """Whether a text behind a label is its value: the first one, with what else its element holds.

        A figure may have several texts, and outside a table nothing but a box bounds them: one without digits must be
        a known word.
        """
        label.texts += 1
        label.holder = holder if label.holder is None else label.holder
        if label.name not in self.vocabulary.kinds[self.kind].figures:
            return holder is label.holder
        if label.texts > MOST_VALUES:
            return False
        return any(sign.isdigit() for sign in text) or label_key(text) in self.states or not label_key(text)

    def _allowed(self, name: str, text: str) -> bool:
        fields = _fields()[self.kind]
        if name in fields.get("numbers", ()):
            return NUMBERS.fullmatch(text.strip()) is not None
        group = fields.get("words", {}).get(name)
        if group is not None:
            is_code = group == COUNTRY and _CODE.fullmatch(text.strip()) is not None
            return is_code or self.vocabulary.word(group, text) is not None
        return name in fields["shown"]

    def _figures_before_labels(self) -> None:
        """A figure that stands before its label, in the smallest box that holds both."""
        boxes = {box for box in self.boxes if sum(1 for _ in box.iter(etree.Element)) <= MOST_IN_BOX}
        for piece in self.pieces:
            if piece.shown or not FIGURE.fullmatch(piece.text.strip()):
                continue
            around = {piece.holder, *piece.holder.iterancestors()}
            piece.shown = not boxes.isdisjoint(around) and not any(one.tag == "td" for one in around)


def _spots(survey: _Survey) -> Iterator[Spot]:
    """Rows of tables, items of lists, figures with their labels, as far as anything in them may be seen."""
    owners: dict[Element, tuple[str, Element, Element | None]] = {}
    for row, first, head in _rows(survey.body):
        owners[row] = ("row", first, head)
    for element in survey.body.iter(etree.Element):
        if _ids(element) or element.get("role") in ("listitem", "option"):
            owners.setdefault(element, ("item", element, None))
    for box in survey.boxes:
        owners.setdefault(box, ("figure", box, None))
    held: dict[Element, list[Piece]] = {}
    for piece in survey.pieces:
        for element in (piece.holder, *piece.holder.iterancestors()):
            for owner in {owners[element][1] if element in owners else element, element}:
                if owner in owners or owner.tag == "tr":
                    held.setdefault(owner, []).append(piece)
    yield from _made(owners, held)


def _made(
    owners: Mapping[Element, tuple[str, Element, Element | None]], held: Mapping[Element, list[Piece]]
) -> Iterator[Spot]:
    seen: set[Element] = set()
    for kind, first, head in owners.values():
        pieces = held.get(first, [])
        texts = [piece.text.strip() for piece in pieces if piece.shown and label_key(piece.text)][:MOST_TEXTS]
        if first in seen or not texts or len(seen) >= MOST_SPOTS or (kind == "figure" and len(pieces) > MOST_IN_BOX):
            continue
        seen.add(first)
        titles = held.get(head, []) if head is not None else []
        extent = (titles[0].start, titles[-1].end) if titles else None
        ids = tuple(dict.fromkeys([*_ids(first), *_linked(first)]))
        yield Spot(kind, pieces[0].start, pieces[-1].end, ids, tuple(texts), extent)


def _ids(element: Element) -> list[str]:
    """The numbers by which an item of a list is known and which it does not show."""
    return [value for name, value in element.attrib.items() if SESSION.search(name) and re.fullmatch(r"[\w-]+", value)]


def _linked(element: Element) -> Iterator[str]:
    """The numbers that only the links of a row hold, such as that of a dispute."""
    for link in element.iter("a"):
        try:
            pairs = parse_qsl(urlsplit(link.get("href") or "").query)
        except ValueError:
            continue
        yield from (value for name, value in pairs if LINKED.fullmatch(name) and re.fullmatch(r"\d{6,32}", value))


def _rows(body: Element) -> Iterator[tuple[Element, Element, Element | None]]:
    """Every row with the row that stands for its group, and the row of titles above.

    A row belongs to the one before while a cell of that one reaches down to it, or when it is one wide cell; a wide
    cell at the beginning of a table belongs to the row after it.
    """
    head: Element | None = None
    table: Element | None = None
    first: Element | None = None
    reach = 0
    for row in body.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if cells and all(cell.tag == "th" for cell in cells):
            head, first = row, None
            continue
        if (own := next(row.iterancestors("table"), None)) is not table:
            table, first, reach = own, None, 0
        wide = len(cells) == 1
        if first is None or not (wide or reach > 0):
            first = row
        yield row, first, head
        if wide and row is first and row.getnext() is not None:
            reach = 2  # the row after it is its own
        reach = max([reach - 1, *(int(span) - 1 for cell in cells if (span := cell.get("rowspan") or "").isdecimal())])
