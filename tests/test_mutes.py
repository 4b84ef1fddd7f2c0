"""Mutes: what they silence, when they end early, and what is told about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from agent.errors import FindingNotFound, MuteNotFound
from agent.history.database import History
from agent.history.migrations import MIGRATIONS
from agent.history.mutes import Mute, Standing
from agent.history.runs import Notice, NoticeKind, SavedRun, State
from agent.history.states import without_history
from checks.text import Text
from tests.history_runs import NOT_APPLICABLE, UNKNOWN, day, figure, finding, run

STORE = "northwind"


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


def test_a_history_from_before_there_were_mutes_is_read_and_goes_on(tmp_path: Path, history: History) -> None:
    """Made by the migrations of that time, and filled with what this version keeps, as far as there was a place."""
    before = history.save(run(0, [A]))
    names = [migration.name for migration in MIGRATIONS.pending(Database(memory=True))]
    old = Database(tmp_path / "old.db")
    MIGRATIONS.apply(old, stop_before=names[names.index("mutes_and_baselines") :])
    for table in ("stores", "runs", "texts", "thresholds", "findings", "occurrences", "outcomes", "metrics"):
        known = old.table(table).columns_dict
        rows = history.db.table(table).rows
        old.table(table).insert_all({name: row[name] for name in known} for row in rows)
    assert "mutes" not in old.table_names()
    old.close()
    with History(tmp_path / "old.db") as opened:
        assert opened.run("last") == before
        mute(opened, code="LOG001")
        assert muted(opened.save(run(1, [A]))) == ["A"]


def test_a_fallen_half_of_a_character_in_a_reason_is_kept_as_a_question_mark(history: History) -> None:
    assert mute(history, code="LOG001", reason="bad \ud83d").id == 1
    assert history.silences.listed(day(0))[0].mute.reason == "bad ?"
