"""LIC005: the enterprise Alipay account is not bound by real name."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.lic import documents as lic
from checks.lic.names import ALIPAY
from checks.rule import rule
from checks.text import Text

BOUND = ("bound", "approved", "expiring")


@rule(
    code="LIC005",
    name="alipay-not-bound",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("documents.documents",),
    page="documents",
    menu=lic.MENU,
    title=Text("企业支付宝未实名绑定", "The enterprise Alipay account is not bound"),
    why=Text(
        "绑定企业支付宝是一钻的硬性资质，没绑定时系统直接卡审，不会进入升级流程。",
        "A bound enterprise Alipay account is a hard condition of One Diamond: without it the upgrade never starts.",
    ),
    fix=Text(
        "用与营业执照同一主体的企业支付宝完成实名认证，在后台绑定，并按要求上传绑定截图。",
        "Verify an enterprise Alipay account of the same company as the licence, bind it in the backend and upload the "
        "picture that it asks for.",
    ),
)
def alipay(audit: Audit) -> Iterator[Finding]:
    documents = lic.listed(audit, ALIPAY)
    for document in documents:
        told = lic.rule_of(audit, document) is not None and document.status != "under_review"
        if document.status not in BOUND and not told:
            audit.gap(Text("企业支付宝的绑定状态还不能确定", "whether the Alipay account is bound is not settled yet"))
    for case in lic.cases(audit, documents):
        yield lic.finding(
            audit,
            case,
            Text("企业支付宝还没有完成实名绑定", "The enterprise Alipay account is not bound by real name"),
            "status",
            observed=Text("未绑定", "not bound"),
            expected=Text("已实名绑定", "bound by real name"),
        )
