"""What goes wrong on the stand-in backend when told to, and what it counts."""

from __future__ import annotations

import json
import socket
import ssl
import threading

import pytest

from fixtures.standin import Fault, StandIn
from fixtures.standin.site import ACTIONS, KINDS, SHOP_LIST, WRITE_APIS
from tests.conftest import RECORDINGS
from tests.standin_client import CSP, Client, seller, shared, standin, visitor

__all__ = ["seller", "shared", "standin", "visitor"]

NORTHWIND = RECORDINGS / "northwind"
ORDERS = KINDS["orders"]["api"]
HEALTH = KINDS["health"]["api"]


# Faults


@pytest.mark.parametrize(
    ("fault", "ret"),
    [
        (Fault.SESSION_EXPIRED, "FAIL_SYS_SESSION_EXPIRED"),
        (Fault.LOGIN_REDIRECT, "FAIL_SYS_SESSION_EXPIRED"),
        (Fault.PUNISH_API, "FAIL_SYS_USER_VALIDATE|RGV587_ERROR"),
        (Fault.TRAFFIC_LIMIT, "FAIL_SYS_TRAFFIC_LIMIT"),
        (Fault.INNER_FAULT, "FAIL_SYS_SERVICE_INNER_FAULT"),
        (Fault.EMPTY_SUCCESS, "SUCCESS"),
        (Fault.SKELETON, "SUCCESS"),
    ],
)
def test_faults_of_the_gateway(seller: Client, fault: Fault, ret: str) -> None:
    seller.standin.set_fault(fault, kind="health", after=1, where="gateway")
    assert "83.4" in seller.call(HEALTH).text
    assert seller.call(SHOP_LIST).ret.startswith("SUCCESS")
    answer = seller.call(HEALTH)
    assert answer.ret.startswith(ret)
    assert "83.4" not in answer.text
    seller.standin.clear_faults(fault)
    alive = fault is not Fault.LOGIN_REDIRECT
    assert ("83.4" in seller.call(HEALTH).text) == alive
    assert (seller.open("health").status == 200) == alive


def test_zeros_look_like_success_but_no_row_is_there(seller: Client) -> None:
    seller.standin.set_fault(Fault.EMPTY_SUCCESS)
    frame = seller.call(ORDERS, {"view": "all"}, "POST").json["data"]["frame"]
    assert "等待发货 (0)" in frame
    assert "next-loading" in frame
    assert "暂无数据" not in frame
    assert seller.call(SHOP_LIST).json["data"] == {"shopList": []}


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        (Fault.LOGIN_REDIRECT, 302, ""),
        (Fault.PUNISH_PAGE, 302, ""),
        (Fault.SLIDER, 200, "nc_1_n1z"),
        (Fault.PAGE_ERROR, 502, "502 Bad Gateway"),
        (Fault.LOST_PAGE, 200, "页面走丢了"),
        (Fault.OLD_LAYOUT, 200, "me-page"),
        (Fault.WRONG_STORE, 200, "channelId=555001"),
    ],
)
def test_faults_of_a_page(seller: Client, fault: Fault, status: int, text: str) -> None:
    seller.standin.set_fault(fault, kind="rating", times=1)
    assert "__shell" in seller.open("health").text
    answer = seller.open("rating")
    assert answer.status == status
    assert text in answer.text
    if fault is Fault.PUNISH_PAGE:
        assert "/_____tmd_____/punish?x5secdata=" in answer.location
        assert seller.get(answer.location).status == 200
    if fault is not Fault.LOGIN_REDIRECT:
        assert "__shell" in seller.open("rating").text


def test_a_truncated_answer_is_no_json(seller: Client) -> None:
    seller.standin.set_fault(Fault.TRUNCATED_JSON, kind="health", times=1)
    with pytest.raises(json.JSONDecodeError):
        seller.call(HEALTH).ret  # noqa: B018
    assert seller.call(HEALTH).ret.startswith("SUCCESS")


def test_a_gateway_error_is_no_json_either(seller: Client) -> None:
    seller.standin.set_fault(Fault.GATEWAY_ERROR)
    seller.call_once(HEALTH, {})
    assert seller.call_once(HEALTH, {}).status == 502


def test_a_hanging_request_ends_with_the_server() -> None:
    with StandIn(NORTHWIND) as standin:
        seller = Client(standin)
        seller.login()
        standin.set_fault(Fault.HANG, kind="orders")
        ended: list[str] = []
        arrived = threading.Thread(target=lambda: ended.append(_broken(seller)))
        arrived.start()
        seller.open("health")
        assert ended == []
    arrived.join(10)
    assert ended == ["broken"]


def _broken(seller: Client) -> str:
    try:
        seller.open("orders")
    except OSError:
        return "broken"
    return "answered"


def test_a_fault_belongs_to_its_place(standin: StandIn) -> None:
    with pytest.raises(ValueError, match="strikes only at the gateway, not at the page"):
        standin.set_fault(Fault.TRAFFIC_LIMIT, where="page")


# What is counted


def test_every_write_is_counted_and_no_read(seller: Client) -> None:
    for kind, facts in KINDS.items():
        seller.open(kind)
        seller.call(facts["api"], {}, facts["method"])
    assert seller.standin.writes == []
    seller.standin.forget()
    for action in ACTIONS:
        seller.call(action["api"], {}, action["method"])
    assert {api for _, _, api in seller.standin.writes} == WRITE_APIS
    seller.send("POST", f"{CSP}/order/batchShip.do", {"ids": "1"})
    assert seller.standin.writes[-1] == ("POST", "csp.aliexpress.com", "/order/batchShip.do")


def test_foreign_hosts_are_counted(visitor: Client) -> None:
    visitor.send("POST", "https://log.example-tracker.com/v.gif", {})
    assert [(seen.method, seen.host) for seen in visitor.standin.foreign] == [("POST", "log.example-tracker.com")]
    assert visitor.get("https://ae01.alicdn.com/kf/a.png").headers["content-type"] == "image/png"
    assert len(visitor.standin.foreign) == 1
    assert visitor.standin.count(host="ae01.alicdn.com", path="/kf/a.png") == 1


def test_what_is_said_over_a_websocket_is_a_write(standin: StandIn) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", standin.port)) as bare, context.wrap_socket(bare) as line:
        line.sendall(
            b"GET /channel HTTP/1.1\r\nHost: im-ws.aliexpress.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in line.recv(4096)
        line.sendall(b"\x81\x82\x00\x00\x00\x00hi\x88\x80\x00\x00\x00\x00")
        assert line.recv(4096) == b""
    assert standin.writes == [("WEBSOCKET", "im-ws.aliexpress.com", "/channel")]
