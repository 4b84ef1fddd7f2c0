"""LIC006: the business licence or a side of the legal representative's identity card is missing or rejected."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.lic import documents as lic
from checks.lic.names import IDENTITY, NAMES, name
from checks.rule import rule
from checks.text import Text


@rule(
    code="LIC006",
    name="identity-document-missing",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("documents.documents",),
    page="documents",
    menu=lic.MENU,
    title=Text("企业认证材料缺失或被驳回", "An identity document is missing or rejected"),
    why=Text(
        "企业认证要求营业执照正本和法人身份证正反面齐全，缺一件认证就不算完成，等级和评分都会受影响。",
        "The company's verification needs the licence's original and both sides of the identity card; with one missing "
        "it is incomplete, which holds back level and rating.",
    ),
    fix=Text(
        "上传清晰的原件照片或扫描件，四角完整、无反光、未过期，再提交审核。",
        "Upload a clear photograph or scan of the original, all four corners visible, without glare and still valid, "
        "and submit it.",
    ),
)
def identity(audit: Audit) -> Iterator[Finding]:
    documents = lic.listed(audit, *IDENTITY)
    for kind in IDENTITY:
        if all(document.kind != kind for document in documents):
            audit.gap(Text(f"资质页未列出{NAMES[kind].zh}", f"the page lists no {NAMES[kind].en}"))
    lic.note_unjudged(audit, documents)
    for case in lic.cases(audit, documents):
        known = name(case.document)
        missing = case.document.status == "missing"
        yield lic.finding(
            audit,
            case,
            Text(f"{known.zh}缺失，还没有上传", f"The {known.en} is missing")
            if missing
            else Text(f"{known.zh}审核未通过", f"The {known.en} was rejected"),
            "status",
            observed=Text("缺失", "missing") if missing else Text("审核未通过", "rejected"),
            expected=Text("已上传并通过审核", "uploaded and approved"),
        )
