"""The history database: saves a run in one transaction, and gives back what was saved.

Guarantees:

- A run is saved whole or not at all, whatever stops the process; earlier runs are never harmed. (One transaction a run,
  write-ahead log.) A loss of power may cost the last runs, never the file.
- Several programs may use one file: readers never wait, writers wait for each other, up to a limit.
- Whatever goes wrong with the file is told as a HistoryError that names it and the next step.
- Mutes, and the baseline when one is asked for, are applied as a run is saved, so that it is read again as it was.
- Saving looks up the store's open findings and what the run itself holds, by index: it does not grow with the history.
- Runs of a store follow each other in the order in which they were saved.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from agent.errors import EvidencePruned, RunNotFound
from agent.history import pruning, queries, rows
from agent.history.connection import Connection
from agent.history.failures import folder, missing, read_only, told, written
from agent.history.runs import (
    MetricSeen,
    Notice,
    RunHead,
    RunRecord,
    SavedRun,
    State,
    StatedFinding,
    StoreHead,
    StoreRef,
)
from agent.history.states import Comparison, Known, Standing, compare
from agent.history.version import check_owner, is_current
from checks.facts import MetricPoint
from checks.text import Text

if TYPE_CHECKING:
    from sqlite_utils import Database

    from agent.history.silences import Silences

BUSY_S = 5.0
"""How long a writer waits for another."""
CACHE_KIB = 16 * 1024
"""What a run touches of a long history fits in here; SQLite's own 2 MiB make it read pages again and again."""


