"""The official order export in every shape that sellers have: column orders, older titles, numbers as numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from agent.capture.opening import open_capture
from extractors.export import NotAnExport, read_export
from extractors.models import Reading, Verdict
from extractors.page import Page
from extractors.vocabulary import shipped
from tests.recordings import Recorded, data_of, differences, recorded

PACIFIC = ZoneInfo("America/Los_Angeles")
EXPORTS = [case for case in recorded() if case.page.kind == "order_export"]
ORDER = {
    "订单号": "8187654321098765", "订单状态": "等待买家收货", "负责人（业务员）": "张三", "买家名称": "J. Doe",
    "下单时间": "2026-05-10 23:41", "付款时间": "2026-05-10 23:59", "产品总金额": "CN￥ 90.00", "物流费用": "CN￥ 9.00",
    "订单金额": "CN￥ 99.00", "商品信息": "1) USB-C 数据线\n订单号: 8190000012345678", "订单备注": "请发 LB000000000CN",
    "收件人名称": "Jane Doe", "收货国家": "Brazil", "地址": "Rua 1", "联系电话 ": "+55 11", "买家选择物流": "无忧标准",
    "发货期限": "2026-05-20 23:59", "实际发货单号": "China Post:LB123456785CN\n", "发货时间": "2026-05-12 10:00\n",
    "确认收货时间": "", "订单业务模式": "普通",
}  # fmt: skip
ENGLISH = {
    "Order ID": "8187654321098765", "Order Status": "Awaiting receipt", "Order Time": "2026-05-10 23:41",
    "Payment time": "2026-05-10 23:59", "Order amount": "US $14.20", "Buyer Country": "Brazil", "Phone ": "+55 11",
    "Mobile ": "", "Shipping Method": "AliExpress Standard Shipping", "Shipping Deadline": "2026-05-20 23:59",
    "Tracking number": "China Post:LB123456785CN\n", "Shipping Time": "2026-05-12 10:00\n",
    "Buyer Confirmation Time": "",
}  # fmt: skip


def workbook(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    """An .xlsx of the sheets given as rows of cells; dates and numbers are written as such."""
    target = BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss", "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[number] if names else None)
            for line, cells in enumerate(rows):
                sheet.write_row(line, 0, cells)
    return target.getvalue()


def table(*orders: dict[str, Any]) -> list[list[Any]]:
    return [list(orders[0]), *(list(order.values()) for order in orders)]


def read(body: bytes) -> Reading:
    return read_export(Page("order_export", body, datetime(2026, 6, 1, tzinfo=UTC), PACIFIC), shipped())


def first(body: bytes) -> dict[str, Any]:
    order: dict[str, Any] = data_of(read(body))["orders"][0]
    return order


WANTED = {
    "order_id": "8187654321098765", "status": "awaiting_receipt", "placed_at": "2026-05-10T23:41:00-07:00",
    "paid_at": "2026-05-10T23:59:00-07:00", "ship_by": "2026-05-20T23:59:00-07:00", "confirmed_at": None,
    "shipped_at": ["2026-05-12T10:00:00-07:00"], "destination": "BR",
    "tracking": [{"number": "LB123456785CN", "carrier": "China Post"}],
}  # fmt: skip


@pytest.mark.parametrize("order", [ORDER, ENGLISH], ids=["Chinese", "English"])
def test_one_order(order: dict[str, Any]) -> None:
    reading = read(workbook(table(order)))
    assert reading.verdict is Verdict.EXPECTED
    assert reading.problems == ()
    assert data_of(reading)["total"] == 1
    assert differences(WANTED, data_of(reading)["orders"][0]) == []


def test_nothing_personal_is_kept() -> None:
    told = read(workbook(table(ORDER))).model_dump_json() + repr(read(workbook(table(ORDER))))
    for text in ("张三", "J. Doe", "Jane Doe", "Rua 1", "+55 11", "LB000000000CN", "8190000012345678"):
        assert text not in told


@pytest.mark.parametrize("case", EXPORTS, ids=lambda case: case.name)
@pytest.mark.parametrize("seed", range(3))
def test_columns_in_any_order(case: Recorded, seed: int) -> None:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_filelike(BytesIO(case.page.body)).get_sheet_by_index(0).to_python()
    order = list(range(len(rows[0])))
    Random(seed).shuffle(order)
    body = workbook([["unknown", *(row[n] for n in order)] for row in rows])
    assert differences(case.truth, data_of(case.read(body))) == []


@pytest.mark.parametrize(
    "title", ["实际发货物流:运单号", "实际发货物流：运单号", "物流单号", "运单号", " 实际发货单号 "]
)
def test_older_title_of_the_tracking_column(title: str) -> None:
    order = {title if name == "实际发货单号" else name: value for name, value in ORDER.items()}
    assert differences(WANTED, first(workbook(table(order)))) == []


def test_titles_with_stray_signs() -> None:
    order = {f"\u200b {name.upper()}\r\n": value for name, value in ENGLISH.items()}
    assert differences(WANTED, first(workbook(table(order)))) == []


@pytest.mark.parametrize("name", ["付款时间", "订单金额", "发货期限", "收货国家", "发货时间", "实际发货单号"])
def test_column_that_is_not_there_gives_nothing(name: str) -> None:
    reading = read(workbook(table({k: v for k, v in ORDER.items() if k != name})))
    order = data_of(reading)["orders"][0]
    field = {"付款时间": "paid_at", "订单金额": "amount", "发货期限": "ship_by", "收货国家": "destination",
             "发货时间": "shipped_at", "实际发货单号": "tracking"}[name]  # fmt: skip
    assert not order[field]
    assert reading.problems == ()


@pytest.mark.parametrize(("name", "field"), [("下单时间", "orders.placed_at"), ("订单状态", "orders.status")])
def test_required_column_that_is_not_there_is_told(name: str, field: str) -> None:
    reading = read(workbook(table({k: v for k, v in ORDER.items() if k != name})))
    assert [(p.type, p.field) for p in reading.problems] == [("field_not_found", field)]


def test_title_rows_above_the_header() -> None:
    rows = [["速卖通订单导出"], ["导出时间", "2026-06-01 10:00"], [], *table(ORDER)]
    assert differences(WANTED, first(workbook(rows))) == []


def test_header_repeated_between_the_rows() -> None:
    rows = table(ORDER)
    reading = read(workbook([*rows, rows[0], ["", ""], list({**ORDER, "订单号": "8187654321098766"}.values())]))
    assert [o["order_id"] for o in data_of(reading)["orders"]] == ["8187654321098765", "8187654321098766"]
    assert reading.problems == ()


def test_dates_as_dates() -> None:
    times = {"下单时间": "2026-05-10 23:41", "付款时间": "2026-05-10 23:59", "发货期限": "2026-05-20 23:59"}
    dates = {name: datetime.fromisoformat(text) for name, text in (times | {"发货时间": "2026-05-12 10:00"}).items()}
    order = {**ORDER, **dates}
    assert differences(WANTED, first(workbook(table(order)))) == []
    assert first(workbook(table({**ORDER, "下单时间": date(2026, 5, 10)})))["placed_at"] == "2026-05-10T00:00:00-07:00"


def test_order_number_as_a_number() -> None:
    """Spreadsheets keep 15 digits of a number: a rounded one is another order's by now, and must not be taken."""
    short = read(workbook(table({**ORDER, "订单号": 818765432109876.0})))
    assert [o["order_id"] for o in data_of(short)["orders"]] == ["818765432109876"]
    rounded = read(workbook(table({**ORDER, "订单号": 8187654321098760.0}, {**ORDER, "订单号": 8187654321098770.0})))
    assert data_of(rounded)["orders"] == []
    assert {(p.type, p.field) for p in rounded.problems} == {("value_not_understood", "orders.order_id")}
    exact = read(workbook(table({**ORDER, "订单号": 8187654321098760.0}, {**ORDER, "订单号": 8187654321098765.0})))
    assert [o["order_id"] for o in data_of(exact)["orders"]] == ["8187654321098760", "8187654321098765"]


