"""Tracking numbers of a store: malformed, reused, of another carrier (LOG008, LOG009, LOG018)."""

import pytest

from checks.tracking_number import s10_check_digit
from extractors import models as m
from tests.rules.build_log import (
    FAIL,
    NONE,
    NOW,
    PASS,
    UNKNOWN,
    A,
    B,
    C,
    S,
    judged,
    number,
    only,
    order,
    orders_page,
    page,
    parcel,
    run,
    tracking_page,
    unnumbered,
)

LB = "LB104060594CN"
USPS = "9361289878700317633795"
USPS_2 = "9274301550189082650496"
UPS = "1Z8V92A70367203024"
CODES = ("LOG008", "LOG009", "LOG018")


def s10(serial: int, series: str = "LBCN", slip: int = 0) -> str:
    """A number of the series with its check digit, or with one that is wrong by ``slip``."""
    digits = f"{serial:08}"
    return f"{series[:2]}{digits}{(s10_check_digit(digits) + slip) % 10}{series[2:]}"


def store(*numbers: str) -> list[m.Order | m.Parcel]:
    """Each number on an order of its own."""
    ids = [f"82{i:014}" for i in range(len(numbers))]
    orders = [order(i) for i in ids]
    return [*orders, *(parcel(n, i) for n, i in zip(numbers, ids, strict=True))]


# --- LOG008 tracking-number-malformed -----------------------------------------------------------------------------

GOOD = [s10(i) for i in range(3)]
WRONG = s10(7, slip=1)


@pytest.mark.parametrize(
    ("numbers", "outcome", "ids"),
    [
        ([LB], PASS, []),
        (["YT7278412242596920", USPS, UPS, "12345678-0001-1", "612999AA10", "RX12345"], PASS, []),
        (["LB6015#74744CN?"], FAIL, ["LB6015#74744CN?"]),
        (["LB104060 594CN"], FAIL, ["LB104060 594CN"]),
        (["待补"], FAIL, ["待补"]),
        (["N/A"], FAIL, ["N/A"]),
        (["LP00186872357713"], FAIL, ["LP00186872357713"]),
        ([s10(5, "LPCN")], PASS, []),
        # The check digit speaks only where most of the series pass it.
        ([*GOOD, WRONG], FAIL, [WRONG]),
        ([*GOOD[:2], WRONG], PASS, []),
        ([WRONG], PASS, []),
        ([*GOOD, WRONG, s10(8, slip=2), s10(9, slip=3)], PASS, []),  # half of six
        ([*GOOD, s10(4), WRONG, s10(8, slip=2), s10(9, slip=3)], FAIL, [WRONG, s10(8, slip=2), s10(9, slip=3)]),
        ([s10(i, "QQBR", slip=i % 5) for i in range(20)], PASS, []),
        # A series is letters and country: the others' passes prove nothing.
        ([*GOOD, s10(7, "LBBR", slip=1), s10(7, "LXCN", slip=1)], PASS, []),
    ],
)
def test_number_malformed(numbers: list[str], outcome: str, ids: list[str]) -> None:
    kind, found = judged("LOG008", *store(*numbers))
    assert (kind, sorted(found)) == (outcome, sorted((i, "warning") for i in ids))


def test_a_series_counts_distinct_numbers() -> None:
    again = [parcel(GOOD[0], f"83{i:014}") for i in range(5)]
    assert judged("LOG008", *store(GOOD[0], GOOD[1], WRONG), *again)[0] == PASS


def test_the_series_may_be_proven_by_closed_orders_which_are_not_judged() -> None:
    closed = [order(f"84{i:014}", S.CLOSED, tracking=(number(n),)) for i, n in enumerate(GOOD)]
    assert judged("LOG008", *closed, order(tracking=(number(WRONG),))) == (FAIL, [(WRONG, "warning")])
    live = [order(f"84{i:014}", tracking=(number(n),)) for i, n in enumerate(GOOD)]
    assert judged("LOG008", *live, order(status=S.CLOSED, tracking=(number(WRONG),)))[0] == PASS


