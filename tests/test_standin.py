"""The stand-in backend, spoken to without a browser."""

from __future__ import annotations

import json
import ssl
import tomllib
from pathlib import Path

import pytest

from fixtures.standin import LoginForm, LoginResult, StandIn
from fixtures.standin.__main__ import main
from fixtures.standin.markup import order_id, text_of
from fixtures.standin.site import KINDS, SHOP_LIST
from tests.conftest import RECORDINGS
from tests.standin_client import CSP, GATEWAY, LOGIN, Client, seller, shared, standin, visitor

__all__ = ["seller", "shared", "standin", "visitor"]

NORTHWIND = RECORDINGS / "northwind"
ORDERS = KINDS["orders"]["api"]
HEALTH = KINDS["health"]["api"]


def recorded_orders(folder: Path, *sequences: int) -> list[str]:
    """The order numbers that the recording's truth lists, in order."""
    truths = [json.loads((folder / "truth" / f"orders-{number}.json").read_text("utf-8")) for number in sequences]
    return [order["order_id"] for truth in truths for order in truth["orders"]]


# The way in


@pytest.mark.parametrize(
    ("form", "path"),
    [
        (LoginForm.REACT, "/user/seller/login?bizSegment=CSP&return_url="),
        (LoginForm.CLASSIC, "/csp_login.htm?return_url="),
        (LoginForm.IFRAME, "/csp_login.htm?return_url="),
    ],
)
def test_without_a_session_every_page_leads_to_the_login(visitor: Client, form: LoginForm, path: str) -> None:
    visitor.standin.options.login_form = form
    for kind in KINDS:
        answer = visitor.open(kind)
        assert answer.status == 302
        assert answer.location.startswith(LOGIN + path + "https%3A%2F%2Fcsp.aliexpress.com%2Fm_apps%2F")
    page = visitor.get(answer.location).text
    assert ("alibaba-login-box" in page) == (form is LoginForm.IFRAME)


def test_a_login_sets_the_session_cookies(visitor: Client) -> None:
    answer = visitor.login()
    assert answer.json == {"success": True, "result": "in", "url": f"{CSP}/m_apps/home"}
    assert set(answer.set_cookies) == {"xman_us_t", "xman_us_f", "sgcookie", "JSESSIONID"}
    for cookie in answer.set_cookies.values():
        assert "Domain=.aliexpress.com" in cookie
        assert "HttpOnly" in cookie
        assert "Secure" in cookie
    assert visitor.open("orders").status == 200


@pytest.mark.parametrize(
    ("user", "result"),
    [
        ("cn-slider", LoginResult.SLIDER),
        ("cn-code", LoginResult.CODE),
        ("cn-punish", LoginResult.PUNISH),
        ("cn-frozen", LoginResult.FROZEN),
        ("somebody", LoginResult.WRONG_PASSWORD),
    ],
)
def test_what_comes_of_a_login_depends_on_the_user(visitor: Client, user: str, result: LoginResult) -> None:
    answer = visitor.login(user, "x")
    assert answer.json["result"] == result
    assert not answer.json["success"]
    assert visitor.standin.logins == [(user, result)]
    assert visitor.open("orders").status == 302
    if result is LoginResult.PUNISH:
        page = visitor.get(answer.json["url"])
        assert page.status == 200
        assert 'id="baxia-punish"' in page.text
        assert "<title>验证码拦截</title>" in page.text


def test_a_switch_overrides_the_user(visitor: Client) -> None:
    visitor.standin.options.login_result = LoginResult.CODE
    assert visitor.login().json["result"] == "code"


def test_an_expired_session_leads_back_to_the_login(seller: Client) -> None:
    seller.standin.expire_sessions()
    assert seller.open("orders").location.startswith(LOGIN)
    assert seller.call(ORDERS, method="POST").ret.startswith("FAIL_SYS_SESSION_EXPIRED")


def test_a_rolling_session_keeps_its_last_values_only(seller: Client) -> None:
    seller.standin.options.rolling = True
    stale = dict(seller.cookies)
    for _ in range(4):
        assert seller.open("orders").status == 200
    assert Client(seller.standin, dict(stale)).open("orders").status == 200
    for _ in range(3):
        assert seller.open("orders").status == 200
    assert Client(seller.standin, dict(stale)).open("orders").status == 302


