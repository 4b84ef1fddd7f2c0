"""LIC003: a document other than the business licence is valid for fewer than 90 days; graver as the end comes near."""

from collections.abc import Iterator
from datetime import timedelta

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.lic import documents as lic
from checks.lic.names import LICENCE, name
from checks.rule import rule
from checks.text import Text, day, duration, number

NOTICES = ("document_days_second_notice", "document_days_third_notice", "document_days_urgent")


@rule(
    code="LIC003",
    name="document-expiring",
    severity=Severity.ERROR,
    sources=("S0", "S2"),
    needs=("documents.documents",),
    thresholds=("document_days_left", *NOTICES),
    page="documents",
    menu=lic.MENU,
    title=Text("有证件即将到期", "A document is about to expire"),
    why=Text(
        "商标、授权书、合规证书和身份证换新往往要几周，到期才办会出现空档，期间商品可能被下架、升级会被卡住。",
        "A new trademark, letter, certificate or identity card takes weeks; starting at the end leaves a gap in which "
        "products may be taken down and upgrades stop.",
    ),
    fix=Text(
        "现在就向发证机构、品牌方或检测机构申请续期，新证到手后在资质诊断页更新。",
        "Ask the issuer, the brand's owner or the test laboratory for a renewal now, and update the page as soon as "
        "the new document is there.",
    ),
)
def ending(audit: Audit) -> Iterator[Finding]:
    documents = [document for document in audit.documents() if document.kind != LICENCE]
    lic.note_undated(audit, documents)
    urgent = timedelta(days=audit.line("document_days_urgent"))
    for case in lic.cases(audit, documents):
        assert case.left is not None
        assert case.document.valid_until is not None
        crossed = [audit.rule.thresholds[0], *(n for n in NOTICES if case.left <= timedelta(days=audit.line(n)))]
        line = min((audit.threshold(n) for n in crossed), key=lambda threshold: threshold.value or 0)
        known, rest, end = name(case.document), duration(case.left), day(case.document.valid_until)
        days = number(line.value or 0)
        yield lic.finding(
            audit,
            case,
            Text(
                f"{known.zh}将于 {end} 到期，只剩 {rest.zh}，已在 {days} 天提醒线以内",
                f"The {known.en} ends on {end}, {rest.en} from now: inside the {days}-day notice",
            ),
            "validity",
            observed=Text(f"剩余 {rest.zh}", f"{rest.en} left"),
            expected=Text(f"≥ {number(audit.line())} 天", f"≥ {number(audit.line())} days"),
            severity=Severity.ERROR if case.left <= urgent else Severity.WARNING,
            threshold=line,
            due_at=lic.ends(audit, case.document),
        )
