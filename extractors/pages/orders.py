"""The order list: one table an order, or one table for all; tabs, after-sale, countdown, tracking column.

Free-text notes hold stray numbers, dates and the words of other columns: whatever stands between "my note" and
"edit note", and behind "buyer's note", is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from extractors.markup import Row, Table
from extractors.models import AfterSale, Money, OrderStatus, Sync
from extractors.models.orders import Order, OrdersData, TrackingNumber
from extractors.outline import COLON, bare_key, label_key
from extractors.page import PageKind, PageReader
from extractors.parts import ORDER_NUMBER, Parts, parts_of, time_left_of, value_of
from extractors.texts import clean, not_assessed, shown
from extractors.times import moment
from extractors.values import integer, money_under

COLUMNS = ("detail", "product", "quantity", "after_sale", "amount", "status", "tracking", "shipping_service")
SHIPS_LATER = (OrderStatus.AWAITING_SHIPMENT, OrderStatus.PARTLY_SHIPPED)
AFTER_SALE_ORDER = (AfterSale.IN_DISPUTE, AfterSale.CANCELLED, AfterSale.DISPUTE_ENDED)
BRACKETS = "()（）"
MOST_BEFORE_ID = 4
OWN_COLUMNS = ("order_id", "placed_at", "scan_by", "time_left")
"""Parts of the order's cell that other front ends give a column of their own."""
NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{6,}", re.IGNORECASE | re.ASCII)
DATED = re.compile(r"20\d\d\D\d{1,2}\D\d")
FEWEST_DIGITS = 4
FREE_TEXTS = ("attributes", "product_code", "buyer_note")
"""Parts of a product behind which anything may stand that somebody has written."""


@dataclass(slots=True)
class OrderRows:
    """The rows of one order: the header above it, and its lines."""

    heads: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    has_id: bool = False
    number: str = ""


def read(reader: PageReader) -> OrdersData:
    page, pages = reader.position()
    return OrdersData(total=_total(reader), page=page, pages=pages, orders=tuple(_orders(reader)))


def _total(reader: PageReader) -> int | None:
    total = reader.total()
    if total is None:
        reader.missing("total", "total")
    return total


def _orders(reader: PageReader) -> Iterator[Order]:
    table, columns = reader.table(*COLUMNS)
    if table is None:
        return
    reader.need(table, columns, {"status": "orders.status"})
    columns = _with_own(reader, table, columns)
    cells = _Cells(reader, columns, reader.titles(table, columns))
    for group in cells.grouped(reader.data_rows(table)):
        order = cells.order(group)
        if order is not None:
            yield order


def _with_own(reader: PageReader, table: Table, columns: dict[str, int]) -> dict[str, int]:
    """The columns with those that hold one part of an order; the number's own takes the place of the order's cell."""
    found = dict(columns)
    for number, title in table.titles.items():
        name = reader.labels.parts.get(label_key(title)) or reader.labels.parts.get(bare_key(title))
        if name in OWN_COLUMNS and number not in found.values():
            found.setdefault(name, number)
    if "detail" not in found and "order_id" in found:
        found["detail"] = found["order_id"]
    return found


def label_of(chunk: str) -> str:
    """The key of the label that begins a chunk: what stands before its first colon."""
    return label_key(COLON.split(chunk, maxsplit=1)[0])


def _amounts_in(chunks: list[str]) -> list[str]:
    """The amounts of a cell: a sign, an amount and its decimals may each stand in an element of their own."""
    found: list[str] = []
    whole = True
    for chunk in chunks:
        goes_on = found and (not whole or chunk[0] in ".," or found[-1][-1] in ".,") and chunk[0] not in BRACKETS
        if goes_on or (found and found[-1][0] in BRACKETS and found[-1][-1] not in BRACKETS):
            found[-1] += chunk
        else:
            found.append(chunk)
        whole = any(char.isdigit() for char in found[-1])
    return found


@lru_cache(maxsize=1024)
def _same(tags: tuple[str, ...]) -> tuple[str, ...]:
    """The tags that many orders share, as one object."""
    return tags


