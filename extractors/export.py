"""The official order export: an .xlsx file of up to tens of thousands of orders, columns in any order.

Personal columns (buyer, recipient, address, phone) are not even looked at: only columns whose title is known are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter

from extractors.markup import Markup
from extractors.models import Money, OrderStatus, Reading, Seen, Verdict
from extractors.models.orders import Order, OrdersData
from extractors.outline import Outline, label_key
from extractors.page import Page, PageReader
from extractors.parts import ORDER_NUMBER
from extractors.plain import PlainMoments, plain_amounts
from extractors.sheet_numbers import LARGEST_EXACT, exact_text, is_rounded, number_text
from extractors.texts import NotUnderstood, clean, not_assessed, shown
from extractors.times import moment
from extractors.values import money, plain_money
from extractors.vocabulary import Vocabulary
from extractors.workbook import NotAnExport, Workbook

__all__ = ["NotAnExport", "read_export"]

T = TypeVar("T")
Parcels = tuple[tuple[dict[str, str | None], ...], str]
"""What a tracking cell says: its numbers, each with its carrier, and its text as evidence."""
Reader = Callable[[Any, list[str]], Any]
"""Reads a cell; the list takes the texts in it that are not understood."""
HEADER_WITHIN = 20
"""A header stands in one of the first rows; some exports have a title above it."""
AT_ONCE = 1_000
"""Rows that go through each step together; who wants to know how far the reading is hears of it after each part."""
FIRST_DAY, LAST_DAY = 36_526, 73_050
"""Days as a spreadsheet counts them, from 2000 to 2099: what a date is when its cell was never formatted as one."""
EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
LINES = re.compile(r"[\r\n]+")
CARRIER = re.compile(r"\s*[:：]\s*")
PLAIN_NUMBER = re.compile(r"[0-9]{12,20}")
PLAIN_PARCEL = re.compile(r"([0-9A-Za-z\u4e00-\u9fff]+(?:[ _-][0-9A-Za-z\u4e00-\u9fff]+)*):([0-9A-Z]{6,})\n?")
"""The forms that nearly every cell has."""
COUNTRY = re.compile(r"[A-Z]{2}")


class _Header(NamedTuple):
    columns: dict[str, int]
    titles: dict[str, str]


def read_export(page: Page, vocabulary: Vocabulary, counted: Callable[[int], None] | None = None) -> Reading:
    """The orders of an export; raises NotAnExport when the file is no workbook or holds no order sheet.

    ``counted`` is told now and then how many rows are read.
    """
    _adapter()  # made while the sheet may still be on its way
    book = page.workbook() if page.workbook else Workbook(page.body)
    for rows in book.sheets():
        header = _header(rows, vocabulary)
        if header is not None:
            reader = PageReader(page, Markup([], None), Outline(None), vocabulary)
            orders = _orders(reader, _counting(rows, counted), header)
            return Reading(
                kind=page.kind,
                view=page.view,
                sequence=page.sequence,
                url=page.url,
                captured_at=page.captured_at,
                verdict=Verdict.EXPECTED if orders else Verdict.EMPTY,
                data=OrdersData.model_construct(total=len(orders), orders=orders),  # each is validated already
                problems=tuple(reader.problems),
                absent=dict(reader.absent),
            )
    raise NotAnExport(
        "no sheet has the columns of an order export, such as 订单号 (Order ID) and 订单状态 (Order Status)"
    )


def _header(rows: Iterator[list[Any]], vocabulary: Vocabulary) -> _Header | None:
    """The header among the first rows, which are taken; the orders follow it."""
    known = vocabulary.kinds["order_export"].columns
    for row in islice(rows, HEADER_WITHIN):
        columns: dict[str, int] = {}
        titles: dict[str, str] = {}
        for column, cell in enumerate(row):
            name = known.get(label_key(str(cell)))
            if name is not None and name not in columns:
                columns[name], titles[name] = column, shown(str(cell))
        if "order_id" in columns and len(columns) > 1:
            return _Header(columns, titles)
    return None


def _counting(rows: Iterator[list[Any]], counted: Callable[[int], None] | None) -> Iterator[list[list[Any]]]:
    """The rows in parts, told of while they are read."""
    read = 0
    while some := list(islice(rows, AT_ONCE)):
        yield some
        read += len(some)
        if counted:
            counted(read)


def _orders(reader: PageReader, rows: Iterator[list[list[Any]]], header: _Header) -> tuple[Order, ...]:
    """Each order once: an order of several products may take several rows, of which the first one speaks."""
    for name in ("placed_at", "status"):
        if name not in header.columns:
            reader.missing(f"orders.{name}")
    orders: list[Order] = []
    moments = PlainMoments(reader.page.timezone)
    for part in _by_number(reader, rows, header):
        columns = dict(zip(header.columns, zip(*part.values(), strict=True), strict=True))
        orders += _validated(_Columns(reader, header.titles, columns, list(part), moments).orders())
    return tuple(orders)


def _validated(orders: list[dict[str, Any]]) -> list[Order]:
    return _adapter().validate_python(orders)


@cache
def _adapter() -> TypeAdapter[list[Order]]:
    return TypeAdapter(list[Order])


def _by_number(
    reader: PageReader, rows: Iterator[list[list[Any]]], header: _Header
) -> Iterator[dict[str, tuple[Any, ...]]]:
    """The first row of every order by its number, part by part; what is there and no number is told.

    What was made of some rows is still at hand when the next step takes it up; of all at once it is not.
    """
    # Of the other columns, the personal ones among them, nothing is kept even while the sheet is read.
    wanted = itemgetter(*header.columns.values())
    at = tuple(header.columns).index("order_id")
    known: set[str] = set()
    for some in rows:
        part = list(map(wanted, some))
        if any(isinstance(row[at], float) for row in part):
            part += map(wanted, chain.from_iterable(rows))  # all of them together show whether they were rounded
        if found := _numbered_rows(reader, part, at, header.titles["order_id"], known):
            known.update(found)
            yield found


def _numbered_rows(
    reader: PageReader, rows: list[tuple[Any, ...]], at: int, label: str, known: set[str]
) -> dict[str, tuple[Any, ...]]:
    rounded = is_rounded(row[at] for row in rows)
    found: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        cell = row[at]
        if isinstance(cell, str) and PLAIN_NUMBER.fullmatch(cell):
            if cell not in known:
                found.setdefault(cell, row)
            continue
        order_id = number_text(cell)
        is_lost = isinstance(cell, float) and (rounded or cell >= LARGEST_EXACT)
        if not is_lost and ORDER_NUMBER.fullmatch(order_id):
            if order_id not in known:
                found.setdefault(order_id, row)
        elif order_id and label_key(order_id) not in reader.labels.columns:
            reader.problem("value_not_understood", "orders.order_id", label, order_id)
    return found


class _Columns:
    """The orders column by column: a cell that many orders share is read once, whatever stands beside it."""

    def __init__(
        self,
        reader: PageReader,
        titles: dict[str, str],
        columns: dict[str, tuple[Any, ...]],
        numbers: list[str],
        moments: PlainMoments,
    ) -> None:
        self.reader = reader
        self.titles = titles
        self.columns = columns
        self.numbers = numbers
        self.zone = reader.page.timezone
        self.statuses = {status.value: status for status in OrderStatus}
        self.moments = moments
        self._plain: set[str] = set()
        """The columns of moments in which every cell is plain or empty."""
        self._known: dict[str, datetime] = {}
        """The plain moments of the other columns."""
        # Reader of cells -> the values of the cells that it has read, and the texts in them that it did not understand.
        self._done: dict[Reader, tuple[dict[Any, Any], dict[Any, list[str]]]] = {}

    def orders(self) -> list[dict[str, Any]]:
        """The fields of every order, not validated yet."""
        status_texts = self._read("status", _shown)
        tracking = self._read("tracking", self._tracking)
        return [
            {
                "order_id": order_id,
                "placed_at": placed_at,
                "status": status or OrderStatus.UNKNOWN,
                "status_text": status_text,
                "ship_by": ship_by,
                "amount": amount,
                "tracking": parcels and parcels[0],
                "shipping_service": service,
                "paid_at": paid_at,
                "shipped_at": shipped_at or (),
                "confirmed_at": confirmed_at,
                "destination": destination,
                "seen": seen,
            }
            for (
                order_id, status_text, parcels, placed_at, status, ship_by, amount, service, paid_at, shipped_at,
                confirmed_at, destination, seen,
            ) in zip(
                self.numbers,
                status_texts,
                tracking,
                self._moments("placed_at"),
                self._read("status", self._status),
                self._moments("ship_by"),
                self._amounts(),
                self._read("shipping_service", _optional),
                self._moments("paid_at"),
                self._shipped(),
                self._moments("confirmed_at"),
                self._read("destination", self._country),
                self._seen(status_texts, tracking),
                strict=True,
            )
        ]  # fmt: skip

    def _read(self, name: str, read: Callable[[Any, list[str]], T]) -> Sequence[T | None]:
        """The values of a column in the order of its rows; nothing but None when the sheet has no such column."""
        column = self.columns.get(name)
        if column is None:
            return [None] * len(self.numbers)
        values, unread = self._done.setdefault(read, ({}, {}))
        texts: list[str] = []
        for cell in set(column).difference(values):
            values[cell] = read(cell, texts)
            if texts:
                unread[cell], texts = texts, []
        for cell in column if unread else ():
            for text in unread.get(cell, ()):
                self.reader.problem("value_not_understood", f"orders.{name}", self.titles[name], text)
        return [values[cell] for cell in column]

    def _moments(self, name: str) -> Sequence[datetime | None]:
        """A column of single moments."""
        column = self.columns.get(name, ())
        plain = self.moments.column(column) if column else None
        if plain is not None:
            self._plain.add(name)
            return plain
        self._known |= self.moments.of(cell for cell in column if isinstance(cell, str))
        return self._read(name, self._time)

    def _shipped(self) -> Sequence[tuple[datetime, ...] | None]:
        """The column that has a moment for each parcel."""
        column = self.columns.get("shipped_at", ())
        plain = self.moments.lines(column) if column else None
        if plain is not None:
            return plain
        self._known |= self.moments.of(chain.from_iterable(_split(cell) for cell in column if isinstance(cell, str)))
        return self._read("shipped_at", self._times)

    def _amounts(self) -> Sequence[Money | dict[str, Any] | None]:
        column = self.columns.get("amount", ())
        plain = plain_amounts(column) if column else None
        if plain is None:
            return self._read("amount", _amount)
        return [{"currency": currency, "amount": amount} for currency, amount in plain]

    def _seen(self, statuses: Sequence[str | None], tracking: Sequence[Parcels | None]) -> list[Seen]:
        """The evidence of every order."""
        where = self.reader.where(self.titles, ("status", "tracking", "ship_by"))
        numbers = ("" if found is None else found[1] for found in tracking)
        deadlines = self.columns["ship_by"] if "ship_by" in self._plain else self._read("ship_by", self._deadline)
        return [
            Seen(where, (status or "", number, deadline or ""))
            for status, number, deadline in zip(statuses, numbers, deadlines, strict=True)
        ]

    def _deadline(self, cell: Any, _: list[str]) -> str:
        return cell if isinstance(cell, str) and cell in self._known else shown(str(cell))

    def _status(self, cell: Any, unread: list[str]) -> OrderStatus | None:
        text = shown(str(cell))
        word = self.reader.vocabulary.word("order_status", text)
        if word is None and not not_assessed(text):
            unread.append(clean(text))
        return self.statuses[word] if word else None

    def _time(self, cell: Any, unread: list[str]) -> datetime | None:
        if cell == "":
            return None
        if isinstance(cell, str) and cell in self._known:
            return self._known[cell]
        if isinstance(cell, datetime):
            return cell.replace(tzinfo=self.zone)
        if isinstance(cell, date):
            return datetime(cell.year, cell.month, cell.day, tzinfo=self.zone)
        if isinstance(cell, float) and FIRST_DAY <= cell <= LAST_DAY:
            return (EPOCH + timedelta(seconds=round(cell * 86_400))).replace(tzinfo=self.zone)
        try:
            return moment(str(cell), self.zone)
        except NotUnderstood as error:
            unread.append(clean(error.text))
            return None

    def _times(self, cell: Any, unread: list[str]) -> tuple[datetime, ...]:
        times = (self._time(line, unread) for line in _lines(cell))
        return tuple(at for at in times if at is not None)

    @staticmethod
    def _tracking(cell: Any, unread: list[str]) -> Parcels:
        if isinstance(cell, str) and (plain := PLAIN_PARCEL.fullmatch(cell)):
            carrier, number = plain.groups()
            return ({"number": number, "carrier": carrier},), cell.rstrip("\n")
        if isinstance(cell, float) and cell >= LARGEST_EXACT:
            unread.append(f"{cell:.0f}")
        lines = [line for line in _split(exact_text(cell)) if not not_assessed(line)]
        return tuple(map(_numbered, lines)), " ".join(lines)

    def _country(self, cell: Any, unread: list[str]) -> str | None:
        text = str(cell)
        if not_assessed(text):
            return None
        code = self.reader.vocabulary.word("country", text)
        if code is None and COUNTRY.fullmatch(clean(text)):
            return clean(text)
        if code is None:
            unread.append(shown(text))
        return code


def _lines(cell: Any) -> list[Any]:
    if isinstance(cell, datetime | date | float):
        return [cell]
    return [line for line in _split(str(cell)) if line.strip()]


def _split(text: str) -> list[str]:
    """The lines of a cell; most have one, which ends in a line break or does not."""
    line = text.rstrip("\r\n")
    return LINES.split(text) if "\n" in line or "\r" in line else [line]


def _numbered(line: str) -> dict[str, str | None]:
    """ "Carrier:NUMBER", or a bare number. The carrier may hold a colon of its own; the number never does."""
    *carrier, number = CARRIER.split(clean(line))
    return {"number": number or None, "carrier": ": ".join(carrier) or None}


def _amount(cell: Any, unread: list[str]) -> Money | dict[str, Any] | None:
    if isinstance(cell, str) and (plain := plain_money(cell)):
        return {"currency": plain[0], "amount": plain[1]}
    try:
        return money(str(cell))
    except NotUnderstood as error:
        unread.append(clean(error.text))
        return None


def _shown(cell: Any, _: list[str]) -> str | None:
    return shown(str(cell)) or None


def _optional(cell: Any, _: list[str]) -> str | None:
    text = shown(str(cell or ""))
    return None if not_assessed(text) else text