def test_a_wrong_number_is_one_finding_wherever_it_stands() -> None:
    bad = "LP00186872357713"
    rows = [order(tracking=(number(bad),)), order(B), parcel(bad), parcel(bad, B), parcel(bad.lower(), C)]
    assert judged("LOG008", *rows) == (FAIL, [(bad, "warning")])


def test_malformed_messages_say_why() -> None:
    stray = only("LOG008", *store("LB6015#74744CN?"))
    assert stray.subject.type == "parcel"
    assert "字符" in stray.message.zh
    assert "characters" in stray.message.en
    assert stray.threshold is None
    lp = only("LOG008", *store("LP00186872357713"))
    assert "菜鸟" in lp.message.zh
    assert "Cainiao" in lp.message.en
    digit = only("LOG008", *store(*GOOD, WRONG))
    for shown in (WRONG, "LB…CN", "4 个单号", "75.00%", "实操经验"):
        assert shown in digit.message.zh
    for shown in (WRONG, "LB…CN", "4 numbers", "75.00%", "field practice"):
        assert shown in digit.message.en
    assert digit.threshold
    assert (digit.threshold.value, digit.threshold.programme) == (0.5, "field_practice")


# --- LOG009 tracking-number-reused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "outcome", "ids"),
    [
        ([order(), order(B), parcel(), parcel(order_id=B)], FAIL, [LB]),
        ([order(tracking=(number(LB),)), order(B, tracking=(number(LB),))], FAIL, [LB]),
        ([order(tracking=(number(LB),)), order(B), parcel(order_id=B)], FAIL, [LB]),
        ([order(tracking=(number(LB),)), order(B, tracking=(number(LB.lower()),))], FAIL, [LB]),
        ([order(), order(B), order(C), parcel(), parcel(order_id=B), parcel(order_id=C)], FAIL, [LB]),
        # One parcel seen on several pages is no reuse.
        ([order(tracking=(number(LB), number(LB))), parcel()], PASS, []),
        ([order(), order(B), parcel(), parcel("X2"), parcel("X3", B)], PASS, []),
        # Closed and cancelled orders are never judged.
        ([order(), order(B, S.CLOSED), parcel(), parcel(order_id=B)], PASS, []),
        ([order(), order(B, after_sale=m.AfterSale.CANCELLED), parcel(), parcel(order_id=B)], PASS, []),
        ([order(status=S.COMPLETED), order(B), parcel(), parcel(order_id=B)], FAIL, [LB]),
    ],
)
def test_number_reused(rows: list[m.Order | m.Parcel], outcome: str, ids: list[str]) -> None:
    assert judged("LOG009", *rows) == (outcome, [(i, "warning") for i in ids])


def test_one_parcel_on_two_pages_is_no_reuse() -> None:
    pages = (tracking_page(parcel()), tracking_page(parcel(), sequence=2))
    assert run("LOG009", orders_page(order()), *pages)[0].kind == PASS


def test_reuse_names_the_orders() -> None:
    found = only("LOG009", order(), order(B), parcel(), parcel(order_id=B))
    assert found.subject.type == "parcel"
    for shown in (LB, A, B, "2 个订单", "实操经验"):
        assert shown in found.message.zh
    for shown in (LB, A, B, "2 orders", "field practice"):
        assert shown in found.message.en


