"""LIC011: a qualification was rejected, or has been under review for more than five working days."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.lic import documents as lic
from checks.lic.names import name
from checks.rule import rule
from checks.text import Text, day, number

NO_REASON = Text("页面没有写明原因", "no reason is shown")


@rule(
    code="LIC011",
    name="review-overdue",
    severity=Severity.WARNING,
    sources=("S2",),
    needs=("documents.documents",),
    thresholds=("review_working_days",),
    page="documents",
    menu=lic.MENU,
    title=Text("资质审核超时或被驳回", "A review is overdue or was rejected"),
    why=Text(
        "资质审核一般 5 个工作日内有结果，超时多半是卡住了；被驳回的不重新提交就永远不会生效。",
        "A review takes five working days as a rule: a longer one is usually stuck, and a rejected paper never counts "
        "until it is submitted again.",
    ),
    fix=Text(
        "审核超时的联系商家客服催办；被驳回的按驳回原因修改后重新提交。",
        "Ask seller support about a review that takes too long; mend what a rejection names and submit it again.",
    ),
)
def review(audit: Audit) -> Iterator[Finding]:
    documents = audit.documents()
    lic.note_unjudged(audit, documents)
    for document in documents:
        if document.status == "under_review" and document.submitted_on is None:
            known = name(document)
            audit.gap(Text(f"读不到{known.zh}的提交时间", f"when the {known.en} was submitted could not be read"))
    most = number(audit.line())
    for case in lic.cases(audit, documents):
        known = name(case.document)
        if case.document.status == "rejected":
            reason = (case.document.note or "").strip()
            why = Text(f"原因：{reason}", f"for the reason: {reason}") if reason else NO_REASON
            yield lic.finding(
                audit,
                case,
                Text(f"{known.zh}审核未通过，{why.zh}", f"The {known.en} was rejected, {why.en}"),
                "note" if reason else "status",
                observed=Text("审核未通过", "rejected"),
                expected=Text("审核通过", "approved"),
            )
            continue
        days = lic.reviewed_for(audit, case.document)
        assert days is not None
        assert case.document.submitted_on is not None
        since = day(case.document.submitted_on)
        zh = "" if days.official else "（节假日安排未公布，按周一至周五计）"
        en = "" if days.official else " (no holiday calendar for that time: Monday to Friday counted)"
        yield lic.finding(
            audit,
            case,
            Text(
                f"{known.zh}于 {since} 提交审核，已过 {days.number} 个工作日，超过 {most} 个工作日的审核周期{zh}",
                f"The {known.en} was submitted on {since}, {days.number} working days ago: over the {most} that a "
                f"review takes{en}",
            ),
            "submitted_on",
            observed=Text(f"{days.number} 个工作日", f"{days.number} working days"),
            expected=Text(f"≤ {most} 个工作日", f"≤ {most} working days"),
            threshold=audit.threshold(),
        )