class _Cells:
    """Reads one order out of its rows."""

    def __init__(self, reader: PageReader, columns: dict[str, int], titles: dict[str, str]) -> None:
        self.reader = reader
        self.columns = columns
        self.titles = titles
        self.own = [columns[name] for name in OWN_COLUMNS if name in columns]
        self.tagged = {*self.own, columns.get("detail"), columns.get("product")}
        self.money = money_under(titles.get("amount"))
        parts = reader.labels.parts
        self.id_keys = frozenset(key for key, name in parts.items() if name == "order_id")
        self.note_keys = frozenset(key for key, name in parts.items() if name == "note")
        self.end_keys = frozenset(key for key, name in parts.items() if name == "note_end")
        self.tag_keys = reader.vocabulary.groups["order_tag"].exact
        self.free_keys = self.note_keys | {key for key, name in parts.items() if name in FREE_TEXTS}

    def grouped(self, rows: list[Row]) -> Iterator[OrderRows]:
        """Rows by order: a new one begins with a header above, with another order number, or in its own table."""
        group = OrderRows()
        block = None
        detail = self.columns.get("detail")
        for row in rows:
            chunks = self._without_note(row.cell(detail) if row.role == "row" else row.texts())
            names_order = any(label_of(chunk) in self.id_keys for chunk in chunks[:MOST_BEFORE_ID])
            is_head = row.role == "group" or (row.role == "wide" and names_order)
            number = "" if names_order or is_head else _bare_number(chunks)
            starts = is_head or (group.has_id and names_order) or (row.block != block and bool(group.lines))
            starts = starts or bool(number and group.number and number != group.number)
            if starts and (group.lines or group.heads):
                yield group
                group = OrderRows()
            block = row.block
            group.has_id = group.has_id or names_order
            group.number = group.number or number
            if is_head:
                group.heads.append(row)
            elif row.role == "row":
                group.lines.append(row)
        if group.lines or group.heads:
            yield group

    def order(self, group: OrderRows) -> Order | None:
        reader, columns = self.reader, self.columns
        first = group.lines[0] if group.lines else Row("row", {}, 0)
        head = [chunk for row in group.heads for chunk in row.texts()]
        detail = self._without_note(first.cell(columns.get("detail")))
        parts = parts_of(reader, [*head, *detail])
        self._add_own(parts, first, OWN_COLUMNS[:-1])
        order_id = self._order_id(parts)
        if order_id is None:
            if group.lines:
                reader.missing("orders.order_id")
            return None
        status_text, status, left = self._status(first)
        ship_by = time_left_of(reader, left, "orders.ship_by", "time_left") if status in SHIPS_LATER else None
        amount, local = self._amounts(first)
        texts = {"status": status_text or "", "ship_by": " ".join(left.ways("time_left")[:1])}
        if "scan_by" in parts.values:
            texts["scan_by"] = parts.first("scan_by") or ""
        tracking = self._tracking(first)
        if tracking is not None:
            texts["tracking"] = " ".join(first.cell(columns["tracking"]))
        return Order(
            order_id=order_id,
            placed_at=self._moment("placed_at", parts),
            status=status,
            status_text=status_text,
            after_sale=self._after_sale(group),
            scan_by=self._moment("scan_by", parts),
            ship_by=ship_by,
            amount=amount,
            amount_local=local,
            # Without products a row is not a line: a card holds them all.
            lines=len(group.lines) if "product" in columns else None,
            quantity=self._quantity(group),
            tags=self._tags(group),
            shipping_service=self._text(first, "shipping_service"),
            tracking=tracking,
            seen=reader.seen(self.titles, texts),
        )

    def _add_own(self, parts: Parts, row: Row, names: tuple[str, ...]) -> None:
        """Add the parts that stand in columns of their own."""
        for name in names:
            chunks = row.cell(self.columns.get(name)) if name in self.columns else []
            if chunks and not parts.values.get(name):
                parts.values[name] = [shown(chunks[0])]
                parts.behind[name] = [shown(chunk) for chunk in chunks[1:]]
                parts.shown[name] = self.titles[name]

    def _without_note(self, chunks: list[str]) -> list[str]:
        """The cell up to the note, and what follows the note's end."""
        keys = [label_key(chunk) if len(chunk) < 30 else "" for chunk in chunks]
        start = next((i for i, key in enumerate(keys) if key in self.note_keys), None)
        if start is None:
            # A note may stand on the line of its label.
            start = next(
                (
                    i
                    for i, c in enumerate(chunks)
                    if label_key(c.partition(":")[0].partition("：")[0]) in self.note_keys
                ),
                None,
            )
        return chunks if start is None else chunks[:start]

    def _order_id(self, parts: Parts) -> str | None:
        found = parts.first("order_id") or parts.bare_number()
        found = clean(found) if found else None
        return found if found and ORDER_NUMBER.fullmatch(found) else None

    def _moment(self, name: str, parts: Parts) -> datetime | None:
        text = parts.first(name)
        if text is None:
            if name == "placed_at":
                self.reader.missing("orders.placed_at")
            return None
        zone = self.reader.page.timezone
        label = parts.shown[name]
        return value_of(self.reader, parts, name, f"orders.{name}", label, lambda t: moment(t, zone))

    def _status(self, row: Row) -> tuple[str | None, OrderStatus, Parts]:
        """The status as shown, its public value, and what stands below it, such as a countdown."""
        chunks = row.cell(self.columns.get("status"))
        if not chunks:
            return None, OrderStatus.UNKNOWN, Parts()
        text = shown(chunks[0])
        word = self.reader.word("order_status", "orders.status", self.titles.get("status"), text)
        left = parts_of(self.reader, chunks[1:])
        self._add_own(left, row, OWN_COLUMNS[-1:])
        return text, OrderStatus(word) if word else OrderStatus.UNKNOWN, left

    def _amounts(self, row: Row) -> tuple[Money | None, Money | None]:
        """The amount, and the buyer's own currency in brackets below it."""
        own: Money | None = None
        local: Money | None = None
        title = self.titles.get("amount")
        for chunk in _amounts_in(row.cell(self.columns.get("amount"))):
            found = self.reader.parsed("orders.amount", title, chunk, self.money)
            if chunk.strip()[:1] in BRACKETS and own is not None:
                local = local or found
            elif own is None:
                own = found
            else:
                local = local or found
        return own, local

    def _after_sale(self, group: OrderRows) -> AfterSale | None:
        """The gravest after-sale state of the order's lines; none when every cell is blank."""
        column = self.columns.get("after_sale")
        if column is None:
            return None
        found = set()
        for row in group.lines:
            for chunk in row.cell(column):
                found.add(self.reader.word("after_sale", "orders.after_sale", self.titles.get("after_sale"), chunk))
        return next((state for state in AFTER_SALE_ORDER if state in found), AfterSale.NONE)

    def _quantity(self, group: OrderRows) -> int | None:
        column = self.columns.get("quantity")
        if column is None:
            return None
        name, label = "orders.quantity", self.titles["quantity"]
        counts = [self.reader.parsed(name, label, " ".join(row.cell(column)), integer) for row in group.lines]
        known = [count for count in counts if count is not None]
        return sum(known) if known else None

    def _tags(self, group: OrderRows) -> tuple[str, ...]:
        """The chips of the header, the order's own cell and its products, each once, and the known tags without one."""
        detail, product = self.columns.get("detail"), self.columns.get("product")
        chips = [text for row in group.heads for _, text in row.chips]
        chips += [text for row in group.lines for column, text in row.chips if column in self.tagged]
        for row in (*group.heads, *group.lines):
            chips += self._plain_tags(row.texts() if row.role != "row" else row.cell(detail))
            for column in self.own:
                chips += self._plain_tags(row.cell(column))
            # The first text of a product is its title, and may be anything.
            chips += self._plain_tags(row.cell(product)[1:]) if row.role == "row" else []
        return _same(tuple(dict.fromkeys(shown(chip) for chip in chips)))

    def _plain_tags(self, chunks: list[str]) -> list[str]:
        """The known tags that stand as lines of their own, before any free text."""
        found = []
        for chunk in chunks:
            key = label_of(chunk)
            if key in self.free_keys:
                break
            if key in self.tag_keys:
                found.append(chunk)
        return found

    def _text(self, row: Row, name: str) -> str | None:
        text = shown(" ".join(row.cell(self.columns.get(name))))
        return None if not_assessed(text) else text

    def _tracking(self, row: Row) -> tuple[TrackingNumber, ...] | None:
        """The numbers of the cell; an empty cell is one entry without a number, a bare "not synced" likewise."""
        column = self.columns.get("tracking")
        if column is None:
            return None
        return tracking_numbers(self.reader, row.cell(column))