def test_date_that_was_never_formatted() -> None:
    assert first(workbook(table({**ORDER, "付款时间": 46152.5})))["paid_at"] == "2026-05-10T12:00:00-07:00"


def test_several_rows_of_one_order() -> None:
    more = {**dict.fromkeys(ORDER, ""), "商品信息": "2) 手机壳"}
    again = {**ORDER, "商品信息": "3) 钢化膜"}
    other = {**ORDER, "订单号": "8187654321098799"}
    reading = read(workbook(table(ORDER, more, again, other)))
    assert [o["order_id"] for o in data_of(reading)["orders"]] == ["8187654321098765", "8187654321098799"]
    assert data_of(reading)["total"] == 2
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("China Post:LB1CN\nYunExpress:YT2\n", [("LB1CN", "China Post"), ("YT2", "YunExpress")]),
        ("China Post:LB1CN\r\n\r\nYunExpress：YT2\r\n", [("LB1CN", "China Post"), ("YT2", "YunExpress")]),
        ("LB1CN", [("LB1CN", None)]),
        ("UPS: Ground:1Z999", [("1Z999", "UPS: Ground")]),
        ("  Correos : PQ1ES \n \n", [("PQ1ES", "Correos")]),
        ("Other:\n", []),
        ("\n", []),
        ("-", []),
        ("--", []),
        (6405451715972206.0, [("6405451715972206", None)]),
        (9405451715972206625931.0, []),
    ],
)
def test_tracking_cell(cell: Any, wanted: list[tuple[str, str | None]]) -> None:
    found = first(workbook(table({**ORDER, "实际发货单号": cell})))["tracking"]
    assert [(entry["number"], entry["carrier"]) for entry in found] == wanted
    assert all(entry["sync"] is None for entry in found)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("2026-05-12 10:00\n2026-05-13 11:30\n", ["2026-05-12T10:00:00-07:00", "2026-05-13T11:30:00-07:00"]),
        ("2026/05/12 10:00:05\r\n", ["2026-05-12T10:00:05-07:00"]),
        ("\n", []),
        ("", []),
        ("-", []),
    ],
)
def test_shipping_times(cell: str, wanted: list[str]) -> None:
    assert first(workbook(table({**ORDER, "发货时间": cell})))["shipped_at"] == wanted


