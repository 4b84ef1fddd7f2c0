"""Old evidence is removed; runs, outcomes, figures and whatever stands today are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import EvidencePruned
from agent.history.database import History
from agent.history.runs import Metric
from tests.cli import Shell
from tests.history_runs import UNKNOWN, day, finding, run, words

NORTHWIND = Path(__file__).parents[1] / "fixtures" / "recordings" / "northwind"
A, B, C = finding("A"), finding("B"), finding("C")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    (tmp_path / "home").mkdir()
    return Shell(tmp_path / "home", capsys, monkeypatch)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as opened:
        yield opened


def count(history: History, table: str) -> int:
    return int(history.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def said(history: History) -> set[str]:
    return {row["en"] for row in history.db.query("SELECT en FROM texts")}


def test_runs_outcomes_and_figures_stay_and_the_evidence_goes(history: History) -> None:
    figure = Metric("health.score", 91.0, "points", day(0))
    old = run(0, [A], metrics=(figure,))
    history.save(old)
    history.save(run(1, [B]))
    history.save(run(2, [B]))
    before = [head.summary for head in history.runs()]
    assert history.prune(day(1), day(200)) == 2, "the run that found it, and the one that found it gone"
    assert [head.summary for head in history.runs()] == before
    assert history.metric("northwind", "health.score")[0].metric == figure
    assert len(history.metric("northwind", "health.score")) == 3
    assert count(history, "outcomes") == sum(len(run(n, [A]).outcomes) for n in range(3))
    assert "order A: not synced" not in " ".join(said(history))
    assert history.run("last").findings[0].finding == B


@pytest.mark.parametrize(("before", "pruned"), [(-1, 0), (0, 0), (1, 1)])
def test_a_run_is_old_when_it_started_before_the_moment(history: History, before: int, pruned: int) -> None:
    history.save(run(0, [A]))
    history.save(run(9, [A]))
    assert history.prune(run(0).started_at + timedelta(seconds=before), day(200)) == pruned


def test_a_pruned_run_is_never_shown_as_one_without_findings(history: History) -> None:
    first = run(0, [A])
    history.save(first)
    history.save(run(1, [B]))
    history.prune(day(1), day(200))
    with pytest.raises(EvidencePruned, match=rf"{first.id} was removed on 2027-06-08.*evidence_days") as caught:
        history.run(first.id)
    assert "已过保留期限" in caught.value.text.zh
    assert caught.value.exit_code == 2


def test_a_run_that_found_nothing_lost_nothing(history: History) -> None:
    first = history.save(run(0))
    history.save(run(1, [B]))
    history.prune(day(1), day(200))
    assert history.run(first.record.id).record == first.record


def test_what_stands_keeps_the_words_of_the_run_that_last_found_it(history: History) -> None:
    """An order list that fails for half a year neither resolves what stood nor makes it forgotten."""
    history.save(run(0, [A, B]))
    for number in range(1, 4):
        history.save(run(number, [C], outcomes={"LOG001": UNKNOWN}, complete=False))
    history.prune(day(3), day(200))
    assert {A.fingerprint, B.fingerprint} <= set(history.known("northwind"))
    settled = history.save(run(201, [A]))
    assert {s.finding for s in settled.findings if s.state == "resolved"} >= {B}


def test_the_last_run_of_a_store_is_kept_whole_however_old_it_is(history: History) -> None:
    only = history.save(run(0, [A], store="fjord"))
    history.save(run(100, [B]))
    assert history.prune(day(300), day(301)) == 0
    assert history.run("last", "fjord") == only


def test_no_sentence_is_left_that_no_finding_speaks(history: History) -> None:
    own = A._replace(observed=words("only here"), threshold=A.threshold._replace(name="old line"))
    history.save(run(0, [own]))
    history.save(run(1, [B], outcomes={"LOG009": UNKNOWN}, gaps={"LOG009": words("why unknown")}))
    history.save(run(2, [B]))
    history.save(run(3, [B]))
    history.prune(day(2), day(200))
    assert "only here: not synced" not in said(history)
    assert "why unknown: not synced" in said(history), "outcomes stay, and their reasons with them"
    assert [row["name"] for row in history.db.query("SELECT name FROM thresholds")] == [B.threshold.name]
    assert list(history.db.query("PRAGMA foreign_key_check")) == []


def test_the_same_run_is_not_pruned_again(history: History) -> None:
    for number in range(3):
        history.save(run(number, [A]))
    assert history.prune(day(2), day(200)) == 2
    assert history.prune(day(2), day(201)) == 0


def test_judging_removes_what_is_older_than_the_configuration_says(shell: Shell) -> None:
    (shell.home / "config.toml").write_text("[retention]\nevidence_days = 30\n", "utf-8")
    for _ in range(2):
        shell("judge", str(NORTHWIND), "-q", "--fail-on", "never")
    with History(shell.home / "history.db") as history:
        first, second = [head.id for head in reversed(history.runs())]
        history.db.execute("UPDATE runs SET started_at = '2026-01-01T00:00:00+00:00' WHERE id = ?", [first])
        history.db.conn.commit()
    shell("judge", str(NORTHWIND), "-q", "--fail-on", "never")
    answer = shell("report", first, "--format", "table", "--lang", "en")
    assert (answer.code, "evidence of run" in answer.err) == (2, True)
    assert shell("report", second, "--format", "table").code == 0
