"""The history keeps what it is given, gives it back unchanged, and stays quick."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlite_utils import Database

from agent.errors import HistoryForeign, HistoryMissing, HistoryTooNew, RunNotFound
from agent.history import migrations, queries, version
from agent.history.database import History
from agent.history.runs import Metric, RunRecord, SavedRun, State, StoreRef, Summary, new_run_id
from checks.finding import Evidence, Outcome, Severity
from checks.text import Text
from tests.history_runs import NOT_APPLICABLE, PACIFIC, PASS, UNKNOWN, bare, day, finding, metrics, run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "history.db"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with History(path) as opened:
        yield opened


def full(number: int) -> RunRecord:
    """A run with everything that a run may hold."""
    return run(
        number,
        [finding("2"), finding("1"), bare("3"), finding("2", "LOG003")],
        outcomes={"RSP014": NOT_APPLICABLE, "HLT001": UNKNOWN, "HLT002": PASS},
        gaps={"HLT001": Text("health 页面变成了登录页", "health shows the login page"), "LOG001": Text("缺", "gap")},
        metrics=metrics(number),
    )


class TestReadingAgain:
    def test_a_run_is_what_was_saved(self, history: History) -> None:
        first, second = history.save(full(0)), history.save(run(1, [finding("1")]))
        assert history.run(first.record.id) == first
        assert history.run(second.record.id) == second
        assert [s.state for s in second.findings].count(State.RESOLVED) == 1

    def test_times_keep_the_zones_they_came_in(self, history: History) -> None:
        saved = history.save(full(0))
        assert repr(history.run()) == repr(saved)

    def test_findings_and_outcomes_keep_their_order(self, history: History) -> None:
        history.save(full(0))
        again = history.run()
        assert [s.finding.subject.id for s in again.findings] == ["2", "1", "3", "2"]
        assert [o.code for o in again.record.outcomes] == [o.code for o in full(0).outcomes]

    def test_an_old_run_keeps_its_words_when_a_new_one_changes_them(self, history: History) -> None:
        saved = history.save(run(0, [finding("1")]))
        renamed = StoreRef("northwind", None, "Renamed", None)
        changed = finding("1", name="renamed", message=Text("新", "new"), severity=Severity.WARNING)
        history.save(run(1, [changed])._replace(store=renamed))
        assert history.run(saved.record.id) == saved
        assert history.stores()[0].store == renamed

    def test_an_empty_run_is_kept(self, history: History) -> None:
        saved = history.save(run(0)._replace(outcomes=(), metrics=(), selected=(), capture=None, captured_at=None))
        assert history.run() == saved
        assert saved.summary == Summary()

    def test_text_that_is_no_text_is_kept_readable(self, history: History) -> None:
        """Half a surrogate pair reaches us from broken JSON; a NUL from anywhere."""
        odd = Evidence("orders", 1, "标\x00题", "half \ud83d", None)
        history.save(run(0, [finding("1", evidence=odd, message=Text("\ud800", "a\x00b"))]))
        (again,) = history.run().findings
        assert again.finding.evidence == Evidence("orders", 1, "标\x00题", "half ?", None)
        assert again.finding.message == Text("?", "a\x00b")

    def test_a_time_without_an_offset_is_refused(self, history: History) -> None:
        with pytest.raises(ValueError, match="without an offset"):
            history.save(run(0)._replace(now=datetime(2026, 11, 20)))  # noqa: DTZ001
        assert history.runs() == []

    @pytest.mark.parametrize("name", ["with space.db", "50%.db", "a?b#c.db", "北风.db"])
    def test_any_file_name_will_do(self, tmp_path: Path, name: str) -> None:
        with History(tmp_path / name) as history:
            history.save(run(0))
        assert {p.name for p in tmp_path.iterdir()} == {name}
        with History(tmp_path / name, create=False) as history:
            assert len(history.runs()) == 1


class TestFindingRuns:
    @pytest.fixture
    def three(self, history: History) -> list[SavedRun]:
        return [
            history.save(run(0, [finding("1")])),
            history.save(run(1, [finding("1", store="harbor")], store="harbor")),
            history.save(run(2, [finding("1"), bare()])),
        ]

    def test_the_last_saved_comes_first(self, history: History, three: list[SavedRun]) -> None:
        assert [head.id for head in history.runs()] == ["northwind-0002", "harbor-0001", "northwind-0000"]
        assert [head.id for head in history.runs("northwind")] == ["northwind-0002", "northwind-0000"]
        assert [head.id for head in history.runs(limit=1)] == ["northwind-0002"]

    def test_a_head_tells_the_counts(self, history: History, three: list[SavedRun]) -> None:
        (head,) = history.runs(limit=1)
        assert head.summary == three[2].summary == Summary(error=1, info=1, new=1, persisting=1, rules_fail=2)
        assert head.summary.rules == {"fail": 2, "pass": 0, "not_applicable": 0, "unknown": 0}
        assert (head.compared_with, head.store, head.complete) == ("northwind-0000", three[2].record.store, True)

    @pytest.mark.parametrize(
        ("reference", "store", "number"),
        [
            ("last", None, 2),
            ("last", "harbor", 1),
            ("northwind-0000", None, 0),
            ("h", None, 1),
            ("northwind-0002", "northwind", 2),
        ],
    )
    def test_by_id_by_its_beginning_or_the_last(
        self, history: History, three: list[SavedRun], reference: str, store: str | None, number: int
    ) -> None:
        assert history.run(reference, store) == three[number]

    def test_an_id_that_begins_another_is_found(self, history: History, three: list[SavedRun]) -> None:
        history.save(run(3)._replace(id="northwind-00021"))
        assert history.run("northwind-0002") == three[2]

    @pytest.mark.parametrize("reference", ["northwind", ""])
    def test_several_are_named(self, history: History, three: list[SavedRun], reference: str) -> None:
        with pytest.raises(RunNotFound, match="northwind-0000, northwind-0002"):
            history.run(reference)

    @pytest.mark.parametrize(("reference", "store"), [("x", None), ("%", None), ("last", "x"), ("h", "northwind")])
    def test_none_is_said(self, history: History, three: list[SavedRun], reference: str, store: str | None) -> None:
        with pytest.raises(RunNotFound, match="shoplint history lists"):
            history.run(reference, store)

    def test_stores(self, history: History, three: list[SavedRun]) -> None:
        northwind, harbor = history.stores()
        assert (northwind.store.key, northwind.runs, northwind.last_run, northwind.open) == (
            *("northwind", 2, "northwind-0002"),
            2,
        )
        assert (harbor.store.key, harbor.runs, harbor.last_now, harbor.open) == ("harbor", 1, day(1), 1)

    def test_new_ids_sort_by_time_and_differ(self) -> None:
        early, late = new_run_id(datetime(2026, 11, 20, 1, tzinfo=PACIFIC)), new_run_id(day(0))
        assert early[:16] == "20261120T090000-"
        assert early < late
        assert new_run_id(day(0)) != late


class TestMetrics:
    def test_over_time(self, history: History) -> None:
        for number in (1, 0, 2):
            history.save(run(number, metrics=metrics(number)))
        assert [p.metric for p in history.metric("northwind", "health.score")] == [metrics(n)[3] for n in range(3)]
        assert [p.run for p in history.metric("northwind", "health.score", day(1))] == [
            "northwind-0001",
            "northwind-0002",
        ]
        assert history.metric("harbor", "health.score") == []

    @pytest.mark.parametrize("index", range(4))
    def test_values_come_back_as_they_were(self, history: History, index: int) -> None:
        metric = metrics(0)[index]
        history.save(run(0, metrics=(metric,)))
        (point,) = history.metric("northwind", metric.name)
        assert point.metric == metric
        assert isinstance(point.metric.value, Decimal) is isinstance(metric.value, Decimal)

    def test_money_is_exact_and_can_be_counted_with(self, history: History) -> None:
        history.save(run(0, metrics=(Metric("rating.sales_30d", Decimal("0.10"), "USD", day(0)),)))
        assert list(history.db.query("SELECT value, exact FROM metrics")) == [{"value": 0.1, "exact": "0.10"}]

    def test_a_capture_judged_again_gives_one_point(self, history: History) -> None:
        history.save(run(0, metrics=(Metric("health.score", 1.0, None, day(0)),)))
        history.save(run(1, metrics=(Metric("health.score", 2.0, None, day(0)),)))
        assert [(p.metric.value, p.run) for p in history.metric("northwind", "health.score")] == [
            (2.0, "northwind-0001")
        ]

    def test_incomplete_runs_stay_out_unless_asked_for(self, history: History) -> None:
        history.save(run(0, complete=False))
        assert history.metric("northwind", "health.score") == []
        assert [p.complete for p in history.metric("northwind", "health.score", complete=False)] == [False]

    def test_figures_are_the_numbers(self, history: History) -> None:
        history.save(run(0, metrics=metrics(0)))
        names = [m.name for m in metrics(0)]
        found = history.figures("northwind", names, day(0))
        assert [(p.metric, p.value, p.at, p.run) for p in found] == [
            ("rating.sales_30d", 5000.1, day(0), "northwind-0000"),
            ("health.score", 90.0, day(0), "northwind-0000"),
        ]


class TestTheFile:
    def test_it_is_set_up_for_safety(self, history: History, path: Path) -> None:
        def pragma(name: str) -> object:
            return history.db.execute(f"PRAGMA {name}").fetchone()[0]

        assert (pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")) == ("wal", 1, 1)
        assert pragma("busy_timeout") == 5000

    def test_migrations_are_named_and_dated(self, history: History) -> None:
        assert [applied.name for applied in migrations.MIGRATIONS.applied(history.db)] == list(version.NAMES)
        for applied in migrations.MIGRATIONS.applied(history.db):
            assert datetime.fromisoformat(applied.applied_at).tzinfo is not None

    def test_a_file_of_the_first_version_is_brought_up_to_this_one(self, history: History, path: Path) -> None:
        history.save(run(0, [finding()]))
        with history.db.conn:
            history.db.execute("ALTER TABLE runs DROP COLUMN deeds")
            history.db.execute("DELETE FROM _sqlite_migrations WHERE name = 'deeds_of_runs'")
        history.close()
        with History(path, create=False) as again:
            assert again.run("last").record == run(0, [finding()], deeds={})
            again.save(run(1, [finding()], deeds={"requests": 5}))
            assert again.run("last").record.deeds == {"requests": 5}

    def test_opening_it_again_changes_nothing(self, history: History, path: Path) -> None:
        before = history.db.schema
        with History(path) as again:
            assert again.db.schema == before

    def test_a_migration_that_fails_leaves_no_trace(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path.parent.mkdir()

        def fail(db: Database) -> None:
            raise RuntimeError("stopped half-way")

        monkeypatch.setattr(migrations, "_metrics", fail)
        with pytest.raises(RuntimeError):
            History(path)
        monkeypatch.undo()
        with History(path) as history:
            history.save(run(0))

    def test_a_newer_database_is_refused(self, path: Path) -> None:
        with History(path) as history:
            row = {"migration_set": "shoplint", "name": "mutes_of_2031", "applied_at": "2031-01-01"}
            history.db.table("_sqlite_migrations").insert(row)
        for create in (True, False):
            with pytest.raises(HistoryTooNew, match=r"newer shoplint .*mutes_of_2031.*upgrade") as caught:
                History(path, create=create)
            assert str(path) in str(caught.value)
            assert str(path) in caught.value.text.zh

    def test_the_database_of_another_program_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "photos.db"
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE photos (id INTEGER)")
        other.close()
        before = path.read_bytes()
        with pytest.raises(HistoryForeign, match="another program"):
            History(path)
        assert path.read_bytes() == before

    def test_reading_makes_no_file(self, path: Path) -> None:
        with pytest.raises(HistoryMissing, match="judge a capture first"):
            History(path, create=False)
        assert not path.parent.exists()

    def test_a_persisting_finding_stores_its_words_once(self, history: History) -> None:
        for number in range(30):
            history.save(run(number, [finding("1")]))
        assert history.db.table("occurrences").count == 30
        assert history.db.table("texts").count == 5
        assert history.db.table("thresholds").count == 1

    def test_every_reference_holds(self, history: History) -> None:
        history.save(full(0))
        history.save(full(1))
        assert list(history.db.query("PRAGMA foreign_key_check")) == []
        for column in ("message", "observed", "expected", "fix", "menu"):
            sql = f"SELECT count(*) FROM occurrences WHERE {column} NOT IN (SELECT id FROM texts)"
            assert history.db.execute(sql).fetchone() == (0,)


class TestSpeed:
    """By counting what SQLite does, which is the same on every machine."""

    @staticmethod
    def steps(history: History, number: int) -> int:
        done = 0

        def count() -> int:
            nonlocal done
            done += 1
            return 0

        history.db.conn.set_progress_handler(count, 100)
        history.save(run(number, [finding(str(n % 7 + number)) for n in range(20)], metrics=metrics(number)))
        history.db.conn.set_progress_handler(None, 0)
        return done

    def test_saving_does_not_grow_with_the_history(self, history: History) -> None:
        for number in range(5):
            self.steps(history, number)
        young = self.steps(history, 5)
        for number in range(6, 150):
            self.steps(history, number)
        assert self.steps(history, 150) <= young * 1.2 + 2

    @pytest.mark.parametrize(
        ("sql", "params"),
        [
            (queries.OF_RUN, 1),
            (queries.LAST_FOUND, 2),
            (queries.OUTCOMES, 1),
            (queries.METRIC, 4),
            ("SELECT * FROM runs WHERE store = ? ORDER BY seq DESC LIMIT 1", 1),
            ("SELECT * FROM runs WHERE store = ? AND complete = ? ORDER BY seq DESC LIMIT 1", 2),
            ("SELECT * FROM runs WHERE 1 AND id >= ? AND id < ? ORDER BY id LIMIT 4", 2),
            ("SELECT * FROM metrics WHERE run = ? ORDER BY id", 1),
        ],
    )
    def test_questions_are_answered_from_an_index(self, history: History, sql: str, params: int) -> None:
        plan = [row["detail"] for row in history.db.query(f"EXPLAIN QUERY PLAN {sql}", ["x"] * params)]
        assert plan
        assert not [step for step in plan if step.startswith("SCAN")], plan

    @pytest.mark.parametrize("counted", [False, True])
    def test_the_look_up_of_known_findings_is_indexed(self, history: History, counted: bool) -> None:
        params = {"store": "x", "fingerprints": "[]"}
        if counted:  # what SQLite takes for the truth when many findings are closed and few are open
            many = [finding(str(number)) for number in range(200)]
            for number, found in enumerate((many, many[:1], many[:1], many[:1])):
                history.save(run(number, found))
            assert dict(history.db.execute("SELECT standing, count(*) FROM findings GROUP BY 1"))["closed"] == 199
            history.db.execute("ANALYZE")
        plan = [row["detail"] for row in history.db.query(f"EXPLAIN QUERY PLAN {queries.KNOWN}", params)]
        assert [s for s in plan if "findings" in s]
        assert all("USING INDEX" in s for s in plan if "findings" in s), plan


def test_an_outcome_is_kept_in_both_languages(history: History) -> None:
    reason = Text("缺少页面", "a page is missing")
    history.save(run(0)._replace(outcomes=(Outcome("LOG001", UNKNOWN, reason),)))
    assert history.run().record.outcomes == (Outcome("LOG001", UNKNOWN, reason),)
