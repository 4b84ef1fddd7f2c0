"""The official order export: an .xlsx file of up to tens of thousands of orders, columns in any order.

Personal columns (buyer, recipient, address, phone) are not even looked at: only columns whose title is known are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import BadZipFile

from extractors.markup import Markup
from extractors.models import Order, OrdersData, OrderStatus, Reading, TrackingNumber, Verdict
from extractors.outline import Outline, label_key
from extractors.page import Page, PageReader
from extractors.parts import ORDER_NUMBER
from extractors.texts import NotUnderstood, clean, not_assessed, shown
from extractors.times import moment
from extractors.values import money
from extractors.vocabulary import Vocabulary

HEADER_WITHIN = 20
"""A header stands in one of the first rows; some exports have a title above it."""
LARGEST_KEPT = 10**15
LARGEST_EXACT = 2**53
FIRST_DAY, LAST_DAY = 36_526, 73_050
"""Days as a spreadsheet counts them, from 2000 to 2099: what a date is when its cell was never formatted as one."""
EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
LINES = re.compile(r"[\r\n]+")
CARRIER = re.compile(r"\s*[:：]\s*")


class NotAnExport(ValueError):
    """The file cannot be read as an order export; the message says why."""


class _Header(NamedTuple):
    row: int
    columns: dict[str, int]
    titles: dict[str, str]


def read_export(page: Page, vocabulary: Vocabulary) -> Reading:
    """The orders of an export; raises NotAnExport when the file is no workbook or holds no order sheet."""
    for rows in _sheets(page.body):
        header = _header(rows, vocabulary)
        if header is not None:
            reader = PageReader(page, Markup([], None), Outline(None), vocabulary)
            orders = tuple(_orders(reader, rows[header.row + 1 :], header))
            return Reading(
                kind=page.kind,
                view=page.view,
                sequence=page.sequence,
                url=page.url,
                captured_at=page.captured_at,
                verdict=Verdict.EXPECTED if orders else Verdict.EMPTY,
                data=OrdersData(total=len(orders), orders=orders),
                problems=tuple(reader.problems),
                absent=dict(reader.absent),
            )
    raise NotAnExport(
        "no sheet has the columns of an order export, such as 订单号 (Order ID) and 订单状态 (Order Status)"
    )


def _sheets(body: bytes) -> Iterator[list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(body))
        for number in range(len(workbook.sheet_names)):
            yield workbook.get_sheet_by_index(number).to_python(skip_empty_area=False)
    except (CalamineError, BadZipFile, OSError, ValueError) as error:
        raise NotAnExport(f"the file is no readable workbook ({error})") from error


def _header(rows: list[list[Any]], vocabulary: Vocabulary) -> _Header | None:
    known = vocabulary.kinds["order_export"].columns
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        titles: dict[str, str] = {}
        for column, cell in enumerate(row):
            name = known.get(label_key(str(cell)))
            if name is not None and name not in columns:
                columns[name], titles[name] = column, shown(str(cell))
        if "order_id" in columns and len(columns) > 1:
            return _Header(number, columns, titles)
    return None


def _orders(reader: PageReader, rows: list[list[Any]], header: _Header) -> Iterator[Order]:
    """Each order once: an order of several products may take several rows, of which the first one speaks."""
    for name in ("placed_at", "status"):
        if name not in header.columns:
            reader.missing(f"orders.{name}")
    zone = reader.page.timezone
    seen: set[str] = set()
    column = header.columns["order_id"]
    rounded = _is_rounded(row[column] for row in rows if column < len(row))
    columns = tuple(header.columns.items())
    for row in rows:
        width = len(row)
        cells = {name: row[at] if at < width else "" for name, at in columns}
        order_id = _number(cells["order_id"])
        is_lost = isinstance(cells["order_id"], float) and (rounded or cells["order_id"] >= LARGEST_EXACT)
        if is_lost or not ORDER_NUMBER.fullmatch(order_id):
            if order_id and label_key(order_id) not in reader.labels.columns:
                reader.problem("value_not_understood", "orders.order_id", header.titles["order_id"], order_id)
            continue
        if order_id not in seen:
            seen.add(order_id)
            yield _order(reader, order_id, cells, header, zone)


def _order(reader: PageReader, order_id: str, cells: dict[str, Any], header: _Header, zone: tzinfo) -> Order:
    titles = header.titles
    status_text = shown(str(cells.get("status", "")))
    status = reader.word("order_status", "orders.status", titles.get("status"), status_text)

    def time(name: str) -> datetime | None:
        return _time(reader, name, cells.get(name, ""), titles.get(name), zone)

    tracking = [line for line in _split(_number_or_text(cells.get("tracking", ""))) if not not_assessed(line)]
    if isinstance(number := cells.get("tracking"), float) and number >= LARGEST_EXACT:
        reader.problem("value_not_understood", "orders.tracking", titles.get("tracking"), f"{number:.0f}")
    return Order(
        order_id=order_id,
        placed_at=time("placed_at"),
        status=OrderStatus(status) if status else OrderStatus.UNKNOWN,
        status_text=status_text or None,
        ship_by=time("ship_by"),
        amount=reader.parsed("orders.amount", titles.get("amount"), str(cells.get("amount", "")), money),
        tracking=tuple(map(_tracking, tracking)) if "tracking" in titles else None,
        shipping_service=_optional(cells.get("shipping_service")),
        paid_at=time("paid_at"),
        shipped_at=tuple(
            at
            for line in _lines(cells.get("shipped_at", ""))
            if (at := _time(reader, "shipped_at", line, titles.get("shipped_at"), zone)) is not None
        ),
        confirmed_at=time("confirmed_at"),
        destination=_country(reader, str(cells.get("destination", "")), titles.get("destination")),
        seen=reader.seen(
            titles,
            {
                "status": status_text,
                "tracking": " ".join(tracking),
                "ship_by": shown(str(cells.get("ship_by", ""))),
            },
        ),
    )


def _number(cell: Any) -> str:
    """An order number or a tracking number, also one that a sheet keeps as a number."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST_EXACT:
        return str(int(cell))
    return clean(str(cell))


