"""What the rules about licences share: which one rule speaks of a document, and the time it has left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.column import is_unread
from checks.days import end_of_day, time_left
from checks.finding import Evidence, Finding, Severity, Subject, Threshold
from checks.lic.names import ALIPAY, IDENTITY, LICENCE, NAMES, name, subject
from checks.lic.workdays import Workdays, workdays_since
from checks.text import Text, duration

if TYPE_CHECKING:
    from extractors.models.documents import Document

CERTIFICATES = ("ce", "ukca", "fcc")
VALID = ("approved", "expiring")
UNDATED = (ALIPAY, "other")
"""Kinds that may stand without a validity: a dash is a full answer there."""
CHANGE = re.compile(r"变更|變更|更新(?:申请|资料|材料)?(?:未通过|被驳回)|(?<!please )\bchanged?\b", re.IGNORECASE)
MENU = Text("账号及认证 → 资质诊断", "Account and verification → Licences and qualifications")


class Case(NamedTuple):
    """A document that a rule speaks of; ``twins`` counts others which the page gives no number to tell apart."""

    document: Document
    left: timedelta | None
    twins: int = 0


def captured(audit: Audit, document: Document) -> datetime:
    return document.seen.captured_at if document.seen else audit.reading("documents").captured_at


def ends(audit: Audit, document: Document) -> datetime | None:
    """The last second of a document's validity; None without an end or a date."""
    if document.long_term or document.valid_until is None:
        return None
    return end_of_day(document.valid_until, audit.timezone)


def left(audit: Audit, document: Document) -> timedelta | None:
    """From the capture to the end of the last valid day, on the backend's clock; None without an end or a date."""
    if document.long_term or document.valid_until is None:
        return None
    return time_left(document.valid_until, audit.timezone, captured(audit, document))


def is_valid(audit: Audit, document: Document) -> bool:
    """Whether the backend has accepted a document and its validity has not ended."""
    return document.status in VALID and rule_of(audit, document) != "LIC001"


def outdated(document: Document) -> bool:
    """Whether a CE certificate names a standard that the page says a newer one has replaced."""
    newer = document.superseded_by
    return document.kind == "ce" and bool(newer) and newer != document.standard


def reviewed_for(audit: Audit, document: Document) -> Workdays | None:
    """The working days that a document has been under review; None when the page does not say since when."""
    if document.submitted_on is None:
        return None
    today = captured(audit, document).astimezone(audit.timezone).date()
    return workdays_since(document.submitted_on, today)


def rule_of(audit: Audit, document: Document) -> str | None:
    """The one rule that speaks of a document, the gravest matter first; None when all is well or cannot be told."""
    kind, status, remaining = document.kind, document.status, left(audit, document)
    identity, licence = kind in IDENTITY, kind == LICENCE
    if (status == "expired" and not document.long_term) or (remaining is not None and remaining < timedelta(0)):
        return "LIC001"
    if status == "missing":
        return "LIC006" if identity else "LIC005" if kind == ALIPAY else None
    if status == "rejected":
        return "LIC011" if not identity else "LIC004" if licence and _is_change(audit, document) else "LIC006"
    if status == "not_bound" and kind == ALIPAY:
        return "LIC005"
    if status == "update_needed" and licence:
        return "LIC004"
    if outdated(document):
        return "LIC008"
    line = "licence_days_left" if licence else "document_days_left"
    if remaining is not None and remaining < timedelta(days=audit.line(line)):
        return "LIC002" if licence else "LIC003"
    if status == "under_review":
        days = reviewed_for(audit, document)
        if days is not None and days.number > audit.line("review_working_days"):
            return "LIC011"
    return None


def _is_change(audit: Audit, licence: Document) -> bool:
    """Whether a rejected licence was meant to replace another: its note says so, or the old one still stands."""
    others = (d for d in audit.facts.rows("documents") if d.kind == LICENCE and d is not licence)
    return bool(CHANGE.search(licence.note or "")) or any(d.status in (*VALID, "update_needed") for d in others)


