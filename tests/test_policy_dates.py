"""A threshold that changes on a day: an old capture is judged by the lines of its own day, or of the day of `--now`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from checks import policy
from checks.policy import Policy, Version
from tests.cli import Shell
from tests.series import one_day

NAME = "health_score"


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A policy in which the health score's line rises from 80 to 85 on 2026-11-22, and to 90 in 2027."""
    real = policy.shipped()
    steps = ((80.0, date(2024, 1, 1)), (85.0, date(2026, 11, 22)), (90.0, date(2027, 1, 1)))
    versions = [real[NAME][0]._replace(value=v, effective=day) for v, day in steps]
    monkeypatch.setattr(policy, "shipped", lambda: real | {NAME: versions})
    policy.first_of_rule.cache_clear()
    yield
    policy.first_of_rule.cache_clear()


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "home", capsys, monkeypatch)


def line_at(day: date, **own: float) -> tuple[float | None, bool]:
    line = Policy(day, own).threshold(NAME)
    return line.value, line.overridden


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2020, 1, 1), 80),
        (date(2026, 11, 21), 80),
        (date(2026, 11, 22), 85),
        (date(2026, 12, 31), 85),
        (date(2027, 1, 1), 90),
        (date(2040, 1, 1), 90),
    ],
)
def test_the_line_of_a_day_is_the_last_that_came_into_force(day: date, value: float) -> None:
    assert line_at(day) == (value, False)
    assert Policy(day, {}).version(NAME).value == value


@pytest.mark.usefixtures("changed")
def test_an_own_line_holds_whatever_the_day() -> None:
    for day in (date(2025, 1, 1), date(2028, 1, 1)):
        assert line_at(day, health_score=82) == (82, True)
        assert line_at(day, HLT001=81) == (81, True)


def test_versions_are_read_oldest_first_whatever_their_order() -> None:
    for name, versions in policy.shipped().items():
        assert [v.effective for v in versions] == sorted(v.effective for v in versions), name
        assert len({v.effective for v in versions}) == len(versions), name
        assert all(isinstance(v, Version) for v in versions)


def test_the_shipped_policy_has_the_types_that_the_rules_take_for_granted() -> None:
    TypeAdapter(dict[str, list[Version]]).validate_python(policy.shipped(), strict=True)
    values = [v.value for versions in policy.shipped().values() for v in versions]
    assert all(value is None or isinstance(value, float) for value in values)


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize(
    ("now", "outcome", "line"),
    [
        ((), "pass", None),
        (("--now", "2026-11-21T23:59:59-08:00"), "pass", None),
        (("--now", "2026-11-22T00:00:00-08:00"), "fail", 85),
        (("--now", "2026-11-22T00:00:00+08:00"), "pass", None),
        (("--now", "2026-11-22T16:00:00+08:00"), "fail", 85),
        (("--now", "2027-03-01T00:00:00-08:00"), "fail", 90),
    ],
)
def test_an_old_capture_is_judged_by_the_lines_of_the_day(
    shell: Shell, tmp_path: Path, now: tuple[str, ...], outcome: str, line: float | None
) -> None:
    """The capture of 2026-11-20 shows 83.4 points; the day is the backend's."""
    capture = one_day(tmp_path, 0, kinds=["health"])
    answer = json.loads(shell("judge", capture, "--select", "HLT001", "--format", "json", *now).out)
    assert [found["outcome"] for found in answer["outcomes"]] == [outcome]
    assert [found["threshold"]["value"] for found in answer["findings"]] == ([] if line is None else [line])


@pytest.mark.usefixtures("changed")
def test_a_later_capture_is_judged_by_its_own_day(shell: Shell, tmp_path: Path) -> None:
    for days, codes in ((1, []), (2, ["HLT001"])):
        capture = one_day(tmp_path, days, kinds=["health"])
        answer = json.loads(shell("judge", capture, "--select", "HLT001", "--format", "json").out)
        assert [found["code"] for found in answer["findings"]] == codes


@pytest.mark.usefixtures("changed")
def test_a_past_run_keeps_the_line_that_it_was_judged_by(shell: Shell, tmp_path: Path) -> None:
    capture = one_day(tmp_path, 0, kinds=["health"])
    shell("judge", capture, "--select", "HLT001", "-q", "--now", "2026-11-22T00:00:00-08:00")
    assert "health_score = 85 points" in " ".join(shell("why", "HLT001").out.split())
    shell("judge", capture, "--select", "HLT001", "-q")
    assert "health_score = 80 points" in " ".join(shell("why", "not", "HLT001").out.split())
