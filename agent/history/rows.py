"""Between the dataclasses of a run and the rows of its tables, both ways and without loss."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

from agent.history.runs import (
    Metric,
    MutedBy,
    Notice,
    NoticeKind,
    RunHead,
    RunRecord,
    State,
    StatedFinding,
    StoreRef,
    Summary,
)
from checks.finding import Evidence, Finding, Fix, Outcome, OutcomeKind, Severity, Subject, Threshold
from checks.text import Text

Row = dict[str, Any]


def utc(moment: datetime) -> str:
    """An aware time as ISO 8601 text in UTC, which sorts by time; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without an offset cannot be kept: {moment!r}")
    return moment.astimezone(UTC).isoformat()


def times(**moments: datetime | None) -> Row:
    """Columns for times, with ``offsets`` to give them back in their own zones."""
    row: Row = {}
    ahead: list[tuple[str, timedelta]] = []
    for name, moment in moments.items():
        row[name] = utc(moment) if moment else None
        if moment and (offset := moment.utcoffset()):
            ahead.append((name, offset))
    row["offsets"] = _offsets(*ahead) if ahead else None
    return row


@lru_cache(maxsize=256)
def _offsets(*ahead: tuple[str, timedelta]) -> str:
    """How far each time of a row is ahead of UTC; most rows of a store have the same."""
    return json.dumps({name: int(offset.total_seconds()) for name, offset in ahead})


@lru_cache(maxsize=256)
def _zones(offsets: str) -> dict[str, timezone]:
    """The zone of each time of a row; most rows of a store have the same."""
    return {name: timezone(timedelta(seconds=ahead)) for name, ahead in json.loads(offsets).items() if ahead}


_UTC_ONLY: dict[str, timezone] = {}


class Times:
    """The times of one row, in the zones in which they were handed in."""

    __slots__ = ("_row", "_zones")

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row
        self._zones = _zones(row["offsets"]) if row["offsets"] else _UTC_ONLY

    def get(self, name: str) -> datetime | None:
        return None if self._row[name] is None else self[name]

    def __getitem__(self, name: str) -> datetime:
        """A time of a column that is never null."""
        moment = datetime.fromisoformat(self._row[name])
        zone = self._zones.get(name)
        return moment.astimezone(zone) if zone else moment


def sound(row: Row) -> Row:
    """The row with text that SQLite can hold: half a surrogate pair, as broken pages have it, becomes "?"."""
    words = [name for name, value in row.items() if isinstance(value, str) and not value.isascii()]
    return row | {name: row[name].encode("utf-8", "replace").decode() for name in words} if words else row


def content_id(*parts: object) -> int:
    """A row's id made of its content: the same content always has the same id."""
    key = json.dumps(parts).encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:8], "big") >> 1


class Shared:
    """Collects the sentences and lines that the rows of one run refer to, each once."""

    def __init__(self) -> None:
        self._texts: dict[Text, int] = {}
        self._thresholds: dict[Threshold, int] = {}

    def text(self, text: Text | None) -> int | None:
        if text is None:
            return None
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = content_id(*text)
        return found

    def threshold(self, line: Threshold | None) -> int | None:
        if line is None:
            return None
        if line not in self._thresholds:
            self._thresholds[line] = content_id(*line)
        return self._thresholds[line]

    @property
    def text_rows(self) -> list[Row]:
        return [sound({"id": key, "zh": text.zh, "en": text.en}) for text, key in self._texts.items()]

    @property
    def threshold_rows(self) -> list[Row]:
        return [
            sound({"id": key} | line._asdict() | {"overridden": int(line.overridden)})
            for line, key in self._thresholds.items()
        ]


# --- runs --------------------------------------------------------------------------------------------------------


def store_row(store: StoreRef) -> Row:
    return sound({"key": store.key, "id": store.id, "name": store.name, "channel_id": store.channel_id})


def run_row(record: RunRecord, summary: Summary, compared_with: str | None, baseline: str | None) -> Row:
    store = record.store
    row: Row = {
        "id": record.id,
        "store": store.key,
        "store_id": store.id,
        "store_name": store.name,
        "channel_id": store.channel_id,
        "tool": record.tool,
        "capture": record.capture,
        "complete": int(record.complete),
        "compared_with": compared_with,
        "baseline": baseline,
        "selected": json.dumps(record.selected),
        "overrides": json.dumps(dict(record.overrides)),
        "deeds": json.dumps(dict(record.deeds)) if record.deeds else None,
    }
    row |= summary._asdict()
    row |= times(
        started_at=record.started_at,
        finished_at=record.finished_at,
        now=record.now,
        captured_at=record.captured_at,
    )
    return sound(row)


@lru_cache(maxsize=64)
def _codes(selected: str) -> tuple[str, ...]:
    return tuple(json.loads(selected))


_store = lru_cache(maxsize=64)(StoreRef)
HEAD = (
    *("id", "store", "store_id", "store_name", "channel_id"),
    *("started_at", "finished_at", "now", "captured_at", "offsets"),
    *("tool", "capture", "complete", "selected", "overrides", "compared_with"),
    *Summary._fields,
)
"""The columns of a run's head, in the order in which `run_head` takes them."""


def run_head(columns: Sequence[Any]) -> RunHead:
    """A run without its findings; of ``HEAD`` alone, because lists are long and a row by names costs more than it."""
    key, store, store_id, store_name, channel, started, finished, now, captured, offsets, *others = columns
    tool, capture, complete, selected, overrides, compared_with, *counts = others
    zones = _run_zones(offsets)
    return RunHead(
        key,
        _store(store, store_id, store_name, channel),
        _in_zone(started, zones[0]),
        _in_zone(finished, zones[1]),
        _in_zone(now, zones[2]),
        tool,
        capture,
        None if captured is None else _in_zone(captured, zones[3]),
        complete == 1,
        _codes(selected),
        {} if overrides == "{}" else json.loads(overrides),
        compared_with,
        Summary._make(counts),
    )


