"""The tables of the history, as named migrations in the order in which they were invented.

Each is applied in a transaction of its own together with the record that it was, under the write lock, so that two
programs that open a new file at once do not meet half a table. A migration that was released is never changed: what
comes later is a new one.

Times are ISO 8601 in UTC and sort as text; the column ``offsets`` of the same row holds, as JSON, the seconds by which
each was ahead of UTC when it was handed in. ``texts`` and ``thresholds`` hold each sentence and each line once, under
an id made of its content: a finding that persists for a year costs a small row a day. They carry no foreign key, so
that pruning does not search every occurrence for every text.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from agent.history import views
from agent.history.connection import Connection
from agent.history.failures import written
from agent.history.version import APPLICATION_ID, SET, check_owner

ANY = bytes
"""A column that keeps a number as it is: SQLite does not turn 85 into 85.0 there."""

MIGRATIONS = Migrations(SET)


@MIGRATIONS()
def runs_and_findings(db: Database) -> None:
    """Stores, runs, outcomes, findings with their occurrences, metrics."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    _shared(db)
    _runs(db)
    _findings(db)
    _metrics(db)


def _shared(db: Database) -> None:
    db.table("stores").create({"key": str, "id": str, "name": str, "channel_id": str}, pk="key", not_null={"key"})
    db.table("texts").create({"id": int, "zh": str, "en": str}, pk="id", not_null={"zh", "en"})
    db.table("thresholds").create(
        {"id": int, "name": str, "value": ANY, "unit": str, "programme": str, "source": str, "overridden": int},
        pk="id",
        not_null={"name", "unit", "programme", "source", "overridden"},
    )


def _runs(db: Database) -> None:
    counts = ("error", "warning", "info", "muted", "new", "persisting", "resolved")
    rules = ("rules_fail", "rules_pass", "rules_not_applicable", "rules_unknown")
    db.table("runs").create(
        {"seq": int, "id": str, "store": str, "store_id": str, "store_name": str, "channel_id": str}
        | {"started_at": str, "finished_at": str, "now": str, "tool": str, "capture": str, "captured_at": str}
        | {"complete": int, "compared_with": str, "selected": str, "overrides": str}
        | dict.fromkeys((*counts, *rules), int)
        | {"offsets": str},
        pk="seq",
        not_null={"id", "store", "started_at", "finished_at", "now", "tool", "complete", "selected", "overrides"}
        | {*counts, *rules},
        foreign_keys=[("store", "stores", "key")],
    )
    db.table("runs").create_index(["id"], unique=True)
    db.table("runs").create_index(["store", "complete"])
    db.table("outcomes").create(
        {"run": int, "code": str, "position": int, "outcome": str, "reason": int},
        pk=("run", "code"),
        not_null={"run", "code", "position", "outcome"},
        foreign_keys=[("run", "runs", "seq")],
    )


def _findings(db: Database) -> None:
    db.table("findings").create(
        {"id": int, "store": str, "fingerprint": str, "code": str, "subject_type": str, "subject_id": str}
        | {"standing": str, "first_seen": str, "last_seen": str, "last_run": int, "offsets": str},
        pk="id",
        not_null={"store", "fingerprint", "code", "subject_type", "subject_id", "standing", "first_seen", "last_seen"}
        | {"last_run"},
        foreign_keys=[("store", "stores", "key"), ("last_run", "runs", "seq")],
    )
    db.table("findings").create_index(["store", "fingerprint"], unique=True)
    db.table("findings").create_index(["store", "standing"])
    db.table("findings").create_index(["last_run"])
    db.table("occurrences").create(
        {"id": int, "run": int, "finding": int, "state": str, "first_seen": str, "name": str, "severity": str}
        | {"message": int, "observed": int, "expected": int, "fix": int, "menu": int, "fix_page": str}
        | {"threshold": int, "due_at": str}
        | {"evidence_page": str, "evidence_sequence": int, "evidence_label": str, "evidence_text": str}
        | {"evidence_at": str, "offsets": str},
        pk="id",
        not_null={
            "run",
            "finding",
            "state",
            "first_seen",
            "name",
            "severity",
            "message",
            "observed",
            "expected",
            "fix",
        },
        foreign_keys=[("run", "runs", "seq"), ("finding", "findings", "id")],
    )
    db.table("occurrences").create_index(["run", "finding"])
    db.table("occurrences").create_index(["finding"])


