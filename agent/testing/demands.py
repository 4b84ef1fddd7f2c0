"""What a recording demands of the findings, and how a judgement differs from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checks.finding import Finding

DUE_SLACK_S = 300
"""A deadline counts as the demanded one within so many seconds: a countdown shows no seconds."""


@dataclass(frozen=True)
class Demands:
    """The findings that must be there, what is left open, and the codes that must not fire."""

    findings: list[dict[str, Any]]
    optional: list[dict[str, Any]]
    absent: list[str]

    def differences(self, findings: Iterable[Finding]) -> list[str]:
        """One line for each finding that is missing, wrong, or not wanted.

        Of a code that the recording does not speak of, findings are free.
        """
        found = list(findings)
        used: set[int] = set()
        notes: list[str] = []
        for wanted in self.findings:
            hits = _hits(wanted, found)
            used |= {id(finding) for finding in hits}
            notes += _wrong(wanted, hits)
        codes = {wanted["code"] for wanted in self.findings} | set(self.absent)
        loose = {(open_["code"], open_["subject"]["id"]) for open_ in self.optional}
        for finding in found:
            is_open = (finding.code, finding.subject.id) in loose or (finding.code, None) in loose
            if id(finding) not in used and not is_open and finding.code in codes:
                notes.append(f"not wanted: {finding.code} {finding.subject.id} {finding.message.en}")
        return notes


def _hits(wanted: dict[str, Any], findings: list[Finding]) -> list[Finding]:
    subject = wanted["subject"]["id"]
    ids = None if subject is None else {subject, *wanted.get("also", ())}
    return [f for f in findings if f.code == wanted["code"] and (ids is None or f.subject.id in ids)]


def _wrong(wanted: dict[str, Any], hits: list[Finding]) -> Iterator[str]:
    code, subject, severity = wanted["code"], wanted["subject"]["id"], wanted["severity"]
    if not hits:
        yield f"missing {code} {subject} {severity}"
        return
    if severity and all(finding.severity != severity for finding in hits):
        yield f"severity {code} {subject}: wanted {severity}"
    if wanted["due_at"]:
        due = datetime.fromisoformat(wanted["due_at"])
        if not any(f.due_at and abs((f.due_at - due).total_seconds()) <= DUE_SLACK_S for f in hits):
            yield f"due {code} {subject}: wanted {wanted['due_at']}, got {hits[0].due_at}"