@lru_cache(maxsize=256)
def _run_zones(offsets: str | None) -> tuple[tzinfo, ...]:
    """The zones of a run's four times; most runs of a store have the same."""
    zones = _zones(offsets) if offsets else _UTC_ONLY
    return tuple(zones.get(name, UTC) for name in ("started_at", "finished_at", "now", "captured_at"))


def _in_zone(moment: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(moment).astimezone(zone)


def deeds(row: Row) -> dict[str, int]:
    return json.loads(row["deeds"]) if row["deeds"] else {}


def outcome_rows(run: int, outcomes: Iterable[Outcome], shared: Shared) -> list[Row]:
    return [
        {"run": run, "code": o.code, "position": n, "outcome": str(o.kind), "reason": shared.text(o.reason)}
        for n, o in enumerate(outcomes)
    ]


def notice_rows(run: int, notices: Iterable[Notice], shared: Shared) -> list[Row]:
    return [
        {"run": run, "position": n, "kind": str(o.kind), "text": shared.text(o.text)} for n, o in enumerate(notices)
    ]


def notice(row: Row) -> Notice:
    return Notice(NoticeKind(row["kind"]), Text(row["zh"], row["en"]))


def outcome(row: Row) -> Outcome:
    return Outcome(row["code"], OutcomeKind(row["outcome"]), _text(row, "reason"))


# --- findings ----------------------------------------------------------------------------------------------------


def occurrence_row(run: int, finding_id: int, stated: StatedFinding, shared: Shared) -> Row:
    finding, evidence = stated.finding, stated.finding.evidence
    row: Row = {
        "run": run,
        "finding": finding_id,
        "state": str(stated.state),
        "name": finding.name,
        "severity": str(finding.severity),
        "message": shared.text(finding.message),
        "observed": shared.text(finding.observed),
        "expected": shared.text(finding.expected),
        "fix": shared.text(finding.fix.text),
        "menu": shared.text(finding.fix.menu),
        "fix_page": finding.fix.page,
        "threshold": shared.threshold(finding.threshold),
        "value": finding.value,
        "mute": stated.mute.id if stated.mute else None,
        "accepted": int(stated.accepted),
        "worse": shared.text(stated.worse),
        "evidence_page": evidence.page if evidence else None,
        "evidence_sequence": evidence.sequence if evidence else None,
        "evidence_label": evidence.label if evidence else None,
        "evidence_text": evidence.text if evidence else None,
    }
    row |= times(
        first_seen=stated.first_seen,
        due_at=finding.due_at,
        evidence_at=evidence.captured_at if evidence else None,
    )
    return sound(row)


def stated_finding(row: Row) -> StatedFinding:
    at = Times(row)
    finding = Finding(
        code=row["code"],
        name=row["name"],
        severity=Severity(row["severity"]),
        subject=Subject(row["subject_type"], row["subject_id"]),
        message=_wanted(row, "message"),
        observed=_wanted(row, "observed"),
        expected=_wanted(row, "expected"),
        fix=Fix(_wanted(row, "fix"), _text(row, "menu"), row["fix_page"]),
        fingerprint=row["fingerprint"],
        threshold=_threshold(row),
        evidence=_evidence(row, at),
        due_at=at.get("due_at"),
        value=row["value"],
    )
    return StatedFinding(
        finding,
        State(row["state"]),
        at["first_seen"],
        mute=_muted_by(row),
        accepted=bool(row["accepted"]),
        worse=_text(row, "worse"),
    )


def _muted_by(row: Row) -> MutedBy | None:
    if row["mute_id"] is None:
        return None
    until = Times({"until": row["mute_until"], "offsets": row["mute_offsets"]})["until"]
    return MutedBy(row["mute_id"], row["mute_reason"], until)


def _text(row: Row, name: str) -> Text | None:
    return None if row[f"{name}_zh"] is None else Text(row[f"{name}_zh"], row[f"{name}_en"])


def _wanted(row: Row, name: str) -> Text:
    return _text(row, name) or Text("", "")


def _threshold(row: Row) -> Threshold | None:
    if row["line_name"] is None:
        return None
    return Threshold(
        name=row["line_name"],
        value=row["line_value"],
        unit=row["line_unit"],
        programme=row["line_programme"],
        source=row["line_source"],
        overridden=bool(row["line_overridden"]),
    )


def _evidence(row: Row, at: Times) -> Evidence | None:
    if row["evidence_page"] is None:
        return None
    return Evidence(
        page=row["evidence_page"],
        sequence=row["evidence_sequence"],
        label=row["evidence_label"],
        text=row["evidence_text"],
        captured_at=at.get("evidence_at"),
    )


# --- metrics -----------------------------------------------------------------------------------------------------


def metric_row(run: int, store: str, metric: Metric) -> Row:
    """A number goes to ``value``, a word to ``exact``, a Decimal to both: once to count with, once to the digit."""
    value = metric.value
    row: Row = {
        "run": run,
        "store": store,
        "name": metric.name,
        "value": None if value is None or isinstance(value, str) else float(value),
        "exact": str(value) if isinstance(value, str | Decimal) else None,
        "unit": metric.unit,
    }
    return sound(row | times(at=metric.at))


def metric(row: Row) -> Metric:
    value: float | str | Decimal | None = row["value"]
    if row["exact"] is not None:
        value = row["exact"] if value is None else Decimal(row["exact"])
    return Metric(row["name"], value, row["unit"], Times(row)["at"])
