"""Mutes: what they silence, when they end early, what is told about them, and the command that sets them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from agent.cli.main import run as main
from agent.errors import FindingNotFound, MuteNotFound
from agent.history.database import History
from agent.history.marks import mark_of, worsened
from agent.history.mutes import Mute, Standing
from agent.history.runs import Notice, NoticeKind, SavedRun, State
from agent.history.states import without_history
from checks.engine import judge
from checks.finding import Finding, Severity
from checks.policy import Policy
from checks.rule import all_rules
from checks.text import Text
from tests.cli import Shell
from tests.history_runs import NOT_APPLICABLE, UNKNOWN, day, finding, run
from tests.truths import RECORDINGS, facts_of

NORTHWIND = RECORDINGS / "northwind"
STORE = "northwind"


def figure(value: float | None, **changes: Any) -> Finding:
    """A finding with a figure against a line of 85, without a clock."""
    return finding("A", value=value, due_at=None, **changes)


A, B = finding("A", due_at=None), finding("B", due_at=None)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as opened:
        yield opened


def mute(history: History, *, days: float = 30, **given: Any) -> Mute:
    values = {"id": 0, "reason": "known", "until": day(0) + timedelta(days=days), "created_at": day(0)}
    return history.silences.add(Mute(**(values | given)))[0]


def muted(saved: SavedRun) -> list[str]:
    return [s.finding.subject.id for s in saved.findings if s.state is State.MUTED]


def kinds(saved: SavedRun) -> list[NoticeKind]:
    return [notice.kind for notice in saved.notices]


# --- worse ----------------------------------------------------------------------------------------------------------


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


# --- silencing ------------------------------------------------------------------------------------------------------


def test_a_muted_finding_does_not_count_and_says_why(history: History) -> None:
    history.save(run(0, [A, B]))
    made = mute(history, fingerprint=A.fingerprint, code="LOG001", subject="A", store=STORE)
    saved = history.save(run(1, [A, B]))
    assert muted(saved) == ["A"]
    one = saved.findings[0]
    assert (one.mute.id, one.mute.reason, one.mute.until) == (made.id, "known", made.until) if one.mute else False
    assert one.first_seen == day(0)
    assert (saved.summary.muted, saved.summary.persisting, saved.summary.error) == (1, 1, 1)
    assert history.run(saved.record.id) == saved


def test_what_was_muted_goes_on_as_it_was_when_the_mute_is_removed(history: History) -> None:
    history.save(run(0, [A]))
    made = mute(history, code="LOG001")
    assert muted(history.save(run(1, [A]))) == ["A"]
    history.silences.remove(made.id, day(1))
    again = history.save(run(2, [A]))
    assert [(s.state, s.first_seen) for s in again.findings] == [(State.PERSISTING, day(0))]
    assert muted(history.run("northwind-0001")) == ["A"]
    assert history.run("northwind-0001").findings[0].mute is not None


def test_a_muted_finding_is_resolved_like_any_other(history: History) -> None:
    history.save(run(0, [A]))
    mute(history, code="LOG001")
    history.save(run(1, [A]))
    saved = history.save(run(2))
    assert [(s.state, s.mute) for s in saved.findings] == [(State.RESOLVED, None)]


def test_without_a_history_nothing_is_muted() -> None:
    assert muted(without_history(run(0, [A]))) == []


@pytest.mark.parametrize(
    ("given", "silent"),
    [
        ({"code": "LOG001"}, ["A", "B", "LB1*"]),
        ({"code": "LOG"}, ["A", "B", "C", "LB1*"]),
        ({"code": "LOG002"}, ["C"]),
        ({"code": "HLT"}, []),
        ({"subject": "A"}, ["A"]),
        ({"subject": "[A]"}, ["A"]),
        ({"subject": "a"}, []),
        ({"subject": "?"}, ["A", "B", "C"]),
        ({"code": "LOG001", "subject": "?"}, ["A", "B"]),
        ({"subject": "LB*"}, ["LB1*"]),
        ({"subject": "LB1*"}, ["LB1*"]),
        ({"code": "LOG001", "store": "harbor"}, []),
        ({"code": "LOG001", "store": STORE}, ["A", "B", "LB1*"]),
    ],
)
def test_patterns(history: History, given: dict[str, Any], silent: list[str]) -> None:
    findings = [A, B, finding("C", "LOG002", due_at=None), finding("LB1*", due_at=None)]
    mute(history, **given)
    assert muted(history.save(run(0, findings))) == silent


def test_a_mute_of_one_store_leaves_the_others_alone(history: History) -> None:
    mute(history, code="LOG001", store=STORE)
    other = finding("A", store="harbor", due_at=None)
    assert muted(history.save(run(0, [other], store="harbor"))) == []
    assert muted(history.save(run(0, [A]))) == ["A"]


def test_the_last_moment_of_a_mute(history: History) -> None:
    mute(history, code="LOG001", days=2)
    assert muted(history.save(run(2, [A]))) == ["A"]
    assert muted(history.save(run(3, [A], now=day(2) + timedelta(seconds=1)))) == []


def test_a_finding_twice_in_a_run_is_silenced_twice(history: History) -> None:
    mute(history, code="LOG001")
    assert muted(history.save(run(0, [A, A]))) == ["A", "A"]


# --- ending early ---------------------------------------------------------------------------------------------------


def test_a_mute_ends_early_when_the_figure_worsens_and_for_good(history: History) -> None:
    history.save(run(0, [figure(80)]))
    mute(history, fingerprint=A.fingerprint, code="LOG001", subject="A", store=STORE)
    assert muted(history.save(run(1, [figure(82)]))) == ["A"]
    assert muted(history.save(run(2, [figure(80)]))) == ["A"], "no worse than when it was muted"
    worse = history.save(run(3, [figure(79)]))
    assert muted(worse) == []
    assert worse.findings[0].state is State.PERSISTING
    assert worse.findings[0].worse is not None
    assert kinds(worse) == [NoticeKind.ENDED]
    assert worse.summary.error == 1
    assert history.run(worse.record.id) == worse
    back = history.save(run(4, [figure(84)]))
    assert (muted(back), kinds(back)) == ([], [])
    assert [one.standing for one in history.silences.listed(day(4))] == [Standing.ENDED]


def test_a_pattern_ends_only_for_what_worsened(history: History) -> None:
    b = finding("B", value=80, due_at=None)
    history.save(run(0, [figure(80), b]))
    mute(history, code="LOG001")
    saved = history.save(run(1, [figure(70), b]))
    assert muted(saved) == ["B"]
    (listed,) = history.silences.listed(day(1))
    assert (listed.standing, listed.open_now, [f for f, _ in listed.ended]) == (Standing.ACTIVE, 2, [A.fingerprint])


def test_what_a_pattern_meets_later_is_measured_from_then_on(history: History) -> None:
    mute(history, code="LOG001")
    assert muted(history.save(run(0, [figure(80)]))) == ["A"]
    assert muted(history.save(run(1, [figure(79)]))) == []


def test_an_earlier_capture_judged_again_ends_nothing(history: History) -> None:
    history.save(run(5, [figure(80)]))
    mute(history, code="LOG001")
    assert muted(history.save(run(1, [figure(10)]))) == ["A"]
    assert muted(history.save(run(6, [figure(80)]))) == ["A"]


def test_a_second_mute_may_hold_what_the_first_no_longer_does(history: History) -> None:
    history.save(run(0, [figure(80)]))
    mute(history, code="LOG001")
    assert muted(history.save(run(1, [figure(70)]))) == []
    mute(history, code="LOG", reason="again")
    saved = history.save(run(2, [figure(70)]))
    assert muted(saved) == ["A"]
    assert saved.findings[0].mute is not None
    assert saved.findings[0].mute.reason == "again"


def test_a_run_that_fails_to_be_saved_ends_no_mute(history: History) -> None:
    history.save(run(0, [figure(80)]))
    mute(history, code="LOG001")
    with pytest.raises(ValueError, match="offset"):
        history.save(run(1, [figure(10)], captured_at=datetime(2026, 1, 1)))  # noqa: DTZ001
    assert history.silences.listed(day(1))[0].ended == ()


# --- what is told ---------------------------------------------------------------------------------------------------


def test_an_expired_mute_is_told_with_what_came_back(history: History) -> None:
    mute(history, code="LOG001", days=1)
    history.save(run(0, [A]))
    saved = history.save(run(2, [A, B]))
    assert kinds(saved) == [NoticeKind.EXPIRED]
    assert "2 of its findings stand" in saved.notices[0].text.en
    assert "2 条" in saved.notices[0].text.zh
    gone = history.save(run(3))
    assert "nothing that it silenced stands" in gone.notices[0].text.en


def test_an_unused_mute_is_told_apart_from_a_mistyped_one(history: History) -> None:
    history.save(run(0, [A, B]))
    mute(history, subject="A", code="LOG001")
    mute(history, subject="AA", code="LOG001")
    saved = history.save(run(1, [B]))
    assert kinds(saved) == [NoticeKind.UNUSED, NoticeKind.UNMATCHED]
    assert history.run(saved.record.id).notices == saved.notices
    assert [one.standing for one in history.silences.listed(day(1))] == [Standing.UNUSED, Standing.UNMATCHED]


@pytest.mark.parametrize(
    "changes",
    [
        {"outcomes": {"LOG001": UNKNOWN}},
        {"gaps": {"LOG001": Text("缺页", "a page is missing")}, "findings": [B]},
        {"outcomes": {"LOG001": NOT_APPLICABLE, "LOG002": UNKNOWN}, "code": "LOG"},
        {"code": "LOG009"},
    ],
)
def test_a_mute_whose_rules_could_not_judge_is_not_called_unused(history: History, changes: dict[str, Any]) -> None:
    code, found = changes.pop("code", "LOG001"), changes.pop("findings", [])
    history.save(run(0, [A]))
    mute(history, code=code, subject="A")
    assert kinds(history.save(run(1, found, **changes))) == []


def test_a_mute_that_another_store_needs_is_not_called_unused(history: History) -> None:
    history.save(run(0, [finding("A", store="harbor", due_at=None)], store="harbor"))
    mute(history, code="LOG001")
    assert kinds(history.save(run(0))) == []
    mute(history, code="LOG001", store=STORE)
    assert kinds(history.save(run(1))) == [NoticeKind.UNMATCHED]


def test_a_rule_that_no_version_knows_is_listed_as_mistyped(history: History) -> None:
    history.save(run(0, [finding("A", "LOG999")]))
    mute(history, code="LOG999", subject="B")
    assert history.silences.listed(day(0))[0].standing is Standing.UNMATCHED


def test_notices_name_the_mute_in_both_languages(history: History) -> None:
    mute(history, code="LIC002", subject="x*", days=1)
    saved = history.save(run(2))
    text = saved.notices[0].text
    assert saved.notices == (Notice(NoticeKind.EXPIRED, text),)
    for words in text:
        assert all(part in words for part in ("1", "LIC002", "x*", "2026-11-21", "shoplint mute --remove 1"))


def test_a_list_is_as_of_the_later_of_now_and_the_last_run(history: History) -> None:
    mute(history, code="LOG001", days=5)
    history.save(run(0, [A]))
    assert history.silences.listed(day(0))[0].standing is Standing.ACTIVE
    assert history.silences.listed(day(6))[0].standing is Standing.EXPIRED
    history.save(run(7, [A]))
    assert history.silences.listed(day(0))[0].standing is Standing.EXPIRED


def test_numbers_are_never_given_again(history: History) -> None:
    first = mute(history, code="LOG001")
    history.silences.remove(first.id, day(0))
    assert mute(history, code="LOG001").id == first.id + 1
    with pytest.raises(MuteNotFound):
        history.silences.remove(first.id, day(0))


def test_a_finding_is_known_by_the_beginning_of_its_fingerprint(history: History) -> None:
    history.save(run(0, [A, B]))
    assert history.silences.find(A.fingerprint[:6].upper())["subject_id"] == "A"
    for wrong in (A.fingerprint[:3], "ffffffffffff", ""):
        with pytest.raises(FindingNotFound):
            history.silences.find(wrong)
    with pytest.raises(FindingNotFound):
        history.silences.find(A.fingerprint, "harbor")


def test_what_is_looked_up_for_a_run_comes_from_indexes(history: History) -> None:
    """Without a mute a run asks for no more than the list of mutes."""
    asked: list[str] = []
    history.db.conn.set_trace_callback(asked.append)
    history.save(run(0, [A]))
    history.db.conn.set_trace_callback(None)
    assert [sql for sql in asked if "mute_marks" in sql or "FROM baselines" in sql] == []
    assert any("FROM mutes" in sql for sql in asked)


def test_a_fallen_half_of_a_character_in_a_reason_is_kept_as_a_question_mark(history: History) -> None:
    assert mute(history, code="LOG001", reason="bad \ud83d").id == 1
    assert history.silences.listed(day(0))[0].mute.reason == "bad ?"


# --- the command ----------------------------------------------------------------------------------------------------


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


def findings(shell: Shell, *options: str) -> list[dict[str, Any]]:
    answer = shell("judge", NORTHWIND, "--select", "LOG,HLT", "--format", "json", *options)
    return list(json.loads(answer.out)["findings"])


FOR = ("--reason", "carrier changes", "--for", "30d")


def test_a_mute_by_fingerprint_from_the_command_to_the_report(judged: Shell) -> None:
    wanted = next(f for f in findings(judged) if f["code"] == "HLT004")
    answer = judged("mute", wanted["fingerprint"][:8], *FOR)
    assert answer.code == 0
    assert "mute 1: HLT004 dispute_rate, until" in answer.out
    after = findings(judged)
    (silent,) = [f for f in after if f["state"] == "muted"]
    assert silent["fingerprint"] == wanted["fingerprint"]
    assert silent["mute"]["reason"] == "carrier changes"
    assert silent["value"] == 0.0196
    table = judged("judge", NORTHWIND, "--select", "LOG,HLT")
    assert "muted 1" in table.out
    assert "HLT004" not in table.out
    verbose = judged("show", "last", "-v").out
    assert "HLT004" in verbose
    assert "carrier changes" in verbose


def test_muted_findings_do_not_change_the_exit_code(judged: Shell) -> None:
    assert judged("judge", NORTHWIND, "--select", "HLT001", "-q").code == 1
    judged("mute", "HLT001", *FOR)
    answer = judged("judge", NORTHWIND, "--select", "HLT001", "--format", "json")
    assert answer.code == 0
    assert json.loads(answer.out)["summary"] | {"rules": None} == {
        "error": 0,
        "warning": 0,
        "info": 0,
        "muted": 1,
        "new": 0,
        "persisting": 0,
        "resolved": 0,
        "accepted": 0,
        "rules": None,
    }
    assert judged("judge", NORTHWIND, "--select", "HLT001", "--no-history", "-q").code == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_and_the_removal(judged: Shell, language: str) -> None:
    judged("mute", "LOG", "--subject", "82*", *FOR)
    judged("mute", "LIC002", "--subject", "nobody", *FOR)
    judged("mute", "HLT001", "--store", "1102345678", "--reason", "one store", "--until", "2099-12-31")
    judged.speak(language)
    listed = judged("mute", "--list").out
    for word in ("LOG 82*", "LIC002 nobody", "carrier changes", "Northwind", "2099-12-31"):
        assert word in listed
    assert ("从未匹配" if language == "zh" else "never matched") in listed
    assert max(cell_len(line) for line in listed.splitlines()) <= 80
    data = json.loads(judged("mute", "--list", "--format", "json").out)
    assert [(one["id"], one["standing"]) for one in data] == [(1, "active"), (2, "unmatched"), (3, "active")]
    assert judged("mute", "--remove", "2").code == 0
    assert len(json.loads(judged("mute", "--list", "--format", "json").out)) == 2
    assert len(json.loads(judged("mute", "--list", "--store", "1102345678", "--format", "json").out)) == 2


def test_an_empty_list_says_so(judged: Shell) -> None:
    assert judged("mute", "--list").out.strip() == "no mutes"


def test_a_day_ends_with_its_last_second_in_the_users_own_zone(judged: Shell) -> None:
    judged.home.joinpath("config.toml").write_text('timezone = "Asia/Shanghai"\n', "utf-8")
    made = json.loads(judged("mute", "HLT001", "--reason", "x", "--until", "2026-12-31", "--format", "json").out)
    assert made["until"] == "2026-12-31T23:59:59+08:00"
    until = "2026-12-31T12:00:00-08:00"
    exact = json.loads(judged("mute", "HLT001", "--reason", "x", "--until", until, "--format", "json").out)
    assert datetime.fromisoformat(exact["until"]) == datetime.fromisoformat(until)


def test_a_span_counts_from_the_last_run_when_that_lies_ahead(judged: Shell) -> None:
    later = "2999-01-01T00:00:00+00:00"
    judged("judge", NORTHWIND, "--select", "HLT001", "--now", later, "-q")
    made = json.loads(judged("mute", "HLT001", "--reason", "x", "--for", "2w", "--format", "json").out)
    assert datetime.fromisoformat(made["until"]) == datetime(2999, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name what to silence"),
        (("HLT001", "--for", "3d"), "--reason"),
        (("HLT001", "--for", "3d", "--reason", "  "), "--reason"),
        (("HLT001", "--reason", "x"), "a mute has an end"),
        (("HLT001", "--reason", "x", "--for", "3d", "--until", "2027-01-01"), "either"),
        (("HLT001", "--reason", "x", "--until", "2020-01-01"), "already past"),
        (("HLT001", "--reason", "x", "--until", "tomorrow"), "is no date"),
        (("HLT001", "--reason", "x", "--until", "2027-02-30"), "is no date"),
        (("HLT001", "--reason", "x", "--until", "2027-02-03T10:00"), "lacks an offset"),
        (("HLT001", "--reason", "x", "--for", "0d"), "is no span"),
        (("HLT001", "--reason", "x", "--for", "99999999d"), "is no span"),
        (("HLT0O1", *FOR), "did you mean HLT"),
        (("HLT001,LOG", *FOR), "one rule or family at a time"),
        (("feedfacefeedface", *FOR), "no finding whose fingerprint"),
        (("abc", *FOR), "no finding whose fingerprint"),
        (("feedface", "--subject", "x", *FOR), "leave --subject out"),
        (("HLT001", "--store", "elsewhere", *FOR), "holds no run of store elsewhere"),
        (("--list", "HLT001"), "stand"),
        (("--list", "--remove", "1"), "stand"),
        (("--remove", "7"), "no mute 7"),
    ],
)
def test_mistakes_are_told_in_one_sentence(judged: Shell, arguments: tuple[str, ...], words: str) -> None:
    answer = judged("mute", *arguments)
    assert answer.code == 2
    assert words in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert json.loads(judged("mute", "--list", "--format", "json").out) == []


def test_what_matches_nothing_is_kept_and_told_at_once(judged: Shell) -> None:
    answer = judged("mute", "LOG001", "--subject", "999*", *FOR)
    assert answer.code == 0
    assert "nothing that stands matches" in answer.err


def test_before_the_first_run_there_is_nothing_to_mute(shell: Shell) -> None:
    assert "there is no history" in shell("mute", "HLT001", *FOR).err


def test_the_report_tells_of_mutes_in_both_languages(judged: Shell) -> None:
    judged("mute", "HLT001", "--subject", "scoer", *FOR)
    for language, words in (("en", "has never matched"), ("zh", "从未对应到任何问题")):
        out = judged("judge", NORTHWIND, "--select", "LOG,HLT", "--lang", language).out
        assert words in out.replace("\n    ", " " if language == "en" else "")
    told = json.loads(judged("judge", NORTHWIND, "--select", "LOG,HLT", "--format", "json").out)
    assert [notice["kind"] for notice in told["run"]["notices"]] == ["mute_unmatched"]
