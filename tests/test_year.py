"""A simulated year of one store: states, trends, mutes, the medal calendar; a database that stays small and quick."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.cli.main import run as shoplint
from agent.history import queries
from agent.history.database import History
from agent.history.runs import NoticeKind, SavedRun, State, StatedFinding
from agent.judging import Question, judge_facts
from checks.rule import selected
from extractors import models as m
from extractors.vocabulary import shipped
from tests import year
from tests.truths import RECORDINGS
from tests.year import STORE, at, on

STEPS = 1000
"""SQLite tells of its work once in so many steps."""


@pytest.fixture(scope="session")
def spent(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The history after the year. Of several test processes the first makes it, and the others wait for it."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if hasattr(request.config, "workerinput") else own
    path = folder / "year.db"
    with (folder / "year.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            year.spend(own / "spending.db")
            (own / "spending.db").rename(path)
    return path


@pytest.fixture
def history(spent: Path) -> Iterator[History]:
    with History(spent, create=False) as opened:
        yield opened


@pytest.fixture
def day(history: History) -> Callable[[int], SavedRun]:
    """The run of a day, by its number."""
    ids = {head.captured_at: head.id for head in history.runs(STORE)}
    return lambda number: history.run(ids[at(number)])


def of(saved: SavedRun, code: str, subject: str | None = None) -> list[StatedFinding]:
    """What one rule found or resolved."""
    return [s for s in saved.findings if s.finding.code == code and subject in (None, s.finding.subject.id)]


def seen(found: list[StatedFinding]) -> list[tuple[State, date]]:
    return [(s.state, s.first_seen.astimezone(year.ZONE).date()) for s in found]


Day = Callable[[int], SavedRun]


# --- states ---------------------------------------------------------------------------------------------------------


def test_every_day_is_there_and_compared_with_the_day_before(history: History) -> None:
    runs = history.runs(STORE)
    assert len(runs) == year.DAYS + 1
    complete = [head for head in reversed(runs) if head.complete]
    assert [head.captured_at for head in complete] == [at(number) for number in range(year.DAYS)]
    assert [head.compared_with for head in complete] == [None, *(head.id for head in complete[:-1])]


def test_a_finding_through_its_first_and_its_second_life(day: Day) -> None:
    rate = "dispute_rate"
    assert of(day(70), "HLT004") == [], "on the line itself it is met"
    assert seen(of(day(71), "HLT004", rate)) == [(State.NEW, on(71))]
    assert seen(of(day(75), "HLT004", rate)) == [(State.PERSISTING, on(71))]
    assert seen(of(day(149), "HLT004", rate)) == [(State.PERSISTING, on(71))]
    assert seen(of(day(150), "HLT004", rate)) == [(State.RESOLVED, on(71))]
    assert of(day(151), "HLT004") == of(day(299), "HLT004") == []
    assert seen(of(day(300), "HLT004", rate)) == [(State.NEW, on(300))]
    assert seen(of(day(364), "HLT004", rate)) == [(State.PERSISTING, on(300))]


def test_what_stood_all_year_was_first_seen_on_the_first_day(day: Day) -> None:
    (stated,) = of(day(363), "HLT001")
    assert seen([stated]) == [(State.PERSISTING, on(0))]


def test_a_paper_that_runs_out_in_the_year_is_told_from_its_day_on(day: Day) -> None:
    """The business licence is valid until 2027-01-20: fewer than 90 days are left from October 23 on."""
    licence = "business_licence:9144************2X"
    assert on(294) == date(2026, 10, 22)
    assert of(day(294), "LIC002", licence) == []
    assert seen(of(day(295), "LIC002", licence)) == [(State.NEW, date(2026, 10, 23))]
    assert seen(of(day(350), "LIC002", licence)) == [(State.PERSISTING, date(2026, 10, 23))]


def test_orders_come_and_go_with_their_findings(day: Day) -> None:
    """Every ten days the store has other orders: what the old ones had is resolved, not forgotten."""
    old = {s.finding.fingerprint for s in of(day(109), "LOG003")}
    turned = of(day(110), "LOG003")
    assert len(old) > 10
    assert {s.finding.fingerprint for s in turned if s.state is State.RESOLVED} == old
    assert {s.first_seen for s in turned if s.state is State.NEW} == {at(110)}
    assert not any(s.finding.fingerprint in old for s in of(day(111), "LOG003"))


# --- trends ---------------------------------------------------------------------------------------------------------


def test_a_trend_is_told_two_weeks_before_it_reaches_the_line(day: Day) -> None:
    """The rate rises by 0.01 points a day from day 30 and is at 0.8 % on day 70."""
    watched = "dispute_rate"
    assert of(day(54), "HLT011", watched) == []
    for number in range(57, 70):
        (stated,) = of(day(number), "HLT011", watched)
        assert on(70).isoformat() in stated.finding.message.en, number
        assert stated.first_seen >= at(54)
    assert [s.state for s in of(day(72), "HLT011", watched)] in ([], [State.RESOLVED])
    assert of(day(73), "HLT011", watched) == []


def test_a_jump_is_no_trend(day: Day) -> None:
    for number in (120, 121, 125, 300, 301, 305):
        assert of(day(number), "HLT011", "dispute_rate") == [], number


def test_incomplete_runs_and_other_stores_enter_no_trend(history: History, day: Day) -> None:
    name = "health.dispute_rate"
    points = history.metric(STORE, name)
    assert [p.metric.value for p in points] == [year.dispute_rate(number) for number in range(year.DAYS)]
    assert [p.metric.at for p in points] == [at(number) for number in range(year.DAYS)]
    assert {p.metric.value for p in history.metric(STORE, name, complete=False)} >= {0.5}
    assert {p.value for p in history.figures(STORE, [name], at(200), last_before=True)} == {0.004, 0.009}
    noon = next(head for head in history.runs(STORE) if not head.complete)
    assert of(history.run(noon.id), "HLT004"), "the incomplete run itself was judged on what it saw"
    assert noon.captured_at == at(year.INCOMPLETE, 12)
    following = day(year.INCOMPLETE + 1)
    assert of(following, "HLT011", "dispute_rate") == []
    assert [s.state for s in of(following, "HLT004")] in ([], [State.RESOLVED])


def test_a_page_of_another_store_makes_a_run_incomplete_and_leaves_no_figure() -> None:
    """Whatever rules were selected: also when none of them would have looked at that page."""
    facts = year.Year.made().facts(100)
    strange = [
        r.model_copy(update={"verdict": m.Verdict.WRONG_STORE, "data": None}) if r.kind == "health" else r
        for r in facts.readings
    ]
    for codes in ("HLT", "LIC"):
        question = Question(selected((codes,)), shipped(), {})
        good = judge_facts(facts, question, capture=None, started_at=at(100))
        bad = judge_facts(replace(facts, readings=tuple(strange)), question, capture=None, started_at=at(100))
        assert (good.complete, bad.complete) == (True, False)
        assert {metric.name for metric in good.metrics} > {"health.score", "health.dispute_rate"}
        assert not any(metric.name.startswith("health.") for metric in bad.metrics)


def test_what_an_incomplete_run_could_not_see_persists(day: Day) -> None:
    for stated in of(day(year.INCOMPLETE + 1), "LIC005"):
        assert seen([stated]) == [(State.PERSISTING, on(0))]
    assert of(day(year.INCOMPLETE + 1), "LIC005")


def test_rules_look_back_a_month_and_at_the_last_value_before(history: History) -> None:
    found = history.figures(STORE, ["rating.rating", "medal.current"], at(200), last_before=True)
    assert [p.at for p in found if p.metric == "medal.current"][:2] == [at(199), at(200)]
    assert [p.value for p in found if p.metric == "rating.rating"][:2] == [4.79, 4.81]


# --- weekly evaluations ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on_day", "once", "twice"),
    [
        (date(2026, 8, 3), False, False),
        (date(2026, 8, 4), True, False),
        (date(2026, 8, 10), True, False),
        (date(2026, 8, 11), False, True),
        (date(2026, 8, 17), False, True),
        (date(2026, 8, 18), False, False),
    ],
)
def test_evaluations_that_the_page_does_not_show_come_from_our_own_runs(
    day: Day, on_day: date, once: bool, twice: bool
) -> None:
    saved = day((on_day - year.START).days)
    standing = {s.finding.code for s in saved.findings if s.counts and s.finding.subject.id == "fulfilment_rate"}
    assert ("LVL003" in standing, "LVL002" in standing) == (once, twice)


# --- medals and search weight ---------------------------------------------------------------------------------------


def test_the_medal_calendar_turns_with_the_quarters_of_us_time(day: Day) -> None:
    spring, summer, autumn, winter = "03-31T23:59:59-07", "06-30T23:59:59-07", "09-30T23:59:59-07", "12-31T23:59:59-08"
    ends = {0: spring, 89: spring, 90: summer, 180: summer, 181: autumn, 272: autumn, 273: winter, 364: winter}
    for number, end in ends.items():
        (stated,) = of(day(number), "MDL002")
        assert stated.finding.due_at is not None
        assert stated.finding.due_at.isoformat() == f"2026-{end}:00", number


def test_the_result_window_is_told_while_it_lasts(day: Day) -> None:
    running = [on(n) for n in range(90, 120) if "being published" in of(day(n), "MDL002")[0].finding.message.en]
    assert running == [date(2026, 4, n) for n in range(11, 16)]
    assert "2026-07-15" in of(day(90), "MDL002")[0].finding.message.en


def test_a_lost_medal_is_told_once(day: Day) -> None:
    assert on(103) == date(2026, 4, 14)
    assert of(day(102), "MDL004") == []
    (lost,) = of(day(103), "MDL004")
    assert seen([lost]) == [(State.NEW, on(103))]
    assert all(word in lost.finding.message.en for word in ("gold", "2026-04-13", "silver", "2026-06-30"))
    assert seen(of(day(104), "MDL004")) == [(State.RESOLVED, on(103))]
    assert of(day(105), "MDL004") == []


def test_the_protection_of_a_good_seller_ends_in_december(day: Day) -> None:
    """It lasts until 2026-12-07: a warning in the last 30 days, an error from then on."""
    assert of(day((date(2026, 11, 6) - year.START).days), "MDL003") == []
    told = {number: of(day(number), "MDL003")[0].finding for number in (312, 340, 341)}
    assert [f"{on(n)} {f.severity}" for n, f in told.items()] == [
        "2026-11-09 warning",
        "2026-12-07 warning",
        "2026-12-08 error",
    ]


def test_search_weight_is_told_when_it_is_reached_and_when_it_is_lost(day: Day) -> None:
    told = {n: of(day(n), "RTG008") for n in (0, 199, 200, 201, 202, 259, 260, 261, 262)}
    standing = {n: [s.finding.message.en for s in found if s.counts] for n, found in told.items()}
    assert [n for n, found in standing.items() if found] == [200, 260]
    assert "reached" in standing[200][0]
    assert "lost" in standing[260][0]


# --- mutes and the baseline -----------------------------------------------------------------------------------------


def test_a_mute_holds_until_the_figure_is_worse_than_it_was(day: Day) -> None:
    states = {n: of(day(n), "HLT004", "dispute_rate")[0].state for n in (80, 81, 100, 119, 120, 149)}
    assert states == {
        80: State.PERSISTING,
        81: State.MUTED,
        100: State.MUTED,
        119: State.MUTED,
        120: State.PERSISTING,
        149: State.PERSISTING,
    }
    ended = day(120)
    assert [n.kind for n in ended.notices] == [NoticeKind.ENDED]
    assert "0.85%" in ended.notices[0].text.zh
    assert "1.00%" in ended.notices[0].text.zh
    assert seen(of(ended, "HLT004", "dispute_rate")) == [(State.PERSISTING, on(71))]
    assert day(121).notices == ()
    assert (day(100).summary.muted, day(121).summary.muted) == (1, 0)


def test_a_mute_that_is_over_is_told_until_it_is_removed(day: Day) -> None:
    assert of(day(21), "RSP007")[0].state is of(day(40), "RSP007")[0].state is State.MUTED
    assert of(day(41), "RSP007")[0].state is State.PERSISTING
    assert [n.kind for n in day(41).notices] == [n.kind for n in day(80).notices] == [NoticeKind.EXPIRED]
    assert day(81).notices == ()
    assert [n.kind for n in day(151).notices] == [NoticeKind.UNUSED], "what it silenced was mended on day 150"
    assert [n.kind for n in day(201).notices] == [NoticeKind.EXPIRED]
    assert day(211).notices == ()


def test_a_baseline_leaves_what_is_new_or_worse(history: History, day: Day) -> None:
    saved, accepted = day(364), history.silences.baseline(STORE)
    assert accepted is not None
    assert saved.baseline == accepted.run == day(340).record.id
    assert day(363).baseline is None
    standing = [s for s in saved.findings if s.state is not State.RESOLVED]
    old = [s for s in standing if s.finding.fingerprint in accepted.marks]
    assert {s.accepted for s in old if not s.worse} == {True}
    assert saved.summary.accepted == sum(s.accepted for s in standing) > 30
    counted = {s.finding.code: s.worse for s in standing if s.counts}
    assert counted["MDL003"] is not None, "the protection ended on day 341"
    assert "HLT004" not in counted
    assert saved.summary.error + saved.summary.warning + saved.summary.info == sum(s.counts for s in standing)


# --- small and quick ------------------------------------------------------------------------------------------------


def test_the_year_stays_small(history: History, spent: Path) -> None:
    (found,) = history.db.execute("SELECT count(*) FROM occurrences").fetchone()
    assert found > 20_000
    assert spent.stat().st_size < 50_000_000
    assert history.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def plan(history: History, sql: str, params: Any) -> list[str]:
    return [row[3] for row in history.db.execute(f"EXPLAIN QUERY PLAN {sql}", params)]


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        (queries.OF_RUN, [1]),
        (queries.LAST_FOUND, [1, 1]),
        (queries.OUTCOMES, [1]),
        (queries.NOTICES, [1]),
        (queries.METRIC, [STORE, "health.score", "", 1]),
        (queries.KNOWN, {"store": STORE, "fingerprints": "[]"}),
        (queries.FIGURES, {"store": STORE, "names": "[]", "since": "", "last_before": 1}),
    ],
)
def test_queries_are_answered_from_indexes(history: History, sql: str, params: Any) -> None:
    steps = [step for step in plan(history, sql, params) if step.startswith("SCAN")]
    assert [step for step in steps if "VIRTUAL TABLE" not in step] == []


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        (lambda h: h.runs(STORE, 20), 20),
        (lambda h: h.run("last", STORE), 40),
        (lambda h: h.metric(STORE, "health.dispute_rate"), 40),
        (lambda h: h.known(STORE), 60),
        (lambda h: h.silences.listed(at(364), STORE), 40),
        (lambda h: h.stores(), 40),
    ],
)
def test_reading_takes_little_work(history: History, ask: Callable[[History], object], most: int) -> None:
    """Thousands of steps of SQLite's machine; reading every row of the year would take hundreds of thousands."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1

    history.db.conn.set_progress_handler(count, STEPS)
    ask(history)
    history.db.conn.set_progress_handler(None, STEPS)
    assert done <= most