def test_value_that_is_not_understood_is_told() -> None:
    reading = read(workbook(table({**ORDER, "发货期限": "soon", "订单状态": "???", "收货国家": "Atlantis"})))
    fields = {(p.type, p.field) for p in reading.problems}
    assert fields == {("value_not_understood", f"orders.{name}") for name in ("ship_by", "status", "destination")}
    assert data_of(reading)["orders"][0]["status"] == "unknown"


def test_a_million_problems_stay_few() -> None:
    orders = [{**ORDER, "订单号": str(8100000000000000 + n), "发货期限": "soon"} for n in range(300)]
    reading = read(workbook(table(*orders)))
    assert len(reading.problems) == 20
    assert data_of(reading)["total"] == 300


def test_header_without_orders_is_empty() -> None:
    reading = read(workbook([list(ORDER)]))
    assert reading.verdict is Verdict.EMPTY
    assert data_of(reading) | {"orders": []} == data_of(reading)
    assert data_of(reading)["total"] == 0


def test_orders_on_another_sheet() -> None:
    cover = [["说明"], ["订单号由平台生成"]]
    assert differences(WANTED, first(workbook(cover, [], table(ORDER), names=["说明", "空", "订单"]))) == []


NO_EXPORTS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "PDF": lambda: b"%PDF-1.7\n",
    "HTML": lambda: b"<html><body>x</body></html>",
    "an archive": lambda: b"PK\x03\x04" + bytes(200),
    "another workbook": lambda: workbook([["SKU", "Stock"], ["A1", 4]]),
    "an empty workbook": lambda: workbook([]),
    "cut off": lambda: workbook(table(ORDER))[:-400],
}


@pytest.mark.parametrize("body", NO_EXPORTS.values(), ids=NO_EXPORTS)
def test_no_export(body: Callable[[], bytes]) -> None:
    with pytest.raises(NotAnExport) as refused:
        read(body())
    assert str(refused.value)


def opened(path: Path, *, ahead: bool) -> Reading | str:
    """What a file says that is opened as a user gives it; why it cannot be read, where it cannot."""
    with open_capture(path, now=datetime(2026, 6, 1, tzinfo=UTC), ahead=ahead) as capture:
        [(_, page)] = capture.read()
        assert page
        assert (page.workbook is not None) is ahead
        try:
            return read_export(page, shipped())
        except NotAnExport as refused:
            return str(refused)


@pytest.mark.parametrize("case", EXPORTS, ids=lambda case: case.name)
def test_a_sheet_that_is_read_ahead_says_the_same(case: Recorded, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(case.page.body)
    ahead = opened(path, ahead=True)
    assert ahead == opened(path, ahead=False)
    assert differences(case.truth, data_of(ahead)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["another workbook", "an empty workbook", "no sheet"])
def test_a_file_that_is_read_ahead_is_refused_with_the_same_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    if name == "no sheet":
        with ZipFile(path, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
    else:
        path.write_bytes(NO_EXPORTS[name]())
    ahead = opened(path, ahead=True)
    assert isinstance(ahead, str)
    assert ahead == opened(path, ahead=False)


def test_orders_on_a_later_sheet_are_found_ahead_too(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(workbook([["SKU", "Stock"]], table(ORDER)))
    ahead = opened(path, ahead=True)
    assert isinstance(ahead, Reading)
    assert differences(WANTED, data_of(ahead)["orders"][0]) == []


def test_twenty_thousand_orders() -> None:
    known = {
        name: text for name, text in ORDER.items() if name.endswith(("号", "状态", "时间", "期限", "单号", "金额"))
    }
    rows = [list(known)]
    for n in range(20_000):
        order = {**known, "订单号": str(8100000000000000 + n), "实际发货单号": f"China Post:LB{n:09}CN\n"}
        rows.append(list(order.values()))
    body = workbook(rows)
    reading = read(body)
    assert reading.data is not None
    assert reading.data.total == 20_000  # type: ignore[attr-defined]
    assert len({order.order_id for order in reading.data.orders}) == 20_000  # type: ignore[attr-defined]
