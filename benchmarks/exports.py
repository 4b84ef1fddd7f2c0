"""Order exports of any number of orders: the rows of a recorded export with numbers, times and amounts of their own."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.orders import CAPTURED_AT, order_numbers, s10
from benchmarks.recorded import RECORDINGS

ID, STATUS, PLACED, AMOUNT, TRACKING = "订单号", "订单状态", "下单时间", "订单金额", "实际发货单号"
TIMES = (PLACED, "付款时间", "发货期限", "发货时间", "确认收货时间")
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
FORM = "%Y-%m-%d %H:%M"
LATEST = "2026-11-18 00:00"


def write(file: Path, recording: str, orders: int, seed: int) -> None:
    """An export of so many orders, written row by row as the backend writes it: texts in place, no shared strings."""
    from python_calamine import CalamineWorkbook
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    recorded = CalamineWorkbook.from_path(RECORDINGS / "exports" / f"{recording}.xlsx").get_sheet_by_index(0)
    titles, *rows = recorded.to_python()
    file.parent.mkdir(parents=True, exist_ok=True)
    with Workbook(str(file), {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("订单")
        for number, row in enumerate((titles, *_orders(titles, rows, orders, random.Random(seed)))):
            sheet.write_row(number, 0, row)


def _orders(titles: list[Any], rows: list[list[Any]], count: int, rng: random.Random) -> Iterator[list[Any]]:
    at = {title: column for column, title in enumerate(titles)}
    latest = datetime.strptime(LATEST, FORM)  # noqa: DTZ007 (the sheet's times have no zone)
    for number in order_numbers(rng, count):
        row = list(rng.choice(rows))
        placed = latest - timedelta(minutes=rng.randrange(60 * 24 * 60))
        later = placed - datetime.strptime(row[at[PLACED]], FORM)  # noqa: DTZ007
        for title in TIMES:
            row[at[title]] = TIME.sub(lambda t, later=later: _later(t[0], later), row[at[title]])  # type: ignore[misc]
        row[at[ID]] = number
        row[at[AMOUNT]] = f"CN￥ {rng.randrange(500, 260_000) / 100:,.2f}"
        carrier, colon, _ = row[at[TRACKING]].partition(":")
        row[at[TRACKING]] = f"{carrier}:{s10(rng)}\n" if colon else ""
        yield row


def _later(time: str, span: timedelta) -> str:
    return (datetime.strptime(time, FORM) + span).strftime(FORM)  # noqa: DTZ007


NOW = CAPTURED_AT.isoformat()
"""The clock that the rules are given: an export does not say when it was made."""