class History:
    """The history in one file: a context manager; ``with History(path) as history: history.save(record)``.

    With ``create=False``, for commands that only read, a missing file is HistoryMissing, and a file that may only be
    read is read.
    """

    def __init__(self, path: str | Path, *, create: bool = True, busy_s: float = BUSY_S) -> None:
        self.path = Path(path)
        self._busy_s = busy_s
        if self.path.is_dir():
            raise folder(self.path)
        if not create and not self.path.exists():
            raise missing(self.path)
        with self._told():
            self._sql = self._opened(create)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._sql.close()

    @property
    def db(self) -> Database:
        """The open file as sqlite-utils sees it, for whoever looks at its tables."""
        return self._sql.db

    @property
    def silences(self) -> Silences:
        """The mutes and baselines that are kept here."""
        from agent.history.silences import Silences

        return Silences(self._sql, self.path)

    # --- saving -----------------------------------------------------------------------------------------------

    def save(self, record: RunRecord, *, baseline: bool = False) -> SavedRun:
        """Save a run, all of it or nothing, and say how its findings stand against the last complete run.

        With ``baseline``, what was accepted for the store does not count; BaselineMissing when nothing was.
        """
        with self._told(), written(self._sql):
            return self._save(record, baseline)

    def prune(self, before: datetime, now: datetime) -> int:
        """Remove the evidence of runs that started before a moment, as :mod:`agent.history.pruning` says; how many."""
        with self._told(), written(self._sql):
            return pruning.prune(self._sql, before, now)

    def _save(self, record: RunRecord, baseline: bool) -> SavedRun:
        store = record.store
        base = self._base(store.key)
        found = self._known(record)
        comparison = compare(
            record.findings,
            record.outcomes,
            record.now,
            {fingerprint: _remembered(row) for fingerprint, row in found.items()},
            settles=record.complete or base is None or not base["complete"],
        )
        resolved = [self._resolved(found[fingerprint]) for fingerprint in comparison.resolved]
        silenced, accepted, notices = self._silenced(comparison.stated, record, baseline)
        stated = (*silenced, *(entry for entry in resolved if entry))
        saved = SavedRun(record, stated, base["id"] if base else None, accepted, notices)
        self._sql.upsert_all("stores", [rows.store_row(store)], "key")
        run = self._sql.insert("runs", rows.run_row(record, saved.summary, saved.compared_with, saved.baseline))
        self._write(run, saved, comparison, found)
        return saved

    def _silenced(
        self, stated: tuple[StatedFinding, ...], record: RunRecord, baseline: bool
    ) -> tuple[tuple[StatedFinding, ...], str | None, tuple[Notice, ...]]:
        """The findings as mutes and baseline leave them, the run that is the baseline, and what to tell of the mutes.

        Most histories have none of either: what applies them is not even loaded there.
        """
        if not baseline and self._sql.one("SELECT 1 FROM mutes WHERE removed_at IS NULL LIMIT 1") is None:
            return stated, None, ()
        silence, accepted = self.silences.apply(stated, record, baseline=baseline)
        return silence.stated, accepted, silence.notices

    def _write(self, run: int, saved: SavedRun, comparison: Comparison, found: dict[str, rows.Row]) -> None:
        """Everything that hangs on the row of the run."""
        record, shared = saved.record, rows.Shared()
        ids = self._stand(run, record, comparison, found)
        occurrences = [rows.occurrence_row(run, ids[s.finding.fingerprint], s, shared) for s in saved.findings]
        outcomes = rows.outcome_rows(run, record.outcomes, shared)
        notices = rows.notice_rows(run, saved.notices, shared)
        self._sql.insert_all("texts", shared.text_rows, known=True)
        self._sql.insert_all("thresholds", shared.threshold_rows, known=True)
        self._sql.insert_all("occurrences", occurrences)
        self._sql.insert_all("outcomes", outcomes)
        self._sql.insert_all("notices", notices)
        self._sql.insert_all("metrics", (rows.metric_row(run, record.store.key, m) for m in record.metrics))

    def _stand(self, run: int, record: RunRecord, comparison: Comparison, found: dict[str, rows.Row]) -> dict[str, int]:
        """Write how every finding of the store stands now; returns their ids by fingerprint."""
        free = int(self._sql.execute("SELECT coalesce(max(id), 0) + 1 FROM findings").fetchone()[0])
        seen = {f.fingerprint: f for f in record.findings}
        ids, changed = {f: int(row["id"]) for f, row in found.items()}, []
        for fingerprint, known in comparison.standings.items():
            row = found.get(fingerprint)
            if row is None:
                ids[fingerprint], free = free, free + 1
            finding = seen.get(fingerprint)
            if finding is None:
                assert row is not None, "what was not found now was known before"
                changed.append(row | {"standing": str(known.standing)})
                continue
            changed.append(
                {
                    "id": ids[fingerprint],
                    "store": record.store.key,
                    "fingerprint": fingerprint,
                    "code": finding.code,
                    "subject_type": finding.subject.type,
                    "subject_id": finding.subject.id,
                    "standing": str(known.standing),
                    "last_run": run,
                    **rows.times(first_seen=known.first_seen, last_seen=record.now),
                }
            )
        self._sql.upsert_all("findings", map(rows.sound, changed), "id")
        return ids

    def _base(self, store: str) -> rows.Row | None:
        """The run that the next one of this store is compared with: its last complete one, else its last."""
        sql = "SELECT seq, id, complete FROM runs WHERE store = ? AND complete = ? ORDER BY seq DESC LIMIT 1"
        return self._sql.one(sql, store, 1) or self._sql.one(sql, store, 0)

    def _known(self, record: RunRecord) -> dict[str, rows.Row]:
        fingerprints = json.dumps([f.fingerprint for f in record.findings])
        params = {"store": record.store.key, "fingerprints": fingerprints}
        return {row["fingerprint"]: row for row in self._sql.query(queries.KNOWN, params)}

    def _resolved(self, row: rows.Row) -> StatedFinding | None:
        """The finding as it was last found; None when that has been pruned."""
        last = self._sql.one(queries.LAST_FOUND, row["last_run"], row["id"])
        if last is None:
            return None
        finding = rows.stated_finding(last).finding
        return StatedFinding(finding, State.RESOLVED, rows.Times(row)["first_seen"])

    # --- reading ----------------------------------------------------------------------------------------------

    def runs(self, store: str | None = None, limit: int | None = None) -> list[RunHead]:
        """Runs without their findings, the last saved first; of one store when its key is given."""
        asked = {"store": store, "limit": -1 if limit is None else limit}  # SQLite takes -1 for no limit
        with self._told():
            return [*map(rows.run_head, self._sql.execute(queries.HEADS_OF_STORE if store else queries.HEADS, asked))]

    def run(self, reference: str = "last", store: str | None = None) -> SavedRun:
        """A run as it was saved, by its id, the beginning of it, or "last" (of one store when its key is given).

        EvidencePruned when what it found has been removed: a report without it would look as if all were fine.
        """
        with self._told():
            row = self._find(reference, store)
            head = rows.run_head([row[name] for name in rows.HEAD])
            if row["pruned_at"] is not None and any(head.summary[: head.summary._fields.index("rules_fail")]):
                raise _pruned(head.id, row["pruned_at"])
            stated = tuple(rows.stated_finding(r) for r in self._sql.query(queries.OF_RUN, [row["seq"]]))
            metrics = self._sql.query("SELECT * FROM metrics WHERE run = ? ORDER BY id", [row["seq"]])
            record = RunRecord(
                id=head.id,
                store=head.store,
                started_at=head.started_at,
                finished_at=head.finished_at,
                now=head.now,
                tool=head.tool,
                capture=head.capture,
                captured_at=head.captured_at,
                complete=head.complete,
                selected=head.selected,
                outcomes=tuple(rows.outcome(r) for r in self._sql.query(queries.OUTCOMES, [row["seq"]])),
                findings=tuple(s.finding for s in stated if s.state is not State.RESOLVED),
                metrics=tuple(rows.metric(r) for r in metrics),
                overrides=head.overrides,
                deeds=rows.deeds(row),
            )
            notices = tuple(map(rows.notice, self._sql.query(queries.NOTICES, [row["seq"]])))
            return SavedRun(record, stated, head.compared_with, row["baseline"], notices)

    def metric(
        self, store: str, name: str, since: datetime | None = None, *, complete: bool = True
    ) -> list[MetricSeen]:
        """A metric over time, oldest first, one value a moment; ``complete`` leaves out the runs that were not."""
        start = rows.utc(since) if since else ""
        with self._told():
            found = self._sql.query(queries.METRIC, [store, name, start, int(complete)])
            return [MetricSeen(rows.metric(row), row["run_id"], bool(row["complete"])) for row in found]

    def metric_names(self, store: str) -> list[str]:
        """The names of the figures that complete runs of a store kept; words are none."""
        with self._told():
            return [row["name"] for row in self._sql.query(queries.METRIC_NAMES, [store])]

    def figures(
        self, store: str, names: Iterable[str], since: datetime | None = None, *, last_before: bool = False
    ) -> tuple[MetricPoint, ...]:
        """What rules over time need: the numbers of complete runs, by name and then by time.

        With ``last_before``, also the last value before ``since`` of each: what it was last time, however long ago.
        Times come back in UTC.
        """
        asked = {"store": store, "names": json.dumps(list(names)), "since": rows.utc(since) if since else ""}
        with self._told():
            found = self._sql.execute(queries.FIGURES, asked | {"last_before": int(last_before)})
            return tuple(
                MetricPoint(name, value, datetime.fromisoformat(at), run)
                for name, value, at, run, *_ in found
                if value is not None
            )

    def known(self, store: str) -> dict[str, Known]:
        """The findings of a store that are not closed, by fingerprint: since when, and how they stand."""
        with self._told():
            found = self._sql.query(queries.KNOWN, {"store": store, "fingerprints": "[]"})
            return {row["fingerprint"]: _remembered(row) for row in found}

    def stores(self) -> list[StoreHead]:
        """Every store, the last judged first."""
        with self._told():
            return [self._store_head(row) for row in list(self._sql.query(queries.STORES))]

    def _store_head(self, row: rows.Row) -> StoreHead:
        store = StoreRef(row["key"], row["id"], row["name"], row["channel_id"])
        return StoreHead(store, row["runs"], row["last_id"], rows.Times(row)["now"], row["open"])

    def _find(self, reference: str, store: str | None) -> rows.Row:
        if reference == "last":
            found = list(self._sql.query(queries.LAST_RUN_OF_STORE if store else queries.LAST_RUN, {"store": store}))
        else:
            span = {"first": reference, "end": reference + "\U0010ffff"}
            found = list(self._sql.query(queries.RUNS_BY_ID, {"store": store} | span))
        exact = [row for row in found if row["id"] == reference]
        if len(exact or found) != 1 or not reference:
            raise _not_found(reference, [row["id"] for row in found])
        return (exact or found)[0]

    # --- the file ---------------------------------------------------------------------------------------------

    @contextmanager
    def _told(self) -> Iterator[None]:
        with told(self.path):
            yield

    def _opened(self, create: bool) -> Connection:
        """A database of this version, made or migrated where needed."""
        if create:
            self._make_room()
            return self._prepared("mode=rwc")
        try:
            return self._prepared("mode=rw")
        except sqlite3.OperationalError as error:
            # In a folder that may only be read there is no place for the log's index; without a log none is needed.
            log = self.path.with_name(f"{self.path.name}-wal")
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or log.exists():
                raise
            return self._prepared("mode=ro&immutable=1")

    def _make_room(self) -> None:
        """Make the folder, and refuse at once what could not be written at the end of a long run."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise read_only(self.path) from error
        for place in (self.path, self.path.parent):
            if place.exists() and not os.access(place, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
                raise read_only(self.path)

    def _prepared(self, mode: str) -> Connection:
        raw = sqlite3.connect(f"{self.path.absolute().as_uri()}?{mode}", uri=True, timeout=self._busy_s)
        try:
            connection = Connection(raw)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            check_owner(connection, self.path)
            if not is_current(connection):
                from agent.history.migrations import migrate

                self._wal(connection)
                migrate(connection, self.path)
        except BaseException:
            raw.close()
            raise
        return connection

    def _wal(self, connection: Connection) -> None:
        """Switch to the write-ahead log; SQLite does not wait by itself while another program does the same."""
        deadline = time.monotonic() + self._busy_s
        while True:
            try:
                return connection.db.enable_wal()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)


def _remembered(row: rows.Row) -> Known:
    return Known(row["code"], rows.Times(row)["first_seen"], Standing(row["standing"]))


def _pruned(run: str, at: str) -> EvidencePruned:
    return EvidencePruned(
        Text(
            f"运行 {run} 的证据已过保留期限，于 {at[:10]} 删除（[retention] evidence_days）；"
            "shoplint history 仍列出它的数量，shoplint trend 仍有它的指标",
            f"the evidence of run {run} was removed on {at[:10]}, when its time was over ([retention] evidence_days); "
            "shoplint history still has its counts, and shoplint trend its figures",
        )
    )


def _not_found(reference: str, candidates: list[str]) -> RunNotFound:
    if candidates:
        names = ", ".join(candidates)
        return RunNotFound(
            Text(
                f"有多次运行的编号以 {reference} 开头（{names}）；请多写几位",
                f"several runs begin with {reference} ({names}); write more of the id",
            )
        )
    return RunNotFound(
        Text(
            f"历史库中没有运行 {reference}；用 shoplint history 查看已有的运行",
            f"the history holds no run {reference}; shoplint history lists those it has",
        )
    )
