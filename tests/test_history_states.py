"""What is new, persisting and resolved: the pure comparison, and that the database gives the same answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.history.database import History
from agent.history.runs import RunRecord, SavedRun, State
from agent.history.states import Known, Standing, compare, without_history
from checks.finding import Finding, Outcome, OutcomeKind
from checks.text import Text
from tests.history_runs import FAIL, NOT_APPLICABLE, PASS, UNKNOWN, day, finding, run

A, B = finding("A"), finding("B")
GAP = Text("订单列表不完整", "the orders list is incomplete")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as opened:
        yield opened


def states(saved: SavedRun) -> dict[str, tuple[State, datetime]]:
    return {s.finding.subject.id: (s.state, s.first_seen) for s in saved.findings}


def test_without_a_history_everything_is_new(history: History) -> None:
    saved = without_history(run(0, [A, B]))
    assert states(saved) == {"A": (State.NEW, day(0)), "B": (State.NEW, day(0))}
    assert saved == history.save(run(0, [A, B]))


def test_a_finding_persists_and_keeps_its_first_seen(history: History) -> None:
    history.save(run(0, [A]))
    history.save(run(1, [A, B]))
    assert states(history.save(run(2, [B, A]))) == {
        "A": (State.PERSISTING, day(0)),
        "B": (State.PERSISTING, day(1)),
    }


@pytest.mark.parametrize("outcome", [PASS, NOT_APPLICABLE])
def test_a_rule_that_passes_or_does_not_apply_resolves(history: History, outcome: OutcomeKind) -> None:
    history.save(run(0, [A]))
    saved = history.save(run(1, outcomes={"LOG001": outcome}))
    assert states(saved) == {"A": (State.RESOLVED, day(0))}
    assert saved.findings[0].finding == A
    assert saved.summary.resolved == 1
    assert saved.summary.error == 0


def test_a_rule_that_fails_without_it_resolves_it(history: History) -> None:
    history.save(run(0, [A]))
    assert states(history.save(run(1, [B]))) == {"B": (State.NEW, day(1)), "A": (State.RESOLVED, day(0))}


def test_a_finding_is_resolved_once(history: History) -> None:
    history.save(run(0, [A]))
    history.save(run(1))
    assert states(history.save(run(2))) == {}


@pytest.mark.parametrize("outcomes", [(Outcome("LOG001", UNKNOWN, GAP),), (), (Outcome("LOG009", PASS),)])
def test_a_rule_that_is_unknown_or_not_selected_resolves_nothing(
    history: History, outcomes: tuple[Outcome, ...]
) -> None:
    history.save(run(0, [A]))
    assert states(history.save(run(1)._replace(outcomes=outcomes))) == {}
    assert history.known("northwind")[A.fingerprint].standing is Standing.OPEN
    assert states(history.save(run(2, [A]))) == {"A": (State.PERSISTING, day(0))}


def test_a_rule_that_saw_only_a_part_resolves_nothing(history: History) -> None:
    """It found B on the pages it had; A may stand on the page that was missing."""
    history.save(run(0, [A, B]))
    assert states(history.save(run(1, [B], gaps={"LOG001": GAP}))) == {"B": (State.PERSISTING, day(0))}


def test_found_again_after_it_was_resolved_is_new(history: History) -> None:
    history.save(run(0, [A]))
    history.save(run(1))
    assert states(history.save(run(2, [A]))) == {"A": (State.NEW, day(2))}
    assert states(history.run("northwind-0000")) == {"A": (State.NEW, day(0))}


def test_stores_know_nothing_of_each_other(history: History) -> None:
    history.save(run(0, [A]))
    other = finding("A", store="harbor")
    assert states(history.save(run(1, [other], store="harbor"))) == {"A": (State.NEW, day(1))}
    assert states(history.save(run(2, store="harbor"))) == {"A": (State.RESOLVED, day(1))}
    assert states(history.save(run(3, [A]))) == {"A": (State.PERSISTING, day(0))}


def test_one_fingerprint_on_two_stores_stays_apart(history: History) -> None:
    history.save(run(0, [A]))
    assert states(history.save(run(1, [A], store="harbor"))) == {"A": (State.NEW, day(1))}


def test_a_fingerprint_found_twice_in_a_run_is_kept_twice(history: History) -> None:
    saved = history.save(run(0, [A, A]))
    assert saved.summary.new == 2
    assert history.run(saved.record.id) == saved
    assert len(history.save(run(1)).findings) == 1


class TestIncompleteRuns:
    """They are compared with the last complete run, and change nothing for the next."""

    def test_the_next_run_is_compared_with_the_last_complete_one(self, history: History) -> None:
        history.save(run(0, [A]))
        history.save(run(1, [A], complete=False))
        assert history.save(run(2, [A])).compared_with == "northwind-0000"
        assert history.save(run(3, [A])).compared_with == "northwind-0002"

    def test_what_only_an_incomplete_run_saw_is_still_new_with_its_first_seen(self, history: History) -> None:
        history.save(run(0, [A]))
        assert states(history.save(run(1, [A, B], complete=False)))["B"] == (State.NEW, day(1))
        assert states(history.save(run(2, [A, B], complete=False)))["B"] == (State.NEW, day(1))
        assert states(history.save(run(3, [A, B])))["B"] == (State.NEW, day(1))
        assert states(history.save(run(4, [A, B])))["B"] == (State.PERSISTING, day(1))

    def test_what_it_found_mended_persists_when_found_again(self, history: History) -> None:
        history.save(run(0, [A]))
        assert states(history.save(run(1, complete=False))) == {"A": (State.RESOLVED, day(0))}
        assert states(history.save(run(2, [A]))) == {"A": (State.PERSISTING, day(0))}

    def test_what_it_found_mended_is_resolved_by_the_next_complete_run(self, history: History) -> None:
        history.save(run(0, [A]))
        history.save(run(1, complete=False))
        assert states(history.save(run(2))) == {"A": (State.RESOLVED, day(0))}
        assert states(history.save(run(3, [A]))) == {"A": (State.NEW, day(3))}

    def test_a_finding_of_its_own_is_resolved(self, history: History) -> None:
        history.save(run(0))
        history.save(run(1, [B], complete=False))
        assert states(history.save(run(2))) == {"B": (State.RESOLVED, day(1))}

    def test_a_store_without_any_complete_run_remembers_all_the_same(self, history: History) -> None:
        """As with an order export alone, where most rules can never be judged."""
        history.save(run(0, [A], complete=False))
        saved = history.save(run(1, [A, B], complete=False))
        assert states(saved) == {"A": (State.PERSISTING, day(0)), "B": (State.NEW, day(1))}
        assert saved.compared_with == "northwind-0000"
        assert states(history.save(run(2, [B]))) == {"B": (State.PERSISTING, day(1)), "A": (State.RESOLVED, day(0))}

    def test_what_stays_unknown_in_a_complete_run_becomes_part_of_it(self, history: History) -> None:
        history.save(run(0))
        history.save(run(1, [B], complete=False))
        history.save(run(2, outcomes={"LOG001": UNKNOWN}))
        assert states(history.save(run(3, [B]))) == {"B": (State.PERSISTING, day(1))}


CODES = ("LOG001", "LOG002", "HLT001")
POOL = tuple(finding(subject, code) for code in CODES for subject in "AB")


@st.composite
def sequences(draw: st.DrawFn) -> list[RunRecord]:
    drawn = []
    for number in range(draw(st.integers(1, 6))):
        found: list[Finding] = draw(st.lists(st.sampled_from(POOL), unique=True))
        kinds = {
            code: FAIL if any(f.code == code for f in found) else draw(st.sampled_from([PASS, NOT_APPLICABLE, UNKNOWN]))
            for code in CODES
        }
        gaps = {code: GAP for code in CODES if kinds[code] is UNKNOWN or (kinds[code] is FAIL and draw(st.booleans()))}
        drawn.append(run(number, found, outcomes=kinds, gaps=gaps, complete=draw(st.booleans())))
    return drawn


@given(sequences())
@settings(max_examples=40)
def test_the_database_says_what_the_comparison_says(records: list[RunRecord]) -> None:
    known: dict[str, Known] = {}
    with TemporaryDirectory() as folder, History(Path(folder) / "history.db") as history:
        ever_complete = False
        for record in records:
            settles = record.complete or not ever_complete
            compared = compare(record.findings, record.outcomes, record.now, known, settles=settles)
            ever_complete |= record.complete
            known |= compared.standings
            saved = history.save(record)
            assert saved.findings[: len(compared.stated)] == compared.stated
            assert {s.finding.fingerprint for s in saved.findings[len(compared.stated) :]} == set(compared.resolved)
            assert history.run(record.id) == saved
            standing = {f: entry for f, entry in known.items() if entry.standing is not Standing.CLOSED}
            assert history.known("northwind") == standing