# The gateway


def test_the_token_cycle(seller: Client) -> None:
    first = seller.call_once(SHOP_LIST, {})
    assert first.ret.startswith("FAIL_SYS_TOKEN_EMPTY")
    assert set(first.set_cookies) == {"_m_h5_tk", "_m_h5_tk_enc"}
    assert "HttpOnly" not in first.set_cookies["_m_h5_tk"]
    assert seller.call_once(SHOP_LIST, {}).ret == "SUCCESS::调用成功"


def test_a_wrong_signature_is_refused(seller: Client) -> None:
    seller.call(SHOP_LIST)
    answer = seller.call_once(SHOP_LIST, {}, sign="0" * 32)
    assert answer.ret.startswith("FAIL_SYS_ILLEGAL_ACCESS")
    assert answer.json["data"] == {}


def test_a_token_wears_out(seller: Client) -> None:
    seller.standin.expire_tokens()
    seller.standin.options.token_uses = 2
    seller.standin.reset()
    seller.cookies.clear()
    seller.login()
    rets = [seller.call_once(SHOP_LIST, {}).ret.partition("::")[0] for _ in range(5)]
    assert rets == ["FAIL_SYS_TOKEN_EMPTY", "SUCCESS", "SUCCESS", "FAIL_SYS_TOKEN_EXOIRED", "SUCCESS"]


def test_a_call_may_be_wrapped_as_jsonp(seller: Client) -> None:
    answer = seller.call(SHOP_LIST, callback="mtopjsonp6", type="jsonp")
    assert answer.text.strip().startswith("mtopjsonp6({")


def test_pages_of_the_site_may_read_the_answer(seller: Client) -> None:
    answer = seller.send("OPTIONS", f"{GATEWAY}/h5/x/1.0/", headers={"Origin": CSP})
    assert answer.headers["access-control-allow-origin"] == CSP
    assert answer.headers["access-control-allow-credentials"] == "true"
    stranger = seller.send("OPTIONS", f"{GATEWAY}/h5/x/1.0/", headers={"Origin": "https://example.com"})
    assert "access-control-allow-origin" not in stranger.headers


def test_a_device_bound_gateway_wants_the_mark_of_the_first_page(seller: Client) -> None:
    seller.standin.options.device_bound = True
    boot = seller.open("health").text.partition("window.__shell=")[2].partition(";</script>")[0]
    device = json.loads(boot)["device"]
    assert seller.call(HEALTH, {"device": device}).ret.startswith("SUCCESS")
    assert seller.call(HEALTH, {}).ret.startswith("FAIL_SYS_SESSION_EXPIRED")
    assert '"device": ""' in seller.open("health").text


# What the pages hold


@pytest.mark.parametrize(
    ("name", "view", "sequences"),
    [
        ("northwind", "awaiting_shipment", (1, 2)),
        ("northwind", "awaiting_receipt", (3, 4, 5, 6)),
        ("northwind", "all", (1, 2, 3, 4, 5, 6)),
        ("harbor", "all", (4, 5, 6, 7)),
        ("newstore", "awaiting_receipt", (2,)),
    ],
)
def test_the_order_list_is_the_recorded_one(name: str, view: str, sequences: tuple[int, ...]) -> None:
    with StandIn(RECORDINGS / name) as standin:
        seller = Client(standin)
        seller.login()
        first = seller.rows("orders", view=view)
        rows = list(first["rows"])
        for page in range(2, first["pages"] + 1):
            rows += seller.rows("orders", view=view, current=page, frame=False)["rows"]
        assert [order_id(row) for row in rows] == recorded_orders(RECORDINGS / name, *sequences)
        assert first["totalItem"] == len(rows)


def test_a_view_without_orders_says_so_in_every_cell(seller: Client) -> None:
    empty = seller.rows("orders", view="awaiting_payment")
    assert empty["totalItem"] == 0
    assert text_of(empty["rows"][0]).split() == ["暂无数据"] * 7
    assert "next-pagination" not in empty["frame"]