def tracking_numbers(reader: PageReader, chunks: list[str]) -> tuple[TrackingNumber, ...]:
    """The tracking numbers of a cell, one text each, with the sync state that stands beside or instead of them."""
    found: list[TrackingNumber] = []
    for chunk in chunks:
        text = clean(chunk)
        state = reader.vocabulary.word("sync", text)
        if state is not None:
            if found and found[-1].number is not None:
                found[-1] = replace(found[-1], sync=Sync(state))
            elif state == Sync.NOT_SYNCED:
                found.append(TrackingNumber(number=None, sync=Sync.NOT_SYNCED))
        elif not not_assessed(text) and any(char.isdigit() for char in text):  # what has no digit is a button
            found += _numbers_in(reader, text)
    if len(found) > 1:  # "4PX" and "2 parcels" stand beside numbers and are none
        found = [one for one in found if one.number is None or _is_number(one.number)] or found
    return tuple(found) or (TrackingNumber(number=None, sync=Sync.MISSING),)


def _numbers_in(reader: PageReader, text: str) -> list[TrackingNumber]:
    """The numbers of a text in which a carrier or a state may stand as well: "Correos · LB123456785ES (not synced)"."""
    if DATED.match(text):
        return []
    numbers = [found for found in NUMBER.finditer(text) if _is_number(found[0])]
    if not numbers or numbers[0][0] == text:
        return [TrackingNumber(number=text, sync=Sync.SYNCED)]
    found = []
    for number, behind in zip(numbers, [*numbers[1:], None], strict=True):
        state = reader.vocabulary.word("sync", text[number.end() : behind.start() if behind else None])
        found.append(TrackingNumber(number=number[0], sync=Sync.SYNCED if state is None else Sync(state)))
    return found


def _is_number(text: str) -> bool:
    return sum(char.isdigit() for char in text) >= FEWEST_DIGITS


def _bare_number(chunks: list[str]) -> str:
    """The order number that begins a cell without a label."""
    return next((chunk for chunk in chunks[:2] if chunk.isdigit() and ORDER_NUMBER.fullmatch(chunk)), "")


PAGE = PageKind("orders", read, rows="orders", identity="detail", list_only=True)
