"""LVL002–LVL006: weekly evaluations, red items, reasons, Flash Deals; and the recordings."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from checks.finding import OutcomeKind, Severity
from extractors import models as m
from tests import truths
from tests.rules.build_lvl import FIVE_STARS, ONE_DIAMOND, TODAY, health, item, level, tracker, usd, week, weeks
from tests.rules.build_pages import ZONE, Verdict, page, store, unreadable
from tests.rules.pages import says

STAR_0 = m.Level(kind="star", rank=0)
TWO_DIAMONDS = m.Level(kind="diamond", rank=2)


@pytest.mark.parametrize("recording", ["northwind", "harbor", "newstore", "broken"])
def test_the_recordings_come_out_as_their_truth_says(recording: str) -> None:
    assert truths.compare(truths.RECORDINGS / recording, ("LVL",)) == []


def judged(code: str, **given: Any) -> Verdict:
    return Verdict(code, store(level(**given)))


def both(**given: Any) -> tuple[list[str], list[str]]:
    return judged("LVL002", **given).ids, judged("LVL003", **given).ids


# --- weekly evaluations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latest", "before", "twice", "once"),
    [
        (0.0081, 0.0081, ["dispute_rate"], []),
        (0.0081, 0.0080, [], ["dispute_rate"]),
        (0.0080, 0.0081, [], []),
        (0.0080, 0.0080, [], []),
        (0.0081, None, [], ["dispute_rate"]),
        (None, 0.0081, [], []),
    ],
)
def test_two_weeks_in_a_row_against_one(
    latest: float | None, before: float | None, twice: list[str], once: list[str]
) -> None:
    assert both(weeks=weeks({"dispute_rate": latest}, {"dispute_rate": before})) == (twice, once)


def test_a_demotion_warning_names_both_weeks_and_the_line() -> None:
    found = judged("LVL002", weeks=weeks({"dispute_rate": 0.0196}, {"dispute_rate": 0.0203})).one
    assert (found.severity, found.subject.type, found.due_at) == (Severity.ERROR, "level", None)
    says(found, "2.03%", "1.96%", "0.80%", "2026-06-07")
    assert "一钻" in found.message.zh
    assert "One Diamond" in found.message.en
    assert found.threshold is not None
    assert found.threshold.programme == "one_diamond"


def test_one_week_left_is_due_at_the_end_of_the_day_of_the_next_evaluation() -> None:
    found = judged("LVL003", weeks=weeks({"fulfilment_rate": 0.9384}, {})).one
    assert found.severity is Severity.WARNING
    assert found.due_at == datetime(2026, 6, 14, 23, 59, 59, tzinfo=ZONE)
    says(found, "93.84%", "95.00%", "2026-06-14")


def test_one_week_left_without_a_date_has_no_due_time() -> None:
    assert judged("LVL003", weeks=weeks({"fulfilment_rate": 0.9}, {}), next_evaluation_on=None).one.due_at is None


def test_the_order_of_rows_is_nothing_and_old_weeks_do_not_count() -> None:
    bad = {"dispute_rate": 0.02}
    assert both(weeks=weeks(bad, {}, bad)[::-1]) == ([], ["dispute_rate"])
    assert both(weeks=weeks({}, bad, bad)) == ([], [])


def test_weeks_apart_are_not_consecutive() -> None:
    bad = {"dispute_rate": 0.02}
    apart = (week(TODAY - timedelta(days=3), **bad), week(TODAY - timedelta(days=17), **bad))
    assert judged("LVL003", weeks=apart).ids == ["dispute_rate"]
    verdict = judged("LVL002", weeks=apart)
    assert (verdict.kind, verdict.findings) == (OutcomeKind.UNKNOWN, ())


def test_a_first_evaluation_leaves_one_week() -> None:
    assert judged("LVL003", weeks=weeks({"dispute_rate": 0.02})).ids == ["dispute_rate"]
    assert judged("LVL002", weeks=weeks({"dispute_rate": 0.02})).kind is OutcomeKind.UNKNOWN
    assert judged("LVL002", weeks=weeks({})).kind is OutcomeKind.PASS


def test_a_week_that_has_not_ended_is_no_evaluation() -> None:
    running = week(TODAY + timedelta(days=4), dispute_rate=0.02)
    assert both(weeks=(running, *weeks({}, {}))) == ([], [])


def test_the_trackers_line_holds_for_other_levels() -> None:
    lines = tracker(item("dispute_rate", 0.005, threshold=0.03))
    given = {"current": m.Level(kind="star", rank=2), "next": m.Level(kind="star", rank=3), "tracker": lines}
    assert both(weeks=weeks({"dispute_rate": 0.0301}, {"dispute_rate": 0.02}), **given) == ([], ["dispute_rate"])
    assert both(weeks=weeks({"dispute_rate": 0.03}, {}), **given) == ([], [])


def test_a_store_at_one_diamond_is_held_to_one_diamonds_line_not_to_the_next() -> None:
    lines = tracker(item("dispute_rate", 0.0075, threshold=0.007))
    given = {"current": ONE_DIAMOND, "next": TWO_DIAMONDS, "tracker": lines}
    assert both(weeks=weeks({"dispute_rate": 0.0075}, {"dispute_rate": 0.0075}), **given) == ([], [])
    assert both(weeks=weeks({"dispute_rate": 0.0081}, {"dispute_rate": 0.0081}), **given) == (["dispute_rate"], [])


def test_a_metric_without_any_line_is_unknown() -> None:
    given = {"current": TWO_DIAMONDS, "next": m.Level(kind="diamond", rank=3), "tracker": ()}
    assert judged("LVL002", weeks=weeks({}, {}), **given).kind is OutcomeKind.UNKNOWN


@pytest.mark.parametrize("code", ["LVL002", "LVL003"])
def test_evaluations_missing_unread_or_beside_the_point(code: str) -> None:
    assert judged(code, weeks=()).kind is OutcomeKind.NOT_APPLICABLE
    assert judged(code, weeks=(), absent={"weeks": "每周评估"}).kind is OutcomeKind.UNKNOWN
    assert judged(code, current=STAR_0).kind is OutcomeKind.NOT_APPLICABLE
    assert Verdict(code, store(page("level", None))).kind is OutcomeKind.UNKNOWN
    garbled = level(unreadable("weeks.dispute_rate"), weeks=weeks({"dispute_rate": None}, {}))
    assert Verdict(code, store(garbled)).kind is OutcomeKind.UNKNOWN


# --- LVL004 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "ids"), [("red", ["response_rate"]), ("amber", []), ("green", [])])
def test_only_red_is_an_alarm(state: str, ids: list[str]) -> None:
    assert judged("LVL004", tracker=tracker(item("response_rate", 0.9312, state=state))).ids == ids


def test_a_red_item_names_value_and_requirement() -> None:
    found = judged("LVL004", tracker=tracker(item("response_rate", 0.9312, state="red"))).one
    assert (found.severity, found.subject.type) == (Severity.ERROR, "level")
    says(found, "Response Rate", "93.12%", "95.00%")


def test_a_red_item_without_a_value_is_still_red() -> None:
    assert judged("LVL004", tracker=tracker(item("health_score", None, state="red"))).ids == ["health_score"]


def test_an_item_without_a_state_and_an_empty_tracker_are_unknown() -> None:
    assert judged("LVL004", tracker=tracker(item("health_score", 90.0, state=None))).kind is OutcomeKind.UNKNOWN
    assert judged("LVL004", tracker=()).kind is OutcomeKind.UNKNOWN
    assert Verdict("LVL004", store()).kind is OutcomeKind.UNKNOWN


# --- LVL005 -------------------------------------------------------------------------------------------------------


def test_each_reason_is_told_with_its_snapshot() -> None:
    reason = m.WhyNot(label="物流服务评分", text="评分低于要求", snapshot="Last 30 days logistics score: 4.62/5.0")
    found = judged("LVL005", why_not=(reason,)).one
    assert (found.severity, found.subject.type, found.subject.id) == (Severity.WARNING, "level", "物流服务评分")
    says(found, "物流服务评分", "评分低于要求", "4.62/5.0")
    assert found.evidence is not None
    assert found.evidence.label == "物流服务评分"


def test_a_bare_reason_is_enough() -> None:
    assert judged("LVL005", why_not=(m.WhyNot(label="Alipay", text=None, snapshot=None),)).ids == ["Alipay"]


def test_no_reasons() -> None:
    assert judged("LVL005").kind is OutcomeKind.PASS
    assert judged("LVL005", absent={"why_not": "Why Not Upgraded?"}).kind is OutcomeKind.NOT_APPLICABLE
    assert Verdict("LVL005", store(page("level", None))).kind is OutcomeKind.UNKNOWN
    assert Verdict("LVL005", store(level(unreadable("why_not")))).kind is OutcomeKind.UNKNOWN


# --- LVL006 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sales", "returns", "lacking"),
    [
        ("5000.00", 0.035, ()),
        ("4999.99", 0.035, ("4,999.99",)),
        ("5000.00", 0.0351, ("3.51%",)),
        ("4999.99", 0.0351, ("4,999.99", "3.51%")),
    ],
)
def test_flash_deals_need_sales_and_few_returns(sales: str, returns: float, lacking: tuple[str, ...]) -> None:
    found = Verdict("LVL006", store(health(sales_30d=usd(sales), return_rate=returns))).one
    assert (found.severity, found.subject.type, found.subject.id) == (Severity.INFO, "level", "flash_deals")
    assert found.message.en.startswith("Not eligible" if lacking else "Eligible")
    assert found.message.zh.startswith("暂不能" if lacking else "可以")
    says(found, *lacking)


def test_flash_deals_lines_can_be_overridden() -> None:
    verdict = Verdict("LVL006", store(health(return_rate=0.04)), overrides={"level_flash_deals_return_rate": 0.05})
    assert verdict.one.message.en.startswith("Eligible")


@pytest.mark.parametrize(
    ("reading", "kind"),
    [
        (health(return_rate=None), OutcomeKind.NOT_APPLICABLE),
        (health(sales_30d=None), OutcomeKind.NOT_APPLICABLE),
        (health(unreadable("return_rate"), return_rate=None), OutcomeKind.UNKNOWN),
        (health(sales_30d=usd("72.54", "CNY")), OutcomeKind.UNKNOWN),
        (page("health", None), OutcomeKind.UNKNOWN),
    ],
    ids=["returns not assessed", "sales not assessed", "returns not understood", "another currency", "login page"],
)
def test_flash_deals_are_not_guessed(reading: m.Reading, kind: OutcomeKind) -> None:
    verdict = Verdict("LVL006", store(reading))
    assert (verdict.kind, verdict.findings) == (kind, ())


def test_a_findings_identity_is_not_its_value() -> None:
    mild = judged("LVL003", current=FIVE_STARS, weeks=weeks({"health_score": 84.9}, {"health_score": 85.0})).one
    says(mild, "84.9", "85")
    assert mild.fingerprint == judged("LVL003", weeks=weeks({"health_score": 50.0}, {})).one.fingerprint