def test_the_page_size_is_the_callers_choice(seller: Client) -> None:
    answer = seller.rows("tracking", pageSize=100, current=2)
    assert (answer["pages"], answer["current"], len(answer["rows"])) == (2, 2, 40)


def test_an_orders_parcels_stand_on_its_own_page(seller: Client) -> None:
    rows = seller.rows("tracking")["rows"]
    order = order_id(rows[0])
    frame = seller.call("mtop.ae.logistics.seller.tracking.queryParcelDetail", {"tradeOrderId": order}).json
    text = text_of(frame["data"]["frame"])
    assert f"订单号： {order}" in text
    assert text.count("物流单号：") == sum(order_id(row) == order for row in rows)
    recorded = "8351774001969437"
    frame = seller.call("mtop.ae.logistics.seller.tracking.queryParcelDetail", {"tradeOrderId": recorded}).json
    assert frame["data"]["frame"] in (NORTHWIND / "pages" / "tracking-9.html").read_text("utf-8")


def test_the_recorded_answers_are_given_again(seller: Client) -> None:
    api = "mtop.gsp.im.use.web.seller.messagebox.querySessionList"
    recorded = json.loads((NORTHWIND / "responses" / "1.json").read_text("utf-8"))
    assert seller.call(api, {"channelId": "244176"}).json == recorded


def test_an_account_holds_several_stores(seller: Client) -> None:
    shops = {shop["channelId"]: shop["shopName"] for shop in seller.call(SHOP_LIST).json["data"]["shopList"]}
    assert shops == {"244176": "Northwind Official Store", "555001": "Southgate Outlet"}
    assert seller.rows("orders", channelId="555001", view="all")["totalItem"] == 0
    assert "channelId=244176" not in seller.open("health", channelId="555001").text
    assert seller.open("health", channelId="999").location == f"{CSP}{KINDS['health']['path']}?channelId=244176"


def test_further_recordings_are_further_stores() -> None:
    with StandIn(NORTHWIND, others=[RECORDINGS / "harbor"]) as standin:
        seller = Client(standin)
        seller.login()
        assert [store.name for store in standin.stores] == ["Northwind Official Store", "Harbor Home Premium"]
        assert seller.rows("orders", channelId="363432", view="all")["totalItem"] == 74


def test_a_recorded_page_that_is_something_else_stays_so() -> None:
    with StandIn(RECORDINGS / "broken", hang_s=0.01) as standin:
        seller = Client(standin)
        seller.login()
        assert seller.open("products").body == (RECORDINGS / "broken" / "pages" / "products-1.html").read_bytes()
        with pytest.raises((ConnectionError, ssl.SSLError)):
            seller.open("settings")


def test_rows_shift_during_the_first_reading_only(seller: Client) -> None:
    seller.standin.options.shifting = True
    view = {"view": "awaiting_shipment"}

    def read() -> tuple[list[str], int]:
        pages = [seller.rows("orders", current=page, **view) for page in (1, 2)]
        return [order_id(row) for page in pages for row in page["rows"]], pages[-1]["totalItem"]

    everything = set(recorded_orders(NORTHWIND, 1, 2))
    first, total = read()
    assert total == len(everything) == len(first)
    assert len(set(first)) == total - 1
    second, _ = read()
    assert set(second) == everything


# How it is reached


def test_the_configuration_names_store_and_stand_in(standin: StandIn) -> None:
    config = tomllib.loads(standin.config_toml())
    store = {"channel_id": "244176", "name": "Northwind Official Store", "id": "1102345678"}
    assert config["stores"] == {"northwind": store}
    assert config["browser"] == {"args": standin.chromium_args(), "ignore_https_errors": True}
    assert config["budget"] == {"min_interval_s": 0}
    assert f"MAP *.aliexpress.com 127.0.0.1:{standin.port} , " in standin.chromium_args()[0]


def test_it_runs_from_the_command_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.standin.__main__.forever", _interrupt)
    assert main([str(NORTHWIND)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("port ")
    assert "[stores.northwind]" in out


def _interrupt() -> None:
    raise KeyboardInterrupt
