"""What is worse than it was: the comparison that ends mutes early and lets a baseline's findings count again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent.history.marks import mark_of, worsened
from checks.engine import judge
from checks.finding import Severity
from checks.policy import Policy
from checks.rule import all_rules
from checks.text import Text
from tests.history_runs import day, figure, finding
from tests.truths import RECORDINGS, facts_of


@pytest.mark.parametrize(
    ("then", "now", "is_worse"),
    [
        (80.0, 79.9, True),
        (80.0, 80.0, False),
        (80.0, 84.9, False),
        (80.0, 80.0 - 1e-12, False),
        (90.0, 90.1, True),
        (90.0, 86.0, False),
        (90.0, 80.0, False),
        (85.0, 84.0, False),
        (80.0, None, False),
        (None, 10.0, False),
    ],
)
def test_a_figure_is_worse_further_over_its_line_on_its_own_side(
    then: float | None, now: float | None, is_worse: bool
) -> None:
    mark = mark_of(figure(then), day(0))
    assert (worsened(mark, figure(now), day(1)) is not None) is is_worse


def test_a_figure_without_a_line_is_never_worse() -> None:
    mark = mark_of(figure(80, threshold=None), day(0))
    assert worsened(mark, figure(10, threshold=None), day(1)) is None


@pytest.mark.parametrize(
    ("then", "now", "is_worse"),
    [
        (Severity.WARNING, Severity.ERROR, True),
        (Severity.INFO, Severity.WARNING, True),
        (Severity.ERROR, Severity.ERROR, False),
        (Severity.ERROR, Severity.INFO, False),
    ],
)
def test_a_graver_severity_is_worse(then: Severity, now: Severity, is_worse: bool) -> None:
    mark = mark_of(figure(None, severity=then), day(0))
    assert (worsened(mark, figure(None, severity=now), day(1)) is not None) is is_worse


def test_a_deadline_that_has_passed_since_is_worse() -> None:
    clock = finding("A", due_at=day(3))
    mark = mark_of(clock, day(0))
    assert worsened(mark, clock, day(3) - timedelta(seconds=1)) is None
    assert worsened(mark, clock, day(3)) == Text("时限已过", "its deadline has passed")
    assert worsened(mark_of(clock, day(4)), clock, day(5)) is None
    assert worsened(mark, finding("A", due_at=day(30)), day(5)) is None


def test_a_capture_from_before_the_mark_says_nothing() -> None:
    mark = mark_of(figure(80), day(5))
    assert worsened(mark, figure(10), day(4)) is None
    assert worsened(mark, figure(10), day(5)) is not None


def test_the_words_name_both_values_or_both_severities() -> None:
    then = figure(80, observed=Text("80 分", "80 points"), severity=Severity.WARNING)
    mark = mark_of(then, day(0))
    lower = worsened(mark, figure(79, observed=Text("79 分", "79 points"), severity=Severity.WARNING), day(1))
    assert lower == Text("数值从 80 分 变为 79 分", "its value went from 80 points to 79 points")
    graver = worsened(mark, figure(80), day(1))
    assert graver == Text("严重程度从“警告”升为“严重”", "its severity rose from warning to error")


@pytest.mark.parametrize("recording", ["northwind", "harbor", "newstore", "broken"])
def test_figures_of_rules_stand_on_the_wrong_side_of_a_line_and_are_no_clocks(recording: str) -> None:
    """A rule that gave a figure in another unit than its line's would silently end or keep mutes."""
    facts = facts_of(RECORDINGS / recording)
    rules, policy = list(all_rules().values()), Policy(day=facts.captured_at.date(), overrides={})
    today = judge(facts, rules, policy, facts.captured_at).findings
    later = {f.fingerprint: f for f in judge(facts, rules, policy, facts.captured_at + timedelta(days=1)).findings}
    figures = [f for f in today if f.value is not None]
    for found in figures:
        assert found.threshold is not None, found
        assert found.threshold.value is not None, found
        assert found.value != found.threshold.value, found
        assert later[found.fingerprint].value == found.value, found
    assert recording != "northwind" or len(figures) > 25
