"""Persons and stores leave a page, everything that is measured stays."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from agent.capture.opening import open_capture
from agent.live.personal import personal
from agent.live.scrub import Scrubber
from agent.live.shifting import shifted
from agent.live.standins import StandIns
from checks.tracking_number import is_clean, is_ups, is_usps, s10_valid, shape
from extractors.models import Reading, Store
from extractors.page import Page
from extractors.reading import read_page
from extractors.vocabulary import shipped
from tests.conftest import RECORDINGS

NAMES = sorted(path.parent.name for path in RECORDINGS.glob("*/capture.json"))


def scrubber(**given: Any) -> Scrubber:
    return Scrubber(StandIns(seed=7), shipped(), **given)


@cache
def scrubbed(name: str) -> tuple[Scrubber, list[tuple[Page, Page]]]:
    """Every page of a recording with its scrubbed self."""
    with open_capture(RECORDINGS / name) as capture:
        pages = [page for _, page in capture.read() if page is not None]
        scrub = scrubber(store=capture.store)
    for page in pages:
        scrub.learn(read_page(page, shipped()).data)
    own = pages[0].store
    store = Store(
        id=scrub.text(own.id or ""), name=scrub.text(own.name or ""), channel_id=scrub.text(own.channel_id or "")
    )
    return scrub, [
        (
            page,
            replace(
                page,
                body=scrub.html(page.body, page.kind),
                url=scrub.url(page.url or ""),
                store=store,
                responses=tuple(scrub.json(body) for body in page.responses),
            ),
        )
        for page in pages
    ]


def data(reading: Reading) -> Any:
    return None if reading.data is None else reading.data.model_dump(mode="json", by_alias=True)


# Recordings


@pytest.mark.parametrize("name", NAMES)
def test_a_scrubbed_page_reads_as_the_scrubbed_reading(name: str) -> None:
    scrub, pages = scrubbed(name)
    for page, after in pages:
        first, second = read_page(page, shipped()), read_page(after, shipped())
        assert second.verdict is first.verdict, page.kind
        assert data(second) == scrub.reading(first.data), page.kind
        assert [(p.type, p.field) for p in second.problems] == [(p.type, p.field) for p in first.problems]


@pytest.mark.parametrize("name", NAMES)
def test_a_scrubbed_page_keeps_its_structure(name: str) -> None:
    for page, after in scrubbed(name)[1]:
        assert outline(after.body) == outline(page.body), page.kind


def outline(body: bytes) -> list[tuple[str, str | None, tuple[str, ...]]]:
    root: Any = etree.fromstring(body, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    return [(str(e.tag), e.get("class"), tuple(e.attrib)) for e in root.iter(etree.Element)]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_first_store_is_left(name: str) -> None:
    scrub, pages = scrubbed(name)
    first = pages[0][0].store
    known = [*scrub.known, *scrub.names]
    ids = {text for text in known if len(text) > 8}
    assert len(ids) > 20
    for _, after in pages:
        text = after.body.decode() + json.dumps(after.responses) + (after.url or "")
        assert not [number for number in ids if number in text]
        assert f"channelId={first.channel_id}" not in text
        assert personal(after.body.decode(), after.kind) == []
        assert "<script>w" not in text


@pytest.mark.parametrize("name", NAMES)
def test_figures_stay(name: str) -> None:
    for page, after in scrubbed(name)[1]:
        before, now = data(read_page(page, shipped())), data(read_page(after, shipped()))
        assert figures(now) == figures(before)


def figures(value: Any) -> Any:
    """Everything in a reading that is no text; times too, for they are not moved."""
    if isinstance(value, dict):
        return {key: figures(item) for key, item in value.items()}
    if isinstance(value, list):
        return [figures(item) for item in value]
    if isinstance(value, str):
        return value if value[:2] == "20" and value[4:5] == "-" else None
    return value


def test_two_scrubbings_have_nothing_in_common() -> None:
    one, two = StandIns(), StandIns()
    assert one.number("8162825214779253") != two.number("8162825214779253")


def test_times_can_move_by_whole_weeks() -> None:
    with open_capture(RECORDINGS / "northwind") as capture:
        pages = [page for _, page in capture.read() if page is not None and page.kind in ("orders", "messages")]
    scrub = Scrubber(StandIns(seed=7, weeks=52), shipped(), pages[0].store)
    for page in pages:
        scrub.learn(read_page(page, shipped()).data)
    for page in pages:
        at = scrub.stand_ins.moment(page.captured_at)
        answers = tuple(map(scrub.json, page.responses))
        body = scrub.html(page.body, page.kind)
        after = replace(page, body=body, captured_at=at, responses=answers, store=Store())
        for first, second in zip(moments(page), moments(after), strict=True):
            assert second - first == timedelta(weeks=52)
            assert second.weekday() == first.weekday()


def moments(page: Page) -> list[datetime]:
    """The times of a reading on the backend's clock, without their offsets."""
    found: list[datetime] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                collect(item)
        elif isinstance(value, str) and len(value) > 16 and value[10] == "T":
            found.append(datetime.fromisoformat(value).astimezone(page.timezone).replace(tzinfo=None))

    collect(data(read_page(page, shipped())))
    assert found
    return found


