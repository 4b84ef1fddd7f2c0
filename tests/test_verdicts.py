"""What a page is, before it is read: pages that are something else give their verdict and never data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.models import Store, Verdict
from tests.mutations import main_of, mutated, parsed, serialised
from tests.recordings import Recorded, data_of, recorded, wrong

BY_NAME = {case.name: case for case in recorded()}
KINDS = {case.page.kind: case for case in recorded() if case.verdict == "expected" and case.page.kind != "order_export"}
ONE_OF_EACH = pytest.mark.parametrize("case", KINDS.values(), ids=KINDS)

SHELL = """<div class="shell--header--abcdefg"><div class="shell--name--abcdefg">{name}</div>
<div class="shell--login--abcdefg">cn1100234567nwab</div></div>"""


def page(body: str, title: str = "", head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


LOGINS = {
    "react form": page('<h1>跨境卖家中心</h1><input id="loginName"><input id="password" type="password">', "登录"),
    "old form": page('<form id="login-form"><input id="fm-login-id"><input id="fm-login-password" type="password">'
                     '<div id="login-error" class="login-error-msg">账号名或登录密码不正确</div></form>', "Login"),
    "form in a frame": page('<iframe id="alibaba-login-box" src="https://passport.aliexpress.com/mini_login.htm"></iframe>'),
}  # fmt: skip
VERIFICATIONS = {
    "slider": page('<div id="nc_1_wrapper" class="nc_wrapper"><span id="nc_1_n1z" class="btn_slide"></span>'
                   '<div id="nc_1__scale_text"><span>请按住滑块，拖动到最右边</span></div></div>', "登录"),
    "punish page": page('<div id="baxia-punish"><p>亲，访问被拒绝</p></div>', "验证码拦截"),
    "punish page, English": page("<div><p>Sorry, we have detected unusual traffic</p></div>", "Captcha Interception"),
    "slider in a frame": page('<iframe src="https://csp.aliexpress.com/_____tmd_____/punish?x5secdata=1"></iframe>'),
}  # fmt: skip
ERRORS = {
    "lost": page("<h2>抱歉，页面走丢了</h2><p>系统繁忙，请稍后再试</p>", "页面走丢了"),
    **{
        f"nginx {code}": page(f"<center><h1>{code} {text}</h1></center><hr><center>nginx</center>", f"{code} {text}")
        for code, text in {
            500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Temporarily Unavailable",
            504: "Gateway Time-out", 404: "Not Found", 403: "Forbidden", 429: "Too Many Requests",
        }.items()
    },
    "tengine 503": page("<h1>503 Service Temporarily Unavailable</h1>Powered by Tengine", "503 Service Unavailable"),
    "English": page("<h1>Sorry, the page got lost</h1>", "Page not found"),
}  # fmt: skip
NOTHING = {
    "nothing": b"",
    "white space": b" \r\n ",
    "a blank page": page(""),
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type /Catalog>> endobj\nxref\ntrailer\n%%EOF",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "zip": b"PK\x03\x04" + bytes(range(256)) * 40,
    "NUL bytes": b"\x00" * 5000,
    "JSON": b'{"api":"mtop","ret":["FAIL_SYS_SESSION_EXPIRED::expired"],"data":{}}',
    "Russian page": page("<h1>Заказы</h1><table><tr><th>Номер</th><th>Статус</th></tr><tr><td>8187654321098765</td>"
                         "<td>Ожидает отправки</td></tr></table>", "Мои заказы - Центр продавца"),
    "another page of the backend": page(
        SHELL.format(name="Northwind Official Store") + "<h2>优惠券</h2><p>满减</p>" * 9
    ),
}  # fmt: skip


@ONE_OF_EACH
@pytest.mark.parametrize("body", LOGINS.values(), ids=LOGINS)
def test_login(case: Recorded, body: bytes) -> None:
    is_not_read(case, body, Verdict.LOGIN)


@ONE_OF_EACH
@pytest.mark.parametrize("body", VERIFICATIONS.values(), ids=VERIFICATIONS)
def test_verification(case: Recorded, body: bytes) -> None:
    is_not_read(case, body, Verdict.VERIFICATION)


@ONE_OF_EACH
@pytest.mark.parametrize("body", ERRORS.values(), ids=ERRORS)
def test_error_page(case: Recorded, body: bytes) -> None:
    is_not_read(case, body, Verdict.ERROR_PAGE)


@ONE_OF_EACH
@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING)
def test_no_page_at_all(case: Recorded, body: bytes) -> None:
    is_not_read(case, body, Verdict.UNKNOWN, Verdict.SKELETON)


def is_not_read(case: Recorded, body: bytes, *verdicts: Verdict) -> None:
    reading = case.read(body)
    assert reading.verdict in verdicts
    assert reading.data is None
    assert not reading.problems


@ONE_OF_EACH
def test_address_alone_tells_login_and_verification(case: Recorded) -> None:
    login = "https://login.aliexpress.com/user/seller/login?bizSegment=CSP&return_url=x"
    assert case.read(url=login).verdict is Verdict.LOGIN
    assert case.read(url="https://csp.aliexpress.com/csp_login.htm?return_url=x").verdict is Verdict.LOGIN
    punish = "https://csp.aliexpress.com/m_apps/x/_____tmd_____/punish?x5secdata=abc"
    assert case.read(url=punish).verdict is Verdict.VERIFICATION


@ONE_OF_EACH
def test_another_store(case: Recorded) -> None:
    other_channel = (case.page.url or "").replace(f"channelId={case.page.store.channel_id}", "channelId=999")
    assert case.read(url=other_channel).verdict is Verdict.WRONG_STORE
    assert case.read(store=case.page.store.model_copy(update={"name": "Other Store"})).verdict is Verdict.WRONG_STORE
    assert case.read(store=Store()).verdict.readable, "a capture that knows no store takes every one"


@ONE_OF_EACH
def test_page_of_another_kind_is_not_read(case: Recorded) -> None:
    """Two lists that look alike are told apart by title and labels."""
    for other in KINDS.values():
        if other.page.kind != case.page.kind:
            reading = case.read(other.page.body, store=Store(), url=None)
            assert not reading.verdict.readable, other.name


SCRIPTS = """<script>window.nc_1_n1z='验证码拦截';var punish="/_____tmd_____/punish";baxia={a:"#fm-login-id"}</script>
<style>.nc_wrapper{}#baxia-punish{}</style><noscript><div id="baxia-punish">验证码拦截</div></noscript>
<template><input id="fm-login-id"></template>"""
HIDDEN = """<div style="display:none"><div id="nc_1_wrapper" class="nc_wrapper"><span id="nc_1_n1z"></span></div>
<form><input id="fm-login-id"><input type="password"></form></div>
<div id="baxia-punish" hidden><p>x</p></div><div id="nocaptcha"></div>"""


@ONE_OF_EACH
@pytest.mark.parametrize("more", [SCRIPTS, HIDDEN], ids=["words in scripts", "hidden containers"])
def test_what_nobody_sees_decides_nothing(case: Recorded, more: str) -> None:
    body = case.page.body.replace(b"</body>", more.encode() + b"</body>")
    assert wrong(case, case.read(body)) == []


def blanked(body: bytes, text: str) -> bytes:
    """The page with its rows gone and every figure replaced: what a dead session answers with."""
    tree = parsed(body)
    for row in main_of(tree).xpath(".//tbody/tr"):
        row.getparent().remove(row)
    for value in main_of(tree).xpath(
        ".//*[contains(@class,'--value--') or contains(@class,'--inline--') or contains(@class,'--score--')"
        " or contains(@class,'--weight--') or contains(@class,'--sub--')]"
    ):
        value.text = text
        value[:] = []
    for gone in main_of(tree).xpath(".//*[contains(@class,'progress-circle-text') or contains(@class,'pagination')]"):
        gone.text = text
        gone[:] = []
    for item in main_of(tree).xpath(".//*[@role='listitem' or contains(@class,'parcel--card')]"):
        item.getparent().remove(item)
    return serialised(tree)


LOADING = b'<div class="next-loading next-open"><span class="next-loading-dot"></span></div>'


@ONE_OF_EACH
@pytest.mark.parametrize("text", ["", "0", "-", "0.00%"])
def test_skeleton_is_never_zero(case: Recorded, text: str) -> None:
    body = blanked(case.page.body, text).replace(b'<div class="shell--body', LOADING + b'<div class="shell--body')
    assert case.read(body).verdict in (Verdict.SKELETON, Verdict.UNKNOWN)


@ONE_OF_EACH
def test_only_a_spinner(case: Recorded) -> None:
    name = case.page.store.name or ""
    body = page(SHELL.format(name=name) + LOADING.decode() + "<p>加载中...</p>", "跨境卖家中心")
    is_not_read(case, body, Verdict.SKELETON)


LISTS = [BY_NAME[f"northwind/{key}-1"] for key in ("orders", "disputes", "reviews", "violations", "tracking")]


def emptied(case: Recorded, marker: str) -> bytes:
    tree = parsed(case.page.body)
    main = main_of(tree)
    for row in main.xpath(".//tbody/tr")[1:]:
        row.getparent().remove(row)
    for cell in main.xpath(".//tbody/tr/*"):
        cell[:], cell.text = [], marker
    for total in main.xpath(".//*[contains(@class,'pagination')]"):
        if total.getparent() is not None:
            total.getparent().remove(total)
    for card in main.xpath(".//*[contains(@class,'parcel--card')]"):
        card.getparent().remove(card)
    return serialised(tree)


@pytest.mark.parametrize("case", LISTS, ids=lambda case: case.page.kind)
@pytest.mark.parametrize("marker", ["暂无数据", "No data", "No Data", "没有数据", "No records"])
def test_list_without_rows_says_so(case: Recorded, marker: str) -> None:
    reading = case.read(emptied(case, marker))
    assert reading.verdict is Verdict.EMPTY
    data = data_of(reading)
    assert data["total"] == 0
    assert not any(data[name] for name in ("orders", "disputes", "reviews", "violations", "parcels") if name in data)


@pytest.mark.parametrize("case", LISTS, ids=lambda case: case.page.kind)
def test_list_without_rows_and_without_a_word_is_a_skeleton(case: Recorded) -> None:
    assert case.read(emptied(case, "")).verdict in (Verdict.SKELETON, Verdict.UNKNOWN)


def test_cut_off_in_the_middle_of_a_row() -> None:
    """What came through is read; what is missing is for the reconciliation with the total."""
    case = BY_NAME["northwind/orders-1"]
    for part in (0.3, 0.5, 0.8, 0.95):
        reading = case.read(case.page.body[: int(len(case.page.body) * part)])
        assert reading.verdict in (Verdict.EXPECTED, Verdict.SKELETON)
        orders = data_of(reading)["orders"] if reading.data else []
        assert {o["order_id"] for o in orders} <= {o["order_id"] for o in (case.truth or {})["orders"]}
        assert part > 0.9 or len(orders) < len((case.truth or {})["orders"])


@pytest.mark.parametrize("levels", [300, 3_000, 30_000])
def test_deep_nesting_hides_nothing(levels: int) -> None:
    """A parser that gives up at some depth must not lose the rest of the page without a word."""
    case = BY_NAME["harbor/orders-2"]
    deep = b"<div>" * levels + b"x" + b"</div>" * levels
    body = case.page.body.replace(b'<div class="next-table-body">', deep + b'<div class="next-table-body">', 1)
    assert wrong(case, case.read(body)) == []
    health = BY_NAME["northwind/health-1"]
    around = b"<div>" * levels + b"98.12%" + b"</div>" * levels
    assert wrong(health, health.read(health.page.body.replace(b"98.12%", around))) == []


def test_byte_order_mark_and_broken_bytes() -> None:
    case = BY_NAME["northwind/health-1"]
    assert wrong(case, case.read(b"\xef\xbb\xbf" + case.page.body)) == []
    assert wrong(case, case.read(case.page.body.replace(b"<h2", b"\xff\xfe<h2"))) == []


def test_kind_that_is_not_known() -> None:
    case = BY_NAME["northwind/health-1"]
    assert replace(case).read(kind="coupons").verdict is Verdict.UNKNOWN


def test_good_page_stays_good_when_saved_again() -> None:
    case = BY_NAME["northwind/health-1"]
    assert wrong(case, case.read(mutated(case.page.body))) == []
