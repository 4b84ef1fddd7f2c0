"""The report as SARIF 2.1.0, which code hosts and result viewers read.

Store, page and subject stand as logical locations, since nothing here is a source file. Identity from run to run is the
finding's own fingerprint; what was resolved is a result that is absent, what is muted is suppressed, and what could not
be judged is a notification of the invocation.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any

from agent import __version__
from agent.history.runs import SavedRun, State, StatedFinding
from agent.reports import Look
from agent.reports.digest import family_name, silence, title
from agent.reports.digest import told as wording
from agent.reports.lines import told
from checks.finding import Evidence, Finding, Outcome, OutcomeKind
from checks.page_names import page_name
from checks.rule import Rule, all_rules

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
FINGERPRINT = "shoplint/v1"
RUNS = uuid.UUID("1f0b7c52-6a0e-5f0d-9f43-7f2f0c5d7a11")
"""The namespace of runs: SARIF wants a GUID, and the same run must have the same one in every report."""

_LINK = re.compile(r"\[(?=[^\]]*\]\()")


def render(run: SavedRun, look: Look) -> str:
    return json.dumps(as_dict(run, look), ensure_ascii=False, indent=2)


def as_dict(run: SavedRun, look: Look) -> dict[str, Any]:
    """The log as plain data."""
    places = Places(run)
    rules = _rules(run)
    index = {code: place for place, code in enumerate(rules)}
    record = run.record
    results = [_result(run, stated, index[stated.finding.code], places, look) for stated in run.findings]
    made: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "shoplint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_descriptor(code, rule, run, look) for code, rule in rules.items()],
            }
        },
        "automationDetails": {
            "id": f"shoplint/{record.store.key}/{record.id}",
            "guid": _guid(record.id),
        },
        "invocations": [_invocation(run, index, look)],
        "logicalLocations": places.rows,
        "results": results,
        "columnKind": "unicodeCodePoints",
        "language": "zh-CN" if look.language == "zh" else "en-US",
        "properties": {"store": record.store.key, "now": record.now.isoformat(), "complete": record.complete},
    }
    if run.compared_with:
        made["baselineGuid"] = _guid(run.compared_with)
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [made]}


class Places:
    """The logical locations of a run, each once: the store, its pages, their subjects."""

    def __init__(self, run: SavedRun) -> None:
        self.rows: list[dict[str, Any]] = []
        self._known: dict[str, int] = {}
        store = run.record.store
        self._store = self._add(store.key, store.name or store.key, "store", None)

    def of(self, found: Finding) -> list[dict[str, Any]]:
        parent = self._store
        if found.evidence is not None:
            parent = self._page(found.evidence)
        name = f"{found.subject.type}:{found.subject.id}"
        place = self._add(
            f"{self.rows[parent]['fullyQualifiedName']}/{name}", found.subject.id, found.subject.type, parent
        )
        row = self.rows[place]
        shown = {key: row[key] for key in ("name", "fullyQualifiedName", "kind")}
        return [{"logicalLocations": [shown | {"index": place}]}]

    def _page(self, seen: Evidence) -> int:
        name = f"{seen.page}-{seen.sequence}" if seen.sequence else seen.page
        return self._add(f"{self.rows[self._store]['fullyQualifiedName']}/{name}", name, "page", self._store)

    def _add(self, path: str, name: str, kind: str, parent: int | None) -> int:
        if path not in self._known:
            self._known[path] = len(self.rows)
            row: dict[str, Any] = {"name": name, "fullyQualifiedName": path, "kind": kind}
            self.rows.append(row if parent is None else row | {"parentIndex": parent})
        return self._known[path]


def _rules(run: SavedRun) -> dict[str, Rule | None]:
    """Every rule that ran or found something, as this version knows it."""
    known = all_rules()
    codes = dict.fromkeys([*(o.code for o in run.record.outcomes), *(f.finding.code for f in run.findings)])
    return {code: known.get(code) for code in codes}


def _descriptor(code: str, rule: Rule | None, run: SavedRun, look: Look) -> dict[str, Any]:
    say = look.language
    if rule is None:
        named = next((f.finding.name for f in run.findings if f.finding.code == code), code)
        return {"id": code, "name": named, "shortDescription": {"text": named}}
    why, fix = rule.why.to(say), rule.fix.to(say)
    menu = f"\n\n`{rule.menu.to(say)}`" if rule.menu else ""
    made: dict[str, Any] = {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.title.to(say)},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\n{fix}", "markdown": f"{why}\n\n**{fix}**{menu}"},
        "defaultConfiguration": {"level": LEVELS[rule.severity.value]},
        "properties": {"tags": [family_name(rule.family, say), rule.family], "sources": list(rule.sources)},
    }
    link = look.links.get(rule.page) if rule.page else None
    return made | {"helpUri": link} if link and link.startswith("https://") else made


def _result(run: SavedRun, stated: StatedFinding, index: int, places: Places, look: Look) -> dict[str, Any]:
    found, say = stated.finding, look.language
    made: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": LEVELS[found.severity.value],
        "message": {"text": message(wording(found, say))},
        "locations": places.of(found),
        "partialFingerprints": {FINGERPRINT: found.fingerprint},
        "properties": _properties(stated, look),
    }
    if run.compared_with:
        made["baselineState"] = _baseline(stated, run.record.now)
    if not stated.counts and stated.state is not State.RESOLVED:
        made["suppressions"] = [{"kind": "external", "justification": silence(stated, say)}]
    return made


def _properties(stated: StatedFinding, look: Look) -> dict[str, Any]:
    found, say, seen = stated.finding, look.language, stated.finding.evidence
    return {
        "state": stated.state.value,
        "firstSeen": stated.first_seen.isoformat(),
        "dueAt": found.due_at.isoformat() if found.due_at else None,
        "observed": found.observed.to(say),
        "expected": found.expected.to(say),
        "threshold": told(found.threshold, say) if found.threshold else None,
        "evidence": None
        if seen is None
        else {
            "page": page_name(seen.page).to(say),
            "label": seen.label,
            "text": seen.text,
            "capturedAt": seen.captured_at.isoformat() if seen.captured_at else None,
        },
        "fix": found.fix.text.to(say),
        "menu": found.fix.menu.to(say) if found.fix.menu else None,
        "url": look.links.get(found.fix.page) if found.fix.page else None,
    }


def _baseline(stated: StatedFinding, now: datetime) -> str:
    """How a result stands against the run compared with; what is muted is new when this run is the first to see it."""
    if stated.state is State.RESOLVED:
        return "absent"
    if stated.state is State.MUTED:
        return "unchanged" if stated.first_seen < now else "new"
    return "new" if stated.state is State.NEW else "unchanged"


def _invocation(run: SavedRun, index: dict[str, int], look: Look) -> dict[str, Any]:
    record = run.record
    return {
        "executionSuccessful": True,
        "startTimeUtc": _utc(record.started_at),
        "endTimeUtc": _utc(record.finished_at),
        "toolExecutionNotifications": [
            _notification(outcome, index[outcome.code], look)
            for outcome in record.outcomes
            if outcome.kind is OutcomeKind.UNKNOWN or (outcome.kind is OutcomeKind.FAIL and outcome.reason)
        ],
    }


def _notification(outcome: Outcome, index: int, look: Look) -> dict[str, Any]:
    """A rule that could not judge, or saw a part only."""
    named = title(outcome.code, look.language) or outcome.code
    text = f"{named}: {outcome.reason.to(look.language)}" if outcome.reason else named
    return {
        "level": "warning" if outcome.kind is OutcomeKind.UNKNOWN else "note",
        "message": {"text": message(text)},
        "associatedRule": {"id": outcome.code, "index": index},
    }


def message(text: str) -> str:
    """The text as a SARIF message, in which braces and links in brackets mean something."""
    return _LINK.sub(r"\\[", text.replace("\\", "\\\\").replace("{", "{{").replace("}", "}}"))


def _guid(run: str) -> str:
    return str(uuid.uuid5(RUNS, run))


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
