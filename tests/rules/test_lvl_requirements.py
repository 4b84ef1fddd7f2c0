"""LVL001 and LVL007: what is still open for the next level, and when nothing is."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from checks.finding import OutcomeKind, Severity
from extractors import models as m
from tests.rules.build_lvl import (
    FIVE_STARS,
    MET,
    ONE_DIAMOND,
    TODAY,
    document,
    documents,
    item,
    level,
    papers,
    tracker,
    violation,
    violations,
)
from tests.rules.build_pages import NOW, ZONE, Verdict, page, store, unreadable
from tests.rules.pages import says

THREE_DIAMONDS = m.Level(kind="diamond", rank=3)
TOP = m.Level(kind="crown", rank=5)


def gap(*readings: m.Reading, **given: Any) -> Verdict:
    return Verdict("LVL001", store(*readings), **given)


def on_tracker(line: m.TrackerItem, **given: Any) -> Verdict:
    return gap(level(tracker=tracker(line), **given), documents(), violations())


def on_papers(*held: m.Document, **given: Any) -> Verdict:
    return gap(level(), documents(*held, **given), violations())


# --- the tracker --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "met", "missed"),
    [
        ("positive_rate", 0.97, 0.9699),
        ("fulfilment_rate", 0.95, 0.9499),
        ("dispute_rate", 0.008, 0.0081),
        ("rating_description", 4.7, 4.69),
        ("rating_logistics", 4.7, 4.69),
        ("rating_service", 4.7, 4.69),
        ("health_score", 85.0, 84.9),
        ("response_rate", 0.95, 0.9499),
        ("order_defect_rate", 0.010, 0.0101),
    ],
)
def test_a_requirement_is_met_on_its_line_and_not_beyond(name: str, met: float, missed: float) -> None:
    assert on_tracker(item(name, met)).kind is OutcomeKind.PASS
    found = on_tracker(item(name, missed)).one
    assert (found.subject.type, found.subject.id, found.severity) == ("level", name, Severity.WARNING)


def test_a_gap_names_value_requirement_distance_and_level() -> None:
    found = on_tracker(item("dispute_rate", 0.0196, state="red")).one
    says(found, "1.96%", "0.80%", "1.16")
    assert "1钻" in found.message.zh
    assert "1 Diamond" in found.message.en
    assert found.observed.en == "1.96%"
    assert found.expected.en == "≤ 0.80%"
    assert found.threshold is not None
    assert (found.threshold.programme, found.threshold.source, found.threshold.value) == ("one_diamond", "S0", 0.008)
    assert found.due_at is None


def test_the_value_decides_whatever_colour_the_tracker_shows() -> None:
    assert on_tracker(item("health_score", 83.4, state="amber")).ids == ["health_score"]
    assert on_tracker(item("health_score", 83.4, state="green")).ids == ["health_score"]
    assert on_tracker(item("health_score", 85.0, state="red")).kind is OutcomeKind.PASS


def test_other_levels_take_their_requirements_from_the_page_only() -> None:
    line = item("dispute_rate", 0.0065, threshold=0.006)
    verdict = gap(level(next=THREE_DIAMONDS, tracker=(line,)))
    assert verdict.ids == ["dispute_rate"]
    assert verdict.one.threshold is not None
    assert (verdict.one.threshold.programme, verdict.one.threshold.source) == ("next_level", "page")
    assert "3 Diamonds" in verdict.one.message.en
    assert (
        gap(level(next=THREE_DIAMONDS, tracker=(item("dispute_rate", 0.01, threshold=0.02),))).kind is OutcomeKind.PASS
    )


def test_a_page_line_that_differs_from_the_policy_is_the_one_that_counts() -> None:
    assert on_tracker(item("dispute_rate", 0.0085, threshold=0.009)).kind is OutcomeKind.PASS


def test_one_diamonds_line_stands_in_where_the_page_shows_none() -> None:
    assert on_tracker(item("positive_rate", 0.96, line=None)).ids == ["positive_rate"]


def test_no_line_is_invented_for_another_level() -> None:
    line = item("positive_rate", 0.5, line=None, state="amber")
    verdict = gap(level(next=THREE_DIAMONDS, tracker=(line,)))
    assert verdict.kind is OutcomeKind.NOT_APPLICABLE
    assert "positive feedback" in verdict.reason


def test_an_override_replaces_the_page_line_and_shows() -> None:
    verdict = gap(level(), documents(), violations(), overrides={"level_dispute_rate": 0.004})
    assert verdict.ids == ["dispute_rate"]
    assert verdict.one.threshold is not None
    assert verdict.one.threshold.overridden


def test_an_unknown_metric_is_judged_by_the_pages_own_mark() -> None:
    unknown = item("other", 3.0, threshold=5.0, unit="count", label="参加活动次数", state="red")
    found = on_tracker(unknown).one
    assert found.subject.id == "other"
    says(found, "参加活动次数")
    assert on_tracker(unknown.model_copy(update={"state": "green"})).kind is OutcomeKind.PASS


def test_several_unknown_metrics_are_told_apart_by_label() -> None:
    lines = [item("other", 1.0, threshold=2.0, label=label, state="red") for label in ("甲", "乙")]
    verdict = gap(level(tracker=tracker(*lines)), documents(), violations())
    assert set(verdict.ids) == {"other:甲", "other:乙"}


def test_a_metric_that_is_not_assessed_is_neither_met_nor_missed() -> None:
    verdict = on_tracker(item("positive_rate", None, state="amber"))
    assert verdict.kind is OutcomeKind.NOT_APPLICABLE
    assert "positive feedback" in verdict.reason


def test_a_red_mark_without_a_value_is_missed() -> None:
    assert on_tracker(item("positive_rate", None, state="red")).ids == ["positive_rate"]


def test_a_value_that_was_not_understood_is_unknown() -> None:
    reading = level(unreadable("tracker.positive_rate"), tracker=tracker(item("positive_rate", None, state="amber")))
    assert gap(reading, documents(), violations()).kind is OutcomeKind.UNKNOWN


def test_a_tracker_without_a_known_requirement_of_one_diamond_is_unknown() -> None:
    verdict = gap(level(tracker=tracker(without="health_score")), documents(), violations())
    assert verdict.kind is OutcomeKind.UNKNOWN
    assert "health score" in verdict.reason


def test_an_empty_tracker_is_unknown() -> None:
    assert gap(level(tracker=()), documents(), violations()).kind is OutcomeKind.UNKNOWN


def test_no_level_page_is_unknown() -> None:
    assert gap(page("level", None), documents(), violations()).kind is OutcomeKind.UNKNOWN
    assert gap().kind is OutcomeKind.UNKNOWN


def test_the_next_level_is_the_one_above_when_the_page_shows_none() -> None:
    lacking = papers(document("alipay_binding", "not_bound"))
    assert gap(level(next=None), documents(*lacking), violations()).ids == ["alipay"]
    assert gap(level(next=None, current=ONE_DIAMOND), documents(*lacking), violations()).kind is OutcomeKind.PASS


def test_the_highest_level_has_no_next() -> None:
    assert gap(level(current=TOP, next=None)).kind is OutcomeKind.NOT_APPLICABLE


def test_a_store_whose_level_is_not_on_the_page_is_unknown() -> None:
    assert gap(level(current=None, next=None, absent={"current": "当前等级"})).kind is OutcomeKind.UNKNOWN


# --- beside the tracker -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("captured", "met"),
    [
        (datetime(2026, 6, 12, 23, 59, 59, tzinfo=ZONE), True),
        (datetime(2026, 6, 13, 0, 0, 0, tzinfo=ZONE), False),
        (datetime(2026, 6, 12, 0, 0, 0, tzinfo=ZONE), True),
    ],
)
def test_the_licence_needs_ninety_days_from_the_capture(captured: datetime, met: bool) -> None:
    licence = document("business_licence", valid_until=date(2026, 9, 10))
    verdict = on_papers(*papers(licence), at=captured)
    assert verdict.ids == ([] if met else ["licence_validity"])


def test_a_short_licence_is_named_with_its_days_and_end() -> None:
    found = on_papers(*papers(document("business_licence", "expiring", valid_until=date(2026, 7, 20)))).one
    says(found, "40", "90", "2026-07-20")
    assert found.subject.id == "licence_validity"
    assert found.threshold is not None
    assert (found.threshold.value, found.threshold.unit) == (90.0, "days")


@pytest.mark.parametrize(
    "licence",
    [
        document("business_licence", valid_until=TODAY - timedelta(days=1), status="expired"),
        document("business_licence", valid_until=None, status="expired"),
    ],
)
def test_an_expired_licence_has_no_days_left(licence: m.Document) -> None:
    found = on_papers(*papers(licence)).one
    assert found.subject.id == "licence_validity"
    says(found, "0")


def test_a_long_term_licence_never_ends() -> None:
    licence = document("business_licence", valid_until=None, long_term=True)
    assert on_papers(*papers(licence)).kind is OutcomeKind.PASS


def test_a_licence_without_a_readable_validity_is_unknown() -> None:
    verdict = on_papers(*papers(document("business_licence", valid_until=None)))
    assert verdict.kind is OutcomeKind.UNKNOWN


@pytest.mark.parametrize("kind", ["business_licence", "legal_person_id_front", "legal_person_id_back"])
@pytest.mark.parametrize("status", ["missing", "rejected"])
def test_identity_needs_licence_and_both_sides_of_the_card(kind: str, status: str) -> None:
    verdict = on_papers(*papers(document(kind, status)))
    assert verdict.ids == ["identity"]
    assert "1 Diamond" in verdict.one.message.en


def test_several_identity_documents_make_one_finding() -> None:
    lacking = [document(k, "missing") for k in ("legal_person_id_front", "legal_person_id_back")]
    found = on_papers(*papers(*lacking)).one
    assert "人像面" in found.message.zh
    assert "国徽面" in found.message.zh


@pytest.mark.parametrize("status", ["under_review", None])
def test_identity_that_is_not_decided_is_unknown(status: str | None) -> None:
    assert on_papers(*papers(document("legal_person_id_back", status))).kind is OutcomeKind.UNKNOWN
    assert on_papers(*papers(without="legal_person_id_back")).kind is OutcomeKind.UNKNOWN


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("not_bound", OutcomeKind.FAIL),
        ("missing", OutcomeKind.FAIL),
        ("bound", OutcomeKind.PASS),
        ("approved", OutcomeKind.PASS),
        ("under_review", OutcomeKind.UNKNOWN),
        (None, OutcomeKind.UNKNOWN),
    ],
)
def test_alipay_must_be_bound(status: str | None, kind: OutcomeKind) -> None:
    verdict = on_papers(*papers(document("alipay_binding", status, valid_until=None)))
    assert verdict.kind is kind
    assert verdict.ids == (["alipay"] if kind is OutcomeKind.FAIL else [])


def test_alipay_that_the_page_does_not_list_is_unknown() -> None:
    assert on_papers(*papers(without="alipay_binding")).kind is OutcomeKind.UNKNOWN


@pytest.mark.parametrize(
    ("row", "ids"),
    [
        (violation(date(2026, 3, 12)), ["severe_violation"]),
        (violation(date(2026, 3, 11)), []),
        (violation(date(2026, 6, 1), severe=False), []),
        (violation(date(2026, 6, 1), severe=None), ["severe_violation"]),
    ],
    ids=["90 days ago", "91 days ago", "not severe", "class A without a word on severity"],
)
def test_a_severe_violation_counts_for_ninety_days(row: m.Violation, ids: list[str]) -> None:
    assert gap(level(), documents(), violations(row)).ids == ids


def test_a_severe_violation_is_named_with_its_date() -> None:
    found = gap(level(), documents(), violations(violation(date(2026, 6, 1)))).one
    says(found, "90", "2026-06-01")


def test_a_violation_without_a_date_is_unknown() -> None:
    assert gap(level(), documents(), violations(violation(None))).kind is OutcomeKind.UNKNOWN


@pytest.mark.parametrize(
    ("held", "ids"),
    [
        ((), ["compliance"]),
        ((document("ce", "rejected"),), ["compliance"]),
        ((document("ce", "approved", valid_until=TODAY - timedelta(days=1)),), ["compliance"]),
        ((document("ce", "approved"),), []),
        ((document("fcc", "expiring", valid_until=TODAY),), []),
        ((document("ukca", "approved", valid_until=None, long_term=True),), []),
    ],
)
def test_regulated_categories_need_a_certificate(held: tuple[m.Document, ...], ids: list[str]) -> None:
    verdict = on_papers(*papers(*held), regulated_categories=("美妆个护",))
    assert verdict.ids == ids
    for finding in verdict.findings:
        says(finding, "美妆个护")


def test_regulated_categories_that_were_not_read_are_unknown() -> None:
    verdict = on_papers(*papers(), absent={"regulated_categories": "监管类目"})
    assert verdict.kind is OutcomeKind.UNKNOWN


def test_conditions_beside_the_tracker_are_one_diamonds_alone() -> None:
    bare = papers(document("alipay_binding", "not_bound"), document("business_licence", "missing"))
    reading = level(next=THREE_DIAMONDS, current=m.Level(kind="diamond", rank=2))
    assert gap(reading, documents(*bare), violations(violation(TODAY))).kind is OutcomeKind.PASS
    assert gap(reading).kind is OutcomeKind.PASS


@pytest.mark.parametrize("missing", ["documents", "violations"])
def test_a_page_that_was_not_reached_is_unknown_but_hides_no_finding(missing: str) -> None:
    pages = {"documents": documents(), "violations": violations()}
    pages[missing] = page(missing, None)
    assert gap(level(), *pages.values()).kind is OutcomeKind.UNKNOWN
    short = level(tracker=tracker(item("dispute_rate", 0.02)))
    assert gap(short, *pages.values()).ids == ["dispute_rate"]


# --- LVL007 -------------------------------------------------------------------------------------------------------


def expected(*readings: m.Reading, **given: Any) -> Verdict:
    return Verdict("LVL007", store(*readings), **given)


def test_an_upgrade_is_expected_within_three_days_when_all_is_met() -> None:
    found = expected(level(), documents(), violations()).one
    assert (found.severity, found.subject.type, found.subject.id) == (Severity.INFO, "level", "diamond-1")
    assert found.due_at == NOW + timedelta(hours=72)
    says(found, "72", "2026-06-13 12:00")


def test_an_upgrade_beyond_one_diamond_needs_the_tracker_only() -> None:
    lines = tuple(item(name, value) for name, (value, _) in MET.items())
    assert expected(level(next=THREE_DIAMONDS, tracker=lines)).ids == ["diamond-3"]


@pytest.mark.parametrize(
    "reading",
    [
        level(tracker=tracker(item("dispute_rate", 0.0081))),
        level(tracker=tracker(item("positive_rate", None, state="amber"))),
        level(tracker=tracker(item("positive_rate", 0.99, state="red"))),
        level(why_not=(m.WhyNot(label="企业支付宝", text=None, snapshot=None),)),
    ],
    ids=["one line missed", "one not assessed", "one marked red", "a reason is listed"],
)
def test_no_upgrade_is_expected_while_anything_is_open(reading: m.Reading) -> None:
    assert expected(reading, documents(), violations()).kind is OutcomeKind.PASS
    assert expected(reading, page("documents", None), violations()).kind is OutcomeKind.PASS


def test_no_upgrade_is_expected_while_a_condition_is_open() -> None:
    bare = documents(*papers(document("alipay_binding", "not_bound")))
    assert expected(level(), bare, violations()).kind is OutcomeKind.PASS


def test_an_upgrade_cannot_be_told_without_the_papers() -> None:
    verdict = expected(level(), page("documents", None), violations())
    assert (verdict.kind, verdict.findings) == (OutcomeKind.UNKNOWN, ())


def test_no_upgrade_above_the_highest_level() -> None:
    assert expected(level(current=TOP, next=None)).kind is OutcomeKind.NOT_APPLICABLE
    assert expected(level(current=FIVE_STARS, next=None), documents(), violations()).ids == ["diamond-1"]
