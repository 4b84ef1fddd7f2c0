"""MDL001–MDL007: the medal's metrics, its calendar in US time, protection, badges, and a level that fell."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from checks.finding import OutcomeKind, Severity
from extractors import models as m
from tests import truths
from tests.rules.build_mdl import disputes, medal, metric, replies, was
from tests.rules.build_pages import NOW, ZONE, Verdict, page, store, unreadable
from tests.rules.pages import says


@pytest.mark.parametrize("recording", ["northwind", "harbor", "newstore", "broken"])
def test_the_recordings_come_out_as_their_truth_says(recording: str) -> None:
    assert truths.compare(truths.RECORDINGS / recording, ("MDL",)) == []


def judged(code: str, *problems: m.Problem, now: datetime = NOW, **given: Any) -> Verdict:
    return Verdict(code, store(medal(*problems, **given)), now=now)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[arg-type,misc]


def one_metric(line: m.MedalMetric, current: str = "silver", **given: Any) -> Verdict:
    return judged("MDL001", metrics=(line,), current=current, **given)


# --- MDL001 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("current", "value", "line"),
    [
        ("silver", 0.8999, "90.00%"),
        ("silver", 0.9000, "93.00%"),
        ("silver", 0.9299, "93.00%"),
        ("silver", 0.9300, None),
        ("gold", 0.8999, "90.00%"),
        ("gold", 0.9000, None),
        ("ordinary", 0.8999, "93.00%"),
        ("ordinary", 0.9300, None),
    ],
)
def test_a_medal_is_kept_by_one_line_and_the_next_reached_by_another(
    current: str, value: float, line: str | None
) -> None:
    verdict = one_metric(replies(value), current)
    assert verdict.ids == ([] if line is None else ["24小时回复率"])
    if line is not None:
        assert verdict.one.expected.en == f"≥ {line}"
        says(verdict.one, line)


@pytest.mark.parametrize(("value", "fires"), [(0.0100, False), (0.0101, True), (0.0121, True)])
def test_where_lower_is_better_over_the_line_is_short(value: float, fires: bool) -> None:
    verdict = one_metric(disputes(value))
    assert bool(verdict.findings) is fires
    assert verdict.kind is (OutcomeKind.FAIL if fires else OutcomeKind.PASS)


def test_a_short_metric_names_value_medal_and_line() -> None:
    kept, reached = one_metric(replies(0.8841)).one, one_metric(replies(0.92)).one
    says(kept, "88.41%", "90.00%", "1.59", "2026-06-30")
    assert ("保住银牌" in kept.message.zh, "keep silver" in kept.message.en) == (True, True)
    assert ("升到金牌" in reached.message.zh, "reach gold" in reached.message.en) == (True, True)
    assert kept.threshold is not None
    assert (kept.threshold.name, kept.threshold.programme, kept.threshold.source) == ("medal_keep", "medal", "page")
    assert kept.subject.type == "medal"


def test_each_unit_is_written_its_own_way() -> None:
    money = metric("近90天成交额", 40000.0, 60000.0, 150000.0, unit="money")
    points = metric("店铺服务分", 70.0, 75.0, 80.0, unit="points")
    days = metric("发货天数", 6.0, 5.0, 3.0, unit="days", better="lower")
    says(one_metric(money).one, "40,000", "60,000", "20,000")
    says(one_metric(points).one, "70", "75", "5")
    says(one_metric(days).one, "6", "5", "1")


@pytest.mark.parametrize(
    ("now", "severity"),
    [
        (at(2026, 6, 16, 23, 59, 58), Severity.WARNING),
        (at(2026, 6, 16, 23, 59, 59), Severity.ERROR),
        (at(2026, 6, 30, 23, 59, 59), Severity.ERROR),
        (at(2026, 7, 1, 0, 0, 0), Severity.WARNING),
        (datetime(2026, 7, 1, 6, 59, 59, tzinfo=UTC), Severity.ERROR),
    ],
)
def test_it_is_grave_in_the_quarters_last_fourteen_days(now: datetime, severity: Severity) -> None:
    found = one_metric(replies(0.85), now=now).one
    assert found.severity is severity


def test_the_page_says_when_its_period_ends() -> None:
    found = one_metric(replies(0.85), period_ends_on=date(2026, 6, 20)).one
    assert (found.severity, found.due_at) == (Severity.ERROR, at(2026, 6, 20, 23, 59, 59))
    stale = one_metric(replies(0.85), period_ends_on=date(2026, 3, 31)).one
    assert stale.due_at == at(2026, 6, 30, 23, 59, 59)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (replies(0.85, better=None), OutcomeKind.FAIL),
        (replies(0.95, better=None), OutcomeKind.PASS),
        (replies(0.85, reach=None, better=None), OutcomeKind.UNKNOWN),
        (replies(0.85, keep=None, reach=None), OutcomeKind.UNKNOWN),
        (replies(None), OutcomeKind.NOT_APPLICABLE),
    ],
    ids=["direction from the lines", "direction from the lines, met", "no direction", "no line", "not assessed"],
)
def test_what_the_page_leaves_out(line: m.MedalMetric, kind: OutcomeKind) -> None:
    assert one_metric(line).kind is kind


def test_one_metric_without_a_figure_hides_no_other() -> None:
    assert judged("MDL001", metrics=(replies(None), disputes(0.02))).ids == ["货不对版纠纷率"]
    assert judged("MDL001", metrics=(replies(None), disputes(0.004))).kind is OutcomeKind.NOT_APPLICABLE
    garbled = judged("MDL001", unreadable("metrics.value"), metrics=(replies(None), disputes(0.004)))
    assert garbled.kind is OutcomeKind.UNKNOWN


def test_without_level_metrics_or_page_nothing_can_be_told() -> None:
    assert judged("MDL001", metrics=()).kind is OutcomeKind.UNKNOWN
    assert judged("MDL001", current=None, absent={"current": "当前层级"}).kind is OutcomeKind.UNKNOWN
    assert Verdict("MDL001", store(page("medal", None))).kind is OutcomeKind.UNKNOWN


# --- MDL002 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "end", "first", "last"),
    [
        (at(2026, 1, 1), "2026-03-31", "2026-04-11", "2026-04-15"),
        (at(2026, 6, 30, 23, 59, 59), "2026-06-30", "2026-07-11", "2026-07-15"),
        (at(2026, 7, 1), "2026-09-30", "2026-10-11", "2026-10-15"),
        (at(2026, 11, 20), "2026-12-31", "2027-01-11", "2027-01-15"),
        (datetime(2027, 1, 1, 7, 59, tzinfo=UTC), "2026-12-31", "2027-01-11", "2027-01-15"),
    ],
)
def test_the_calendar_follows_the_natural_quarter_in_us_time(now: datetime, end: str, first: str, last: str) -> None:
    found = judged("MDL002", now=now).one
    assert (found.severity, found.subject.type, found.subject.id) == (Severity.INFO, "medal", "current")
    says(found, end, first, last, "2")
    assert found.due_at == datetime.combine(date.fromisoformat(end), at(1, 1, 1, 23, 59, 59).time(), tzinfo=ZONE)


def test_while_results_appear_the_calendar_says_so() -> None:
    says(judged("MDL002", now=at(2026, 7, 11)).one, "2026-07-11", "2026-07-15", "2026-09-30")
    assert "2026-07-15" not in judged("MDL002", now=at(2026, 7, 16)).one.message.en


def test_the_calendar_needs_no_figure_of_the_page() -> None:
    assert Verdict("MDL002", store(page("medal", None))).ids == ["current"]
    assert Verdict("MDL002", store()).kind is OutcomeKind.UNKNOWN


# --- MDL003 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "severity"),
    [
        (at(2026, 5, 11, 23, 59, 58), None),
        (at(2026, 5, 11, 23, 59, 59), Severity.WARNING),
        (at(2026, 6, 10, 23, 59, 59), Severity.WARNING),
        (at(2026, 6, 11, 0, 0, 0), Severity.ERROR),
        (datetime(2026, 6, 11, 6, 59, 59, tzinfo=UTC), Severity.WARNING),
    ],
)
def test_protection_ends_with_the_last_second_of_its_last_day(now: datetime, severity: Severity | None) -> None:
    verdict = judged("MDL003", good_seller_until=date(2026, 6, 10), now=now)
    if severity is None:
        assert verdict.kind is OutcomeKind.PASS
        return
    assert (verdict.one.severity, verdict.one.subject.id) == (severity, "current")
    assert verdict.one.due_at == at(2026, 6, 10, 23, 59, 59)
    says(verdict.one, "2026-06-10")


def test_the_days_left_are_counted_in_the_backends_zone() -> None:
    says(judged("MDL003", good_seller_until=date(2026, 6, 27)).one, "17", "2026-06-27")


def test_a_store_without_protection_is_not_concerned() -> None:
    assert judged("MDL003").kind is OutcomeKind.NOT_APPLICABLE
    assert judged("MDL003", absent={"good_seller_until": "保护期"}).kind is OutcomeKind.NOT_APPLICABLE
    assert judged("MDL003", unreadable("good_seller_until")).kind is OutcomeKind.UNKNOWN
    assert Verdict("MDL003", store(page("medal", None))).kind is OutcomeKind.UNKNOWN


# --- MDL004 -------------------------------------------------------------------------------------------------------

YESTERDAY, LAST_WEEK = NOW - timedelta(days=1), NOW - timedelta(days=7)


@pytest.mark.parametrize(
    ("before", "current", "fires"),
    [
        (2.0, "gold", False),
        (2.0, "silver", True),
        (2.0, "ordinary", True),
        (1.0, "ordinary", True),
        (1.0, "silver", False),
        (1.0, "gold", False),
        (0.0, "ordinary", False),
    ],
)
def test_a_medal_is_lost_when_the_level_is_lower_than_last_time(before: float, current: str, fires: bool) -> None:
    verdict = Verdict("MDL004", store(medal(current=current), history=(was(before, YESTERDAY),)))
    assert verdict.kind is (OutcomeKind.FAIL if fires else OutcomeKind.PASS)
    assert verdict.ids == (["current"] if fires else [])


def test_a_lost_medal_names_both_levels_and_the_next_chance() -> None:
    found = Verdict("MDL004", store(medal(current="ordinary"), history=(was(1.0, YESTERDAY),))).one
    assert (found.severity, found.subject.type) == (Severity.ERROR, "medal")
    says(found, "2026-06-09", "2026-06-30", "2026-07-15")
    assert ("银牌" in found.message.zh, "silver" in found.message.en) == (True, True)


def test_only_the_last_earlier_run_counts() -> None:
    rows = (was(0.0, YESTERDAY), was(2.0, LAST_WEEK), was(2.0, NOW), was(5.0, YESTERDAY, "rating.rating"))
    assert Verdict("MDL004", store(medal(current="ordinary"), history=rows)).kind is OutcomeKind.PASS


def test_without_an_earlier_run_there_is_nothing_to_compare() -> None:
    assert Verdict("MDL004", store(medal())).kind is OutcomeKind.NOT_APPLICABLE
    later = (was(2.0, NOW + timedelta(seconds=1)),)
    assert Verdict("MDL004", store(medal(), history=later)).kind is OutcomeKind.NOT_APPLICABLE
    unread = store(medal(current=None, absent={"current": "当前层级"}), history=(was(2.0, YESTERDAY),))
    assert Verdict("MDL004", unread).kind is OutcomeKind.UNKNOWN


# --- MDL005, MDL006 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("badge", "fires"),
    [("jbp", True), ("stylised", True), ("plus", True), ("silver", False), ("gold", False), ("none", False)],
)
def test_a_higher_badge_hides_the_medal(badge: str, fires: bool) -> None:
    verdict = judged("MDL005", front_badge=badge)
    assert verdict.kind is (OutcomeKind.FAIL if fires else OutcomeKind.PASS)
    for found in verdict.findings:
        assert (found.severity, found.subject.id, found.due_at) == (Severity.INFO, "current", None)
        assert ("银牌" in found.message.zh, "nothing is lost" in found.message.en) == (True, True)


def test_a_store_without_a_medal_has_none_to_hide() -> None:
    assert judged("MDL005", current="ordinary", front_badge="plus").kind is OutcomeKind.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("now", "fires"),
    [
        (at(2026, 7, 10, 23, 59, 59), False),
        (at(2026, 7, 11, 0, 0, 0), True),
        (at(2026, 7, 15, 23, 59, 59), True),
        (at(2026, 7, 16, 0, 0, 0), False),
        (at(2026, 1, 12), True),
        (at(2026, 4, 12), True),
        (at(2026, 10, 12), True),
        (at(2026, 6, 12), False),
        (datetime(2026, 7, 11, 6, 59, 59, tzinfo=UTC), False),
    ],
)
def test_a_badge_is_pending_in_the_result_window_only(now: datetime, fires: bool) -> None:
    verdict = judged("MDL006", front_badge="gold", now=now)
    assert bool(verdict.findings) is fires
    for found in verdict.findings:
        assert (found.severity, found.subject.type, found.subject.id) == (Severity.INFO, "medal", "current")
        assert found.due_at is not None
        assert (found.due_at.day, found.due_at.hour) == (15, 23)
        says(found, found.due_at.date().isoformat())


@pytest.mark.parametrize(
    ("current", "badge", "fires"),
    [
        ("silver", "silver", False),
        ("ordinary", "none", False),
        ("ordinary", "silver", True),
        ("gold", "none", True),
        ("silver", "stylised", False),
        ("gold", "plus", False),
    ],
)
def test_only_a_badge_of_the_medal_itself_can_be_pending(current: str, badge: str, fires: bool) -> None:
    verdict = judged("MDL006", current=current, front_badge=badge, now=at(2026, 7, 12))
    assert bool(verdict.findings) is fires


@pytest.mark.parametrize("code", ["MDL005", "MDL006"])
def test_without_the_badge_nothing_can_be_told(code: str) -> None:
    assert judged(code, front_badge=None, absent={"front_badge": "前台标识"}).kind is OutcomeKind.UNKNOWN
    assert judged(code, current=None, absent={"current": "当前层级"}).kind is OutcomeKind.UNKNOWN
    assert Verdict(code, store(page("medal", None))).kind is OutcomeKind.UNKNOWN


# --- MDL007 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "fires"),
    [(date(2025, 6, 9), False), (date(2025, 6, 10), True), (date(2025, 6, 11), True), (date(2026, 6, 10), True)],
)
def test_a_store_of_a_year_at_most_may_apply(opened: date, fires: bool) -> None:
    verdict = judged("MDL007", current="ordinary", front_badge="none", opened_on=opened)
    assert verdict.kind is (OutcomeKind.FAIL if fires else OutcomeKind.PASS)
    for found in verdict.findings:
        assert (found.severity, found.subject.type, found.subject.id) == (Severity.INFO, "medal", "current")
        says(found, opened.isoformat(), "12", opened.replace(year=opened.year + 1).isoformat())


@pytest.mark.parametrize("current", ["silver", "gold"])
def test_a_store_with_a_medal_need_not_apply(current: str) -> None:
    assert judged("MDL007", current=current, opened_on=date(2026, 5, 1)).kind is OutcomeKind.PASS


def test_the_day_of_opening_may_come_from_the_rating_page() -> None:
    values: dict[str, Any] = dict.fromkeys(m.RatingData.model_fields) | {"causes": (), "red_marks": ()}
    rating = page("rating", m.RatingData(**(values | {"opened_on": date(2026, 5, 11)})))
    bare = medal(current="ordinary", opened_on=None, absent={"opened_on": "开店日期"})
    assert Verdict("MDL007", store(bare, rating)).ids == ["current"]
    assert Verdict("MDL007", store(bare)).kind is OutcomeKind.UNKNOWN
    assert Verdict("MDL007", store(page("medal", None), rating)).kind is OutcomeKind.UNKNOWN
