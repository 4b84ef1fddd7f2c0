"""LIC004: the licence's details changed and the update is not filed, or was rejected."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.lic import documents as lic
from checks.lic.names import LICENCE
from checks.rule import rule
from checks.text import Text


@rule(
    code="LIC004",
    name="licence-change-not-filed",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("documents.documents",),
    page="documents",
    menu=lic.MENU,
    title=Text("营业执照变更未更新到平台", "A change of the business licence is not filed"),
    why=Text(
        "执照上的法人、名称或地址变了而平台资料没跟着改，是店铺被降级的常见原因之一。",
        "A licence whose legal representative, name or address differs from what the platform holds is a common cause "
        "of demotion.",
    ),
    fix=Text(
        "按最新营业执照在资质诊断页提交变更，信息与执照逐项一致；被驳回的按驳回原因补齐后重新提交。",
        "Submit the change on the qualifications page with every detail as on the new licence; if it was rejected, "
        "mend what the reason names and submit it again.",
    ),
)
def licence_change(audit: Audit) -> Iterator[Finding]:
    documents = lic.listed(audit, LICENCE)
    lic.note_unjudged(audit, documents)
    for case in lic.cases(audit, documents):
        rejected = case.document.status == "rejected"
        yield lic.finding(
            audit,
            case,
            Text("营业执照的变更没有通过审核，平台上仍是旧信息", "The change of the business licence was rejected")
            if rejected
            else Text(
                "营业执照信息有变更，后台要求更新，目前还没有提交",
                "The business licence has changed; the backend asks for an update and none is filed",
            ),
            "status",
            observed=Text("变更审核未通过", "change rejected") if rejected else Text("待更新", "update needed"),
            expected=Text("变更已提交并通过审核", "change filed and approved"),
        )