def _metrics(db: Database) -> None:
    db.table("metrics").create(
        {"id": int, "run": int, "store": str, "name": str, "value": float, "exact": str, "unit": str}
        | {"at": str, "offsets": str},
        pk="id",
        not_null={"run", "store", "name", "at"},
        foreign_keys=[("run", "runs", "seq"), ("store", "stores", "key")],
    )
    db.table("metrics").create_index(["store", "name", "at"])
    db.table("metrics").create_index(["run"])


@MIGRATIONS()
def deeds_of_runs(db: Database) -> None:
    """What a run did, as JSON: pages read by verdict, requests sent and blocked. Older runs have none."""
    db.table("runs").add_column("deeds", str)


@MIGRATIONS()
def mutes_and_baselines(db: Database) -> None:
    """What is silenced and why, what was accepted, and what both were like at the time.

    A removed mute keeps its row, because past runs name it. A run that was judged against a baseline names the run
    that was accepted.
    """
    db.table("mutes").create(
        {"id": int, "store": str, "fingerprint": str, "code": str, "subject": str, "reason": str}
        | {"until": str, "created_at": str, "removed_at": str, "offsets": str},
        pk="id",
        not_null={"reason", "until", "created_at"},
    )
    mark = {"fingerprint": str, "severity": str, "value": float, "line": float, "overdue": int}
    mark |= {"observed_zh": str, "observed_en": str, "at": str, "ended_zh": str, "ended_en": str, "offsets": str}
    known = {"fingerprint", "severity", "overdue", "observed_zh", "observed_en", "at"}
    db.table("mute_marks").create(
        {"mute": int} | mark, pk=("mute", "fingerprint"), not_null=known, foreign_keys=[("mute", "mutes", "id")]
    )
    db.table("baselines").create(
        {"store": str, "run": str, "set_at": str, "offsets": str}, pk="store", not_null={"run", "set_at"}
    )
    db.table("baseline_marks").create(
        {"store": str} | mark,
        pk=("store", "fingerprint"),
        not_null=known,
        foreign_keys=[("store", "baselines", "store")],
    )
    db.table("notices").create(
        {"run": int, "position": int, "kind": str, "text": int},
        pk=("run", "position"),
        not_null={"kind", "text"},
        foreign_keys=[("run", "runs", "seq")],
    )
    db.table("occurrences").add_column("value", float)
    db.table("occurrences").add_column("mute", int)
    db.table("occurrences").add_column("accepted", int, not_null_default=0)
    db.table("occurrences").add_column("worse", int)
    db.table("runs").add_column("accepted", int, not_null_default=0)
    db.table("runs").add_column("baseline", str)


@MIGRATIONS()
def views_for_readers(db: Database) -> None:
    """What people ask in SQL, without the joins. Rows are untouched.

    SQLite refuses to rebuild a table that a view names: a later migration that does drops the views first.
    """
    for name, sql in views.VIEWS.items():
        db.create_view(name, sql)


@MIGRATIONS()
def pruned_runs(db: Database) -> None:
    """When the evidence of a run was removed, and an index that finds those whose time has come."""
    db.table("runs").add_column("pruned_at", str)
    db.execute("CREATE INDEX runs_kept_whole ON runs (started_at) WHERE pruned_at IS NULL")


def migrate(connection: Connection, path: object) -> None:
    """Bring the database to this version, one migration and one transaction at a time."""
    db = connection.db
    while MIGRATIONS.pending(db):
        with written(connection):
            check_owner(connection, path)
            later = [m.name for m in MIGRATIONS.pending(db)[1:]]
            MIGRATIONS.apply(db, stop_before=later)
