"""Baselines: what stands today is accepted, only what is new or worse counts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.cli.main import run as main
from agent.errors import BaselineMissing
from agent.history.database import History
from agent.history.mutes import Mute
from agent.history.runs import SavedRun, State
from checks.finding import Finding, Severity
from tests.cli import Shell
from tests.history_runs import day, finding, run
from tests.truths import RECORDINGS

NORTHWIND = RECORDINGS / "northwind"
STORE = "northwind"
A, B = finding("A", due_at=None), finding("B", due_at=None)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as opened:
        yield opened


def accepted(history: History, *findings: Finding, number: int = 0) -> SavedRun:
    """A run that was saved and accepted."""
    saved = history.save(run(number, findings))
    history.silences.accept(saved, day(number))
    return saved


def counting(saved: SavedRun) -> list[str]:
    return [s.finding.subject.id for s in saved.findings if s.counts]


def test_what_was_accepted_does_not_count_and_what_is_new_does(history: History) -> None:
    base = accepted(history, A)
    saved = history.save(run(1, [A, B]), baseline=True)
    assert saved.baseline == base.record.id
    assert counting(saved) == ["B"]
    assert [(s.state, s.accepted) for s in saved.findings] == [(State.PERSISTING, True), (State.NEW, False)]
    summary = saved.summary
    assert (summary.error, summary.new, summary.persisting, summary.accepted) == (1, 1, 0, 1)
    assert history.run(saved.record.id) == saved
    assert history.runs(limit=1)[0].summary == summary


def test_without_asking_for_it_everything_counts(history: History) -> None:
    accepted(history, A)
    saved = history.save(run(1, [A]))
    assert (counting(saved), saved.baseline) == (["A"], None)


@pytest.mark.parametrize(
    ("then", "now", "reason"),
    [
        ({"value": 80}, {"value": 79}, "value"),
        ({"value": 80}, {"value": 81}, None),
        ({"severity": Severity.WARNING}, {}, "severity"),
        ({}, {"severity": Severity.WARNING}, None),
        ({"due_at": day(1)}, {"due_at": day(1)}, "deadline"),
        ({"due_at": day(9)}, {"due_at": day(9)}, None),
    ],
)
def test_what_is_worse_counts(history: History, then: dict[str, Any], now: dict[str, Any], reason: str | None) -> None:
    accepted(history, A._replace(**then))
    (stated,) = history.save(run(2, [A._replace(**now)]), baseline=True).findings
    assert stated.counts is (reason is not None)
    assert (reason or "-") in (stated.worse.en if stated.worse else "-")


def test_worse_and_better_again_is_accepted_again(history: History) -> None:
    """Unlike a mute, a baseline is a picture of one day and does not end."""
    accepted(history, A._replace(value=80))
    assert counting(history.save(run(1, [A._replace(value=70)]), baseline=True)) == ["A"]
    assert counting(history.save(run(2, [A._replace(value=80)]), baseline=True)) == []


def test_what_was_resolved_and_came_back_was_accepted_all_the_same(history: History) -> None:
    accepted(history, A)
    assert [s.state for s in history.save(run(1), baseline=True).findings] == [State.RESOLVED]
    (back,) = history.save(run(2, [A]), baseline=True).findings
    assert (back.state, back.accepted) == (State.NEW, True)


def test_a_muted_finding_is_accepted_with_the_rest_and_stays_muted(history: History) -> None:
    history.save(run(0, [A]))
    until = day(3)
    history.silences.add(Mute(id=0, reason="x", until=until, created_at=day(0), code="LOG001"))
    accepted(history, A, number=1)
    (quiet,) = history.save(run(2, [A]), baseline=True).findings
    assert (quiet.state, quiet.accepted) == (State.MUTED, False)
    (after,) = history.save(run(4, [A], now=until + timedelta(seconds=1)), baseline=True).findings
    assert (after.state, after.accepted) == (State.PERSISTING, True)


def test_a_baseline_belongs_to_one_store_and_a_new_one_replaces_it(history: History) -> None:
    accepted(history, A)
    with pytest.raises(BaselineMissing):
        history.save(run(0, [A], store="harbor"), baseline=True)
    assert history.runs("harbor") == []
    accepted(history, B, number=1)
    assert counting(history.save(run(2, [A, B]), baseline=True)) == ["A"]
    found = history.silences.baseline(STORE)
    assert found is not None
    assert (found.run, list(found.marks), found.set_at) == ("northwind-0001", [B.fingerprint], day(1))


def test_what_only_resolved_findings_told_is_not_accepted(history: History) -> None:
    history.save(run(0, [A, B]))
    accepted(history, B, number=1)
    assert counting(history.save(run(2, [A, B]), baseline=True)) == ["A"]


def test_a_forgotten_baseline_is_gone(history: History) -> None:
    accepted(history, A)
    history.silences.clear(STORE)
    assert history.silences.baseline(STORE) is None
    with pytest.raises(BaselineMissing):
        history.silences.clear(STORE)
    with pytest.raises(BaselineMissing):
        history.save(run(1, [A]), baseline=True)


# --- the commands ---------------------------------------------------------------------------------------------------


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "home", capsys, monkeypatch)


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose history holds one run; every test takes a copy."""
    home = tmp_path_factory.mktemp("judged")
    assert main(["judge", str(NORTHWIND), "--select", "LOG,HLT", "-q", "--home", str(home)]) == 1
    return home