# --- LOG018 carrier-number-mismatch -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("carriers", "outcome", "ids"),
    [
        ([(USPS, "FEDEX")], FAIL, ["FEDEX:USPS"]),
        ([(USPS, "FEDEX"), (USPS_2, " FEDEX ")], FAIL, ["FEDEX:USPS"]),
        ([(USPS, "FEDEX"), (USPS_2, "FedEx")], FAIL, ["FEDEX:USPS"]),
        ([(USPS, "FEDEX"), (UPS, "FEDEX")], FAIL, ["FEDEX:UPS", "FEDEX:USPS"]),
        ([(USPS, "FEDEX"), (USPS_2, "DHL")], FAIL, ["DHL:USPS", "FEDEX:USPS"]),
        ([(s10(3, "LBUS"), "China Post")], FAIL, ["China Post:USPS"]),
        ([(f"42090210{USPS}", "FEDEX")], FAIL, ["FEDEX:USPS"]),
        ([(USPS, "USPS"), (USPS_2, "United States Postal Service"), (UPS, "UPS")], PASS, []),
        # A shape that could be anyone's, or a check digit that fails, accuses nobody.
        ([(USPS[:-1] + "4", "FEDEX"), ("YT7278412242596920", "FEDEX"), (LB, "FEDEX")], PASS, []),
        ([(USPS, None)], UNKNOWN, []),
        ([(USPS, None), (USPS, "USPS")], PASS, []),
        ([(LB, None)], PASS, []),
    ],
)
def test_carrier_mismatch(carriers: list[tuple[str, str | None]], outcome: str, ids: list[str]) -> None:
    rows = [parcel(n, f"82{i:014}", carrier=carrier) for i, (n, carrier) in enumerate(carriers)]
    kind, found = judged("LOG018", *(order(p.order_id) for p in rows), *rows)
    assert (kind, sorted(found)) == (outcome, [(i, "info") for i in ids])


def test_carrier_mismatch_counts_numbers() -> None:
    rows = [parcel(USPS, A, carrier="FEDEX"), parcel(USPS, B, carrier="FEDEX"), parcel(USPS_2, C, carrier="FEDEX")]
    found = only("LOG018", order(), order(B), order(C), *rows)
    assert (found.subject.type, found.observed.en) == ("carrier", "2 numbers of USPS shape")
    for text in (found.message.zh, found.message.en):
        assert "FEDEX" in text
        assert "USPS" in text
        assert "2" in text
    assert "实操经验" in found.message.zh


def test_the_carrier_of_a_complete_order_is_nobody_s_worry() -> None:
    assert judged("LOG018", order(status=S.COMPLETED, tracking=(number(USPS),)))[0] == PASS
    assert judged("LOG018", order(tracking=(number(USPS),)))[0] == UNKNOWN
    assert judged("LOG018", order(tracking=(number(USPS),)), parcel(USPS, carrier="USPS"))[0] == PASS
    assert judged("LOG018", order(status=S.CLOSED, tracking=(number(USPS, carrier="FEDEX"),)))[0] == NONE


# --- What all three need ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_numbers_that_no_page_shows(code: str) -> None:
    assert judged(code, order())[0] == UNKNOWN
    assert judged(code, order(), order(B), parcel(order_id=B))[0] == UNKNOWN
    assert judged(code, order(tracking=(number(None, "missing"),)))[0] == NONE
    assert judged(code, order(), unnumbered())[0] == NONE
    assert judged(code)[0] == NONE
    assert run(code)[0].kind == UNKNOWN
    assert run(code, page("orders", None))[0].kind == UNKNOWN
    assert run(code, page("orders", None), tracking_page(parcel()))[0].kind == UNKNOWN
    assert run(code, orders_page(order(tracking=(number(LB),))), page("tracking", None))[0].kind == UNKNOWN
    assert run(code, tracking_page(parcel()))[0].kind == PASS


def test_numbers_of_an_export() -> None:
    cells = (number("LP00186872357713", None, "China Post"), number(USPS, None, "FEDEX"))
    rows = (order(tracking=cells), order(B, tracking=cells))
    pages = orders_page(*rows, kind="order_export", captured_at=NOW)
    assert [f.subject.id for f in run("LOG008", pages)[1]] == ["LP00186872357713"]
    assert {f.subject.id for f in run("LOG009", pages)[1]} == {"LP00186872357713", USPS}
    assert [f.subject.id for f in run("LOG018", pages)[1]] == ["FEDEX:USPS"]


def test_an_own_line_for_the_series() -> None:
    rows = store(*GOOD[:2], WRONG)
    assert judged("LOG008", *rows, overrides={"check_digit_numbers": 3.0})[0] == FAIL
    assert judged("LOG008", *store(*GOOD, WRONG), overrides={"LOG008": 0.8})[0] == PASS
