"""LIC001: the validity of a document has ended."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.lic import documents as lic
from checks.lic.names import name
from checks.rule import rule
from checks.text import Text, day, duration


@rule(
    code="LIC001",
    name="document-expired",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("documents.documents",),
    page="documents",
    menu=lic.MENU,
    title=Text("有证件已过期", "A document has expired"),
    why=Text(
        "证件过期后平台不再认可：营业执照过期会挡住等级升级，合规证书或商标过期会让对应商品面临下架。",
        "The platform stops accepting a document once it has ended: an expired licence blocks the upgrade, an expired "
        "certificate or trademark puts the products that rely on it at risk.",
    ),
    fix=Text(
        "向发证机构续期或换新证，拿到新证后在资质诊断页重新上传并提交审核。",
        "Renew the document with its issuer, then upload the new one on the qualifications page and submit it.",
    ),
)
def expired(audit: Audit) -> Iterator[Finding]:
    documents = audit.documents()
    lic.note_undated(audit, documents)
    for case in lic.cases(audit, documents):
        document, known = case.document, name(case.document)
        if case.left is None or document.valid_until is None or case.left.total_seconds() >= 0:
            message = Text(f"后台显示{known.zh}已过期", f"The backend marks the {known.en} as expired")
            observed = Text("状态：已过期", "status: expired")
        else:
            ago, end = duration(case.left), day(document.valid_until)
            message = Text(
                f"{known.zh}的有效期到 {end} 为止，已过期 {ago.zh}",
                f"The {known.en} was valid until {end} and expired {ago.en} ago",
            )
            observed = Text(f"有效期至 {end}", f"valid until {end}")
        yield lic.finding(
            audit,
            case,
            message,
            "validity",
            observed=observed,
            expected=Text("在有效期内", "still valid"),
        )