# Stand-ins


@pytest.mark.parametrize(
    "number",
    [
        "LB539118327CN", "LX123456785CN", "NM661526009BR", "QQ123456789BR", "LB539118328CN", "lb539118327cn",
        "9400111899223100001234", "9400523186020809863257", "420900019400523186020809863257", "1Z999AA10123456784",
        "1Z999AA10123456785", "YT1369907440973126", "LP00123456789012", "RR 123 456 785 CN", "SF-1234-567890",
        "１２３４５６７８９０１２",
    ],
)  # fmt: skip
def test_a_tracking_number_keeps_its_shape_and_its_check_digit(number: str) -> None:
    for seed in range(20):
        found = StandIns(seed=seed).tracking(number)
        assert found != number
        assert ["d" if sign.isdecimal() else sign for sign in found] == [
            "d" if sign.isdecimal() else sign for sign in number
        ]
        for question in (s10_valid, is_usps, is_ups, shape, is_clean):
            assert question(found) == question(number), question


def test_one_number_has_one_stand_in_however_it_is_written() -> None:
    made = StandIns(seed=1)
    assert made.tracking("lb539118327cn") == made.tracking("LB539118327CN").lower()
    assert made.tracking("LB 539118327 CN").replace(" ", "") == made.tracking("LB539118327CN")


@given(st.lists(st.integers(8_000_000_000_000_000, 8_999_999_999_999_999), unique=True, max_size=200))
def test_different_orders_stay_different(numbers: list[int]) -> None:
    made = StandIns(seed=3)
    found = [made.number(str(number)) for number in numbers]
    assert len(set(found)) == len(numbers)
    assert not set(found) & {str(number) for number in numbers}
    assert all(len(number) == 16 and number[0] == "8" for number in found)
    assert [made.number(str(number)) for number in numbers] == found


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        ("write to jane.doe@mail.test please", ["jane", "mail.test"], ["write to ", " please"]),
        ("call +49 170 1234567 or 13812345678", ["1234567", "13812345678"], ["call ", " or "]),
        ("J*** Kowalczyk", ["Kowalczyk"], ["***"]),
        ("order 8162825214779253: US $1,039.93, 98.50%", ["8162825214779253"], ["order 8", "US $1,039.93, 98."]),
        ("9144************2X", ["9144*"], ["************", "X"]),
        ("cn1100234567nwab", ["1100234567nwab"], ["cn"]),
        ("2026-11-19 23:18", [], ["2026-11-19 23:18"]),
        ("09天15:03:30", [], ["09天15:03:30"]),
        ("token d41d8cd98f00b204e9800998ecf8427e", ["d41d8cd98f00b204"], ["token "]),
        ("EN IEC 62368-1:2023", [], ["EN IEC 62368-1:2023"]),
    ],
)  # fmt: skip
def test_texts(text: str, gone: list[str], stays: list[str]) -> None:
    found = scrubber().text(text)
    assert not [part for part in gone if part in found]
    assert not [part for part in stays if part not in found]
    assert scrubber().text(text) == found, "the same seed, the same stand-ins"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://csp.aliexpress.com/m_apps/home", "https://csp.aliexpress.com/m_apps/home"),
        ("/x/_____tmd_____/punish?x5secdata=abc&x5step=2", "/x/_____tmd_____/punish?x5secdata=&x5step=2"),
        ("https://e.com/?sign=aa&api=b", "https://e.com/?sign=&api=b"),
        ("data:image/png;base64,AAAA", "data:,"),
        ("#buyer", "#buyer"),
        ("http://[bad", ""),
    ],
)
def test_addresses(url: str, wanted: str) -> None:
    assert scrubber().url(url) == wanted


