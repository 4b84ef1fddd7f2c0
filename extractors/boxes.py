"""Lists that are built of boxes: a row of titles above rows of as many boxes, or a card an item with labels in it.

A page on which no table was found is put into tables and read once more. What makes a list here is meaning alone:
titles that the vocabulary knows, or the same labels in card after card. A text that only one card has, such as a
buyer's, is no label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import islice
from typing import NamedTuple

from lxml import etree

from extractors.outline import (
    COLON,
    FURNITURE_ROLES,
    FURNITURE_TAGS,
    SKIPPED_TAGS,
    Element,
    bare_key,
    is_hidden,
    label_key,
)
from extractors.texts import clean, shown
from extractors.vocabulary import Kind

FEWEST_TITLES = 3
LONGEST_TITLE = 40
HIGHEST = 3
"""How many boxes may stand around the titles, apart from the rows."""
OWN_PARTS = ("order_id", "placed_at", "scan_by")
"""Parts of an order's cell that a card names like a column."""
PARTS = ("section", "article", "li")
TOP = frozenset({"body", "html", "main"})


def in_tables(html: bytes, labels: Kind, identity: str | None, *, cards: bool) -> bytes | None:
    """The page with its list of boxes as tables; None when it has none."""
    root = _parsed(html)
    if root is None:
        return None
    own = OWN_PARTS if identity == "detail" else ()
    known = {key: name for key, name in labels.parts.items() if name in own} | dict(labels.columns)
    seen = list(_seen(root))
    if not _rows_to_tables(seen, known) and not (cards and _cards_to_tables(seen, known, {identity, "order_id"})):
        return None
    return etree.tostring(root, method="html", encoding="utf-8")


def _parsed(html: bytes) -> Element | None:
    try:
        return etree.fromstring(
            html, etree.HTMLParser(encoding="utf-8", recover=True, huge_tree=True, remove_comments=True)
        )
    except etree.XMLSyntaxError:
        return None


