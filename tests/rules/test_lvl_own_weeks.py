"""LVL002 and LVL003 from our own runs, where the level page shows no weekly evaluation."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from checks.facts import MetricPoint
from checks.finding import OutcomeKind
from tests.rules.build_lvl import TODAY, item, level, tracker
from tests.rules.build_pages import NOW, Verdict, store, unreadable
from tests.rules.pages import says

EVALUATED = TODAY - timedelta(days=3)
BAD, GOOD = 0.02, 0.005


def point(days_ago: float, value: float, name: str = "dispute_rate", at: datetime = NOW) -> MetricPoint:
    return MetricPoint(f"level.tracker.{name}", value, at - timedelta(days=days_ago), f"run-{days_ago:g}")


def judged(code: str, latest: float, *history: MetricPoint, **given: Any) -> Verdict:
    page = level(tracker=tracker(item("dispute_rate", latest)), **({"weeks": ()} | given))
    return Verdict(code, store(page, history=history))


def both(latest: float, *history: MetricPoint, **given: Any) -> tuple[list[str], list[str]]:
    return judged("LVL002", latest, *history, **given).ids, judged("LVL003", latest, *history, **given).ids


@pytest.mark.parametrize(
    ("before", "latest", "twice", "once"),
    [
        (0.0081, 0.0081, ["dispute_rate"], []),
        (0.0080, 0.0081, [], ["dispute_rate"]),
        (0.0081, 0.0080, [], []),
        (0.0080, 0.0080, [], []),
    ],
)
def test_runs_a_week_apart_stand_for_two_evaluations(
    before: float, latest: float, twice: list[str], once: list[str]
) -> None:
    assert both(latest, point(7, before)) == (twice, once)


def test_the_message_names_both_weeks_and_says_where_they_come_from() -> None:
    found = judged("LVL002", BAD, point(7, 0.0203)).one
    says(found, "2.03%", "2.00%", EVALUATED.isoformat())
    assert "历次采集" in found.message.zh
    assert "our own runs" in found.message.en
    assert judged("LVL003", BAD, point(7, GOOD)).one.due_at is not None


def test_of_several_runs_between_two_evaluations_the_last_one_counts() -> None:
    assert both(BAD, point(9, BAD), point(4, GOOD)) == ([], ["dispute_rate"])
    assert both(BAD, point(9, GOOD), point(4, BAD)) == (["dispute_rate"], [])


def test_runs_after_the_latest_evaluation_are_no_week_of_their_own() -> None:
    """The evaluation was three days ago: yesterday's run saw the same one as today's."""
    assert judged("LVL002", BAD, point(1, BAD)).kind is OutcomeKind.NOT_APPLICABLE
    assert both(BAD, point(1, BAD), point(7, GOOD)) == ([], ["dispute_rate"])


def test_the_edge_between_two_weeks_is_the_day_of_the_evaluation() -> None:
    midnight = datetime.combine(EVALUATED, datetime.min.time(), NOW.tzinfo)
    assert both(BAD, point(0, BAD, at=midnight), point(7, GOOD)) == ([], ["dispute_rate"])
    assert both(BAD, point(0, BAD, at=midnight - timedelta(seconds=1)), point(7, GOOD)) == (["dispute_rate"], [])


def test_an_older_gap_is_no_week_before() -> None:
    assert judged("LVL002", BAD, point(14, BAD)).kind is OutcomeKind.NOT_APPLICABLE


@pytest.mark.parametrize(
    "given",
    [
        {"evaluated_on": None},
        {"evaluated_on": None, "next_evaluation_on": None},
        {"evaluated_on": EVALUATED - timedelta(weeks=5)},
        {"evaluated_on": date(2026, 1, 7), "next_evaluation_on": None},
    ],
)
def test_the_day_of_the_evaluation_is_found_from_what_the_page_shows(given: dict[str, Any]) -> None:
    assert both(BAD, point(7, BAD), **given) == (["dispute_rate"], [])
    assert both(BAD, point(7.01, BAD), **given) == (["dispute_rate"], [])
    assert both(BAD, point(6.99, BAD), **given) == (["dispute_rate"], [])


def test_a_metric_that_the_week_before_did_not_have_leaves_the_rule_open() -> None:
    verdict = judged("LVL002", BAD, point(7, 0.98, "positive_rate"))
    assert verdict.kind is OutcomeKind.UNKNOWN
    assert "the week before" in verdict.reason
    assert judged("LVL003", BAD, point(7, 0.98, "positive_rate")).ids == ["dispute_rate"]


def test_the_response_rate_is_no_part_of_the_weekly_evaluation() -> None:
    page = level(tracker=tracker(item("response_rate", 0.5)), weeks=())
    history = (point(7, 0.5, "response_rate"), point(7, GOOD))
    assert Verdict("LVL002", store(page, history=history)).ids == []


def test_weeks_that_the_page_shows_come_first() -> None:
    page = level(tracker=tracker(item("dispute_rate", BAD)))
    assert Verdict("LVL002", store(page, history=(point(7, BAD),))).kind is OutcomeKind.PASS


def test_weeks_that_are_not_on_the_page_may_come_from_our_own_runs() -> None:
    assert judged("LVL002", BAD, point(7, BAD), absent={"weeks": "每周评估"}).ids == ["dispute_rate"]


def test_weeks_that_are_shown_but_not_understood_stay_unknown() -> None:
    page = level(unreadable("weeks.week_ending"), tracker=tracker(item("dispute_rate", BAD)), weeks=())
    assert Verdict("LVL002", store(page, history=(point(7, BAD),))).kind is OutcomeKind.UNKNOWN
