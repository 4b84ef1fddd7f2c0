"""LIC008: a CE certificate names an EN standard that a newer version has replaced."""

from collections.abc import Iterator

from checks.audit import Audit, DoesNotApply
from checks.finding import Finding, Severity
from checks.lic import documents as lic
from checks.lic.names import name
from checks.rule import rule
from checks.text import Text

ABSENT = ("missing", "rejected")


@rule(
    code="LIC008",
    name="certificate-standard-outdated",
    severity=Severity.ERROR,
    sources=("S2",),
    needs=("documents.documents",),
    page="documents",
    menu=lic.MENU,
    title=Text("CE 证书引用的 EN 标准已被替代", "A CE certificate names an outdated EN standard"),
    why=Text(
        "证书没有覆盖最新 EN 标准，货到欧盟清关时会被认定不合规，整柜滞港的案例大多出在这里。",
        "A certificate that does not cover the current EN standard fails at the EU's customs; whole containers have "
        "been held for it.",
    ),
    fix=Text(
        "请检测机构按新版标准补测并换发证书，换证前暂停向欧盟发新批次，拿到新证后上传更新。",
        "Have the laboratory test against the new version and reissue the certificate; send no new batch to the EU "
        "before that, then upload the new one.",
    ),
)
def standard(audit: Audit) -> Iterator[Finding]:
    documents = [d for d in audit.documents() if d.kind == "ce" and d.status not in ABSENT]
    if not documents:
        raise DoesNotApply(Text("资质页没有 CE 证书", "no CE certificate stands on the page"))
    for document in documents:
        if not document.standard and not lic.outdated(document) and lic.rule_of(audit, document) != "LIC001":
            known = name(document)
            audit.gap(Text(f"读不到{known.zh}引用的标准", f"the standard of the {known.en} could not be read"))
    for case in lic.cases(audit, documents):
        known, old, new = name(case.document), case.document.standard or "?", case.document.superseded_by or ""
        yield lic.finding(
            audit,
            case,
            Text(
                f"{known.zh}引用的 {old} 已被 {new} 替代",
                f"The {known.en} names {old}, which {new} has replaced",
            ),
            "standard",
            observed=old,
            expected=new,
        )