def listed(audit: Audit, *kinds: str) -> list[Document]:
    """The documents of some kinds; raises CannotTell when the page lists none of a kind that every store has."""
    found = [d for d in audit.documents() if d.kind in kinds]
    if not found:
        wanted = NAMES[kinds[0]]
        raise CannotTell(Text(f"资质页未列出{wanted.zh}", f"the page lists no {wanted.en}"))
    return found


def cases(audit: Audit, documents: list[Document]) -> Iterator[Case]:
    """The documents that this rule speaks of, each subject once, the most urgent of its kind."""
    if not documents:
        raise DoesNotApply(Text("资质页没有任何证件", "the page lists no document"))
    found: dict[Subject, Case] = {}
    for document in documents:
        if rule_of(audit, document) != audit.rule.code:
            continue
        key, new = subject(document), Case(document, left(audit, document))
        old = found.get(key)
        first = new if old is None or (new.left or timedelta.max) < (old.left or timedelta.max) else old
        found[key] = Case(first.document, first.left, 0 if old is None else old.twins + 1)
    elsewhere = {rule_of(audit, document) or "" for document in documents}
    pending = any(document.status == "under_review" for document in documents)
    if not (found or audit.gaps or pending or "" in elsewhere):
        codes = ", ".join(sorted(elsewhere))
        raise DoesNotApply(Text(f"证件的问题已由 {codes} 报告", f"what is wrong is reported as {codes}"))
    yield from found.values()


def note_undated(audit: Audit, documents: list[Document]) -> None:
    """A document in force whose validity was not read is a gap, not a pass."""
    garbled = is_unread(audit, "documents", "valid_until")
    for document in documents:
        in_force = document.status in (*VALID, "update_needed", "bound", None)
        if not in_force or document.long_term or document.valid_until or rule_of(audit, document) == "LIC001":
            continue
        if document.kind not in UNDATED or garbled:
            known = name(document)
            audit.gap(Text(f"读不到{known.zh}的有效期", f"the validity of the {known.en} could not be read"))


def note_unjudged(audit: Audit, documents: list[Document]) -> None:
    """A document whose status was not read is a gap, not a pass."""
    for document in documents:
        if document.status is None and rule_of(audit, document) is None:
            known = name(document)
            audit.gap(Text(f"读不到{known.zh}的状态", f"the status of the {known.en} could not be read"))


def finding(
    audit: Audit,
    case: Case,
    message: Text,
    key: str,
    *,
    observed: Text | str,
    expected: Text | str,
    severity: Severity | None = None,
    threshold: Threshold | None = None,
    due_at: datetime | None = None,
) -> Finding:
    """A finding about a document; also says what else a reader must know of it, since it is the only one."""
    zh, en = message
    ending = case.left is not None and timedelta(0) <= case.left < timedelta(days=audit.line("document_days_left"))
    if case.left is not None and ending and due_at is None:
        rest = duration(case.left)
        zh, en = f"{zh}；有效期只剩 {rest.zh}", f"{en}; it stays valid for only {rest.en}"
    if case.twins:
        zh, en = f"{zh}（另有 {case.twins} 份同类证件情况相同）", f"{en} (and {case.twins} more of this kind)"
    return audit.finding(
        subject(case.document),
        Text(zh, en),
        observed=observed,
        expected=expected,
        severity=severity,
        threshold=threshold,
        evidence=evidence(audit, case.document, key),
        due_at=due_at,
    )


def evidence(audit: Audit, document: Document, key: str) -> Evidence | None:
    """Where a field of a document stood; what is no column of its own is quoted from the document."""
    found = audit.seen(document, key) or audit.shown("documents.documents")
    value = getattr(document, key, None)
    return found if found is None or found.text or not value else found._replace(text=str(value))