def _number_or_text(cell: Any) -> str:
    """A cell as text; of a number that is longer than a spreadsheet can keep, nothing is true."""
    if isinstance(cell, float) and abs(cell) >= LARGEST_EXACT:
        return ""
    return _number(cell) if isinstance(cell, float) else str(cell)


def _is_rounded(cells: Iterable[Any]) -> bool:
    """Whether order numbers kept as numbers have lost their last digits: spreadsheets keep 15 and make the rest zero.

    One that has more and does not end in zero shows that this file was never written by such a program.
    """
    long = [int(cell) for cell in cells if isinstance(cell, float) and cell.is_integer() and cell >= LARGEST_KEPT]
    return bool(long) and all(number % 10 == 0 for number in long)


def _lines(cell: Any) -> list[Any]:
    if isinstance(cell, datetime | date | float):
        return [cell]
    return [line for line in _split(str(cell)) if line.strip()]


def _split(text: str) -> list[str]:
    """The lines of a cell; most have one, which ends in a line break or does not."""
    line = text.rstrip("\r\n")
    return LINES.split(text) if "\n" in line or "\r" in line else [line]


def _time(reader: PageReader, name: str, cell: Any, label: str | None, zone: tzinfo) -> datetime | None:
    if isinstance(cell, str):
        return _written_time(reader, name, cell, label, zone) if cell else None
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=zone)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=zone)
    if isinstance(cell, float) and FIRST_DAY <= cell <= LAST_DAY:
        return (EPOCH + timedelta(seconds=round(cell * 86_400))).replace(tzinfo=zone)
    return _written_time(reader, name, str(cell), label, zone)


def _written_time(reader: PageReader, name: str, text: str, label: str | None, zone: tzinfo) -> datetime | None:
    if not_assessed(text):
        return None
    try:
        return moment(text, zone)
    except NotUnderstood:
        return reader.parsed(f"orders.{name}", label, text, lambda value: moment(value, zone))


def _tracking(line: str) -> TrackingNumber:
    """ "Carrier:NUMBER", or a bare number. The carrier may hold a colon of its own; the number never does."""
    *carrier, number = CARRIER.split(clean(line))
    return TrackingNumber(number=number or None, carrier=": ".join(carrier) or None, sync=None)


def _country(reader: PageReader, text: str, label: str | None) -> str | None:
    if not text or not_assessed(text):
        return None
    code = reader.vocabulary.word("country", text)
    if code is None and re.fullmatch(r"[A-Z]{2}", clean(text)):
        return clean(text)
    if code is None:
        reader.problem("value_not_understood", "orders.destination", label, shown(text))
    return code


def _optional(cell: Any) -> str | None:
    text = shown(str(cell or ""))
    return None if not_assessed(text) else text
