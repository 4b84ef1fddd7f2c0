"""LIC002: the business licence is valid for fewer than 90 days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.lic import documents as lic
from checks.lic.names import LICENCE
from checks.rule import rule
from checks.text import Text, day, duration, number

if TYPE_CHECKING:
    from extractors.models.documents import Document


@rule(
    code="LIC002",
    name="business-licence-under-90-days",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("documents.documents",),
    thresholds=("licence_days_left",),
    page="documents",
    menu=lic.MENU,
    title=Text("营业执照有效期不足 90 天", "Business licence is valid for fewer than 90 days"),
    why=Text(
        "一钻的硬性资质要求营业执照剩余有效期不少于 90 天，不满足时系统不会触发升级，其他指标再好也没用。",
        "One Diamond demands a licence with at least 90 days left; short of that the upgrade is never started, however "
        "good the other figures are.",
    ),
    fix=Text(
        "到市场监管部门办理营业执照延期或换照，拿到新照后立即在资质诊断页更新，审核通过后才算数。",
        "Have the registration authority extend or reissue the licence and update it on the qualifications page at "
        "once; it counts from the day it is approved.",
    ),
)
def licence_ending(audit: Audit) -> Iterator[Finding]:
    documents = lic.listed(audit, LICENCE)
    lic.note_undated(audit, documents)
    least = number(audit.line())
    if all(long_enough(audit, document) for document in documents):
        return
    for case in lic.cases(audit, documents):
        assert case.left is not None
        assert case.document.valid_until is not None
        rest, end = duration(case.left), day(case.document.valid_until)
        yield lic.finding(
            audit,
            case,
            Text(
                f"营业执照将于 {end} 到期，只剩 {rest.zh}，少于一钻要求的 {least} 天，等级升级会被卡住",
                f"The business licence ends on {end}, {rest.en} from now: fewer than the {least} days that One Diamond "
                "asks for, so upgrades are blocked",
            ),
            "validity",
            observed=Text(f"剩余 {rest.zh}", f"{rest.en} left"),
            expected=Text(f"≥ {least} 天", f"≥ {least} days"),
            threshold=audit.threshold(),
            due_at=lic.ends(audit, case.document),
        )


def long_enough(audit: Audit, document: Document) -> bool:
    """Whether a licence has the days it needs, whatever else may be wrong with it."""
    if document.status in ("missing", "rejected", "expired"):
        return False
    left = lic.left(audit, document)
    return document.long_term or (left is not None and left >= timedelta(days=audit.line()))
