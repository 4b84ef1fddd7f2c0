"""The logistics rules over the recordings' truths, over the exports' truths, and over a very large store."""

import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checks.engine import Judgement, judge
from checks.facts import Facts
from checks.policy import Policy
from checks.rule import selected
from extractors import models as m
from tests.rules.build_log import NOW, S, ago, number, order, orders_page
from tests.truths import RECORDINGS, compare, load

MINUTES = timedelta(minutes=5)


@pytest.mark.parametrize("name", ["northwind", "harbor", "newstore", "broken"])
def test_recordings(name: str) -> None:
    assert compare(RECORDINGS / name, ("LOG",)) == []


def export_facts(truth: dict[str, Any]) -> Facts:
    """The facts of an order export, from its truth: what the list alone knows is null."""
    now = datetime.fromisoformat(truth["now"])
    data = m.OrdersData.model_validate(truth["data"])
    seen = m.Seen.on("order_export", 1, now, {}, {})
    reading = m.Reading(
        kind="order_export",
        view=None,
        sequence=1,
        url=None,
        captured_at=now,
        verdict=m.Verdict.EXPECTED,
        data=data.model_copy(update={"orders": tuple(replace(o, seen=seen) for o in data.orders)}),
    )
    return Facts(m.Store(), now, now, ZoneInfo("America/Los_Angeles"), (reading,))


def judged_export(truth: dict[str, Any]) -> Judgement:
    now = datetime.fromisoformat(truth["now"])
    return judge(export_facts(truth), selected(("LOG",)), Policy(now.date(), {}), now)


@pytest.mark.parametrize("name", ["orders_zh", "orders_en"])
def test_exports(name: str) -> None:
    truth = load(RECORDINGS / "exports" / f"{name}.truth.json")
    judgement = judged_export(truth)
    wanted = {
        (w["code"], w["subject"]["type"], w["subject"]["id"], w["severity"]): w["due_at"] for w in truth["findings"]
    }
    found = {(f.code, f.subject.type, f.subject.id, f.severity.value): f.due_at for f in judgement.findings}
    assert found.keys() == wanted.keys()
    assert len(judgement.findings) == len(found)
    for key, due in wanted.items():
        at = found[key]
        assert due is None or (at and abs(at - datetime.fromisoformat(due)) <= MINUTES), key
    outcomes = {o.code: o.kind.value for o in judgement.outcomes}
    assert {code for code, kind in outcomes.items() if kind == "fail"} == {w["code"] for w in truth["findings"]}
    # An export shows neither the sync state nor the first-scan deadline: that is unknown, never a pass.
    assert outcomes["LOG001"] == outcomes["LOG017"] == "unknown"


@pytest.mark.parametrize("name", ["orders_zh", "orders_en"])
def test_an_empty_cell_may_be_an_entry_without_a_number(name: str) -> None:
    truth = load(RECORDINGS / "exports" / f"{name}.truth.json")
    before = {f.fingerprint for f in judged_export(truth).findings}
    for row in truth["data"]["orders"]:
        row["tracking"] = row["tracking"] or [{"number": None, "carrier": None, "sync": None}]
    assert {f.fingerprint for f in judged_export(truth).findings} == before


def test_ten_times_the_orders_are_ten_times_the_work() -> None:
    """Counted in calls, since time depends on the machine; a rule that compares orders in pairs would be far over."""

    def calls(count: int) -> int:
        rows = tuple(
            order(
                f"{8_000_000_000_000_000 + i}",
                (S.AWAITING_RECEIPT, S.COMPLETED, S.AWAITING_SHIPMENT, S.CLOSED)[i % 4],
                placed_at=ago(days=i % 100),
                tracking=(number(f"LB{i:09}CN", None, "China Post"),),
            )
            for i in range(count)
        )
        facts = Facts(m.Store(id="1"), NOW, NOW, ZoneInfo("America/Los_Angeles"), (orders_page(*rows),))
        rules, policy, seen = selected(("LOG",)), Policy(NOW.date(), {}), Counter[str]()
        before = sys.getprofile()
        sys.setprofile(lambda frame, event, argument: seen.update((event,)))
        try:
            judge(facts, rules, policy, NOW)
        finally:
            sys.setprofile(before)
        return seen["call"] + seen["c_call"]

    calls(10)
    assert calls(3_000) < 12 * calls(300)