def _seen(root: Element) -> Iterator[Element]:
    """The elements outside of tables that are content and that a person sees."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        if element.tag in SKIPPED_TAGS or element.tag == "table" or is_hidden(element) or _is_furniture(element):
            walker.skip_subtree()
        else:
            yield element


def _is_furniture(element: Element) -> bool:
    if element.tag == "footer" and any(box.tag in PARTS for box in element.iterancestors()):
        return False  # it closes a card, not the page
    return element.tag in FURNITURE_TAGS or element.get("role") in FURNITURE_ROLES


def _boxes(element: Element) -> list[Element]:
    return [child for child in element if isinstance(child.tag, str) and child.tag not in SKIPPED_TAGS]


def _named(title: str, known: Mapping[str, str]) -> str | None:
    """The field that a title names."""
    return (known.get(label_key(title)) or known.get(bare_key(title))) if len(title) <= LONGEST_TITLE else None


def _text(element: Element) -> str:
    return clean("".join(element.itertext()))


# --- a row of titles ----------------------------------------------------------------------------------------------


def _rows_to_tables(seen: list[Element], known: Mapping[str, str]) -> bool:
    """Make tables of the first row of titles that has rows below it."""
    for head in seen:
        boxes = _boxes(head)
        if len(boxes) < FEWEST_TITLES:
            continue
        titles = [_text(box) for box in boxes]
        fields = {_named(title, known) for title in titles} - {None}
        if len(fields) < FEWEST_TITLES or any(len(title) > LONGEST_TITLE or COLON.search(title) for title in titles):
            continue
        rows = _rows_below(head, len(boxes))
        if rows and not all(_repeats(row, titles, known) for row in rows if _is_row(row, len(boxes))):
            _replace(head, _table("th", boxes))
            for row in rows:
                _row_to_table(row, len(boxes), rows[-1])
            return True
    return False


def _rows_below(head: Element, width: int) -> list[Element]:
    """The boxes after the titles from the first that holds as many boxes: rows, and what stands between them."""
    node = head
    for _ in range(HIGHEST):
        after = [box for box in node.itersiblings() if isinstance(box.tag, str)]
        for candidates in (after, *map(_boxes, after)):
            found = [n for n, box in enumerate(candidates) if _is_row(box, width)]
            if found:
                return candidates[found[0] : found[-1] + 2]
        node = node.getparent()
        if node is None or node.tag in TOP:
            break
    return []


def _is_row(box: Element, width: int) -> bool:
    """Whether a box is a row of so many columns, and not a box of as many rows."""
    boxes = _boxes(box)
    alike = sum(len(_boxes(inner)) == width for inner in boxes)
    return len(boxes) == width and not (alike > 1 and 3 * alike >= width)


def _repeats(row: Element, titles: list[str], known: Mapping[str, str]) -> bool:
    """Whether a row has titles where the first has them: both are labels and values in turn."""
    return any(_text(box) == title and _named(title, known) for box, title in zip(_boxes(row), titles, strict=True))


def _row_to_table(row: Element, width: int, last: Element) -> None:
    """Put a row into a table of its own; what reaches over all columns stands in one cell of it.

    The ``last`` such box may be the trace of the last row or no part of the list: it stays on the page as well.
    """
    boxes = _boxes(row)
    if len(boxes) == width:
        _replace(row, _table("td", boxes))
    else:
        wide = deepcopy(row)
        table = _table("td", [wide])
        for cell in table.iter("td"):
            cell.set("colspan", str(width))
        if row is last:
            row.addprevious(table)
        else:
            _replace(row, table)


def _table(tag: str, contents: list[Element]) -> Element:
    """A table of one row with a cell for each content."""
    table = etree.Element("table")
    tr = etree.SubElement(etree.SubElement(table, "thead" if tag == "th" else "tbody"), "tr")
    for content in contents:
        content.tail = None
        etree.SubElement(tr, tag).append(content)
    return table


def _replace(box: Element, table: Element) -> None:
    """Let a table be all that a box holds; the box itself keeps its place."""
    for child in [*box]:
        box.remove(child)
    box.text = None
    box.tag = "div"
    box.append(table)


# --- cards --------------------------------------------------------------------------------------------------------


class _Label(NamedTuple):
    """A known label on the page: its field, its text, the element that begins with it, what stands behind its colon in
    the same text, and in what form it stands there."""

    name: str
    text: str
    element: Element
    rest: str
    form: tuple[object, ...]


def _cards_to_tables(seen: list[Element], known: Mapping[str, str], identity: set[str | None]) -> bool:
    """Make tables of the cards that each name what identifies an item."""
    labels = [label for element in seen if (label := _label_at(element, known)) is not None]
    marks = _marks(labels, identity)
    if not marks:
        return False
    cards = [_card_of(mark, marks, labels) for mark in marks]
    told = _told_in(cards, labels, marks)
    titles: dict[str, str] = {}
    for own in told:
        titles |= {name: label.text for name, label in own.items() if name not in titles}
    if len(titles) < FEWEST_TITLES or len(set(cards)) != len(cards) or any(2 * len(own) < len(titles) for own in told):
        return False
    cells = [
        {name: _content(own.get(name), [*own.values()], box) for name in titles}
        for box, own in zip(cards, told, strict=True)
    ]
    if not all(_text(contents[marks[0].name]) for contents in cells):
        return False  # a bar of filters has the same labels, and nothing behind them
    for box, contents in zip(cards, cells, strict=True):
        _replace(box, _table("td", [*contents.values()]))
    heads = [etree.Element("span") for _ in titles]
    for head, text in zip(heads, titles.values(), strict=True):
        head.text = text
    cards[0].insert(0, _table("th", heads))
    return True


def _marks(labels: list[_Label], identity: set[str | None]) -> list[_Label]:
    """The labels that begin an item: those that stand like most other labels, for a buyer may write such a word too."""
    forms = Counter(label.form for label in labels)
    counts = Counter((label.name, label.form) for label in labels if label.name in identity)
    if not counts:
        return []
    best = max(counts, key=lambda key: (forms[key[1]], counts[key]))
    return [label for label in labels if (label.name, label.form) == best]


def _label_at(element: Element, known: Mapping[str, str]) -> _Label | None:
    """The label with which an element begins: it alone, or with its value behind a colon."""
    text = shown(element.text or "")
    if not text:
        return None
    label, _, rest = COLON.sub(":", text, count=1).partition(":")
    name = _named(label, known)
    return None if name is None else _Label(name, label.strip(" :："), element, rest.strip(), _form(element))


def _form(element: Element) -> tuple[object, ...]:
    """How an element stands in the page: what it and the boxes around it are."""
    around = [element, *islice(element.iterancestors(), 2)]
    return tuple((box.tag, box.get("class")) for box in around)


def _card_of(mark: _Label, marks: list[_Label], labels: list[_Label]) -> Element:
    """The largest box that holds one mark; of a single mark the smallest that holds all labels of its form."""
    others = {label.element for label in marks} - {mark.element}
    box = mark.element
    for around in mark.element.iterancestors():
        inside = set(around.iter())
        if around.tag in TOP or inside & others:
            break
        if not others and all(label.element in set(box.iter()) for label in labels):
            break
        box = around
    return box


def _told_in(cards: list[Element], labels: list[_Label], marks: list[_Label]) -> list[dict[str, _Label]]:
    """The labels of each card: of a field the form that most cards have, so that no text of a buyer is a label."""
    places = {element: n for n, card in enumerate(cards) for element in card.iter()}
    like = [label for label in labels if label.form == marks[0].form]
    at = {label.element for label in like}
    inner = {element for label in like for element in _slot(label, at)}
    labels = [label for label in labels if label.element in places and label.element not in inner]
    counts: Counter[tuple[str, tuple[object, ...]]] = Counter()
    for name, form, _ in {(label.name, label.form, places[label.element]) for label in labels}:
        counts[name, form] += 1
    best: dict[str, tuple[object, ...]] = {}
    for label in labels:  # in reading order: of two forms that are as common the first
        usual = counts[label.name, label.form]
        enough = 2 * usual >= len(cards) if label.form == marks[0].form else 3 * usual >= 2 * len(cards)
        if enough and usual > counts.get((label.name, best.get(label.name, ())), 0):
            best[label.name] = label.form
    best[marks[0].name] = marks[0].form
    if len(cards) == 1:  # nothing to compare with: a form that names one field only may be anything
        named = Counter(best.values())
        best = {name: form for name, form in best.items() if named[form] > 1 or name == marks[0].name}
    found: list[dict[str, _Label]] = [{} for _ in cards]
    for label in labels:
        if label.element in places and best.get(label.name) == label.form:
            found[places[label.element]].setdefault(label.name, label)
    return found


def _slot(label: _Label, labels: set[Element]) -> list[Element]:
    """The elements of the box that a label has beside it for its value."""
    beside = label.element.getnext()
    return [] if label.rest or beside is None or beside in labels else [*beside.iter()]


def _begins_like(element: Element, label: _Label) -> bool:
    """Whether an element stands like a label and begins with one, be it known or not."""
    colon = COLON.search(clean(element.text or "")[: LONGEST_TITLE + 1]) and COLON.search(label.element.text)
    return _form(element) == label.form and (element.tag == "dt" or colon is not None)


def _content(label: _Label | None, labels: list[_Label], card: Element) -> Element:
    """What belongs to a label: the rest of its own box and what follows up to the next label."""
    cell = etree.Element("div")
    if label is None:
        return cell
    others = {other.element for other in labels} - {label.element}
    node = label.element
    inner = [child for child in node if not others & set(child.iter())]
    own = etree.SubElement(cell, "div")
    own.text = label.rest
    own.extend(deepcopy(child) for child in inner)
    while node is not card:
        if (node.tail or "").strip():
            etree.SubElement(cell, "div").text = node.tail
        slots = 0
        for sibling in node.itersiblings():
            slots += 1
            if not isinstance(sibling.tag, str):
                continue
            if others & set(sibling.iter()) or (_begins_like(sibling, label)):
                return cell
            cell.append(deepcopy(sibling))
        if slots or _text(cell):  # a blank slot is a blank value
            return cell
        node = node.getparent()
    return cell