# --- through the pages ----------------------------------------------------------------------------------------------


def recorded_on(folder: Path, moment: datetime, rate: str) -> Path:
    """The recorded health page as it stood on another day with another dispute rate: a capture of its own."""
    source = RECORDINGS / "northwind"
    capture = json.loads((source / "capture.json").read_text("utf-8"))
    (entry,) = (page for page in capture["pages"] if page["kind"] == "health")
    html = (source / entry["file"]).read_text("utf-8")
    assert "1.96%" in html
    capture |= {"captured_at": moment.isoformat(), "finished_at": moment.isoformat(), "responses": []}
    capture["pages"] = [entry | {"captured_at": moment.isoformat()}]
    (folder / "pages").mkdir(parents=True)
    (folder / entry["file"]).write_text(html.replace("1.96%", rate), "utf-8")
    (folder / "capture.json").write_text(json.dumps(capture), "utf-8")
    return folder


def test_a_trend_from_the_pages_of_five_captures_to_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPLINT_HOME", str(tmp_path / "home"))
    found: list[list[str]] = []
    for place, rate in enumerate(("0.50%", "0.55%", "0.60%", "0.65%", "0.70%")):
        capture = recorded_on(tmp_path / f"capture-{place}", at(0) + timedelta(days=2 * place), rate)
        capsys.readouterr()
        shoplint(["judge", str(capture), "--select", "HLT004,HLT011", "--format", "json", "--lang", "en", "-q"])
        data = json.loads(capsys.readouterr().out)
        found.append([f["message"] for f in data["findings"] if f["state"] != "resolved"])
    assert found[:4] == [[], [], [], []]
    ((message,),) = found[4:]
    assert all(word in message for word in ("0.80%", "2026-01-13", "01-01 0.50%", "01-09 0.70%"))


def test_the_commands_answer_after_a_year(
    spent: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked of a copy, because a command may write."""
    monkeypatch.setenv("SHOPLINT_HOME", str(tmp_path))
    shutil.copy(spent, tmp_path / "history.db")
    answers = {}
    for command in (("history", "--limit", "3"), ("show", "last", "--store", STORE), ("mute", "--list")):
        capsys.readouterr()
        assert shoplint([*command, "--lang", "en"]) == 0
        answers[command[0]] = capsys.readouterr().out
    assert "2026-12-31 03:15" in answers["history"]
    assert "beside the baseline" in answers["show"]
    assert answers["mute"].strip() == "no mutes"