def test_an_address_inside_an_address() -> None:
    scrub = scrubber(store=Store(channel_id="244176"))
    url = "https://login.aliexpress.com/l?return_url=https%3A%2F%2Fcsp.aliexpress.com%2Fm%3FchannelId%3D244176"
    found = scrub.url(url)
    assert "244176" not in found
    assert scrub.known["244176"] in found


PAGE = """<!DOCTYPE html><html><head><meta name="csrf-token" content="secret"><script>var a="secret";</script></head>
<body><!-- secret --><div class="next-table-header"><table>
<thead><tr><th>订单详情</th><th>买家</th></tr></thead></table></div>
<table><tbody><tr><td>订单号: 8162825214779253 <div>我的备注:</div><div><b>secret words</b></div><a>编辑备注</a></td>
<td><a title="Jane Secret" href="/im?buyer=4455667788">Jane Secret</a><a>联系买家</a></td></tr></tbody></table>
<p><span>收货地址：</span><span>Secret Street 5</span></p>
<p>联系电话：<i>secret</i></p><p>数量：<i>5</i></p>
<input type="password" value="secret"><input value="1"><textarea>secret</textarea>
<img src="https://x/secret.jpg" srcset="secret 2x">
<b onclick="secret()" style="background:url(secret.png)">售后宝订单</b>
<iframe srcdoc="secret"></iframe></body></html>"""


def test_a_page_by_its_columns_and_labels() -> None:
    body = scrubber().html(PAGE.encode(), "orders").decode()
    assert "secret" not in body.lower()
    for text in (
        "订单号",
        "我的备注:",
        "编辑备注",
        "联系买家",
        "收货地址：",
        "售后宝订单",
        '<input value="1">',
        "<i>5</i>",
        "买家",
    ):
        assert text in body
    assert "4455667788" not in body
    assert outline(body.encode()) == outline(PAGE.encode())
    assert personal(body, "orders") == []


def test_a_broken_page_is_scrubbed_as_well() -> None:
    for body in (b"", b"   ", b"<div>" * 3000 + b"jane@mail.test", b"\xff\xfe<p>13812345678"):
        assert b"jane@" not in scrubber().html(body, "orders")
        assert b"13812345678" not in scrubber().html(body, "orders")


def test_answers() -> None:
    scrub = scrubber()
    answer = {
        "orderId": 8162825214779253,
        "buyerName": "Jane Doe",
        "remark": "ring twice",
        "lastMessageTime": "1795152240000",
        "gmtCreate": 1795152240000,
        "count": 123456789012,
        "token": "abc",
        "list": [{"orderId": "8162825214779253"}, {"mail": "jane@mail.test"}],
        "none": None,
        "ok": True,
        "rate": 0.0418,
    }
    found = scrub.json(answer)
    assert list(found) == list(answer)
    assert str(found["orderId"]) == found["list"][0]["orderId"] != "8162825214779253"
    for key in ("lastMessageTime", "gmtCreate", "count", "none", "ok", "rate"):
        assert found[key] == answer[key]
    assert found["token"] == ""
    assert "Jane" not in json.dumps(found)
    assert "jane" not in json.dumps(found)
    assert "twice" not in json.dumps(found)
    assert personal(json.dumps(found)) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-19 23:18", "2026-11-26 23:18"),
        ("2026/1/5", "2026/1/12"),
        ("2026年12月30日", "2027年1月6日"),
        ("Nov 27, 2026", "Dec 04, 2026"),
        ("27 November 2026", "04 December 2026"),
        ("2026-13-40", "2026-13-40"),
        ("98.50%", "98.50%"),
        ("长期有效", "长期有效"),
    ],
)
def test_dates_move_as_they_are_written(text: str, wanted: str) -> None:
    assert shifted(text, 1) == wanted


def test_a_time_moves_on_the_backends_clock() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    at = datetime(2026, 10, 30, 3, 15, tzinfo=zone)
    moved = StandIns(weeks=1).moment(at)
    assert (moved.hour, moved.weekday()) == (at.hour, at.weekday())
    assert moved.utcoffset() != at.utcoffset(), "the clock was turned in between"