@pytest.fixture
def judged(shell: Shell, one_run: Path) -> Shell:
    shutil.copytree(one_run, shell.home)
    return shell


JUDGE = ("judge", NORTHWIND, "--select", "LOG,HLT")


def test_from_the_first_report_to_a_quiet_one_and_to_what_is_worse(judged: Shell) -> None:
    made = judged("baseline")
    assert made.code == 0
    assert "Northwind Official Store" in made.out
    quiet = judged(*JUDGE, "--baseline", "--format", "json")
    assert quiet.code == 0
    data = json.loads(quiet.out)
    assert data["run"]["baseline"]
    assert data["summary"]["accepted"] == len(data["findings"])
    assert data["summary"]["error"] == data["summary"]["persisting"] == 0
    assert {finding["accepted"] for finding in data["findings"]} == {True}
    later = judged(*JUDGE, "--baseline", "--now", "2026-11-21T03:15:00-08:00", "--format", "json")
    assert later.code == 1
    worse = [finding for finding in json.loads(later.out)["findings"] if finding["worse"]]
    assert {finding["code"] for finding in worse} >= {"LOG003"}
    assert judged(*JUDGE, "-q").code == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_says_that_a_baseline_was_used(judged: Shell, language: str) -> None:
    judged("baseline", "last")
    judged.speak(language)
    out = judged(*JUDGE, "--baseline").out
    assert ("相对基线" if language == "zh" else "beside the baseline") in out
    assert "LOG001" not in out
    assert "LOG001" in judged("show", "last", "-v").out
    shown = judged("baseline", "--show").out
    assert ("接受了" if language == "zh" else "findings accepted") in shown
    assert "HLT004" in shown
    assert "1.96%" in shown


def test_a_baseline_as_json(judged: Shell) -> None:
    made = json.loads(judged("baseline", "--format", "json").out)
    assert json.loads(judged("baseline", "--show", "--format", "json").out) == made
    rate = [one for one in made["findings"] if one["value"] == 0.0196]
    assert [one["threshold"] for one in rate] == [0.018]


def test_clearing(judged: Shell) -> None:
    judged("baseline")
    assert judged("baseline", "--clear").code == 0
    assert "has no baseline yet" in judged("baseline", "--clear").err
    assert "has no baseline yet" in judged("baseline", "--show").err


def test_of_several_stores_one_is_named(shell: Shell) -> None:
    for name in ("northwind", "harbor"):
        shell("judge", RECORDINGS / name, "--select", "HLT", "-q")
        assert shell("baseline").code == 0
    answer = shell("baseline", "--show")
    assert answer.code == 2
    assert "add --store" in answer.err
    assert shell("baseline", "--show", "--store", "1102345678").code == 0


def test_an_incomplete_run_is_accepted_with_a_word(shell: Shell) -> None:
    shell("judge", RECORDINGS / "broken", "-q")
    assert "incomplete" in shell("baseline").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*JUDGE, "--baseline"), "has no baseline yet"),
        ((*JUDGE, "--baseline", "--no-history"), "needs the history"),
        (("baseline", "nope"), "no run nope"),
        (("baseline", "last", "--show"), "stand"),
        (("baseline", "--clear", "--show"), "stand"),
        (("baseline", "--store", "elsewhere"), "elsewhere"),
    ],
)
def test_mistakes_are_told_in_one_sentence(judged: Shell, arguments: tuple[str, ...], words: str) -> None:
    answer = judged(*arguments)
    assert answer.code == 2
    assert words in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert len(json.loads(judged("history", "--format", "json").out)) == 1, "nothing was saved"
