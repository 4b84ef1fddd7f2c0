"""Mutes and baselines in the history database: set, listed, removed, and applied to a run as it is saved."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import BaselineMissing, FindingNotFound, MuteNotFound
from agent.history import queries, rows
from agent.history.failures import told, written
from agent.history.marks import Mark, mark_of
from agent.history.mutes import Mute, Silence, Standing, idle_notice, silence, standing
from agent.history.runs import RunRecord, SavedRun, State, StatedFinding
from checks.finding import Severity
from checks.rule import all_rules
from checks.text import Text

if TYPE_CHECKING:
    from agent.history.connection import Connection

SHORTEST_PREFIX = 4
"""How many letters of a fingerprint tell one finding from another."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A mute with how it stands: of the findings that it matches ``open_now`` stand, and it is over for ``ended``."""

    mute: Mute
    standing: Standing
    open_now: int
    ended: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was accepted for a store: the run, when, and every finding as it was then, by fingerprint."""

    store: str
    run: str
    set_at: datetime
    marks: dict[str, Mark]


class Silences:
    """The mutes and baselines of one history file."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._db = connection
        self._path = path

    # --- as a run is saved, inside its transaction ------------------------------------------------------------

    def apply(
        self, stated: Iterable[StatedFinding], record: RunRecord, *, baseline: bool
    ) -> tuple[Silence, str | None]:
        """Silence the findings of a run; also the id of the run that is its baseline when one is asked for.

        Raises BaselineMissing when the store has none.
        """
        base = self._baseline(record.store.key) if baseline else None
        if baseline and base is None:
            raise _no_baseline(record.store.name or record.store.key)
        mutes = self._mutes(record.store.key)
        done = silence(stated, record, mutes, self._marks(mutes), base.marks if base else None)
        notices = list(done.notices)
        for mute in done.idle:
            seen = self._seen(mute)
            if not any(row["standing"] in ("open", "fresh") and row["store"] != record.store.key for row in seen):
                notices.append(idle_notice(mute, ever=bool(seen)))
        self._write_marks("mute_marks", ("mute", "fingerprint"), ((key[0], m) for key, m in done.marks.items()))
        return replace(done, notices=tuple(notices)), base.run if base else None

    # --- mutes ------------------------------------------------------------------------------------------------

    def find(self, prefix: str, store: str | None = None) -> rows.Row:
        """The finding whose fingerprint begins so; raises FindingNotFound for none or several."""
        prefix = prefix.lower()
        sql = "SELECT * FROM findings WHERE fingerprint >= ? AND fingerprint < ? AND (? IS NULL OR store = ?) LIMIT 4"
        with told(self._path):
            found = list(self._db.query(sql, [prefix, prefix + "\U0010ffff", store, store]))
        if len(found) != 1 or len(prefix) < SHORTEST_PREFIX:
            raise _not_one(prefix, found)
        return found[0]

    def add(self, mute: Mute) -> tuple[Mute, int]:
        """Keep a mute, whatever its ``id``, with what it silences now; the mute with its number, and how many those
        are."""
        with told(self._path), written(self._db):
            free = int(self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM mutes").fetchone()[0])
            mute = replace(mute, id=free)
            self._db.insert("mutes", _mute_row(mute))
            found = self._open_findings(mute)
            self._write_marks("mute_marks", ("mute", "fingerprint"), ((mute.id, mark) for mark in found))
            return mute, len(found)

    def remove(self, number: int, now: datetime) -> Mute:
        """End a mute for good; raises MuteNotFound when there is none of that number."""
        with told(self._path), written(self._db):
            mute = next((m for m in self._mutes(None) if m.id == number), None)
            if mute is None:
                raise _no_mute(number)
            mute = replace(mute, removed_at=now)
            self._db.upsert_all("mutes", [_mute_row(mute)], "id")
            return mute

    def listed(self, now: datetime, store: str | None = None) -> list[Listed]:
        """Every mute that was not removed, of one store and of all stores when a key is given, and how it stands at
        ``now`` or at the clock of the last run, whichever is later."""
        with told(self._path):
            mutes = self._mutes(store)
            marks, latest = self._marks(mutes), self._latest()
            return [
                self._listed(mute, marks, max([now, *(t for s, t in latest if mute.concerns(s))])) for mute in mutes
            ]

    def _listed(self, mute: Mute, marks: dict[tuple[int, str], Mark], now: datetime) -> Listed:
        seen = self._seen(mute)
        standing_now = {row["fingerprint"] for row in seen if row["standing"] in ("open", "fresh")}
        over = {mark.fingerprint: mark.ended for (n, _), mark in marks.items() if n == mute.id and mark.ended}
        if mute.fingerprint is None:
            over = {fingerprint: why for fingerprint, why in over.items() if fingerprint in standing_now}
        known = mute.code is None or mute.code in {name for code in all_rules() for name in (code, code[:3])}
        ever = bool(seen) and known
        how = standing(mute, now, open_now=len(standing_now), ended=len(over), ever=ever)
        return Listed(mute, how, len(standing_now), tuple(over.items()))

    # --- baselines --------------------------------------------------------------------------------------------

    def accept(self, run: SavedRun, now: datetime) -> Baseline:
        """Make what stands in a run the baseline of its store, in place of an earlier one."""
        marks = {
            s.finding.fingerprint: mark_of(s.finding, run.record.now)
            for s in run.findings
            if s.state is not State.RESOLVED
        }
        made = Baseline(run.record.store.key, run.record.id, now, marks)
        with told(self._path), written(self._db):
            self._clear(made.store)
            self._db.insert("baselines", {"store": made.store, "run": made.run} | rows.times(set_at=now))
            self._write_marks("baseline_marks", ("store", "fingerprint"), ((made.store, m) for m in marks.values()))
        return made

    def baseline(self, store: str) -> Baseline | None:
        """What was accepted for a store."""
        with told(self._path):
            return self._baseline(store)

    def wanted_baseline(self, store: str) -> Baseline:
        """What was accepted for a store; raises BaselineMissing when nothing was."""
        found = self.baseline(store)
        if found is None:
            raise _no_baseline(store)
        return found

    def baselines(self) -> list[str]:
        """The keys of the stores that have a baseline."""
        with told(self._path):
            return [row["store"] for row in self._db.query("SELECT store FROM baselines ORDER BY store")]

    def clear(self, store: str) -> None:
        """Forget what was accepted for a store; raises BaselineMissing when nothing was."""
        with told(self._path), written(self._db):
            if self._baseline(store) is None:
                raise _no_baseline(store)
            self._clear(store)

    def _clear(self, store: str) -> None:
        self._db.execute("DELETE FROM baseline_marks WHERE store = ?", [store])
        self._db.execute("DELETE FROM baselines WHERE store = ?", [store])

    def _baseline(self, store: str) -> Baseline | None:
        row = self._db.one("SELECT * FROM baselines WHERE store = ?", store)
        if row is None:
            return None
        found = self._db.query("SELECT * FROM baseline_marks WHERE store = ?", [store])
        return Baseline(store, row["run"], rows.Times(row)["set_at"], {r["fingerprint"]: _mark(r) for r in found})

    # --- rows -------------------------------------------------------------------------------------------------

    def _mutes(self, store: str | None) -> list[Mute]:
        """Those that were not removed; of one store and of all stores when a key is given."""
        sql = "SELECT * FROM mutes WHERE removed_at IS NULL AND (? IS NULL OR store IS NULL OR store = ?) ORDER BY id"
        return [_mute(row) for row in self._db.query(sql, [store, store])]

    def _marks(self, mutes: Iterable[Mute]) -> dict[tuple[int, str], Mark]:
        numbers = json.dumps([mute.id for mute in mutes])
        found = self._db.query("SELECT * FROM mute_marks WHERE mute IN (SELECT value FROM json_each(?))", [numbers])
        return {(row["mute"], row["fingerprint"]): _mark(row) for row in found}

    def _write_marks(self, table: str, key: tuple[str, str], marks: Iterable[tuple[int | str, Mark]]) -> None:
        self._db.upsert_all(table, [_mark_row(key[0], owner, mark) for owner, mark in marks], *key)

    def _seen(self, mute: Mute) -> list[rows.Row]:
        """The findings, open or not, that a mute matches."""
        sql = "SELECT * FROM findings WHERE (:store IS NULL OR store = :store) AND (:code IS NULL OR code LIKE :code)"
        code = f"{mute.code}%" if mute.code and not mute.fingerprint else None
        found = self._db.query(sql, {"store": mute.store, "code": code})
        return [row for row in found if mute.matches(row["fingerprint"], row["code"], row["subject_id"])]

    def _open_findings(self, mute: Mute) -> list[Mark]:
        """What a mute silences as things stand, as the last runs saw it."""
        marks = []
        for row in self._seen(mute):
            last = self._db.one(queries.LAST_FOUND, row["last_run"], row["id"])
            if row["standing"] in ("open", "fresh") and last is not None:
                run = self._db.one("SELECT now, offsets FROM runs WHERE seq = ?", row["last_run"])
                assert run is not None, "an occurrence names a run that is there"
                marks.append(mark_of(rows.stated_finding(last).finding, rows.Times(run)["now"]))
        return marks

    def _latest(self) -> list[tuple[str, datetime]]:
        """The clock of every store's last run."""
        sql = "SELECT store, now, offsets FROM runs WHERE seq IN (SELECT max(seq) FROM runs GROUP BY store)"
        return [(row["store"], rows.Times(row)["now"]) for row in self._db.query(sql)]


def _mute_row(mute: Mute) -> rows.Row:
    names = ("id", "reason", "store", "fingerprint", "code", "subject")
    row = {name: getattr(mute, name) for name in names}
    return rows.sound(row | rows.times(until=mute.until, created_at=mute.created_at, removed_at=mute.removed_at))


def _mute(row: rows.Row) -> Mute:
    at = rows.Times(row)
    names = ("id", "reason", "store", "fingerprint", "code", "subject")
    given = {name: row[name] for name in names}
    return Mute(**given, until=at["until"], created_at=at["created_at"], removed_at=at.get("removed_at"))


def _mark_row(key: str, owner: int | str, mark: Mark) -> rows.Row:
    row: rows.Row = {
        key: owner,
        "fingerprint": mark.fingerprint,
        "severity": mark.severity.value,
        "value": mark.value,
        "line": mark.line,
        "overdue": int(mark.overdue),
        "observed_zh": mark.observed.zh,
        "observed_en": mark.observed.en,
        "ended_zh": mark.ended.zh if mark.ended else None,
        "ended_en": mark.ended.en if mark.ended else None,
    }
    return rows.sound(row | rows.times(at=mark.at))


def _mark(row: rows.Row) -> Mark:
    return Mark(
        fingerprint=row["fingerprint"],
        severity=Severity(row["severity"]),
        value=row["value"],
        line=row["line"],
        overdue=bool(row["overdue"]),
        observed=Text(row["observed_zh"], row["observed_en"]),
        at=rows.Times(row)["at"],
        ended=Text(row["ended_zh"], row["ended_en"]) if row["ended_zh"] is not None else None,
    )


def _not_one(prefix: str, found: list[rows.Row]) -> FindingNotFound:
    if found:
        names = ", ".join(row["fingerprint"] for row in found)
        return FindingNotFound(
            Text(
                f"指纹 {prefix} 不够明确（{names}）；请多写几位，至少 {SHORTEST_PREFIX} 位",
                f"the fingerprint {prefix} does not tell one finding ({names}); write more of it, at least "
                f"{SHORTEST_PREFIX} letters",
            )
        )
    return FindingNotFound(
        Text(
            f"历史库中没有指纹以 {prefix} 开头的问题；用 shoplint show last -v 查看指纹，"
            "或写规则代码（如 LOG001），订单号等写在 --subject 后面",
            f"the history holds no finding whose fingerprint begins with {prefix}; shoplint show last -v shows them, "
            "or name a rule (such as LOG001); the number of an order goes with --subject",
        )
    )


def _no_mute(number: int) -> MuteNotFound:
    return MuteNotFound(
        Text(
            f"没有编号为 {number} 的静音；用 shoplint mute --list 查看已有的静音",
            f"there is no mute {number}; shoplint mute --list shows those there are",
        )
    )


def _no_baseline(store: str) -> BaselineMissing:
    return BaselineMissing(
        Text(
            f"店铺 {store} 还没有基线；先用 shoplint baseline 接受一次检查的结果",
            f"the store {store} has no baseline yet; accept the findings of a run first, with shoplint baseline",
        )
    )
