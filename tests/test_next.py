"""`next`: the findings of the last run as a list to work through, in the order in which to do it."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from agent.agenda import tasks
from agent.history.runs import State, StatedFinding
from checks.finding import Finding, Severity
from tests.cli import Shell
from tests.history_runs import bare, day, finding
from tests.series import judged
from tests.truths import RECORDINGS

NORTHWIND = RECORDINGS / "northwind"
NOW = "2026-11-20T03:15:00-08:00"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return judged(tmp_path_factory.mktemp("past") / "home", RECORDINGS / "harbor", NORTHWIND)


@pytest.fixture
def shell(past: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    shutil.copytree(past, tmp_path / "home")
    return Shell(tmp_path / "home", capsys, monkeypatch)


def listed(shell: Shell, *arguments: str) -> list[dict[str, Any]]:
    answer = shell("next", "--format", "json", *arguments)
    assert answer.code == 0, answer.err
    found: list[dict[str, Any]] = json.loads(answer.out)["tasks"]
    return found


# --- the order --------------------------------------------------------------------------------------------------------


def stated(*findings: Finding, state: State = State.NEW) -> list[StatedFinding]:
    return [StatedFinding(found, state, day(0)) for found in findings]


def codes(*findings: Finding, within: timedelta | None = None) -> list[str]:
    return [task.first.code for task in tasks(stated(*findings), day(0), within)]


def due(code: str, hours: float | None, severity: Severity = Severity.ERROR, subject: str = "1") -> Finding:
    at = None if hours is None else day(0) + timedelta(hours=hours)
    return finding(subject, code, due_at=at, severity=severity)


def test_deadlines_come_first_the_nearest_in_front() -> None:
    warning = Severity.WARNING
    assert codes(due("LIC001", None), due("LOG003", 5), due("RSP005", 1, warning), due("LOG010", -3)) == [
        "LOG010", "RSP005", "LOG003", "LIC001",
    ]  # fmt: skip


def test_without_deadlines_severity_counts_then_the_family_then_how_many() -> None:
    found = [
        due("PRM001", None),
        due("LIC007", None, Severity.WARNING),
        due("HLT001", None),
        due("LIC001", None),
        due("AUD004", None),
        *(due("HLT005", None, subject=str(n)) for n in range(3)),
    ]
    assert codes(*found) == ["AUD004", "LIC001", "HLT005", "HLT001", "PRM001", "LIC007"]


def test_subjects_with_the_same_step_are_one_task_the_most_urgent_in_front() -> None:
    (task,) = tasks(stated(*(due("LOG003", hours, subject=str(hours)) for hours in (7, None, 2))), day(0))
    assert [s.finding.subject.id for s in task.findings] == ["2", "7", "None"]
    assert task.due_at == day(0) + timedelta(hours=2)
    other = due("LOG003", 9)._replace(fix=task.first.fix._replace(text=bare().message))
    assert len(tasks(stated(*(s.finding for s in task.findings), other), day(0))) == 2


@pytest.mark.parametrize(("hours", "shown"), [(-30, True), (47.99, True), (48, True), (48.01, False), (None, False)])
def test_within_keeps_what_is_due_until_then(hours: float | None, shown: bool) -> None:
    assert bool(codes(due("LOG003", hours), within=timedelta(hours=48))) is shown


def test_what_is_no_task_is_left_out() -> None:
    assert codes(due("MDL002", 5, Severity.INFO)) == []
    for state in (State.RESOLVED, State.MUTED):
        assert tasks(stated(due("LOG003", 5), state=state), day(0)) == []
    accepted = [one._replace(accepted=True) for one in stated(due("LOG003", 5))]
    assert tasks(accepted, day(0)) == []


# --- the command ------------------------------------------------------------------------------------------------------


def test_every_finding_of_the_run_stands_in_one_task(shell: Shell) -> None:
    run = json.loads(shell("show", "last", "--format", "json").out)
    wanted = {f["fingerprint"] for f in run["findings"] if f["severity"] != "info"}
    found = [f["fingerprint"] for task in listed(shell, "--now", NOW) for f in task["findings"]]
    assert sorted(found) == sorted(wanted)


def test_the_list_is_in_order_and_each_leads_somewhere(shell: Shell) -> None:
    found = listed(shell, "--now", NOW)
    assert [task["number"] for task in found] == list(range(1, len(found) + 1))
    with_clock = [task["left_s"] for task in found if task["left_s"] is not None]
    assert with_clock == sorted(with_clock)
    assert all(task["left_s"] is None for task in found[len(with_clock) :])
    ranks = [("error", "warning").index(task["severity"]) for task in found[len(with_clock) :]]
    assert ranks == sorted(ranks)
    assert all(task["fix"]["url"] and task["fix"]["menu"] for task in found if task["code"][:3] != "AUD")
    shipping = next(task for task in found if task["code"] == "LOG003")
    assert shipping["findings"][0]["subject"] == {"type": "order", "id": "8225665662093622"}
    assert (shipping["left_s"], len(shipping["findings"])) == (-141063, 5)


def test_within_and_the_clock_are_heeded(shell: Shell) -> None:
    soon = listed(shell, "--now", NOW, "--within", "1h")
    limit = datetime.fromisoformat(NOW) + timedelta(hours=1)
    assert soon
    assert all(datetime.fromisoformat(f["due_at"]) <= limit for task in soon for f in task["findings"])
    later = listed(shell, "--now", "2026-11-20T05:15:00-08:00", "--within", "4h")
    known = [{f["fingerprint"] for task in found for f in task["findings"]} for found in (soon, later)]
    assert known[0] < known[1]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("detail", [(), ("-v",)])
def test_the_page_is_short_numbered_and_fits_80_columns(shell: Shell, language: str, detail: tuple[str, ...]) -> None:
    out = shell("next", "--now", NOW, "--lang", language, *detail).out
    lines = out.splitlines()
    assert "\x1b" not in out
    assert max(cell_len(line) for line in lines if "https://" not in line) <= 80
    numbers = [int(line[:2]) for line in lines if line[2:4] == ". "]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1
    everything = len(listed(shell, "--now", NOW))
    assert len(numbers) == everything if detail else len(numbers) < everything
    assert ("已超 1 天 15 小时  LOG003" if language == "zh" else "1 d 15 h over  LOG003") in out
    assert ("等 5 个" if language == "zh" else "and 2 more") in out
    assert "      https://csp.aliexpress.com/m_apps/store-assessment-new/assessment?channelId=244176" in lines


def test_an_old_run_is_told_to_be_old(shell: Shell) -> None:
    assert "check of 10 d ago" in shell("next", "--now", "2026-11-30T03:15:00-08:00").out
    assert "things may have changed" not in shell("next", "--now", "2026-11-21T03:15:00-08:00").out
    shell.speak("zh")
    assert "依据 10 天前的检查" in shell("next", "--lang", "zh", "--now", "2026-11-30T03:15:00-08:00").out


def test_what_is_muted_leaves_the_list_at_once(shell: Shell) -> None:
    before = listed(shell, "--now", NOW)
    shell("mute", "LOG003", "--subject", "8225665662093622", "--reason", "cancelled", "--until", "2099-12-30")
    after = listed(shell, "--now", NOW)
    gone = {f["fingerprint"] for t in before for f in t["findings"]} - {
        f["fingerprint"] for t in after for f in t["findings"]
    }
    assert len(gone) == 1
    assert listed(shell, "--now", "2100-01-02T00:00:00Z")[0]["code"] == "LOG010", "the mute is over by then"
    assert len(listed(shell, "--now", "2100-01-02T00:00:00Z")) == len(before)


def test_another_store_can_be_asked_and_nobody_is_left_unsaid(shell: Shell) -> None:
    assert "Harbor Home Premium" in shell("next", "--store", "1108812340").out
    assert shell("next", "--store", "Harbor Home Premium").err == ""
    unsaid = shell("next")
    assert "Northwind Official Store" in unsaid.out
    assert "several stores" in unsaid.err
    assert shell("next", "-q").err == ""


def test_nothing_to_do_is_said(shell: Shell) -> None:
    shell("judge", NORTHWIND, "-q", "--select", "HLT007")
    assert "Nothing has to be done now." in shell("next").out
    shell.speak("zh")
    assert "现在没有要处理的事。" in shell("next", "--lang", "zh").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--within", "soon"], "'soon' is no length of time, such as 48h"),
        (["--within", "48"], "no length of time"),
        (["--now", "yesterday"], "'yesterday' is no ISO time"),
        (["--now", "2026-11-20T03:15:00"], "lacks an offset"),
        (["--store", "nobody"], "no run of store nobody"),
        (["--format", "xml"], "xml"),
        (["extra"], "extra"),
    ],
)
def test_mistakes_are_one_sentence(shell: Shell, arguments: list[str], words: str) -> None:
    answer = shell("next", *arguments)
    assert answer.code == 2
    assert words in answer.err
    assert len(answer.err.strip().splitlines()) == 1
