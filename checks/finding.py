"""What a rule yields: findings with their evidence, and one outcome per rule and store."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from checks.text import Text


class Severity(StrEnum):
    """ERROR: a line is crossed or a right is lost. WARNING: will cross soon, or costs ranking. INFO: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the gravest."""
        return ("error", "warning", "info").index(self.value)


class OutcomeKind(StrEnum):
    FAIL = "fail"
    PASS = "pass"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class Subject(NamedTuple):
    """What a finding is about; ``id`` is the backend's own number where there is one."""

    type: str
    id: str


class Evidence(NamedTuple):
    """Where it was seen: page kind and sequence, the label as shown, the raw text, when the page was captured."""

    page: str
    sequence: int | None
    label: str | None
    text: str | None
    captured_at: datetime | None


class Threshold(NamedTuple):
    """A line of one programme: ``value`` in ``unit``; ``source`` is the seed that states it."""

    name: str
    value: float | None
    unit: str
    programme: str
    source: str
    overridden: bool = False


class Fix(NamedTuple):
    """What to do next: the words, the menu path in the backend, the page kind whose address leads there."""

    text: Text
    menu: Text | None
    page: str | None


class Finding(NamedTuple):
    """One thing that is wrong, about to be, or worth knowing.

    ``value`` is the observed figure in the unit of ``threshold``, for those that compare runs; None where the rule
    judges no figure, and where the figure is a clock's, which moves by itself.
    """

    code: str
    name: str
    severity: Severity
    subject: Subject
    message: Text
    observed: Text
    expected: Text
    fix: Fix
    fingerprint: str
    threshold: Threshold | None = None
    evidence: Evidence | None = None
    due_at: datetime | None = None
    value: float | None = None


class Outcome(NamedTuple):
    """How one rule came out; ``reason`` says what was missing (UNKNOWN) or why it does not apply."""

    code: str
    kind: OutcomeKind
    reason: Text | None = None


def fingerprint(store: str, code: str, subject: Subject) -> str:
    """The identity of a finding from run to run: store, code and subject, never the observed value."""
    key = "\x1f".join((store, code, subject.type, subject.id))
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
